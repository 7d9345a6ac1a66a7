/** The worker's side of the quantum engine: runs go on here, and their keys leave by transfer, without a copy. */
import type { QuantumEngine, QuantumRun, RunStep } from '../../ports.ts'
import type { FromWorker, ToWorker } from './wire.ts'

export interface WorkerScope {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  postMessage(message: FromWorker, transfer: Transferable[]): void
}

export function serveEngine(scope: WorkerScope, engine: QuantumEngine): void {
  const runs = new Map<number, QuantumRun>()
  scope.onmessage = ({ data }) => {
    const { run } = data
    switch (data.type) {
      case 'begin':
        runs.set(
          run,
          engine.begin(data.options, (step) => post(scope, run, step)),
        )
        return
      case 'handle':
        return runs.get(run)?.handle(data.message)
      case 'cancel':
        return runs.get(run)?.cancel()
      case 'release':
        runs.get(run)?.release()
        runs.delete(run)
    }
  }
}

function post(scope: WorkerScope, run: number, step: RunStep): void {
  const transfer: Transferable[] = step.send.map(({ buffer }) => buffer)
  if (!step.done || step.done.aborted) {
    scope.postMessage({ run, step }, transfer)
    return
  }
  const key = step.done.key.slice()
  step.done.key.fill(0)
  scope.postMessage({ run, step, key }, [...transfer, key.buffer])
}
