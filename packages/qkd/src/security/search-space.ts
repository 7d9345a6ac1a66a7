/** What an optimiser may change of the parameters, as a cube with coordinates from 0 to 1. */
import type { SecurityParameters } from './parameters.ts'

export interface SearchSpace {
  dimensions: number
  /** The place of these parameters, or the nearest one in the cube. */
  placeOf: (parameters: SecurityParameters) => number[]
  parametersAt: (parameters: SecurityParameters, at: readonly number[]) => SecurityParameters
}

/** From `from` to `to` in equal ratios. */
const ratio = (x: number, from: number, to: number): number => from * (to / from) ** x
const ratioPlace = (value: number, from: number, to: number): number =>
  clamped(Math.log(value / from) / Math.log(to / from))

/** A share, by its log-odds from e^-7 to e^7: as fine near 1 as near 0. */
const share = (x: number): number => 1 / (1 + Math.exp(-14 * (x - 0.5)))
const sharePlace = (value: number): number => clamped(0.5 + Math.log(value / (1 - value)) / 14)

const clamped = (x: number): number => Math.min(1, Math.max(0, x))
const brightest = 2

/** The signal intensity alone, from 10^-6. */
export const signalSpace: SearchSpace = intensitySpace(() => 1e-6)

/** The signal intensity above the decoy's. */
export const signalAboveDecoySpace: SearchSpace = intensitySpace((p) => 1.001 * (p.decoyIntensity + p.weakestIntensity))

function intensitySpace(least: (parameters: SecurityParameters) => number): SearchSpace {
  const to = (p: SecurityParameters): number => Math.max(brightest, 2 * least(p))
  return {
    dimensions: 1,
    placeOf: (p) => [ratioPlace(p.signalIntensity, least(p), to(p))],
    parametersAt: (p, at) => ({ ...p, signalIntensity: ratio(at[0]!, least(p), to(p)) }),
  }
}

/** p_Z, p1, mu1, mu2. */
export const oneDecoySpace: SearchSpace = {
  dimensions: 4,
  placeOf: (p) => [
    sharePlace(p.keyBasisProbability),
    sharePlace(p.signalProbability),
    ratioPlace(p.signalIntensity, 0.01, brightest),
    sharePlace(p.decoyIntensity / p.signalIntensity),
  ],
  parametersAt: (p, at) => {
    const signalIntensity = ratio(at[2]!, 0.01, brightest)
    return {
      ...p,
      keyBasisProbability: share(at[0]!),
      signalProbability: share(at[1]!),
      signalIntensity,
      decoyIntensity: signalIntensity * share(at[3]!),
    }
  },
}

/** q_x, p1, p2, mu1, mu2, with mu3 as given. */
export const twoDecoySpace: SearchSpace = {
  dimensions: 5,
  placeOf: (p) => [
    sharePlace(p.keyBasisProbability),
    sharePlace(p.signalProbability),
    sharePlace(p.decoyProbability / (1 - p.signalProbability)),
    ratioPlace(p.signalIntensity, dimmest(p), brightestOf(p)),
    sharePlace((p.decoyIntensity - p.weakestIntensity) / (p.signalIntensity - 2 * p.weakestIntensity)),
  ],
  parametersAt: (p, at) => {
    const signalProbability = share(at[1]!)
    const signalIntensity = ratio(at[3]!, dimmest(p), brightestOf(p))
    // Strictly between mu3 and mu1 - mu3.
    const decoyIntensity = p.weakestIntensity + (signalIntensity - 2 * p.weakestIntensity) * share(at[4]!)
    return {
      ...p,
      keyBasisProbability: share(at[0]!),
      signalProbability,
      decoyProbability: (1 - signalProbability) * share(at[2]!),
      signalIntensity,
      decoyIntensity,
    }
  },
}

const dimmest = (p: SecurityParameters): number => Math.max(0.01, 4 * p.weakestIntensity)
const brightestOf = (p: SecurityParameters): number => Math.max(brightest, 2 * dimmest(p))

/** k/n and Q_tol - Q. */
export const sampleSpace: SearchSpace = {
  dimensions: 2,
  placeOf: (p) => [ratioPlace(p.sampleRatio, 1e-4, 10), ratioPlace(p.toleranceMargin, 1e-5, 0.2)],
  parametersAt: (p, at) => ({
    ...p,
    sampleRatio: ratio(at[0]!, 1e-4, 10),
    toleranceMargin: ratio(at[1]!, 1e-5, 0.2),
  }),
}
