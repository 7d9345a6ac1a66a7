/** A TCP proxy on loopback whose weather a nemesis makes. */
import { once } from 'node:events'
import { createServer, connect as dial, type Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

export interface Weather {
  /** `refused`: nobody gets through. `to-relay`, `to-client`: what goes that way vanishes, and both ends think all is well. */
  blocked?: 'refused' | 'to-relay' | 'to-client'
  /** Each piece waits for so long. */
  latencyMs?: number
  /** Byte by byte, each in a write of its own. */
  trickle?: boolean
}

export interface FaultyProxy {
  readonly url: string
  /** Changes how it goes on, for connections that stand too; `{}` is fine weather. */
  set(weather: Weather): void
  /** Ends every connection with RST. */
  reset(): void
  close(): Promise<void>
}

export async function openFaultyProxy(targetPort: () => number): Promise<FaultyProxy> {
  let weather: Weather = {}
  const open = new Set<Socket>()
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy()
  }

  const carry = async (from: Socket, to: Socket, way: 'to-relay' | 'to-client') => {
    let swallowed = false // with bytes missing, what follows would be garbage: the way stays silent
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (weather.latencyMs !== undefined) await sleep(weather.latencyMs)
      swallowed ||= weather.blocked === way
      if (swallowed) continue
      for (const bytes of weather.trickle ? bytesOf(piece) : [piece]) {
        if (!to.write(bytes)) await Promise.race([once(to, 'drain'), once(to, 'close')])
        if (bytes.length === 1) await turn()
      }
    }
  }

  const server = createServer((near) => {
    if (weather.blocked === 'refused') {
      near.resetAndDestroy()
      return
    }
    const far = dial(targetPort(), '127.0.0.1')
    for (const [from, to, way] of [
      [near, far, 'to-relay'],
      [far, near, 'to-client'],
    ] as const) {
      open.add(from)
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
      // An end or an error of either side ends both, above; the loop then has nothing more to carry.
      carry(from, to, way).then(
        () => to.end(),
        () => to.destroy(),
      )
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    set(next) {
      weather = next
      if (next.blocked === 'refused') reset()
    },
    reset,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        reset()
      }),
  }
}

function* bytesOf(piece: Buffer): Generator<Buffer> {
  for (let i = 0; i < piece.length; i++) yield piece.subarray(i, i + 1)
}
