/** Words about single messages: what is done with them, and what became of them. */

import type { MessageView, PersonView, ReactionView } from '@qsec/client'
import { actionIn } from '@qsec/client/commands'
import { namesOf } from './files.ts'
import { listPeople, type Namer } from './people.ts'
import { type Translatable, translatable } from './translatable.ts'

const messageEnglish = {
  tools: (name: string): string => `Message from ${name}`,
  react: 'React',
  reactWith: (sign: string): string => `React with ${sign}`,
  reply: 'Reply',
  edit: 'Edit',
  more: 'More',
  copy: 'Copy text',
  copied: 'Copied',
  copyCode: 'Copy code',
  noCopy: 'It was not copied.',
  whoReacted: 'Who reacted',
  remove: 'Delete message',
  logHelp: 'Tap a message, or go to it with the arrow keys, for its tools: reactions, reply and more.',
  touchHintTitle: 'How to use messages by touch',
  touchHint: 'Tap a message to react to it, reply and more. Swipe it along the line to reply at once.',
  touchHintRead: 'Got it',
  deleted: 'Message deleted',
  edited: 'edited',
  editedAt: (time: string): string => `Edited: ${time}`,
  changing: 'Sending the change',
  changeFailed: 'Change not sent',
  quoted: 'In reply to',
  quotedGone: 'In reply to a message that is not on this device',
  quotedVanished: 'In reply to a message that has disappeared',
  replyingTo: (name: string): string => `Reply to ${name}`,
  noReply: 'Do not reply to it',
  editing: 'Edit message',
  noEdit: 'Leave it as it was',
  save: 'Save',
  close: 'Close',
  noReaction: 'The reaction was not sent.',
  notChanged: 'The message was not changed.',
  mentionHelp: (count: number): string => (count === 1 ? '1 person matches' : `${count} people match`),
  people: 'People to mention',
  tellTyping: 'Tell others when I am typing',
  tellTypingHelp:
    'They see it while you write. Each time costs a sealed message, of which the server sees that it was sent.',
  tellRead: 'Tell others what I have read',
  tellReadHelp: 'They see how far you have read. That a message has reached your device they are told either way.',
  noDraft: 'What you began to write could not be kept on this device.',
  noSwitch: 'It was not switched.',
  typing: (names: string, several: boolean): string => `${names} ${several ? 'are' : 'is'} typing…`,
  readBy: (names: string): string => `Read by ${names}`,
} as const

export const messageWords: Translatable<typeof messageEnglish> = translatable('messageWords', messageEnglish)

/** A quote in one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

export function quoteWords(message: Pick<MessageView, 'text' | 'deleted' | 'files'>): string {
  if (message.deleted) return messageWords.deleted
  const action = actionIn(message.text)
  return oneLine(action === undefined ? message.text : `* ${action}`) || namesOf(message.files)
}

/** `👍 2: Ana and you`, for who hears it and for who points at it. */
export function reactionWords({ sign, people }: ReactionView, nameOf: Namer): string {
  return `${sign} ${people.length}: ${listPeople(people, nameOf, 8)}`
}

export function mentionName(person: PersonView): string {
  return `@${person.name}`
}
