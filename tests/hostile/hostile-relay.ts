/**
 * A relay that lies, as one device meets it: it stands between a real client and the real relay, passes everything on,
 * and tampers where a test says so. It sits at the client's transport, above a real Socket.IO connection, and not as a
 * proxy on the wire: a login signs the relay's host and the id of the very socket, so whoever ends the connection
 * somewhere else could not log the device in at the real relay. What a client sees is the same.
 */
import type { ClientEnv, Transport, TransportState } from '@qsec/client'
import {
  type Answer,
  type Base64Url,
  type ClientEventName,
  type ClientEvents,
  fromBase64Url,
  parseRelayEvent,
  type RelayEventName,
  type RelayEvents,
  toBase64Url,
} from '@qsec/protocol'
import type { World } from '../system/world.ts'

/** Anything on its way down: what a hostile relay says need not be well-formed. */
export interface Down {
  name: RelayEventName
  // biome-ignore lint/suspicious/noExplicitAny: a tampering test changes whatever it likes
  payload: any
  done(): void
}
type Request = <K extends ClientEventName>(
  name: K,
  payload: ClientEvents[K]['in'],
) => Promise<Answer<ClientEvents[K]['out']> | undefined>

export class HostileRelay {
  /** Everything that came from the real relay, before tampering. */
  readonly seen: Down[] = []
  /** What the device asked for. */
  readonly asked: { name: ClientEventName; payload: unknown }[] = []
  /** Yields what the device gets in the place of an event. */
  down: (event: Down) => Down[] = (event) => [event]
  /** Answers in the real relay's place; undefined: no answer. By default the real relay is asked. */
  up: <K extends ClientEventName>(
    name: K,
    payload: ClientEvents[K]['in'],
    real: Request,
  ) => Promise<Answer<ClientEvents[K]['out']> | undefined> = (name, payload, real) => real(name, payload)

  #deliver: ((event: Down) => void) | undefined
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** What surrounds a device that meets this relay. */
  env(base: ClientEnv = this.#world.env()): ClientEnv {
    return { ...base, connect: (url) => this.#between(base.connect(url)) }
  }

  /** Tells the device something that the real relay never said. */
  tell<K extends RelayEventName>(name: K, payload: RelayEvents[K]): void {
    this.#deliver?.({ name, payload: structuredClone(payload), done: () => undefined })
  }

  /** Once more what was told before. */
  replay(event: Down): void {
    this.#deliver?.({ ...event, payload: structuredClone(event.payload), done: () => undefined })
  }

  of(name: RelayEventName): Down[] {
    return this.seen.filter((event) => event.name === name)
  }

  /** From now on nothing comes through, in either direction. */
  silence(): void {
    this.down = () => []
    this.up = async () => undefined
  }

  honest(): void {
    this.down = (event) => [event]
    this.up = (name, payload, real) => real(name, payload)
  }

  #between(inner: Transport): Transport {
    const handlers: Parameters<Transport['onEvent']>[0][] = []
    this.#deliver = ({ name, payload, done }) => {
      const parsed = parseRelayEvent(name, payload)
      if (parsed.ok) for (const handler of handlers) handler(name, parsed.value as never, done)
    }
    inner.onEvent((name, payload, done) => {
      const event: Down = { name, payload: structuredClone(payload), done }
      this.seen.push({ ...event, payload: structuredClone(payload) })
      for (const one of this.down(event)) this.#deliver!(one)
    })
    const real: Request = (name, payload) => inner.request(name, payload)
    return {
      host: inner.host,
      get socketId() {
        return inner.socketId
      },
      get state(): TransportState {
        return inner.state
      },
      request: (name, payload) => {
        this.asked.push({ name, payload })
        return this.up(name, payload, real)
      },
      onEvent: (handler) => void handlers.push(handler),
      onMalformed: (handler) => inner.onMalformed(handler),
      onState: (handler) => inner.onState(handler),
      onAwake: (handler) => inner.onAwake(handler),
      close: () => inner.close(),
    }
  }
}

export function flip(ct: Base64Url, at = 0.5): Base64Url {
  const bytes = fromBase64Url(ct)!
  bytes[Math.floor(bytes.length * at)]! ^= 1
  return toBase64Url(bytes)
}

export function cutShort(ct: Base64Url): Base64Url {
  return toBase64Url(fromBase64Url(ct)!.slice(0, -1))
}

export function lengthen(ct: Base64Url): Base64Url {
  return toBase64Url(new Uint8Array([...fromBase64Url(ct)!, 0]))
}
