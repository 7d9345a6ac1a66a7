/**
 * Getting back what the relay has lost (protocol.md §4, Repair): asks the members who are here for their copies until nobody has
 * more, and says what came of it. Meanwhile the stream applies and seals nothing new.
 */
import { type Cursor, type DeviceId, fromBase64Url, type GapGiven, limits } from '@qsec/protocol'
import type { CatchUpView } from '../snapshot.ts'
import type { Hole } from '../sync/repair.ts'
import type { StreamFrame } from '../sync/session.ts'
import type { RoomCore } from './core.ts'
import { dateOr } from './times.ts'

/** After so long without a frame the room goes on without those that are missing. */
const silenceMs = 10_000
/** A frame that does not open waits for so long for somebody who has another one. */
const doubtMs = 5_000
/** Nobody here had it: it may be that somebody has come since. */
const againMs = 2_000
/** Somebody has come: others come with them, as a rule. */
const gatherMs = 300
/** No word from the relay. */
const lostMs = 6_000
/** Away for no longer than this, the same people as before know all that was said meanwhile. */
const shortAbsenceMs = 20_000
/** Skips in one repair: a member could name places for ever. */
const skipsAtMost = 16

export interface CatchUpParts {
  core: RoomCore
  /** Asks the relay where the stream stands. */
  resume(): void
  /** Repeats an own commit whose answer was lost: with the relay's memory it may be all that is missing. */
  resend(): void
  /** A commit waits for a secret that its committer may still share. */
  waitsForShare(): boolean
}

interface Running {
  /** When the last frame came, or somebody was first here to be asked. */
  silentSinceMs: number
  /** Frames that came, and whose copies they were. */
  frames: number
  givers: Set<DeviceId>
  liars: Set<DeviceId>
  skips: number
  /** How often in a row nobody had what was asked for. */
  nones: number
  /** The first number of the open question; undefined while there is none. */
  askedFrom: number | undefined
  /** Who was here when it was asked. */
  askedWith: ReadonlySet<DeviceId> | undefined
  waiting: boolean
  itemsBefore: number
}

export class CatchUp {
  readonly #parts: CatchUpParts
  #running: Running | undefined
  /** When the connection was lost, and who was here. */
  #left: { atMs: number; present: ReadonlySet<DeviceId> } | undefined
  /** The relay has said on this connection who is here. */
  #knowsPresent = false
  /** The silence of the time without a connection does not count. */
  #wasAway = false

  constructor(parts: CatchUpParts) {
    this.#parts = parts
  }

  get view(): CatchUpView | undefined {
    const hole = this.#hole
    return this.#running && hole ? { waiting: this.#running.waiting, certain: hole.certain } : undefined
  }

  get #hole(): Hole | undefined {
    return this.#parts.core.stream?.hole
  }

  /** The stream has found that something is missing, or may be. */
  begin(): void {
    const { core, resend } = this.#parts
    this.#running ??= {
      silentSinceMs: core.nowMs,
      frames: 0,
      givers: new Set(),
      liars: new Set(),
      skips: 0,
      nones: 0,
      askedFrom: undefined,
      askedWith: undefined,
      waiting: false,
      itemsBefore: core.timeline.count,
    }
    if (this.#wasAway) {
      this.#running.silentSinceMs = core.nowMs
      this.#running.liars.clear()
      this.#wasAway = false
    }
    resend()
    this.#askAfter(0)
  }

  /** The connection is gone: what was under way on it is void. */
  disconnected(): void {
    const { core } = this.#parts
    this.#left ??= { atMs: core.nowMs, present: core.present }
    this.#knowsPresent = false
    this.#wasAway = true
    core.timers.clear('catch-up')
    if (this.#running) this.#running.askedFrom = undefined
  }

  /** The stream is in step again, by whatever way. */
  resumed(): void {
    this.#left = undefined
    this.#running = undefined
    this.#parts.core.timers.clear('catch-up')
  }

  onUserList(): void {
    this.#knowsPresent = true
    const running = this.#running
    if (!running) return
    const { askedWith, waiting } = running
    if (!askedWith) this.#askAfter(0)
    else if (waiting && [...this.#parts.core.present].some((device) => !askedWith.has(device))) this.#askAfter(gatherMs)
  }

  /** The person does not want to wait. */
  async skip(): Promise<void> {
    if (this.#running) await this.#end(this.#running)
  }

  /** Frames from a member, or word that nobody has them. */
  async onGiven(event: GapGiven): Promise<void> {
    const running = this.#running
    const hole = this.#hole
    if (!running || !hole || event.inc !== hole.inc || event.from !== running.askedFrom) return
    running.askedFrom = undefined
    const { device } = event
    if (device && event.frames.length > 0) await this.#take(running, event, device)
    else await this.#onNone(running, hole, event.next)
  }

  async #take(running: Running, event: GapGiven, device: DeviceId): Promise<void> {
    const { core } = this.#parts
    const frames = event.frames.flatMap((one) => frameOf(event.inc, one, core.nowMs) ?? [])
    const last = frames.at(-1)?.seq
    const more = event.next?.inc === event.inc && event.next.seq - 1 === last
    const { applied, refused } = await core.stream!.given(frames, device, more)
    if (refused) running.liars.add(device)
    if (applied > 0) {
      running.nones = 0
      running.frames += applied
      running.givers.add(device)
      running.silentSinceMs = core.nowMs
      running.waiting = false
    }
    // What waits for a bundle is not asked for faster than it can be applied.
    this.#askAfter(applied > 0 || refused ? 0 : againMs)
  }

  async #onNone(running: Running, hole: Hole, next: Cursor | undefined): Promise<void> {
    const { core } = this.#parts
    // A member that makes frames up could go on for ever: after the silence nothing is believed that does not open.
    // Nor is it while one of those who are away may come and have another frame in its place.
    if (this.#mayBelieve(running) && (await core.stream!.believeDoubted())) {
      running.liars.clear()
      return this.#askAfter(0)
    }
    const isDoubtful = running.liars.size > 0 && running.nones === 0 && !this.#isSilent(running)
    running.waiting = true
    running.nones++
    core.changed()
    if (!isDoubtful && this.#isOver(running, hole)) await this.#finish(next)
    else this.#askAfter(againMs)
  }

  /** The relay does not ask the others now. If it never does, the room goes on after the silence all the same. */
  async #onRefused(running: Running): Promise<void> {
    if (this.#running !== running) return
    running.askedFrom = undefined
    running.askedWith = undefined
    if (this.#isSilent(running)) await this.#finish(undefined)
    else this.#askAfter(againMs)
  }

  #mayBelieve(running: Running): boolean {
    const { core } = this.#parts
    if (this.#isSilent(running)) return false
    const { askedWith, nones, silentSinceMs } = running
    const all = core.members().every((device) => device === core.device || askedWith?.has(device))
    // Others may be getting it at this moment, from whoever gave it to this device otherwise.
    return (all && nones > 0) || core.nowMs - silentSinceMs >= doubtMs
  }

  #isSilent({ silentSinceMs }: Running): boolean {
    return this.#parts.core.nowMs - silentSinceMs >= silenceMs
  }

  /** Whether nobody is left who could have more, or it was silent for long enough. */
  #isOver(running: Running, { certain }: Hole): boolean {
    const { core } = this.#parts
    const others = core.members().filter((device) => device !== core.device)
    const { askedWith, nones } = running
    const someone = others.some((device) => askedWith?.has(device))
    // While nobody is here there is nothing to go on with: whoever comes next may have it.
    if (certain && others.length > 0 && !someone) running.silentSinceMs = core.nowMs
    if (others.length === 0 || this.#isSilent(running)) return true
    if (!askedWith) return false
    // The committer of what is missing may be about to adopt it in its place, as its only holder.
    if (certain) return nones > 1 && others.every((device) => askedWith.has(device))
    return others.every((device) => askedWith.has(device)) || this.#isAsBefore(askedWith, others)
  }

  /** All are back who were here when the connection broke, a moment ago. */
  #isAsBefore(present: ReadonlySet<DeviceId>, others: readonly DeviceId[]): boolean {
    const left = this.#left
    if (!left || this.#parts.core.nowMs - left.atMs > shortAbsenceMs) return false
    return others.every((device) => !left.present.has(device) || present.has(device))
  }

  #askAfter(delayMs: number): void {
    this.#parts.core.timers.set('catch-up', delayMs, () => void this.#parts.core.later(() => this.#ask()))
  }

  async #ask(): Promise<void> {
    const { core } = this.#parts
    const running = this.#running
    const hole = this.#hole
    if (!running || !hole || !core.connected) return
    const { inc, from, to } = hole
    if (to !== undefined && from > to) return this.#finish(undefined)
    running.askedFrom = from
    running.askedWith = this.#knowsPresent ? new Set(core.present) : undefined
    this.#askAfter(lostMs)
    const want = {
      room: core.address,
      inc,
      from,
      to: Math.min(to ?? Number.POSITIVE_INFINITY, from + limits.gapFrames - 1),
      ...(running.liars.size > 0 ? { not: [...running.liars].slice(0, limits.gapLiars) } : {}),
    }
    core.beside(
      core.transport.request('gap_want', want).then((answer) => {
        if (answer && !answer.ok) void core.later(() => this.#onRefused(running))
      }),
    )
  }

  async #finish(next: Cursor | undefined): Promise<void> {
    const { core } = this.#parts
    const running = this.#running
    if (!running || !this.#hole) return
    if (this.#parts.waitsForShare()) running.silentSinceMs = core.nowMs
    // What was given and waits for something would be lost.
    if (core.stream!.waits && !this.#isSilent(running)) return this.#askAfter(againMs)
    if (next && running.skips < skipsAtMost && (await core.stream!.skipTo(next))) {
      running.skips++
      running.nones = 0
      running.silentSinceMs = core.nowMs
      return this.#askAfter(0)
    }
    await this.#end(running)
  }

  async #end(running: Running): Promise<void> {
    const { core, resume } = this.#parts
    await this.#tellCaughtUp(running)
    const { rewound } = await core.stream!.endRepair()
    if (rewound) await core.store(core.timeline.tell({ type: 'unreadable', reason: 'rewound' }, core.nowMs))
    this.#running = undefined
    resume()
    // Until an answer has come: `resumed`.
    core.timers.set('catch-up', againMs, resume)
  }

  async #tellCaughtUp({ frames, givers, itemsBefore }: Running): Promise<void> {
    const { core } = this.#parts
    if (frames === 0 || core.timeline.count === itemsBefore) return
    await core.store(core.timeline.tell({ type: 'caught-up', from: [...givers] }, core.nowMs))
  }
}

function frameOf(inc: GapGiven['inc'], one: GapGiven['frames'][number], nowMs: number): StreamFrame | undefined {
  const ct = fromBase64Url(one.ct)
  const { seq, epoch, id, device } = one
  const kind = one.event === 'commit' ? 'commit' : 'message'
  return ct && { kind, inc, seq, epoch, id, device, ct, atMs: dateOr(one.at, nowMs) }
}
