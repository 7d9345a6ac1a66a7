/**
 * Words for one person of the room alone, said and heard: they travel in the conversation of the two, and stand in the
 * timeline at their place, marked.
 */
import { type DeviceId, type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type ConversationContent, noteBytesAtMost } from '../conversations/content.ts'
import type { Conversations, SaidState } from '../conversations/conversations.ts'
import type { Heard } from '../conversations/host.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomClient } from '../room-client.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { RoomRefusal } from './refusal.ts'
import { type MessageItem, type Privately, refIn } from './timeline.ts'
import { writtenAt } from './times.ts'
import type { Trust } from './trust.ts'
import { checkLifetime, shorter, type Vanishing } from './vanishing.ts'

type Note = MessageItem & { privately: Privately }

/** As versions stored notes that kept them apart from the timeline. */
const storedNote = v.object({
  id: v.string(),
  /** A device of the other person, and its fingerprint. */
  with: v.string(),
  person: v.string(),
  from: v.string(),
  text: v.string(),
  atMs: v.number(),
  outcome: v.exactOptional(v.picklist(['delivered', 'not-delivered'])),
})

export class Notes {
  readonly #core: RoomCore
  readonly #conversations: () => Conversations
  readonly #trust: Trust

  readonly #vanishing: Vanishing

  constructor(core: RoomCore, trust: Trust, vanishing: Vanishing, conversations: () => Conversations) {
    this.#core = core
    this.#trust = trust
    this.#vanishing = vanishing
    this.#conversations = conversations
  }

  /** Takes what stood apart into the timeline. */
  async load(): Promise<void> {
    const { storage, timeline, bundles } = this.#core
    const prefix = `${this.#core.key('note')}/`
    const rows = await storage.list(prefix)
    if (rows.length === 0) return
    const changes = rows.flatMap(({ value }): StorageChange[] => {
      const note = parseStored(storedNote, value)
      const device = note?.from as DeviceId
      if (!note || timeline.has(device, note.id)) return []
      const { id, text, atMs, person, outcome } = note
      const privately = { person, device: note.with as DeviceId, ...(outcome ? { outcome } : {}) }
      return timeline.say({ id, device, person: bundles.of(device)?.person ?? '', text, atMs, privately })
    })
    await storage.apply([...changes, { type: 'delete-prefix', prefix }])
  }

  /** Stores the words for the person behind `device` and lets them go when they can. */
  readonly say: RoomClient['tell'] = async (device, text, { replyTo, lifetimeS } = {}) => {
    const core = this.#core
    checkLifetime(lifetimeS)
    if (text === '' || utf8(text).length > noteBytesAtMost) {
      throw new RangeError(`A note has 1 to ${noteBytesAtMost} bytes: say it in parts.`)
    }
    const member = this.#checkMayTell((one) => one.device === device)
    await core.run(async () => {
      const id = core.randomId<MessageId>()
      const { person } = member
      const more = replyTo ? { replyTo: refIn(replyTo) } : {}
      const said = { text, atMs: core.nowMs, ...more }
      if (more.replyTo) await core.timeline.recall(more.replyTo)
      const own = { id, device: core.device, person: core.identity.person }
      const seconds = shorter(lifetimeS, this.#roomLifetimeS)
      const given = seconds === undefined ? undefined : this.#vanishing.say(own, seconds)
      const lifetime = given ? { lifetime: given.lifetime } : {}
      const kept = core.timeline.say({ ...own, ...said, ...lifetime, privately: { person, device } })
      const note = { type: 'note' as const, ...said, ...(seconds === undefined ? {} : { lifetimeS: seconds }) }
      await this.#conversations().say(person, id, note, [...kept, ...(given?.changes ?? [])])
    })
    core.changed()
  }

  async onHeard({ id, from, with: person, content, takenMs }: Heard): Promise<StorageChange[]> {
    const { timeline, stream, bundles, clocks, nowMs } = this.#core
    const { device } = from
    const ref = { device, id }
    if (timeline.has(device, id) || this.#vanishing.isGone(ref)) return []
    const { text, replyTo } = content
    const seconds = shorter(content.lifetimeS, this.#roomLifetimeS)
    const ageMs = this.#core.ageOf(takenMs, content.atMs)
    const own = from.person === this.#core.identity.person
    const given = seconds === undefined ? undefined : this.#vanishing.hear(ref, { seconds, ageMs, own })
    if (given && !given.lifetime) return given.changes
    const other = stream?.group.members.find((member) => member.person === person)?.device ?? device
    const madeMs = bundles.of(device)?.bundle.record.createdMs ?? 0
    if (replyTo) await timeline.recall(replyTo)
    const kept = timeline.say({
      ...{ id, device, person: from.person, text, privately: { person, device: other } },
      ...(replyTo ? { replyTo } : {}),
      ...(given?.lifetime ? { lifetime: given.lifetime } : {}),
      ...writtenAt(content.atMs, clocks.relayMs, nowMs, madeMs),
    })
    return [...kept, ...(given?.changes ?? [])]
  }

  async onSent(id: MessageId): Promise<StorageChange[]> {
    const { timeline, device } = this.#core
    // Receipts and what is done away with have no place in the timeline.
    return timeline.has(device, id) ? await this.#vanishing.sent({ device, id }, this.#roomLifetimeS) : []
  }

  get #roomLifetimeS(): number | undefined {
    return this.#core.stream?.group.settings?.lifetimeS
  }

  onDelivered(ids: readonly MessageId[]): Promise<StorageChange[]> {
    return this.#settle(ids, 'delivered')
  }

  onUndelivered(ids: readonly MessageId[]): Promise<StorageChange[]> {
    return this.#settle(ids, 'not-delivered')
  }

  async #settle(ids: readonly MessageId[], outcome: NonNullable<Privately['outcome']>): Promise<StorageChange[]> {
    const { timeline, device } = this.#core
    const changes: StorageChange[] = []
    for (const id of ids) {
      const item = await timeline.find({ device, id })
      if (item?.privately && !item.privately.outcome) changes.push(...(await timeline.settle({ device, id }, outcome)))
    }
    return changes
  }

  /** How far own words have come that are not certain yet; undefined: there is no trace of them any more. */
  stateOf(person: string, id: string): SaidState | undefined {
    return this.#conversations().stateOf(person, id as MessageId)
  }

  /** Says own words again that reached nobody. False: `key` names no private message. */
  async retry(key: string): Promise<boolean> {
    const core = this.#core
    return await core.run(async () => {
      const note = await this.#find(key)
      if (!note) return false
      if (!this.#isUndelivered(note)) return true
      const { person } = this.#checkMayTell((one) => one.person === note.privately.person)
      const ref = refIn(key)
      const kept = await core.timeline.settle(ref, undefined)
      const { text, atMs, replyTo, lifetime } = note
      const more = { ...(replyTo ? { replyTo } : {}), ...(lifetime ? { lifetimeS: lifetime.seconds } : {}) }
      const content: ConversationContent = { type: 'note', text, atMs, ...more }
      await this.#conversations().sayAgain(person, ref.id, content, kept)
      core.changed()
      return true
    })
  }

  /** Takes own words off this device that reached nobody. False: `key` names no private message. */
  async discard(key: string): Promise<boolean> {
    const { timeline, device } = this.#core
    return await this.#core.run(async () => {
      const note = await this.#find(key)
      if (!note || !this.#isUndelivered(note)) return note !== undefined
      const ref = refIn(key)
      const gone = [...(await timeline.remove(device, ref.id)), ...this.#vanishing.drop(ref)]
      await this.#conversations().discard(note.privately.person, ref.id, gone)
      return true
    })
  }

  async #find(key: string): Promise<Note | undefined> {
    const item = await this.#core.timeline.find(refIn(key))
    return item?.privately ? (item as Note) : undefined
  }

  #isUndelivered({ device, id, privately: { person, outcome } }: Note): boolean {
    const own = device === this.#core.device
    return own && (outcome ?? this.stateOf(person, id)) === 'not-delivered'
  }

  /** A member of whom it is certain that words reach that person and nobody else. */
  #checkMayTell(is: (member: { device: DeviceId; person: string }) => boolean): { person: string } {
    const core = this.#core
    if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    const present = core.members()
    const member = core.stream?.group.members.find((one) => is(one) && present.includes(one.device))
    if (!member) throw new RoomRefusal('not-a-member')
    if (member.person === core.identity.person) throw new RoomRefusal('own-person')
    if (core.stream?.group.settings?.quantum === 'required') throw new RoomRefusal('quantum-required')
    const blocked = this.#trust.blockedBy()
    if (blocked.includes(member.device)) throw new RoomRefusal('keys-changed')
    return member
  }
}
