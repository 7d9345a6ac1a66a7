/** The compared bits of a run with single photons, and what they say about the rest; the same at both ends. */
import { countOnes } from '../bits.ts'
import { sampleMask } from '../estimation.ts'
import { seededRandom } from '../random.ts'
import { taggedBitsBound } from '../security/tagged.ts'
import { singlePhotonLength } from './accounting.ts'
import type { KeyParameters, RunParameters } from './parameters.ts'
import type { Outgoing, RunContext } from './path.ts'
import type { RawKey } from './raw-key.ts'
import * as steps from './steps.ts'

export interface Places {
  /** 1 where a bit is compared. */
  mask: Uint32Array
  count: number
}

export function placesOf(sifted: number, count: number, seed: Uint8Array): Places {
  return { mask: sampleMask(sifted, count, seededRandom(seed, 'sample positions')), count }
}

export function sampledBytes(count: number): number {
  return (count + 7) >> 3
}

export interface Samples {
  ours: Uint32Array
  theirs: Uint32Array
  count: number
}

/** Ends the run if the samples differ too often or nothing could be left. */
export function compareSample(
  context: RunContext,
  parameters: RunParameters,
  multiPhotonProbability: number,
  rest: Uint32Array,
  sifted: number,
  samples: Samples,
  lastWords: Outgoing[] = [],
): RawKey {
  const { pulses, epsSec } = parameters
  const taggedBits = taggedBitsBound(pulses, multiPhotonProbability, epsSec)
  const raw = rawKeyOf(parameters, rest, sifted - samples.count, taggedBits, samples)
  if (multiPhotonProbability > 0) raw.epsilon.source = epsSec
  steps.recordEstimate(context, parameters, { sifted, ...sizesOf(samples) }, raw, lastWords)
  return raw
}

export function sizesOf({ ours, theirs, count }: Samples): { sampled: number; mismatches: number } {
  return { sampled: count, mismatches: countOnes(ours.map((word, i) => word ^ theirs[i]!)) }
}

export function rawKeyOf(
  parameters: KeyParameters,
  words: Uint32Array,
  n: number,
  taggedBits: number,
  samples: Samples,
): RawKey {
  const { sampled, mismatches } = sizesOf(samples)
  const qber = mismatches / sampled
  return {
    words,
    n,
    qber,
    mode: parameters.mode,
    intensities: 1,
    keyBits: singlePhotonLength(parameters, { n, sampled, qber, taggedBits }),
    epsilon: { secrecy: parameters.epsSec, correctness: parameters.epsCor, source: 0 },
  }
}
