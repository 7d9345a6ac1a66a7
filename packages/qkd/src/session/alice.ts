/** Alice's side of a run with photons, from the proposal to the bits that distillation begins with. */
import { equalBytes } from '../authentication.ts'
import { bitAt } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { agreeingBases, keep } from '../sifting.ts'
import { tellDecoyKey } from './alice-decoy.ts'
import { tellSampledKey } from './alice-sample.ts'
import { choiceBytes, drawBases, drawChoices } from './decoy-plan.ts'
import { commitToClicks, parseClicks, portionCount } from './detections.ts'
import { encodeParameters, maxClicks, type RunParameters } from './parameters.ts'
import { type Incoming, message, mustHold, type Path, type RunContext } from './path.ts'
import type { PhotonSender } from './photons.ts'
import { commit, commitmentBytes, publicSeed, shareBytes } from './public-coin.ts'
import * as steps from './steps.ts'

export function* alicePath(context: RunContext, parameters: RunParameters, photons: PhotonSender): Path {
  const { runId, random, secrets } = context
  const { pulses, decoy } = parameters
  steps.recordStart(context, parameters)

  // Proposal. The public channel seed is tossed by both.
  const share = secureBytes(random, shareBytes)
  const proposal = encodeParameters(new ByteWriter(), parameters)
    .u8(photons.description.length)
    .bytes(photons.description)
    .bytes(commit(runId, 'channel', share))
  const accept = yield {
    phase: 'proposal',
    send: [message('propose', proposal)],
    expect: ['accept'],
    draws: ((pulses + 7) >> 3) + (decoy ? 2 * choiceBytes(pulses) : (pulses + 7) >> 3),
  }
  const channelSeed = publicSeed(runId, 'channel', share, accept.body.bytes(shareBytes))
  mustHold(accept.body.finish())

  // Photons.
  const bits = secrets.keep(secureBytes(random, (pulses + 7) >> 3))
  const bases = secrets.keep(
    decoy ? drawBases(random, pulses, decoy.keyBasisProbability) : secureBytes(random, (pulses + 7) >> 3),
  )
  const intensities = decoy && secrets.keep(drawChoices(random, pulses, decoy.probabilities))
  const portions = photons.emit(channelSeed, pulses, bits, bases, intensities)
  const reveal = message('reveal', new ByteWriter().bytes(share).u16(portions.length))
  const detected = yield {
    phase: 'photons',
    send: [reveal, ...portions.map((portion) => message('photons', secrets.keep(portion)))],
    expect: ['detected'],
    draws: shareBytes,
  }

  // Bob's clicks, all of them, before a word about our bases.
  const clickCount = detected.body.u32()
  const commitment = detected.body.bytes(commitmentBytes)
  mustHold(detected.body.finish() && clickCount <= Math.min(pulses, maxClicks))
  const clickPortions: Uint8Array[] = []
  while (clickPortions.length < portionCount(clickCount)) {
    const next: Incoming = yield { phase: 'sifting', send: [], expect: ['clicks'], draws: shareBytes }
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
  for (const spent of [bits, ours]) spent.fill(0)
  if (!intensities) return yield* tellSampledKey(context, parameters, photons.multiPhotonProbability, agree, sifted)
  const light = keep(
    Uint8Array.from(clicks.pulseIndex, (index) => intensities[index]!),
    agree,
  )
  intensities.fill(0)
  return yield* tellDecoyKey(context, parameters, agree, { sifted, bases: keep(clicks.basis, agree), light })
}
