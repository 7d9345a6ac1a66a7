/**
 * Simulates many streams under every fault at once, from a seed that nobody has chosen.
 *   npm run soak -- sync [how many, 10,000] [first seed]
 *   npm run soak -- sync repair [how many, 10,000] [first seed]
 *   npm run soak -- sync bugs [seeds at most, 2,000] [name ...]
 * A seed that breaks a promise is told as a story by SYNC_SEEDS=<seed> npm test -- --project unit simulation. With
 * `repair` members hand each other what the relay has lost, and REPAIR_SEEDS=<seed> tells the sums. With `bugs` the first seed is
 * looked for that shows each planted bug (tests/sim/bugs.ts).
 */
import { simulateRepair } from '../packages/client/src/room/testing/repair-sim.ts'
import { simulate } from '../packages/client/src/sync/testing/sim-world.ts'
import { runSeeds } from '../tests/sim/many-seeds.ts'
import { searchSeeds } from '../tests/sim/planted.ts'

if (process.argv[2] === 'bugs') {
  const [many = '2000', ...names] = process.argv.slice(3)
  await searchSeeds(Number(many), names)
} else if (process.argv[2] === 'repair') await runSeeds(simulateRepair, process.argv.slice(3), 10_000)
else await runSeeds((seed) => simulate(seed), process.argv.slice(2), 10_000)
