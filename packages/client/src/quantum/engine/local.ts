/** The quantum engine on the thread that it is called from: inside a worker, or in a program that has no screen to hold up. */
import type { Session, SessionStep } from '@qsec/qkd'
import type { BeginRun, QuantumEngine, QuantumRun, RunPlace, RunStep, SecureRandom } from '../../ports.ts'
import { Serial } from '../../sync/serial.ts'
import { checkBegin, whole } from './bytes.ts'
import { brokenStep } from './failure.ts'

export interface LocalEngineOptions {
  thread: RunPlace['thread']
  random: SecureRandom
  /** Brings the code of a run. */
  load(): Promise<typeof import('./bb84.ts')>
  /** Waited for before each message is taken, so that others get their turn in between. */
  pause?(): Promise<void>
}

export function localEngine(options: LocalEngineOptions): QuantumEngine {
  const runs = new Set<LocalRun>()
  let closed = false
  return {
    begin(begin, onStep) {
      checkBegin(begin, closed)
      const run = new LocalRun(options, begin, onStep, () => runs.delete(run))
      runs.add(run)
      return run
    },
    close() {
      closed = true
      for (const run of runs) run.release()
    },
  }
}

class LocalRun implements QuantumRun {
  readonly #options: LocalEngineOptions
  readonly #begin: BeginRun
  readonly #onStep: (step: RunStep) => void
  readonly #onRelease: () => void
  /** One message after the other, in their order. */
  readonly #serial = new Serial()
  #session: Session | undefined
  #place: RunPlace | undefined
  #sent = 0
  #ended = false
  #released = false

  constructor(options: LocalEngineOptions, begin: BeginRun, onStep: (step: RunStep) => void, onRelease: () => void) {
    this.#options = options
    this.#begin = begin
    this.#onStep = onStep
    this.#onRelease = onRelease
    this.#next(() => this.#start())
  }

  handle(message: Uint8Array<ArrayBuffer>): void {
    this.#next(() => this.#session?.handle(message))
  }

  cancel(): void {
    this.#next(() => this.#session?.cancel())
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#onRelease()
    this.#begin.authenticationKey.fill(0)
    this.#session?.cancel() // overwrites what the session keeps; nobody is told any more
  }

  async #start(): Promise<SessionStep | undefined> {
    const { thread, random, load } = this.#options
    const code = await load()
    const amplifier = await code.amplifierOfThisThread()
    if (this.#released) return undefined
    this.#place = { thread, amplifier: amplifier.name }
    this.#session = code.startSession(this.#begin, random, amplifier)
    return this.#session.first
  }

  #next(job: () => Promise<SessionStep | undefined> | SessionStep | undefined): void {
    void this.#serial.run(async () => {
      try {
        await this.#options.pause?.()
        if (this.#released) return
        const step = (await job()) ?? { send: [] }
        if (!this.#released) this.#take(step)
      } catch (cause) {
        this.#break(cause)
      }
    })
  }

  #take({ send, progress, done }: SessionStep): void {
    this.#sent += send.length
    if (done) this.#ended = true
    const place = this.#place ? { place: this.#place } : {}
    this.#onStep({
      send: send.map(whole),
      ...(progress ? { progress } : {}),
      ...(done ? { done } : {}),
      ...place,
    })
  }

  /** What a session cannot know of: the code did not load, or it threw where it promises not to. */
  #break(cause: unknown): void {
    if (this.#ended || this.#released) return
    this.#ended = true
    this.#begin.authenticationKey.fill(0)
    this.#onStep(brokenStep(this.#begin, this.#sent, cause))
  }
}
