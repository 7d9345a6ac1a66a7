/** Bob's estimation with single photons: a sample of the sifted bits, at places that neither end can choose. */
import { bytesOfWords, isPacked, packWords, selectBits, wordsOf } from '../bits.ts'
import type { ByteReader } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { askKey } from './ask-key.ts'
import { type RunParameters, sampleSize } from './parameters.ts'
import { message, mustHold, type Path, type RunContext } from './path.ts'
import { commitmentBytes, opens, publicSeed, shareBytes } from './public-coin.ts'
import { compareSample, placesOf, sampledBytes } from './sample.ts'
import * as steps from './steps.ts'

/** @param answer - what is left to read of Alice's answer to the clicks */
export function* askSampledKey(
  context: RunContext,
  parameters: RunParameters,
  multiPhotonProbability: number,
  clickCount: number,
  sifted: Uint8Array,
  answer: ByteReader,
): Path {
  const { runId, random, secrets } = context
  const commitment = answer.bytes(commitmentBytes)
  mustHold(answer.finish())
  steps.recordSifting(context, clickCount, sifted.length)

  // What is said here never enters the key.
  const share = secureBytes(random, shareBytes)
  const theirs = yield { phase: 'sifting', send: [message('sampleShare', share)], expect: ['sample'] }
  const opening = theirs.body.bytes(shareBytes)
  mustHold(opens(runId, 'sample', commitment, opening), 'commitment-broken')
  const places = placesOf(
    sifted.length,
    sampleSize(sifted.length, parameters.sampleFraction),
    publicSeed(runId, 'sample', opening, share),
  )
  const theirSample = theirs.body.bytes(sampledBytes(places.count))
  mustHold(theirs.body.finish() && isPacked(theirSample, places.count))
  const words = secrets.keep(packWords(sifted))
  const ours = selectBits(words, places.mask, sifted.length)
  const rest = secrets.keep(selectBits(words, places.mask, sifted.length, 0))
  for (const spent of [sifted, words]) spent.fill(0)
  const said = message('estimate', bytesOfWords(ours, places.count))
  const samples = { ours, theirs: wordsOf(theirSample, places.count), count: places.count }
  const raw = compareSample(context, parameters, multiPhotonProbability, rest, sifted.length, samples, [said])
  return yield* askKey(context, raw, [said])
}
