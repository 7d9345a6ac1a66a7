/** A TCP proxy on loopback that a test can cut and mend. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Ends every connection and refuses new ones. */
  cut(): void
  /** Nothing goes through any more, and every connection stands: neither end is told. */
  freeze(): void
  mend(): void
  close(): Promise<void>
}

export async function openProxy(target: () => number): Promise<TcpProxy> {
  let whole = true
  let frozen = false
  const open = new Set<Socket>()
  const server: Server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = dial(target(), '127.0.0.1')
    if (frozen) near.pause()
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      if (!frozen) from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    port: address.port,
    cut() {
      whole = false
      for (const socket of open) socket.destroy()
    },
    freeze() {
      frozen = true
      for (const socket of open) socket.unpipe().pause()
    },
    mend() {
      whole = true
      if (!frozen) return
      // What was kept back has outlived its connection.
      frozen = false
      for (const socket of open) socket.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
