/** Everything that channel, light and protocol of an analysis can be set to, under the names a file uses. */
import type { EpsilonBudget } from './epsilon-budget.ts'
import type { ModelChannel } from './model-channel.ts'

export interface ParameterValues extends ModelChannel {
  pulseRateHz: number
  /** After each click, for all pulses of that time. */
  deadTimeSeconds: number
  /** q of the analyses with infinite data: share of the clicks whose bases agree. */
  siftedShare: number
  /** f_EC (xi in Tomamichel et al.): leak of error correction, by n h(Q). */
  fEc: number
  /** Sifted bits of the key basis that one key is made from: n_X, n_Z or n of the papers. */
  blockBits: number
  /** Exactly one of `epsSec`, `epsSecPerBit` and `epsPerBit` is there; `epsCor` belongs to the first two. */
  epsSec?: number
  epsSecPerBit?: number
  epsPerBit?: number
  epsCor?: number
  /** mu or mu1, mean photons per pulse. */
  signalIntensity: number
  /** nu or mu2. */
  decoyIntensity: number
  /** mu3 of three intensities. */
  weakestIntensity: number
  /** p1. */
  signalProbability: number
  /** p2 of three intensities; of two it is 1 - p1. */
  decoyProbability: number
  /** q_x or p_Z, of either end. */
  keyBasisProbability: number
  /** k/n of single photons. */
  sampleRatio: number
  /** Q_tol - Q of single photons. */
  toleranceMargin: number
}

/** Checked by `parseSecurityParameters`, as those of `parameterSets` are. */
export type SecurityParameters = Readonly<ParameterValues> & { readonly __type: 'SecurityParameters' }

export function epsilonBudget(parameters: SecurityParameters): EpsilonBudget {
  const { epsSec, epsSecPerBit, epsPerBit, epsCor = 0 } = parameters
  if (epsPerBit !== undefined) return { kind: 'total-per-bit', epsPerBit }
  if (epsSecPerBit !== undefined) return { kind: 'secrecy-per-bit', epsSecPerBit, epsCor }
  return { kind: 'fixed', epsSec: epsSec ?? 0, epsCor }
}
