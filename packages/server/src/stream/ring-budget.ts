/** One cap on the bytes of all rings together. Over it, the oldest frame of any ring goes first. */
import type { Ring } from './ring.ts'

export class RingBudget {
  readonly #capBytes: number
  #bytes = 0
  #live = 0
  /** In order of arrival. An entry whose frame its ring has dropped meanwhile is skipped, and swept now and then. */
  #arrivals: { ring: Ring; seq: number }[] = []
  #start = 0

  constructor(capBytes: number) {
    this.#capBytes = capBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  add(ring: Ring, seq: number, bytes: number): void {
    this.#arrivals.push({ ring, seq })
    this.#bytes += bytes
    this.#live += 1
  }

  remove(bytes: number): void {
    this.#bytes -= bytes
    this.#live -= 1
  }

  shrink(): void {
    while (this.#bytes > this.#capBytes) {
      const arrival = this.#arrivals[this.#start]
      if (!arrival) return
      this.#start += 1
      if (isHeld(arrival)) arrival.ring.dropOldest()
    }
    if (this.#arrivals.length > 1_024 && this.#arrivals.length > 2 * this.#live) {
      this.#arrivals = this.#arrivals.slice(this.#start).filter(isHeld)
      this.#start = 0
    }
  }
}

function isHeld({ ring, seq }: { ring: Ring; seq: number }): boolean {
  const oldest = ring.oldestSeq
  return oldest !== undefined && seq >= oldest
}
