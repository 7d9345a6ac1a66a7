/**
 * A quantum channel in software. Its two ends are the only code that sees photon states or Eve, and its noise is
 * driven by the public seed of the run, so that a run can be replayed. It gives no quantum security: these photons are
 * numbers that whoever carries them could copy.
 */
import { bitAt } from '../bits.ts'
import { seededRandom } from '../random.ts'
import type { Clicks, OpenReceiver, PhotonSender } from '../session/photons.ts'
import { detect } from './detector.ts'
import { passEve } from './eve.ts'
import { clickProbability, multiPhotonProbability } from './model.ts'
import { type ChannelParameters, describeOptics, parseOptics } from './parameters.ts'
import { PhotonWriter, readPhotons } from './photon.ts'
import { clickingPulses } from './source.ts'

export function simulatedSender(channel: ChannelParameters): PhotonSender {
  return {
    description: describeOptics(channel),
    multiPhotonProbability: multiPhotonProbability(channel.source),
    expectedClicks: (pulses) => pulses * clickProbability(channel),
    emit(seed, pulses, bits, bases) {
      const eveRandom = seededRandom(seed, 'eve')
      const writer = new PhotonWriter()
      for (const { pulseIndex, photons } of clickingPulses(channel, pulses, seededRandom(seed, 'fibre'))) {
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
    measure(seed, pulses, portions, bases): Clicks | undefined {
      const random = seededRandom(seed, 'detector')
      const pulseIndices: number[] = []
      const basisBits: number[] = []
      const outcomes: number[] = []
      const sound = readPhotons(portions, pulses, (pulseIndex, basis, bit, photons) => {
        const measuredIn = bitAt(bases, pulseIndex)
        pulseIndices.push(pulseIndex)
        basisBits.push(measuredIn)
        outcomes.push(detect(optics, { basis, bit, photons }, measuredIn, random))
      })
      if (!sound) return undefined
      return {
        pulseIndex: Uint32Array.from(pulseIndices),
        basis: Uint8Array.from(basisBits),
        outcome: Uint8Array.from(outcomes),
      }
    },
  }
}
