/**
 * A relay that lies, as one device meets it: it stands between a real client and the real relay, passes everything on,
 * and tampers where a test says so. And a member that lies: a device that says whatever bytes a test hands it.
 */
import type { ClientEnv, Transport, TransportState } from '@qsec/client'
import { connectSocketIo } from '@qsec/client/node'
import {
  type Answer,
  type Base64Url,
  type ClientEventName,
  type ClientEvents,
  type DeviceId,
  fromBase64Url,
  type Incarnation,
  type MessageId,
  type PairId,
  parseRelayEvent,
  parseRoomAddress,
  type RelayEventName,
  type RelayEvents,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { decodeGroup, type Group, seal } from '../../packages/client/src/crypto/index.ts'
import { loginAndJoin } from '../../packages/client/src/room/connection.ts'
import { claimDevice } from '../../packages/client/src/room/device-store.ts'
import { nextChain } from '../../packages/client/src/room/voice.ts'
import type { World } from './world.ts'

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
  env(): ClientEnv {
    return { ...this.#world.env(), connect: (url) => this.#between(connectSocketIo({ url })) }
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

/** A member that says what it likes. It has a real member's device, whose client is closed, and follows no commit. */
export class Insider {
  readonly device: DeviceId
  readonly #transport: Transport
  readonly #room: string
  readonly #pair: PairId | undefined
  #group: Group
  #n = 0
  #counter = 1_000
  #chain = ''

  private constructor(device: DeviceId, transport: Transport, room: string, group: Group, pair?: PairId) {
    this.device = device
    this.#pair = pair
    this.#transport = transport
    this.#room = room
    this.#group = group
  }

  /** @param peer - what it says goes into its pair group with this device, and not into the room */
  static async open(world: World, env: ClientEnv, room: string, peer?: DeviceId): Promise<Insider> {
    const address = parseRoomAddress(room)!
    const claimed = (await claimDevice(env, address, undefined))!
    const { device } = claimed.identity
    const pairs = await env.storage.list(`device/${device}/pairs/`)
    const stored = pairs.map(
      ({ value }) => JSON.parse(new TextDecoder().decode(value)) as { pair: PairId; peer: string },
    )
    const pair = stored.find((one) => one.peer === peer)?.pair
    const place = pair ? `pair/${pair}` : 'room'
    const group = decodeGroup((await env.storage.get(`device/${device}/${place}/group`))!)!
    const transport = connectSocketIo({ url: world.url })
    while (transport.state !== 'connected') await new Promise((resolve) => setTimeout(resolve, 20))
    const answer = await loginAndJoin(transport, env.clock, claimed.identity, address, undefined, {
      inc: toBase64Url(new Uint8Array(16)) as string as Incarnation,
      seq: 0,
    })
    if (!answer?.ok) throw new Error(`the insider is not let in: ${answer?.code}`)
    return new Insider(device, transport, room, group, pair)
  }

  /** Says `content` in an envelope whose other fields are right, unless `envelope` says otherwise. */
  async say(content: unknown, envelope: object = {}): Promise<void> {
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(16)))
    const whole = { id, counter: this.#counter++, chain: this.#chain, content, ...envelope }
    const bytes = utf8(JSON.stringify(whole))
    this.#chain = nextChain(this.#chain, bytes)
    await this.sayBytes(bytes)
  }

  async sayBytes(content: Uint8Array): Promise<void> {
    const { frame, group } = await seal(this.#group, content)
    this.#group = group
    await this.send(frame)
  }

  async send(frame: Uint8Array): Promise<void> {
    const { epoch } = this.#group
    const room = parseRoomAddress(this.#room)!
    const id = toBase64Url(crypto.getRandomValues(new Uint8Array(16))) as string as MessageId
    const event = { room, id, epoch, ct: toBase64Url(frame), ...(this.#pair ? { pair: this.#pair } : {}) }
    let answer = await this.#transport.request('encrypted_message', { ...event, n: this.#n })
    if (answer && !answer.ok && answer.code === 'out-of-order' && answer.n !== undefined) {
      this.#n = answer.n
      answer = await this.#transport.request('encrypted_message', { ...event, n: this.#n })
    }
    if (!answer?.ok) throw new Error(`the insider's frame was refused: ${answer?.code}`)
    this.#n++
  }

  close(): void {
    this.#transport.close()
  }
}
