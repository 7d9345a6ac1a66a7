/** When an exchange is due and this device's to make. One at a time; what changes meanwhile makes the next one due. */
import type { Group } from '../crypto/index.ts'
import { Exchange, type ExchangeParts, leafText, type Outcome } from './exchange.ts'

/** Members of a room up to which everyone is linked with the sponsor. */
export const starMembersAtMost = 17
/** The room has to be at rest for so long before the first exchange, and after one that a membership change broke off. */
const quietMs = { first: 2_000, again: 30_000 }
/** Pauses before an exchange that could not be made is tried again. */
const retryMs = { least: 2_000, most: 300_000 }
/** Whoever presses the button again and again gets an exchange after each such pause. */
const restMs = 5_000
/** In a room that requires quantum keys and has none though everybody is there, another exchange follows after this. */
const requiredMs = 15_000

export class Sponsor {
  readonly #parts: ExchangeParts
  readonly #exchange: Exchange
  #refreshing = false
  #wanted = false
  /** Wanted once more while an exchange of this device ran: it makes the next one too, whatever its rank is by then. */
  #again = false
  /** Members and switch for which an exchange was tried: it is not repeated by itself for the same ones. */
  #tried = ''
  #broken = false
  #failures = 0
  #endedMs = Number.NEGATIVE_INFINITY

  constructor(parts: ExchangeParts) {
    this.#parts = parts
    this.#exchange = new Exchange(parts)
  }

  get refreshing(): boolean {
    return this.#refreshing
  }

  /** Looks whether an exchange is due. */
  consider(): void {
    const { host } = this.#parts
    const group = host.group()
    if (!group || this.#refreshing || !this.#isDue(group)) return
    const asked = this.#wanted || this.#again
    // A clock that was put back must not make a rest of years.
    const restedMs = Math.min(this.#endedMs + restMs - host.clock.nowMs(), restMs)
    if (!asked && this.#tried === this.#situation(group)) {
      const pauseMs = Math.min(this.#endedMs + requiredMs - host.clock.nowMs(), requiredMs)
      host.timers.set('quantum required', Math.max(0, pauseMs), () => {
        const now = host.group()
        if (now && !this.#refreshing && this.#isDue(now)) host.beside(this.#refresh())
      })
      return
    }
    const waitMs = asked ? restedMs : this.#broken ? quietMs.again : quietMs.first
    const situation = this.#situation(group)
    const begin = () => {
      const now = host.group()
      if (now && this.#situation(now) === situation && this.#isDue(now)) host.beside(this.#refresh())
    }
    if (asked) host.timers.set(`quantum ${situation}`, waitMs, begin)
    else host.timers.setOnce(`quantum ${situation}`, waitMs, begin)
  }

  #isDue(group: Group): boolean {
    const { host } = this.#parts
    const others = host.presentMembers().length - 1
    if (others < 1 || host.members().length > starMembersAtMost) return false
    if (this.#again) return true
    return host.rank() === 0 && (this.#wanted || this.#tried !== this.#situation(group) || host.lacksKey())
  }

  /** Who is in the group, and whether an eavesdropper is: one exchange is tried for each. */
  #situation(group: Group, eavesdropper: boolean = this.#parts.host.eavesdropper()): string {
    return `${leafText(group)} ${eavesdropper}`
  }

  /** Somebody pressed the button. */
  want(): void {
    if (this.#refreshing) this.#again = true
    else this.#wanted = true
    this.consider()
  }

  /** Another device is at it: the wish is being fulfilled. */
  leaveToOthers(): void {
    this.#wanted = false
  }

  onAck(device: Parameters<Exchange['onAck']>[0], uuid: string): void {
    this.#exchange.onAck(device, uuid)
  }

  /** An exchange for these members was made already, by whomever. */
  onRefreshed(group: Group): void {
    // With an eavesdropper there would have been no key: what changed since then is still to be tried.
    this.#tried = this.#situation(group, false)
    this.#wanted = false
  }

  /** Runs beside the queue. */
  async #refresh(): Promise<void> {
    const { host } = this.#parts
    const start = host.group()
    if (!start || this.#refreshing) return
    this.#refreshing = true
    this.#wanted = false
    this.#again = false
    this.#tried = this.#situation(start)
    let outcome: Outcome = 'failed'
    try {
      outcome = await this.#exchange.make(start)
    } finally {
      this.#refreshing = false
      this.#endedMs = host.clock.nowMs()
      this.#broken = outcome === 'broken-off'
      // What changed meanwhile makes it due again; after a change of the members, once the room is at rest.
      host.run(() => (outcome === 'failed' ? this.#tryLater() : this.#settle()))
      host.run(() => host.store([]))
    }
  }

  #settle(): void {
    this.#failures = 0
    this.consider()
  }

  /** Something was not there yet, or somebody did not answer: again, seldom and seldomer. */
  #tryLater(): void {
    const { host } = this.#parts
    const waitMs = Math.min(retryMs.least * 2 ** this.#failures++, retryMs.most)
    host.timers.set('quantum again', waitMs, () => {
      this.#tried = ''
      host.run(() => this.consider())
    })
    this.consider()
  }
}
