/** Words that are wanted seldom at a message, and come with its tools: its details, taking it back. */
import { type Translatable, translatable } from './translatable.ts'

const detailsEnglish = {
  open: 'Details',
  title: 'About this message',
  written: 'Written',
  edited: 'Changed',
  delivery: 'How far it came',
  close: 'Close',
} as const

export const detailsWords: Translatable<typeof detailsEnglish> = translatable('detailsWords', detailsEnglish)

/** Asked before a message is taken back. */
const removeEnglish = {
  title: 'Delete this message?',
  help: 'It is taken off the devices of everybody in the room the next time they are connected. Who read it has read it, and who copied it keeps the copy.',
  yes: 'Delete for everyone',
  no: 'Keep it',
  privateHelp:
    'It is taken off your devices and theirs the next time they are connected. Who read it has read it, and who copied it keeps the copy.',
  privateYes: 'Delete for both',
  failed: 'The message was not deleted.',
} as const

export const removeWords: Translatable<typeof removeEnglish> = translatable('removeWords', removeEnglish)
