/** Words for those who ask to come in, for those who are asked, and for a room that has ended. */
import type { PersonView } from '../client-gate.ts'
import { isYou } from './people.ts'
import { type Translatable, translatable } from './translatable.ts'

const askingEnglish = {
  ask: 'Ask to join',
  preview: (short: string): string => `Closed room ${short}`,
  previewHelp:
    'You have no link: the people inside are asked whether they let you in. You will not see what was said before.',
  title: 'You asked to be let in',
  help: 'Somebody inside has to say yes. Until then, keep this page open or come back to it.',
  code: 'Your code',
  compare: 'Read this code to somebody in the room over another channel, such as a call; they see the same.',
  codeIfAsked: 'Where somebody inside is asked about you, they see this code:',
  stop: 'Stop waiting',
} as const

export const askingWords: Translatable<typeof askingEnglish> = translatable('askingWords', askingEnglish)

const knockEnglish = {
  title: 'People who ask to come in',
  asks: 'Somebody asks to come in',
  asksByLink: 'Somebody with a link asks to come in',
  asksOwn: 'A device with your own keys asks to come in',
  ownHelp:
    'It came by a link of yours that has ended, or somebody has copied your keys. Let it in only if it is in your hands.',
  code: 'code',
  compare:
    'Ask who you think it is for their code over another channel, such as a call. Let them in only if it is the same.',
  letIn: 'Let in',
  turnAway: 'Turn away',
  more: (people: number): string => `Show ${people} more`,
} as const

export const knockWords: Translatable<typeof knockEnglish> = translatable('knockWords', knockEnglish)

const endedEnglish = {
  ended: (by: PersonView | undefined, name: string): string =>
    by === undefined ? 'This room has ended.' : `${isYou(by) ? 'You' : name} ended this room.`,
  help: 'What was said can still be read on this device. Nothing more can be said.',
  removed: 'You were removed from this room',
  removedHelp:
    'The others have made new keys, and this device has deleted its own: what they write from now on cannot be read here. What was said before stays readable on this device until you erase it.',
  erase: 'Erase this room from this device',
  eraseTitle: 'Erase this room from this device?',
  eraseHelp: 'What was said here can then not be read on this device any more. Other devices keep what they have.',
  eraseYes: 'Erase',
  keep: 'Keep it',
  noErase: 'The room could not be erased.',
} as const

export const endedWords: Translatable<typeof endedEnglish> = translatable('endedWords', endedEnglish)
