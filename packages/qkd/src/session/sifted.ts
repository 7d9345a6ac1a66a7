/**
 * Runs on bits that both ends hold already: of a device, or from files. From the comparison on they are as any other.
 * Bits travel packed, the first in the lowest bit of the first byte.
 */
import { bytesOfWords, isPacked, selectBits, wordsOf } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { askKey } from './ask-key.ts'
import { message, mustHold, type Path, type RunContext } from './path.ts'
import { commit, commitmentBytes, opens, publicSeed, shareBytes } from './public-coin.ts'
import type { RawKey } from './raw-key.ts'
import type { KeyLabel } from './result.ts'
import { placesOf, rawKeyOf, type Samples, sampledBytes, sizesOf } from './sample.ts'
import {
  encodeLabel,
  encodeSifted,
  keyCandidates,
  readLabel,
  readSifted,
  type SiftedParameters,
} from './sifted-parameters.ts'
import * as steps from './steps.ts'
import { tellKey, tellKeyDraws } from './tell-key.ts'

/** What one end holds; secret, packed, and wiped at the end of the run. */
export interface SiftedBits {
  bits: Uint32Array
  /** Compared in the open in place of a sample. */
  test: Uint32Array | undefined
}

export function* siftedAlicePath(
  context: RunContext,
  parameters: SiftedParameters,
  label: KeyLabel,
  held: SiftedBits,
): Path {
  const { runId, random } = context
  recordStart(context, parameters, held)
  const share = secureBytes(random, shareBytes)
  const proposal = encodeLabel(encodeSifted(new ByteWriter(), parameters), label).bytes(commit(runId, 'sample', share))
  const accept = yield { phase: 'proposal', send: [message('proposeSifted', proposal)], expect: ['acceptSifted'] }
  const theirLabel = readLabel(accept.body)
  const seed = publicSeed(runId, 'sample', share, accept.body.bytes(shareBytes))
  mustHold(accept.body.finish() && theirLabel !== undefined)
  context.statistics.label = labelOf(label, theirLabel)

  const { ours, rest } = divide(context, parameters, held, seed)
  const said = new ByteWriter().bytes(share).bytes(bytesOfWords(ours, parameters.comparedBits))
  const send = [message('siftedSample', said)]
  const theirs = yield { phase: 'estimation', send, expect: ['estimate'], draws: tellKeyDraws }
  const theirSample = theirs.body.bytes(sampledBytes(parameters.comparedBits))
  mustHold(theirs.body.finish() && isPacked(theirSample, parameters.comparedBits))
  return yield* tellKey(context, compare(context, parameters, rest, ours, theirSample))
}

/** @param accepts - asked for a proposal within bounds that fits the bits held */
export function* siftedBobPath(
  context: RunContext,
  accepts: (parameters: SiftedParameters) => boolean,
  label: KeyLabel,
  held: SiftedBits & { bitCount: number; testCount: number | undefined },
): Path {
  const { runId, random } = context
  const proposal = yield { phase: 'proposal', send: [], expect: ['proposeSifted'], draws: shareBytes }
  const parameters = readSifted(proposal.body)
  const theirLabel = readLabel(proposal.body)
  const commitment = proposal.body.bytes(commitmentBytes)
  mustHold(proposal.body.finish())
  mustHold(parameters !== undefined && theirLabel !== undefined, 'parameters-refused')
  const fits = parameters.siftedBits === held.bitCount && parameters.hasTestSet === (held.test !== undefined)
  const testFits = held.test === undefined || parameters.comparedBits === held.testCount
  mustHold(fits && testFits && accepts(parameters), 'parameters-refused')
  recordStart(context, parameters, held)
  const share = secureBytes(random, shareBytes)
  const body = encodeLabel(new ByteWriter(), label).bytes(share)
  const theirs = yield {
    phase: 'proposal',
    send: [message('acceptSifted', body)],
    expect: ['siftedSample'],
    label: labelOf(label, theirLabel),
  }
  const opening = theirs.body.bytes(shareBytes)
  mustHold(opens(runId, 'sample', commitment, opening), 'commitment-broken')
  const theirSample = theirs.body.bytes(sampledBytes(parameters.comparedBits))
  mustHold(theirs.body.finish() && isPacked(theirSample, parameters.comparedBits))

  const { ours, rest } = divide(context, parameters, held, publicSeed(runId, 'sample', opening, share))
  const said = message('estimate', bytesOfWords(ours, parameters.comparedBits))
  return yield* askKey(context, compare(context, parameters, rest, ours, theirSample, [said]), [said])
}

/** A key is called `hardware` only if both ends call it so. */
function labelOf(ours: KeyLabel, theirs: KeyLabel): KeyLabel {
  return ours === 'hardware' && theirs === 'hardware' ? 'hardware' : 'simulated'
}

function recordStart(context: RunContext, parameters: SiftedParameters, { bits, test }: SiftedBits): void {
  context.secrets.keep(bits)
  if (test) context.secrets.keep(test)
  Object.assign(context.statistics, { pulses: 0, detected: 0, threshold: parameters.threshold })
  context.statistics.sifted = parameters.siftedBits
}

/** Takes the compared bits out; what is said of them never enters the key. */
function divide(
  { secrets }: RunContext,
  parameters: SiftedParameters,
  { bits, test }: SiftedBits,
  seed: Uint8Array,
): { ours: Uint32Array; rest: Uint32Array } {
  if (test) return { ours: test, rest: bits }
  const { siftedBits, comparedBits } = parameters
  const { mask } = placesOf(siftedBits, comparedBits, seed)
  const ours = selectBits(bits, mask, siftedBits)
  const rest = secrets.keep(selectBits(bits, mask, siftedBits, 0))
  bits.fill(0)
  return { ours, rest }
}

function compare(
  context: RunContext,
  parameters: SiftedParameters,
  rest: Uint32Array,
  ours: Uint32Array,
  theirSample: Uint8Array,
  lastWords: Parameters<typeof steps.recordEstimate>[4] = [],
): RawKey {
  const { siftedBits, comparedBits, hasTestSet, taggedBits } = parameters
  const samples: Samples = { ours, theirs: wordsOf(theirSample, comparedBits), count: comparedBits }
  const raw = rawKeyOf(parameters, rest, keyCandidates(parameters), taggedBits, samples)
  const sifted = siftedBits + (hasTestSet ? comparedBits : 0)
  steps.recordEstimate(context, parameters, { sifted, ...sizesOf(samples) }, raw, lastWords)
  return raw
}
