/**
 * Switches every listed defence off, one after the other, and looks whether its test notices (tests/hostile/switches.ts).
 *   npm run soak -- switches [name or rule ...]
 */
import { runSwitchedOff } from '../tests/hostile/switched-off.ts'
import { switches } from '../tests/hostile/switches.ts'

const wanted = process.argv.slice(2)
const chosen = switches.filter(
  ({ name, rule }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(rule),
)
if (chosen.length === 0) throw new Error(`soak: there is no switch ${wanted.join(' ')}`)
let bad = 0
for (const one of chosen) {
  const beganMs = Date.now()
  const outcome = await runSwitchedOff(one)
  if (outcome !== 'noticed') bad++
  const seconds = ((Date.now() - beganMs) / 1000).toFixed(1)
  console.log(
    `${outcome === 'noticed' ? 'ok ' : 'BAD'} ${one.rule} ${one.name} (${one.test.id}, ${seconds} s): ${outcome}`,
  )
}
console.log(`${chosen.length - bad} of ${chosen.length} noticed`)
process.exitCode = bad === 0 ? 0 : 1
