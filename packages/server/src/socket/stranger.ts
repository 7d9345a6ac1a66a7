/**
 * What a connection may send while it has no seat in a room. Half a packet waits in memory for its other half, and the largest
 * that members may send is large: nobody else has any use for that. WebSocket's own pings are answered by its library,
 * without a bound; no client of ours sends any.
 */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { RelayLimits } from '../limits.ts'
import { Bucket } from './bucket.ts'

/** What is used of the engine's connections and transports; their types hide it. */
export interface EngineConnection {
  readonly id: string
  readonly request: IncomingMessage
  readonly transport: EngineTransport
  once(event: 'close', run: () => void): void
  on(event: 'upgrade', run: (transport: EngineTransport) => void): void
  close(discard: true): void
}

interface EngineTransport {
  readonly name: string
  /** The WebSocket, where it is one. */
  readonly socket?: { on(event: 'ping', run: () => void): void; terminate(): void }
}

const pingsPerSecond = 1
const pingsAtOnce = 60

export class Strangers {
  readonly #limits: RelayLimits
  readonly #byId = new Map<string, EngineConnection>()
  readonly #byRequest = new WeakMap<IncomingMessage, EngineConnection>()
  readonly #seated = new WeakSet<object>()

  constructor(limits: RelayLimits) {
    this.#limits = limits
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  enter(connection: EngineConnection): void {
    this.#byId.set(connection.id, connection)
    this.#byRequest.set(connection.request, connection)
    connection.once('close', () => this.#byId.delete(connection.id))
    boundPings(connection, connection.transport)
    connection.on('upgrade', (transport) => boundPings(connection, transport))
  }

  /** The connection has a seat: from here on, and if it loses it again, the limits of devices hold. */
  seated(connection: object): void {
    this.#seated.add(connection)
  }

  /** Counts what comes in `body`, and ends it where that is too much for a stranger. */
  bound(request: IncomingMessage, body: Readable): void {
    const id = new URLSearchParams(request.url?.split('?')[1]).get('sid')
    const { strangerBytesPerSecond, strangerBytesAtOnce } = this.#limits
    const bucket = new Bucket(strangerBytesPerSecond, strangerBytesAtOnce, performance.now())
    const count = (piece: Buffer) => {
      const connection = id === null ? this.#byRequest.get(request) : this.#byId.get(id)
      if (connection && this.#seated.has(connection)) return void body.off('data', count)
      // Debt is what it has sent too much; the next piece finds it.
      if (!bucket.take(piece.length, performance.now())) body.destroy()
    }
    body.on('data', count)
  }
}

function boundPings(connection: EngineConnection, { socket }: EngineTransport): void {
  const bucket = new Bucket(pingsPerSecond, pingsAtOnce, performance.now())
  socket?.on('ping', () => {
    if (!bucket.take(1, performance.now())) endAtOnce(connection)
  })
}

/** Ends a connection without a goodbye, which its other side could let wait for half a minute. */
export function endAtOnce(connection: Pick<EngineConnection, 'transport' | 'close'>): void {
  const { socket } = connection.transport
  connection.close(true)
  socket?.terminate()
}
