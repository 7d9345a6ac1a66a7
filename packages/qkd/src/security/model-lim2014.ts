import type { DecoyLength } from './decoy-counts.ts'
import { lim2014 } from './lim2014.ts'
import { type DarkLaw, modelPulse, modelTransmittance } from './model-channel.ts'
import { type ModelDecoyInput, type ModelDecoyKey, modelDecoyKey } from './model-decoy.ts'
import { epsilonBudget, type SecurityParameters } from './parameters.ts'

/** What Lim et al. 2014 expect of a fibre of that length: counts, leak, bounds and rate. */
export function modelLim2014(parameters: SecurityParameters, distanceKm: number): ModelDecoyKey<DecoyLength> {
  return modelDecoyKey(lim2014, threeIntensities(parameters, distanceKm, 'either'))
}

/** Two decoys on the channel of Rusca et al. 2018, which that paper compares with. */
export function modelRusca2018TwoDecoys(
  parameters: SecurityParameters,
  distanceKm: number,
): ModelDecoyKey<DecoyLength> {
  return modelDecoyKey(lim2014, threeIntensities(parameters, distanceKm, 'added'))
}

function threeIntensities(parameters: SecurityParameters, distanceKm: number, law: DarkLaw): ModelDecoyInput {
  const { signalIntensity, decoyIntensity, weakestIntensity, signalProbability: p1, decoyProbability: p2 } = parameters
  return {
    ...decoySetting(parameters, distanceKm, law),
    intensities: [signalIntensity, decoyIntensity, weakestIntensity],
    probabilities: [p1, p2, 1 - p1 - p2],
  }
}

/** Everything but the intensities, which one decoy and two have in common. */
export function decoySetting(
  parameters: SecurityParameters,
  distanceKm: number,
  law: DarkLaw,
): Omit<ModelDecoyInput, 'intensities' | 'probabilities'> {
  const eta = modelTransmittance(parameters, distanceKm)
  const { keyBasisProbability, blockBits, pulseRateHz, deadTimeSeconds, fEc } = parameters
  return {
    pulse: (intensity) => modelPulse(parameters, eta, intensity, law),
    keyBasisProbability,
    blockBits,
    pulseRateHz,
    deadTimeSeconds,
    fEc,
    budget: epsilonBudget(parameters),
  }
}
