import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeLacks, encodeLacks, isLacked, type Lack, lacksAtMost, withLack } from './lacks.ts'

const ranges = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(3)).map(([from, more]): Lack => [from, from + more]),
  { maxLength: 60 },
)
const all = (given: readonly Lack[]) =>
  given.reduce<readonly Lack[]>((lacks, [from, to]) => withLack(lacks, from, to), [])

it('[SM3] no number that a device lacks is left out, however many there are; up to the bound no other is named', () => {
  fc.assert(
    fc.property(ranges, (given) => {
      const lacks = all(given)
      expect(lacks.length).toBeLessThanOrEqual(lacksAtMost)
      const isExact = given.length <= lacksAtMost
      for (let seq = 0; seq < 210; seq++) {
        const missing = given.some(([from, to]) => from <= seq && seq <= to)
        if (missing || isExact) expect(isLacked(lacks, seq)).toBe(missing)
      }
      for (const [i, [from, to]] of lacks.entries()) {
        expect(from).toBeLessThanOrEqual(to)
        if (i > 0) expect(from).toBeGreaterThan(lacks[i - 1]![1] + 1)
      }
    }),
  )
  expect(withLack([[1, 2]], 5, 4)).toEqual([[1, 2]])
})

it('[SM3] what is lacked comes back from its bytes; damaged ones or another version are refused', () => {
  fc.assert(
    fc.property(ranges.map(all), (lacks) => {
      const bytes = encodeLacks(lacks)
      expect(decodeLacks(bytes)).toEqual(lacks)
      expect(decodeLacks(new Uint8Array([...bytes, 0]))).toBeUndefined()
      expect(decodeLacks(new Uint8Array([9, ...bytes.slice(1)]))).toBeUndefined()
    }),
  )
})
