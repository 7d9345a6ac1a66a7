import { type ModelDecoyKey, modelDecoyKey } from './model-decoy.ts'
import { decoySetting } from './model-lim2014.ts'
import type { SecurityParameters } from './parameters.ts'
import { type Rusca2018Length, rusca2018 } from './rusca2018.ts'

/** What Rusca et al. 2018 expect of a fibre of that length, Eqs. (B1) to (B6): counts, leak, bounds and rate. */
export function modelRusca2018(parameters: SecurityParameters, distanceKm: number): ModelDecoyKey<Rusca2018Length> {
  const { signalIntensity, decoyIntensity, signalProbability } = parameters
  return modelDecoyKey(rusca2018, {
    ...decoySetting(parameters, distanceKm, 'added'),
    intensities: [signalIntensity, decoyIntensity],
    probabilities: [signalProbability, 1 - signalProbability],
  })
}
