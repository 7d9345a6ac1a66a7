/** Streams under every fault at once, by seed (docs: RULES.md, sync). `SYNC_SEEDS=7,8` runs those, and prints the story. */
import { expect, it } from 'vitest'
import { planOf, simulate } from './testing/sim-world.ts'

const chosen = process.env.SYNC_SEEDS?.split(',').map(Number)
const many = Number(process.env.SYNC_MANY ?? 300)
const seeds = chosen ?? Array.from({ length: many }, (_, i) => i + 1 + Number(process.env.SYNC_FROM ?? 0))

it('[SN50] whatever fails', { timeout: 600_000 }, async () => {
  let deserted = 0
  const failed = new Map<string, number[]>()
  for (const seed of seeds) {
    const outcome = await simulate(seed)
    if (outcome.deserted) deserted++
    if (chosen) console.log(seed, JSON.stringify(planOf(seed)), `\n${outcome.trace.join('\n')}`)
    if (outcome.violations.length > 0) {
      const kind = outcome.violations[0]!.split('\n')[0]!.replace(/[0-9]+/g, '#')
      failed.set(kind, [...(failed.get(kind) ?? []), seed])
    }
  }
  console.log({ deserted }, failed)
  expect([...failed]).toEqual([])
})
