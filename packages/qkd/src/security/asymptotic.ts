/** Limits of long keys, for comparison and for giving up early. None of these is a safe length for a real key. */
import { binaryEntropy } from './entropy.ts'

/**
 * Secret bits left after error correction in the limit of long keys: n (1 - h(Q)) - leak.
 *
 * Not a safe length for a real key, since it has no finite-size terms: use `tomamichel2012`.
 *
 * @param n - sifted bits, the test sample already taken out
 * @param qber - Q, from 0 to 0.5
 * @param leakedBits - parity bits said in the clear
 * @returns whole bits, rounded down; 0 when nothing may be kept
 * @see Shor and Preskill, Phys. Rev. Lett. 85, 441 (2000)
 */
export function asymptoticSecretLength(n: number, qber: number, leakedBits: number): number {
  return Math.max(0, Math.floor(n * (1 - binaryEntropy(qber)) - leakedBits))
}

/** Secret bits per sifted bit, r = 1 - (1 + f) h(Q); negative beyond the threshold. */
export function asymptoticRate(qber: number, fEc = 1): number {
  return 1 - (1 + fEc) * binaryEntropy(qber)
}

/** The QBER at which `asymptoticRate` is 0: 11.0 % for f = 1. By bisection to 1e-12. */
export function asymptoticThreshold(fEc = 1): number {
  let positive = 0
  let negative = 0.5
  while (negative - positive > 1e-12) {
    const middle = (positive + negative) / 2
    if (asymptoticRate(middle, fEc) > 0) positive = middle
    else negative = middle
  }
  return positive
}
