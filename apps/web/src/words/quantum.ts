/** Words of the panel *Quantum link*. Wherever quantum keys of this version are named, so is that they are simulated. */
import type { EpochLabel, LinkState, QuantumView, RunPlace } from '../client-gate.ts'
import { listPeople, type Namer } from './people.ts'

const number = new Intl.NumberFormat('en')

/** A ratio as a percentage with one decimal. */
export function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)}\u00a0%`
}

export function wholeNumber(value: number): string {
  return number.format(value)
}

export const quantumWords = {
  title: 'Quantum link',
  intro: 'BB84 with simulated photons. Its keys stand beside X25519 and ML-KEM-768, never in their place.',
  honest: 'Simulated photons give no quantum security.',
  qber: 'QBER',
  qberHelp: 'Wrong bits among those compared; the worst link counts.',
  notMeasured: 'not measured',
  threshold: (threshold: number): string => `limit ${Math.round(threshold * 1000) / 10}\u00a0%`,
  eve: 'Simulate eavesdropper',
  eveHelp: 'Measures every simulated photon on its way. It applies to the next run, for everyone in the room.',
  eveBy: (on: boolean, name: string | undefined): string => {
    if (name === undefined) return on ? 'On.' : 'Off.'
    return `Switched ${on ? 'on' : 'off'} by ${name}.`
  },
  run: 'Run key exchange',
  running: 'A key exchange is under way (simulated photons)…',
  completed: 'Key exchange completed',
  eavesdropper: 'Eavesdropper detected, no key made',
  eavesdropperHelp: 'The chat goes on under X25519 and ML-KEM-768, at full strength.',
  failed: 'The last key exchange gave no key',
  failedHelp: 'The links below say why. The chat goes on under X25519 and ML-KEM-768, at full strength.',
  alone: 'A key exchange needs a second person in the room.',
  you: 'You',
  byYou: 'you',
  ends: (a: string, b: string): string => `${a} ↔ ${b}`,
  links: 'Links',
  noLinks: 'No links yet. They come with the second person.',
  progressOf: (link: string): string => `Progress of ${link}`,
  stagesTitle: 'Bits by stage',
  stagesOf: (link: string): string => `Bits of the last run between ${link} (simulated), on a logarithmic scale`,
  stage: 'Stage',
  bits: 'Bits',
  noStages: 'No run yet.',
  linkShown: 'Link shown',
  keyBits: (bits: number): string => `${wholeNumber(bits)} simulated key bits left`,
  interval: (low: number, high: number): string => `95 % interval ${percent(low)} to ${percent(high)}`,
  epochTitle: 'Keys of the room now',
} as const

/** Which keys protect the room in this epoch, and how far the links reach. Never a promise of protection by the links. */
export function labelWords(quantum: QuantumView): string {
  const reach = `Quantum links (${quantum.label === 'quantum (hardware)' ? 'hardware' : 'simulated'}) in use: ${quantum.linksCovered} of ${quantum.linksInAll}.`
  return `${labelHelp[quantum.label]} ${quantum.linksInAll === 0 ? '' : reach}`.trim()
}

const labelHelp: Record<EpochLabel, string> = {
  'post-quantum':
    'X25519 and ML-KEM-768 together: whoever wants to read along must break both. Keys from quantum links do not reach every member at present.',
  'quantum (simulated)':
    'X25519 and ML-KEM-768 together, and every member received the group secret under a key from simulated photons. That shows the mechanism; it adds no quantum security.',
  'quantum (hardware)':
    'X25519 and ML-KEM-768 together, and every member received the group secret under a key from QKD hardware, as each device confirmed.',
}

export function linkStateWords(state: LinkState): string {
  switch (state) {
    case 'none':
      return 'No run yet'
    case 'waiting':
      return 'Waiting for the other side'
    case 'running':
      return 'Running'
    case 'completed':
      return 'Key made'
    case 'aborted':
      return 'No key'
  }
}

/** Where the run was computed, and what compressed its bits to the key. */
export function placeWords({ thread, amplifier }: RunPlace): string {
  const what = `Privacy amplification: ${amplifier === 'wasm' ? 'wasm' : 'TypeScript'}.`
  switch (thread) {
    case 'worker':
      return `Computed in a worker beside this page. ${what}`
    case 'page':
      return `Computed on this page’s own thread, in small pieces, since this browser has no workers. ${what}`
    case 'process':
      return `Computed in this program. ${what}`
  }
}

/** Why a run gave no key. A code that this version does not know is named as it is. */
export function abortWords(code: string): string {
  return aborts[code] ?? `The run was broken off (${code}).`
}

const aborts: Readonly<Record<string, string>> = {
  'qber-above-threshold': 'More wrong bits than noise explains: somebody listened in. The bits were thrown away.',
  'too-few-detections': 'Too few photons arrived to make a safe key.',
  'no-secret-key-left': 'After correction nothing was left that an eavesdropper could not know.',
  'reconciliation-failed': 'The errors could not be corrected. The bits were thrown away.',
  'verification-failed': 'The two sides did not end with the same bits. They were thrown away.',
  'confirmation-failed': 'The two sides did not end with the same key. It was thrown away.',
  'authentication-failed': 'A message of the run was not from the other side. The run was broken off.',
  'commitment-broken': 'The other side changed what it had committed to. The run was broken off.',
  'parameters-refused': 'The two sides did not agree on how to run. Reloading both pages may help.',
  'unknown-version': 'The other side runs another version. Reload both pages.',
  'internal-error': 'The computation broke down at one side. The next run begins anew.',
  'engine-failed':
    'The worker that computes runs could not start, or broke down, at one side. The next run starts it anew; if that does not help, reload the page.',
  cancelled: 'The run was broken off before its end, by one side or by a change of the members.',
}

/** Why nothing that is written here leaves: this room requires quantum keys. */
export function holdWords(hold: NonNullable<QuantumView['hold']>, nameOf: Namer): string {
  const kept = 'This room requires quantum keys (simulated). What you write is kept here and waits'
  switch (hold.for) {
    case 'others':
      return `${kept} for somebody to make a key with.`
    case 'away': {
      const [only] = hold.people
      const who =
        hold.people.length === 1 && only ? `${nameOf(only)}’s device` : `devices of ${listPeople(hold.people, nameOf)}`
      return `${kept} for ${who}, which ${hold.people.length === 1 ? 'is' : 'are'} away. Until then, or until they are removed, nobody can send.`
    }
    case 'fewer':
      return `${kept} until there are ${hold.atMost} devices here at most: quantum links reach no more.`
    case 'exchange':
      return `${kept} for the key exchange. If this stays, run it again in Room details, or the server keeps it back.`
  }
}
