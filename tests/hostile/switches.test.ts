/** A sample of the switches; `npm run soak -- switches` runs them all. */
import { expect, it } from 'vitest'
import { runSwitchedOff } from './switched-off.ts'
import { switches } from './switches.ts'

const sampled = 2

it(`[RU4] ${sampled} defences chosen by chance are switched off, and their tests notice`, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  const first = seed % switches.length
  const chosen = Array.from({ length: sampled }, (_, i) => switches[(first + i * 11) % switches.length]!)
  console.info(`[RU4] SEED=${seed}: ${chosen.map(({ name }) => name).join(', ')}`)
  for (const one of chosen) {
    expect(await runSwitchedOff(one), `SEED=${seed} ${one.name}`).toMatchObject({ outcome: 'noticed' })
  }
}, 240_000)
