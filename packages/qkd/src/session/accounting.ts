/** How many bits of a reconciled key may be kept, and what a run cost. */
import { authenticationBits } from '../authentication.ts'
import { binaryEntropy } from '../security/entropy.ts'
import { taggedBitsBound } from '../security/tagged.ts'
import { tomamichel2012 } from '../security/tomamichel2012.ts'
import { verificationBits } from '../verification.ts'
import type { RunParameters } from './parameters.ts'
import type { SessionEpsilon } from './result.ts'

/** Bits of fresh key that each end shows the other to prove that it has it; they are no part of the key handed out. */
export const confirmationBits = 64

export interface Estimate {
  /** Sifted bits left when the sample is taken out. */
  n: number
  sampled: number
  qber: number
  multiPhotonProbability: number
}

/**
 * Length of the key handed out, a multiple of 8: the finite-key bound (form `supplement`) with the measured leak, less
 * what the verification hash says beyond the bits the bound pays for, less both confirmations.
 *
 * @returns 0 when nothing may be kept
 */
export function finalKeyBits(parameters: RunParameters, estimate: Estimate, leakedBits: number): number {
  const { length } = tomamichel2012({
    n: estimate.n,
    k: estimate.sampled,
    qber: estimate.qber,
    leakedBits,
    epsSec: parameters.epsSec,
    epsCor: parameters.epsCor,
    form: 'supplement',
    taggedBits: taggedBitsBound(parameters.pulses, estimate.multiPhotonProbability, parameters.epsSec),
  })
  // log2(2/epsCor) inside the bound already pays for that many bits of the hash.
  const unpaid = Math.max(0, verificationBits - Math.log2(2 / parameters.epsCor))
  const bits = Math.floor(length - unpaid - 2 * confirmationBits)
  return bits >= 8 ? bits - (bits % 8) : 0
}

/** True if no reconciliation can leave a key, so that its round trips are better saved. */
export function isHopeless(parameters: RunParameters, estimate: Estimate): boolean {
  // A fifth below n h(Q), because the sample may show more errors than the rest has.
  const leastLeak = 0.8 * estimate.n * binaryEntropy(estimate.qber)
  return finalKeyBits(parameters, estimate, leastLeak) <= 0
}

export function netSecretBits(keyBits: number): number {
  return keyBits - authenticationBits
}

/** Without the forging probability of the tags, which the link knows. */
export function epsilonOf(
  parameters: RunParameters,
  multiPhotonProbability: number,
): Omit<SessionEpsilon, 'authentication' | 'total'> {
  const source = multiPhotonProbability > 0 ? parameters.epsSec : 0
  return { secrecy: parameters.epsSec, correctness: parameters.epsCor, source }
}
