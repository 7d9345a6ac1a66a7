/** One device's connection to the relay in a simulation: everything is late, some is lost, some comes twice. */
import type { SeededRandom, SimClock } from './sim-clock.ts'
import type { SimRelay } from './sim-relay.ts'

export interface Faults {
  /** Probabilities. */
  lostRequest: number
  lostAnswer: number
  twice: number
  /** Of frames that come down on a live connection, which TCP rules out and a relay with a fault does not. */
  lostFrame: number
  overtaken: number
  maxDelayMs: number
}

const timeoutMs = 8_000

export class SimLink {
  readonly relay: SimRelay
  readonly #clock: SimClock
  readonly #random: SeededRandom
  readonly #faults: Faults
  readonly #pending = new Set<() => void>()
  #upMs = 0
  #downMs = 0
  #stalledUntilMs = 0
  #open = true

  constructor(relay: SimRelay, clock: SimClock, random: SeededRandom, faults: Faults) {
    this.relay = relay
    this.#clock = clock
    this.#random = random
    this.#faults = faults
  }

  get open(): boolean {
    return this.#open
  }

  /** Requests arrive in the order of their calls; answers overtake each other and the events. */
  request<T>(call: () => T): Promise<T | undefined> {
    if (!this.#open) return Promise.resolve(undefined)
    return new Promise((resolve) => {
      const end = (answer?: T) => {
        if (!this.#pending.delete(giveUp)) return
        resolve(answer)
      }
      const giveUp = () => end()
      this.#pending.add(giveUp)
      this.#clock.after(timeoutMs, giveUp)
      if (this.#chance(this.#faults.lostRequest)) return
      const arrive = (first: boolean) => {
        this.#upMs = this.#later(this.#upMs)
        this.#clock.after(this.#upMs - this.#clock.nowMs(), () => {
          if (!this.#open) return
          const answer = call()
          if (!first || this.#chance(this.#faults.lostAnswer)) return
          this.#clock.after(this.#stall() + this.#delay(), () => end(answer))
        })
      }
      arrive(true)
      if (this.#chance(this.#faults.twice)) arrive(false)
    })
  }

  /** Events arrive in the order of their sending, but for `loose` ones where the plan says so. */
  deliver(run: () => void, loose: boolean): void {
    if (loose && this.#chance(this.#faults.lostFrame)) return
    if (loose && this.#chance(this.#faults.overtaken)) {
      this.#clock.after(this.#stall() + 3 * this.#delay(), () => {
        if (this.#open) run()
      })
      return
    }
    const times = this.#chance(this.#faults.twice) ? 2 : 1
    for (let i = 0; i < times; i++) {
      this.#downMs = this.#later(this.#downMs)
      this.#clock.after(this.#downMs - this.#clock.nowMs(), () => {
        if (this.#open) run()
      })
    }
  }

  /** A partition: nothing arrives for a while, in either direction, and nobody is told. */
  stall(forMs: number): void {
    this.#stalledUntilMs = this.#clock.nowMs() + forMs
  }

  /** What is under way in either direction is gone. */
  cut(): void {
    this.#open = false
    for (const giveUp of this.#pending) giveUp()
  }

  #stall(): number {
    return Math.max(0, this.#stalledUntilMs - this.#clock.nowMs())
  }

  #delay(): number {
    return this.#random() * this.#faults.maxDelayMs
  }

  #later(thanMs: number): number {
    return Math.max(thanMs, this.#clock.nowMs() + this.#stall() + this.#delay()) + 0.001
  }

  #chance(probability: number): boolean {
    return this.#random() < probability
  }
}
