/**
 * A clock that never goes back. What is due by it stays due, whatever is done to the device's clock: one that is put back
 * stands still for a moment and goes on from there, over restarts too. One that is put ahead makes things due early.
 */
import type { Clock } from '../ports.ts'

export interface ForwardTime {
  /** Like milliseconds since 1970, as long as nobody changes the device's clock. */
  tickMs: number
  /** What the device's clock said then. */
  wallMs: number
}

export class ForwardClock {
  readonly #clock: Pick<Clock, 'nowMs'>
  #time: ForwardTime

  /** @param time - as it was stored; absent: it begins now */
  constructor(clock: Pick<Clock, 'nowMs'>, time?: ForwardTime) {
    this.#clock = clock
    const wallMs = clock.nowMs()
    this.#time = time ?? { tickMs: wallMs, wallMs }
  }

  get time(): ForwardTime {
    const wallMs = this.#clock.nowMs()
    const { tickMs, wallMs: before } = this.#time
    this.#time = { tickMs: tickMs + Math.max(0, wallMs - before), wallMs }
    return this.#time
  }

  nowMs(): number {
    return this.time.tickMs
  }

  /** What the device's clock will say at that time, if nobody changes it. */
  wallOf(tickMs: number): number {
    const now = this.time
    return now.wallMs + (tickMs - now.tickMs)
  }
}
