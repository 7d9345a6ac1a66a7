/**
 * How this device is used to read and write: what was seen last, what was begun, and whether the others are told that
 * somebody types or has read. Of others: who types now, and how far they say to have read.
 */
import { type DeviceId, type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type Aware, type MessageRef, textBytesAtMost } from '../messages/content.ts'
import type { StorageChange } from '../ports.ts'
import type { Draft, NotifyChoice, PersonView, ReadingView } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { holdsBack } from './quantum-policy.ts'
import { refIn, refKey } from './timeline.ts'
import type { Vanishing } from './vanishing.ts'
import type { Voice } from './voice.ts'

/** Somebody types until then, unless they say it again. */
const typingMs = 7_000
const typingAgainMs = 4_000
const readAgainMs = 3_000
/** In larger rooms nobody tells: each word of it is a frame for everybody. */
export const awareMembersAtMost = 32

/** Drafts kept; the oldest go. */
const draftsAtMost = 64

const storedDraft = v.object({
  text: v.string(),
  replyTo: v.exactOptional(v.string()),
  to: v.exactOptional(v.string()),
})
const stored = v.object({
  seen: v.exactOptional(v.string()),
  /** The newest is the last. */
  drafts: v.exactOptional(v.array(storedDraft), []),
  /** As versions kept it that knew one draft only. */
  draft: v.exactOptional(storedDraft),
  tellsTyping: v.boolean(),
  tellsRead: v.boolean(),
  notify: v.exactOptional(
    v.object({
      about: v.picklist(['all', 'mentions', 'none']),
      content: v.boolean(),
      sound: v.boolean(),
      push: v.exactOptional(v.boolean()),
    }),
  ),
  /** By person: the newest message that they say to have read. */
  read: v.record(v.string(), v.object({ device: v.string(), key: v.string() })),
})
type Stored = v.InferOutput<typeof stored>

const quietly: NotifyChoice = { about: 'none', content: false, sound: false }

export class Reading {
  readonly #core: RoomCore
  readonly #voice: () => Voice
  readonly #personOf: (device: DeviceId) => string
  readonly #vanishing: Vanishing
  #own: Stored = { drafts: [], tellsTyping: false, tellsRead: false, read: {} }
  #seenAtFirst: string | undefined
  readonly #typing = new Map<DeviceId, number>()
  #typedMs = Number.NEGATIVE_INFINITY
  #told: string | undefined

  constructor(core: RoomCore, voice: () => Voice, personOf: (device: DeviceId) => string, vanishing: Vanishing) {
    this.#vanishing = vanishing
    this.#core = core
    this.#voice = voice
    this.#personOf = personOf
  }

  async load(): Promise<void> {
    const read = parseStored(stored, await this.#core.storage.get(this.#core.key('reading'))) ?? this.#own
    const { draft, ...own } = read
    this.#own = draft ? { ...own, drafts: [draft, ...own.drafts] } : own
    this.#seenAtFirst = this.#own.seen
  }

  view(person: (device: DeviceId) => PersonView): ReadingView {
    const { read, drafts, tellsTyping, tellsRead, notify = quietly } = this.#own
    const draft = drafts.at(-1)
    const members = new Set<string>(this.#core.members())
    const readers = Object.values(read).filter(({ device }) => members.has(device))
    return {
      ...(this.#seenAtFirst === undefined ? {} : { seen: this.#seenAtFirst }),
      ...(draft ? { draft, drafts } : {}),
      ...{ tellsTyping, tellsRead, notify },
      typing: [...this.#typing.keys()].filter((device) => members.has(device)).map(person),
      readers: readers.map(({ device, key }) => ({ person: person(device as DeviceId), key })),
    }
  }

  // --- what the person does --------------------------------------------------------------------------------------

  see(key: string): Promise<void> {
    return this.#core.run(async () => {
      if (this.#own.seen === key) return
      const started = await this.#vanishing.seen(refIn(key))
      await this.#core.storage.apply([this.#change({ seen: key }), ...started])
      if (started.length > 0) this.#core.changed()
      if (this.#own.tellsRead)
        this.#core.timers.setOnce('tell-read', readAgainMs, () => this.#later(() => this.#sayRead()))
    })
  }

  keepDraft(draft: Draft | undefined): Promise<void> {
    if (draft && utf8(draft.text).length > textBytesAtMost) return Promise.resolve() // it cannot be sent either
    return this.#core.run(async () => {
      await this.#become({ drafts: withDraft(this.#own.drafts, draft ?? { text: '' }) })
      this.#core.changed()
    })
  }

  tell(what: 'typing' | 'read', on: boolean): Promise<void> {
    return this.#core.run(async () => {
      await this.#become(what === 'typing' ? { tellsTyping: on } : { tellsRead: on })
      this.#core.changed()
    })
  }

  chooseNotify(change: Partial<NotifyChoice>): Promise<void> {
    return this.#core.run(async () => {
      await this.#become({ notify: { ...quietly, ...this.#own.notify, ...change } })
      this.#core.changed()
    })
  }

  typed(): void {
    const { nowMs } = this.#core
    const since = nowMs - this.#typedMs
    if (!this.#own.tellsTyping || (since >= 0 && since < typingAgainMs)) return
    this.#typedMs = nowMs
    this.#later(async () => {
      if (this.#mayTell) await this.#voice().say({ type: 'typing' })
    })
  }

  // --- what the others say ---------------------------------------------------------------------------------------

  /** `atMs`: when the relay took it. */
  onAware(device: DeviceId, content: Aware, atMs: number): StorageChange[] {
    if (content.type === 'read') return this.#onRead(device, content.upTo)
    const core = this.#core
    const leftMs = Math.min(typingMs, atMs + typingMs - core.clocks.relayMs)
    // It has been on its way for too long: nobody types any more.
    if (leftMs <= 0) return []
    this.#typing.set(device, core.nowMs)
    core.timers.set(`typing ${device}`, leftMs, () => this.quiet(device))
    core.changed()
    return []
  }

  /** It has said what it was typing. */
  quiet(device: DeviceId): void {
    if (this.#typing.delete(device)) this.#core.changed()
  }

  #onRead(device: DeviceId, upTo: MessageRef): StorageChange[] {
    const { timeline } = this.#core
    const person = this.#personOf(device)
    const key = refKey(upTo)
    const before = this.#own.read[person]
    if (person === '' || !timeline.has(upTo.device, upTo.id)) return []
    // Nobody reads backwards: an earlier word, said late, says nothing new.
    if (before && timeline.isBefore(upTo, refIn(before.key))) return []
    return [this.#change({ read: { ...this.#own.read, [person]: { device, key } } })]
  }

  // --- the rest --------------------------------------------------------------------------------------------------

  get #mayTell(): boolean {
    const core = this.#core
    const few = core.members().length <= awareMembersAtMost
    return few && core.phase.at === 'member' && core.connected && core.stream?.inStep === true && !holdsBack(core)
  }

  async #sayRead(): Promise<void> {
    const { seen, tellsRead } = this.#own
    if (seen === undefined || !tellsRead || !this.#mayTell) return
    const upTo = await this.#lastForAll(refIn(seen))
    if (!upTo || refKey(upTo) === this.#told) return
    this.#told = refKey(upTo)
    await this.#voice().say({ type: 'read', upTo })
  }

  /** The newest message up to that one that everybody has: of what is private, the others are told nothing. */
  async #lastForAll(seen: MessageRef): Promise<MessageRef | undefined> {
    const { timeline } = this.#core
    if (!timeline.has(seen.device, seen.id)) return undefined
    for await (const item of timeline.newest()) {
      const ref = { device: item.device, id: item.id as MessageId }
      if (!item.privately && !timeline.isBefore(seen, ref)) return ref
    }
    return undefined
  }

  #later(job: () => Promise<void>): void {
    void this.#core.later(job)
  }

  #change(change: Partial<Stored>): StorageChange {
    this.#own = { ...this.#own, ...change }
    return { type: 'put', key: this.#core.key('reading'), value: utf8(JSON.stringify(this.#own)) }
  }

  async #become(change: Partial<Stored>): Promise<void> {
    await this.#core.storage.apply([this.#change(change)])
  }
}

/** Puts it in the place of what was kept for the same people; the newest is the last. */
function withDraft(before: readonly Draft[], draft: Draft): Draft[] {
  const others = before.filter(({ to, text }) => to !== draft.to && text !== '')
  const says = draft.text !== '' || draft.to !== undefined
  return says || others.length > 0 ? [...others, draft].slice(-draftsAtMost) : []
}
