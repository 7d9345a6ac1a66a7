/** A TCP proxy on loopback that a test can cut and mend. */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Ends every connection and refuses new ones. */
  cut(): void
  /** Nothing goes through any more, and every connection stands: neither end is told. */
  freeze(): void
  /** Cuts once so many bytes more have gone to those who dialled; resolves then. */
  cutAfter(bytes: number): Promise<void>
  mend(): void
  close(): Promise<void>
}

export async function openProxy(target: () => number): Promise<TcpProxy> {
  let whole = true
  let frozen = false
  const open = new Set<Socket>()
  let toCut: { bytes: number; done(): void } | undefined
  function cut(): void {
    whole = false
    for (const socket of open) socket.destroy()
  }
  const server: Server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = dial(target(), '127.0.0.1')
    if (frozen) near.pause()
    far.on('data', ({ length }) => {
      if (!toCut) return
      toCut.bytes -= length
      if (toCut.bytes > 0) return
      const { done } = toCut
      toCut = undefined
      cut()
      done()
    })
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
    cut,
    freeze() {
      frozen = true
      for (const socket of open) socket.unpipe().pause()
    },
    cutAfter: (bytes) =>
      new Promise((done) => {
        toCut = { bytes, done }
      }),
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
