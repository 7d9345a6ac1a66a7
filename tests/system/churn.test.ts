import { expect, it, onTestFinished } from 'vitest'
import { churn } from './churn.ts'
import { openWorld } from './world.ts'

it('[CH1] who is left after clients came, left, crashed and came back is in one epoch, and hears everyone', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000)
  console.info(`[CH1] SEED=${seed}`)
  const end = await churn(world, { seed, clients: 12, forMs: 3_000, patienceMs: 45_000 })
  expect(end, `SEED=${seed}`).toMatchObject({ views: [expect.stringMatching(/^\d+ \d/)], unheard: 0 })
  expect(end.live).toBeGreaterThan(1)
})
