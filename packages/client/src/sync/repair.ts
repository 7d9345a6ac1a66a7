/**
 * Frames that the relay has lost, from the copies of other members (protocol.md §4, Repair). While it lasts the stream
 * stays where it was, and what the relay has newly ordered waits. A frame that was given counts as the relay's only once the group has
 * taken it: what does not open changes nothing, and another member is asked.
 */
import { type Cursor, equalBytes, type Incarnation, type Resumed } from '@qsec/protocol'
import type { StreamCore } from './core.ts'
import type { StreamFrame } from './session.ts'

/** What is missing, as the others are asked for it. */
export interface Hole {
  inc: Incarnation
  from: number
  /** The last one that can be missing, where that is known; below `from` nothing is missing any more. */
  to?: number
  /** It is certain that something is missing. Otherwise the relay has restarted, and perhaps nothing is. */
  certain: boolean
  /** The relay's present incarnation. */
  relayInc: Incarnation
}

interface Running {
  /** What the relay said when this device came back. */
  answer: Resumed
  /** Whose each frame is that waits for its turn. */
  givers: Map<number, string>
  /** A frame that did not open, as one member gave it. */
  doubted: { frame: StreamFrame; giver: string } | undefined
  /** How often something did not open. */
  doubts: number
  /** Frames that two members gave alike: they are what the relay had ordered. */
  agreed: Set<number>
  /** Behind the last frame that was given the giver has another. */
  more: boolean
}

export class Repair<G, A, C> {
  readonly #core: StreamCore<G, A, C>
  #running: Running | undefined

  constructor(core: StreamCore<G, A, C>) {
    this.#core = core
  }

  get answer(): Resumed | undefined {
    return this.#running?.answer
  }

  get hole(): Hole | undefined {
    const core = this.#core
    if (!this.#running || core.fallenOut) return undefined
    const { answer } = this.#running
    const { inc } = core.cursor
    const from = core.inbox.firstMissing
    const sameLife = answer.inc === inc
    const certain = sameLife || answer.epoch > core.epoch
    // Numbers go on from life to life, so an older one ends below the present one: no member can make it endless.
    const last = sameLife ? answer.seq : answer.firstSeq - 1
    const isKnown = sameLife || last >= core.cursor.seq
    return { inc, from, ...(isKnown ? { to: last } : {}), certain, relayInc: answer.inc }
  }

  /** Whether what is missing can go on at `next`. A member may name any place. */
  leadsTo(next: Cursor): boolean {
    const hole = this.hole
    if (!hole || next.seq > (hole.to ?? Number.POSITIVE_INFINITY)) return false
    if (next.inc === hole.inc) return next.seq > hole.from
    return hole.inc !== hole.relayInc && next.inc !== hole.relayInc
  }

  begin(answer: Resumed): void {
    this.stop()
    this.#running = { answer, givers: new Map(), doubted: undefined, doubts: 0, agreed: new Set(), more: false }
  }

  /** What was given and not applied is forgotten: nothing vouches for it. */
  stop(): void {
    this.#forgetGiven()
    this.#running = undefined
  }

  /** Puts the frames where their turn comes. */
  take(frames: readonly StreamFrame[], giver: string, more: boolean): void {
    const running = this.#running
    if (!running) return
    running.more = more
    for (const frame of frames) {
      const { doubted } = running
      if (doubted?.frame.seq === frame.seq && doubted.giver !== giver && isSame(doubted.frame, frame)) {
        running.agreed.add(frame.seq)
      }
      const arrival = this.#core.inbox.take(frame)
      if (arrival === 'due' || arrival === 'early') running.givers.set(frame.seq, giver)
    }
  }

  /** Whether a member gave the frame, and nothing but its opening can vouch for it. */
  isGiven(frame: StreamFrame): boolean {
    const running = this.#running
    if (!running?.givers.has(frame.seq)) return false
    return !running.agreed.has(frame.seq) || this.#isAhead(frame)
  }

  /** Of a later epoch: the commit that began it would have come first. No number of members is believed such a frame. */
  #isAhead({ epoch }: StreamFrame): boolean {
    return epoch > this.#core.epoch
  }

  /** The frame is not what it should be: it goes, with all that the same member gave behind it. */
  doubt(frame: StreamFrame): void {
    const running = this.#running
    const giver = running?.givers.get(frame.seq)
    if (!running || giver === undefined) return
    running.doubts++
    if (running.doubted?.frame.seq !== frame.seq) running.doubted = { frame, giver }
    this.#forgetGiven()
  }

  get doubts(): number {
    return this.#running?.doubts ?? 0
  }

  /** Whether something was given that did not open, and nobody else has given that frame otherwise. */
  get isDoubted(): boolean {
    const frame = this.#running?.doubted?.frame
    return frame !== undefined && frame.seq === this.#core.cursor.seq + 1 && !this.#isAhead(frame)
  }

  /** All were asked, and nobody has given it otherwise: then it is what the relay had ordered. */
  believeDoubted(): void {
    const running = this.#running
    if (!running?.doubted) return
    const { frame, giver } = running.doubted
    running.agreed.add(frame.seq)
    running.givers.set(frame.seq, giver)
    this.#core.inbox.take(frame)
  }

  /** The relay went on in this commit's epoch: it was withdrawn. `wait`: what comes behind it will tell. */
  fateOf(commit: StreamFrame): 'withdrawn' | 'stands' | 'wait' {
    const running = this.#running
    if (!running) return 'stands'
    const { answer, givers, more } = running
    if (!givers.has(commit.seq)) return 'stands' // the relay told of it, and tells what becomes of it
    const behind = this.#core.inbox.heldBehind(commit.seq)
    if (commit.epoch >= answer.epoch || behind.some(({ epoch }) => epoch <= commit.epoch)) return 'withdrawn'
    return behind.length === 0 && more ? 'wait' : 'stands'
  }

  #forgetGiven(): void {
    const running = this.#running
    if (!running) return
    for (const seq of running.givers.keys()) this.#core.inbox.forget(seq)
    running.givers.clear()
    running.more = false
  }
}

function isSame(one: StreamFrame, other: StreamFrame): boolean {
  return one.kind === other.kind && one.epoch === other.epoch && equalBytes(one.ct, other.ct)
}
