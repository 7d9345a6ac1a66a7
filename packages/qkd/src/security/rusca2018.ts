/**
 * Finite key of BB84 with weak pulses of two intensities (one decoy).
 *
 * @see Rusca, Boaron, Gruenenfelder, Martin, Zbinden, Appl. Phys. Lett. 112, 171104 (2018), Eqs. (A1) to (A25)
 */
import {
  type BasisCounts,
  type DecoyInput,
  type DecoyLength,
  decoyLength,
  hoeffdingDeviation,
  photonNumberProbability,
  scaledCount,
  sum,
} from './decoy-counts.ts'

/** The secrecy parameter is shared by 19 failure probabilities, (A24). */
const terms = 19

export interface Rusca2018Length extends DecoyLength {
  /** Upper bound on key bits from empty pulses: without a vacuum decoy this is what costs single photons. */
  vacuumBitsAtMost: number
}

/**
 * Length of the key for given counts; the key basis is Z of the paper, the test basis X.
 *
 * Intensities must satisfy mu1 > mu2 > 0. The errors of the key basis are needed: they bound the empty pulses.
 */
export function rusca2018(input: DecoyInput): Rusca2018Length {
  const [mu1, mu2] = input.intensities as [number, number]
  if (!(input.intensities.length === 2 && mu1 > mu2 && mu2 > 0 && input.probabilities.every((p) => p > 0))) {
    throw new RangeError('rusca2018: needs intensities mu1 > mu2 > 0')
  }
  const key = photonNumbers(input, input.key)
  const test = photonNumbers(input, input.test)
  const { errors } = input.test
  const deviation = hoeffdingDeviation(sum(errors), input.epsSec / terms)
  // (A22).
  const wrong = scaledCount(input, 0, errors[0]!, deviation) - scaledCount(input, 1, errors[1]!, -deviation)
  const testErrors = Math.max(0, (photonNumberProbability(input, 1) * wrong) / (mu1 - mu2))
  const found = { vacuum: key.vacuum, single: key.single, testSingle: test.single, testErrors }
  return { ...decoyLength(input, found, terms), vacuumBitsAtMost: key.vacuumAtMost }
}

function photonNumbers(
  input: DecoyInput,
  { clicks, errors }: BasisCounts,
): { vacuum: number; vacuumAtMost: number; single: number } {
  const [mu1, mu2] = input.intensities as [number, number]
  const tau0 = photonNumberProbability(input, 0)
  const tau1 = photonNumberProbability(input, 1)
  const deviation = hoeffdingDeviation(sum(clicks), input.epsSec / terms)
  const errorDeviation = hoeffdingDeviation(sum(errors), input.epsSec / terms)
  // (A18) as printed lacks the factor e^k / p_k, without which (A17) does not follow from (A10).
  const atMost = scaledCount(input, 0, clicks[0]!, deviation)
  const atLeast = scaledCount(input, 1, clicks[1]!, -deviation)
  // (A16): an empty pulse has a random bit, so that there are at most twice as many as wrong ones.
  const vacuumOf = (k: number): number => 2 * (tau0 * scaledCount(input, k, errors[k]!, errorDeviation) + deviation)
  const vacuumAtMost = Math.min(vacuumOf(0), vacuumOf(1))
  // (A19).
  const vacuum = Math.max(0, (tau0 * (mu1 * atLeast - mu2 * atMost)) / (mu1 - mu2))
  // (A17).
  const ratio = (mu2 / mu1) ** 2
  const single = ((tau1 * mu1) / (mu2 * (mu1 - mu2))) * (atLeast - ratio * atMost - ((1 - ratio) * vacuumAtMost) / tau0)
  return { vacuum, vacuumAtMost, single }
}
