/** What Tomamichel et al. 2012 expect of a channel with a known error rate, and what a run costs there. */

import { binaryEntropy } from './entropy.ts'
import { affordedEpsilons, type EpsilonBudget } from './epsilon-budget.ts'
import { type Tomamichel2012Length, tomamichel2012 } from './tomamichel2012.ts'

export interface ModelTomamichel2012Input {
  /** Bits of the raw key. */
  n: number
  /** k/n: bits of the sample, by bits of the raw key. */
  sampleRatio: number
  /** Q, error rate of the channel. */
  qber: number
  /** Q_tol - Q: how many more errors the sample may show before the run aborts. */
  toleranceMargin: number
  /** xi: leak = xi n h(Q_tol). */
  fEc: number
  /**
   * The text of the paper has the leak at Q_tol, the default here. r and Q_tol of Table II at n = 10^6 come out, digit
   * by digit, with the leak at the Q of the channel.
   */
  leakAt?: 'tolerated' | 'channel'
  budget: EpsilonBudget
  form: 'main' | 'supplement'
}

export interface ModelTomamichel2012 {
  k: number
  toleratedQber: number
  leakedBits: number
  epsSec: number
  epsCor: number
  /** Bound on the probability that a run aborts although nobody listens. */
  epsRob: number
  /** p_x = 1 / (1 + sqrt(k/n)): how often the key basis is best chosen. */
  keyBasisProbability: number
  /** M = (sqrt n + sqrt k)^2 detected signals. */
  signals: number
  key: Tomamichel2012Length
  /** Eq. (3): r = (1 - epsRob) l / M, per detected signal. */
  ratePerSignal: number
}

export function modelTomamichel2012(input: ModelTomamichel2012Input): ModelTomamichel2012 {
  const { n, qber, fEc, form, budget } = input
  const k = Math.max(1, Math.round(n * input.sampleRatio))
  const toleratedQber = qber + input.toleranceMargin
  const leakedBits = fEc * n * binaryEntropy(input.leakAt === 'channel' ? qber : toleratedQber)
  const lengthFor = (epsilons: { epsSec: number; epsCor: number }): Tomamichel2012Length =>
    tomamichel2012({ n, k, qber: toleratedQber, leakedBits, form, ...epsilons })
  const epsilons = affordedEpsilons(budget, n / 5, (tried) => lengthFor(tried).balanceBits)
  const key = lengthFor(epsilons)
  const epsRob = robustnessBound(k, qber, toleratedQber)
  const signals = (Math.sqrt(n) + Math.sqrt(k)) ** 2
  return {
    k,
    toleratedQber,
    leakedBits,
    ...epsilons,
    epsRob,
    keyBasisProbability: 1 / (1 + Math.sqrt(k / n)),
    signals,
    key,
    ratePerSignal: ((1 - epsRob) * key.length) / signals,
  }
}

/**
 * exp( -k (Q_tol - Q)^2 ln((1-Q)/Q) / (1 - 2Q) ): that k honest samples show an error rate above Q_tol.
 *
 * @returns 1 if Q_tol is not above Q
 * @see Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963)
 */
export function robustnessBound(k: number, qber: number, toleratedQber: number): number {
  const margin = toleratedQber - qber
  if (!(margin > 0)) return 1
  if (qber <= 0) return 0
  const weight = qber < 0.4999 ? Math.log((1 - qber) / qber) / (1 - 2 * qber) : 2
  return Math.exp(-k * margin * margin * weight)
}
