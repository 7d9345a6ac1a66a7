/** Words of the sheet of a person and of comparing codes, and what to do when something does not match. */
import type { ComparisonView, PersonView, ScanResult, VerifiedHow } from '@qsec/client'
import { dateOf } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'
import { trustWords } from './trust.ts'

const verifyEnglish = {
  close: 'Close',
  back: 'Back',
  fingerprint: 'Fingerprint of the keys',
  lookalike: 'Somebody else here has a name that looks like this one. Tell them apart by the fingerprint.',
  whom: 'Whom do you want to verify?',
  nobody: 'Nobody else is here yet.',
  how: (name: string): string =>
    `Meet ${name}, or call them so that you know their voice. Comparing over messages in this room proves nothing.`,
  roomCode: 'Room code',
  roomCodeOf: (epoch: number): string => `Room code of epoch ${epoch}`,
  roomCodeHelp:
    'Everyone in the room sees this code now. If somebody’s differs, the server shows you different rooms: say nothing secret, and make a new room.',
  roomCodeNone: 'There is a code once you are in the room.',
  roomMoved: (epoch: number): string =>
    `The room has moved on to epoch ${epoch}. Close this and open it again to compare the new code.`,
  pictures: 'Compare six pictures',
  picturesHelp: 'Quickest on a call. Both of you see six pictures; say their names to each other.',
  picturesStart: 'Compare pictures',
  six: 'Six pictures',
  match: 'They match',
  noMatch: 'They do not match',
  stop: 'Stop',
  scan: 'Scan a code',
  scanHelp: 'Best side by side. One of you shows this code, the other scans it; then the other way round.',
  scanStart: 'Scan their code',
  scanStop: 'Stop the camera',
  camera: 'Camera picture',
  noCamera:
    'The camera cannot be used (it is missing, busy, or this page is not allowed to). Compare the number instead.',
  number: 'Compare a number',
  numberHelp:
    'Both of you see these 60 digits. Read them to each other, or paste what the other side sent another way.',
  numberOfBoth: 'Your number with them',
  theirs: 'Their number',
  check: 'Check',
  theySaySame: (name: string): string => `${name} says that they match.`,
  theySayOther: (name: string): string => `${name} says that they do not match. Stop, and look again together.`,
  verifiedNow: (name: string): string => `You verified ${name}.`,
  verifiedHelp:
    'This is noted on this device alone: the other one verifies you too. Here it stays as long as their keys are the same.',
  elsewhere: 'To know each other in other rooms too, both of you can let those rooms know, in the room details.',
  mismatch: 'The codes do not match.',
  mismatchDo: [
    'Check that both of you look at each other’s name in this room, and try once more.',
    'If it fails again, somebody may stand between you: write nothing secret here.',
    'Send each other a new invite link over another channel, and verify there.',
  ],
  unlinked: 'Do not tell this room that it is me',
  unlinkedHelp:
    'On, nobody can link you with your other rooms. Off, people who verified you elsewhere know you here; members keep what they were told, and the server never learns it.',
} as const

export const verifyWords: Translatable<typeof verifyEnglish> = translatable('verifyWords', verifyEnglish)

/** The same in whole sentences. */
function standingEnglish({ name, standing }: PersonView): string {
  const { trust, verification, sinceMs } = standing
  switch (trust) {
    case 'self':
      return 'This is you.'
    case 'new':
      return `You meet ${name || 'this person'} for the first time. Nothing yet tells whether the name is true.`
    case 'seen':
      return `These are the keys that you have known since ${dateOf(sinceMs ?? Date.now())}. You have not verified whose they are.`
    case 'verified':
      return verification
        ? `You verified these keys on ${dateOf(verification.atMs)} ${howWords(verification.how)}.`
        : 'This is your own browser, in another tab.'
    case 'changed':
      return standing.wasVerified === true
        ? `You verified somebody with a name like this one. These are other keys: a new browser of the same person, or somebody else.`
        : `Somebody with a name like this one was here before, with other keys: the same person with a new browser, or somebody else.`
  }
}

export const standingWords: Translatable<typeof standingEnglish> = translatable('standingWords', standingEnglish)

function howWords(how: VerifiedHow): string {
  switch (how) {
    case 'scan':
      return 'by scanning a code'
    case 'number':
      return 'by comparing a number'
    case 'pictures':
      return 'by comparing pictures'
  }
}

/** Where a comparison stands, to be read out as it changes. */
function comparisonEnglish({ state, with: { name } }: ComparisonView): string {
  switch (state.at) {
    case 'asked':
      return trustWords.asks(name)
    case 'waiting':
      return `Waiting for ${name} to agree…`
    case 'committed':
      return 'Almost there…'
    case 'showing':
      return `Does ${name} see the same six, in this order?`
    case 'answered':
      return state.matched ? verifyWords.verifiedNow(name) : verifyWords.mismatch
    case 'over':
      switch (state.reason) {
        case 'cancelled':
          return `${name} stopped, or the room moved on. Try again.`
        case 'expired':
          return 'Nobody answered in five minutes. Try again.'
        case 'broken':
          return 'What came from the other side was not what it had promised. Try again; if it happens again, do not trust these keys.'
      }
  }
}

export const comparisonWords: Translatable<typeof comparisonEnglish> = translatable(
  'comparisonWords',
  comparisonEnglish,
)

/** What a scan or a typed number says, where it is no match and no mismatch. */
function scanEnglish(result: Exclude<ScanResult, 'match' | 'mismatch'>): string {
  return result === 'other-room'
    ? 'That code belongs to another room. Let the other one open this room’s.'
    : 'That is no code of QSEC. It has 60 digits, or is the picture in the other one’s Verify dialog.'
}

export const scanWords: Translatable<typeof scanEnglish> = translatable('scanWords', scanEnglish)
