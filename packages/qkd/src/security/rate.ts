/** Rate against distance: the one entry for the command line and the curves of the page. */
import { seededRandom } from '../random.ts'
import { type Analysis, type AnalysisName, analyses, type Outcome } from './analyses.ts'
import { maximise } from './optimise.ts'
import { type ParameterSetName, parameterSets } from './parameter-sets.ts'
import type { ParameterValues, SecurityParameters } from './parameters.ts'

export interface RateRequest {
  analysis: AnalysisName
  parameters: ParameterSetName | SecurityParameters
  distancesKm: readonly number[]
  /** In place of the parameters' own; infinite analyses pay no heed to it. */
  blockBits?: number
  /** Looks for the best light and protocol anew at every distance, starting from the given ones. */
  optimise?: boolean
}

export interface RatePoint {
  distanceKm: number
  /** Secret bits per pulse sent; 0 when nothing may be kept. */
  ratePerPulse: number
  /** Of one block, whole bits; absent where keys are infinitely long. */
  keyBits?: number
  /** What the analysis read, optimised values included. `parseSecurityParameters` takes it back. */
  parameters: Partial<ParameterValues>
}

/**
 * Pure: the same request gives the same points, and a point does not depend on the others.
 *
 * @throws RangeError in one line if a name is unknown, a distance or the block out of range
 */
export function rate(request: RateRequest): RatePoint[] {
  const analysis: Analysis = named('analysis', analyses, request.analysis)
  const { parameters: given, distancesKm, blockBits, optimise = false } = request
  const set = typeof given === 'string' ? named('parameters', parameterSets, given) : given
  if (blockBits !== undefined && !(blockBits >= 1 && blockBits <= 1e15)) {
    throw new RangeError(`rate: blockBits is ${blockBits}, not from 1 to 1e15`)
  }
  const parameters = blockBits === undefined ? set : { ...set, blockBits }
  return distancesKm.map((distanceKm) => {
    if (!(distanceKm >= 0 && distanceKm <= 1e5)) {
      throw new RangeError(`rate: distance is ${distanceKm} km, not from 0 to 100000`)
    }
    const best = optimise ? optimised(analysis, parameters, distanceKm) : parameters
    const { ratePerPulse, keyBits } = analysis.outcome(best, distanceKm)
    const point = { distanceKm, ratePerPulse, parameters: readBy(analysis, best) }
    return keyBits === undefined ? point : { ...point, keyBits }
  })
}

function optimised(analysis: Analysis, parameters: SecurityParameters, distanceKm: number): SecurityParameters {
  const { space } = analysis
  if (!space) return parameters
  const score = (at: readonly number[]): number =>
    finiteScore(analysis.outcome(space.parametersAt(parameters, at), distanceKm))
  const starts = [space.placeOf(parameters)]
  const found = maximise(score, space.dimensions, { random: seededRandom(1, 'rate'), starts })
  // The given parameters may lie outside of the cube; where there is no key at all they stay as they are.
  const isBetter = found.value > Math.max(0, finiteScore(analysis.outcome(parameters, distanceKm)))
  return isBetter ? space.parametersAt(parameters, found.at) : parameters
}

function finiteScore({ score }: Outcome): number {
  return Number.isFinite(score) ? score : -Number.MAX_VALUE
}

function readBy(analysis: Analysis, parameters: SecurityParameters): Partial<ParameterValues> {
  return Object.fromEntries(
    analysis.reads.filter((name) => parameters[name] !== undefined).map((name) => [name, parameters[name]]),
  )
}

function named<T extends object, K extends keyof T & string>(what: string, from: T, name: K): T[K] {
  if (!Object.hasOwn(from, name)) {
    throw new RangeError(`rate: ${what} ${JSON.stringify(name)} is not one of ${Object.keys(from).join(', ')}`)
  }
  return from[name]
}
