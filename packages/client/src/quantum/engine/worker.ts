/**
 * The quantum engine in a worker, as the page's thread sees it: bytes go out, steps come back. The worker starts with the
 * first run and ends when nothing was asked of it for a while; the next run starts another.
 */
import type { BeginRun, Clock, QuantumEngine, QuantumRun, RunStep } from '../../ports.ts'
import { checkBegin, whole } from './bytes.ts'
import { brokenStep } from './failure.ts'
import type { FromWorker, ToWorker } from './wire.ts'

/** What is used of a `Worker`. */
export interface EngineWorker {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: ToWorker, transfer: Transferable[]): void
  terminate(): void
}

export interface WorkerEngineOptions {
  /** Starts the worker's script. What it throws ends the run that wanted it. */
  start(): EngineWorker
  clock: Clock
  /** Hears why a worker was given up, for whoever maintains it. */
  onFault?(error: unknown): void
  /** A worker of which nothing was asked for so long is ended. Runs stay a minute after their end. */
  idleMs?: number
  /** A worker that owes a step and says nothing for so long has died without a word. */
  silentMs?: number
}

export function workerEngine(options: WorkerEngineOptions): QuantumEngine {
  return new WorkerEngine(options)
}

interface RemoteRun {
  readonly id: number
  readonly begin: BeginRun
  readonly onStep: (step: RunStep) => void
  /** Messages for the peer so far. */
  sent: number
  /** Steps that the worker owes. */
  owed: number
  ended: boolean
  /** The worker that computed it is gone. */
  lost: boolean
}

class WorkerEngine implements QuantumEngine {
  readonly #options: Required<WorkerEngineOptions>
  readonly #runs = new Map<number, RemoteRun>()
  #worker: EngineWorker | undefined
  #lastId = 0
  #stopWatch: () => void = () => undefined
  #closed = false

  constructor(options: WorkerEngineOptions) {
    this.#options = { onFault: () => undefined, idleMs: 120_000, silentMs: 30_000, ...options }
  }

  begin(options: BeginRun, onStep: (step: RunStep) => void): QuantumRun {
    checkBegin(options, this.#closed)
    // The copy leaves this thread by transfer; what stays is overwritten.
    const authenticationKey = options.authenticationKey.slice()
    options.authenticationKey.fill(0)
    const id = ++this.#lastId
    const run: RemoteRun = { id, begin: options, onStep, sent: 0, owed: 0, ended: false, lost: false }
    this.#runs.set(id, run)
    const message = { type: 'begin', run: id, options: { ...options, authenticationKey } } as const
    if (!this.#ask(run, message, [authenticationKey.buffer])) authenticationKey.fill(0)
    return {
      handle: (bytes) => {
        const sent = whole(bytes)
        this.#ask(run, { type: 'handle', run: id, message: sent }, [sent.buffer])
      },
      cancel: () => void this.#ask(run, { type: 'cancel', run: id }, []),
      release: () => this.#release(run),
    }
  }

  close(): void {
    this.#closed = true
    this.#stopWatch()
    this.#worker?.terminate()
    this.#worker = undefined
    this.#runs.clear()
  }

  /** Whether it went out. */
  #ask(run: RemoteRun, message: ToWorker, transfer: Transferable[]): boolean {
    if (run.lost || !this.#runs.has(run.id)) return false
    try {
      this.#worker ??= this.#start()
      this.#worker.postMessage(message, transfer)
    } catch (error) {
      // Told afterwards, as every step: who begins a run has to have it first.
      queueMicrotask(() => this.#giveUp(error))
      return false
    }
    run.owed++
    this.#watch()
    return true
  }

  #start(): EngineWorker {
    const worker = this.#options.start()
    const fail = (what: string) => {
      if (this.#worker === worker) this.#giveUp(new Error(`quantum worker: ${what}`))
    }
    worker.onmessage = ({ data }) => {
      if (this.#worker === worker) this.#take(data)
    }
    worker.onmessageerror = () => fail('a message could not be read')
    // Also where the script cannot be had at all: then the event says nothing.
    worker.onerror = ({ message }) => fail(message ?? 'its script did not start')
    return worker
  }

  #take({ run: id, step, key }: FromWorker): void {
    const run = this.#runs.get(id)
    if (run) {
      run.owed--
      run.sent += step.send.length
      if (step.done) run.ended = true
      if (step.done && key) Object.defineProperty(step.done, 'key', { value: key, enumerable: false })
      run.onStep(step)
    } else key?.fill(0)
    this.#watch()
  }

  #release(run: RemoteRun): void {
    if (!this.#runs.delete(run.id) || run.lost) return
    this.#worker?.postMessage({ type: 'release', run: run.id }, [])
    this.#watch()
  }

  /** One alarm: for a worker that owes something and is silent, or for one that has nothing to do. */
  #watch(): void {
    this.#stopWatch()
    if (!this.#worker) return
    const { clock, silentMs, idleMs } = this.#options
    const owes = [...this.#runs.values()].some(({ owed }) => owed > 0)
    this.#stopWatch = owes
      ? clock.after(silentMs, () => this.#giveUp(new Error(`quantum worker: silent for ${silentMs} ms`)))
      : clock.after(idleMs, () => this.#end(new Error('quantum worker: idle')))
  }

  #giveUp(error: unknown): void {
    if (this.#closed) return
    this.#options.onFault(error)
    this.#end(error)
  }

  #end(cause: unknown): void {
    this.#stopWatch()
    this.#worker?.terminate()
    this.#worker = undefined
    for (const run of this.#runs.values()) {
      run.lost = true
      if (run.ended) continue
      run.ended = true
      run.onStep(brokenStep(run.begin, run.sent, cause))
    }
  }
}
