/** The engine's contract in a page of a real browser, without a test runner. */
import { openBrowserQuantum } from '../../browser.ts'
import type { RunPlace } from '../../ports.ts'
import { connect, engineCases } from './engine.contract.ts'

export interface Outcome {
  name: string
  error?: string
}

/** Runs every case with the worker of this address, and tells which failed. */
export async function runContract(worker: string, place: RunPlace): Promise<Outcome[]> {
  const open = () => openBrowserQuantum({ startWorker: () => new Worker(worker, { type: 'module' }) })
  const outcomes: Outcome[] = []
  for (const { name, run } of engineCases) {
    try {
      await run(open, place)
      outcomes.push({ name })
    } catch (error) {
      outcomes.push({ name, error: String(error) })
    }
  }
  return outcomes
}

/** How one run of two ends goes with the worker of this address: where it was computed, or why it gave no key. */
export async function runOnce(worker: string): Promise<{ place?: RunPlace; ended: string; faults: string[] }> {
  const faults: string[] = []
  const engine = openBrowserQuantum({
    startWorker: () => new Worker(worker, { type: 'module' }),
    onFault: (error) => faults.push(String(error)),
  })
  const { alice } = connect({ alice: engine, bob: engine })
  const result = await alice.done
  engine.close()
  const { place } = alice.steps[0]!
  return { ...(place ? { place } : {}), ended: result.aborted ? result.reason : 'key', faults }
}
