/**
 * Gives a newcomer messages from before it came in: when the person here presses *Give*, or the newcomer accepts what was
 * offered; never by itself. One part goes at a time, the next when the newcomer has stored it.
 */
import type { DeviceId } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import {
  type EarlierCount,
  earlierMost,
  giftBytesAtMost,
  partBytesAtMost,
  type QuotedMessage,
  utf8Length,
} from '../quantum/earlier-content.ts'
import { RoomRefusal } from '../room/refusal.ts'
import { refKey as keyOf, type MessageItem, refIn } from '../room/timeline.ts'
import type { EarlierSaid } from './content.ts'
import type { Desk } from './desk.ts'
import { askMs, type Giving, held } from './records.ts'

/** Gifts and offers under way at a time. */
const givingAtMost = 4
const retryMs = 5_000
/** A part without a word of its receipt, and not on its way any more, goes again after this. */
const againMs = 20_000

type Said<T extends EarlierSaid['type']> = Extract<EarlierSaid, { type: T }>

export class Giver {
  readonly #desk: Desk
  readonly #reaching = new Set<string>()
  readonly #sentMs = new Map<string, number>()
  /** A newcomer's number does not rise: what is said from now on it receives itself. */
  readonly #counted = new Map<DeviceId, number>()

  constructor(desk: Desk) {
    this.#desk = desk
  }

  /** How many messages this device has from before `device` came in, 200 at most; 0 until they have been counted. */
  have(device: DeviceId): number {
    const counted = this.#counted.get(device)
    if (counted !== undefined) return counted
    this.#counted.set(device, 0)
    const { core } = this.#desk.parts
    void core.later(async () => {
      this.#counted.set(device, (await this.#choose(device, earlierMost)).length)
      core.changed()
    })
    return 0
  }

  // --- what the person does --------------------------------------------------------------------------------------

  give(device: DeviceId): Promise<void> {
    return this.#desk.parts.core.run(async () => {
      const ask = this.#desk.records.asks.find((one) => one.device === device)
      if (!ask) throw new RoomRefusal('ask-over')
      await this.#begin(device, ask.share, ask.count)
    })
  }

  async offer(to: DeviceId, count: EarlierCount): Promise<void> {
    const { core, line } = this.#desk.parts
    this.#checkMayGive(to)
    if ((await this.#choose(to, 1)).length === 0) throw new RoomRefusal('nothing-earlier')
    if (!(await line.open(to))) throw new RoomRefusal('not-reached')
    await core.run(async () => {
      this.#checkMayGive(to)
      const share = core.randomId<string>()
      const one: Giving = { share, to, count, atMs: core.nowMs, state: 'offered', messages: [], taken: 0, sent: 0 }
      const change = this.#desk.become({ giving: [...this.#desk.records.giving, one] })
      if (!(await line.say(to, { type: 'earlier-offer', share, count }, [change]))) throw new RoomRefusal('not-reached')
      core.changed()
    })
  }

  /** *Not now*: nothing more of that device's asks for a while. */
  decline(device: DeviceId): Promise<void> {
    const { core } = this.#desk.parts
    return core.run(() => {
      const { asks, quiet } = this.#desk.records
      const change = this.#desk.become({
        asks: asks.filter((one) => one.device !== device),
        quiet: [...quiet.filter((one) => one.device !== device), { device, untilMs: core.nowMs + askMs }],
      })
      return core.store([change])
    })
  }

  /** What has gone out cannot be called back; the rest stays here. */
  stop(to: DeviceId): Promise<void> {
    return this.#desk.parts.core.run(async () => {
      for (const one of this.#desk.records.giving.filter((each) => each.to === to)) {
        await this.#desk.stop(to, one.share, this.#without(one))
      }
    })
  }

  #checkMayGive(to: DeviceId): void {
    this.#desk.check(to)
    const { giving } = this.#desk.records
    if (giving.some((one) => one.to === to)) throw new RoomRefusal('giving-already')
    if (giving.length >= givingAtMost) throw new RoomRefusal('giving-too-many')
  }

  /** The room is told in the same moment in which it is decided, so that nothing is given without the others knowing. */
  async #begin(to: DeviceId, share: string, count: number): Promise<void> {
    const { core, say } = this.#desk.parts
    this.#checkMayGive(to)
    const messages = (await this.#choose(to, count)).map(keyOf)
    if (messages.length === 0) throw new RoomRefusal('nothing-earlier')
    const one: Giving = {
      ...{ share, to, count: messages.length, atMs: core.nowMs, state: 'giving', messages },
      ...{ taken: 0, sent: 0 },
    }
    const given = { type: 'earlier-given' as const, share, to, count: messages.length }
    await say(given, 'confirmed', () => [this.#desk.become({ giving: [...this.#desk.records.giving, one] })])
    this.consider()
  }

  // --- what the others say ---------------------------------------------------------------------------------------

  onAsk(device: DeviceId, { share, count }: Said<'earlier-ask'>, atMs: number): StorageChange[] {
    const { core } = this.#desk.parts
    const { asks, quiet } = this.#desk.records
    // Who comes back sees what was asked meanwhile only while it still stands.
    const askedMs = Math.min(atMs, core.nowMs)
    if (core.nowMs - askedMs >= askMs || quiet.some((one) => one.device === device)) return []
    const change = this.#desk.become({ asks: held(asks, { device, share, count, atMs: askedMs }) })
    this.#desk.watch()
    return [change]
  }

  onAskOver(device: DeviceId, share: string): StorageChange[] {
    const { asks } = this.#desk.records
    return [this.#desk.become({ asks: asks.filter((one) => one.device !== device || one.share !== share) })]
  }

  /** The newcomer accepts what was offered. */
  onAccept(peer: DeviceId, share: string): StorageChange[] {
    const one = this.#find(peer, share)
    if (one?.state !== 'offered') return this.#desk.tell(peer, 'earlier-not-offered')
    void this.#desk.parts.core.later(() => this.#accepted(one))
    return this.#without(one)
  }

  async #accepted({ to, share, count }: Giving): Promise<void> {
    await this.#desk.parts.line.confirm(to, share)
    try {
      await this.#begin(to, share, count)
    } catch (error) {
      if (!(error instanceof RoomRefusal)) throw error
      await this.#desk.stop(to, share, []) // what was offered cannot be given any more
    }
  }

  onTaken(peer: DeviceId, share: string, upTo: number): StorageChange[] {
    const { core, line } = this.#desk.parts
    const one = this.#find(peer, share)
    // Of what did not go out, nothing is taken; an older word, said twice, says nothing new.
    if (one?.state !== 'giving' || upTo <= one.taken || upTo > one.sent) return []
    void core.later(async () => {
      await line.confirm(peer, share)
      this.consider()
    })
    if (upTo === one.messages.length) return this.#without(one)
    return [this.#replace({ ...one, taken: upTo })]
  }

  onStop(peer: DeviceId, share: string): StorageChange[] | undefined {
    const one = this.#find(peer, share)
    if (!one) return undefined
    void this.#desk.parts.core.later(() => this.#desk.parts.line.confirm(peer, share))
    return this.#without(one)
  }

  // --- sending ---------------------------------------------------------------------------------------------------

  /** Looks whether a part is due. */
  consider(): void {
    const { core, line } = this.#desk.parts
    if (core.phase.at !== 'member' || !core.connected) return
    for (const one of this.#desk.records.giving) {
      const carried = one.state === 'giving' ? line.carries(one.to, one.share) : 'yes'
      if (carried === 'refused') void core.later(() => this.#desk.stop(one.to, one.share, this.#without(one)))
      if (carried === 'no' && this.#isDue(one)) this.#reach(one)
    }
  }

  #isDue({ share, sent, taken }: Giving): boolean {
    const { core } = this.#desk.parts
    const sentMs = this.#sentMs.get(share)
    if (sent === taken || sentMs === undefined) return true
    const waitMs = sentMs + againMs - core.nowMs
    if (waitMs <= 0 || waitMs > againMs) return true
    core.timers.setOnce('earlier-again', waitMs, () => this.consider())
    return false
  }

  #reach({ to, share }: Giving): void {
    const { core, line } = this.#desk.parts
    if (this.#reaching.has(share)) return
    this.#reaching.add(share)
    const reached = line.open(to).then((there) =>
      core.later(async () => {
        this.#reaching.delete(share)
        const one = this.#find(to, share)
        if (one && !(there && (await this.#sendPart(one)))) {
          core.timers.setOnce('earlier-retry', retryMs, () => this.consider())
        }
      }),
    )
    core.beside(reached)
  }

  /** False: not now. */
  async #sendPart(one: Giving): Promise<boolean> {
    const { core, line, isBlocked } = this.#desk.parts
    const { to, share, taken } = one
    // While an own commit may be taken back, it is not certain who is a member.
    if (core.phase.at !== 'member' || core.stream?.unsettled !== false || isBlocked(to)) return false
    if (line.carries(to, share) !== 'no') return true
    const messages = this.#desk.isHeldBack ? undefined : await this.#part(one)
    if (!messages) {
      // Something of it is not here any more and not to be given, or the room has come to require quantum keys.
      await this.#desk.stop(to, share, this.#without(one))
      return true
    }
    const sent = taken + messages.length
    this.#sentMs.set(share, core.nowMs)
    const change = this.#replace({ ...one, sent })
    return line.say(to, { type: 'earlier-part', share, from: taken, total: one.messages.length, messages }, [change])
  }

  async #part({ messages, taken }: Giving): Promise<QuotedMessage[] | undefined> {
    const { timeline } = this.#desk.parts.core
    const part: QuotedMessage[] = []
    let bytes = 0
    for (const key of messages.slice(taken)) {
      const item = await timeline.find(refIn(key))
      if (!item || item.deleted) return undefined
      bytes += utf8Length(item.text)
      if (part.length > 0 && bytes > partBytesAtMost) break
      part.push(this.#quoted(item))
    }
    return part
  }

  #quoted({ id, device, text, atMs }: MessageItem): QuotedMessage {
    const { core, personOf } = this.#desk.parts
    const name = device === core.device ? core.meta.name : (core.people.get(device)?.claim?.name ?? '')
    return { id, person: personOf(device), name, atMs, text }
  }

  async #choose(device: DeviceId, count: number): Promise<MessageItem[]> {
    const { core } = this.#desk.parts
    const since = core.people.get(device)?.sinceSeq ?? 0
    const chosen: MessageItem[] = []
    let bytes = 0
    for await (const item of core.timeline.newest()) {
      if (item.seq === undefined || item.seq > since || item.deleted || item.privately || item.lifetime) continue
      bytes += utf8Length(item.text)
      if (bytes > giftBytesAtMost) break
      chosen.unshift(item)
      if (chosen.length === count) break
    }
    return chosen
  }

  #find(to: DeviceId, share: string): Giving | undefined {
    return this.#desk.records.giving.find((one) => one.to === to && one.share === share)
  }

  #replace(next: Giving): StorageChange {
    const { giving } = this.#desk.records
    return this.#desk.become({ giving: giving.map((one) => (one.share === next.share ? next : one)) })
  }

  #without({ share }: Giving): StorageChange[] {
    const { giving } = this.#desk.records
    return [this.#desk.become({ giving: giving.filter((one) => one.share !== share) })]
  }
}
