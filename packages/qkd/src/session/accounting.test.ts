import { describe, expect, it } from 'vitest'
import { tomamichel2012 } from '../security/tomamichel2012.ts'
import { type Estimate, finalKeyBits, isHopeless, netSecretBits } from './accounting.ts'
import { defaultParameters } from './parameters.ts'

const estimate: Estimate = { n: 20_000, sampled: 5000, qber: 0.015, multiPhotonProbability: 0 }

describe('accounting', () => {
  it('[QB43] the key is the supplement length less the unpaid hash bits and both proofs, in whole bytes', () => {
    const { epsSec, epsCor } = defaultParameters
    const { length } = tomamichel2012({
      n: 20_000,
      k: 5000,
      qber: 0.015,
      leakedBits: 2700,
      epsSec,
      epsCor,
      form: 'supplement',
    })
    const expected = length - (64 - Math.log2(2 / epsCor)) - 128
    const keyBits = finalKeyBits(defaultParameters, estimate, 2700)
    expect(keyBits % 8).toBe(0)
    expect(expected - keyBits).toBeGreaterThanOrEqual(0)
    expect(expected - keyBits).toBeLessThan(8)
  })

  it('[QB43] every parity said costs its bit, and nothing is left before it goes below zero', () => {
    const keyBits = finalKeyBits(defaultParameters, estimate, 2700)
    expect(finalKeyBits(defaultParameters, estimate, 2708)).toBe(keyBits - 8)
    expect(finalKeyBits(defaultParameters, estimate, 2700 + keyBits)).toBe(0)
    expect(finalKeyBits(defaultParameters, estimate, 1e9)).toBe(0)
    expect(netSecretBits(800)).toBe(-96)
  })

  it('[QB43] gives up before reconciliation only where no reconciliation helps', () => {
    expect(isHopeless(defaultParameters, estimate)).toBe(false)
    expect(isHopeless(defaultParameters, { ...estimate, qber: 0.1 })).toBe(true)
    expect(isHopeless(defaultParameters, { ...estimate, n: 500, sampled: 100 })).toBe(true)
  })
})
