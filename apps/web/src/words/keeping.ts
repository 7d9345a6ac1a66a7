/** Words about sealed messages on the server's disk, where it keeps them otherwise than the room wants. */
import { daysWords } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'

/** What the server does about sealed messages, where that is not what the room has agreed on. */
function keepsOtherwiseEnglish(agreed: number | undefined, does: number): { title: string; help: string } {
  if (agreed === undefined) {
    return {
      title: 'The server keeps sealed messages on its disk, though this room does not ask for it.',
      help: 'It cannot read them. This device has told it to stop.',
    }
  }
  if (does === 0) {
    return {
      title: 'The server does not keep sealed messages, though this room asks for it.',
      help: 'Who is away for long, or while the server is restarted, may miss messages.',
    }
  }
  return {
    title: `The server keeps sealed messages for ${daysWords(does)}, not for ${daysWords(agreed)}.`,
    help: 'Who is away for longer may miss messages.',
  }
}

export const keepsOtherwise: Translatable<typeof keepsOtherwiseEnglish> = translatable(
  'keepsOtherwise',
  keepsOtherwiseEnglish,
)
