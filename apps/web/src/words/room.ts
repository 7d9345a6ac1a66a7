/** Words of the room: header, conversation, composer, leaving. */
import type { MessageState, RoomKind, RoomSnapshot } from '@qsec/client'
import { otherFaultWords } from './faults.ts'
import { type Translatable, translatable, wordsFor } from './translatable.ts'

const roomEnglish = {
  invite: 'Invite',
  details: 'Room details',
  search: 'Search',
  commands: 'Commands',
  fullscreen: 'Full screen',
  endFullscreen: 'Leave full screen',
  noFullscreen: 'The browser does not give the whole screen.',
  side: 'About this room',
  backToMessages: 'Back to messages',
  messages: 'Messages',
  message: 'Message',
  send: 'Send',
  earlier: 'Show earlier',
  latest: 'Jump to latest',
  toDay: 'Jump to another day',
  toUnread: 'Jump to unread',
  unread: 'New messages',
  newMessages: (count: number): string => (count === 1 ? '1 new message' : `${count} new messages`),
  retry: 'Retry',
  delete: 'Delete',
  delivered: (to: number, of: number): string =>
    `${to} of ${of} ${of === 1 ? 'device' : 'devices'} ${to === 1 ? 'has' : 'have'} it`,
  oddTime: 'server’s time',
  oddTimeHelp: 'The sender’s clock says a time that cannot be, so this is when the server took the message.',
  kind: (kind: RoomKind, locked = false): string =>
    `${kind === 'open' ? 'Open room' : 'Closed room'}${locked ? ', locked' : ''}`,
  ended: 'Ended',
  removed: 'You were removed',
  kindHelp: (kind: RoomKind): string =>
    kind === 'open'
      ? 'Open room: whoever has the address is let in, and whoever runs the server could enter too.'
      : 'Closed room: the invite link alone opens it.',
  epochTitle: (epoch: number): string => `Epoch ${epoch}: the keys that protect the room now`,
  roomLog: 'Room log',
  roomLogHelp: 'What the server wrote down about this room: fingerprints, times and sizes. No name, no text.',
  roomLogEmpty: 'Nothing is written down yet.',
  leave: 'Leave room',
  leaveTitle: 'Leave this room?',
  leaveHelp:
    'Its keys and messages are erased from this browser. You can come back only by an invite, as a new member.',
  leaveAlone: 'Nobody else is inside: the room ends with you.',
  leaveOthers: 'Your other devices stay in the room.',
  leaveYes: 'Leave and erase',
  stay: 'Stay',
} as const

export const roomWords: Translatable<typeof roomEnglish> = translatable('roomWords', roomEnglish)

function connectionEnglish(connection: RoomSnapshot['connection']): string {
  switch (connection) {
    case 'connected':
      return 'Connected'
    case 'reconnecting':
      return 'Reconnecting…'
    case 'offline':
      return 'Offline'
  }
}

export const connectionWords: Translatable<typeof connectionEnglish> = translatable(
  'connectionWords',
  connectionEnglish,
)

/** What a lost connection means for whoever writes now; undefined while there is nothing to say. */
function connectionHelpEnglish(connection: RoomSnapshot['connection']): string | undefined {
  switch (connection) {
    case 'connected':
      return undefined
    case 'reconnecting':
      return 'The connection is lost and is being tried again. What you write is kept and goes out by itself.'
    case 'offline':
      return 'No network. What you write is kept on this device and goes out once you are back.'
  }
}

export const connectionHelp: Translatable<typeof connectionHelpEnglish> = translatable(
  'connectionHelp',
  connectionHelpEnglish,
)

/** The server has lost something that this device may have missed: the others are asked. What is newer waits. */
const catchUpEnglish = {
  making: 'The server was restarted. Asking the others whether anything is missing here; messages go on in a moment.',
  asking: 'The server has lost something that was said. Getting it from somebody here who has it.',
  waiting: 'Something that was said is missing, and nobody here has it. It comes as soon as somebody does.',
  skip: 'Go on without it',
} as const

export const catchUpWords: Translatable<typeof catchUpEnglish> = translatable('catchUpWords', catchUpEnglish)

/** Why a message was not sent. The client gives a code of the relay, or a sentence of its own. */
export function problemOf(problem: string): string {
  return wordsFor(notSent, problem) ?? otherFaultWords(problem)
}

const notSentEnglish = {
  'too-large': 'It is too long for the server. Send it in parts.',
  'rate-limited': 'The server got too much in too little time. Try again in a minute.',
  'no-access': 'The server no longer lets this device write here.',
  unavailable: 'The server cannot take messages now. Try again in a minute.',
  'bad-request': 'The server did not understand it. Reload the page and try again.',
  internal: 'The server had a fault. Try again; if it stays, tell whoever runs it.',
  'person-gone': 'That person is not in the room any more. Nobody has got it.',
  'not-delivered': 'It did not reach that person. Nobody else has got it.',
  lost: 'It got lost on its way out. Nobody has seen it.',
} as const

export const notSent: Translatable<typeof notSentEnglish> = translatable('notSent', notSentEnglish)

/** The state of an own message; messages of others have none. */
function stateEnglish(state: MessageState): string | undefined {
  switch (state) {
    case 'held':
      return 'Waits for quantum keys'
    case 'sending':
      return 'Sending'
    case 'sent':
      return 'Sent'
    case 'delivered':
      return 'Delivered'
    case 'not-sent':
      return 'Not sent'
    case 'received':
      return undefined
  }
}

export const stateWords: Translatable<typeof stateEnglish> = translatable('stateWords', stateEnglish)
