/** What the ends of a run on sifted bits agree on: public, with bounds that both ends check. */
import type { ByteReader, ByteWriter } from '../bytes.ts'
import {
  encodeKeyParameters,
  type KeyParameters,
  minSifted,
  readKeyParameters,
  rounded,
  sampleSize,
  within,
  wrongKeyParameter,
} from './parameters.ts'
import { cutOf } from './raw-key.ts'
import type { KeyLabel } from './result.ts'

export interface SiftedParameters extends KeyParameters {
  /** Bits that each end holds, a given test set not counted; 100 to 2^24. */
  siftedBits: number
  /** Bits that are compared in the open: drawn from the sifted ones, or all of the test set. */
  comparedBits: number
  /** The compared bits were handed in by themselves, so that none is drawn. */
  hasTestSet: boolean
  /** How many of the sifted bits count as known to an eavesdropper, for instance because their pulses held more photons. */
  taggedBits: number
}

/** As many as one key is made from at most. */
export const maxSiftedBits: number = 2 ** 24
const labels: readonly KeyLabel[] = ['simulated', 'hardware']

export const defaultSifted = {
  sampleFraction: 0.1,
  threshold: 0.11,
  epsSec: 1e-10,
  epsCor: 1e-15,
  mode: 'low-round',
  taggedShare: 0,
} as const

/** Bits that may become key. */
export function keyCandidates({ siftedBits, comparedBits, hasTestSet }: SiftedParameters): number {
  return hasTestSet ? siftedBits : siftedBits - comparedBits
}

export interface SiftedChoices extends Partial<KeyParameters> {
  /** Share of the sifted bits that is compared in the open and thrown away, 0.001 to 0.5. Not used with a test set. */
  sampleFraction?: number
  /** Share of the sifted bits that counts as known to an eavesdropper, 0 to 1. */
  taggedShare?: number
}

/** The parameters as they travel; throws a RangeError that names the first one out of range. */
export function siftedParameters(
  given: SiftedChoices,
  siftedBits: number,
  testBits: number | undefined,
): SiftedParameters {
  const { sampleFraction, taggedShare, threshold, epsSec, epsCor, mode } = { ...defaultSifted, ...given }
  if (!within(sampleFraction, 0.001, 0.5)) throw new RangeError('sifted run: sampleFraction is out of range')
  if (!within(taggedShare, 0, 1)) throw new RangeError('sifted run: taggedShare is out of range')
  const parameters = rounded<SiftedParameters>({
    threshold,
    epsSec,
    epsCor,
    mode,
    siftedBits,
    comparedBits: testBits ?? Math.max(1, sampleSize(siftedBits, sampleFraction)),
    hasTestSet: testBits !== undefined,
    taggedBits: Math.ceil(taggedShare * siftedBits),
  })
  const wrong = wrongSifted(parameters)
  if (wrong) throw new RangeError(`sifted run: ${wrong} is out of range`)
  return parameters
}

export function encodeSifted(writer: ByteWriter, parameters: SiftedParameters): ByteWriter {
  return encodeKeyParameters(writer, parameters)
    .u32(parameters.siftedBits)
    .u32(parameters.comparedBits)
    .u8(parameters.hasTestSet ? 1 : 0)
    .u32(parameters.taggedBits)
}

/** undefined if one is out of range. */
export function readSifted(reader: ByteReader): SiftedParameters | undefined {
  const parameters: SiftedParameters = {
    ...readKeyParameters(reader),
    siftedBits: reader.u32(),
    comparedBits: reader.u32(),
    hasTestSet: false,
    taggedBits: 0,
  }
  const testSet = reader.u8()
  parameters.hasTestSet = testSet === 1
  parameters.taggedBits = reader.u32()
  return testSet <= 1 && wrongSifted(parameters) === undefined ? parameters : undefined
}

export function encodeLabel(writer: ByteWriter, label: KeyLabel): ByteWriter {
  return writer.u8(labels.indexOf(label))
}

/** undefined for what is no label. */
export function readLabel(reader: ByteReader): KeyLabel | undefined {
  return labels[reader.u8()]
}

function wrongSifted(parameters: SiftedParameters): string | undefined {
  const { siftedBits, comparedBits, hasTestSet, taggedBits } = parameters
  if (!Number.isInteger(siftedBits) || !within(siftedBits, minSifted, maxSiftedBits)) return 'siftedBits'
  const mostCompared = hasTestSet ? maxSiftedBits : siftedBits / 2 + 1
  if (!Number.isInteger(comparedBits) || !within(comparedBits, 1, mostCompared)) return 'comparedBits'
  if (!Number.isInteger(taggedBits) || !within(taggedBits, 0, siftedBits)) return 'taggedBits'
  const { frameBits } = cutOf({ n: keyCandidates(parameters), mode: parameters.mode })
  return wrongKeyParameter(parameters, frameBits)
}
