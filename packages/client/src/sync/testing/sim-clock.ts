/** Virtual time for simulations: events in a queue by time, equal times in an order of chance, one after the other. */
import type { Clock } from '../../ports.ts'

/** Repeatable numbers in [0, 1). */
export type SeededRandom = () => number

/** mulberry32. */
export function seeded(seed: number): SeededRandom {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

// Runs once every promise that can settle has settled.
declare function setImmediate(run: () => void): void
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const over = () => undefined

interface Event {
  atMs: number
  tie: number
  run: () => void
}

export class SimClock implements Clock {
  readonly #random: SeededRandom
  #nowMs = 1_000_000
  /** A binary heap. */
  readonly #events: Event[] = []

  readonly #settle: () => Promise<void>

  /** `settle` resolves once nothing is under way; without it, once every promise that can settle has. */
  constructor(random: SeededRandom, settle: () => Promise<void> = settled) {
    this.#random = random
    this.#settle = settle
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** Timers that were neither run nor taken back. */
  get waiting(): number {
    return this.#events.filter(({ run }) => run !== over).length
  }

  after(delayMs: number, run: () => void): () => void {
    const event = { atMs: this.#nowMs + delayMs, tie: this.#random(), run }
    this.#push(event)
    return () => {
      event.run = over
    }
  }

  /** Runs everything due until `untilMs` from now; after each event all work that it has started. */
  async run(forMs: number): Promise<void> {
    const untilMs = this.#nowMs + forMs
    await this.#settle()
    for (;;) {
      const first = this.#events[0]
      if (!first || first.atMs > untilMs) break
      this.#pop()
      this.#nowMs = first.atMs
      first.run()
      await this.#settle()
    }
    this.#nowMs = untilMs
  }

  #before(a: number, b: number): boolean {
    const [x, y] = [this.#events[a]!, this.#events[b]!]
    return x.atMs < y.atMs || (x.atMs === y.atMs && x.tie < y.tie)
  }

  #swap(a: number, b: number): void {
    const events = this.#events
    ;[events[a], events[b]] = [events[b]!, events[a]!]
  }

  #push(event: Event): void {
    let at = this.#events.push(event) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(at, parent)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  #pop(): void {
    const last = this.#events.pop()!
    if (this.#events.length === 0) return
    this.#events[0] = last
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#events.length && this.#before(child, least)) least = child
      }
      if (least === at) return
      this.#swap(at, least)
      at = least
    }
  }
}
