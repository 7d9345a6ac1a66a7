/** What Alice proposes and Bob accepts or refuses: the public parameters of a run, with their bounds. */
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { verificationFailureProbability } from '../verification.ts'
import { type DecoyPlan, encodeDecoyPlan, isSoundDecoyPlan, readDecoyPlan } from './decoy-plan.ts'

/**
 * `throughput` leaks least and takes thousands of round trips, `low-round` takes some fifty, `one-way` a handful, of
 * which it pays for the first two with leak and CPU time.
 */
export type ReconciliationMode = 'throughput' | 'low-round' | 'one-way'

/** What every kind of run agrees on. */
export interface KeyParameters {
  /** QBER of the compared bits beyond which no key is made, above 0 and up to 0.25; kept to a millionth. */
  threshold: number
  /** Probability that the key is not secret, 1e-30 to 1e-3. */
  epsSec: number
  /** Probability that the two keys differ, from what the 64-bit hash can promise (2.3e-16) to 1e-3. */
  epsCor: number
  /** How errors are found. With `one-way` the threshold is at most 0.11. */
  mode: ReconciliationMode
}

export interface RunParameters extends KeyParameters {
  /** 1,000 to 2^24. */
  pulses: number
  /** Share of the sifted bits that is compared in the open, 0.02 to 0.5; kept to a millionth. Not used with decoys. */
  sampleFraction: number
  /** Weak pulses of several intensities and biased bases. Left out: unbiased bases, one intensity, single photons. */
  decoy?: DecoyPlan
}

export const defaultParameters: RunParameters = {
  pulses: 1_000_000,
  sampleFraction: 0.2,
  threshold: 0.11,
  epsSec: 1e-10,
  epsCor: 1e-15,
  mode: 'low-round',
}

export const minPulses = 1000
export const maxPulses: number = 2 ** 24
/** More clicks than this end a run, so that no message and no array grows beyond what was planned. */
export const maxClicks: number = 2 ** 19
/** Fewer sifted bits than this can never make a key. */
export const minSifted = 100

const millionths = 1_000_000
/** Their places stand on the wire. */
const modes: readonly ReconciliationMode[] = ['throughput', 'low-round', 'one-way']
const maxOneWayThreshold = 0.11

/** The parameters as they travel, rounded; throws a RangeError that names the first one out of range. */
export function runParameters(given: Partial<RunParameters>): RunParameters {
  const parameters = rounded({ ...defaultParameters, ...given })
  parameters.sampleFraction = Math.round(parameters.sampleFraction * millionths) / millionths
  const wrong = wrongParameter(parameters)
  if (wrong) throw new RangeError(`run parameters: ${wrong} is out of range`)
  return parameters
}

export function rounded<T extends KeyParameters>(parameters: T): T {
  return { ...parameters, threshold: Math.round(parameters.threshold * millionths) / millionths }
}

export function encodeParameters(writer: ByteWriter, parameters: RunParameters): ByteWriter {
  encodeKeyParameters(writer, parameters)
    .u32(parameters.pulses)
    .u32(Math.round(parameters.sampleFraction * millionths))
  return encodeDecoyPlan(writer, parameters.decoy)
}

/** undefined if one is out of range. */
export function readParameters(reader: ByteReader): RunParameters | undefined {
  const parameters: RunParameters = {
    ...readKeyParameters(reader),
    pulses: reader.u32(),
    sampleFraction: reader.u32() / millionths,
  }
  const decoy = readDecoyPlan(reader)
  if (decoy) parameters.decoy = decoy
  return wrongParameter(parameters) === undefined ? parameters : undefined
}

export function encodeKeyParameters(writer: ByteWriter, parameters: KeyParameters): ByteWriter {
  return writer
    .u32(Math.round(parameters.threshold * millionths))
    .f64(parameters.epsSec)
    .f64(parameters.epsCor)
    .u8(modes.indexOf(parameters.mode))
}

/** Still to be checked. */
export function readKeyParameters(reader: ByteReader): KeyParameters {
  return {
    threshold: reader.u32() / millionths,
    epsSec: reader.f64(),
    epsCor: reader.f64(),
    mode: modes[reader.u8()] as ReconciliationMode,
  }
}

/** Bits of the sample out of so many sifted ones. */
export function sampleSize(sifted: number, sampleFraction: number): number {
  return Math.round(sifted * sampleFraction)
}

/** @param frameBits - length of the longest frame that one hash speaks for */
export function wrongKeyParameter(parameters: KeyParameters, frameBits: number): keyof KeyParameters | undefined {
  if (!modes.includes(parameters.mode)) return 'mode'
  const highest = parameters.mode === 'one-way' ? maxOneWayThreshold : 0.25
  if (!within(parameters.threshold, 1 / millionths, highest)) return 'threshold'
  if (!within(parameters.epsSec, 1e-30, 1e-3)) return 'epsSec'
  if (!within(parameters.epsCor, verificationFailureProbability(frameBits), 1e-3)) return 'epsCor'
  return undefined
}

// Written with what must hold, so that NaN is refused.
export function within(value: number, lo: number, hi: number): boolean {
  return typeof value === 'number' && value >= lo && value <= hi
}

function wrongParameter(parameters: RunParameters): keyof RunParameters | undefined {
  if (!Number.isInteger(parameters.pulses) || !within(parameters.pulses, minPulses, maxPulses)) return 'pulses'
  if (!within(parameters.sampleFraction, 0.02, 0.5)) return 'sampleFraction'
  if (parameters.decoy && !isSoundDecoyPlan(parameters.decoy)) return 'decoy'
  return wrongKeyParameter(parameters, maxClicks)
}
