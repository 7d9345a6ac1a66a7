/**
 * Finite key of BB84 with weak pulses of three intensities (two decoys).
 *
 * @see Lim, Curty, Walenta, Xu, Zbinden, Phys. Rev. A 89, 022307 (2014), Eqs. (1) to (5)
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

/** The secrecy parameter is shared by 21 failure probabilities. */
const terms = 21

/**
 * Length of the key for given counts; the key basis is X of the paper, the test basis Z.
 *
 * Intensities must satisfy mu1 > mu2 + mu3 and mu2 > mu3 >= 0. The errors of the key basis are not used.
 */
export function lim2014(input: DecoyInput): DecoyLength {
  if (!hasThreeIntensities(input)) throw new RangeError('lim2014: needs intensities mu1 > mu2 + mu3, mu2 > mu3 >= 0')
  const key = photonNumbers(input, input.key)
  const test = photonNumbers(input, input.test)
  const [, mu2, mu3] = input.intensities as [number, number, number]
  const { errors } = input.test
  const deviation = hoeffdingDeviation(sum(errors), input.epsSec / terms)
  const tau1 = photonNumberProbability(input, 1)
  // Eq. (4).
  const wrong = scaledCount(input, 1, errors[1]!, deviation) - scaledCount(input, 2, errors[2]!, -deviation)
  const testErrors = Math.max(0, (tau1 * wrong) / (mu2 - mu3))
  return decoyLength(input, { vacuum: key.vacuum, single: key.single, testSingle: test.single, testErrors }, terms)
}

function photonNumbers(input: DecoyInput, { clicks }: BasisCounts): { vacuum: number; single: number } {
  const [mu1, mu2, mu3] = input.intensities as [number, number, number]
  const tau0 = photonNumberProbability(input, 0)
  const tau1 = photonNumberProbability(input, 1)
  const deviation = hoeffdingDeviation(sum(clicks), input.epsSec / terms)
  const atMost = (k: number): number => scaledCount(input, k, clicks[k]!, deviation)
  const atLeast = (k: number): number => scaledCount(input, k, clicks[k]!, -deviation)
  // Eq. (2).
  const vacuum = Math.max(0, (tau0 * (mu2 * atLeast(2) - mu3 * atMost(1))) / (mu2 - mu3))
  // Eq. (3).
  const multi = ((mu2 * mu2 - mu3 * mu3) / (mu1 * mu1)) * (atMost(0) - vacuum / tau0)
  const single = (tau1 * mu1 * (atLeast(1) - atMost(2) - multi)) / (mu1 * (mu2 - mu3) - mu2 * mu2 + mu3 * mu3)
  return { vacuum, single }
}

function hasThreeIntensities({ intensities, probabilities }: DecoyInput): boolean {
  const [mu1, mu2, mu3] = intensities as [number, number, number]
  return intensities.length === 3 && mu1 > mu2 + mu3 && mu2 > mu3 && mu3 >= 0 && probabilities.every((p) => p > 0)
}
