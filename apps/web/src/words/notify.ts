/** Words of notifications, and of choosing them. */
import type { MessageView, NotifyChoice } from '../client-gate.ts'
import type { Namer } from './people.ts'

export const notifyWords = {
  title: 'Notifications',
  about: 'Notify me in this room about',
  choices: [
    { value: 'all', words: 'All messages' },
    { value: 'mentions', words: 'Mentions of me' },
    { value: 'none', words: 'Nothing' },
  ] as readonly { value: NotifyChoice['about']; words: string }[],
  help: 'While you look elsewhere and this page is open. The number of new messages stands in the page’s title and on its icon in any case.',
  content: 'Show who writes and what',
  contentHelp:
    'Off, a notification says only that there is a new message in a room. On, everybody who sees this screen can read along, and the system may keep it.',
  sound: 'Play a sound',
  soundHelp: 'The one that this system plays for notifications.',
  failed: 'The choice could not be stored.',
  ask: 'Ask the browser again',
} as const

/** Why there are none although somebody chose them; undefined where there are. */
export function permissionWords(permission: NotificationPermission | 'impossible'): string | undefined {
  switch (permission) {
    case 'granted':
      return undefined
    case 'denied':
      return 'This browser blocks notifications of this page. Allow them in its settings for this site (mostly at the left end of the address bar), then they come without asking here again.'
    case 'default':
      return 'The browser has not been told yet that this page may show notifications.'
    case 'impossible':
      return 'This browser shows no notifications of this page. On an iPhone or iPad they come once the page is added to the home screen.'
  }
}

const longestBody = 160

/** What stands in a notification. */
export function noticeWords(
  newest: MessageView,
  count: number,
  content: boolean,
  nameOf: Namer,
): { title: string; body: string } {
  if (!content) return { title: 'QSEC', body: count === 1 ? 'New message in a room' : 'New messages in a room' }
  const characters = [...newest.text]
  const text = characters.length > longestBody ? `${characters.slice(0, longestBody).join('')}…` : newest.text
  return { title: count === 1 ? nameOf(newest.author) : `${nameOf(newest.author)} (${count} new messages)`, body: text }
}
