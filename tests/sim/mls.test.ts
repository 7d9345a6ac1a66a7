/**
 * The simulation of streams with real MLS: the same faults, crashes and promises, real keys. `SYNC_SEEDS=7,8` tells the
 * stories of those seeds; `npm run soak -- mls` runs more of them.
 */
import { describe, expect, it } from 'vitest'
import { planOf } from '../../packages/client/src/sync/testing/sim-plan.ts'
import { simulateWith } from '../../packages/client/src/sync/testing/sim-world.ts'
import { MlsGroups } from './mls-groups.ts'
import { mlsPlan, smallPlan } from './mls-plans.ts'

const chosen = process.env.SYNC_SEEDS?.split(',').map(Number)
const seeds = chosen ?? Array.from({ length: 20 }, (_, i) => i + 1)

describe('simulated streams with real MLS', () => {
  it('[SM8] whatever fails or lies, the promises of the simulation hold with real keys, and who was taken out reads nothing more', {
    timeout: 120_000,
  }, async () => {
    const faults: string[] = []
    for (const seed of seeds) {
      const { violations, trace } = await simulateWith(new MlsGroups(), seed, mlsPlan)
      faults.push(...violations.slice(0, 3).map((violation) => `seed ${seed}: ${violation}`))
      if (chosen) console.log(`seed ${seed}`, planOf(seed), `\n${trace.join('\n')}`)
    }
    expect(faults).toEqual([])
  })

  it('[SM9] one seed tells one story, under other keys', async () => {
    const [one, again] = [await simulateWith(new MlsGroups(), 3), await simulateWith(new MlsGroups(), 3)]
    expect(again.trace).toEqual(one.trace)
    expect(one.trace.length).toBeGreaterThan(30)
  })

  it('[CA2] a device that ends at any await, of its storage or its connection, uses no generation twice and keeps its MLS session', {
    timeout: 120_000,
  }, async () => {
    const faults: string[] = []
    let ends = 0
    for (let at = 1, reached = true; reached; at++) {
      const { violations, ended } = await simulateWith(new MlsGroups(), 6, { ...smallPlan, endsAt: at })
      faults.push(...violations.slice(0, 1).map((violation) => `await ${at}: ${violation}`))
      reached = ended
      if (ended) ends = at
    }
    expect(faults).toEqual([])
    expect(ends).toBeGreaterThan(50)
  })
})
