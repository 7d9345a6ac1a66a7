/**
 * Asks for messages from before this device came in, and takes in what a member gives: only what was asked for, or offered
 * and accepted, and only as a quotation.
 */
import type { DeviceId } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import {
  type EarlierContent,
  type EarlierCount,
  giftBytesAtMost,
  type QuotedMessage,
  utf8Length,
} from '../quantum/earlier-content.ts'
import { RoomRefusal } from '../room/refusal.ts'
import { cleanName } from '../trust/names.ts'
import type { Desk } from './desk.ts'
import { blocksAtMost, type QuoteBlock, type Quotes } from './quotes.ts'
import { askAgainMs, held } from './records.ts'

type Part = Extract<EarlierContent, { type: 'earlier-part' }>

export class Taker {
  readonly #desk: Desk
  readonly #quotes: Quotes

  constructor(desk: Desk, quotes: Quotes) {
    this.#desk = desk
    this.#quotes = quotes
  }

  // --- what the person does --------------------------------------------------------------------------------------

  ask(count: EarlierCount): Promise<void> {
    const { core, say } = this.#desk.parts
    return core.run(async () => {
      const { ask, askedMs } = this.#desk.records
      if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
      this.#desk.checkLine()
      if (core.members().length < 2) throw new RoomRefusal('nobody-else')
      if ((ask && !ask.over) || this.#quotes.blocks.some(({ state }) => state === 'coming')) {
        throw new RoomRefusal('asked-already')
      }
      const sinceMs = core.nowMs - askedMs
      if (sinceMs >= 0 && sinceMs < askAgainMs) throw new RoomRefusal('asked-lately')
      this.#checkRoom()
      const share = core.randomId<string>()
      const next = { share, count, atMs: core.nowMs, over: false }
      await say({ type: 'earlier-ask', share, count }, 'ordered', () => [
        this.#desk.become({ ask: next, askedMs: core.nowMs }),
      ])
      this.#desk.watch()
    })
  }

  /** Takes the ask back: what comes for it from here on is not taken in. */
  endAsk(): Promise<void> {
    const { core, say } = this.#desk.parts
    return core.run(async () => {
      const { ask } = this.#desk.records
      if (!ask) return
      if (ask.over || core.phase.at !== 'member') return core.store([this.#desk.withoutAsk()])
      await say({ type: 'earlier-ask-over', share: ask.share }, 'ordered', () => [this.#desk.withoutAsk()])
    })
  }

  async accept(device: DeviceId): Promise<void> {
    const { core, line } = this.#desk.parts
    this.#desk.check(device)
    this.#checkRoom()
    if (!(await line.open(device))) throw new RoomRefusal('not-reached')
    await core.run(async () => {
      const { offers, accepted } = this.#desk.records
      const offer = offers.find((one) => one.device === device)
      if (!offer) throw new RoomRefusal('offer-over')
      const change = this.#desk.become({
        offers: offers.filter((one) => one !== offer),
        accepted: held(accepted, { ...offer, atMs: core.nowMs }),
      })
      const said = await line.say(device, { type: 'earlier-accept', share: offer.share }, [change])
      if (!said) throw new RoomRefusal('not-reached')
      core.changed()
    })
  }

  decline(device: DeviceId): Promise<void> {
    return this.#desk.parts.core.run(async () => {
      const { offers } = this.#desk.records
      const offer = offers.find((one) => one.device === device)
      if (!offer) return
      const change = this.#desk.become({ offers: offers.filter((one) => one !== offer) })
      await this.#desk.stop(device, offer.share, [change])
    })
  }

  /** Takes no more of it in. What has come stays. */
  stop(order: number): Promise<void> {
    return this.#desk.parts.core.run(async () => {
      const block = this.#quotes.blocks.find((one) => one.order === order)
      if (block?.state !== 'coming') return
      await this.#desk.stop(block.from, block.share, this.#quotes.change({ ...block, state: 'stopped', owes: false }))
    })
  }

  /** Takes a block off this device. */
  remove(order: number): Promise<void> {
    const { core } = this.#desk.parts
    return core.run(async () => {
      const block = this.#quotes.blocks.find((one) => one.order === order)
      if (!block) return
      const changes = this.#quotes.remove(block)
      if (block.state === 'coming') await this.#desk.stop(block.from, block.share, changes)
      else await core.store(changes)
    })
  }

  #checkRoom(): void {
    if (this.#quotes.blocks.length >= blocksAtMost) throw new RoomRefusal('too-many-blocks')
  }

  // --- what the others say ---------------------------------------------------------------------------------------

  onOffer(peer: DeviceId, share: string, count: EarlierCount): StorageChange[] {
    const { core, isBlocked } = this.#desk.parts
    const { offers, quiet } = this.#desk.records
    if (isBlocked(peer)) return this.#desk.tell(peer, 'earlier-changed-keys')
    if (quiet.some((one) => one.device === peer) || this.#quotes.of(peer, share)) return []
    return [this.#desk.become({ offers: held(offers, { device: peer, share, count, atMs: core.nowMs }) })]
  }

  onPart(peer: DeviceId, part: Part): StorageChange[] {
    const { core, isBlocked } = this.#desk.parts
    const block = this.#quotes.of(peer, part.share)
    if (isBlocked(peer)) return this.#refuse(peer, part.share, block, 'earlier-changed-keys')
    if (block) return this.#goOn(block, part)
    // Two gave at once: the first one's is taken, and the other is told.
    const answered = this.#quotes.blocks.some(({ share }) => share === part.share)
    if (answered) return this.#refuse(peer, part.share, undefined, undefined)
    const wanted = this.#wanted(peer, part.share)
    if (!wanted) return this.#refuse(peer, part.share, undefined, 'earlier-not-asked')
    if (part.from !== 0 || part.total > wanted.count || this.#quotes.blocks.length >= blocksAtMost) {
      return this.#refuse(peer, part.share, undefined, 'bad-earlier')
    }
    const begun = this.#quotes.begin(peer, part.share, part.total, core.nowMs)
    return [...wanted.over(), ...this.#take(begun, part)]
  }

  /** The ask that stands, from whoever is first; or an offer of that peer that was accepted. */
  #wanted(peer: DeviceId, share: string): { count: number; over(): StorageChange[] } | undefined {
    const { ask, accepted } = this.#desk.records
    if (ask?.share === share) return { count: ask.count, over: () => [this.#desk.withoutAsk()] }
    const offer = accepted.find((one) => one.device === peer && one.share === share)
    if (!offer) return undefined
    const rest = accepted.filter((one) => one !== offer)
    return { count: offer.count, over: () => [this.#desk.become({ accepted: rest })] }
  }

  #goOn(block: QuoteBlock, part: Part): StorageChange[] {
    if (block.state === 'stopped') return this.#refuse(block.from, block.share, undefined, undefined)
    // Said again, for who was not heard.
    if (part.from < block.next) return this.#owe(block)
    const isNext = part.total === block.total && part.from === block.next
    const bytes = bytesOf(block.messages) + bytesOf(part.messages)
    const fits = block.state === 'coming' && isNext && bytes <= giftBytesAtMost
    return fits ? this.#take(block, part) : this.#refuse(block.from, block.share, block, 'bad-earlier')
  }

  #take(block: QuoteBlock, part: Part): StorageChange[] {
    const { core } = this.#desk.parts
    // What this device has itself it knows better.
    const own = core.timeline.ids()
    const seen = new Set(block.messages.map(({ id }) => id))
    const kept: QuotedMessage[] = []
    for (const message of part.messages) {
      if (own.has(message.id) || seen.has(message.id)) continue
      seen.add(message.id)
      kept.push({ ...message, name: cleanName(message.name) })
    }
    void core.later(() => this.consider())
    return this.#quotes.add(block, part.messages.length, kept)
  }

  #owe(block: QuoteBlock): StorageChange[] {
    void this.#desk.parts.core.later(() => this.consider())
    return this.#quotes.change({ ...block, owes: true })
  }

  #refuse(peer: DeviceId, share: string, block: QuoteBlock | undefined, reason: string | undefined): StorageChange[] {
    void this.#desk.parts.core.later(() => this.#desk.stop(peer, share, []))
    return [
      ...(block ? this.#quotes.change({ ...block, state: 'stopped', owes: false }) : []),
      ...(reason === undefined ? [] : this.#desk.tell(peer, reason)),
    ]
  }

  onStop(peer: DeviceId, share: string): StorageChange[] {
    const { offers, accepted } = this.#desk.records
    const block = this.#quotes.of(peer, share)
    const others = (one: { device: DeviceId; share: string }) => one.device !== peer || one.share !== share
    return [
      this.#desk.become({ offers: offers.filter(others), accepted: accepted.filter(others) }),
      ...(block?.state === 'coming' ? this.#quotes.change({ ...block, state: 'stopped', owes: false }) : []),
    ]
  }

  /** Tells the sharers how far what they give has come. In the queue. */
  async consider(): Promise<void> {
    const { core, line } = this.#desk.parts
    if (core.phase.at !== 'member') return
    for (const block of this.#quotes.blocks.filter(({ owes }) => owes)) {
      if (!core.members().includes(block.from)) continue
      const changes = this.#quotes.change({ ...block, owes: false })
      const { share, next } = block
      if (!(await line.say(block.from, { type: 'earlier-taken', share, upTo: next }, changes))) {
        this.#quotes.change(block)
      }
    }
    core.changed()
  }
}

function bytesOf(messages: readonly QuotedMessage[]): number {
  return messages.reduce((sum, { text }) => sum + utf8Length(text), 0)
}
