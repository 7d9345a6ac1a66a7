/** Starts either end of a run on bits that were measured and sifted elsewhere. */
import { wordsOf } from './bits.ts'
import { defaultParameters, minSifted } from './session/parameters.ts'
import type { KeyLabel, Session } from './session/result.ts'
import { type EndOptions, RunSession } from './session/run-session.ts'
import { type SiftedBits, siftedAlicePath, siftedBobPath } from './session/sifted.ts'
import {
  maxSiftedBits,
  type SiftedChoices,
  type SiftedParameters,
  siftedParameters,
} from './session/sifted-parameters.ts'

/** Bits packed, the first in the lowest bit of the first byte. */
export interface PackedBits {
  bytes: Uint8Array
  count: number
}

export interface SiftedOptions extends EndOptions {
  /** This end's sifted bits, 100 to 2^24, in the same order as the other end's. Secret; copied, the caller erases its own. */
  sifted: PackedBits
  /**
   * Bits that are compared in the open, at least one, if they were measured apart (in the other basis). Left out, a
   * sample of the sifted bits is drawn, at places that neither end can choose.
   */
  test?: PackedBits | undefined
  /** What this end says of its bits; `simulated` if left out. A key is labelled `hardware` only if both ends say so. */
  label?: KeyLabel | undefined
}

/** Alice's bits are the reference. Her choices of `SiftedChoices` hold for both ends. */
export interface SiftedAliceOptions extends SiftedOptions, SiftedChoices {}

export interface SiftedBobOptions extends SiftedOptions {
  /** Refuses a proposal within bounds that this end does not want. By default a threshold above 0.11. */
  accepts?: ((parameters: SiftedParameters) => boolean) | undefined
}

/**
 * Sampling, reconciliation, verification and amplification of bits that both ends hold. Throws a RangeError on options
 * that make no run; from then on everything is a step.
 */
export function startSiftedAlice(options: SiftedAliceOptions): Session {
  const { runId, authenticationKey, random, amplifier, sifted, test, label = 'simulated', ...given } = options
  const parameters = siftedParameters(given, sifted.count, test?.count)
  const held = bitsOf(options)
  return new RunSession('alice', { runId, authenticationKey, random, amplifier }, (context) =>
    siftedAlicePath(context, parameters, label, held),
  )
}

/** Refuses a proposal for another number of bits than it holds, or with a test set where it holds none. */
export function startSiftedBob(options: SiftedBobOptions): Session {
  const { sifted, test, label = 'simulated' } = options
  const accepts = options.accepts ?? (({ threshold }) => threshold <= defaultParameters.threshold)
  const held = { ...bitsOf(options), bitCount: sifted.count, testCount: test?.count }
  return new RunSession('bob', options, (context) => siftedBobPath(context, accepts, label, held))
}

function bitsOf({ sifted, test, label = 'simulated' }: SiftedOptions): SiftedBits {
  if (label !== 'simulated' && label !== 'hardware') throw new RangeError('sifted run: label is none')
  return { bits: wordsFrom('sifted', sifted, minSifted), test: test && wordsFrom('test', test, 1) }
}

function wordsFrom(name: string, { bytes, count }: PackedBits, least: number): Uint32Array {
  if (!Number.isInteger(count) || count < least || count > maxSiftedBits) {
    throw new RangeError(`sifted run: ${name} has ${count} bits, not ${least} to ${maxSiftedBits}`)
  }
  if (bytes.length < (count + 7) >> 3) throw new RangeError(`sifted run: ${name} has too few bytes for ${count} bits`)
  return wordsOf(bytes, count)
}
