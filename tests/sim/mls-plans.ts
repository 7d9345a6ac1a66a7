/** What differs from a seed's own plan where the groups are real. */
import { type Plan, planOf } from '../../packages/client/src/sync/testing/sim-plan.ts'

/** Somebody is taken out in most stories. */
export const mlsPlan: Partial<Plan> = { removals: 0.1 }

/** Two devices that say and commit a little, and nothing that fails: short enough to be told once for each of its awaits. */
export const smallPlan: Partial<Plan> = {
  ...planOf(1),
  devices: 2,
  faultsMs: 4_000,
  faults: { lostRequest: 0, lostAnswer: 0, twice: 0, lostFrame: 0, overtaken: 0, maxDelayMs: 200 },
  says: 1.5,
  commits: 1,
  needy: 0.5,
  invalid: 0,
  partlyInvalid: 0,
  cuts: 0,
  stalls: 0,
  crashes: 0,
  storeFailures: 0,
  clockJumps: 0,
  restarts: 0,
  dies: 0,
  large: 0,
  refused: 0,
  busy: 0.1,
}
