/** The script of the laboratory's worker: one BB84 run over simulated photons for each message, with real chance. */
import {
  type ChannelParameters,
  defaultChannel,
  defaultParameters,
  secureRandom,
  simulateRun,
  tracePulses,
} from '@qsec/qkd'
import type { LabPhoton, LabResult, LabSettings } from './lab-run.ts'

interface Scope {
  onmessage: ((event: { data: LabSettings }) => void) | null
  postMessage(result: LabResult): void
}
const scope = globalThis as unknown as Scope

const shownPhotons = 12
// In secure contexts and outside of them alike, browsers have this one generator.
const random = secureRandom((byteLength) => crypto.getRandomValues(new Uint8Array(byteLength)))

scope.onmessage = ({ data }) => scope.postMessage(run(data))

function run(settings: LabSettings): LabResult {
  const { pulses, distanceKm, eveShare } = settings
  const eve: ChannelParameters['eve'] =
    eveShare > 0 ? { attack: 'intercept-resend', fraction: eveShare } : { attack: 'none' }
  const { alice } = simulateRun({ pulses, channel: { distanceKm, eve }, chance: { random } })
  const secretBits = alice.aborted ? 0 : alice.secretBits
  return {
    settings,
    ...(alice.qber === undefined ? {} : { qber: alice.qber }),
    threshold: defaultParameters.threshold,
    ...(alice.aborted ? { refused: alice.reason } : {}),
    secretBits,
    bitsPerSecond: (secretBits / pulses) * defaultChannel.pulseRateHz,
    stages: stagesOf(pulses, alice.stages ?? [], secretBits),
    photons: photonsOf(eve),
  }
}

/** What an observer can follow: the tags that confirm and authenticate are no part of the story. */
function stagesOf(pulses: number, stages: readonly { name: string; bitsOut: number }[], secretBits: number) {
  const words: Readonly<Record<string, string>> = {
    detected: 'Clicks at Bob',
    sifted: 'Same basis',
    sampled: 'After the comparison',
    reconciled: 'After error correction',
  }
  const shown = stages.flatMap(({ name, bitsOut }) => (words[name] ? [{ name: words[name], bits: bitsOut }] : []))
  return [{ name: 'Photons sent', bits: pulses }, ...shown, { name: 'Secret key', bits: secretBits }]
}

/** Over a line without loss, so that there is something to see. */
function photonsOf(eve: ChannelParameters['eve']): LabPhoton[] {
  const seed = random(16)
  const line = { distanceKm: 0, detectorEfficiency: 1, misalignment: 0, darkCountProbability: 0, eve }
  return [...tracePulses(line, shownPhotons, seed)].map((pulse) => ({
    aliceBit: pulse.aliceBit,
    aliceBasis: pulse.aliceBasis,
    bobBasis: pulse.bobBasis,
    ...(pulse.eve.did === 'measured' && pulse.eve.basis !== 'between'
      ? { eve: { basis: pulse.eve.basis, bit: pulse.eve.bit } }
      : {}),
    ...(pulse.bobBit === undefined ? {} : { bobBit: pulse.bobBit }),
  }))
}
