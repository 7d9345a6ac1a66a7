/** Each event of a room's life as one calm sentence in the conversation. */
import type { EpochLabel, PersonView, SystemEvent } from '@qsec/client'
import { messagesWords } from './earlier.ts'
import { durationWords } from './lifetime.ts'
import { isolated } from './locale.ts'
import { isYou, listPeople, type Namer, startPeople } from './people.ts'
import { percent } from './quantum.ts'
import { daysWords } from './time.ts'
import { type Translatable, translatable, wordsFor } from './translatable.ts'

export type Tone = 'plain' | 'good' | 'warning'

/** How loud the line is. Loud is only what asks the reader to think again. */
export function toneOf(event: SystemEvent): Tone {
  switch (event.type) {
    case 'keys-refreshed':
      return 'good'
    case 'eavesdropper-detected':
    case 'gap':
    case 'unreadable':
    case 'split-view':
    case 'keys-changed':
      return 'warning'
    case 'compared':
      return event.matched ? 'good' : 'warning'
    case 'successor':
      return 'good'
    default:
      return plain(event.type)
  }
}

/** Named one by one, so that a new event has to be thought of. */
type PlainType =
  | 'created'
  | 'you-joined'
  | 'joined'
  | 'let-in'
  | 'left'
  | 'removed'
  | 'device-added'
  | 'device-removed'
  | 'rejoined'
  | 'eavesdropper-switched'
  | 'relay-restarted'
  | 'relay-restored'
  | 'relay-restarting'
  | 'caught-up'
  | 'room-locked'
  | 'admit-by-set'
  | 'capacity-set'
  | 'quantum-policy-set'
  | 'keep-sealed-set'
  | 'lifetime-set'
  | 'title-set'
  | 'gone-unseen'
  | 'admin-set'
  | 'owner-set'
  | 'room-ended'
  | 'earlier-given'
  | 'log-deleted'

function plain(_: PlainType): Tone {
  return 'plain'
}

/** Those whose sentence depends on nothing but themselves. */
export type ToldEvent = Exclude<SystemEvent, { type: 'unreadable' }>

/** @param times - how often the same happened in a row */
export function systemWords(event: SystemEvent, nameOf: Namer, times = 1): string {
  const sentence =
    event.type === 'unreadable' ? unreadableSentence(event.from, event.reason, nameOf) : systemSentence(event, nameOf)
  return times > 1 ? repeatedWords(sentence, times) : sentence
}

function repeatedEnglish(sentence: string, times: number): string {
  return `${sentence} (${times} times)`
}

export const repeatedWords: Translatable<typeof repeatedEnglish> = translatable('repeatedWords', repeatedEnglish)

function systemSentenceEnglish(event: ToldEvent, nameOf: Namer): string {
  switch (event.type) {
    case 'created':
      return `${who(event.by, nameOf)} created this room.`
    case 'you-joined':
      return event.earlierUnreadable
        ? 'You came in here. What was said before cannot be read on this device.'
        : 'You came in here.'
    case 'joined':
      return `${startPeople(event.people, nameOf)} joined; ${by(event.by, nameOf)} let ${them(event.people)} in. New keys were made; ${they(event.people, nameOf)} cannot read earlier messages.`
    case 'let-in':
      return `${who(event.by, nameOf)} let ${listPeople(event.people, nameOf)} in, who had asked. New keys were made; ${they(event.people, nameOf)} cannot read earlier messages.`
    case 'left':
      return `${who(event.person, nameOf)} left.`
    case 'removed':
      return `${who(event.by, nameOf)} removed ${listPeople(event.people, nameOf)}. New keys were made; nothing from here on can be read with the old ones.`
    case 'device-added':
      return isSamePerson(event.person, event.by)
        ? `${who(event.by, nameOf)} added a device. It cannot read earlier messages.`
        : `${who(event.person, nameOf)} came in with another device; ${by(event.by, nameOf)} let it in. It cannot read earlier messages.`
    case 'device-removed':
      return deviceRemoved(event.person, event.by, nameOf)
    case 'rejoined':
      return `${devices(event.people, nameOf)} rejoined.${event.people.some(isYou) ? ' What was said meanwhile may be missing here.' : ''}`
    case 'keys-refreshed':
      return refreshed(event.label)
    case 'eavesdropper-switched':
      return `${who(event.by, nameOf)} switched the simulated eavesdropper ${event.on ? 'on' : 'off'}. It applies to the next key exchange.`
    case 'eavesdropper-detected':
      return `The simulated quantum link between ${listPeople(event.link, nameOf)} shows an eavesdropper: ${percent(event.qber)} of its bits were wrong. No key was made from it; the chat goes on under X25519 and ML-KEM-768.`
    case 'gap':
      return event.fromSeq === event.toSeq
        ? `One item of the room (number ${event.fromSeq}) is lost for this device.`
        : `Some items of the room (numbers ${event.fromSeq} to ${event.toSeq}) are lost for this device.`
    case 'split-view':
      return `Warning: the server shows you and ${nameOf(event.with)} different histories of this room. Compare with each other over another channel before you rely on it.`
    case 'keys-changed':
      return event.wasVerified
        ? `Warning: ${nameOf(event.person)} has a name like somebody you verified, and other keys.`
        : `${nameOf(event.person)} has other keys than somebody of that name who was here before.`
    case 'compared':
      return event.matched
        ? `You verified ${nameOf(event.person)}.`
        : `You compared codes with ${nameOf(event.person)}, and they did not match. Say nothing secret here until you know why.`
    case 'relay-restarted':
      return 'The server was restarted. The conversation goes on.'
    case 'relay-restored':
      return 'The server was set back to an older backup of itself. What this device has, it keeps, and the room goes on from there. Messages that nobody here had yet may be lost.'
    case 'relay-restarting':
      return 'The server restarts. Messages wait until it is back.'
    case 'caught-up':
      return `Caught up: what the server had lost came from ${listPeople(event.from, nameOf)}.`
    case 'room-locked':
      return event.on
        ? `${who(event.by, nameOf)} locked the room. Nobody new comes in until it is unlocked.`
        : `${who(event.by, nameOf)} unlocked the room. New people can come in again.`
    case 'admit-by-set':
      return event.admitBy === 'everyone'
        ? `${who(event.by, nameOf)} changed who lets people in: everyone in the room.`
        : `${who(event.by, nameOf)} changed who lets people in: the owner and admins alone.`
    case 'capacity-set':
      return event.capacity === undefined
        ? `${who(event.by, nameOf)} lifted the limit on the number of people.`
        : `${who(event.by, nameOf)} limited the room to ${event.capacity} people.`
    case 'quantum-policy-set':
      return event.quantum === 'required'
        ? `${who(event.by, nameOf)} made quantum keys required. Nothing is sent until every device here has one (simulated in this version).`
        : `${who(event.by, nameOf)} made quantum keys optional. Messages go out under X25519 and ML-KEM-768 alone, too.`
    case 'keep-sealed-set':
      return event.days === undefined
        ? `${who(event.by, nameOf)} ended the keeping of sealed messages. The server deletes those on its disk.`
        : `${who(event.by, nameOf)} changed what the server does: it now keeps sealed messages for ${daysWords(event.days)}, until every device has them.`
    case 'lifetime-set':
      return event.seconds === undefined
        ? `${who(event.by, nameOf)} switched disappearing messages off. What is said from now on stays.`
        : `${who(event.by, nameOf)} switched disappearing messages on: what is said from now on is deleted ${durationWords(event.seconds)} after it was seen.`
    case 'title-set':
      return event.title === undefined
        ? `${who(event.by, nameOf)} took the room’s name away.`
        : `${who(event.by, nameOf)} named the room “${isolated(event.title)}”.`
    case 'gone-unseen':
      return `A disappearing message from ${nameOf(event.from)} was deleted before it was seen here: its time was over.`
    case 'admin-set':
      return event.on
        ? `${who(event.by, nameOf)} made ${by(event.person, nameOf)} an admin.`
        : `${who(event.by, nameOf)} took the admin role from ${by(event.person, nameOf)}.`
    case 'owner-set':
      return event.person.device === event.by.device
        ? `${who(event.by, nameOf)} took the room over, whose owner had left.`
        : `${who(event.by, nameOf)} handed the room over to ${by(event.person, nameOf)}.`
    case 'room-ended':
      return `${who(event.by, nameOf)} ended this room. What was said stays readable here; nothing more can be said.`
    case 'log-deleted':
      return event.lines === 1
        ? `${who(event.by, nameOf)} had the server delete its log of this room: 1 line.`
        : `${who(event.by, nameOf)} had the server delete its log of this room: ${event.lines} lines.`
    case 'earlier-given':
      return `${who(event.by, nameOf)} gave ${by(event.to, nameOf)} the last ${messagesWords(event.count)} from before ${isYou(event.to) ? 'you' : 'they'} came in.`
    case 'successor':
      return `${who(event.by, nameOf)} closed this room and invites you to a private one.`
  }
}

export const systemSentence: Translatable<typeof systemSentenceEnglish> = translatable(
  'systemSentence',
  systemSentenceEnglish,
)

export function isSamePerson(one: PersonView, other: PersonView): boolean {
  return one.device === other.device || one.person === other.person
}

function deviceRemoved(person: PersonView, remover: PersonView, nameOf: Namer): string {
  const newKeys = 'New keys were made; it can read nothing from here on.'
  if (person.device === remover.device) return `${who(person, nameOf)} left on one device and stays on another.`
  if (!isSamePerson(person, remover)) {
    return `${who(remover, nameOf)} removed a device of ${by(person, nameOf)}. ${newKeys}`
  }
  return `${who(remover, nameOf)} removed one of ${isYou(remover) ? 'your' : 'their'} devices. ${newKeys}`
}

function refreshed(label: EpochLabel): string {
  switch (label) {
    case 'quantum (simulated)':
      return 'Keys refreshed with a quantum-link key (simulated)'
    case 'quantum (hardware)':
      return 'Keys refreshed with a quantum-link key (hardware)'
    case 'post-quantum':
      return 'Keys refreshed (post-quantum)'
  }
}

function who(person: PersonView, nameOf: Namer): string {
  return isYou(person) ? 'You' : nameOf(person)
}

function by(person: PersonView, nameOf: Namer): string {
  return isYou(person) ? 'you' : nameOf(person)
}

function they(people: readonly PersonView[], nameOf: Namer): string {
  const [only] = people
  return people.length === 1 && only !== undefined ? by(only, nameOf) : 'they'
}

function them(people: readonly PersonView[]): string {
  return people.length === 1 && people[0] !== undefined && isYou(people[0]) ? 'you' : 'them'
}

function devices(people: readonly PersonView[], nameOf: Namer): string {
  const [only] = people
  if (people.length !== 1 || only === undefined) return `The devices of ${listPeople(people, nameOf)}`
  return isYou(only) ? 'Your device' : `${nameOf(only)}’s device`
}

function unreadableSentence(from: PersonView | undefined, code: string, nameOf: Namer): string {
  const reason = rulesOfCommits.includes(code) ? unreadableWords.againstRules : wordsFor(unreadableReasons, code)
  const why = reason ?? unreadableWords.damaged(code)
  if (from === undefined) return unreadableWords.sentence(why)
  return isYou(from) ? unreadableWords.fromYou(why) : unreadableWords.from(nameOf(from), why)
}

/** The rules that every member judges alike (`crypto/rules.ts`, `rights.ts`). */
const rulesOfCommits: readonly string[] = [
  'bad-credential',
  'bad-extensions',
  'bad-invite-proof',
  'bad-key-package',
  'bad-leave-proof',
  'bad-psk',
  'bad-psk-id',
  'bad-remove',
  'duplicate-device',
  'invite-used-up',
  'invites-outlive-removal',
  'leaf-changed',
  'link-psk-missing',
  'link-psk-unasked',
  'loose-proposal',
  'may-not-change-room',
  'may-not-invite',
  'may-not-remove',
  'mixed-invites',
  'needs-approval',
  'not-a-member',
  'not-invited',
  'not-own-device',
  'not-the-same-device',
  'path-required',
  'proposal-kind',
  'psk-with-add',
  'room-ended',
  'room-full',
  'room-locked',
  'too-many-psks',
  'unknown-invite',
  'uses-not-counted',
]

const unreadableEnglish = {
  /** @param reason - one of the entries below, as the second half of the sentence */
  sentence: (reason: string): string => `Something that arrived here could not be opened: ${reason}`,
  from: (name: string, reason: string): string => `Something from ${name} could not be opened: ${reason}`,
  fromYou: (reason: string): string => `Something from you could not be opened: ${reason}`,
  againstRules: 'it would have changed the room against its rules. Nothing changed.',
  damaged: (code: string): string =>
    `it was damaged on its way or made wrongly (${code}). The chat goes on without it.`,
} as const

export const unreadableWords: Translatable<typeof unreadableEnglish> = translatable(
  'unreadableWords',
  unreadableEnglish,
)

const unreadableReasonsEnglish = {
  'stale-epoch': 'it was sealed under keys that are no longer in use. It was left out.',
  'own-frame': 'it is a copy of something that this device sent itself. It was left out.',
  'generation-too-far': 'too much that its sender said before is missing. The next change of keys mends it.',
  'wrong-frame-type': 'it is of a kind that has no place in a room. It was left out.',
  'bad-path': 'it would have changed the keys so that not everybody could follow. Nothing changed.',
  'not-own-message': 'it changes a message that somebody else wrote, which nobody but its author may.',
  'unknown-content': 'this version does not know its kind. Reloading the page may bring a newer one.',
  'wrong-epoch': 'it was sealed under keys that this device does not have.',
  'unknown-sender': 'whoever sealed it is no member of the room. It was left out.',
  'missing-before': 'something that they said before it did not arrive here.',
  rewound: 'the server is behind what it said before. What this device has, it keeps.',
  replayed: 'it is a copy of something that came before. It was left out.',
  undecryptable: 'it was changed on its way. It was left out.',
  'bad-profile': 'it claims a profile whose signatures do not hold. It was left out.',
  'successor-not-leader': 'it says where this room goes on, and its sender does not lead this room. It was left out.',
  'earlier-not-asked': 'it hands over earlier messages that nobody here asked for or accepted. They were left out.',
  'earlier-not-offered': 'it accepts earlier messages that were not offered. Nothing was given.',
  'earlier-changed-keys':
    'it is about earlier messages, and its sender has other keys than the ones you verified. It was left out.',
  'not-owner': 'it says that the server deleted its log, and its sender does not own this room. It was left out.',
  'bad-earlier': 'it hands over earlier messages otherwise than it said. They were left out.',
  'bad-signature': 'its signature does not hold. It was left out.',
  'bad-confirmation-tag': 'it was changed on its way. It was left out.',
} as const

export const unreadableReasons: Translatable<typeof unreadableReasonsEnglish> = translatable(
  'unreadableReasons',
  unreadableReasonsEnglish,
)
