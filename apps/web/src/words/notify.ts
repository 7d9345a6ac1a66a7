/** Words of notifications, and of choosing them. */
import type { MessageView } from '../client-gate.ts'
import { quoteWords } from './messages.ts'
import type { Namer } from './people.ts'
import { roomWords } from './room.ts'
import { type Translatable, translatable } from './translatable.ts'

const notifyEnglish = {
  title: 'Notifications',
  about: 'Notify me in this room about',
  abouts: { all: 'All messages', mentions: 'Mentions of me and private messages', none: 'Nothing' },
  help: 'While you look elsewhere and this page is open. The number of new messages stands in the page’s title and on its icon in any case.',
  content: 'Show who writes and what',
  contentHelp:
    'Off, a notification says only that there is a new message in a room. On, everybody who sees this screen can read along, and the system may keep it.',
  sound: 'Play a sound',
  soundHelp: 'The one that this system plays for notifications.',
  failed: 'The choice could not be stored.',
  ask: 'Ask the browser again',
  /** A notification that tells no more than that. */
  oneMessage: 'New message in a room',
  someMessages: 'New messages in a room',
  /** Why there are none although somebody chose them. */
  denied:
    'This browser blocks notifications of this page. Allow them in its settings for this site (mostly at the left end of the address bar), then they come without asking here again.',
  default: 'The browser has not been told yet that this page may show notifications.',
  impossible:
    'This browser shows no notifications of this page. On an iPhone or iPad they come once the page is added to the home screen.',
} as const

export const notifyWords: Translatable<typeof notifyEnglish> = translatable('notifyWords', notifyEnglish)

/** Why there are none although somebody chose them; undefined where there are. */
export function permissionWords(permission: NotificationPermission | 'impossible'): string | undefined {
  return permission === 'granted' ? undefined : notifyWords[permission]
}

const longestBody = 160

/** What stands in a notification. */
export function noticeWords(
  newest: MessageView,
  count: number,
  content: boolean,
  nameOf: Namer,
): { title: string; body: string } {
  if (!content) return { title: 'QSEC', body: count === 1 ? notifyWords.oneMessage : notifyWords.someMessages }
  const words = quoteWords(newest)
  const characters = [...words]
  const body = characters.length > longestBody ? `${characters.slice(0, longestBody).join('')}…` : words
  const name = nameOf(newest.author)
  return { title: count === 1 ? name : `${name} (${roomWords.newMessages(count)})`, body }
}
