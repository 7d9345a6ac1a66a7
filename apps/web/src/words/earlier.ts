/** Words for messages from before somebody came in: asked for, offered, given, and shown as a quotation. */
import type { EarlierCount } from '@qsec/client'
import { type Translatable, translatable } from './translatable.ts'

/** The client's own numbers, without loading the client for them. */
export const earlierChoices: readonly EarlierCount[] = [20, 50, 200]

/** After *the last*: `message`, `50 messages`. */
function messagesEnglish(count: number): string {
  return count === 1 ? 'message' : `${count} messages`
}

export const messagesWords: Translatable<typeof messagesEnglish> = translatable('messagesWords', messagesEnglish)

const earlierEnglish = {
  title: 'Earlier messages',
  missing: 'What was said before you came in is not on this device.',
  missingHelp: 'Somebody in the room can give you the last messages, if they agree.',
  alone: 'Nobody else is here who could give them to you.',
  count: 'How many',
  choice: (count: number): string => `Last ${count}`,
  ask: 'Ask for earlier messages',
  asked: (count: number): string => `You asked for the last ${count} messages. Somebody here has to agree.`,
  askOver: 'Nobody gave them in time.',
  wait: 'You can ask again in a minute.',
  takeBack: 'Take it back',

  requests: 'Earlier messages that somebody asks for or offers',
  asks: (name: string, count: number): string => `${name} asks for the last ${messagesWords(count)}.`,
  asksHave: (have: number): string => `This device has ${have === 1 ? 'one' : have} of them.`,
  asksHelp: 'They are shown there as a quotation by you. Everyone in the room is told that you gave them.',
  give: 'Give',
  notNow: 'Not now',
  offers: (name: string, count: number): string =>
    `${name} offers you the last ${messagesWords(count)} from before you came in.`,
  offersHelp: 'They are shown as a quotation by them.',
  accept: 'Accept',
  offered: (name: string, count: number): string =>
    `You offered ${name} the last ${messagesWords(count)}. They have to accept.`,
  giving: (name: string, taken: number, count: number): string => `${name} has ${taken} of ${count} earlier messages.`,
  stop: 'Stop',
  more: (count: number): string => `Show ${count} more`,

  offer: 'Give earlier messages',
  offerHelp: (name: string): string =>
    `Messages from before ${name} came in. They are asked first, and everyone in the room is told.`,
  offerDone: 'Offered. They have to accept.',

  sharedBy: 'Shared by',
  asTheyHave: (name: string): string => `, as ${name}’s device has them.`,
  asYouHave: ', as your other device has them.',
  unchecked: 'QSEC cannot check who wrote them.',
  says: 'says',
  alsoBy: (names: string): string => `also shared by ${names}`,
  otherKeys: (name: string): string => `other keys than ${name} here`,
  oddTime: 'time cannot be',
  coming: (taken: number, total: number): string => `${taken} of ${total} have come.`,
  stopped: (taken: number, total: number): string => `Stopped: ${taken} of ${total} came.`,
  sharedBefore: (count: number): string =>
    count === 1
      ? 'One of them stands above already, in the same words.'
      : `${count} of them stand above already, in the same words.`,
  remove: 'Remove from this device',
} as const

export const earlierWords: Translatable<typeof earlierEnglish> = translatable('earlierWords', earlierEnglish)
