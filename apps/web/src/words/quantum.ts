/** Words of the panel *Quantum link*. Wherever quantum keys of this version are named, so is that they are simulated. */
import type { EpochLabel, LinkState, QuantumView, RunPlace } from '@qsec/client'
import { formatOf, wholeNumber } from './locale.ts'
import { listPeople, type Namer } from './people.ts'
import { type Translatable, translatable, wordsFor } from './translatable.ts'

const tenths = formatOf(Intl.NumberFormat, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const upToTenths = formatOf(Intl.NumberFormat, { maximumFractionDigits: 1 })

/** A ratio as a percentage with one decimal. */
export function percent(ratio: number): string {
  return `${tenths().format(ratio * 100)}\u00a0%`
}

/** The same without a decimal that is zero. */
export function shortPercent(ratio: number): string {
  return `${upToTenths().format(ratio * 100)}\u00a0%`
}

const quantumEnglish = {
  title: 'Quantum link',
  intro: 'BB84 with simulated photons. Its keys stand beside X25519 and ML-KEM-768, never in their place.',
  honest: 'Simulated photons give no quantum security.',
  qber: 'QBER',
  qberHelp: 'Wrong bits among those compared; the worst link counts.',
  notMeasured: 'not measured',
  threshold: (threshold: number): string => `limit ${shortPercent(threshold)}`,
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

export const quantumWords: Translatable<typeof quantumEnglish> = translatable('quantumWords', quantumEnglish)

/** Which keys protect the room in this epoch, and how far the links reach. Never a promise of protection by the links. */
function labelEnglish(quantum: QuantumView): string {
  const reach = `Quantum links (${quantum.label === 'quantum (hardware)' ? 'hardware' : 'simulated'}) in use: ${quantum.linksCovered} of ${quantum.linksInAll}.`
  return `${labelHelp[quantum.label]} ${quantum.linksInAll === 0 ? '' : reach}`.trim()
}

export const labelWords: Translatable<typeof labelEnglish> = translatable('labelWords', labelEnglish)

const labelNamesEnglish: Record<EpochLabel, string> = {
  'post-quantum': 'post-quantum',
  'quantum (simulated)': 'quantum (simulated)',
  'quantum (hardware)': 'quantum (hardware)',
}

/** The label of the epoch. */
export const labelNames: Translatable<typeof labelNamesEnglish> = translatable('labelNames', labelNamesEnglish)

const stagesEnglish = {
  proposal: 'proposal',
  photons: 'photons',
  sifting: 'sifting',
  estimation: 'estimation',
  reconciliation: 'reconciliation',
  amplification: 'amplification',
  detected: 'detected',
  sifted: 'sifted',
  sampled: 'sampled',
  reconciled: 'reconciled',
  verified: 'verified',
  amplified: 'amplified',
  confirmed: 'confirmed',
  authenticated: 'authenticated',
} as const

export const stageNames: Translatable<typeof stagesEnglish> = translatable('stageNames', stagesEnglish)

/** What a stage of a run is called; one that is not known here as the core calls it. */
export function stageWords(name: string): string {
  return wordsFor(stageNames, name) ?? name
}

const labelHelp: Record<EpochLabel, string> = {
  'post-quantum':
    'X25519 and ML-KEM-768 together: whoever wants to read along must break both. Keys from quantum links do not reach every member at present.',
  'quantum (simulated)':
    'X25519 and ML-KEM-768 together, and every member received the group secret under a key from simulated photons. That shows the mechanism; it adds no quantum security.',
  'quantum (hardware)':
    'X25519 and ML-KEM-768 together, and every member received the group secret under a key from QKD hardware, as each device confirmed.',
}

function linkStateEnglish(state: LinkState): string {
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

export const linkStateWords: Translatable<typeof linkStateEnglish> = translatable('linkStateWords', linkStateEnglish)

/** Where the run was computed, and what compressed its bits to the key. */
function placeEnglish({ thread, amplifier }: RunPlace): string {
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

export const placeWords: Translatable<typeof placeEnglish> = translatable('placeWords', placeEnglish)

/** Why a run gave no key. A code that this version does not know is named as it is. */
export function abortWords(code: string): string {
  return wordsFor(aborts, code) ?? unknownAbort(code)
}

function unknownAbortEnglish(code: string): string {
  return `The run was broken off (${code}).`
}

export const unknownAbort: Translatable<typeof unknownAbortEnglish> = translatable('unknownAbort', unknownAbortEnglish)

const abortsEnglish = {
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
} as const

export const aborts: Translatable<typeof abortsEnglish> = translatable('aborts', abortsEnglish)

/** Why nothing that is written here leaves: this room requires quantum keys. */
function holdEnglish(hold: NonNullable<QuantumView['hold']>, nameOf: Namer): string {
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

export const holdWords: Translatable<typeof holdEnglish> = translatable('holdWords', holdEnglish)
