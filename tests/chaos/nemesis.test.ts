/** The short form; the long one is `npm run soak -- chaos`. */
import { expect, it } from 'vitest'
import { runNemesis, shortPlan } from './nemesis.ts'
import { short } from './stage.ts'

it('[CX10] 600 messages through kills of the relay and of a device, stops, resets, half-open links, trickle and latency: every one once, in one order', {
  timeout: 300_000,
}, async () => {
  const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000_000)
  const told = [`CHAOS_SEED=${seed}`]
  const { violations, looks } = await runNemesis({ ...shortPlan, seed }, (line) => told.push(line))
  const story = () =>
    [...told, ...[...looks].map(([name, look]) => `${name}: ${JSON.stringify(short(look))}`)].join('\n')
  console.log(told[0])
  expect(violations, story()).toEqual([])
  for (const look of looks.values()) {
    expect({ sending: look.sending, notSent: look.notSent, gaps: look.gaps }, story()).toEqual({
      sending: 0,
      notSent: [],
      gaps: [],
    })
  }
})
