/** Limits of long keys, for comparison and for giving up early. None of these is a safe length for a real key. */
import { binaryEntropy } from './entropy.ts'
import { lastPositive } from './roots.ts'

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
  return lastPositive((qber) => asymptoticRate(qber, fEc) > 0, 0, 0.5, 1e-12)
}

/**
 * Secret bits per sifted bit of the six-state protocol, one-way and with ideal codes:
 * r = 1 + a log2 a + 3 (Q/2) log2(Q/2) with a = 1 - 3Q/2; negative beyond the threshold.
 *
 * @param qber - Q, from 0 to 0.5
 * @see Lo, Quantum Inf. Comput. 1, 81 (2001)
 */
export function asymptoticSixStateRate(qber: number): number {
  const a = 1 - 1.5 * qber
  return qber <= 0 ? 1 : 1 + a * Math.log2(a) + 1.5 * qber * Math.log2(qber / 2)
}

/** The QBER at which `asymptoticSixStateRate` is 0. By bisection to 1e-12. */
export function asymptoticSixStateThreshold(): number {
  return lastPositive((qber) => asymptoticSixStateRate(qber) > 0, 0, 0.5, 1e-12)
}

/**
 * The most secret bits per pulse that any protocol without a repeater gets through a loss: -log2(1 - eta). An upper
 * limit of what can be, not a rate of anything; Infinity without loss.
 *
 * @param transmittance - eta, from 0 to 1
 * @see Pirandola, Laurenza, Ottaviani, Banchi, Nat. Commun. 8, 15043 (2017)
 */
export function repeaterlessBound(transmittance: number): number {
  return -Math.log1p(-transmittance) / Math.LN2
}
