/**
 * One ordered stream, of a room or of a pair: dense sequence numbers, the MLS epoch, each device's counter in it, the
 * ring for resuming, and commits by compare-and-set with a way back. Pure: it neither sends, stores nor looks at a clock.
 *
 * Judging and doing are apart (`judgeX`, then `x`), because the relay writes to disk between the two: what a client was
 * told must outlive a crash, and what could not be written must not have happened.
 */
import type { Cursor, DeviceId, Incarnation, MessageId } from '@qsec/protocol'
import type { StoredCommit, StoredFrame, StoredMessage } from './frame.ts'
import { Ring, type RingLimits } from './ring.ts'
import type { RingBudget } from './ring-budget.ts'

export interface Position {
  inc: Incarnation
  epoch: number
  /** The last sequence number; `firstSeq` - 1 where this incarnation has none yet. */
  seq: number
  firstSeq: number
}

export type MessageVerdict =
  | { type: 'free' }
  | { type: 'known'; seq: number }
  | { type: 'stale-epoch' }
  | { type: 'out-of-order'; n: number }

export type CommitVerdict =
  | { type: 'free' }
  /** `inc` is an earlier one where the relay has restarted since. */
  | { type: 'known'; inc: Incarnation; seq: number }
  | { type: 'stale-epoch' }
  /** The device's own last commit does not stand yet; one may not be built on what can be withdrawn. */
  | { type: 'unsettled' }
  /** The device's commit of this epoch was withdrawn: a second one would reuse its handshake generation. */
  | { type: 'withdrawn' }

/** Whose commit it was, and the place that it had in the order. */
export interface CommitMark {
  device: DeviceId
  id: MessageId
  inc: Incarnation
  seq: number
}

/** A commit that was accepted and can still be withdrawn. */
export interface PendingCommit {
  seq: number
  /** The epoch that it was made in; the stream is in the next one. */
  epoch: number
  committer: DeviceId
  welcomed: readonly DeviceId[]
  /** The commit that had begun the epoch which this one ends. */
  after: CommitMark | undefined
}

/** Where a stream left off whose frames are on disk: it goes on as if it had never been away. */
export interface Continued {
  inc: Incarnation
  firstSeq: number
  lastSeq: number
  /** The counters of the present epoch. */
  next: ReadonlyMap<DeviceId, number>
  /** Those that are not in `next` are unknown. */
  free: boolean
}

interface Counters {
  next: Map<DeviceId, number>
  /** After a restart in the middle of an epoch the counters are unknown: a device's first frame sets its own. */
  free: boolean
}

/**
 * Ids of frames that the ring has dropped for want of place are known for so long: who got no answer meanwhile sends the
 * same bytes again, and ordered twice they would be a replay to everybody.
 */
const droppedIds = { most: 256, ageMs: 600_000 }

export class Stream {
  readonly inc: Incarnation
  readonly firstSeq: number
  readonly #ring: Ring
  readonly #ids = new Map<string, number>()
  readonly #dropped = new Map<string, { seq: number; atMs: number }>()
  #seq: number
  #epoch: number
  #begunBy: CommitMark | undefined
  #counters: Counters
  #pending: { commit: PendingCommit; frame: StoredCommit; before: Counters; nacks: Set<DeviceId> } | undefined
  readonly #withdrawn = new Set<DeviceId>()
  /** The place of a frame that the ring no longer has; set where frames are kept elsewhere too. */
  placeElsewhere: ((device: DeviceId, id: MessageId) => number | undefined) | undefined

  constructor(
    from: {
      inc: Incarnation
      epoch: number
      lastSeq: number
      restarted: boolean
      begunBy?: CommitMark | undefined
      continued?: Continued | undefined
    },
    limits: RingLimits,
    budget: RingBudget,
  ) {
    const { continued } = from
    this.inc = continued?.inc ?? from.inc
    this.#seq = continued?.lastSeq ?? from.lastSeq
    this.firstSeq = continued?.firstSeq ?? from.lastSeq + 1
    this.#epoch = from.epoch
    this.#begunBy = from.begunBy
    this.#counters = { next: new Map(continued?.next), free: continued?.free ?? from.restarted }
    this.#ring = new Ring(limits, budget, (frame) => this.#onDropped(frame))
  }

  get position(): Position {
    return { inc: this.inc, epoch: this.#epoch, seq: this.#seq, firstSeq: this.firstSeq }
  }

  /** The commit that began the present epoch, which a restart may have taken out of the ring. */
  get begunBy(): CommitMark | undefined {
    return this.#begunBy
  }

  /** The commit that began the present epoch, once nothing withdraws it any more. */
  get standing(): CommitMark | undefined {
    return this.#pending ? undefined : this.#begunBy
  }

  get pending(): PendingCommit | undefined {
    return this.#pending?.commit
  }

  get isEmpty(): boolean {
    return this.#ring.length === 0
  }

  /** Of the frames in memory. */
  get ringBytes(): number {
    return this.#ring.bytes
  }

  get ringFrames(): number {
    return this.#ring.length
  }

  /** What the ring holds, oldest first. */
  get recent(): StoredFrame[] {
    return this.#ring.after((this.#ring.oldestSeq ?? 1) - 1) ?? []
  }

  /** The counters of the present epoch that are known. */
  get counters(): ReadonlyMap<DeviceId, number> {
    return this.#counters.next
  }

  /** `due` is the device's next counter where messages of it were judged before this one and are not appended yet. */
  judgeMessage(
    message: { device: DeviceId; id: MessageId; epoch: number; n: number },
    due: number | undefined = this.#counters.next.get(message.device),
  ): MessageVerdict {
    const seq = this.#placeOf(message.device, message.id)
    if (seq !== undefined) return { type: 'known', seq }
    if (message.epoch !== this.#epoch) return { type: 'stale-epoch' }
    const expected = due ?? (this.#counters.free ? message.n : 0)
    return message.n === expected ? { type: 'free' } : { type: 'out-of-order', n: expected }
  }

  /** Takes a message that was judged free. */
  append(message: Omit<StoredMessage, 'type' | 'seq'>): StoredMessage {
    const frame: StoredMessage = { ...message, type: 'message', seq: this.#seq + 1 }
    this.#counters.next.set(frame.device, frame.n + 1)
    this.#push(frame)
    return frame
  }

  judgeCommit(commit: { device: DeviceId; id: MessageId; epoch: number }): CommitVerdict {
    const seq = this.#placeOf(commit.device, commit.id)
    if (seq !== undefined) return { type: 'known', inc: this.inc, seq }
    const begun = this.#begunBy
    if (begun?.device === commit.device && begun.id === commit.id && commit.epoch === this.#epoch - 1) {
      return { type: 'known', inc: begun.inc, seq: begun.seq }
    }
    if (commit.epoch !== this.#epoch) return { type: 'stale-epoch' }
    if (this.#pending?.commit.committer === commit.device) return { type: 'unsettled' }
    return this.#withdrawn.has(commit.device) ? { type: 'withdrawn' } : { type: 'free' }
  }

  /**
   * Takes a commit that was judged free and begins the next epoch. An earlier commit that is still pending must have
   * been settled before: committing on top of it is what confirms it.
   */
  commit(commit: Omit<StoredCommit, 'type' | 'seq' | 'verdict'>): StoredCommit {
    if (this.#pending) throw new Error('stream: a commit on top of one that does not stand')
    const frame: StoredCommit = { ...commit, type: 'commit', seq: this.#seq + 1 }
    this.#push(frame)
    this.#pending = {
      commit: {
        seq: frame.seq,
        epoch: frame.epoch,
        committer: frame.device,
        welcomed: frame.joined,
        after: this.#begunBy,
      },
      frame,
      before: this.#counters,
      nacks: new Set(),
    }
    this.#epoch += 1
    this.#begunBy = { device: frame.device, id: frame.id, inc: this.inc, seq: frame.seq }
    this.#counters = { next: new Map(), free: false }
    return frame
  }

  /** A commit that was pending when the relay went down is pending again. What counted before it is not known any more. */
  restorePending(frame: StoredCommit): void {
    this.#pending = {
      commit: {
        seq: frame.seq,
        epoch: frame.epoch,
        committer: frame.device,
        welcomed: frame.joined,
        after: undefined,
      },
      frame,
      before: { next: new Map(), free: true },
      nacks: new Set(),
    }
  }

  /** Whether a device that is not in `counters` sets its own with its first frame. */
  get countersAreFree(): boolean {
    return this.#counters.free
  }

  /** Whether a sign of life of `device` in the present epoch makes the pending commit stand. */
  confirms(device: DeviceId): boolean {
    return this.#pending !== undefined && this.#pending.commit.committer !== device
  }

  /** The pending commit stands from now on; nothing withdraws it any more. */
  stand(): PendingCommit | undefined {
    if (!this.#pending) return undefined
    const { commit, frame } = this.#pending
    frame.verdict = 'stands'
    this.#pending = undefined
    this.#withdrawn.clear()
    return commit
  }

  /** Notes that `device` refuses the pending commit. False where it had done so before. */
  refuse(device: DeviceId): boolean {
    if (!this.#pending || this.#pending.nacks.has(device)) return false
    this.#pending.nacks.add(device)
    return true
  }

  /**
   * What becomes of the pending commit while `connected` devices can judge it: `stands` where nobody but the committer
   * is there and nobody has refused, `withdrawn` where each of the others refuses, else it waits.
   */
  outcome(connected: readonly DeviceId[]): 'stands' | 'withdrawn' | 'waits' {
    if (!this.#pending) return 'waits'
    const { commit, nacks } = this.#pending
    const judges = connected.filter((device) => device !== commit.committer && !commit.welcomed.includes(device))
    if (judges.length === 0) return nacks.size === 0 ? 'stands' : 'waits'
    return judges.every((device) => nacks.has(device)) ? 'withdrawn' : 'waits'
  }

  /** Opens the epoch of the pending commit again. Its sequence number stays used. */
  withdraw(): PendingCommit | undefined {
    if (!this.#pending) return undefined
    const { commit, frame, before } = this.#pending
    frame.verdict = 'withdrawn'
    this.#pending = undefined
    this.#epoch = commit.epoch
    this.#begunBy = commit.after
    this.#counters = before
    this.#withdrawn.add(commit.committer)
    return commit
  }

  /** Every frame after the cursor, or undefined: never a part of them. */
  after(cursor: Cursor): StoredFrame[] | undefined {
    if (cursor.inc !== this.inc || cursor.seq > this.#seq || cursor.seq < this.firstSeq - 1) return undefined
    if (cursor.seq === this.#seq) return []
    return this.#ring.length === 0 ? undefined : this.#ring.after(cursor.seq)
  }

  dropOlderThan(nowMs: number): void {
    this.#ring.dropOlderThan(nowMs)
    for (const [key, { atMs }] of this.#dropped) {
      if (atMs >= nowMs - droppedIds.ageMs) break
      this.#dropped.delete(key)
    }
  }

  /** Gives the memory of the ring back: the stream has ended. */
  end(): void {
    this.#ring.clear()
    this.#dropped.clear()
  }

  #placeOf(device: DeviceId, id: MessageId): number | undefined {
    const key = idKey(device, id)
    return this.#ids.get(key) ?? this.#dropped.get(key)?.seq ?? this.placeElsewhere?.(device, id)
  }

  #onDropped({ device, id, seq, atMs }: StoredFrame): void {
    const key = idKey(device, id)
    this.#ids.delete(key)
    this.#dropped.set(key, { seq, atMs })
    if (this.#dropped.size <= droppedIds.most) return
    const oldest = this.#dropped.keys().next().value
    if (oldest !== undefined) this.#dropped.delete(oldest)
  }

  #push(frame: StoredFrame): void {
    this.#seq = frame.seq
    this.#ids.set(idKey(frame.device, frame.id), frame.seq)
    this.#ring.push(frame)
  }
}

/** Ids are looked up per device, so that nobody can take another's id before its frame arrives. */
function idKey(device: DeviceId, id: MessageId): string {
  return `${device}${id}`
}
