/** One BB84 run in a pair group, as one end sees it: the engine computes it, its messages are frames of the pair group. */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import { authenticationKeyBytes, type SessionProgress } from '@qsec/qkd'
import type { QuantumRun, RunPlace, RunResult, RunStep } from '../ports.ts'
import type { QuantumHost } from './host.ts'
import { encodePairContent, runIdBytes } from './pair-content.ts'
import type { Pair, Pairs } from './pairs.ts'

/** A peer that says nothing for so long has gone. */
const silenceMs = 30_000

export interface RunEnd {
  run: Uint8Array<ArrayBuffer>
  peer: DeviceId
  role: 'alice' | 'bob'
  result: RunResult
  place: RunPlace | undefined
}

export interface RunWatcher {
  progress(run: Run, progress: SessionProgress): void
  done(run: Run, end: RunEnd): Promise<void>
}

interface RunParts {
  host: QuantumHost
  pairs: Pairs
  pair: Pair
  watcher: RunWatcher
}

export class Run {
  readonly id: Uint8Array<ArrayBuffer>
  readonly role: 'alice' | 'bob'
  readonly #parts: RunParts
  readonly #computed: QuantumRun
  #ended = false

  private constructor(parts: RunParts, role: Run['role'], id: Uint8Array<ArrayBuffer>, authenticationKey: Uint8Array) {
    const { host } = parts
    this.#parts = parts
    this.id = id
    this.role = role
    const handedOver = authenticationKey.slice()
    authenticationKey.fill(0)
    this.#computed = host.engine.begin(
      // The eavesdropper belongs to the simulated channel alone, which is at Alice's end.
      { role, runId: id.slice(), authenticationKey: handedOver, eavesdropper: host.eavesdropper() },
      (step) => host.run(() => this.#take(step)),
    )
    this.#waitForPeer()
  }

  /** Begins a run as Alice. */
  static async begin(parts: RunParts): Promise<Run> {
    const id = parts.host.random(runIdBytes)
    return new Run(parts, 'alice', id, await authenticationKey(parts, id))
  }

  /** Answers a run that the peer began. */
  static async answer(parts: RunParts, id: Uint8Array<ArrayBuffer>): Promise<Run> {
    return new Run(parts, 'bob', id, await authenticationKey(parts, id))
  }

  get peer(): DeviceId {
    return this.#parts.pair.peer
  }

  get ended(): boolean {
    return this.#ended
  }

  handle(message: Uint8Array<ArrayBuffer>): void {
    this.#computed.handle(message)
  }

  cancel(): void {
    this.#computed.cancel()
  }

  /** Nothing more can come of it. */
  release(): void {
    this.#computed.release()
  }

  async #take({ send, progress, done: result, place }: RunStep): Promise<void> {
    const { host, pairs, pair, watcher } = this.#parts
    for (const message of send) {
      await pairs.say(pair, 'bb84', encodePairContent({ type: 'bb84', run: this.id, message }))
    }
    if (progress) watcher.progress(this, progress)
    if (result) {
      this.#ended = true
      host.timers.clear(this.#timer)
      await watcher.done(this, { run: this.id, peer: this.peer, role: this.role, result, place })
    } else if (!this.#ended) this.#waitForPeer()
  }

  #waitForPeer(): void {
    const { host } = this.#parts
    host.timers.set(this.#timer, silenceMs, () => this.cancel())
  }

  get #timer(): string {
    return `run ${toBase64Url(this.id)}`
  }
}

function authenticationKey({ pairs, pair }: RunParts, run: Uint8Array): Promise<Uint8Array> {
  return pairs.secret(pair, 'bb84-authentication', run, authenticationKeyBytes)
}
