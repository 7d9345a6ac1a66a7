/** Alice's estimation with single photons: a sample of the sifted bits, at places that neither end can choose. */
import { bytesOfWords, isPacked, packBits, packWords, selectBits, wordsOf } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { type RunParameters, sampleSize } from './parameters.ts'
import { message, mustHold, type Path, type RunContext } from './path.ts'
import { commit, publicSeed, shareBytes } from './public-coin.ts'
import { compareSample, placesOf, sampledBytes } from './sample.ts'
import * as steps from './steps.ts'
import { tellKey, tellKeyDraws } from './tell-key.ts'

/** @param sifted - our bits whose bases agree, one byte each */
export function* tellSampledKey(
  context: RunContext,
  parameters: RunParameters,
  multiPhotonProbability: number,
  agree: Uint8Array,
  sifted: Uint8Array,
): Path {
  const { runId, random, secrets } = context
  const share = secureBytes(random, shareBytes)
  const answer = message('sifted', new ByteWriter().bytes(packBits(agree)).bytes(commit(runId, 'sample', share)))
  steps.recordSifting(context, agree.length, sifted.length, [answer])
  const theirShare = yield { phase: 'sifting', send: [answer], expect: ['sampleShare'] }
  const seed = publicSeed(runId, 'sample', share, theirShare.body.bytes(shareBytes))
  mustHold(theirShare.body.finish())

  // What is said here never enters the key.
  const words = secrets.keep(packWords(sifted))
  const places = placesOf(sifted.length, sampleSize(sifted.length, parameters.sampleFraction), seed)
  const ours = selectBits(words, places.mask, sifted.length)
  const said = new ByteWriter().bytes(share).bytes(bytesOfWords(ours, places.count))
  const theirs = yield {
    phase: 'estimation',
    send: [message('sample', said)],
    expect: ['estimate'],
    draws: tellKeyDraws,
  }
  const theirSample = theirs.body.bytes(sampledBytes(places.count))
  mustHold(theirs.body.finish() && isPacked(theirSample, places.count))
  const rest = secrets.keep(selectBits(words, places.mask, sifted.length, 0))
  for (const spent of [sifted, words]) spent.fill(0)
  const samples = { ours, theirs: wordsOf(theirSample, places.count), count: places.count }
  const raw = compareSample(context, parameters, multiPhotonProbability, rest, sifted.length, samples)
  return yield* tellKey(context, raw)
}
