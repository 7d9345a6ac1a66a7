/** What a relay counts of itself. Plain numbers, for some are counted with every frame; no room and no device is in them. */
import type { ClientEventName, RefusalCode } from '@qsec/protocol'

/** What a push service said; `given-up`: it was not asked, because too many waited. */
export const pushOutcomes = ['taken', 'gone', 'later', 'refused', 'given-up'] as const
export type PushOutcome = (typeof pushOutcomes)[number]

export class Tally {
  /** Connections that were made, and those that were cut because their client did not read. */
  connectionsMade = 0
  slowReadersCut = 0
  /** Events that were sent down, each counted once for every connection that it went to. */
  delivered = 0
  /** Events that clients sent, those of known names, and how often which code was answered. */
  readonly events: Map<ClientEventName, number> = new Map()
  readonly refusals: Map<RefusalCode, number> = new Map()
  /** Lines of room logs that were deleted because they had become old. */
  logLinesExpired = 0
  /** Set by whoever wants to know how long each write to the database took, in seconds. */
  onDatabaseWrite: (seconds: number, done: boolean) => void = () => undefined

  /** Tries to call a device that is away, by what became of each. */
  readonly pushes: Map<PushOutcome, number> = new Map()

  took(event: ClientEventName): void {
    this.events.set(event, (this.events.get(event) ?? 0) + 1)
  }

  pushed(outcome: PushOutcome): void {
    this.pushes.set(outcome, (this.pushes.get(outcome) ?? 0) + 1)
  }

  refused(code: RefusalCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1)
  }
}
