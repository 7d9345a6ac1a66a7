/** How a run ends whose engine broke down: for this end an abort with a reason, for the peer a last word. */
import { abandonMessage } from '@qsec/qkd'
import type { BeginRun, RunResult, RunStep } from '../../ports.ts'

/** @param sent - messages of the run that this end has sent before */
export function brokenStep({ runId, role }: BeginRun, sent: number, cause: unknown): RunStep {
  const done: RunResult = { aborted: true, reason: 'engine-failed', by: 'us', withdrawn: false, stages: [] }
  // For whoever mends it; not enumerable, as with every cause of a run's end.
  Object.defineProperty(done, 'cause', { value: cause, enumerable: false })
  return { send: [abandonMessage(runId, role, sent).slice()], done }
}
