/** Token buckets, one an address: so many at once, and as many again in each window of time, bit by bit. */
export class Quota {
  readonly #most: number
  readonly #windowMs: number
  readonly #now: () => number
  /** What is spent, and when that was so. In the order of the last use. */
  readonly #spent = new Map<string, { tokens: number; atMs: number }>()

  constructor(most: number, windowMs: number, now: () => number) {
    this.#most = most
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Takes one, or answers false and takes none. */
  take(address: string): boolean {
    const nowMs = this.#now()
    const spent = this.#spentNow(address, nowMs)
    if (spent + 1 > this.#most) return false
    this.#spent.delete(address)
    this.#spent.set(address, { tokens: spent + 1, atMs: nowMs })
    if (this.#spent.size > mostAddresses) this.#forget(nowMs)
    return true
  }

  /** How many addresses it remembers. */
  get size(): number {
    return this.#spent.size
  }

  #spentNow(address: string, nowMs: number): number {
    const { tokens, atMs } = this.#spent.get(address) ?? { tokens: 0, atMs: nowMs }
    // A clock that was set back gives nothing, and takes nothing away.
    const passedMs = Math.max(0, nowMs - atMs)
    return Math.max(0, tokens - (passedMs * this.#most) / this.#windowMs)
  }

  /** Those who have everything back again, and where that is not enough, whoever was here longest ago. */
  #forget(nowMs: number): void {
    for (const address of this.#spent.keys()) {
      const isOver = this.#spent.size > mostAddresses
      if (this.#spentNow(address, nowMs) === 0 || isOver) this.#spent.delete(address)
      else break
    }
  }
}

/** Some megabytes. More addresses than that are a flood of the network, which limits by address do not stop. */
const mostAddresses = 16_384
