/** Words about invite links. */
import type { RoomKind } from '../client-gate.ts'
import { type Translatable, translatable } from './translatable.ts'

const inviteEnglish = {
  title: 'Invite people',
  link: 'Invite link',
  copy: 'Copy link',
  copied: 'Copied',
  notCopied: 'This browser does not let the page copy. The link is selected: copy it with the keyboard.',
  qr: 'QR code',
  noQr: 'The QR code could not be drawn; the link itself works.',
  close: 'Close',
  waiting: 'Waiting for someone',
  waitingHelp: 'Send this link to whom you want here. This page becomes the chat as soon as somebody comes.',
  localhostOnly: 'Only this computer can open this link: its address is localhost.',
  localhostHelp:
    'For people on this network start the server with `npm start -- --lan`, for others with `npm start -- --public`, and open the room there.',
  guide: 'Phones and computers that have never been here open this address first, once:',
  none: 'This room has no live invite link at present. Somebody was removed, or the link has ended; a new one is being made.',
  gives: (kind: RoomKind): string =>
    kind === 'open'
      ? 'This is an open room: its address is all that anyone needs to come in, and whoever runs the server could enter too.'
      : 'Whoever has this link can come in and read from then on, not what was said before. It admits many people and ends after 7 days.',
  keep: 'What stands after # is the key. It never reaches the server, so send the link over a channel that you trust.',
} as const

export const inviteWords: Translatable<typeof inviteEnglish> = translatable('inviteWords', inviteEnglish)
