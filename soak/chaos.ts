/**
 * 10,000 messages while the relay is killed five times and everything else is broken too, from a seed that nobody has chosen.
 *   npm run soak -- chaos [how many times, 1] [first seed] [short]
 * It takes six minutes each time; with `short` it is the story of the tests, of half a minute.
 */
import { longPlan, runNemesis, shortPlan } from '../tests/chaos/nemesis.ts'
import { short } from '../tests/chaos/stage.ts'

const [many = '1', first = String(Date.now() % 1_000_000_000), form = 'long'] = process.argv.slice(2)
const plan = { long: longPlan, short: shortPlan }[form]
if (!plan || !/^[1-9]\d*$/.test(many) || !/^\d+$/.test(first)) {
  throw new Error('soak: chaos takes how many times, the first seed, and perhaps the word short')
}
let broken = 0
for (let i = 0; i < Number(many); i++) {
  const seed = Number(first) + i
  const beganMs = Date.now()
  console.log(`seed ${seed}`)
  const { violations, looks, history, relayMiB } = await runNemesis({ ...plan, seed }, console.log)
  for (const [name, look] of looks) console.log(name, JSON.stringify(short(look)))
  for (const violation of violations.slice(0, 10)) console.log('BAD', JSON.stringify(violation))
  const confirmed = history.filter((entry) => entry.op === 'send' && entry.phase === 'ok').length
  const seconds = Math.round((Date.now() - beganMs) / 1_000)
  console.log(`${violations.length} violations, ${confirmed} confirmed, relay ${relayMiB} MiB, ${seconds} s`)
  if (violations.length > 0) broken++
}
process.exitCode = broken === 0 ? 0 : 1
