import { expect, it } from 'vitest'
import type { Clock } from '../ports.ts'
import { fetchPart } from './fetch-part.ts'

function clock(): { waits: number[]; clock: Clock } {
  const waits: number[] = []
  const after: Clock['after'] = (ms, run) => {
    waits.push(ms)
    queueMicrotask(run)
    return () => undefined
  }
  return { waits, clock: { nowMs: () => 0, after } as Clock }
}

it('[WG2] a part that cannot be fetched is tried again, after longer and longer', async () => {
  const { waits, clock: fake } = clock()
  let tries = 0
  const part = fetchPart(fake, async () => {
    tries++
    if (tries < 4) throw new Error('no network')
    return 'here'
  })
  expect(await part).toBe('here')
  expect(waits).toEqual([500, 1_000, 2_000])
})

it('[WG2] one that never comes is said, with the last reason', async () => {
  const { waits, clock: fake } = clock()
  await expect(fetchPart(fake, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network')
  expect(waits).toHaveLength(5)
})
