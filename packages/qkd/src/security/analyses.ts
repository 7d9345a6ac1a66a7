/** The analyses by name: what each makes of parameters and a distance, what it reads of them, what may be optimised. */
import { repeaterlessBound } from './asymptotic.ts'
import type { DecoyLength } from './decoy-counts.ts'
import {
  modelAsymptoticRate,
  modelAsymptoticSixStateRate,
  modelDecoyInfinite,
  modelGllp,
  modelSinglePhoton,
  modelVacuumWeak,
} from './model-asymptotic.ts'
import { modelTransmittance } from './model-channel.ts'
import type { ModelDecoyKey } from './model-decoy.ts'
import { modelLim2014, modelRusca2018TwoDecoys } from './model-lim2014.ts'
import { modelRusca2018 } from './model-rusca2018.ts'
import { modelTomamichel2012 } from './model-tomamichel2012.ts'
import { epsilonBudget, type ParameterValues, type SecurityParameters } from './parameters.ts'
import {
  oneDecoySpace,
  type SearchSpace,
  sampleSpace,
  signalAboveDecoySpace,
  signalSpace,
  twoDecoySpace,
} from './search-space.ts'

export interface Outcome {
  ratePerPulse: number
  /** Of one block; infinite analyses have none. */
  keyBits?: number
  /** What an optimiser climbs: the rate, or below 0 how far from a key. */
  score: number
}

export interface Analysis {
  outcome: (parameters: SecurityParameters, distanceKm: number) => Outcome
  reads: readonly (keyof ParameterValues)[]
  space?: SearchSpace
}

const channel = [
  'attenuationDbPerKm',
  'detectorEfficiency',
  'misalignment',
  'darkYield',
  'afterPulseProbability',
] as const
const epsilons = ['epsSec', 'epsSecPerBit', 'epsPerBit', 'epsCor'] as const
const infinite = [...channel, 'siftedShare', 'fEc'] as const
const oneDecoy = [
  ...channel,
  'pulseRateHz',
  'deadTimeSeconds',
  'fEc',
  'blockBits',
  ...epsilons,
  'signalIntensity',
  'decoyIntensity',
  'signalProbability',
  'keyBasisProbability',
] as const
const twoDecoys = [...oneDecoy, 'weakestIntensity', 'decoyProbability'] as const

export type AnalysisName =
  | 'asymptotic'
  | 'six-state'
  | 'repeaterless'
  | 'gllp'
  | 'gllp-decoy-infinite'
  | 'gllp-vacuum-weak'
  | 'tomamichel2012'
  | 'lim2014'
  | 'rusca2018'
  | 'rusca2018-two-decoys'

export const analyses: Readonly<Record<AnalysisName, Analysis>> = {
  /** Single photons, infinite key. */
  asymptotic: { outcome: (p, km) => ofRate(modelAsymptoticRate(p, km)), reads: infinite },
  'six-state': {
    outcome: (p, km) => ofRate(modelAsymptoticSixStateRate(p, km)),
    reads: [...channel, 'siftedShare'],
  },
  /** No rate of a protocol but the limit of all. */
  repeaterless: {
    outcome: (p, km) => ofRate(repeaterlessBound(modelTransmittance(p, km))),
    reads: channel,
  },
  gllp: {
    outcome: (p, km) => ofRate(modelGllp(p, km).ratePerPulse),
    reads: [...infinite, 'signalIntensity'],
    space: signalSpace,
  },
  'gllp-decoy-infinite': {
    outcome: (p, km) => ofRate(modelDecoyInfinite(p, km).ratePerPulse),
    reads: [...infinite, 'signalIntensity'],
    space: signalSpace,
  },
  'gllp-vacuum-weak': {
    outcome: (p, km) => ofRate(modelVacuumWeak(p, km).ratePerPulse),
    reads: [...infinite, 'signalIntensity', 'decoyIntensity'],
    space: signalAboveDecoySpace,
  },
  tomamichel2012: {
    outcome: tomamichelOutcome,
    reads: [...channel, 'fEc', 'blockBits', ...epsilons, 'sampleRatio', 'toleranceMargin'],
    space: sampleSpace,
  },
  lim2014: { outcome: (p, km) => ofDecoyKey(modelLim2014(p, km), p), reads: twoDecoys, space: twoDecoySpace },
  rusca2018: { outcome: (p, km) => ofDecoyKey(modelRusca2018(p, km), p), reads: oneDecoy, space: oneDecoySpace },
  'rusca2018-two-decoys': {
    outcome: (p, km) => ofDecoyKey(modelRusca2018TwoDecoys(p, km), p),
    reads: twoDecoys,
    space: twoDecoySpace,
  },
}

export const analysisNames: readonly AnalysisName[] = Object.keys(analyses) as AnalysisName[]

function ofRate(ratePerPulse: number): Outcome {
  return { ratePerPulse, score: ratePerPulse }
}

function ofDecoyKey(model: ModelDecoyKey<DecoyLength>, { blockBits }: SecurityParameters): Outcome {
  const { length, balanceBits } = model.result
  return {
    ratePerPulse: model.ratePerPulse,
    keyBits: length,
    score: length > 0 ? balanceBits / model.pulses : Math.min(0, balanceBits) / blockBits,
  }
}

/** Single photons: of the signals that click, so many per pulse. */
function tomamichelOutcome(parameters: SecurityParameters, distanceKm: number): Outcome {
  const { blockBits, sampleRatio, toleranceMargin, fEc } = parameters
  const { gain, qber } = modelSinglePhoton(parameters, distanceKm)
  const model = modelTomamichel2012({
    n: blockBits,
    sampleRatio,
    qber,
    toleranceMargin,
    fEc,
    budget: epsilonBudget(parameters),
    form: 'main',
  })
  const ratePerPulse = gain * model.ratePerSignal
  const { length, balanceBits } = model.key
  return { ratePerPulse, keyBits: length, score: length > 0 ? ratePerPulse : Math.min(0, balanceBits) / blockBits }
}
