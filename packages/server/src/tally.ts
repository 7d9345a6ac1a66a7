/** What a relay counts of itself. Plain numbers, for some are counted with every frame; no room and no device is in them. */
import type { ClientEventName, RefusalCode } from '@qsec/protocol'

/** Codes with which HTTP says no here; any other one counts as `other`. */
export const httpRefusals = ['400', '403', '404', '405', '408', '413', '417', '431', '500', '503', 'other'] as const
/** What became of a wish for a piece of a file: a member gave it, it was in memory still, or nobody had it. */
export const pieceAnswers = ['given', 'held', 'none'] as const
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
  /** Answers of HTTP that refuse, and what became of wishes for pieces of files. */
  readonly httpRefusals: Map<(typeof httpRefusals)[number], number> = new Map()
  readonly pieces: Map<(typeof pieceAnswers)[number], number> = new Map()
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

  /** Any answer of HTTP: those from 400 on count. */
  answered(status: number): void {
    if (status < 400) return
    const code = httpRefusals.find((one) => one === String(status)) ?? 'other'
    this.httpRefusals.set(code, (this.httpRefusals.get(code) ?? 0) + 1)
  }

  piece(answer: (typeof pieceAnswers)[number]): void {
    this.pieces.set(answer, (this.pieces.get(answer) ?? 0) + 1)
  }
}
