import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseSample, countDifferences, wilsonInterval } from './estimation.ts'
import { seededRandom } from './random.ts'
import { agreeingBases, keep } from './sifting.ts'

describe('sifting', () => {
  it('[QB13] keeps exactly the bits whose bases agree', () => {
    const bases = Uint8Array.of(0b10110010)
    const pulseIndex = Uint32Array.of(0, 1, 4, 7)
    const flags = agreeingBases(bases, pulseIndex, Uint8Array.of(0, 0, 1, 0))
    expect(Array.from(flags)).toEqual([1, 0, 1, 0])
    expect(Array.from(keep(Uint8Array.of(1, 0, 0, 1), flags))).toEqual([1, 0])
    expect(() => agreeingBases(bases, pulseIndex, new Uint8Array(3))).toThrow(RangeError)
    expect(() => keep(new Uint8Array(3), flags)).toThrow(RangeError)
  })
})

describe('estimation', () => {
  it('[QB14] a sample has exactly its size, and sample and key share no bit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.nat(), fc.nat(), (sifted, part, seed) => {
        const sampled = part % (sifted + 1)
        const flags = chooseSample(sifted, sampled, seededRandom(seed))
        const numbers = Uint8Array.from({ length: sifted }, (_, i) => i & 255)
        expect(keep(numbers, flags).length).toBe(sampled)
        expect(keep(numbers, flags, 0).length).toBe(sifted - sampled)
      }),
    )
  })

  it('[QB14] every bit is sampled equally often within 5 sigma', () => {
    const random = seededRandom(2, 'sample')
    const counts = new Array<number>(50).fill(0)
    for (let i = 0; i < 5000; i++) for (const [at, flag] of chooseSample(50, 10, random).entries()) counts[at]! += flag
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(5000 * 0.2 * 0.8))
  })

  for (const [rate, sampled] of [
    [0.01, 2000],
    [0.03, 5000],
    [0.11, 500],
    [0.25, 5000],
  ] as const) {
    it(`[QB15] the interval covers a true rate of ${rate} in 93 to 97 % of samples of ${sampled}`, () => {
      const random = seededRandom(3, `interval ${rate}`)
      let covered = 0
      for (let trial = 0; trial < 1000; trial++) {
        let errors = 0
        for (let i = 0; i < sampled; i++) if (random() < rate) errors++
        const [lo, hi] = wilsonInterval(errors, sampled)
        if (lo <= rate && rate <= hi) covered++
      }
      expect(covered).toBeGreaterThan(930 - 5)
      expect(covered).toBeLessThan(970 + 5)
    })
  }

  it('[QB15] the interval holds the measured rate, stays in [0, 1] and shrinks with the sample', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (sampled, part) => {
        const errors = part % (sampled + 1)
        const [lo, hi] = wilsonInterval(errors, sampled)
        const [loLarge, hiLarge] = wilsonInterval(10 * errors, 10 * sampled)
        expect(lo).toBeGreaterThanOrEqual(0)
        expect(hi).toBeLessThanOrEqual(1)
        expect(lo).toBeLessThanOrEqual(errors / sampled)
        expect(hi).toBeGreaterThanOrEqual(errors / sampled)
        expect(hiLarge - loLarge).toBeLessThan(hi - lo)
      }),
    )
    expect(wilsonInterval(0, 0)).toEqual([0, 1])
  })

  it('[QB14] differences are counted between equal lengths only', () => {
    expect(countDifferences(Uint8Array.of(0, 1, 1), Uint8Array.of(1, 1, 0))).toBe(2)
    expect(() => countDifferences(new Uint8Array(2), new Uint8Array(3))).toThrow(RangeError)
  })
})
