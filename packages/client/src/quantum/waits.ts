/** Waits for what other jobs bring about: looked at whenever something has happened, and seldom by itself. */
import type { Clock } from '../ports.ts'

/** For what nobody tells of, such as a connection that is lost. */
const lookMs = 500

export class Waits {
  readonly #clock: Clock
  readonly #looks = new Set<() => void>()
  #closed = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Resolves once it holds, or the time is over, or everything is: look again at what you waited for. */
  until(holds: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      let over = timeoutMs <= 0
      let stopTimer: () => void = () => undefined
      const look = () => {
        stopTimer()
        if (this.#closed || holds() || over) {
          stopDeadline()
          this.#looks.delete(look)
          resolve()
        } else stopTimer = this.#clock.after(lookMs, look)
      }
      // By a timer and not by the time of day, which can be put back or ahead meanwhile.
      const stopDeadline = this.#clock.after(timeoutMs, () => {
        over = true
        look()
      })
      this.#looks.add(look)
      look()
    })
  }

  /** Something has happened. */
  look(): void {
    for (const look of [...this.#looks]) look()
  }

  close(): void {
    this.#closed = true
    this.look()
  }
}
