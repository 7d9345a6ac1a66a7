/**
 * A quantum channel in software. Its two ends are the only code that sees photon states or Eve, and its noise is
 * driven by the public seed of the run, so that a run can be replayed. It gives no quantum security: these photons are
 * numbers that whoever carries them could copy.
 */
import { bitAt } from '../bits.ts'
import { seededRandom } from '../random.ts'
import type { Clicks, OpenReceiver, PhotonSender } from '../session/photons.ts'
import { arrivalsOf } from './arrivals.ts'
import { Detector } from './detector.ts'
import { passEve } from './eve.ts'
import { multiPhotonProbability } from './model.ts'
import { type ChannelParameters, describeOptics, intensitiesOf, parseOptics } from './parameters.ts'
import { PhotonWriter, readPhotons } from './photon.ts'
import { brightestClick, clickingPulses } from './source.ts'

export function simulatedSender(channel: ChannelParameters): PhotonSender {
  // Each click may bring another, and that one too.
  const clicksPerPulse = Math.min(1, brightestClick(arrivalsOf(channel)) / (1 - channel.afterPulseProbability))
  return {
    description: describeOptics(channel),
    multiPhotonProbability: multiPhotonProbability(channel.source),
    intensities: intensitiesOf(channel.source).map(({ meanPhotons }) => meanPhotons),
    expectedClicks: (pulses) => pulses * clicksPerPulse,
    emit(seed, pulses, bits, bases, intensities) {
      if (intensities && intensities.length !== pulses) throw new RangeError(`emit: ${intensities.length} intensities`)
      const eveRandom = seededRandom(seed, 'eve')
      const fibreRandom = seededRandom(seed, 'fibre')
      const intensityAt = intensities && ((pulseIndex: number) => intensities[pulseIndex]!)
      const writer = new PhotonWriter()
      for (const { pulseIndex, photons } of clickingPulses(channel, pulses, fibreRandom, intensityAt)) {
        const sent = { pulseIndex, photons, basis: bitAt(bases, pulseIndex), bit: bitAt(bits, pulseIndex) }
        writer.write(passEve(sent, channel.eve, eveRandom))
      }
      return writer.finish()
    },
  }
}

export const simulatedReceiver: OpenReceiver = (description) => {
  const optics = parseOptics(description)
  if (!optics) return undefined
  return {
    multiPhotonProbability: multiPhotonProbability(optics.source),
    intensities: intensitiesOf(optics.source).map(({ meanPhotons }) => meanPhotons),
    measure(seed, pulses, portions, bases): Clicks | undefined {
      const detector = new Detector(
        optics,
        (pulseIndex) => bitAt(bases, pulseIndex),
        seededRandom(seed, 'detector'),
        seededRandom(seed, 'after-pulse'),
      )
      const sound = readPhotons(portions, pulses, (pulseIndex, state) => detector.arrive(pulseIndex, state))
      return sound ? detector.finish(pulses) : undefined
    },
  }
}
