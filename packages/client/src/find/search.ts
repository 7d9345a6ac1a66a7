/**
 * Looks for words in what this device has of the room. Nothing leaves the device, and nothing new is stored: the history is
 * opened block by block, newest first, and stays in memory until the search is closed, so that the next word is quick.
 */
import type { DeviceId } from '@qsec/protocol'
import type { Clock } from '../ports.ts'
import { type Item, type MessageItem, refKey, type Timeline } from '../room/timeline.ts'
import type { PersonView } from '../snapshot.ts'
import { fold } from './fold.ts'
import type { FoundMessage, RoomSearch, SearchScope, SearchStep } from './found.ts'
import { holdsAll, type Place, placesOf, wordsOf } from './words.ts'

/** So long it looks at what is in memory before whoever draws the page has a turn; the clock is read between so many messages. */
const sliceMs = 10
const sliceMessages = 100

interface Parts {
  timeline: Timeline
  clock: Clock
  person(device: DeviceId): PersonView
  /** As names are shown: what is looked for is what can be read. */
  onChange(): void
}

/** A message as far as it is looked at. */
type Kept = Pick<MessageItem, 'device' | 'id' | 'text' | 'atMs' | 'doubtful' | 'privately'>

export class Search implements RoomSearch {
  readonly #parts: Parts
  /** Newest first, as far as it has been read; what was opened before it came stands in `#since`. */
  #read: Kept[] = []
  #all = false
  #reading: Promise<void> | undefined
  #source: AsyncGenerator<MessageItem>
  readonly #stopWatching: () => void
  /** Of messages that came or changed since it was opened: as they are now; undefined where they are gone. */
  readonly #since = new Map<string, Kept | undefined>()
  /** Of these, in order, what stands behind all that was there. */
  readonly #newer = new Set<string>()
  #closed = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#source = parts.timeline.newest()
    this.#stopWatching = parts.timeline.watch((item, change) => this.#note(item, change))
  }

  async *find(query: string): AsyncGenerator<SearchStep> {
    const words = wordsOf(query)
    if (words.length === 0) return
    const names = new Map<DeviceId, string>()
    let found = this.#look(
      words,
      [...this.#newer].reverse().flatMap((key) => this.#since.get(key) ?? []),
      names,
    )
    const read = this.#read
    for (let at = 0; !this.#closed; ) {
      const isNew = at >= read.length && !this.#all
      if (isNew) await this.#readMore()
      if (read !== this.#read && !this.#closed) throw new Error('What was read of the history was given up.')
      const beganMs = this.#parts.clock.nowMs()
      do {
        const slice = read.slice(at, at + sliceMessages)
        at += slice.length
        const now = slice.flatMap((one) => this.#now(one) ?? [])
        found.push(...this.#look(words, now, names))
      } while (at < read.length && this.#parts.clock.nowMs() - beganMs < sliceMs)
      const done = this.#all && at >= read.length
      yield { looked: at, of: Math.max(at, this.#parts.timeline.messageCount), found, done }
      if (done) return
      found = []
      // Storage gives the page its turns by itself; what is in memory does not.
      if (!isNew) await new Promise<void>((resolve) => void this.#parts.clock.after(0, resolve))
    }
  }

  async scope(): Promise<SearchScope> {
    const { timeline } = this.#parts
    const sinceMs = (await timeline.itemsAt(0))?.items[0]?.atMs
    return { messages: timeline.messageCount, ...(sinceMs === undefined ? {} : { sinceMs }) }
  }

  close(): void {
    this.#closed = true
    this.#stopWatching()
    this.#read = []
    this.#since.clear()
    this.#newer.clear()
    void this.#source.return(undefined)
  }

  /** The next block of history. Whoever asks meanwhile waits for the same one. */
  #readMore(): Promise<void> {
    this.#reading ??= this.#readBlock()
      .catch((error: unknown) => {
        // A part that could not be read must not look like the end of all: the next try begins anew.
        this.#read = []
        this.#source = this.#parts.timeline.newest()
        throw error
      })
      .finally(() => {
        this.#reading = undefined
      })
    return this.#reading
  }

  async #readBlock(): Promise<void> {
    for (let i = 0; i < blockMessages; i++) {
      const next = await this.#source.next()
      if (next.done) {
        this.#all = true
        return
      }
      const { device, id, text, atMs, doubtful, privately, deleted } = next.value
      if (deleted) continue
      const more = { ...(doubtful ? { doubtful } : {}), ...(privately ? { privately } : {}) }
      this.#read.push({ device, id, text, atMs, ...more })
    }
  }

  #note(item: Item, change: 'came' | 'changed' | 'gone'): void {
    if (item.type !== 'message') return
    const key = refKey(item)
    this.#since.set(key, change === 'gone' || item.deleted ? undefined : item)
    if (change === 'came') this.#newer.add(key)
    if (change === 'gone') this.#newer.delete(key)
    this.#parts.onChange()
  }

  /** A message that was read from storage, as it is now; undefined where it is gone or stands among the newer ones. */
  #now(one: Kept): Kept | undefined {
    const key = refKey(one)
    if (this.#newer.has(key)) return undefined
    return this.#since.has(key) ? this.#since.get(key) : one
  }

  #look(words: readonly string[], messages: readonly Kept[], names: Map<DeviceId, string>): FoundMessage[] {
    const { person } = this.#parts
    const nameOf = (device: DeviceId): string => {
      const known = names.get(device) ?? fold(person(device).name)
      names.set(device, known)
      return known
    }
    return messages
      .filter(({ device, text }) => holdsAll(words, fold(text), nameOf(device)))
      .map((one) => new Found(one, person, words))
  }
}

/** Of thousands that are found, few are shown: where the words stand is looked for only there. */
class Found implements FoundMessage {
  readonly key: string
  readonly author: PersonView
  readonly atMs: number
  readonly doubtfulTime?: true
  readonly privately?: PersonView
  readonly #said: string
  readonly #words: readonly string[]

  constructor(one: Kept, person: Parts['person'], words: readonly string[]) {
    this.key = refKey(one)
    this.author = person(one.device)
    this.atMs = one.atMs
    if (one.doubtful) this.doubtfulTime = true
    if (one.privately) this.privately = person(one.privately.device)
    this.#said = one.text
    this.#words = words
  }

  get text(): string {
    return this.#said.normalize('NFC')
  }

  get places(): readonly Place[] {
    return placesOf(this.#words, this.text)
  }
}

/** As storage has them side by side. */
const blockMessages = 100
