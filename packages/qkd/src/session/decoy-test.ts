/** The test basis of a run with decoy states: how it is said, and what it says about the key basis; same at both ends. */
import { bitAt, packWords } from '../bits.ts'
import type { BasisCounts } from '../security/decoy-counts.ts'
import { keep } from '../sifting.ts'
import { decoyLength } from './accounting.ts'
import type { RunParameters } from './parameters.ts'
import { mustHold, type Outgoing, type RunContext } from './path.ts'
import type { RawKey } from './raw-key.ts'
import * as steps from './steps.ts'

/** One byte per bit. */
export interface OneBasis {
  bits: Uint8Array
  light: Uint8Array
}

export interface Split {
  /** Its bits are secret. */
  key: OneBasis
  test: OneBasis
}

/** @param bases - 0 is the key basis */
export function splitByBasis(sifted: Uint8Array, bases: Uint8Array, light: Uint8Array): Split {
  const of = (basis: 0 | 1): OneBasis => ({ bits: keep(sifted, bases, basis), light: keep(light, bases, basis) })
  return { key: of(0), test: of(1) }
}

/** Two bits each. */
export function packIntensities(light: Uint8Array): Uint8Array {
  const packed = new Uint8Array((light.length + 3) >> 2)
  for (let i = 0; i < light.length; i++) packed[i >> 2]! |= light[i]! << (2 * (i & 3))
  return packed
}

export function packedIntensityBytes(sifted: number): number {
  return (sifted + 3) >> 2
}

/** undefined if there is an intensity that the plan does not have. */
export function unpackIntensities(packed: Uint8Array, sifted: number, intensities: number): Uint8Array | undefined {
  const light = Uint8Array.from({ length: sifted }, (_, i) => (packed[i >> 2]! >> (2 * (i & 3))) & 3)
  return light.every((each) => each < intensities) ? light : undefined
}

export function testBytes({ test }: Split): number {
  return (test.bits.length + 7) >> 3
}

/**
 * Ends the run if the test basis has too many errors, or the bounds leave nothing.
 *
 * @param theirTest - packed bits of the test basis
 */
export function compareTest(
  context: RunContext,
  parameters: RunParameters,
  { key, test }: Split,
  theirTest: Uint8Array,
  lastWords: Outgoing[] = [],
): RawKey {
  const { decoy } = parameters
  mustHold(decoy !== undefined)
  const intensities = decoy.intensities.length
  const keyClicks = new Array<number>(intensities).fill(0)
  for (const k of key.light) keyClicks[k]!++
  const counts = countsOf(test, theirTest, intensities)
  const mismatches = counts.errors.reduce((sum, each) => sum + each, 0)
  const sampled = test.bits.length
  const raw: RawKey = {
    words: context.secrets.keep(packWords(key.bits)),
    n: key.bits.length,
    // Without a single bit compared nothing is known.
    qber: sampled > 0 ? mismatches / sampled : 0.5,
    mode: parameters.mode,
    intensities,
    intensityOf: key.light,
    keyBits: decoyLength(parameters, decoy, keyClicks, counts),
    epsilon: { secrecy: parameters.epsSec, correctness: parameters.epsCor, source: 0 },
  }
  key.bits.fill(0)
  context.statistics.decoy = { keyClicks, testClicks: [...counts.clicks], testErrors: [...counts.errors] }
  const sifted = raw.n + sampled
  steps.recordEstimate(context, parameters, { sifted, sampled, mismatches }, raw, lastWords)
  return raw
}

function countsOf(test: OneBasis, theirs: Uint8Array, intensities: number): BasisCounts {
  const clicks = new Array<number>(intensities).fill(0)
  const errors = new Array<number>(intensities).fill(0)
  for (let i = 0; i < test.bits.length; i++) {
    const k = test.light[i]!
    clicks[k]!++
    if (test.bits[i] !== bitAt(theirs, i)) errors[k]!++
  }
  return { clicks, errors }
}
