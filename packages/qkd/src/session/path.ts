/** How a side of the protocol is written: a generator that reads downwards and yields wherever it must wait. */
import type { Amplifier } from '../amplification/amplifier.ts'
import type { ByteReader, ByteWriter } from '../bytes.ts'
import type { SecureRandom } from '../random.ts'
import type { Kind } from './messages.ts'
import type { AbortReason, KeyLabel, SessionEpsilon, SessionPhase, SessionStatistics, Stage } from './result.ts'

/** A message on its way out, not yet framed. */
export interface Outgoing {
  kind: Kind
  body: Uint8Array
}

/** What a side says, and which kinds of message may come next. */
export interface Turn {
  phase: SessionPhase
  send: Outgoing[]
  expect: readonly Kind[]
  /** Bytes of chance that the side may draw at most before its next turn; none if left out. */
  draws?: number
  /** What the key is called from the next message on, once both ends have said it. */
  label?: KeyLabel
}

export interface Incoming {
  kind: Kind
  body: ByteReader
}

export interface Finish {
  send: Outgoing[]
  key: Uint8Array
  epsilon: Omit<SessionEpsilon, 'authentication' | 'total'>
}

export type Path = Generator<Turn, Finish, Incoming>

/** What both sides of a run work with. */
export interface RunContext {
  runId: Uint8Array
  random: SecureRandom
  amplifier: Amplifier
  statistics: Partial<SessionStatistics> & { label: KeyLabel; stages: Stage[] }
  secrets: Secrets
}

/** Ends a run from within. Caught by the shell around the path, never seen by callers. */
export class Refusal extends Error {
  readonly reason: AbortReason
  readonly lastWords: Outgoing[]

  /** @param lastWords - goes out before the abort, so that the peer can reach the same verdict by itself */
  constructor(reason: AbortReason, lastWords: Outgoing[] = []) {
    super(reason)
    this.reason = reason
    this.lastWords = lastWords
  }
}

export type Secret = Uint8Array | Uint32Array | { wipe(): void }

/** Everything that must be zero when the run is over. */
export class Secrets {
  readonly #kept: Secret[] = []

  keep<T extends Secret>(secret: T): T {
    this.#kept.push(secret)
    return secret
  }

  wipe(): void {
    for (const secret of this.#kept) {
      if (ArrayBuffer.isView(secret)) secret.fill(0)
      else secret.wipe()
    }
    this.#kept.length = 0
  }
}

export function message(kind: Kind, body: ByteWriter | Uint8Array = new Uint8Array(0)): Outgoing {
  return { kind, body: body instanceof Uint8Array ? body : body.finish() }
}

/** Refuses a message that was too short, too long, or held a value out of bounds. */
export function mustHold(holds: boolean, reason: AbortReason = 'malformed-message'): asserts holds {
  if (!holds) throw new Refusal(reason)
}

export function stage(context: RunContext, name: Stage['name'], bitsIn: number, bitsOut: number): void {
  context.statistics.stages.push({ name, bitsIn, bitsOut })
}
