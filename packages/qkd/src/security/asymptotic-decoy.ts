/** Decoy states with infinite data. None of these is a safe length for a real key: use `lim2014` or `rusca2018`. */
import { binaryEntropy } from './entropy.ts'
import { lastPositive } from './roots.ts'

export interface AsymptoticDecoyInput {
  /** mu of the signal pulses. */
  intensity: number
  /** Q_mu, clicks per pulse. */
  gain: number
  /** E_mu. */
  qber: number
  /** Y1, or a lower bound on it. */
  singlePhotonYield: number
  /** e1, or an upper bound on it. */
  singlePhotonErrorRate: number
  fEc: number
  /** q: share of the clicks whose bases agree. */
  siftedShare: number
}

export interface AsymptoticDecoyRate {
  /** Q1 = Y1 mu e^-mu. */
  singlePhotonGain: number
  /** 0 when nothing is left. */
  ratePerPulse: number
}

/**
 * R = q { -Q f h(E) + Q1 [1 - h(e1)] }. With the true Y1 and e1 this is the limit of infinitely many decoys.
 *
 * @see Lo, Ma, Chen, Phys. Rev. Lett. 94, 230504 (2005)
 */
export function asymptoticDecoyRate(input: AsymptoticDecoyInput): AsymptoticDecoyRate {
  const { intensity, gain, qber, singlePhotonYield, singlePhotonErrorRate, fEc, siftedShare } = input
  const singlePhotonGain = Math.max(0, singlePhotonYield) * intensity * Math.exp(-intensity)
  const kept = singlePhotonGain * (1 - binaryEntropy(singlePhotonErrorRate)) - gain * fEc * binaryEntropy(qber)
  return { singlePhotonGain, ratePerPulse: Math.max(0, siftedShare * kept) }
}

export interface VacuumWeakInput {
  /** mu. */
  signalIntensity: number
  /** nu, below mu. */
  weakIntensity: number
  /** Q_mu. */
  signalGain: number
  /** Q_nu. */
  weakGain: number
  /** E_nu Q_nu. */
  weakErrorGain: number
  /** Y0, as the vacuum decoy shows it. */
  darkYield: number
}

export interface VacuumWeakBounds {
  /** Lower bound on Y1; may be negative, and is then no bound at all. */
  singlePhotonYield: number
  /** Upper bound on e1, at most 1/2. */
  singlePhotonErrorRate: number
}

/**
 * Y1 >= mu / (mu nu - nu^2) [ Q_nu e^nu - Q_mu e^mu nu^2/mu^2 - (mu^2 - nu^2)/mu^2 Y0 ] and
 * e1 <= (E_nu Q_nu e^nu - e0 Y0) / (Y1 nu), e0 = 1/2. Asymptotic: the gains are taken as known exactly.
 *
 * @see Ma, Qi, Zhao, Lo, Phys. Rev. A 72, 012326 (2005)
 */
export function asymptoticVacuumWeakBounds(input: VacuumWeakInput): VacuumWeakBounds {
  const { signalIntensity: mu, weakIntensity: nu, signalGain, weakGain, weakErrorGain, darkYield } = input
  const ratio = (nu / mu) ** 2
  const bracket = weakGain * Math.exp(nu) - signalGain * Math.exp(mu) * ratio - (1 - ratio) * darkYield
  const singlePhotonYield = (mu / (mu * nu - nu * nu)) * bracket
  const errors = (weakErrorGain * Math.exp(nu) - darkYield / 2) / nu
  const singlePhotonErrorRate = singlePhotonYield > 0 ? Math.min(0.5, Math.max(0, errors) / singlePhotonYield) : 0.5
  return { singlePhotonYield, singlePhotonErrorRate }
}

/**
 * The best signal intensity for infinite decoys while dark counts do not matter: the root of
 * (1 - mu) e^-mu = f h(e_d) / (1 - h(e_d)); 0 if there is none.
 *
 * @see Ma, Qi, Zhao, Lo, Phys. Rev. A 72, 012326 (2005)
 */
export function asymptoticOptimalIntensity(misalignment: number, fEc: number): number {
  const h = binaryEntropy(misalignment)
  return lastPositive((mu) => (1 - mu) * Math.exp(-mu) * (1 - h) > fEc * h, 0, 1, 1e-12)
}
