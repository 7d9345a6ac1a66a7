/** Words about finding what was said: searching, and going to a day. */
import { wholeNumber } from './locale.ts'
import { dateOf } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'

export function longDate(atMs: number): string {
  return dateOf(atMs)
}

const findEnglish = {
  title: 'Search messages',
  field: 'Words to look for',
  hint: 'Words or names; "in quotation marks" for words side by side.',
  results: 'Messages found',
  close: 'Close',
  stop: 'Stop',
  again: 'Try again',
  more: 'Show more results',
  since: (day: string): string => `Covers messages since ${day} on this device.`,
  stays: 'The search runs here: the server learns nothing of it.',
  sinceNothing: 'This device has no messages of this room yet.',
  quotedToo: 'What others shared from before you came in is not searched.',
  looking: 'Searching',
  looked: (looked: number, of: number): string => `Searched ${wholeNumber(looked)} of ${wholeNumber(of)} messages`,
  foundSoFar: (count: number): string =>
    count === 1 ? '1 message found so far' : `${wholeNumber(count)} messages found so far`,
  found: (count: number): string => (count === 1 ? '1 message found' : `${wholeNumber(count)} messages found`),
  stopped: (count: number): string =>
    count === 1 ? 'Stopped. 1 message found' : `Stopped. ${wholeNumber(count)} messages found`,
  nothing: 'Nothing found.',
  nothingHelp: 'Try fewer words, or a part of a word. Accents and capitals do not matter.',
  failed: 'The messages on this device could not be read.',
  coming: 'Getting the message from this device…',
  gone: 'That message is no longer on this device.',
  day: 'Jump to a day',
  dayField: 'Day',
  dayGo: 'Go to this day',
  dayMissing: 'Choose a day first.',
  dayNext: (wanted: string, next: string): string =>
    `Nothing was written on ${wanted}. The next message is from ${next}.`,
  dayNextGo: (next: string): string => `Go to ${next}`,
  dayNothing: (wanted: string): string => `Nothing was written on ${wanted} or later.`,
  dayOf: (day: string): string => `${day}: jump to another day`,
} as const

export const findWords: Translatable<typeof findEnglish> = translatable('findWords', findEnglish)
