/** Bob's side of a run with photons, from the proposal to the bits that distillation begins with. */
import { unpackBits } from '../bits.ts'
import { ByteWriter } from '../bytes.ts'
import { secureBytes } from '../random.ts'
import { keep } from '../sifting.ts'
import { askDecoyKey } from './bob-decoy.ts'
import { askSampledKey } from './bob-sample.ts'
import { choiceBytes, drawBases } from './decoy-plan.ts'
import { commitToClicks, encodeClicks } from './detections.ts'
import { maxClicks, type RunParameters, readParameters } from './parameters.ts'
import { type Incoming, message, mustHold, type Path, type RunContext } from './path.ts'
import type { OpenReceiver, PhotonReceiver } from './photons.ts'
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
  const proposal = yield { phase: 'proposal', send: [], expect: ['propose'], draws: shareBytes }
  const parameters = readParameters(proposal.body)
  const description = proposal.body.bytes(proposal.body.u8())
  const commitment = proposal.body.bytes(commitmentBytes)
  mustHold(proposal.body.finish())
  const photons = openReceiver(description)
  mustHold(parameters !== undefined && photons !== undefined, 'parameters-refused')
  mustHold(hasLightOf(photons, parameters) && accepts(parameters), 'parameters-refused')
  const { pulses, decoy } = parameters
  steps.recordStart(context, parameters)
  const share = secureBytes(random, shareBytes)
  const draws = decoy ? choiceBytes(pulses) : (pulses + 7) >> 3
  const reveal = yield { phase: 'proposal', send: [message('accept', share)], expect: ['reveal'], draws }

  // Photons, measured in bases that were drawn before the first one came.
  const bases = secrets.keep(
    decoy ? drawBases(random, pulses, decoy.keyBasisProbability) : secureBytes(random, (pulses + 7) >> 3),
  )
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
    draws: shareBytes,
  }
  const agree = unpackBits(answer.body.bytes((clickCount + 7) >> 3), clickCount)
  mustHold(agree !== undefined)
  const sifted = secrets.keep(keep(outcome, agree))
  outcome.fill(0)
  if (!decoy) {
    return yield* askSampledKey(context, parameters, photons.multiPhotonProbability, clickCount, sifted, answer.body)
  }
  return yield* askDecoyKey(context, parameters, clickCount, { sifted, bases: keep(clicks.basis, agree) }, answer.body)
}

/** The length of the key hangs on the intensities, so the plan must say those that the source has. */
function hasLightOf({ intensities }: PhotonReceiver, { decoy }: RunParameters): boolean {
  const planned = decoy?.intensities
  if (!planned) return intensities.length === 1
  return planned.length === intensities.length && planned.every((mean, k) => mean === intensities[k])
}
