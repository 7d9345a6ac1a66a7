/** Where the keys of each epoch came from, in plain words. */
import type { EpochReason, EpochView, PersonView } from '../client-gate.ts'
import { listPeople, type Namer, startPeople } from './people.ts'
import { labelNames } from './quantum.ts'
import { type Translatable, translatable } from './translatable.ts'

type People = readonly PersonView[]

const provenanceEnglish = {
  open: 'Key history',
  title: 'Key history',
  intro:
    'The room’s keys change with each epoch. Here stands where they came from, for every epoch that this device has been in and still remembers. It is kept on this device alone.',
  honest:
    'Quantum links come on top of X25519 and ML-KEM-768. How far they reach is information, not protection; keys from simulated photons add no security.',
  list: 'Epochs',
  empty: 'Nothing is noted yet.',
  reading: 'Reading what this device has noted…',
  failed: 'The key history could not be read.',
  epoch: (epoch: number): string => `Epoch ${epoch}`,
  present: 'now',
  more: 'Show older epochs',
  export: 'Save as JSON',
  exportFailed: 'The key history could not be saved.',
  close: 'Close',
  x25519: 'X25519',
  mlKem: 'ML-KEM-768',
  link: 'Invite link',
  linkMixed: 'The secret of an invite link is mixed into this epoch’s keys.',
  quantum: 'Quantum key',
  reach: 'Links',
  reaches: (label: string, have: number, of: number): string => `${label}; quantum links: ${have} of ${of}`,
  keyId: (id: string): string => `Key id ${id}`,
  eavesdropper: 'An eavesdropper showed on a link in this epoch. It is not called quantum since.',
} as const

export const provenanceWords: Translatable<typeof provenanceEnglish> = translatable(
  'provenanceWords',
  provenanceEnglish,
)

/** Why an epoch began, and by whom. */
const epochReasonEnglish = {
  created: 'You made the room here.',
  entered: 'You came in here. What was before, this device does not know.',
  returned: 'This device came back in here, with new keys of its own.',
  quantum: 'A key from the quantum links came in.',
  settings: 'The room’s settings changed.',
  update: 'Keys were renewed, and nothing else.',
  join: (people: People, nameOf: Namer): string => `${startPeople(people, nameOf)} came in.`,
  rejoin: (people: People, nameOf: Namer): string => `${startPeople(people, nameOf)} came back in.`,
  leave: (people: People, nameOf: Namer): string => `${startPeople(people, nameOf)} went out.`,
  by: (person: PersonView, nameOf: Namer): string => `Committed by ${listPeople([person], nameOf)}.`,
} as const

export const epochReasonWords: Translatable<typeof epochReasonEnglish> = translatable(
  'epochReasonWords',
  epochReasonEnglish,
)

/** When keys were renewed last. */
const renewalEnglish = {
  before: 'Renewed last before this device came in.',
  now: (by: PersonView, nameOf: Namer): string => `Renewed with this epoch by ${listPeople([by], nameOf)}.`,
  earlier: (epoch: number, by: PersonView, nameOf: Namer): string =>
    `Renewed last with epoch ${epoch} by ${listPeople([by], nameOf)}.`,
} as const

export const renewalWords: Translatable<typeof renewalEnglish> = translatable('renewalWords', renewalEnglish)

/** The group secret of the quantum links: who drew it, and under which keys it was handed over. */
const groupSecretEnglish = {
  none: 'None in this epoch.',
  now: (from: PersonView, nameOf: Namer): string =>
    `It came in with this epoch; ${listPeople([from], nameOf)} drew it.`,
  earlier: (since: number, from: PersonView, nameOf: Namer): string =>
    `It came in with epoch ${since}; ${listPeople([from], nameOf)} drew it.`,
  pads: {
    none: 'Handed over in sealed private lines, under no key of a quantum link.',
    hardware: 'Handed over under keys from QKD hardware (ETSI GS QKD 014).',
    simulated: 'Handed over under keys from BB84 with simulated photons.',
  },
  /** To one person of the star. */
  to: {
    none: (name: string): string => `${name}: without a key of a quantum link`,
    hardware: (name: string): string => `${name}: under a key from hardware`,
    simulated: (name: string): string => `${name}: under a key from simulated photons`,
  },
} as const

export const groupSecretWords: Translatable<typeof groupSecretEnglish> = translatable(
  'groupSecretWords',
  groupSecretEnglish,
)

/** Why the epoch began, and by whom. */
export function whyWords(epoch: EpochView, nameOf: Namer): string {
  const sentences = epoch.reasons.map((reason) => reasonWords(reason, epoch, nameOf))
  if (epoch.by && !epoch.reasons.includes('created')) sentences.push(epochReasonWords.by(epoch.by, nameOf))
  return sentences.join(' ')
}

function reasonWords(reason: EpochReason, { joined, returned, left }: EpochView, nameOf: Namer): string {
  switch (reason) {
    case 'join':
      return epochReasonWords.join(joined, nameOf)
    case 'rejoin':
      return epochReasonWords.rejoin(returned, nameOf)
    case 'leave':
      return epochReasonWords.leave(left, nameOf)
    default:
      return epochReasonWords[reason]
  }
}

/** When the keys of X25519 and ML-KEM-768 were renewed last. */
export function renewedWords({ epoch, renewed }: EpochView, nameOf: Namer): string {
  if (!renewed) return renewalWords.before
  const { epoch: last, by } = renewed
  return last === epoch ? renewalWords.now(by, nameOf) : renewalWords.earlier(last, by, nameOf)
}

/** How far the links reach, never as a promise. */
export function reachWords({ label, linksCovered, linksInAll }: EpochView): string | undefined {
  return linksInAll === 0 ? undefined : provenanceWords.reaches(labelNames[label], linksCovered, linksInAll)
}

/** From which source the group secret's pads came, who drew it, and when. */
export function sourceWords({ quantum, epoch }: EpochView, nameOf: Namer): string {
  if (!quantum) return groupSecretWords.none
  const { since, from } = quantum
  const drawn = since === epoch ? groupSecretWords.now(from, nameOf) : groupSecretWords.earlier(since, from, nameOf)
  return `${padsWords(quantum.links.map(({ pad }) => pad))} ${drawn}`
}

type Pad = keyof typeof groupSecretEnglish.pads

function padsWords(pads: readonly Pad[]): string {
  const used = pads.filter((pad) => pad !== 'none')
  if (used.length === 0) return groupSecretWords.pads.none
  return used.every((pad) => pad === 'hardware') ? groupSecretWords.pads.hardware : groupSecretWords.pads.simulated
}

/** One link of the star. */
export function epochLinkWords({ with: other, pad }: { with: PersonView; pad: Pad }, nameOf: Namer): string {
  return groupSecretWords.to[pad](startPeople([other], nameOf))
}
