/** Parameters from outside: a file, a form, a caller. Checked here once. */
import type { ParameterValues, SecurityParameters } from './parameters.ts'

export type ParsedParameters = { ok: true; parameters: SecurityParameters } | { ok: false; problem: string }

type Name = keyof ParameterValues
type Range = readonly [from: number, to: number, open?: 'above' | 'below' | 'both']

const ranges: Record<Name, Range> = {
  attenuationDbPerKm: [0, 100],
  detectorEfficiency: [0, 1, 'above'],
  misalignment: [0, 0.5],
  darkYield: [0, 0.5],
  afterPulseProbability: [0, 0.5],
  pulseRateHz: [0, 1e15, 'above'],
  deadTimeSeconds: [0, 1],
  siftedShare: [0, 1, 'above'],
  fEc: [1, 10],
  blockBits: [1, 1e15],
  epsSec: [0, 1, 'both'],
  epsSecPerBit: [0, 1, 'both'],
  epsPerBit: [0, 1, 'both'],
  epsCor: [0, 1, 'both'],
  signalIntensity: [0, 10, 'above'],
  decoyIntensity: [0, 10, 'above'],
  weakestIntensity: [0, 10],
  signalProbability: [0, 1, 'both'],
  decoyProbability: [0, 1, 'both'],
  keyBasisProbability: [0, 1, 'both'],
  sampleRatio: [0, 1000, 'above'],
  toleranceMargin: [0, 0.5, 'above'],
}

const channelNames = ['attenuationDbPerKm', 'detectorEfficiency', 'misalignment', 'darkYield'] as const
const budgetNames = ['epsSec', 'epsSecPerBit', 'epsPerBit'] as const

/**
 * Reads a plain object of numbers. The four values of the channel must be there; the rest has defaults.
 *
 * @returns one line that names what is wrong, for people to read
 */
export function parseSecurityParameters(input: unknown): ParsedParameters {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return wrong('not an object of numbers')
  const given: Partial<ParameterValues> = {}
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(ranges, name)) return wrong(`${JSON.stringify(name)} is unknown`)
    const problem = outOfRange(value, ranges[name as Name])
    if (problem) return wrong(`${name} ${problem}`)
    given[name as Name] = value
  }
  for (const name of channelNames) if (given[name] === undefined) return wrong(`${name} is missing`)
  const parameters = withDefaults(given as Partial<ParameterValues> & ModelChannelValues)
  const problem = inconsistent(parameters)
  return problem ? wrong(problem) : { ok: true, parameters: parameters as SecurityParameters }
}

type ModelChannelValues = Pick<ParameterValues, (typeof channelNames)[number]>

function withDefaults(given: Partial<ParameterValues> & ModelChannelValues): ParameterValues {
  const signalIntensity = given.signalIntensity ?? 0.5
  const decoyIntensity = given.decoyIntensity ?? Math.min(0.15, 0.3 * signalIntensity)
  const signalProbability = given.signalProbability ?? 0.6
  const hasBudget = budgetNames.some((name) => given[name] !== undefined)
  return {
    afterPulseProbability: 0,
    pulseRateHz: 1e9,
    deadTimeSeconds: 0,
    siftedShare: 0.5,
    fEc: 1.16,
    blockBits: 1e7,
    ...(hasBudget ? {} : { epsSec: 1e-10 }),
    ...(given.epsPerBit === undefined ? { epsCor: 1e-15 } : {}),
    signalIntensity,
    decoyIntensity,
    weakestIntensity: Math.min(2e-4, 0.1 * decoyIntensity),
    signalProbability,
    decoyProbability: 0.75 * (1 - signalProbability),
    keyBasisProbability: 0.9,
    sampleRatio: 0.1,
    toleranceMargin: 0.005,
    ...given,
  }
}

// Written so that NaN is refused.
function outOfRange(value: unknown, [from, to, open]: Range): string | undefined {
  if (typeof value !== 'number') return 'is not a number'
  const fromOpen = open === 'above' || open === 'both'
  const toOpen = open === 'below' || open === 'both'
  const fits = (fromOpen ? value > from : value >= from) && (toOpen ? value < to : value <= to)
  return fits ? undefined : `is ${value}, not in ${fromOpen ? '(' : '['}${from}, ${to}${toOpen ? ')' : ']'}`
}

function inconsistent(p: ParameterValues): string | undefined {
  if (!(p.signalIntensity > p.decoyIntensity + p.weakestIntensity)) {
    return 'signalIntensity is not above decoyIntensity + weakestIntensity'
  }
  if (!(p.decoyIntensity > p.weakestIntensity)) return 'decoyIntensity is not above weakestIntensity'
  if (!(p.signalProbability + p.decoyProbability < 1)) return 'signalProbability + decoyProbability is not below 1'
  if (budgetNames.filter((name) => p[name] !== undefined).length !== 1) {
    return 'epsSec, epsSecPerBit and epsPerBit exclude each other'
  }
  if (p.epsPerBit !== undefined && p.epsCor !== undefined) return 'epsCor is already a part of epsPerBit'
  return undefined
}

function wrong(what: string): ParsedParameters {
  return { ok: false, problem: `parameters: ${what}` }
}
