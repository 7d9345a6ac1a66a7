/** Words of the laboratory. Wherever a key is named, so is that its photons are simulated. */
import { wholeNumber } from '../words/locale.ts'
import { percent } from '../words/quantum.ts'
import type { LabResult } from './lab-run.ts'

export const labWords = {
  title: 'BB84 laboratory',
  simulated: 'simulated',
  intro:
    'Alice sends single photons to Bob through a fibre. Each carries one bit in one of two bases, and whoever measures in the wrong basis changes it. So an eavesdropper leaves errors behind.',
  honest: 'The photons are simulated in this browser. That shows how the protocol works; it gives no quantum security.',
  line: 'The line',
  pulses: 'Photons sent',
  pulsesShort: 'Photons',
  distance: 'Length of the fibre',
  distanceShort: 'Fibre',
  km: (distanceKm: number): string => `${distanceKm}\u00a0km`,
  eve: 'Eavesdropper',
  eveHelp: 'Eve measures photons on their way and sends on what she saw.',
  share: 'Share of the photons that she measures',
  run: 'Run BB84',
  running: 'Photons are on their way…',
  broken: 'This browser could not compute the run. Reload the page, or try another browser.',
  outcome: 'Outcome',
  none: 'No run yet. Press Run BB84.',
  qberHelp: 'Wrong bits among those compared.',
  keyRate: 'Key rate',
  keyRateValue: ({ bitsPerSecond }: LabResult): string => `${rateWords(bitsPerSecond)} (simulated)`,
  keyRateHelp: 'Secret bits a second, if the source sent 100 million photons a second.',
  expected: 'Errors that Eve’s measuring explains',
  expectedValue: ({ settings }: LabResult): string => percent(settings.eveShare / 4),
  expectedHelp: 'She picks the wrong basis half of the time, and then Bob’s bit is wrong half of the time.',
  bits: 'Alice and Bob',
  photons: 'Twelve photons in slow motion',
  photonsHelp:
    'Another run of twelve, over a line without loss. + and × are the bases. Where Alice’s and Bob’s differ, the bit is thrown away.',
  photon: 'Photon',
  alice: 'Alice',
  eveColumn: 'Eve',
  bob: 'Bob',
  becomes: 'Becomes',
  runs: 'Runs so far',
  runNumber: 'Run',
  noKey: 'no key',
  keyBits: (bits: number): string => `${wholeNumber(bits)} bits`,
} as const

/** The verdict in one sentence. */
export function verdictWords({ refused, secretBits, settings }: LabResult): string {
  if (refused === undefined) {
    const heard =
      settings.eveShare > 0 ? ' Eve heard something, and privacy amplification took more than that out.' : ''
    return `A key of ${wholeNumber(secretBits)} secret bits (simulated).${heard}`
  }
  return `No key. ${refusals[refused] ?? `The run was broken off (${refused}).`}`
}

const refusals: Readonly<Record<string, string>> = {
  'qber-above-threshold': 'There were more wrong bits than the limit allows: somebody listened in, or might have.',
  'no-secret-key-left':
    'The errors stayed below the limit. But once all that Eve could know is taken out, nothing is left; more photons may help.',
  'too-few-detections': 'Too few photons arrived: a shorter fibre or more photons are needed.',
  'reconciliation-failed': 'The errors could not be corrected.',
  'verification-failed': 'The two sides did not end with the same bits.',
}

function rateWords(bitsPerSecond: number): string {
  if (bitsPerSecond >= 1e6) return `${(bitsPerSecond / 1e6).toFixed(1)}\u00a0Mbit/s`
  if (bitsPerSecond >= 1e3) return `${(bitsPerSecond / 1e3).toFixed(0)}\u00a0kbit/s`
  return `${bitsPerSecond.toFixed(0)}\u00a0bit/s`
}
