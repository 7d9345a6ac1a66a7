/** This device's BB84 runs, as Alice and as Bob: begins and answers them, and books how they end. */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import type { SessionProgress } from '@qsec/qkd'
import { type LinkBooks, reportOf } from './books.ts'
import type { QuantumHost } from './host.ts'
import type { Pads } from './pads.ts'
import type { Pair, Pairs } from './pairs.ts'
import { logStep } from './relay-log.ts'
import { Run, type RunEnd, type RunWatcher } from './run.ts'

/** A run that is over stays for so long: a peer that refused the very last message says so, and the key is void then. */
const afterEndMs = 60_000
/** Ids of runs that this device took part in. The pair group's ratchet refuses replays as well. */
const runsRemembered = 1_024

const stageOrder = ['proposal', 'photons', 'sifting', 'estimation', 'reconciliation', 'amplification']

export interface RunsParts {
  host: QuantumHost
  pairs: Pairs
  pads: Pads
  books: LinkBooks
  /** A run has ended, and its key, if there is one, can be used. */
  onEnd(): void
}

export class Runs {
  readonly #parts: RunsParts
  readonly #runs = new Map<string, Run>()
  /** Ids of runs that this device took part in: each serves once. */
  readonly #known = new Set<string>()

  constructor(parts: RunsParts) {
    this.#parts = parts
  }

  get anyOpen(): boolean {
    return [...this.#runs.values()].some((run) => !run.ended)
  }

  /** Runs that this device began and that have not ended. */
  get anyOpenAsAlice(): boolean {
    return [...this.#runs.values()].some((run) => run.role === 'alice' && !run.ended)
  }

  /** The run is under way here: a key of it is still to come. */
  isOpen(runId: Uint8Array): boolean {
    return this.#runs.get(toBase64Url(runId))?.ended === false
  }

  /** Begins a run as Alice. Runs in the queue. */
  async begin(pair: Pair): Promise<void> {
    const { host, pairs } = this.#parts
    logStep(host, 'BB84_INIT', { peer: pair.peer })
    const run = await Run.begin({ host, pairs, pair, watcher: this.#watcher })
    this.#remember(toBase64Url(run.id))
    this.#runs.set(toBase64Url(run.id), run)
  }

  /** A message of a run, perhaps the first of one that the peer begins. Runs in the queue. */
  async onMessage(pair: Pair, runId: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<void> {
    const { peer } = pair
    if (!this.#parts.host.members().includes(peer)) return
    const id = toBase64Url(runId)
    // A run is answered only from its first message; a frame of one that is over begins nothing.
    const run = this.#runs.get(id) ?? (this.#known.has(id) ? undefined : await this.#answer(pair, runId))
    if (run?.peer === peer) run.handle(message)
  }

  async #answer(pair: Pair, runId: Uint8Array<ArrayBuffer>): Promise<Run> {
    const { host, pairs, books } = this.#parts
    const { peer } = pair
    const id = toBase64Url(runId)
    this.#remember(id)
    // Who begins another run has given up the one before.
    for (const one of this.#runs.values()) {
      if (one.peer === peer && one.role === 'bob' && !one.ended) one.cancel()
    }
    const run = await Run.answer({ host, pairs, pair, watcher: this.#watcher }, runId)
    this.#runs.set(id, run)
    books.show(peer, { state: 'running', stage: 'proposal', progress: 0 }, 'bob')
    return run
  }

  #remember(id: string): void {
    this.#known.add(id)
    for (const old of [...this.#known].slice(0, -runsRemembered)) this.#known.delete(old)
  }

  readonly #watcher: RunWatcher = {
    progress: ({ peer, role }, progress) => {
      const at = stageOrder.indexOf(progress.phase)
      const shown = { state: 'running', stage: progress.phase, progress: at / stageOrder.length } as const
      this.#parts.books.show(peer, shown, role)
      if (progress.phase === 'estimation' && role === 'alice') this.#siftingDone(peer, progress)
    },
    done: async (run, end) => {
      const { host, pads } = this.#parts
      const { result } = end
      const id = toBase64Url(run.id)
      host.timers.set(`ended ${id}`, afterEndMs, () => {
        run.release()
        this.#runs.delete(id)
      })
      if (result.aborted && result.withdrawn) await pads.drop(end.peer, end.run)
      if (!result.aborted) {
        await pads.add(end.peer, end.run, end.role, result.label, result.key)
        result.key.fill(0)
      }
      this.#report(end)
      this.#parts.onEnd()
    },
  }

  #report({ run, peer, role, result, place }: RunEnd): void {
    const { host, books, pads } = this.#parts
    const { device, room } = host.identity
    const report = reportOf(run, result, pads.bitsFor(peer))
    if (place) books.computed(peer, place)
    if (role === 'bob') {
      books.report(peer, device, report)
      return
    }
    books.report(device, peer, report)
    host.run(() => host.say({ type: 'link-report', peer, report }))
    void host.transport.request('bb84_session', {
      room,
      peer,
      original: result.detected ?? 0,
      matched: (result.sampled ?? 0) - (result.mismatches ?? 0),
      mismatched: result.mismatches ?? 0,
      qber: result.qber ?? 0,
      threshold: report.threshold,
      accepted: !result.aborted,
    })
  }

  #siftingDone(peer: DeviceId, { pulses = 0, detected = 0, sifted = 0 }: SessionProgress): void {
    logStep(this.#parts.host, 'BB84_SIFTING_COMPLETE', { peer, pulses, detected, sifted })
  }
}
