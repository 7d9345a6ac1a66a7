/**
 * 200 clients join, leave, crash and come back for two minutes; then all who are there share one epoch and hear each other.
 *   npm run soak -- churn [clients, 200] [seconds, 120] [seed]
 */
import { churn } from '../tests/system/churn.ts'
import { openWorld } from '../tests/system/world.ts'

const [clients = 200, seconds = 120, seed = Date.now() % 1_000_000_000] = process.argv.slice(2).map(Number)
if (![clients, seconds, seed].every((value) => Number.isSafeInteger(value) && value > 0)) {
  throw new Error('soak: churn takes how many clients, how many seconds, and a seed')
}
console.log(`seed ${seed}`)
const world = await openWorld()
const end = await churn(world, { seed, clients, forMs: seconds * 1_000, patienceMs: 300_000 })
console.log(JSON.stringify(end))
await world.close()
process.exitCode = end.views.length === 1 && /^\d+ \d/.test(end.views[0]!) && end.unheard === 0 ? 0 : 1
