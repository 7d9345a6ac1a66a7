/**
 * Switches every listed defence off, one after the other, and looks whether its test notices (tests/hostile/switches.ts).
 *   npm run soak -- switches [name or rule ...]
 */
import { passesHonestly, runSwitchedOff } from '../tests/hostile/switched-off.ts'
import { switches } from '../tests/hostile/switches.ts'

const wanted = process.argv.slice(2)
const chosen = switches.filter(
  ({ name, rule }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(rule),
)
if (chosen.length === 0) throw new Error(`soak: there is no switch ${wanted.join(' ')}`)
let bad = 0
for (const one of chosen) {
  const beganMs = Date.now()
  const { outcome, why } = (await passesHonestly(one))
    ? await runSwitchedOff(one)
    : ({ outcome: 'did not run', why: 'the test fails with the defence in place' } as const)
  if (outcome !== 'noticed') bad++
  const seconds = ((Date.now() - beganMs) / 1000).toFixed(1)
  const verdict = outcome === 'noticed' ? 'ok ' : 'BAD'
  console.log(`${verdict} ${one.rule} ${one.name} (${one.test.id}, ${seconds} s): ${outcome}: ${why.slice(0, 300)}`)
}
console.log(`${chosen.length - bad} of ${chosen.length} noticed`)
process.exitCode = bad === 0 ? 0 : 1
