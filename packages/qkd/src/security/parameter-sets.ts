/** Channels and protocols as papers publish them. Where a paper optimises an intensity or a probability, ours is a start. */
import type { SecurityParameters } from './parameters.ts'
import { parseSecurityParameters } from './parse-parameters.ts'

const lim2014Channel = {
  attenuationDbPerKm: 0.2,
  detectorEfficiency: 0.1,
  misalignment: 5e-3,
  darkYield: 2 * 6e-7, // p_dc of each of two detectors
  afterPulseProbability: 0.04,
  siftedShare: 1,
  fEc: 1.16,
  weakestIntensity: 2e-4,
  epsCor: 1e-15,
}

const gys = {
  attenuationDbPerKm: 0.21,
  detectorEfficiency: 0.045,
  misalignment: 0.033,
  darkYield: 1.7e-6,
  siftedShare: 0.5,
  fEc: 1.22,
  signalIntensity: 0.48,
  decoyIntensity: 0.05,
}

export type ParameterSetName = 'gys' | 'kth' | 'lim2014' | 'lim2014-fixed' | 'rusca2018' | 'tomamichel2012'

export const parameterSets: Readonly<Record<ParameterSetName, SecurityParameters>> = {
  /** Gobby, Yuan, Shields, Appl. Phys. Lett. 84, 3762 (2004), as used by Ma, Qi, Zhao, Lo 2005. */
  gys: checked(gys),
  /** The second set of Ma, Qi, Zhao, Lo 2005. */
  kth: checked({
    ...gys,
    attenuationDbPerKm: 0.2,
    detectorEfficiency: 0.143,
    misalignment: 0.01,
    darkYield: 4e-4,
    signalIntensity: 0.77,
  }),
  /** Lim et al., Phys. Rev. A 89, 022307 (2014): secrecy per bit, everything else to be optimised. */
  lim2014: checked({
    ...lim2014Channel,
    signalIntensity: 0.45,
    decoyIntensity: 0.2,
    signalProbability: 0.4,
    decoyProbability: 0.4,
    keyBasisProbability: 0.85,
    epsSecPerBit: 1e-15,
  }),
  /** The same channel with everything fixed, for numbers that can be compared digit by digit. */
  'lim2014-fixed': checked({
    ...lim2014Channel,
    signalIntensity: 0.5,
    decoyIntensity: 0.15,
    signalProbability: 0.6,
    decoyProbability: 0.3,
    keyBasisProbability: 0.9,
    blockBits: 1e8,
    epsSec: 1e-10,
  }),
  /** Rusca et al., Appl. Phys. Lett. 112, 171104 (2018); distances are those of a fibre of 0.2 dB/km. */
  rusca2018: checked({
    attenuationDbPerKm: 0.2,
    detectorEfficiency: 0.5,
    misalignment: 0.01,
    darkYield: 1e-8, // P_DC of a gate, both bit values together
    pulseRateHz: 1e9,
    deadTimeSeconds: 100e-9,
    siftedShare: 1,
    fEc: 1.16,
    signalIntensity: 0.5,
    decoyIntensity: 0.15,
    signalProbability: 0.7,
    decoyProbability: 0.2,
    keyBasisProbability: 0.9,
    epsSec: 1e-9,
    epsCor: 1e-15,
  }),
  /** Tomamichel et al., Nat. Commun. 3, 634 (2012): no loss, an error rate of 1 %. */
  tomamichel2012: checked({
    attenuationDbPerKm: 0,
    detectorEfficiency: 1,
    misalignment: 0.01,
    darkYield: 0,
    siftedShare: 1,
    fEc: 1.1,
    epsPerBit: 1e-14,
  }),
}

export const parameterSetNames: readonly ParameterSetName[] = Object.keys(parameterSets) as ParameterSetName[]

function checked(values: object): SecurityParameters {
  const parsed = parseSecurityParameters(values)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.parameters
}
