/** Words about who people are, as they stand in the list and in warnings. What the dialogs say of it is in `verify.ts`. */
import type { PersonView, Standing } from '@qsec/client'
import { type Translatable, translatable } from './translatable.ts'

const trustEnglish = {
  verify: 'Verify',
  accept: 'Go on without verifying',
  asks: (name: string): string => `${name} wants to compare pictures with you.`,
  asksHelp: 'Do it while you hear or see each other.',
  agree: 'Compare',
  notNow: 'Not now',
  changed: (name: string): string => `${name} has other keys than the ${name} you met here before.`,
  changedHelp: 'It may be a new browser, or somebody else. Verify them before you say anything meant for them alone.',
  blocked: (name: string): string => `${name} has a name like somebody you verified, and other keys.`,
  blockedHelp: 'Nothing you write is sent until you verify them or decide to go on.',
  split: (name: string): string => `The server shows you and ${name} different histories of this room.`,
  splitHelp:
    'Compare the room code with them over another channel. If it differs, leave, and make a new room on a server you trust.',
  splitCompare: 'Show room code',
  dismiss: 'I have seen this',
  alerts: 'Needs your attention',
} as const

export const trustWords: Translatable<typeof trustEnglish> = translatable('trustWords', trustEnglish)

/** The four states, as one word or two beside the name. */
function standingTagEnglish({ trust }: Standing): string | undefined {
  switch (trust) {
    case 'self':
      return undefined
    case 'new':
      return 'New'
    case 'seen':
      return 'Seen before'
    case 'verified':
      return 'Verified'
    case 'changed':
      return 'Keys changed'
  }
}

export const standingTag: Translatable<typeof standingTagEnglish> = translatable('standingTag', standingTagEnglish)

/** A fingerprint in groups of four, as people read it. */
export function grouped(fingerprint: string): string {
  return fingerprint.match(/.{1,4}/g)?.join(' ') ?? ''
}

/** Enough of it to tell people of one name apart: 72 bits, too many to be matched by trying. */
export function shortFingerprint(person: PersonView): string {
  return person.person === '' ? person.shortId : grouped(person.person.slice(0, 12))
}
