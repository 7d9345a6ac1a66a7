/**
 * Words for one person of the room alone, said and heard: they travel in the conversation of the two, and stand in the
 * timeline at their place, marked.
 */
import { type DeviceId, type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type Note as NoteContent, noteBytesAtMost } from '../conversations/content.ts'
import type { Conversations, SaidState } from '../conversations/conversations.ts'
import type { Heard } from '../conversations/host.ts'
import { mayAmend, nextVersion } from '../messages/amend.ts'
import type { Amending, MessageRef } from '../messages/content.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomClient } from '../room-client.ts'
import type { Attachments, MadeFiles } from './attachments.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { RoomRefusal } from './refusal.ts'
import { changesOf, type MessageItem, type Privately, refIn, refKey } from './timeline.ts'
import { writtenAt } from './times.ts'
import type { Trust } from './trust.ts'
import { checkLifetime, shorter, type Vanishing } from './vanishing.ts'

type Note = MessageItem & { privately: Privately }

export function isNote(item: MessageItem): item is Note {
  return item.privately !== undefined
}

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
  readonly #attachments: Attachments

  constructor(
    core: RoomCore,
    trust: Trust,
    vanishing: Vanishing,
    attachments: Attachments,
    conversations: () => Conversations,
  ) {
    this.#core = core
    this.#trust = trust
    this.#vanishing = vanishing
    this.#attachments = attachments
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
  readonly say: RoomClient['tell'] = async (device, text, more = {}) => {
    checkLifetime(more.lifetimeS)
    if (text === '' || utf8(text).length > noteBytesAtMost) {
      throw new RangeError(`A note has 1 to ${noteBytesAtMost} bytes: say it in parts.`)
    }
    return this.write(device, text, more)
  }

  /** The same with files, which then may be without words. Resolves to the message's key. */
  async write(
    device: DeviceId,
    text: string,
    { replyTo, lifetimeS }: { replyTo?: string; lifetimeS?: number },
    made?: MadeFiles,
  ): Promise<string> {
    const core = this.#core
    const member = this.#checkMayTell((one) => one.device === device)
    const id = core.randomId<MessageId>()
    await core.run(async () => {
      const { person } = member
      const more = replyTo ? { replyTo: refIn(replyTo) } : {}
      const said = { text, atMs: core.nowMs, ...more, ...(made ? { files: made.claims } : {}) }
      if (more.replyTo) await core.timeline.recall(more.replyTo)
      const own = { id, device: core.device, person: core.identity.person }
      const seconds = shorter(lifetimeS, this.#roomLifetimeS)
      const given = seconds === undefined ? undefined : this.#vanishing.say(own, seconds)
      const lifetime = given ? { lifetime: given.lifetime } : {}
      const kept = core.timeline.say({ ...own, ...said, ...lifetime, privately: { person, device } })
      const note = { type: 'note' as const, ...said, ...(seconds === undefined ? {} : { lifetimeS: seconds }) }
      await this.#conversations().say(person, id, note, [...kept, ...(given?.changes ?? []), ...(made?.changes ?? [])])
    })
    core.changed()
    return refKey({ device: core.device, id })
  }

  /** Whether words may be said to that device's person now. Throws a `RoomRefusal` where not. */
  checkMayTell(device: DeviceId): void {
    this.#checkMayTell((one) => one.device === device)
  }

  onHeard(heard: Heard): Promise<StorageChange[]> {
    const { content } = heard
    return content.type === 'note' ? this.#onNote(heard, content) : this.#onAmending(heard, content)
  }

  async #onNote({ id, from, with: person, takenMs }: Heard, content: NoteContent): Promise<StorageChange[]> {
    const { timeline, stream } = this.#core
    const { device } = from
    const ref = { device, id }
    if (timeline.has(device, id) || this.#vanishing.isGone(ref)) return []
    const { text, replyTo, files } = content
    const seconds = shorter(content.lifetimeS, this.#roomLifetimeS)
    const ageMs = this.#core.ageOf(takenMs, content.atMs)
    const own = from.person === this.#core.identity.person
    const given = seconds === undefined ? undefined : this.#vanishing.hear(ref, { seconds, ageMs, own })
    if (given && !given.lifetime) return given.changes
    const other = stream?.group.members.find((member) => member.person === person)?.device ?? device
    if (replyTo) await timeline.recall(replyTo)
    const kept = timeline.say({
      ...{ id, device, person: from.person, text, privately: { person, device: other } },
      ...(replyTo ? { replyTo } : {}),
      ...(files ? { files } : {}),
      ...(given?.lifetime ? { lifetime: given.lifetime } : {}),
      ...this.#written(device, content.atMs),
    })
    // Unless its author has taken the message back already.
    const stands = timeline.peek(ref)?.files ?? []
    return [...kept, ...(given?.changes ?? []), ...this.#attachments.onSaid(device, stands, person)]
  }

  /** Whose change it is shows the frame alone, and with whom the conversation in which it came. */
  async #onAmending({ id, from, with: person }: Heard, content: Amending): Promise<StorageChange[]> {
    const { timeline, nowMs } = this.#core
    const { of } = content
    // Of what has disappeared nothing is kept, whatever comes late.
    if (this.#vanishing.isGone(of)) return []
    const written = content.type === 'edit' ? { atMs: this.#written(from.device, content.atMs).atMs } : {}
    const amendment = {
      ...{ from: from.device, person: from.person, id, with: person },
      content: { ...content, ...written },
    }
    const item = await timeline.find(of)
    if (item && !mayAmend(item, amendment)) {
      return timeline.tell({ type: 'unreadable', from: from.device, reason: 'not-own-message' }, nowMs)
    }
    const gone = content.type === 'delete' ? this.#attachments.gone(item?.files) : []
    return [...(await timeline.amend(amendment)), ...gone]
  }

  #written(device: DeviceId, saidMs: number): ReturnType<typeof writtenAt> {
    const { bundles, clocks, nowMs } = this.#core
    return writtenAt(saidMs, clocks.relayMs, nowMs, bundles.of(device)?.bundle.record.createdMs ?? 0)
  }

  /** What this person does to such a message: here at once, and in the conversation when it can go. Runs in the queue. */
  async amend(item: Note, content: Amending, gone: readonly StorageChange[]): Promise<void> {
    const core = this.#core
    const { person } = item.privately
    this.#checkMayTell((one) => one.person === person)
    const id = core.randomId<MessageId>()
    const amendment = { from: core.device, person: core.identity.person, id, content, with: person }
    const changes = await core.timeline.amend(amendment)
    await this.#conversations().say(person, id, content, [...changes, ...gone])
    core.changed()
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

  async onUndelivered(ids: readonly MessageId[], changed: readonly MessageRef[]): Promise<StorageChange[]> {
    const changes = await this.#settle(ids, 'not-delivered')
    for (const ref of changed) changes.push(...(await this.#core.timeline.stale(ref, true)))
    return changes
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
      if (!this.isUndelivered(note)) {
        await this.#retryChanges(note)
        return true
      }
      const { person } = this.#checkMayTell((one) => one.person === note.privately.person)
      const ref = refIn(key)
      await this.#conversations().takeBack(person, ref.id)
      const kept = await core.timeline.settle(ref, undefined)
      const { text, atMs, replyTo, lifetime, files } = note
      const more = {
        ...(replyTo ? { replyTo } : {}),
        ...(lifetime ? { lifetimeS: lifetime.seconds } : {}),
        ...(files ? { files } : {}),
      }
      const content: NoteContent = { type: 'note', text, atMs, ...more }
      await this.#conversations().sayAgain(person, ref.id, content, kept)
      core.changed()
      return true
    })
  }

  /** Changes that the relay refused go again; where they were lost with a conversation, what stands here is said anew. */
  async #retryChanges(note: Note): Promise<void> {
    const { person, stale } = note.privately
    for (const id of changesOf(note)) await this.#conversations().retry(person, id as MessageId)
    if (!stale) return
    this.#checkMayTell((one) => one.person === person)
    const ref = { device: note.device, id: note.id as MessageId }
    await this.#core.store(await this.#core.timeline.stale(ref, false))
    for (const content of this.#asItStands(note, ref)) await this.amend(note, content, [])
  }

  /** The changes by this person that make of a message what it is here. */
  #asItStands({ person, text, edited, deleted, reactions }: Note, of: MessageRef): Amending[] {
    const self = this.#core.identity.person
    if (deleted) return [{ type: 'delete', of }]
    const own = reactions?.find((one) => one.person === self)
    return [
      ...(edited && person === self
        ? [{ type: 'edit' as const, of, version: nextVersion(edited), text, atMs: edited.atMs }]
        : []),
      ...(own ? [{ type: 'reaction' as const, of, version: nextVersion(own), signs: [...own.signs] }] : []),
    ]
  }

  /** Takes own words off this device that reached nobody. False: `key` names no private message. */
  discard(key: string): Promise<boolean> {
    return this.#core.run(async () => {
      const note = await this.#find(key)
      if (note && this.isUndelivered(note)) await this.drop(note)
      return note !== undefined
    })
  }

  /** The same, in the queue. */
  async drop({ id, files, privately: { person } }: Note): Promise<void> {
    const { timeline, device } = this.#core
    const ref = { device, id: id as MessageId }
    const gone = [
      ...(await timeline.remove(device, id)),
      ...this.#vanishing.drop(ref),
      ...this.#attachments.gone(files),
    ]
    await this.#conversations().discard(person, ref.id, gone)
  }

  async #find(key: string): Promise<Note | undefined> {
    const item = await this.#core.timeline.find(refIn(key))
    return item && isNote(item) ? item : undefined
  }

  /** Whether it reached nobody, and will not. */
  isUndelivered({ device, id, privately: { person, outcome } }: Note): boolean {
    const own = device === this.#core.device
    return own && (outcome ?? this.stateOf(person, id)) === 'not-delivered'
  }

  /** A member of whom it is certain that words reach that person and nobody else. */
  #checkMayTell(is: (member: { device: DeviceId; person: string }) => boolean): { person: string } {
    const core = this.#core
    if (!core.maySpeak) throw new RoomRefusal('not-in-room')
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
