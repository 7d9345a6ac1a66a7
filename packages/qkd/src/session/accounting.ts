/** How many bits of a reconciled key may be kept, and what a run cost. */
import { authenticationBits } from '../authentication.ts'
import type { BasisCounts } from '../security/decoy-counts.ts'
import { binaryEntropy } from '../security/entropy.ts'
import { lim2014 } from '../security/lim2014.ts'
import { rusca2018 } from '../security/rusca2018.ts'
import { tomamichel2012 } from '../security/tomamichel2012.ts'
import { verificationBits } from '../verification.ts'
import type { DecoyPlan } from './decoy-plan.ts'
import type { KeyParameters } from './parameters.ts'

/** Bits of fresh key that each end shows the other to prove that it has it; they are no part of the key handed out. */
export const confirmationBits = 64

/** What error correction and verification said in the clear, and the errors that they found. */
export interface Said {
  /** Parities, and every bit of a frame that was given up. */
  leakedBits: number
  hashBits: number
  /** By intensity; one entry where there is one. Of a frame that was given up every bit counts as wrong. */
  keyErrors: readonly number[]
}

/** Length of the key handed out, a multiple of 8; 0 when nothing may be kept. */
export type KeyLength = (said: Said) => number

export interface Estimate {
  /** Sifted bits left when the sample is taken out. */
  n: number
  sampled: number
  qber: number
  /** Bits that an eavesdropper may know outright, because their pulses held several photons. */
  taggedBits: number
}

/** Single photons: Tomamichel et al. 2012, form `supplement`, with the measured leak. */
export function singlePhotonLength(parameters: KeyParameters, { n, sampled, qber, taggedBits }: Estimate): KeyLength {
  const { epsSec, epsCor } = parameters
  return ({ leakedBits, hashBits }) => {
    const { length } = tomamichel2012({
      n,
      k: sampled,
      qber,
      leakedBits,
      epsSec,
      epsCor,
      form: 'supplement',
      taggedBits,
    })
    return handedOut(length, parameters, hashBits)
  }
}

/** Decoy states: Rusca et al. 2018 with one decoy, Lim et al. 2014 with two, over the counts of this run. */
export function decoyLength(
  parameters: KeyParameters,
  { intensities, probabilities }: DecoyPlan,
  keyClicks: readonly number[],
  test: BasisCounts,
): KeyLength {
  const { epsSec, epsCor } = parameters
  const bound = intensities.length === 2 ? rusca2018 : lim2014
  return ({ leakedBits, hashBits, keyErrors }) => {
    const key = { clicks: keyClicks, errors: keyErrors }
    const { length } = bound({ intensities, probabilities, key, test, leakedBits, epsSec, epsCor })
    return handedOut(length, parameters, hashBits)
  }
}

/** Takes off what the hashes say beyond the bits that the bound pays for, and both confirmations. */
function handedOut(length: number, { epsCor }: KeyParameters, hashBits: number): number {
  const unpaid = Math.max(0, hashBits - Math.log2(2 / epsCor))
  const bits = Math.floor(length - unpaid - 2 * confirmationBits)
  return bits >= 8 ? bits - (bits % 8) : 0
}

/** True if no reconciliation can leave a key, so that its round trips are better saved. */
export function isHopeless(keyBits: KeyLength, n: number, qber: number, intensities: number): boolean {
  // A fifth below n h(Q), because the sample may show more errors than the rest has.
  const leakedBits = 0.8 * n * binaryEntropy(qber)
  return keyBits({ leakedBits, hashBits: verificationBits, keyErrors: new Array<number>(intensities).fill(0) }) <= 0
}

export function netSecretBits(keyBits: number): number {
  return keyBits - authenticationBits
}
