import { describe, expect, it } from 'vitest'
import { tomamichel2012 } from '../security/tomamichel2012.ts'
import { type Estimate, isHopeless, netSecretBits, singlePhotonLength } from './accounting.ts'
import { defaultParameters, type RunParameters } from './parameters.ts'

const estimate: Estimate = { n: 20_000, sampled: 5000, qber: 0.015, taggedBits: 0 }

function finalKeyBits(parameters: RunParameters, found: Estimate, leakedBits: number): number {
  return singlePhotonLength(parameters, found)({ leakedBits, hashBits: 64, keyErrors: [300] })
}

function gaveUp(found: Estimate): boolean {
  return isHopeless(singlePhotonLength(defaultParameters, found), found.n, found.qber, 1)
}

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
    expect(gaveUp(estimate)).toBe(false)
    expect(gaveUp({ ...estimate, qber: 0.1 })).toBe(true)
    expect(gaveUp({ ...estimate, n: 500, sampled: 100 })).toBe(true)
  })
})
