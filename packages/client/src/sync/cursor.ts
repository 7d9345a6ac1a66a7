/**
 * Where a device stands in a stream, and the frames that wait for their turn. Frames are applied strictly in the
 * relay's order: one that comes early waits here as ciphertext while the gap is asked for.
 */
import { type Cursor, limits } from '@qsec/protocol'

/** What the inbox needs to know of a frame. */
export interface Sequenced {
  inc: string
  seq: number
  ct: Uint8Array
}

/** Frames held at most, and their bytes: what the relay's ring can bring again. Over that, early ones are dropped. */
export const heldFramesAtMost: number = limits.ringFrames
export const heldBytesAtMost: number = limits.ringBytes

export type Arrival =
  /** It follows the cursor. */
  | 'due'
  /** Something before it is missing. */
  | 'early'
  /** Applied, or held, already. */
  | 'duplicate'
  /** Of an incarnation that this device has not been told of: the answer to its `join` is on its way. */
  | 'strange'

export class Inbox<F extends Sequenced> {
  #cursor: Cursor
  /** By sequence number, all above the cursor and of its incarnation. */
  readonly #held = new Map<number, F>()
  #strange: F[] = []
  #heldBytes = 0
  /** The highest sequence number heard of in this incarnation, held or not. */
  #top: number

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#top = cursor.seq
  }

  get cursor(): Cursor {
    return this.#cursor
  }

  /** The frame whose turn it is. It stays here until `applied` says that its effects are stored, or about to be. */
  get next(): F | undefined {
    return this.at(this.#cursor.seq + 1)
  }

  /** Frames further on are known of, and the next one is not here. */
  get hasGap(): boolean {
    return this.#top > this.#cursor.seq && !this.next
  }

  /** The highest number that is known to be in the stream. */
  get top(): number {
    return this.#top
  }

  /** The first number above the cursor of which the frame is not here. */
  get firstMissing(): number {
    let seq = this.#cursor.seq + 1
    while (this.#held.has(seq)) seq++
    return seq
  }

  /** What is held of this incarnation behind `seq`. */
  heldBehind(seq: number): F[] {
    return [...this.#held.values()].filter((frame) => frame.seq > seq)
  }

  /** A frame that is held has turned out not to be what it should. */
  forget(seq: number): void {
    this.#drop(seq)
  }

  /** Frames of an incarnation that this device was not told of: the relay sends them again to who resumes there. */
  forgetStrange(): void {
    for (const frame of this.#strange) this.#heldBytes -= frame.ct.length
    this.#strange = []
  }

  at(seq: number): F | undefined {
    return this.#held.get(seq)
  }

  take(frame: F): Arrival {
    if (frame.inc !== this.#cursor.inc) {
      if (this.#hasRoom(frame)) {
        this.#strange.push(frame)
        this.#heldBytes += frame.ct.length
      }
      return 'strange'
    }
    const { seq } = this.#cursor
    if (frame.seq <= seq || this.#held.has(frame.seq)) return 'duplicate'
    this.heardOf(frame.seq)
    const due = frame.seq === seq + 1
    if (due || this.#hasRoom(frame)) this.#hold(frame)
    return due ? 'due' : 'early'
  }

  /** The stream has frames up to `seq`. */
  heardOf(seq: number): void {
    this.#top = Math.max(this.#top, seq)
  }

  /** Moves the cursor past the next frame. */
  applied(): void {
    const seq = this.#cursor.seq + 1
    this.#cursor = { ...this.#cursor, seq }
    this.#drop(seq)
    this.heardOf(seq)
  }

  /** Moves to another place: after a resume that could not be complete, or in a new group. What fits there stays. */
  moveTo(cursor: Cursor): void {
    const kept = [...(cursor.inc === this.#cursor.inc ? this.#held.values() : []), ...this.#strange]
    this.#cursor = cursor
    this.#top = cursor.seq
    this.#held.clear()
    this.#strange = []
    this.#heldBytes = 0
    for (const frame of kept) if (frame.inc === cursor.inc) this.take(frame)
  }

  #hasRoom(frame: F): boolean {
    const frames = this.#held.size + this.#strange.length
    return frames < heldFramesAtMost && this.#heldBytes + frame.ct.length <= heldBytesAtMost
  }

  #hold(frame: F): void {
    this.#held.set(frame.seq, frame)
    this.#heldBytes += frame.ct.length
  }

  #drop(seq: number): void {
    const frame = this.#held.get(seq)
    if (!frame) return
    this.#held.delete(seq)
    this.#heldBytes -= frame.ct.length
  }
}
