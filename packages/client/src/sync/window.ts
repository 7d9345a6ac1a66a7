/**
 * Which frames are on their way to the relay, and which counter each took. The relay takes a device's frames only in
 * the order of their counters, so after anything that went wrong the window first falls empty, then goes on.
 *
 * The counter that is due here is never below the relay's. Were it lower by two, the relay would refuse the first two
 * of several frames and take the third, ahead of them. Where it is higher all are refused, and the refusal names the
 * right one.
 */
import type { MessageId } from '@qsec/protocol'

/** Frames on their way at the same time. */
export const inFlightAtMost = 32
/** Above every counter that a relay can wait for. */
const beyondAll = 2 ** 40

export interface Sent {
  n: number
  /** Answers to an earlier run say nothing about the present one's counters. */
  run: number
  /** The highest place in the relay's order that was known when the frame went. */
  heardSeq: number
}

export class SendWindow {
  #due = beyondAll
  /** Above every counter used in the epoch. */
  #unused = beyondAll
  #next = 0
  #run = 0
  #holding = false
  /**
   * Whether several frames may go at once. After its restart a relay takes whatever comes first: were several on their
   * way then and the first one refused, the second would go ahead of it.
   */
  #sure = false
  /**
   * Whether `beyondAll` is a mere guess: after a restart of the relay it is what an earlier run of this device, which has
   * ended since, may have begun with.
   */
  #guessing = true
  readonly #inFlight = new Map<MessageId, Sent>()

  isOut(id: MessageId): boolean {
    return this.#inFlight.has(id)
  }

  /**
   * Sends `id` off; undefined where nothing may go now.
   * @param heardSeq - the highest place that the relay has told of
   */
  take(id: MessageId, heardSeq: number): Sent | undefined {
    const { size } = this.#inFlight
    if (size === 0) {
      this.#next = this.#due
      this.#holding = false
    }
    if (this.#holding || size >= (this.#sure ? inFlightAtMost : 1)) return undefined
    const sent = { n: this.#next++, run: this.#run, heardSeq }
    this.#unused = Math.max(this.#unused, this.#next)
    this.#inFlight.set(id, sent)
    return sent
  }

  /** An answer to `sent`, or none, has come. False where it belongs to an earlier run. */
  back(id: MessageId, sent: Sent): boolean {
    if (sent.run !== this.#run) return false
    this.#inFlight.delete(id)
    return true
  }

  /**
   * The relay has the frame at `seq`. Where that is a place from before it was sent, it had been there before: nothing
   * was counted now, and what counter is due stays a guess.
   */
  ordered({ n, heardSeq }: Sent, seq: number): void {
    if (this.#guessing && seq <= heardSeq) return
    this.#guessing = false
    if (!this.#holding) this.#sure = true
    this.#due = Math.max(this.#due, n + 1)
  }

  /** A frame was refused, or got no answer, and which counter is due now is not known. */
  doubt(): void {
    this.#holding = true
    this.#sure = false
    this.#due = this.#unused
  }

  /** The relay refused a frame, for it waits for counter `n`. */
  expects(n: number): void {
    this.doubt()
    this.#due = n
    this.#unused = Math.max(this.#unused, n)
    this.#guessing = false
  }

  /** A new epoch: every counter begins at 0. */
  beginEpoch(): void {
    this.#begin()
    this.#due = 0
    this.#unused = 0
    this.#sure = true
    this.#guessing = false
  }

  /** A new connection: what was on its way may be lost. */
  beginConnection(): void {
    if (this.#inFlight.size > 0) this.doubt()
    this.#begin()
  }

  /** A relay that has restarted, or an epoch that was opened again: its counter can be any. */
  beginUnsure(): void {
    this.#begin()
    this.#due = beyondAll
    this.#unused = beyondAll
    this.#sure = false
    this.#guessing = true
  }

  #begin(): void {
    this.#run++
    this.#holding = false
    this.#inFlight.clear()
  }
}
