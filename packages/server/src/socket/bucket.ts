/** A token bucket: `perSecond` on average, `atOnce` in a burst. */
export class Bucket {
  readonly #perSecond: number
  readonly #atOnce: number
  #tokens: number
  #atMs: number

  constructor(perSecond: number, atOnce: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#atOnce = atOnce
    this.#tokens = atOnce
    this.#atMs = nowMs
  }

  /** Takes `cost` tokens and goes into debt for them, or takes none and answers false while it is in debt. */
  take(cost: number, nowMs: number): boolean {
    // A clock that was set back gives nothing, and takes nothing away.
    const passedMs = Math.max(0, nowMs - this.#atMs)
    this.#tokens = Math.min(this.#atOnce, this.#tokens + (passedMs * this.#perSecond) / 1_000)
    this.#atMs = nowMs
    if (this.#tokens < 0) return false
    this.#tokens -= cost
    return true
  }
}
