/** One BB84 run in a pair group, as one end sees it: the qkd package's state machine with frames around it. */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import {
  type Session,
  type SessionProgress,
  type SessionResult,
  type SessionStep,
  secureRandom,
  startAlice,
  startBob,
} from '@qsec/qkd'
import type { QuantumHost } from './host.ts'
import { encodePairContent, runIdBytes } from './pair-content.ts'
import type { Pair, Pairs } from './pairs.ts'

/** A peer that says nothing for so long has gone. */
const silenceMs = 30_000
const authenticationKeyBytes = 112

export interface RunEnd {
  run: Uint8Array<ArrayBuffer>
  peer: DeviceId
  role: 'alice' | 'bob'
  result: SessionResult
}

export interface RunWatcher {
  progress(run: Run, progress: SessionProgress): void
  done(run: Run, end: RunEnd): Promise<void>
}

export class Run {
  readonly id: Uint8Array<ArrayBuffer>
  readonly peer: DeviceId
  readonly role: 'alice' | 'bob'
  readonly #host: QuantumHost
  readonly #pairs: Pairs
  readonly #pair: Pair
  readonly #session: Session
  readonly #watcher: RunWatcher
  #ended = false

  private constructor(
    host: QuantumHost,
    pairs: Pairs,
    pair: Pair,
    id: Uint8Array<ArrayBuffer>,
    role: 'alice' | 'bob',
    session: Session,
    watcher: RunWatcher,
  ) {
    this.#host = host
    this.#pairs = pairs
    this.#pair = pair
    this.#session = session
    this.#watcher = watcher
    this.id = id
    this.peer = pair.peer
    this.role = role
  }

  /** Begins a run as Alice. The eavesdropper belongs to the simulated channel alone. */
  static async begin(host: QuantumHost, pairs: Pairs, pair: Pair, watcher: RunWatcher): Promise<Run> {
    const id = host.random(runIdBytes)
    const authenticationKey = await pairs.secret(pair, 'bb84-authentication', id, authenticationKeyBytes)
    const session = startAlice({
      runId: id,
      authenticationKey,
      random: secureRandom(host.random),
      channel: { eve: host.eavesdropper() ? { attack: 'intercept-resend', fraction: 1 } : { attack: 'none' } },
    })
    authenticationKey.fill(0)
    const run = new Run(host, pairs, pair, id, 'alice', session, watcher)
    await run.#take(session.first)
    return run
  }

  /** Answers a run that the peer began. */
  static async answer(
    host: QuantumHost,
    pairs: Pairs,
    pair: Pair,
    id: Uint8Array<ArrayBuffer>,
    watcher: RunWatcher,
  ): Promise<Run> {
    const authenticationKey = await pairs.secret(pair, 'bb84-authentication', id, authenticationKeyBytes)
    const session = startBob({ runId: id, authenticationKey, random: secureRandom(host.random) })
    authenticationKey.fill(0)
    const run = new Run(host, pairs, pair, id, 'bob', session, watcher)
    await run.#take(session.first)
    return run
  }

  get ended(): boolean {
    return this.#ended
  }

  handle(message: Uint8Array): Promise<void> {
    return this.#take(this.#session.handle(message))
  }

  cancel(): Promise<void> {
    return this.#take(this.#session.cancel())
  }

  async #take(step: SessionStep): Promise<void> {
    const timer = `run ${toBase64Url(this.id)}`
    for (const message of step.send) {
      const content = encodePairContent({ type: 'bb84', run: this.id, message: message.slice() })
      await this.#pairs.say(this.#pair, 'bb84', content)
    }
    if (step.progress) this.#watcher.progress(this, step.progress)
    if (step.done) {
      this.#ended = true
      this.#host.timers.clear(timer)
      await this.#watcher.done(this, { run: this.id, peer: this.peer, role: this.role, result: step.done })
    } else if (!this.#ended) {
      this.#host.timers.set(timer, silenceMs, () => this.#host.run(() => this.cancel()))
    }
  }
}
