/** Bob's side of a run, from the proposal to the key: he measures, and corrects his bits to Alice's. */
import { toeplitzSeedBytes } from '../amplification/amplifier.ts'
import { equalBytes } from '../authentication.ts'
import { packBits, packWords, unpackBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { CascadeAsker } from '../reconciliation/cascade/asker.ts'
import { keep } from '../sifting.ts'
import { verificationBits, verificationHash } from '../verification.ts'
import { epsilonOf, finalKeyBits } from './accounting.ts'
import { commitToClicks, encodeClicks } from './detections.ts'
import { maxClicks, type RunParameters, readParameters } from './parameters.ts'
import { type Incoming, message, mustHold, type Path, Refusal, type RunContext } from './path.ts'
import type { OpenReceiver } from './photons.ts'
import { commitmentBytes, opens, publicSeed, shareBytes } from './public-coin.ts'
import * as steps from './steps.ts'

const maxPhotonPortions = 64

export function* bobPath(
  context: RunContext,
  accepts: (parameters: RunParameters) => boolean,
  openReceiver: OpenReceiver,
): Path {
  const { runId, random, secrets } = context

  // Proposal.
  const proposal = yield { phase: 'proposal', send: [], expect: ['propose'] }
  const parameters = readParameters(proposal.body)
  const description = proposal.body.bytes(proposal.body.u8())
  const commitment = proposal.body.bytes(commitmentBytes)
  mustHold(proposal.body.finish())
  const photons = openReceiver(description)
  mustHold(parameters !== undefined && photons !== undefined && accepts(parameters), 'parameters-refused')
  const { pulses } = parameters
  const multiPhoton = photons.multiPhotonProbability
  steps.recordStart(context, parameters)
  const share = secureBytes(random, shareBytes)

  // Photons, measured in bases that were drawn before the first one came.
  const bases = secrets.keep(secureBytes(random, (pulses + 7) >> 3))
  const reveal = yield { phase: 'proposal', send: [message('accept', share)], expect: ['reveal'] }
  const opening = reveal.body.bytes(shareBytes)
  const portionCount = reveal.body.u16()
  mustHold(reveal.body.finish() && portionCount >= 1 && portionCount <= maxPhotonPortions)
  mustHold(opens(runId, 'channel', commitment, opening), 'commitment-broken')
  const portions: Uint8Array[] = []
  while (portions.length < portionCount) {
    const next: Incoming = yield { phase: 'photons', send: [], expect: ['photons'] }
    portions.push(secrets.keep(next.body.rest()))
  }
  const clicks = photons.measure(publicSeed(runId, 'channel', opening, share), pulses, portions, bases)
  mustHold(clicks !== undefined && clicks.pulseIndex.length <= maxClicks)
  const clickCount = clicks.pulseIndex.length
  const outcome = secrets.keep(clicks.outcome)
  for (const portion of portions) portion.fill(0)
  steps.recordDetections(context, parameters, clickCount)

  // Sifting.
  const clickPortions = encodeClicks(clicks)
  const detected = new ByteWriter().u32(clickCount).bytes(commitToClicks(runId, clickPortions))
  const answer = yield {
    phase: 'sifting',
    send: [message('detected', detected), ...clickPortions.map((portion) => message('clicks', portion))],
    expect: ['sifted'],
  }
  const agree = unpackBits(answer.body.bytes((clickCount + 7) >> 3), clickCount)
  const sampleCommitment = answer.body.bytes(commitmentBytes)
  mustHold(answer.body.finish() && agree !== undefined)
  const sifted = secrets.keep(keep(outcome, agree))
  outcome.fill(0)
  steps.recordSifting(context, clickCount, sifted.length)

  // Estimation. What is said here never enters the key.
  const sampleShare = secureBytes(random, shareBytes)
  const theirs = yield { phase: 'sifting', send: [message('sampleShare', sampleShare)], expect: ['sample'] }
  const sampleOpening = theirs.body.bytes(shareBytes)
  mustHold(opens(runId, 'sample', sampleCommitment, sampleOpening), 'commitment-broken')
  const flags = steps.sampleFlags(sifted.length, parameters, publicSeed(runId, 'sample', sampleOpening, sampleShare))
  const ourSample = keep(sifted, flags)
  const theirSample = unpackBits(theirs.body.rest(), ourSample.length)
  mustHold(theirSample !== undefined && theirs.body.finish())
  const said = message('estimate', packBits(ourSample))
  const found = steps.estimate(context, parameters, multiPhoton, sifted.length, ourSample, theirSample, [said])

  // Reconciliation: we ask until no parity differs.
  const frame = secrets.keep(keep(sifted, flags, 0))
  sifted.fill(0)
  const top = yield { phase: 'estimation', send: [said], expect: ['topParities'] }
  const plan = steps.reconciliationPlan(found, top.body.bytes(steps.permutationSeedBytes).slice())
  const packed = packWords(frame)
  const asker = secrets.keep(new CascadeAsker(plan, [packed]))
  packed.fill(0)
  mustHold(asker.hearTop(top.body.rest()), 'reconciliation-failed')
  for (let round = 0, question = asker.ask(); question; question = asker.ask(), round++) {
    if (round >= steps.maxRounds || asker.leakedBits > found.n) throw new Refusal('reconciliation-failed')
    const heard: Incoming = yield {
      phase: 'reconciliation',
      send: [message('ask', question)],
      expect: ['parities'],
    }
    mustHold(asker.hear(heard.body.rest()), 'reconciliation-failed')
  }
  const corrected = secrets.keep(asker.frameBits(0))
  const { leakedBits } = asker
  const flips = asker.flips[0]!
  frame.fill(0)
  asker.wipe()
  steps.recordReconciliation(context, found.n, leakedBits, flips)

  // Verification and amplification.
  const reconciled = message('reconciled', new ByteWriter().u32(flips).u32(leakedBits))
  const ourKeyBits = finalKeyBits(parameters, found, leakedBits)
  if (ourKeyBits <= 0) throw new Refusal('no-secret-key-left', [reconciled])
  const amplify = yield { phase: 'amplification', send: [reconciled], expect: ['amplify'] }
  const keyBits = amplify.body.u32()
  // Logarithms may differ in the last digit between engines, which can move the length by one byte.
  mustHold(keyBits % 8 === 0 && keyBits > 0 && Math.abs(keyBits - ourKeyBits) <= 8, 'parameters-refused')
  const point = amplify.body.bytes(steps.pointBytes)
  const hash = amplify.body.bytes(verificationBits / 8)
  const seed = amplify.body.bytes(toeplitzSeedBytes(found.n, steps.distilledBits(keyBits)))
  mustHold(amplify.body.finish())
  mustHold(equalBytes(verificationHash(corrected, point), hash), 'verification-failed')
  const distilled = steps.distil(context.amplifier, corrected, seed, keyBits)
  const key = secrets.keep(distilled.key)
  corrected.fill(0)
  const proof = yield {
    phase: 'amplification',
    send: [message('confirm', distilled.proofOfBob)],
    expect: ['confirmed'],
  }
  mustHold(equalBytes(proof.body.rest(), distilled.proofOfAlice), 'confirmation-failed')
  steps.recordKey(context, found.n - leakedBits - verificationBits, keyBits)
  return { send: [], key: key.slice(), epsilon: epsilonOf(parameters, multiPhoton) }
}
