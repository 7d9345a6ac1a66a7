/**
 * The closed room that takes an open one's place (protocol.md §1). Who leads the open room notes which one it is and hands
 * members a link each, through their pair groups. Who is invited keeps the link, also when the open room has ended.
 */
import {
  type DeviceId,
  fromBase64Url,
  parseRoomAddress,
  type RoomAddress,
  roomKind,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import * as v from 'valibot'
import { formatLinkFragment, mayLead, parseLinkFragment } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { encodePairContent, type PairContent } from '../quantum/pair-content.ts'
import type { Pairs } from '../quantum/pairs.ts'
import type { InvitedView, PersonView, SuccessorView } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { RoomRefusal } from './refusal.ts'

/** An ended room is kept so long at most for what may still be on its way to this device. */
const hearOutMs = 10_000
const hearOutStepMs = 100

const stored = v.object({
  /** This device where the room is its own. */
  by: v.string(),
  room: v.string(),
  /** Of the link that this device was handed, base64url. */
  secret: v.exactOptional(v.string()),
  /** Own successor: who was invited, and whether the device said that it has it. */
  invited: v.array(v.object({ device: v.string(), taken: v.boolean() })),
})

interface Stored {
  by: DeviceId
  room: RoomAddress
  secret?: Uint8Array<ArrayBuffer>
  invited: readonly { device: DeviceId; taken: boolean }[]
}

export class Successor {
  readonly #core: RoomCore
  readonly #pairs: () => Pairs
  #successor: Stored | undefined

  constructor(core: RoomCore, pairs: () => Pairs) {
    this.#core = core
    this.#pairs = pairs
  }

  async load(): Promise<void> {
    const core = this.#core
    const read = parseStored(stored, await core.storage.get(core.key('successor')))
    const room = parseRoomAddress(read?.room)
    if (!read || !room) return
    const secret = read.secret === undefined ? undefined : fromBase64Url(read.secret)
    const invited = read.invited.map(({ device, taken }) => ({ device: device as DeviceId, taken }))
    this.#successor = { by: read.by as DeviceId, room, ...(secret ? { secret } : {}), invited }
  }

  view(personOf: (device: DeviceId) => PersonView): SuccessorView | undefined {
    const successor = this.#successor
    if (!successor) return undefined
    const { by, room, secret, invited } = successor
    return {
      by: personOf(by),
      path: secret ? `/room/${room}#${formatLinkFragment(secret)}` : `/room/${room}`,
      invited: invited.map(({ device }) => ({ person: personOf(device), state: this.#stateOf(device)! })),
    }
  }

  // --- who closes the open room ----------------------------------------------------------------------------------

  /** Notes the closed room that this person made to take the place of this one. */
  async note(path: string): Promise<void> {
    const core = this.#core
    const { room } = parsePath(path)
    await core.run(() => {
      this.#checkMayClose()
      if (this.#own?.room === room) return
      return core.store([this.#become({ by: core.device, room, invited: [] })])
    })
  }

  /** Puts an invitation into the pair group with `device`. One that is there already, or on its way, is not repeated. */
  async invite(device: DeviceId, path: string): Promise<void> {
    const core = this.#core
    const { room, secret } = parsePath(path)
    if (!secret) throw new RoomRefusal('bad-successor')
    this.#checkMayClose()
    if (this.#own?.room !== room) throw new RoomRefusal('bad-successor')
    if (device === core.device || !core.members().includes(device)) throw new RoomRefusal('not-a-member')
    const pair = await this.#pairs().open(device)
    if (!pair) throw new RoomRefusal('not-reached')
    await core.run(async () => {
      const own = this.#own
      const state = this.#stateOf(device)
      if (own?.room !== room || (state !== undefined && state !== 'lost')) return
      const invited = [...own.invited.filter((one) => one.device !== device), { device, taken: false }]
      const content = encodePairContent({ type: 'successor', room, secret })
      await this.#pairs().say(pair, 'message', content, 'confirmed', [this.#become({ ...own, invited })])
    })
    core.changed()
  }

  /** Somebody was handed an invitation who has not said that it has arrived: it waits at the relay, in the pair group. */
  get isAwaited(): boolean {
    return this.#own?.invited.some(({ taken }) => !taken) ?? false
  }

  get #own(): Stored | undefined {
    return this.#successor?.by === this.#core.device ? this.#successor : undefined
  }

  #checkMayClose(): void {
    const { phase, address, device } = this.#core
    if (phase.at !== 'member') throw new RoomRefusal('not-in-room')
    if (roomKind(address) !== 'open' || !this.#leads(device)) throw new RoomRefusal('may-not-close')
  }

  #leads(device: DeviceId): boolean {
    const { settings, members } = this.#core.stream?.group ?? {}
    const member = members?.find((one) => one.device === device)
    return settings !== undefined && member !== undefined && mayLead(settings, members!, member.person)
  }

  /** How far the invitation of `device` has come, as the outbox of its pair group knows it. */
  #stateOf(device: DeviceId): InvitedView['state'] | undefined {
    const invited = this.#own?.invited.find((one) => one.device === device)
    if (!invited || invited.taken) return invited && 'taken'
    const row = this.#pairs().said(device, ({ type }) => type === 'successor')
    // Nothing leaves an ended room any more, and it was not ended before it was there.
    if (this.#core.phase.at === 'ended' || row?.ordered) return 'handed'
    return row && !row.refused ? 'sending' : 'lost'
  }

  // --- who is invited --------------------------------------------------------------------------------------------

  /** A member said something in its pair group with this device; what to store for it. */
  onSaid(peer: DeviceId, content: PairContent | undefined): StorageChange[] {
    switch (content?.type) {
      case 'successor':
        return this.#take(peer, content.room, content.secret)
      case 'successor-taken':
        return this.#taken(peer, content.room)
      default:
        return this.#unreadable(peer, 'unknown-content')
    }
  }

  #take(peer: DeviceId, room: RoomAddress, secret: Uint8Array<ArrayBuffer>): StorageChange[] {
    const core = this.#core
    if (roomKind(core.address) !== 'open' || !this.#leads(peer)) return this.#unreadable(peer, 'successor-not-leader')
    void core.later(() => this.#confirm(peer, room))
    const before = this.#successor
    const change = this.#become({ by: peer, room, secret, invited: [] })
    if (before?.room === room && before.by === peer) return [change] // told already; the link may be a newer one
    return [change, ...core.timeline.tell({ type: 'successor', by: peer }, core.nowMs)]
  }

  async #confirm(peer: DeviceId, room: RoomAddress): Promise<void> {
    const pair = this.#pairs().with(peer)
    if (pair) await this.#pairs().say(pair, 'message', encodePairContent({ type: 'successor-taken', room }))
  }

  #taken(peer: DeviceId, room: RoomAddress): StorageChange[] {
    const own = this.#own
    if (own?.room !== room || !own.invited.some(({ device }) => device === peer)) return []
    void this.#core.later(() => this.#pairs().confirm(peer, ({ type }) => type === 'successor'))
    return [
      this.#become({
        ...own,
        invited: own.invited.map((one) => (one.device === peer ? { ...one, taken: true } : one)),
      }),
    ]
  }

  #unreadable(from: DeviceId, reason: string): StorageChange[] {
    const { timeline, nowMs } = this.#core
    return timeline.tell({ type: 'unreadable', from, reason }, nowMs)
  }

  /**
   * The room has ended: resolves once nothing is on its way between this device and those who lead, or after 10 s. An
   * invitation travels in another stream than the end, which can be faster.
   */
  async hearOut(): Promise<void> {
    const core = this.#core
    const { clock } = core.env
    const leaders = core.members().filter((device) => device !== core.device && this.#leads(device))
    if (roomKind(core.address) !== 'open' || leaders.length === 0) return
    for (let waitedMs = 0; waitedMs < hearOutMs; waitedMs += hearOutStepMs) {
      // What the relay sent before this answer has come, and was taken in once the queue gets here.
      const answer = await core.transport.request('fetch_bundles', { room: core.address, hashes: [] })
      const quiet = await core.run(() => answer !== undefined && leaders.every((one) => this.#pairs().isQuiet(one)))
      if (quiet || core.closed || core.stopped) return
      await new Promise<void>((resolve) => clock.after(hearOutStepMs, resolve))
    }
  }

  #become(successor: Stored): StorageChange {
    this.#successor = successor
    const { secret, ...rest } = successor
    const value = utf8(JSON.stringify(secret ? { ...rest, secret: toBase64Url(secret) } : rest))
    return { type: 'put', key: this.#core.key('successor'), value }
  }
}

/** A path on this relay to a closed room, with or without the fragment of its link; nothing else leads anywhere. */
function parsePath(path: string): { room: RoomAddress; secret?: Uint8Array<ArrayBuffer> } {
  const [, address, fragment] = /^\/room\/([^/#?]+)(#.*)?$/.exec(path) ?? []
  const room = parseRoomAddress(address)
  const secret = fragment === undefined ? undefined : parseLinkFragment(fragment)
  if (!room || roomKind(room) !== 'closed' || (fragment !== undefined && !secret))
    throw new RoomRefusal('bad-successor')
  return { room, ...(secret ? { secret } : {}) }
}
