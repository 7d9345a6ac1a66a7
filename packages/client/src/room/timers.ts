/** Named timers of one room: setting one again replaces it, and all end together. */
import type { Clock } from '../ports.ts'

export class Timers {
  readonly #clock: Clock
  readonly #cancel = new Map<string, () => void>()
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(name: string, delayMs: number, run: () => void): void {
    this.clear(name)
    if (this.#closed) return
    const cancel = this.#clock.after(Math.max(0, delayMs), () => {
      this.#cancel.delete(name)
      run()
    })
    this.#cancel.set(name, cancel)
  }

  /** Sets the timer unless one of that name runs already. */
  setOnce(name: string, delayMs: number, run: () => void): void {
    if (!this.#cancel.has(name)) this.set(name, delayMs, run)
  }

  clear(name: string): void {
    this.#cancel.get(name)?.()
    this.#cancel.delete(name)
  }

  close(): void {
    this.#closed = true
    for (const cancel of this.#cancel.values()) cancel()
    this.#cancel.clear()
  }
}
