/** Words on the way into a room: asking for a name, waiting, and being turned away. */
import type { Phase, RoomKind } from '@qsec/client'
import { type Translatable, translatable } from './translatable.ts'

const doorEnglish = {
  title: 'Join room',
  name: 'Your name',
  nameHint: 'The others in the room see it. The server does not.',
  nameMissing: 'Type a name.',
  join: 'Join',
  notNow: 'Not now',
  preview: (kind: RoomKind, short: string): string =>
    kind === 'open' ? `Open room “${short}”` : `Closed room ${short}, by invite link`,
  previewHelp: (kind: RoomKind): string =>
    kind === 'open'
      ? 'Whoever has this address is let in, and whoever runs the server could enter too.'
      : 'Someone inside lets you in. You will not see what was said before.',
  paused: 'You have not entered this room',
  pausedHelp: 'Choose a name to go in.',
  chooseName: 'Choose a name',
  home: 'Start page',
  stored: 'Looking at what is stored here…',
  looking: 'Looking for your keys to this room…',
  entering: 'Opening the room…',
  failed: 'The room could not be opened',
  again: 'Try again',
  needsLink: 'You need the full invite link',
  needsLinkHelp:
    'This address names a closed room. Its key stands in the invite link after the sign #, and that part is missing here; perhaps it was lost in copying.',
  needsLinkDo: 'Ask somebody in the room to press Invite and to send you the whole link.',
  nowhere: 'There is nothing at this address',
  nowhereHelp: 'A room address is /room/ and 1 to 20 letters, digits, hyphens or underscores, or an invite link.',
} as const

export const doorWords: Translatable<typeof doorEnglish> = translatable('doorWords', doorEnglish)

const phaseEnglish = {
  connecting: 'Connecting…',
  connectingHelp: 'Reaching the server.',
  connectingLong: 'This takes longer than it should. The server may be down, or your network may be.',
  waiting: 'Waiting for someone in the room to let you in',
  waitingHelp:
    'A device inside checks your invitation. This takes a few seconds; longer where the room is full, or where somebody has to say yes.',
  waitingAlone: 'Waiting for someone in the room',
  waitingAloneHelp:
    'Nobody who could let you in is connected now. Your request stays at the server for 7 days; you are let in as soon as somebody opens the room.',
  rejoining: 'Coming back into the room',
  rejoiningHelp: 'This device lost the thread and asks to be added again. You can write in a moment.',
  rejoiningAlone: 'Waiting to come back into the room',
  rejoiningAloneHelp:
    'This device lost the thread and must be added again by somebody inside; nobody is connected now. It happens by itself once somebody comes.',
  stopWaiting: 'Stop waiting',
  left: 'You left the room',
  leftHelp: 'Its keys and messages are erased from this browser.',
} as const

export const phaseWords: Translatable<typeof phaseEnglish> = translatable('phaseWords', phaseEnglish)

const tokenEnglish = {
  label: 'Token of the server',
  make: 'Make the room',
  missing: 'Type the token first.',
} as const

export const tokenWords: Translatable<typeof tokenEnglish> = translatable('tokenWords', tokenEnglish)

type RefusedCode = Extract<Phase, { at: 'refused' }>['code']

export interface RefusalWords {
  title: string
  help: string
  /** Whether trying again can help. */
  again: boolean
}

/** What a refusal means for the person who was refused. */
function refusalEnglish(code: RefusedCode, kind: RoomKind): RefusalWords {
  switch (code) {
    case 'room-full':
      return {
        title: 'This room is full',
        help: 'It holds a fixed number of people, and all of them are inside. Ask them to raise the number, or try again after somebody has left.',
        again: true,
      }
    case 'no-access':
      return {
        title: 'This room is not open to you',
        help:
          kind === 'closed'
            ? 'The room does not exist any more, it is locked, or the invite link has ended. Links end after their time, once they are used up, and whenever somebody is removed. Ask somebody inside for a new one.'
            : 'The server does not let this device into the room. Choose another word, or ask whoever runs the server.',
        again: true,
      }
    case 'needs-token':
      return {
        title: 'This server asks who makes rooms',
        help: 'Whoever runs it has a token for that. Ask them for it and type it here; this page forgets it when it is closed. Whoever has an invite link needs none.',
        again: false,
      }
    case 'needs-link':
      return { title: doorWords.needsLink, help: doorWords.needsLinkHelp, again: false }
    case 'bad-welcome':
      return {
        title: 'The room did not prove to be the right one',
        help: 'What this device was handed does not belong to the address that you opened. Nothing was shown and nothing sent. Ask for a new link over a channel that you trust.',
        again: true,
      }
    case 'storage':
      return {
        title: 'This browser does not let the page store anything',
        help: 'Without storage your keys would be lost at the next reload. Leave private browsing, or free some space, and try again.',
        again: true,
      }
    case 'replaced':
      return {
        title: 'This device is in use somewhere else',
        help: 'A copy of its storage has taken its place in the room; perhaps this browser profile was copied or restored from a backup. Only one of the two can be in the room. If you do not know of a copy, somebody may have stolen it: ask the others to remove this device, and join again by a new link.',
        again: true,
      }
    case 'client-older':
      return {
        title: 'This page is older than the server',
        help: 'Reload the page: then it fits again. Your keys and messages stay where they are.',
        again: false,
      }
    case 'relay-older':
      return {
        title: 'The server is older than this page',
        help: 'Whoever runs it has to update it. Your keys and messages stay where they are; try again then.',
        again: true,
      }
    case 'version':
      return {
        title: 'This page and the server do not fit together',
        help: 'One of them is older. Reload the page; if that does not help, the server has to be updated.',
        again: true,
      }
    case 'login-failed':
    case 'not-logged-in':
      return {
        title: 'The server did not accept this device',
        help: 'Often the clock of this computer is wrong. Set it right and try again.',
        again: true,
      }
    case 'rate-limited':
      return {
        title: 'Too many tries in too little time',
        help: 'The server asks for a pause. Wait a minute and try again.',
        again: true,
      }
    case 'unavailable':
      return {
        title: 'The server cannot take you in now',
        help: 'It is starting, stopping, or its disk is full. Try again in a minute.',
        again: true,
      }
    case 'exists':
      return {
        title: 'A room of that name exists already',
        help: 'Try again to enter it.',
        again: true,
      }
    case 'bad-request':
    case 'too-large':
    case 'stale-epoch':
    case 'out-of-order':
    case 'internal':
      return {
        title: 'The server refused this device',
        help: 'This is a fault of the server or of this page, not of yours. Try again; if it stays, tell whoever runs the server.',
        again: true,
      }
  }
}

export const refusalWords: Translatable<typeof refusalEnglish> = translatable('refusalWords', refusalEnglish)

function roomTitleEnglish(kind: RoomKind, short: string): string {
  return kind === 'open' ? short : `Room ${short}`
}

export const roomTitle: Translatable<typeof roomTitleEnglish> = translatable('roomTitle', roomTitleEnglish)

/** With a number of unread messages before it. */
export function titleWith(count: number, title: string): string {
  return count === 0 ? title : `(${count}) ${title}`
}

export function pageTitle(room: string | undefined): string {
  return room === undefined ? 'QSEC' : `${room} · QSEC`
}
