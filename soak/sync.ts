/**
 * Simulates many streams under every fault at once, from a seed that nobody has chosen.
 *   npm run soak -- sync [how many, 10,000] [first seed]
 *   npm run soak -- sync bugs [seeds at most, 2,000] [name ...]
 * A seed that breaks a promise is told as a story by SYNC_SEEDS=<seed> npm test -- --project unit simulation. With `bugs`
 * the first seed is looked for that shows each planted bug (tests/sim/bugs.ts).
 */
import { simulate } from '../packages/client/src/sync/testing/sim-world.ts'
import { searchSeeds } from '../tests/sim/planted.ts'

if (process.argv[2] === 'bugs') {
  const [many = '2000', ...names] = process.argv.slice(3)
  await searchSeeds(Number(many), names)
} else {
  const [many = 10_000, first = 1_000 + (Date.now() % 1_000_000_000)] = process.argv.slice(2).map(Number)
  if (!Number.isSafeInteger(many) || many < 1 || !Number.isSafeInteger(first) || first < 0) {
    throw new Error('soak: sync takes how many seeds, and the first of them, as whole numbers')
  }
  const toldEvery = Math.max(1, Math.floor(many / 20))
  let [broken, deserted] = [0, 0]
  console.log(`seeds ${first} to ${first + many - 1}`)
  for (let i = 0; i < many; i++) {
    const seed = first + i
    const outcome = await simulate(seed)
    if (outcome.deserted) deserted++
    if (outcome.violations.length > 0) {
      broken++
      console.log(`seed ${seed}: ${outcome.violations.slice(0, 3).join('; ')}`)
    }
    if ((i + 1) % toldEvery === 0) console.log(`${i + 1} of ${many}, ${broken} broken, ${deserted} deserted`)
  }
  process.exitCode = broken === 0 ? 0 : 1
}
