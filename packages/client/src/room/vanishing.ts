/**
 * Messages that disappear. Each says for how many seconds it lives. Its time begins on its author's device once the relay
 * has taken it, and on any other once somebody has seen it there; unseen it goes a week later at the latest. Then nothing of
 * it is left in this device's storage, and a mark keeps it from coming back: an author whose relay has restarted says again
 * what not everybody has.
 */
import type { DeviceId } from '@qsec/protocol'
import { lifetimeAtMostS } from '../crypto/index.ts'
import type { MessageRef } from '../messages/content.ts'
import type { Clock, Storage, StorageChange } from '../ports.ts'
import { ForwardClock } from './forward-clock.ts'
import { type MessageItem, refIn, refKey, type Timeline } from './timeline.ts'
import { dueMs, type Mark, markChange, storedMarks, storedTimeOf, timeChange } from './vanishing-rows.ts'

/** So much longer a message lives that nobody sees. */
export const unseenMs: number = 7 * 86_400_000
/** Outboxes and the copies of others are empty by then: nobody says it again. */
const goneKeptMs = 90 * 86_400_000
/** The longest pause between two looks: a clock that is put back gives a message no more than that. */
const lookMs = 60_000

export interface VanishingParts {
  clock: Clock
  storage: Storage
  timeline: Timeline
  /** Storage key below which marks lie. */
  prefix: string
  /** Runs a job in the device's queue. */
  run(job: () => Promise<void>): void
  /**
   * Stores the changes, and takes out of the outboxes what says the message or changes it. True: something of it is on its
   * way, and cannot be taken out yet.
   */
  forget(ref: MessageRef, item: MessageItem | undefined, changes: StorageChange[]): Promise<boolean>
  /** Says that a message of that device went unseen; what to store for it. */
  tell(from: DeviceId): StorageChange[]
  changed(): void
}

export type Lifetime = NonNullable<MessageItem['lifetime']>

/** The shorter of two lifetimes, where there is one. */
export function shorter(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)
}

export function checkLifetime(seconds: number | undefined): void {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds >= 1 && seconds <= lifetimeAtMostS)) return
  throw new RangeError(`A message lives for 1 to ${lifetimeAtMostS} seconds after it was seen.`)
}

export class Vanishing {
  readonly #parts: VanishingParts
  /** By the key of the message. */
  #marks = new Map<string, Mark>()
  #clock: ForwardClock
  #end: (() => void) | undefined
  #closed = false

  constructor(parts: VanishingParts) {
    this.#parts = parts
    this.#clock = new ForwardClock(parts.clock)
  }

  async load(): Promise<void> {
    const { storage, prefix, clock } = this.#parts
    this.#marks = await storedMarks(storage, prefix)
    this.#clock = new ForwardClock(clock, await storedTimeOf(storage, prefix))
  }

  close(): void {
    this.#closed = true
    this.#end?.()
  }

  isGone(ref: MessageRef): boolean {
    return this.#marks.get(refKey(ref))?.state === 'gone'
  }

  /** What the device's clock will say when a message goes whose `goesMs` is this. */
  wallOf(goesMs: number): number {
    return this.#clock.wallOf(goesMs)
  }

  // --- beginning -------------------------------------------------------------------------------------------------

  /** An own message, which lives from when the relay has taken it. */
  say(ref: MessageRef, seconds: number): { lifetime: Lifetime; changes: StorageChange[] } {
    return { lifetime: { seconds }, changes: this.#mark(ref, { state: 'unsent', seconds }) }
  }

  /**
   * A message that came. Undefined: its time was over before; then the changes are all that is left of it.
   *
   * @param ageMs - how long ago it was said, by whatever clock says the least
   * @param own - said by this person on another device: nobody has to see it first
   */
  hear(
    ref: MessageRef,
    { seconds, ageMs, own }: { seconds: number; ageMs: number; own: boolean },
  ): { lifetime: Lifetime | undefined; changes: StorageChange[] } {
    const nowMs = this.#clock.nowMs()
    const latestMs = nowMs + unseenMs + seconds * 1000 - Math.max(0, ageMs)
    if (latestMs <= nowMs) {
      const gone = this.#mark(ref, { state: 'gone', sinceMs: nowMs, owes: false })
      return { lifetime: undefined, changes: [...gone, ...this.#parts.tell(ref.device)] }
    }
    if (!own) return { lifetime: { seconds }, changes: this.#mark(ref, { state: 'unseen', seconds, latestMs }) }
    const goesMs = nowMs + seconds * 1000
    return { lifetime: { seconds, goesMs }, changes: this.#mark(ref, { state: 'runs', goesMs }) }
  }

  /** The relay has taken an own message: its time begins, with the room's lifetime of that moment where it is shorter. */
  async sent(ref: MessageRef, roomLifetimeS: number | undefined): Promise<StorageChange[]> {
    const before = this.#marks.get(refKey(ref))
    if (before && before.state !== 'unsent') return []
    const seconds = shorter(before?.seconds, roomLifetimeS)
    return seconds === undefined ? [] : await this.#start(ref, seconds)
  }

  /** Everything up to that message was seen. */
  async seen(upTo: MessageRef): Promise<StorageChange[]> {
    const changes: StorageChange[] = []
    for (const [key, mark] of this.#marks) {
      if (mark.state !== 'unseen') continue
      const ref = refIn(key)
      if (key !== refKey(upTo) && !this.#parts.timeline.isBefore(ref, upTo)) continue
      changes.push(...(await this.#start(ref, mark.seconds)))
    }
    return changes
  }

  async #start(ref: MessageRef, seconds: number): Promise<StorageChange[]> {
    const goesMs = this.#clock.nowMs() + seconds * 1000
    const given = await this.#parts.timeline.give(ref, { seconds, goesMs })
    return [...given, ...this.#mark(ref, { state: 'runs', goesMs })]
  }

  /** An own message was taken back, or deleted, before anybody had it. */
  drop(ref: MessageRef): StorageChange[] {
    const key = refKey(ref)
    return this.#marks.delete(key) ? [{ type: 'delete', key: `${this.#parts.prefix}/${key}` }] : []
  }

  #mark(ref: MessageRef, mark: Mark): StorageChange[] {
    const { prefix } = this.#parts
    this.#marks.set(refKey(ref), mark)
    this.#arm()
    return [markChange(prefix, refKey(ref), mark), timeChange(prefix, this.#clock.time)]
  }

  // --- going -----------------------------------------------------------------------------------------------------

  /** Deletes what is due, and looks again when the next one is. Runs in the queue. */
  async sweep(): Promise<void> {
    const nowMs = this.#clock.nowMs()
    let changed = false
    for (const [key, mark] of [...this.#marks]) {
      if (this.#closed) return
      if ((dueMs(mark) ?? Number.POSITIVE_INFINITY) <= nowMs) {
        await this.#vanish(refIn(key), mark.state === 'unseen')
        changed = true
      } else if (mark.state === 'gone') await this.#forgetGone(refIn(key), mark)
    }
    this.#arm()
    if (changed) this.#parts.changed()
  }

  async #vanish(ref: MessageRef, unseen: boolean): Promise<void> {
    const { timeline, forget, tell } = this.#parts
    const item = await timeline.find(ref)
    const gone: Mark = { state: 'gone', sinceMs: this.#clock.nowMs(), owes: false }
    const deleted = [...(await timeline.vanish(ref)), ...(unseen ? tell(ref.device) : [])]
    const owes = await forget(ref, item, [...deleted, ...this.#mark(ref, gone)])
    if (owes) await forget(ref, item, this.#mark(ref, { ...gone, owes }))
  }

  async #forgetGone(ref: MessageRef, mark: Mark & { state: 'gone' }): Promise<void> {
    const { storage, forget } = this.#parts
    if (mark.owes && !(await forget(ref, undefined, []))) {
      await storage.apply(this.#mark(ref, { ...mark, owes: false }))
    } else if (this.#clock.nowMs() - mark.sinceMs > goneKeptMs) await storage.apply(this.drop(ref))
  }

  /** Looks when the next one is due, and often enough for nobody to gain from a clock that is put back. */
  #arm(): void {
    this.#end?.()
    this.#end = undefined
    if (this.#closed) return
    const waits = [...this.#marks.values()].flatMap((mark) => {
      if (mark.state === 'gone') return mark.owes ? [Number.POSITIVE_INFINITY] : []
      return dueMs(mark) ?? []
    })
    if (waits.length === 0) return
    const delayMs = waits.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY) - this.#clock.nowMs()
    this.#end = this.#parts.clock.after(Math.min(lookMs, Math.max(0, delayMs)), () => {
      this.#parts.run(() => this.sweep())
    })
  }
}
