/** Words for one person of the room alone, said and heard: they travel in the conversation of the two. */
import { type DeviceId, type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { noteBytesAtMost } from '../conversations/content.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Heard } from '../conversations/host.ts'
import type { StorageChange } from '../ports.ts'
import type { NoteView, PersonView } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { RoomRefusal } from './refusal.ts'
import { writtenAt } from './times.ts'
import type { Trust } from './trust.ts'

/** Kept of those with one person, so that nobody's flood takes away what others said: the oldest go when there are more. */
const notesPerPerson = 1_000

const storedNote = v.object({
  id: v.string(),
  /** A device of the other person. */
  with: v.string(),
  /** Fingerprint of the other person. */
  person: v.string(),
  from: v.string(),
  text: v.string(),
  atMs: v.number(),
  /** What is certain of an own one: a device of the other has it, or none ever will. */
  outcome: v.exactOptional(v.picklist(['delivered', 'not-delivered'])),
})
type Note = v.InferOutput<typeof storedNote>

export class Notes {
  readonly #core: RoomCore
  readonly #conversations: () => Conversations
  readonly #trust: Trust
  /** By their storage keys, the oldest first. */
  readonly #notes = new Map<string, Note>()
  #next = 0

  constructor(core: RoomCore, trust: Trust, conversations: () => Conversations) {
    this.#core = core
    this.#trust = trust
    this.#conversations = conversations
  }

  async load(): Promise<void> {
    const prefix = `${this.#core.key('note')}/`
    for (const { key, value } of await this.#core.storage.list(prefix)) {
      const note = parseStored(storedNote, value)
      if (note) this.#notes.set(key, note)
      this.#next = Number(key.slice(prefix.length)) + 1
    }
  }

  /** Stores the words for the person behind `device` and lets them go when they can. */
  async say(device: DeviceId, text: string): Promise<void> {
    const core = this.#core
    if (text === '' || utf8(text).length > noteBytesAtMost) {
      throw new RangeError(`A note has 1 to ${noteBytesAtMost} bytes: say it in parts.`)
    }
    if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    const member = core.stream?.group.members.find((one) => one.device === device)
    if (!member || !core.members().includes(device)) throw new RoomRefusal('not-a-member')
    if (member.person === core.identity.person) throw new RoomRefusal('own-person')
    if (core.stream?.group.settings?.quantum === 'required') throw new RoomRefusal('quantum-required')
    if (this.#trust.blockedBy().includes(device)) throw new RoomRefusal('keys-changed')
    await core.run(async () => {
      const id = core.randomId<MessageId>()
      const { person } = member
      const atMs = core.nowMs
      const kept = this.#keep({ id, with: device, person, from: core.device, text, atMs })
      await this.#conversations().say(person, id, { type: 'note', text, atMs }, kept)
    })
    core.changed()
  }

  onHeard({ id, from, with: person, content }: Heard): StorageChange[] {
    const core = this.#core
    const { text } = content
    const other = core.stream?.group.members.find((member) => member.person === person)?.device ?? from.device
    const madeMs = core.bundles.of(from.device)?.bundle.record.createdMs ?? 0
    const { atMs } = writtenAt(content.atMs, core.clocks.relayMs, core.nowMs, madeMs)
    return this.#keep({ id, with: other, person, from: from.device, text, atMs })
  }

  onDelivered(ids: readonly MessageId[]): StorageChange[] {
    return this.#settle(ids, 'delivered')
  }

  onUndelivered(ids: readonly MessageId[]): StorageChange[] {
    return this.#settle(ids, 'not-delivered')
  }

  #settle(ids: readonly MessageId[], outcome: NonNullable<Note['outcome']>): StorageChange[] {
    if (ids.length === 0) return []
    const isOpen = (note: Note) => note.from === this.#core.device && note.outcome === undefined
    const open = [...this.#notes].filter(([, note]) => isOpen(note) && ids.includes(note.id as MessageId))
    return open.map(([key, note]) => {
      const settled = { ...note, outcome }
      this.#notes.set(key, settled)
      return { type: 'put', key, value: utf8(JSON.stringify(settled)) }
    })
  }

  #stateOf({ id, person, from, outcome }: Note): NoteView['state'] {
    if (from !== this.#core.device) return 'received'
    if (outcome) return outcome
    // Of an ended room nothing leaves any more.
    if (this.#core.meta.ended) return 'not-delivered'
    return this.#conversations().stateOf(person, id as MessageId) ?? 'sent'
  }

  view(personOf: (device: DeviceId) => PersonView): NoteView[] {
    return [...this.#notes.values()].map((note) => ({
      key: `${note.from}/${note.id}`,
      with: personOf(note.with as DeviceId),
      from: personOf(note.from as DeviceId),
      text: note.text,
      atMs: note.atMs,
      state: this.#stateOf(note),
    }))
  }

  #keep(note: Note): StorageChange[] {
    const key = this.#core.key('note', String(this.#next++).padStart(15, '0'))
    this.#notes.set(key, note)
    const withPerson = [...this.#notes].flatMap(([one, { person }]) => (person === note.person ? [one] : []))
    const over = withPerson.slice(0, Math.max(0, withPerson.length - notesPerPerson))
    for (const old of over) this.#notes.delete(old)
    return [
      { type: 'put', key, value: utf8(JSON.stringify(note)) },
      ...over.map((old): StorageChange => ({ type: 'delete', key: old })),
    ]
  }
}
