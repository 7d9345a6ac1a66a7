import { expect, it } from 'vitest'
import { Quota } from './quota.ts'

it('[HX4] an address may do so much at once, gets it back bit by bit, and one more address is one more bucket', () => {
  let now = 1_000
  const quota = new Quota(10, 600_000, () => now)
  const takes = (address: string, times: number) => Array.from({ length: times }, () => quota.take(address))
  expect(takes('a', 12)).toEqual([...Array<boolean>(10).fill(true), false, false])
  expect(quota.take('b')).toBe(true)
  now += 59_999
  expect(quota.take('a')).toBe(false)
  now += 1
  expect(takes('a', 2)).toEqual([true, false])
  now += 10 * 600_000
  expect(takes('a', 11).filter(Boolean)).toHaveLength(10)
})

it('[HX4] a clock that is set back neither locks anybody out for long nor gives more', () => {
  let now = 10_000_000
  const quota = new Quota(2, 1_000, () => now)
  expect([quota.take('a'), quota.take('a'), quota.take('a')]).toEqual([true, true, false])
  now = 0
  expect(quota.take('a')).toBe(false)
  now = 10_000_500
  expect(quota.take('a')).toBe(true)
})

it('[HX4] what it remembers is bounded, and who is refused is forgotten last', () => {
  let now = 0
  const quota = new Quota(2, 60_000, () => now)
  for (let i = 0; i < 40_000; i++) {
    now += 1
    quota.take(`address ${i}`)
  }
  expect(quota.size).toBeLessThanOrEqual(16_384)
})
