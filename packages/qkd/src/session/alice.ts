/** Alice's side of a run, from proposal to key: she sends the photons, and her bits are the reference. */
import { toeplitzSeedBytes } from '../amplification/amplifier.ts'
import { equalBytes } from '../authentication.ts'
import { bitAt, packBits, packWords, unpackBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { CascadeTeller } from '../reconciliation/cascade/teller.ts'
import { agreeingBases, keep } from '../sifting.ts'
import { verificationBits, verificationHash } from '../verification.ts'
import { epsilonOf, finalKeyBits } from './accounting.ts'
import { commitToClicks, parseClicks, portionCount } from './detections.ts'
import { encodeParameters, maxClicks, type RunParameters } from './parameters.ts'
import { type Incoming, message, mustHold, type Path, Refusal, type RunContext } from './path.ts'
import type { PhotonSender } from './photons.ts'
import { commit, commitmentBytes, publicSeed, shareBytes } from './public-coin.ts'
import * as steps from './steps.ts'

export function* alicePath(context: RunContext, parameters: RunParameters, photons: PhotonSender): Path {
  const { runId, random, secrets } = context
  const { pulses } = parameters
  steps.recordStart(context, parameters)

  // Proposal. The public channel seed is tossed by both.
  const share = secureBytes(random, shareBytes)
  const proposal = encodeParameters(new ByteWriter(), parameters)
    .u8(photons.description.length)
    .bytes(photons.description)
    .bytes(commit(runId, 'channel', share))
  const accept = yield { phase: 'proposal', send: [message('propose', proposal)], expect: ['accept'] }
  const channelSeed = publicSeed(runId, 'channel', share, accept.body.bytes(shareBytes))
  mustHold(accept.body.finish())

  // Photons.
  const bits = secrets.keep(secureBytes(random, (pulses + 7) >> 3))
  const bases = secrets.keep(secureBytes(random, (pulses + 7) >> 3))
  const portions = photons.emit(channelSeed, pulses, bits, bases)
  const reveal = message('reveal', new ByteWriter().bytes(share).u16(portions.length))
  const detected = yield {
    phase: 'photons',
    send: [reveal, ...portions.map((portion) => message('photons', secrets.keep(portion)))],
    expect: ['detected'],
  }

  // Bob's clicks, all of them, before a word about our bases.
  const clickCount = detected.body.u32()
  const commitment = detected.body.bytes(commitmentBytes)
  mustHold(detected.body.finish() && clickCount <= Math.min(pulses, maxClicks))
  const clickPortions: Uint8Array[] = []
  while (clickPortions.length < portionCount(clickCount)) {
    const next: Incoming = yield { phase: 'sifting', send: [], expect: ['clicks'] }
    clickPortions.push(next.body.rest())
  }
  mustHold(equalBytes(commitToClicks(runId, clickPortions), commitment), 'commitment-broken')
  const clicks = parseClicks(clickPortions, clickCount, pulses)
  mustHold(clicks !== undefined)
  steps.recordDetections(context, parameters, clickCount)

  // Sifting.
  const agree = agreeingBases(bases, clicks.pulseIndex, clicks.basis)
  const ours = secrets.keep(Uint8Array.from(clicks.pulseIndex, (index) => bitAt(bits, index)))
  const sifted = secrets.keep(keep(ours, agree))
  bits.fill(0)
  ours.fill(0)
  const sampleShare = secureBytes(random, shareBytes)
  const answer = message('sifted', new ByteWriter().bytes(packBits(agree)).bytes(commit(runId, 'sample', sampleShare)))
  steps.recordSifting(context, clickCount, sifted.length, [answer])
  const theirShare = yield { phase: 'sifting', send: [answer], expect: ['sampleShare'] }
  const sampleSeed = publicSeed(runId, 'sample', sampleShare, theirShare.body.bytes(shareBytes))
  mustHold(theirShare.body.finish())

  // Estimation. What is said here never enters the key.
  const flags = steps.sampleFlags(sifted.length, parameters, sampleSeed)
  const ourSample = keep(sifted, flags)
  const said = new ByteWriter().bytes(sampleShare).bytes(packBits(ourSample))
  const theirs = yield { phase: 'estimation', send: [message('sample', said)], expect: ['estimate'] }
  const theirSample = unpackBits(theirs.body.rest(), ourSample.length)
  mustHold(theirSample !== undefined)
  const multiPhoton = photons.multiPhotonProbability
  const found = steps.estimate(context, parameters, multiPhoton, sifted.length, ourSample, theirSample)

  // Reconciliation: Bob asks, we answer.
  const frame = secrets.keep(keep(sifted, flags, 0))
  sifted.fill(0)
  const permutationSeed = secureBytes(random, steps.permutationSeedBytes)
  const packed = packWords(frame)
  const teller = secrets.keep(new CascadeTeller(steps.reconciliationPlan(found, permutationSeed), [packed]))
  packed.fill(0)
  let answerBody = new ByteWriter().bytes(permutationSeed).bytes(teller.top())
  let next: Incoming = yield {
    phase: 'reconciliation',
    send: [message('topParities', answerBody)],
    expect: ['ask', 'reconciled'],
  }
  for (let round = 0; next.kind === 'ask'; round++) {
    const parities = teller.answer(next.body.rest())
    mustHold(parities !== undefined)
    answerBody = new ByteWriter().bytes(parities)
    if (round >= steps.maxRounds || teller.leakedBits > found.n) throw new Refusal('reconciliation-failed')
    next = yield { phase: 'reconciliation', send: [message('parities', answerBody)], expect: ['ask', 'reconciled'] }
  }
  const corrected = next.body.u32()
  const leakedBits = next.body.u32()
  mustHold(next.body.finish() && corrected <= found.n)
  // Both counted the same transcript, and its tag holds.
  mustHold(leakedBits === teller.leakedBits, 'reconciliation-failed')
  teller.wipe()
  steps.recordReconciliation(context, found.n, leakedBits, corrected)

  // Verification and amplification, at points drawn only now.
  const keyBits = finalKeyBits(parameters, found, leakedBits)
  if (keyBits <= 0) throw new Refusal('no-secret-key-left')
  const point = secureBytes(random, steps.pointBytes)
  const seed = secureBytes(random, toeplitzSeedBytes(found.n, steps.distilledBits(keyBits)))
  const distilled = steps.distil(context.amplifier, frame, seed, keyBits)
  const key = secrets.keep(distilled.key)
  const amplify = new ByteWriter().u32(keyBits).bytes(point).bytes(verificationHash(frame, point)).bytes(seed)
  frame.fill(0)
  const proof = yield { phase: 'amplification', send: [message('amplify', amplify)], expect: ['confirm'] }
  mustHold(equalBytes(proof.body.rest(), distilled.proofOfBob), 'confirmation-failed')
  steps.recordKey(context, found.n - leakedBits - verificationBits, keyBits)
  return {
    send: [message('confirmed', distilled.proofOfAlice)],
    key: key.slice(),
    epsilon: epsilonOf(parameters, multiPhoton),
  }
}
