/**
 * Finite key of BB84 with single photons.
 *
 * @see Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634 (2012), Eq. (2)
 */
import { binaryEntropy } from './entropy.ts'

export interface Tomamichel2012Input {
  /** Bits of the raw key. */
  n: number
  /** Bits of the sample. */
  k: number
  /** Tolerated error rate of the sample, Q_tol. */
  qber: number
  /** Bits said in the clear during error correction. */
  leakedBits: number
  epsSec: number
  epsCor: number
  /**
   * `main` is the formula of the article. Its supplement's general theorem gives log2(1/epsSec) bits less; runs that
   * hand out keys use that one.
   */
  form: 'main' | 'supplement'
  /** Raw key bits an eavesdropper may know outright, because their pulses held several photons (GLLP 2004). */
  taggedBits?: number
}

export interface Tomamichel2012Length {
  /** Deviation of the unseen error rate from the sample's, from Serfling's bound. */
  mu: number
  /** Bound on the phase error rate of the untagged bits. */
  phaseErrorRate: number
  /** Bits taken off for the two epsilons. */
  epsilonBits: number
  /** The length before rounding; how far from a key where it is negative. */
  balanceBits: number
  /** Whole bits; 0 when nothing may be kept. */
  length: number
}

export function tomamichel2012(input: Tomamichel2012Input): Tomamichel2012Length {
  const { n, k, qber, leakedBits, epsSec, epsCor, form, taggedBits = 0 } = input
  const log2OfSec = Math.log2(1 / epsSec)
  const epsilonBits = 1 + (form === 'main' ? log2OfSec : 2 * log2OfSec) + Math.log2(1 / epsCor)
  const untagged = n - taggedBits
  if (!(n > 0 && k > 0 && untagged > 0)) {
    return { mu: 1, phaseErrorRate: 0.5, epsilonBits, balanceBits: -epsilonBits, length: 0 }
  }
  const mu = samplingDeviation(n, k, epsSec)
  // In the worst case every error sits on an untagged bit.
  const phaseErrorRate = Math.min(0.5, ((qber + mu) * n) / untagged)
  const balanceBits = untagged * (1 - binaryEntropy(phaseErrorRate)) - leakedBits - epsilonBits
  const length = phaseErrorRate < 0.5 && balanceBits > 0 ? Math.floor(balanceBits) : 0
  return { mu, phaseErrorRate, epsilonBits, balanceBits, length }
}

/**
 * mu = sqrt( (n+k)/(n k) * (k+1)/k * ln(4/epsSec) ) (Serfling, Ann. Stat. 2, 39, 1974). The logarithm is inside the
 * root, also where the print of Eq. (2) can be read otherwise.
 */
export function samplingDeviation(n: number, k: number, epsSec: number): number {
  return Math.sqrt(((n + k) / (n * k)) * ((k + 1) / k) * Math.log(4 / epsSec))
}
