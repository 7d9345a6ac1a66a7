/**
 * The simulation of streams with real MLS, from a seed that nobody has chosen: half a second of computing for each.
 *   npm run soak -- mls [how many, 500] [first seed]
 * A seed that breaks a promise is told as a story by SYNC_SEEDS=<seed> npm test -- --project unit mls.
 */
import { simulateWith } from '../packages/client/src/sync/testing/sim-world.ts'
import { runSeeds } from '../tests/sim/many-seeds.ts'
import { MlsGroups } from '../tests/sim/mls-groups.ts'
import { mlsPlan } from '../tests/sim/mls-plans.ts'

await runSeeds((seed) => simulateWith(new MlsGroups(), seed, mlsPlan), process.argv.slice(2), 500)
