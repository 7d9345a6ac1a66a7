/**
 * Sealed messages on the relay's disk: holds what the relay does against what the room has agreed on, tells the relay where
 * the two differ, and says how far this device is, so that the relay can delete what everybody has.
 */
import type { Cursor, Incarnation, PairId } from '@qsec/protocol'
import type { RoomCore } from './core.ts'
import { rankOf, rankStepMs } from './wants.ts'

/** After a word to the relay, the next one about the same; and after one that it could not take then. */
const againMs = 30_000
const retryMs = 6_000
const passing: readonly string[] = ['rate-limited', 'unavailable', 'internal', 'not-logged-in']
/** A difference that lasts so long is shown: the first to notice it is about to mend it. */
const shownAfterMs = 5_000
/** The cursor is told so long after it moved, or at once when it has moved so far. */
const haveMs = 5_000
const haveFrames = 512

type PairCursor = { pair: PairId; inc: Incarnation; seq: number }

export class Keeping {
  readonly #core: RoomCore
  readonly #pairs: () => PairCursor[]
  /** Days for which the relay keeps frames, 0: not at all; undefined while there is no word of it. */
  #relayDays: number | undefined
  /** What the relay answered to a wish for so many days: its operator may allow fewer. */
  #answered: { wanted: number; days: number } | undefined
  /** What the relay was asked for last, and when it may be asked for it again. */
  #asked: { wanted: number; againAtMs: number } | undefined
  #dueFor: number | undefined
  #differsSinceMs: number | undefined
  readonly #told = new Map<string, Cursor>()

  constructor(core: RoomCore, pairs: () => PairCursor[]) {
    this.#core = core
    this.#pairs = pairs
  }

  /** Days that the room has agreed on; 0: nothing is kept. */
  get #wanted(): number {
    return this.#core.stream?.group.settings?.keepSealed ?? 0
  }

  /** The days that the relay does, where that differs from what was agreed for longer than a moment. */
  get otherwise(): number | undefined {
    const days = this.#relayDays
    if (days === undefined || days === this.#wanted) return undefined
    const since = this.#differsSinceMs
    const lasts = since !== undefined && Math.abs(this.#core.nowMs - since) >= shownAfterMs
    return this.#isLimit(days) || lasts ? days : undefined
  }

  /** The relay has said what it does: with the answer to `join`, or since it changed. */
  heard(days: number): void {
    this.#relayDays = days
    this.#core.changed()
    this.consider()
  }

  /** A connection begins with what `join` says. What it was told before may not have arrived. */
  resumed(days: number): void {
    this.#told.clear()
    this.heard(days)
  }

  /** Looks whether there is something to tell the relay. */
  consider(): void {
    const core = this.#core
    const { stream, timers } = core
    if (!stream || !core.connected || this.#relayDays === undefined) return
    if (this.#relayDays > 0) this.#considerPlaces()
    const differs = this.#relayDays !== this.#wanted && !this.#isLimit(this.#relayDays)
    if (!differs) {
      this.#differsSinceMs = undefined
      timers.clear('keep-sealed')
      timers.clear('keeps-otherwise')
      return
    }
    if (!stream.inStep) return // what was agreed may be about to change
    if (this.#differsSinceMs === undefined) {
      this.#differsSinceMs = core.nowMs
      timers.set('keeps-otherwise', shownAfterMs, () => core.changed())
    }
    const turnMs = rankStepMs * rankOf(stream.group, core.present)
    const asked = this.#asked?.wanted === this.#wanted ? this.#asked : undefined
    // A clock that was put back must not make it wait for ever.
    const pauseMs = Math.min(againMs, Math.max(0, (asked?.againAtMs ?? 0) - core.nowMs))
    // What was about to be asked for is over.
    if (this.#dueFor !== this.#wanted) timers.clear('keep-sealed')
    this.#dueFor = this.#wanted
    timers.setOnce('keep-sealed', Math.max(turnMs, pauseMs), () => core.beside(this.#tell()))
  }

  /** Whether the relay does less than was asked for because it was told that it may not do more. */
  #isLimit(days: number): boolean {
    return this.#answered?.wanted === this.#wanted && this.#answered.days === days
  }

  async #tell(): Promise<void> {
    const core = this.#core
    const wanted = this.#wanted
    if (!core.stream?.inStep || this.#relayDays === wanted) return
    this.#asked = { wanted, againAtMs: core.nowMs + againMs }
    const answer = await core.transport.request('keep_sealed', { room: core.address, days: wanted })
    if (answer?.ok) this.#answered = { wanted, days: answer.days }
    else if (!answer || passing.includes(answer.code)) this.#asked = { wanted, againAtMs: core.nowMs + retryMs }
    if (core.closed || core.stopped) return
    if (answer?.ok) this.heard(answer.days)
    else this.consider()
  }

  // --- how far this device is ------------------------------------------------------------------------------------

  #considerPlaces(): void {
    const { timers, stream } = this.#core
    const told = this.#told.get('')
    const cursor = stream!.cursor
    if (told?.inc === cursor.inc && cursor.seq - told.seq >= haveFrames) timers.set('have', 0, () => this.#sayPlaces())
    else if (this.#moved().length > 0) timers.setOnce('have', haveMs, () => this.#sayPlaces())
  }

  /** Streams that went on since the relay was told, the room's own under the empty name. */
  #moved(): { name: string; cursor: Cursor }[] {
    const { stream } = this.#core
    const places = this.#pairs().map(({ pair, inc, seq }) => ({ name: pair as string, cursor: { inc, seq } }))
    if (stream) places.push({ name: '', cursor: stream.cursor })
    return places.filter(({ name, cursor }) => {
      const told = this.#told.get(name)
      return told?.inc !== cursor.inc || told.seq !== cursor.seq
    })
  }

  /** In the queue: there a cursor is stored with all that it stands for. */
  #sayPlaces(): void {
    const core = this.#core
    void core.later(() => {
      const moved = this.#moved()
      if (moved.length === 0 || !core.connected || !this.#relayDays) return
      for (const { name, cursor } of moved) this.#told.set(name, cursor)
      const at = moved.find(({ name }) => name === '')?.cursor
      const pairs = moved.flatMap(({ name, cursor }) => (name === '' ? [] : [{ pair: name as PairId, ...cursor }]))
      // Without an answer it is told again with the next one: until then the relay keeps a little more.
      core.beside(
        core.transport.request('have', { room: core.address, ...(at ? { at } : {}), ...(pairs[0] ? { pairs } : {}) }),
      )
    })
  }
}
