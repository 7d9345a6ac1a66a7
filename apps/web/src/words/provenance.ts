/** Where the keys of each epoch came from, in plain words. */
import type { EpochReason, EpochView } from '../client-gate.ts'
import { isYou, listPeople, type Namer, startPeople } from './people.ts'

export const provenanceWords = {
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
  keyId: (id: string): string => `Key id ${id}`,
  eavesdropper: 'An eavesdropper showed on a link in this epoch. It is not called quantum since.',
} as const

/** Why the epoch began, and by whom. */
export function whyWords(epoch: EpochView, nameOf: Namer): string {
  const sentences = epoch.reasons.map((reason) => reasonWords(reason, epoch, nameOf))
  const by = epoch.reasons.includes('created') || !epoch.by ? [] : [`Committed by ${personWords(epoch.by, nameOf)}.`]
  return [...sentences, ...by].join(' ')
}

function reasonWords(reason: EpochReason, { joined, returned, left }: EpochView, nameOf: Namer): string {
  switch (reason) {
    case 'created':
      return 'You made the room here.'
    case 'entered':
      return 'You came in here. What was before, this device does not know.'
    case 'returned':
      return 'This device came back in here, with new keys of its own.'
    case 'join':
      return `${startPeople(joined, nameOf)} came in.`
    case 'rejoin':
      return `${startPeople(returned, nameOf)} came back in.`
    case 'leave':
      return `${startPeople(left, nameOf)} went out.`
    case 'quantum':
      return 'A key from the quantum links came in.'
    case 'settings':
      return 'The room’s settings changed.'
    case 'update':
      return 'Keys were renewed, and nothing else.'
  }
}

/** When the keys of X25519 and ML-KEM-768 were renewed last. */
export function renewedWords({ epoch, renewed }: EpochView, nameOf: Namer): string {
  if (!renewed) return 'Renewed last before this device came in.'
  return renewed.epoch === epoch
    ? `Renewed with this epoch by ${personWords(renewed.by, nameOf)}.`
    : `Renewed last with epoch ${renewed.epoch} by ${personWords(renewed.by, nameOf)}.`
}

/** How far the links reach, never as a promise. */
export function reachWords({ label, linksCovered, linksInAll }: EpochView): string | undefined {
  return linksInAll === 0 ? undefined : `${label}; quantum links: ${linksCovered} of ${linksInAll}`
}

/** From which source the group secret's pads came, who drew it, and when. */
export function sourceWords({ quantum, epoch }: EpochView, nameOf: Namer): string {
  if (!quantum) return 'None in this epoch.'
  const drawn =
    quantum.since === epoch
      ? `It came in with this epoch; ${personWords(quantum.from, nameOf)} drew it.`
      : `It came in with epoch ${quantum.since}; ${personWords(quantum.from, nameOf)} drew it.`
  return `${padsWords(quantum.links.map(({ pad }) => pad))} ${drawn}`
}

function padsWords(pads: readonly ('simulated' | 'hardware' | 'none')[]): string {
  const used = pads.filter((pad) => pad !== 'none')
  if (used.length === 0) return 'Handed over in sealed private lines, under no key of a quantum link.'
  return used.every((pad) => pad === 'hardware')
    ? 'Handed over under keys from QKD hardware (ETSI GS QKD 014).'
    : 'Handed over under keys from BB84 with simulated photons.'
}

/** One link of the star. */
export function linkWords(
  { with: other, pad }: NonNullable<EpochView['quantum']>['links'][number],
  nameOf: Namer,
): string {
  const [name = ''] = [startPeople([other], nameOf)]
  switch (pad) {
    case 'simulated':
      return `${name}: under a key from simulated photons`
    case 'hardware':
      return `${name}: under a key from hardware`
    case 'none':
      return `${name}: without a key of a quantum link`
  }
}

function personWords(person: NonNullable<EpochView['by']>, nameOf: Namer): string {
  return isYou(person) ? 'you' : listPeople([person], nameOf)
}
