/** Words for leading a room: its links, who is in it, and what it has agreed on. */
import type { AgreementView, InviteView, RoomKind } from '../client-gate.ts'
import { lifetimeWords } from './lifetime.ts'
import { formatOf } from './locale.ts'
import { daysWords } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'

const linkEnglish = {
  title: 'Live links',
  end: 'End this link',
  endAsk: 'Whoever has it and is not in yet then stays out.',
  endYes: 'End it',
  keep: 'Keep it',
  newLink: 'New link',
  who: 'Who can come in with it',
  anyone: 'Anyone with it',
  one: 'One person',
  asked: 'Each one is asked about',
  ends: 'Ends after',
  make: 'Make link',
  cancel: 'Cancel',
  locked: 'The room is locked. No link lets anybody in until it is unlocked in Room details.',
  notYou: (owner: string | undefined): string =>
    owner === undefined
      ? 'Only the owner and admins let people in here. Ask one of them.'
      : `Only the owner and admins let people in here. Ask ${owner}.`,
} as const

export const linkWords: Translatable<typeof linkEnglish> = translatable('linkWords', linkEnglish)

/** How long a new link may live. */
export const lifetimes = [
  { name: 'hour', ms: 3_600_000 },
  { name: 'day', ms: 86_400_000 },
  { name: 'week', ms: 604_800_000 },
] as const

const linkLifetimeEnglish = { hour: '1 hour', day: '1 day', week: '7 days' } as const

export const linkLifetimeWords: Translatable<typeof linkLifetimeEnglish> = translatable(
  'linkLifetimeWords',
  linkLifetimeEnglish,
)

/** Whom a link admits. */
export function kindOfLink({ mode, usesLeft }: Pick<InviteView, 'mode' | 'usesLeft'>): string {
  if (mode === 'approve') return linkWords.asked
  return usesLeft === 1 ? linkWords.one : linkWords.anyone
}

function usesEnglish(usesLeft: number | undefined): string {
  if (usesLeft === undefined) return 'any number of people'
  return usesLeft === 1 ? '1 use left' : `${usesLeft} uses left`
}

export const usesWords: Translatable<typeof usesEnglish> = translatable('usesWords', usesEnglish)

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const inTime = formatOf(Intl.RelativeTimeFormat, { numeric: 'always' })

const endsEnglish = {
  ended: 'has ended',
  /** @param inTime - `in 23 hours` */
  ends: (inTime: string): string => `ends ${inTime}`,
} as const

export const endsWords: Translatable<typeof endsEnglish> = translatable('endsWords', endsEnglish)

/** `ends in 23 hours`: minutes below an hour, days from two days on. */
export function expiryWords(expiresMs: number, nowMs: number): string {
  const left = expiresMs - nowMs
  if (left <= 0) return endsWords.ended
  const minutes = Math.max(1, Math.round(left / minuteMs))
  if (minutes < 60) return endsWords.ends(inTime().format(minutes, 'minute'))
  const hours = Math.round(left / hourMs)
  return endsWords.ends(hours < 48 ? inTime().format(hours, 'hour') : inTime().format(Math.round(hours / 24), 'day'))
}

/** What whoever gets the link can do with it. */
function givesEnglish(invite: InviteView, nowMs: number): string {
  const reads = 'reads from then on, not what was said before'
  const ends = `It ${expiryWords(invite.expiresMs, nowMs)}.`
  if (invite.mode === 'approve') {
    return `Whoever opens this link asks to come in, and somebody here says yes or no. Who comes in ${reads}. ${ends}`
  }
  if (invite.usesLeft === 1) return `The first person who opens this link comes in and ${reads}. ${ends}`
  return `Whoever has this link can come in and ${reads}. ${ends}`
}

export const givesWords: Translatable<typeof givesEnglish> = translatable('givesWords', givesEnglish)

const personEnglish = {
  remove: (name: string): string => `Remove ${name} from room`,
  removeShort: 'Remove…',
  removeTitle: (name: string): string => `Remove ${name} from this room?`,
  removeHelp: (name: string): readonly string[] => [
    `New keys are made for everybody else: what is said from then on, ${name} cannot read.`,
    'All links end, and a new one is made.',
    `What ${name} has read already stays with them. They can come back only if somebody lets them in.`,
  ],
  removeYes: 'Remove and make new keys',
  makeAdmin: (name: string): string => `Make ${name} an admin`,
  noAdmin: (name: string): string => `Take the admin role from ${name}`,
  handOver: (name: string): string => `Hand over the room to ${name}`,
  handOverTitle: (name: string): string => `Hand over the room to ${name}?`,
  handOverHelp: (name: string): readonly string[] => [
    `${name} becomes its owner: names admins, can end the room, and can put you out.`,
    `You stay as an admin. Only ${name} can hand it back.`,
  ],
  handOverYes: 'Hand over',
  cancel: 'Cancel',
} as const

export const personWords: Translatable<typeof personEnglish> = translatable('personWords', personEnglish)

const settingsEnglish = {
  title: 'Room settings',
  lock: 'Lock room',
  lockHelp: 'Nobody new comes in, by whatever link, until it is unlocked. Those inside stay.',
  admit: 'Who lets people in',
  admitHelp: 'Makes and ends links, and says yes to those who ask to come in.',
  everyone: 'Everyone in the room',
  admins: 'The owner and admins',
  name: 'Name of the room',
  nameNote: 'empty: none',
  nameHelp: 'Everyone in the room sees it. The server does not.',
  nameSet: 'Set name',
  capacity: 'People at most',
  capacityNote: 'empty: no limit',
  capacityBad: (fewest: number, most: number): string => `Type a whole number from ${fewest} to ${most}, or nothing.`,
  capacitySet: 'Set limit',
  quantum: 'Require quantum keys',
  quantumHelp:
    'Nothing is sent until every device here has a quantum-link key. One that is away holds everybody up until it comes back or is removed. In this version the photons are simulated, so this adds no security: it shows how such a room works.',
  keep: 'Keep sealed messages until delivered',
  keepHelp: (days: number): string =>
    `Who is away for days misses nothing, even if the server is restarted. For ${daysWords(days)} at most the server's disk then holds what some device has not got yet: sealed, so that nobody there can read it. It does show how many messages there are, how large, when and from which device, and copies of the disk may hold them longer.`,
  end: 'End room for everyone',
  endTitle: 'End this room for everyone?',
  endHelp: [
    'Nobody can write here or come in any more, and nobody can undo it.',
    'What was said stays readable on the devices that have it, until it is erased there.',
  ],
  endSure: 'I want this room to end for everybody in it.',
  endNotSure: 'Tick the line above first.',
  endYes: 'End the room',
  cancel: 'Cancel',
} as const

export const settingsWords: Translatable<typeof settingsEnglish> = translatable('settingsWords', settingsEnglish)

/** The settings in sentences, for those who may not change them. */
function settingsSentencesEnglish(
  { locked, admitBy, capacity, quantum, keepSealed, lifetimeS }: AgreementView,
  kind: RoomKind,
): string[] {
  return [
    locked ? 'The room is locked: nobody new comes in.' : 'The room is not locked.',
    ...(kind === 'closed'
      ? [admitBy === 'everyone' ? 'Everyone in the room lets people in.' : 'The owner and admins let people in.']
      : []),
    ...(quantum === 'required' ? ['Quantum keys (simulated) are required: nothing is sent without them.'] : []),
    capacity === undefined ? 'There is no limit on the number of people.' : `It holds ${capacity} people at most.`,
    ...(lifetimeS === undefined ? [] : [lifetimeWords.roomSentence(lifetimeS)]),
    keepSealed === undefined
      ? 'The server keeps no messages on its disk.'
      : `The server keeps sealed messages on its disk for ${daysWords(keepSealed)} at most, until every device has them.`,
  ]
}

export const settingsSentences: Translatable<typeof settingsSentencesEnglish> = translatable(
  'settingsSentences',
  settingsSentencesEnglish,
)

function leaderEnglish(owner: string | undefined): string {
  if (owner === undefined) return 'Its owner has left; the admins lead this room.'
  return `${owner} owns this room. Only the owner and admins change what stands here.`
}

export const leaderWords: Translatable<typeof leaderEnglish> = translatable('leaderWords', leaderEnglish)
