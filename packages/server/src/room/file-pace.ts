/**
 * How fast pieces of files move: each device gives and takes at a bounded rate, and so does the room as a whole. Pieces have
 * this allowance for themselves, so that no file uses up what messages may send; whoever is too early waits for a moment.
 */
import type { DeviceId } from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'

type Limits = Pick<
  RelayLimits,
  'fileBytesPerSecond' | 'fileBytesAtOnce' | 'roomFileBytesPerSecond' | 'roomFileBytesAtOnce'
>

/** A token bucket that goes into debt, and tells for how long. */
class Pace {
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

  /** Milliseconds until it is out of debt. */
  debtMs(nowMs: number): number {
    this.#refill(nowMs)
    return this.#tokens >= 0 ? 0 : (-this.#tokens * 1_000) / this.#perSecond
  }

  spend(bytes: number, nowMs: number): void {
    this.#refill(nowMs)
    this.#tokens -= bytes
  }

  isFull(nowMs: number): boolean {
    this.#refill(nowMs)
    return this.#tokens === this.#atOnce
  }

  #refill(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#atMs)
    this.#tokens = Math.min(this.#atOnce, this.#tokens + (passedMs * this.#perSecond) / 1_000)
    this.#atMs = nowMs
  }
}

export class FilePaces {
  readonly #limits: Limits
  readonly #devices = new Map<string, Pace>()
  #room: Pace | undefined

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Milliseconds until a piece may move to, or from, that device. */
  debtMs(device: DeviceId, way: 'up' | 'down', nowMs: number): number {
    return Math.max(this.#roomPace(nowMs).debtMs(nowMs), this.#pace(device, way, nowMs).debtMs(nowMs))
  }

  /** A piece of so many bytes has come from, or goes to, that device. What comes in is the room's. */
  spend(device: DeviceId, way: 'up' | 'down', bytes: number, nowMs: number): void {
    this.#pace(device, way, nowMs).spend(bytes, nowMs)
    if (way === 'down') this.#roomPace(nowMs).spend(bytes, nowMs)
  }

  /** Forgets devices that have rested. */
  sweep(nowMs: number): void {
    for (const [name, pace] of this.#devices) if (pace.isFull(nowMs)) this.#devices.delete(name)
  }

  get size(): number {
    return this.#devices.size
  }

  #pace(device: DeviceId, way: 'up' | 'down', nowMs: number): Pace {
    const name = `${way}/${device}`
    let pace = this.#devices.get(name)
    if (!pace) {
      pace = new Pace(this.#limits.fileBytesPerSecond, this.#limits.fileBytesAtOnce, nowMs)
      this.#devices.set(name, pace)
    }
    return pace
  }

  #roomPace(nowMs: number): Pace {
    this.#room ??= new Pace(this.#limits.roomFileBytesPerSecond, this.#limits.roomFileBytesAtOnce, nowMs)
    return this.#room
  }
}
