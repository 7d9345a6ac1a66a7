/** The shell around a side's path: opens and seals messages, turns every failure into an abort, and wipes. */

import type { Amplifier } from '../amplification/amplifier.ts'
import { typescriptAmplifier } from '../amplification/typescript-amplifier.ts'
import type { SecureRandom } from '../random.ts'
import { Link } from './link.ts'
import { type Kind, type Role, runIdBytes } from './messages.ts'
import { type Finish, type Outgoing, type Path, Refusal, type RunContext, Secrets, type Turn } from './path.ts'
import {
  type AbortReason,
  type Session,
  type SessionAbort,
  type SessionPhase,
  type SessionResult,
  type SessionStatistics,
  type SessionStep,
  withHiddenKey,
} from './result.ts'

export interface EndOptions {
  /** 16 bytes that name this run; the same at both ends, never used for another. */
  runId: Uint8Array
  /** 112 bytes for this run alone, the same at both ends, secret. Copied; the caller erases its own. */
  authenticationKey: Uint8Array
  random: SecureRandom
  /** `typescriptAmplifier` if left out. All amplifiers give the same bytes, so the ends need not have the same one. */
  amplifier?: Amplifier | undefined
}

export class RunSession implements Session {
  readonly first: SessionStep
  readonly role: Role
  readonly #link: Link
  readonly #context: RunContext
  readonly #path: Path
  #phase: SessionPhase = 'proposal'
  #drawsNext = 0
  /** Phase and stages last told. */
  #told = ''
  #expect: readonly Kind[] = []
  #end: 'running' | 'succeeded' | 'aborted' = 'running'

  constructor(role: Role, options: EndOptions, path: (context: RunContext) => Path) {
    if (options.runId.length !== runIdBytes) throw new RangeError(`runId: ${options.runId.length} bytes`)
    this.role = role
    this.#link = new Link(role, options.runId, options.authenticationKey)
    this.#context = {
      runId: options.runId.slice(),
      random: options.random,
      amplifier: options.amplifier ?? typescriptAmplifier,
      statistics: { label: 'simulated', stages: [] },
      secrets: new Secrets(),
    }
    this.#path = path(this.#context)
    // What fails here is the caller's mistake, or a machine without chance: it is thrown.
    const opening = this.#path.next()
    if (opening.done) throw new Error('a run cannot end before it began')
    this.first = this.#wait(opening.value)
  }

  get phase(): SessionPhase {
    return this.#phase
  }

  get drawsNext(): number {
    return this.#end === 'running' ? this.#drawsNext : 0
  }

  handle(message: Uint8Array): SessionStep {
    if (this.#end !== 'running') return this.#afterEnd(message)
    this.#link.label = this.#context.statistics.label
    const opened = this.#link.open(message, this.#expect)
    switch (opened.type) {
      case 'refused':
        return this.#abort(opened.reason, 'us')
      case 'peer-abort':
        return this.#abort(opened.reason, 'peer')
      case 'part':
        return { send: [] }
      case 'message':
        return this.#advance(() => this.#path.next(opened))
    }
  }

  cancel(): SessionStep {
    return this.#end === 'running' ? this.#abort('cancelled', 'us') : { send: [] }
  }

  toJSON(): { role: Role; phase: SessionPhase; end: string } {
    return { role: this.role, phase: this.#phase, end: this.#end }
  }

  #advance(next: () => IteratorResult<Turn, Finish>): SessionStep {
    try {
      const result = next()
      return result.done ? this.#succeed(result.value) : this.#wait(result.value)
    } catch (error) {
      if (!(error instanceof Refusal)) return this.#brokenBy(error)
      const lastWords = this.#sealed(error.lastWords)
      const step = this.#abort(error.reason, 'us')
      return { ...step, send: [...lastWords, ...step.send] }
    }
  }

  #wait(turn: Turn): SessionStep {
    this.#phase = turn.phase
    this.#expect = turn.expect
    this.#drawsNext = turn.draws ?? 0
    const send = this.#sealed(turn.send)
    if (turn.label) this.#context.statistics.label = turn.label
    const news = `${turn.phase} ${this.#context.statistics.stages.length}`
    if (news === this.#told) return { send }
    this.#told = news
    return { send, progress: { phase: turn.phase, ...this.#statistics() } }
  }

  #sealed(outgoing: readonly Outgoing[]): Uint8Array[] {
    this.#link.label = this.#context.statistics.label
    return outgoing.flatMap(({ kind, body }) => this.#link.seal(kind, body))
  }

  #succeed(finish: Finish): SessionStep {
    const send = this.#sealed(finish.send)
    const authentication = this.#link.forgeryProbability
    const { secrecy, correctness, source } = finish.epsilon
    const epsilon = { ...finish.epsilon, authentication, total: secrecy + correctness + source + authentication }
    const statistics = this.#statistics() as SessionStatistics
    const keyBits = statistics.secretBits
    this.#close('succeeded')
    return { send, done: withHiddenKey({ aborted: false, ...statistics, keyBits, epsilon }, finish.key) }
  }

  #abort(reason: AbortReason, by: 'us' | 'peer'): SessionStep {
    const send = by === 'us' ? [this.#link.sealAbort(reason)] : []
    this.#close('aborted')
    return { send, done: this.#aborted(reason, by, false) }
  }

  #brokenBy(cause: unknown): SessionStep {
    const step = this.#abort('internal-error', 'us')
    if (step.done) Object.defineProperty(step.done, 'cause', { value: cause, enumerable: false })
    return step
  }

  // The last message of a run can be refused by its receiver when its sender has its key already.
  #afterEnd(message: Uint8Array): SessionStep {
    if (this.#end !== 'succeeded') return { send: [] }
    const opened = this.#link.open(message, [])
    if (opened.type !== 'peer-abort') return { send: [] }
    this.#close('aborted')
    return { send: [], done: this.#aborted(opened.reason, 'peer', true) }
  }

  #aborted(reason: AbortReason, by: 'us' | 'peer', withdrawn: boolean): SessionResult {
    const aborted: SessionAbort = { aborted: true, reason, by, withdrawn, ...this.#statistics() }
    return aborted
  }

  #statistics(): Partial<SessionStatistics> {
    const { statistics } = this.#context
    return { ...statistics, stages: statistics.stages.map((stage) => ({ ...stage })) }
  }

  #close(end: 'succeeded' | 'aborted'): void {
    this.#end = end
    this.#expect = []
    this.#context.secrets.wipe()
    this.#link.wipe()
  }
}
