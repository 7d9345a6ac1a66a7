/** What Alice proposes and Bob accepts or refuses: the public parameters of a run, with their bounds. */
import type { ByteReader, ByteWriter } from '../bytes.ts'
import { verificationFailureProbability } from '../verification.ts'

export interface RunParameters {
  /** 1,000 to 2^24. */
  pulses: number
  /** Share of the sifted bits that is compared in the open, 0.02 to 0.5; kept to a millionth. */
  sampleFraction: number
  /** QBER of the sample beyond which no key is made, above 0 and up to 0.25; kept to a millionth. */
  threshold: number
  /** Probability that the key is not secret, 1e-30 to 1e-3. */
  epsSec: number
  /** Probability that the two keys differ, from what the 64-bit hash can promise (2.3e-16) to 1e-3. */
  epsCor: number
}

export const defaultParameters: RunParameters = {
  pulses: 1_000_000,
  sampleFraction: 0.2,
  threshold: 0.11,
  epsSec: 1e-10,
  epsCor: 1e-15,
}

export const minPulses = 1000
export const maxPulses: number = 2 ** 24
/** More clicks than this end a run, so that no message and no array grows beyond what was planned. */
export const maxClicks: number = 2 ** 19
/** Fewer sifted bits than this can never make a key. */
export const minSifted = 100

const millionths = 1_000_000

/** The parameters as they travel, rounded; throws a RangeError that names the first one out of range. */
export function runParameters(given: Partial<RunParameters>): RunParameters {
  const parameters = { ...defaultParameters, ...given }
  parameters.sampleFraction = Math.round(parameters.sampleFraction * millionths) / millionths
  parameters.threshold = Math.round(parameters.threshold * millionths) / millionths
  const wrong = wrongParameter(parameters)
  if (wrong) throw new RangeError(`run parameters: ${wrong} is out of range`)
  return parameters
}

export function encodeParameters(writer: ByteWriter, parameters: RunParameters): ByteWriter {
  return writer
    .u32(parameters.pulses)
    .u32(Math.round(parameters.sampleFraction * millionths))
    .u32(Math.round(parameters.threshold * millionths))
    .f64(parameters.epsSec)
    .f64(parameters.epsCor)
}

export function readParameters(reader: ByteReader): RunParameters | undefined {
  const parameters: RunParameters = {
    pulses: reader.u32(),
    sampleFraction: reader.u32() / millionths,
    threshold: reader.u32() / millionths,
    epsSec: reader.f64(),
    epsCor: reader.f64(),
  }
  return wrongParameter(parameters) === undefined ? parameters : undefined
}

/** Bits of the sample out of so many sifted ones. */
export function sampleSize(sifted: number, sampleFraction: number): number {
  return Math.round(sifted * sampleFraction)
}

// Written with what must hold, so that NaN is refused.
function wrongParameter(parameters: RunParameters): keyof RunParameters | undefined {
  const within = (value: number, lo: number, hi: number): boolean =>
    typeof value === 'number' && value >= lo && value <= hi
  if (!Number.isInteger(parameters.pulses) || !within(parameters.pulses, minPulses, maxPulses)) return 'pulses'
  if (!within(parameters.sampleFraction, 0.02, 0.5)) return 'sampleFraction'
  if (!within(parameters.threshold, 1 / millionths, 0.25)) return 'threshold'
  if (!within(parameters.epsSec, 1e-30, 1e-3)) return 'epsSec'
  if (!within(parameters.epsCor, verificationFailureProbability(maxClicks), 1e-3)) return 'epsCor'
  return undefined
}
