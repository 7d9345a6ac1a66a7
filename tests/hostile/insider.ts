/** A member that lies: it has a real member's device, whose client is closed, and says whatever bytes a test hands it. */
import type { ClientEnv, Transport } from '@qsec/client'
import { connectSocketIo } from '@qsec/client/node'
import {
  type Answer,
  type Base64Url,
  type ClientEvents,
  type DeviceId,
  type Incarnation,
  type MessageId,
  type PairId,
  parseRoomAddress,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import { type DeviceIdentity, type Group, seal } from '../../packages/client/src/crypto/index.ts'
import { forge } from '../../packages/client/src/crypto/test-world.ts'
import { loginAndJoin } from '../../packages/client/src/room/connection.ts'
import { claimDevice } from '../../packages/client/src/room/device-store.ts'
import { nextChain } from '../../packages/client/src/room/voice.ts'
import { storedGroup } from '../system/stored-group.ts'
import type { World } from '../system/world.ts'

const newId = (): MessageId => toBase64Url(crypto.getRandomValues(new Uint8Array(16))) as string as MessageId

/** Follows no commit of others: it acts in the epoch in which it was opened, or in those that it begins itself. */
export class Insider {
  readonly identity: DeviceIdentity
  group: Group
  readonly #transport: Transport
  readonly #room: string
  readonly #pair: PairId | undefined
  #n = 0
  #counter = 1_000
  #chain = ''

  private constructor(
    identity: DeviceIdentity,
    transport: Transport,
    { room, pair }: { room: string; pair: PairId | undefined },
    group: Group,
  ) {
    this.identity = identity
    this.#transport = transport
    this.#room = room
    this.#pair = pair
    this.group = group
  }

  /** @param peer - what it says goes into its pair group with this device, and not into the room */
  static async open(world: World, env: ClientEnv, room: string, peer?: DeviceId): Promise<Insider> {
    const address = parseRoomAddress(room)!
    const { identity } = (await claimDevice(env, address, undefined))!
    const pairs = await env.storage.list(`device/${identity.device}/pairs/`)
    const stored = pairs.map(
      ({ value }) => JSON.parse(new TextDecoder().decode(value)) as { pair: PairId; peer: string },
    )
    const pair = stored.find((one) => one.peer === peer)?.pair
    const place = pair ? `pair/${pair}` : 'room'
    const group = (await storedGroup(env.storage, `device/${identity.device}/${place}`))!
    const transport = connectSocketIo({ url: world.url })
    while (transport.state !== 'connected') await new Promise((resolve) => setTimeout(resolve, 20))
    const answer = await loginAndJoin(transport, env.clock, identity, address, undefined, {
      inc: toBase64Url(new Uint8Array(16)) as string as Incarnation,
      seq: 0,
    })
    if (!answer?.ok) throw new Error(`the insider is not let in: ${answer?.code}`)
    return new Insider(identity, transport, { room, pair }, group)
  }

  get device(): DeviceId {
    return this.identity.device
  }

  /** Says `content` in an envelope whose other fields are right, unless `envelope` says otherwise. */
  async say(content: unknown, envelope: object = {}): Promise<void> {
    const whole = { id: newId(), counter: this.#counter++, chain: this.#chain, content, ...envelope }
    const bytes = utf8(JSON.stringify(whole))
    this.#chain = nextChain(this.#chain, bytes)
    await this.sayBytes(bytes)
  }

  async sayBytes(content: Uint8Array): Promise<void> {
    await this.send(await this.seal(content))
  }

  /** A frame that its own ratchet has moved past, sent or not. */
  async seal(content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const { frame, group } = await seal(this.group, content)
    this.group = group
    return frame
  }

  async send(frame: Uint8Array): Promise<void> {
    const { epoch } = this.group
    const room = parseRoomAddress(this.#room)!
    const event = { room, id: newId(), epoch, ct: toBase64Url(frame), ...(this.#pair ? { pair: this.#pair } : {}) }
    let answer = await this.#transport.request('encrypted_message', { ...event, n: this.#n })
    if (answer && !answer.ok && answer.code === 'out-of-order' && answer.n !== undefined) {
      this.#n = answer.n
      answer = await this.#transport.request('encrypted_message', { ...event, n: this.#n })
    }
    if (!answer?.ok) throw new Error(`the insider's frame was refused: ${answer?.code}`)
    this.#n++
  }

  /** Gives what it is asked for of that file; whatever `pieceAt` makes of it. */
  serve(file: string, pieceAt: (at: number) => Uint8Array): void {
    this.#transport.onEvent((name, payload) => {
      if (name !== 'file_want' || !('file' in payload) || payload.file !== file) return
      const { room, want, at } = payload
      void this.#transport.request('file_give', { room, want, piece: toBase64Url(pieceAt(at)) })
    })
  }

  /** A commit of this epoch that the rules need not let it make. */
  async forge(
    proposals: Parameters<typeof forge>[1],
    psks?: ReadonlyMap<string, Uint8Array>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { frame } = await forge({ identity: this.identity, group: this.group }, proposals, psks)
    return frame
  }

  /** Sends a commit, whatever is in it; the relay's answer. `next`: the insider's own group from there on. */
  async commit(
    frame: Uint8Array,
    next?: Group,
    bundles: Base64Url[] = [],
  ): Promise<Answer<ClientEvents['commit']['out']> | undefined> {
    const room = parseRoomAddress(this.#room)!
    const event = { room, id: newId(), epoch: this.group.epoch, ct: toBase64Url(frame) }
    const answer = await this.#transport.request('commit', { ...event, welcomes: [], bundles, removed: [] }, 60_000)
    if (answer?.ok && next) {
      this.group = next
      this.#n = 0
    }
    return answer
  }

  close(): void {
    this.#transport.close()
  }
}
