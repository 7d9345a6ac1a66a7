import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asymptoticRate, asymptoticSecretLength, asymptoticThreshold } from './asymptotic.ts'
import { binaryEntropy } from './entropy.ts'
import { taggedBitsBound } from './tagged.ts'
import { samplingDeviation, type Tomamichel2012Input, tomamichel2012 } from './tomamichel2012.ts'

const base: Tomamichel2012Input = {
  n: 20_000,
  k: 5000,
  qber: 0.015,
  leakedBits: 2700,
  epsSec: 1e-10,
  epsCor: 1e-15,
  form: 'supplement',
}
const input = fc.record({
  n: fc.integer({ min: 1, max: 1_000_000 }),
  k: fc.integer({ min: 1, max: 1_000_000 }),
  qber: fc.double({ min: 0, max: 0.5, noNaN: true }),
  leakedBits: fc.integer({ min: 0, max: 100_000 }),
  epsSec: fc.double({ min: 1e-20, max: 1e-3, noNaN: true }),
  epsCor: fc.double({ min: 1e-20, max: 1e-3, noNaN: true }),
  form: fc.constantFrom('main' as const, 'supplement' as const),
})

describe('security analysis', () => {
  it('[QB20] the entropy is 0 at 0, 1 from 1/2 on, and h(0.11) is 0.4999', () => {
    expect(binaryEntropy(-1)).toBe(0)
    expect(binaryEntropy(0)).toBe(0)
    expect(binaryEntropy(0.5)).toBe(1)
    expect(binaryEntropy(0.9)).toBe(1)
    expect(binaryEntropy(0.11)).toBeCloseTo(0.499916, 6)
  })

  it('[QB20] long keys end at 11.0 %, earlier with a worse code', () => {
    expect(asymptoticThreshold()).toBeCloseTo(0.110028, 6)
    expect(asymptoticThreshold(1.2)).toBeLessThan(asymptoticThreshold(1.1))
    expect(asymptoticRate(0.11)).toBeGreaterThan(0)
    expect(asymptoticSecretLength(1000, 0.11, 600)).toBe(0)
    expect(asymptoticSecretLength(1000, 0, 100)).toBe(900)
  })

  it('[QB21] gives the numbers of the printed formula', () => {
    // By hand: mu^2 = 25000 / 1e8 * 5001 / 5000 * ln(4e10).
    const mu = Math.sqrt(2.5e-4 * 1.0002 * Math.log(4e10))
    expect(samplingDeviation(20_000, 5000, 1e-10)).toBeCloseTo(mu, 14)
    const main = tomamichel2012({ ...base, form: 'main' })
    const sum = 20_000 * (1 - binaryEntropy(0.015 + mu)) - 2700 - Math.log2(2 / (1e-10 * 1e-15))
    expect(main.length).toBe(Math.floor(sum))
    expect(main.phaseErrorRate).toBeCloseTo(0.015 + mu, 14)
  })

  it('[QB21] the form that keys are made with is log2(1/epsSec) bits shorter', () => {
    const difference = tomamichel2012({ ...base, form: 'main' }).length - tomamichel2012(base).length
    expect(Math.abs(difference - Math.log2(1e10))).toBeLessThanOrEqual(1)
  })

  it('[QB22] is never negative or NaN, never above the limit of long keys', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { length, mu, phaseErrorRate } = tomamichel2012(given)
        expect(length).toBeGreaterThanOrEqual(0)
        expect(Number.isInteger(length)).toBe(true)
        expect(Number.isFinite(mu)).toBe(true)
        expect(phaseErrorRate).toBeLessThanOrEqual(0.5)
        expect(length).toBeLessThanOrEqual(asymptoticSecretLength(given.n, given.qber, given.leakedBits))
      }),
    )
  })

  it('[QB22] falls with errors, leak and tags, and with smaller epsilons; grows with the sample', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { length } = tomamichel2012(given)
        expect(tomamichel2012({ ...given, qber: given.qber + 0.01 }).length).toBeLessThanOrEqual(length)
        expect(tomamichel2012({ ...given, leakedBits: given.leakedBits + 7 }).length).toBeLessThanOrEqual(length)
        expect(tomamichel2012({ ...given, taggedBits: 9 }).length).toBeLessThanOrEqual(length)
        expect(tomamichel2012({ ...given, epsSec: given.epsSec / 2 }).length).toBeLessThanOrEqual(length)
        expect(tomamichel2012({ ...given, epsCor: given.epsCor / 2 }).length).toBeLessThanOrEqual(length)
        expect(tomamichel2012({ ...given, k: 2 * given.k }).length).toBeGreaterThanOrEqual(length)
      }),
    )
  })

  it('[QB22] no key of no bits, no sample, or none but known bits', () => {
    expect(tomamichel2012({ ...base, n: 0 }).length).toBe(0)
    expect(tomamichel2012({ ...base, k: 0 }).length).toBe(0)
    expect(tomamichel2012({ ...base, n: Number.NaN }).length).toBe(0)
    expect(tomamichel2012({ ...base, taggedBits: 20_000 }).length).toBe(0)
  })

  it('[QB23] single photons have no known bits; of weak pulses more than the mean are given up', () => {
    expect(taggedBitsBound(1e6, 0, 1e-10)).toBe(0)
    expect(taggedBitsBound(1e6, 2e-4, 1e-10)).toBeGreaterThan(100)
    expect(taggedBitsBound(1e6, 2e-4, 1e-10)).toBeLessThan(200)
  })
})
