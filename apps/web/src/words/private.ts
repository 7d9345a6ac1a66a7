/** Words about messages for one person alone. */
import { type Translatable, translatable } from './translatable.ts'

const privateEnglish = {
  to: 'To',
  everyone: 'Everyone',
  /** At such a message, for either of the two. */
  only: (name: string): string => `Only you and ${name} can read this`,
  /** At the text that is being written. */
  writing: (name: string): string => `Private: only you and ${name} will be able to read this`,
  /** In the list, of a person who is not in the room any more. */
  goneOption: (name: string): string => `${name} (not here any more)`,
  gone: (name: string): string =>
    `${name} is not in the room any more. What you wrote is kept here, and nobody has got it.`,
  quantum: 'This room requires quantum keys, and private messages have none. What you wrote is kept here and not sent.',
  someone: 'Somebody',
  placeholder: (name: string): string => `Private message to ${name}`,
  noTell: (name: string): string => `The private message was not sent to ${name}. Nobody else has got it.`,
} as const

export const privateWords: Translatable<typeof privateEnglish> = translatable('privateWords', privateEnglish)
