/**
 * Weak pulses without decoy states: every multi-photon pulse counts as detected and known. Infinite data, no proof for a
 * finite key.
 *
 * @see Gottesman, Lo, Luetkenhaus, Preskill, Quantum Inf. Comput. 4, 325 (2004)
 */
import { binaryEntropy } from './entropy.ts'

export interface AsymptoticGllpInput {
  /** mu, mean photons per pulse. */
  intensity: number
  /** Q_mu, clicks per pulse. */
  gain: number
  /** E_mu. */
  qber: number
  fEc: number
  /** q: share of the clicks whose bases agree, 1/2 for BB84 without bias. */
  siftedShare: number
}

export interface AsymptoticGllpRate {
  /** p_multi = 1 - (1 + mu) e^-mu. */
  multiPhotonProbability: number
  /** Omega = 1 - p_multi / Q_mu: share of the clicks that must come from single photons; may be negative. */
  untaggedShare: number
  /** 0 when nothing is left. */
  ratePerPulse: number
}

/** R = q { -Q f h(E) + Q Omega [1 - h(E / Omega)] }. */
export function asymptoticGllpRate(input: AsymptoticGllpInput): AsymptoticGllpRate {
  const { intensity, gain, qber, fEc, siftedShare } = input
  const multiPhotonProbability = -Math.expm1(-intensity) - intensity * Math.exp(-intensity)
  const untaggedShare = gain > 0 ? 1 - multiPhotonProbability / gain : 0
  const left = untaggedShare > 0 ? untaggedShare * (1 - binaryEntropy(qber / untaggedShare)) : 0
  const ratePerPulse = Math.max(0, siftedShare * gain * (left - fEc * binaryEntropy(qber)))
  return { multiPhotonProbability, untaggedShare, ratePerPulse }
}
