/** What the finite-key bounds with decoy states have in common: counts by intensity, and bounds on them. */
import { binaryEntropy } from './entropy.ts'

/** Of one basis, after sifting. Entry k belongs to intensity k. */
export interface BasisCounts {
  /** n_k, clicks. */
  clicks: readonly number[]
  /** m_k, clicks with the wrong bit. */
  errors: readonly number[]
}

export interface DecoyInput {
  /** Mean photons per pulse, the brightest first. */
  intensities: readonly number[]
  /** Probability of each intensity, above 0. */
  probabilities: readonly number[]
  /** The basis whose bits become the key. */
  key: BasisCounts
  /** The other basis, all bits compared. */
  test: BasisCounts
  /** lambda_EC: bits said in the clear during error correction. */
  leakedBits: number
  epsSec: number
  epsCor: number
}

export interface DecoyLength {
  /** s0: lower bound on key bits from empty pulses. */
  vacuumBits: number
  /** s1: lower bound on key bits from single photons; 0 when there is none. */
  singlePhotonBits: number
  /** The same for the test basis. */
  testSinglePhotonBits: number
  /** v1: upper bound on the wrong ones among them. */
  testSinglePhotonErrors: number
  /** phi: upper bound on the phase error rate of the key's single photons, at most 1/2. */
  phaseErrorRate: number
  /** Bits taken off for both epsilons. */
  epsilonBits: number
  /** The length before rounding. Where it is negative or no single photon is certain: how far from a key, roughly. */
  balanceBits: number
  /** Whole bits; 0 when nothing may be kept. */
  length: number
}

/** tau_n = sum over k of p_k e^-k k^n / n!, n = 0 or 1: that a pulse of unknown intensity holds n photons. */
export function photonNumberProbability(
  input: Pick<DecoyInput, 'intensities' | 'probabilities'>,
  photons: 0 | 1,
): number {
  return input.intensities.reduce(
    (sum, mean, k) => sum + input.probabilities[k]! * Math.exp(-mean) * (photons === 0 ? 1 : mean),
    0,
  )
}

/** (e^k / p_k) (count + deviation): what an expected count, as if of its own Poisson term, is bounded by. */
export function scaledCount(input: DecoyInput, k: number, count: number, deviation: number): number {
  return (Math.exp(input.intensities[k]!) / input.probabilities[k]!) * (count + deviation)
}

/** delta = sqrt( n/2 ln(1/eps) ) (Hoeffding, J. Am. Stat. Assoc. 58, 13, 1963). */
export function hoeffdingDeviation(total: number, eps: number): number {
  return Math.sqrt((total / 2) * Math.log(1 / eps))
}

export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

/**
 * phi = b + gamma, b = v1 / s1 of the test basis, and
 * gamma = sqrt( (c+d)(1-b) b / (c d ln 2) * log2( (c+d) / (c d (1-b) b) * terms^2 / eps^2 ) ), c and d the single-photon
 * bits of test and key. Outside of 0 < b < 1 the formula says nothing, and neither do we: 1/2.
 *
 * @param terms - 21 in Lim et al. 2014, 19 in Rusca et al. 2018
 */
export function phaseErrorBound(test: number, testErrors: number, key: number, epsSec: number, terms: number): number {
  const b = testErrors / test
  if (!(test > 0 && key > 0 && b > 0 && b < 1)) return 0.5
  const spread = ((test + key) * (1 - b) * b) / (test * key)
  const log = Math.log2(((test + key) / (test * key * (1 - b) * b)) * (terms / epsSec) ** 2)
  const bound = b + Math.sqrt((spread / Math.LN2) * Math.max(0, log))
  return Math.min(0.5, bound)
}

/** The last step of both papers: bits of empty pulses and of single photons, less everything that was said. */
export function decoyLength(
  input: DecoyInput,
  found: { vacuum: number; single: number; testSingle: number; testErrors: number },
  terms: number,
): DecoyLength {
  const { epsSec, epsCor, leakedBits } = input
  const clicks = sum(input.key.clicks)
  // Bounds of contradictory counts can pass the number of clicks, which is a better bound then.
  const vacuumBits = Math.min(Math.max(0, found.vacuum), clicks)
  const singlePhotonBits = Math.min(Math.max(0, found.single), clicks - vacuumBits)
  const testSinglePhotonBits = Math.min(Math.max(0, found.testSingle), sum(input.test.clicks))
  const phaseErrorRate = phaseErrorBound(testSinglePhotonBits, found.testErrors, singlePhotonBits, epsSec, terms)
  const epsilonBits = 6 * Math.log2(terms / epsSec) + Math.log2(2 / epsCor)
  const proven = singlePhotonBits > 0 && testSinglePhotonBits > 0
  const balanceBits = proven
    ? vacuumBits + singlePhotonBits * (1 - binaryEntropy(phaseErrorRate)) - leakedBits - epsilonBits
    : Math.min(0, found.single) + Math.min(0, found.testSingle) - leakedBits - epsilonBits
  return {
    vacuumBits,
    singlePhotonBits,
    testSinglePhotonBits,
    testSinglePhotonErrors: found.testErrors,
    phaseErrorRate,
    epsilonBits,
    balanceBits,
    length: proven && Number.isFinite(balanceBits) && balanceBits > 0 ? Math.floor(balanceBits) : 0,
  }
}
