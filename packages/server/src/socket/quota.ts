/** So many things for each address in each window of time. */
export class Quota {
  readonly #most: number
  readonly #windowMs: number
  readonly #now: () => number
  #counts = new Map<string, number>()
  #since: number

  constructor(most: number, windowMs: number, now: () => number) {
    this.#most = most
    this.#windowMs = windowMs
    this.#now = now
    this.#since = now()
  }

  take(address: string): boolean {
    const nowMs = this.#now()
    if (Math.abs(nowMs - this.#since) >= this.#windowMs) {
      this.#counts.clear()
      this.#since = nowMs
    }
    const count = this.#counts.get(address) ?? 0
    if (count >= this.#most) return false
    this.#counts.set(address, count + 1)
    return true
  }
}
