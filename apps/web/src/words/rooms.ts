/** Words of the list of rooms to go back to. */
import { type Translatable, translatable } from './translatable.ts'

const roomsEnglish = {
  title: 'Your rooms',
  open: 'Open',
  alone: 'Nobody else is in it yet',
  withPeople: (names: string): string => `with ${names}`,
  others: (count: number): string => (count === 1 ? '1 other' : `${count} others`),
  elsewhere: 'Open in another tab',
  failed: 'Your rooms could not be read.',
} as const

export const roomsWords: Translatable<typeof roomsEnglish> = translatable('roomsWords', roomsEnglish)
