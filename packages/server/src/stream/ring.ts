/** The last frames of one stream, without a hole, bounded by count, bytes and age, and with all rings by one budget. */
import { frameBytes, type StoredFrame } from './frame.ts'
import type { RingBudget } from './ring-budget.ts'

export interface RingLimits {
  ringFrames: number
  ringBytes: number
  ringAgeMs: number
}

export class Ring {
  readonly #limits: RingLimits
  readonly #budget: RingBudget
  readonly #onDropped: (frame: StoredFrame) => void
  // A plain array with a moving start: dropping the oldest costs nothing until half of it is dead.
  #frames: StoredFrame[] = []
  #start = 0
  #bytes = 0

  constructor(limits: RingLimits, budget: RingBudget, onDropped: (frame: StoredFrame) => void) {
    this.#limits = limits
    this.#budget = budget
    this.#onDropped = onDropped
  }

  get length(): number {
    return this.#frames.length - this.#start
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The sequence number of the oldest frame held; undefined where none is. */
  get oldestSeq(): number | undefined {
    return this.#frames[this.#start]?.seq
  }

  push(frame: StoredFrame): void {
    this.#frames.push(frame)
    const bytes = frameBytes(frame)
    this.#bytes += bytes
    this.#budget.add(this, frame.seq, bytes)
    while (this.length > this.#limits.ringFrames || this.#bytes > this.#limits.ringBytes) this.dropOldest()
    this.#budget.shrink()
  }

  /** Every frame above `seq`, oldest first; undefined where one of them is gone. */
  after(seq: number): StoredFrame[] | undefined {
    if (this.length === 0) return []
    const oldest = this.oldestSeq!
    if (seq < oldest - 1) return undefined
    return this.#frames.slice(this.#start + (seq - oldest + 1))
  }

  dropOldest(): void {
    const frame = this.#frames[this.#start]
    if (!frame) return
    this.#start += 1
    if (this.#start > 64 && this.#start * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#start)
      this.#start = 0
    }
    const bytes = frameBytes(frame)
    this.#bytes -= bytes
    this.#budget.remove(bytes)
    this.#onDropped(frame)
  }

  dropOlderThan(nowMs: number): void {
    while (this.length > 0 && this.#frames[this.#start]!.atMs < nowMs - this.#limits.ringAgeMs) this.dropOldest()
  }

  clear(): void {
    while (this.length > 0) this.dropOldest()
  }
}
