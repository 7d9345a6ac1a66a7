/** The counts that a model channel gives on average, and the key that a bound with decoy states makes of them. */
import { type BasisCounts, type DecoyInput, type DecoyLength, sum } from './decoy-counts.ts'
import { binaryEntropy } from './entropy.ts'
import { affordedEpsilons, type EpsilonBudget } from './epsilon-budget.ts'
import type { ModelClicks } from './model-channel.ts'

export interface ModelDecoyInput {
  intensities: readonly number[]
  probabilities: readonly number[]
  /** Clicks and errors of a pulse of that intensity. */
  pulse: (intensity: number) => ModelClicks
  /** q_x or p_Z, of either end. */
  keyBasisProbability: number
  /** Clicks in the key basis when the block is full. */
  blockBits: number
  pulseRateHz: number
  deadTimeSeconds: number
  fEc: number
  budget: EpsilonBudget
}

export interface ModelDecoyCounts {
  /** N: pulses until the block is full. */
  pulses: number
  /** c_DT = 1 / (1 + R P t): share of the pulses that meet no dead detector (Rusca et al. 2018, (B3)). */
  liveShare: number
  key: BasisCounts
  test: BasisCounts
}

export interface ModelDecoyKey<Length extends DecoyLength> extends ModelDecoyCounts {
  /** e_obs of the key basis. */
  qber: number
  /** lambda_EC = f n h(e_obs). Lim et al. 2014 print it without the factor n. */
  leakedBits: number
  epsSec: number
  epsCor: number
  result: Length
  ratePerPulse: number
  keyBitsPerSecond: number
}

/** Expected counts, not rounded. */
export function modelDecoyCounts(input: Omit<ModelDecoyInput, 'fEc' | 'budget'>): ModelDecoyCounts {
  const { intensities, probabilities, keyBasisProbability: p, blockBits, pulseRateHz, deadTimeSeconds } = input
  const clicks = intensities.map((mean, k) => probabilities[k]! * input.pulse(mean).click)
  const errors = intensities.map((mean, k) => probabilities[k]! * input.pulse(mean).error)
  const click = sum(clicks)
  const liveShare = 1 / (1 + pulseRateHz * deadTimeSeconds * click)
  const live = blockBits / (p * p * click)
  const inBasis = (share: number): BasisCounts => ({
    clicks: clicks.map((each) => live * share * each),
    errors: errors.map((each) => live * share * each),
  })
  return { pulses: live / liveShare, liveShare, key: inBasis(p * p), test: inBasis((1 - p) * (1 - p)) }
}

export function modelDecoyKey<Length extends DecoyLength>(
  bound: (input: DecoyInput) => Length,
  input: ModelDecoyInput,
): ModelDecoyKey<Length> {
  const counts = modelDecoyCounts(input)
  const { key, test, pulses } = counts
  const { intensities, probabilities, blockBits } = input
  const qber = sum(key.errors) / sum(key.clicks)
  const leakedBits = input.fEc * blockBits * binaryEntropy(qber)
  const fixed = { intensities, probabilities, key, test, leakedBits }
  const epsilons = affordedEpsilons(input.budget, blockBits / 5, (tried) => bound({ ...fixed, ...tried }).balanceBits)
  const result = bound({ ...fixed, ...epsilons })
  const ratePerPulse = result.length > 0 ? result.length / pulses : 0
  return {
    ...counts,
    qber,
    leakedBits,
    ...epsilons,
    result,
    ratePerPulse,
    keyBitsPerSecond: ratePerPulse * input.pulseRateHz,
  }
}
