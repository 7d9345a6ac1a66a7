/**
 * How many pieces are under way at once: more while their answers come soon, fewer when they are late. So a fast line is
 * filled, and on a slow one little stands in the way of messages.
 */
const soonMs = 300
const lateMs = 1_500

export class Window {
  readonly #least: number
  readonly #most: number
  readonly #now: () => number
  #size: number
  #running = 0

  /** @param now - milliseconds that only ever go up */
  constructor({ least, most }: { least: number; most: number }, now: () => number = () => performance.now()) {
    this.#least = least
    this.#most = most
    this.#now = now
    this.#size = least
  }

  get isOpen(): boolean {
    return this.#running < Math.floor(this.#size)
  }

  get running(): number {
    return this.#running
  }

  async run<T>(job: () => Promise<T>): Promise<T> {
    const beganMs = this.#now()
    this.#running++
    try {
      return await job()
    } finally {
      this.#running--
      const tookMs = this.#now() - beganMs
      if (tookMs < soonMs) this.#size = Math.min(this.#most, this.#size + 1 / Math.floor(this.#size))
      else if (tookMs > lateMs) this.#size = Math.max(this.#least, this.#size / 2)
    }
  }
}
