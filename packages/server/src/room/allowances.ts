/**
 * What the devices of one room may send. Each has a small allowance of its own, which nobody else can use up, and which
 * coming back on a new connection does not fill; what goes beyond it comes out of one that all share. So a member
 * that floods a room finds the shared one empty, and the others go on.
 */
import type { DeviceId } from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'

type Limits = Pick<
  RelayLimits,
  | 'ownEventsPerSecond'
  | 'ownEventsAtOnce'
  | 'ownBytesPerSecond'
  | 'ownBytesAtOnce'
  | 'roomEventsPerSecond'
  | 'roomEventsAtOnce'
  | 'roomBytesPerSecond'
  | 'roomBytesAtOnce'
>

/** Two token buckets that are used together. */
class Allowance {
  events: number
  bytes: number
  #atMs: number

  constructor(full: { events: number; bytes: number }, nowMs: number) {
    this.events = full.events
    this.bytes = full.bytes
    this.#atMs = nowMs
  }

  refill(perSecond: { events: number; bytes: number }, full: { events: number; bytes: number }, nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.#atMs) / 1_000
    this.#atMs = nowMs
    this.events = Math.min(full.events, this.events + seconds * perSecond.events)
    this.bytes = Math.min(full.bytes, this.bytes + seconds * perSecond.bytes)
  }

  /** Bytes may go into debt: the largest commit is larger than what a quiet device has. */
  spend(bytes: number): boolean {
    if (this.events < 1 || this.bytes <= 0) return false
    this.events -= 1
    this.bytes -= bytes
    return true
  }
}

export class Allowances {
  readonly #own: { perSecond: { events: number; bytes: number }; full: { events: number; bytes: number } }
  readonly #all: { perSecond: { events: number; bytes: number }; full: { events: number; bytes: number } }
  readonly #devices = new Map<DeviceId, Allowance>()
  #shared: Allowance | undefined

  constructor(limits: Limits) {
    this.#own = {
      perSecond: { events: limits.ownEventsPerSecond, bytes: limits.ownBytesPerSecond },
      full: { events: limits.ownEventsAtOnce, bytes: limits.ownBytesAtOnce },
    }
    this.#all = {
      perSecond: { events: limits.roomEventsPerSecond, bytes: limits.roomBytesPerSecond },
      full: { events: limits.roomEventsAtOnce, bytes: limits.roomBytesAtOnce },
    }
  }

  /** Whether `device` may send an event of so many bytes now. */
  take(device: DeviceId, bytes: number, nowMs: number): boolean {
    let own = this.#devices.get(device)
    if (!own) {
      own = new Allowance(this.#own.full, nowMs)
      this.#devices.set(device, own)
    }
    own.refill(this.#own.perSecond, this.#own.full, nowMs)
    if (own.spend(bytes)) return true
    this.#shared ??= new Allowance(this.#all.full, nowMs)
    this.#shared.refill(this.#all.perSecond, this.#all.full, nowMs)
    return this.#shared.spend(bytes)
  }

  /** Forgets devices whose allowance is whole again. */
  sweep(nowMs: number): void {
    for (const [device, own] of this.#devices) {
      own.refill(this.#own.perSecond, this.#own.full, nowMs)
      if (own.events === this.#own.full.events && own.bytes === this.#own.full.bytes) this.#devices.delete(device)
    }
  }

  get size(): number {
    return this.#devices.size
  }
}
