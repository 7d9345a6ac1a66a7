/** Words of the page that comes in by a device link. */
import { type Translatable, translatable } from './translatable.ts'

export type LinkFailure = 'link-over' | 'link-damaged' | 'unreachable' | 'rate-limited'

const linkedEnglish = {
  title: 'Link this browser to your other device?',
  help: (room: string): string =>
    `It comes into ${room} as another device of whoever made this link, under the same name. Go on only if that was you.`,
  yes: 'Link this device',
  no: 'Not now',
  taking: 'Taking the link…',
  waiting: 'Waiting for your other device',
  waitingHelp: 'It lets this one in by itself, which takes a few seconds. Keep the room open there.',
  waitingAlone: 'Your other device is not connected',
  waitingAloneHelp: 'Open the room there: it lets this one in by itself while the link lives.',
  removed: 'This device was removed',
  removedHelp:
    'You took it out of this room on another device of yours. What it had of the room is erased here, and new keys were made.',
} as const

export const linkedWords: Translatable<typeof linkedEnglish> = translatable('linkedWords', linkedEnglish)

/** Why a link led nowhere, and what to do. */
function linkFailureEnglish(reason: LinkFailure): { title: string; help: string; again: boolean } {
  switch (reason) {
    case 'link-over':
      return {
        title: 'This device link has ended',
        help: 'A link is good for one device and for ten minutes. Make a new one on your other device. If it says there that the link was taken, and it was not you, press Cancel there.',
        again: false,
      }
    case 'link-damaged':
      return {
        title: 'This device link could not be opened',
        help: 'The link is not whole, or the server handed out something else than what your device left there. Nothing was stored. Make a new link.',
        again: false,
      }
    case 'unreachable':
      return {
        title: 'The server does not answer',
        help: 'Look at the connection and try again. If it then says that the link has ended, make a new one.',
        again: true,
      }
    case 'rate-limited':
      return {
        title: 'Too many tries in too little time',
        help: 'The server asks for a pause of ten minutes. Make a new link then.',
        again: false,
      }
  }
}

export const linkFailureWords: Translatable<typeof linkFailureEnglish> = translatable(
  'linkFailureWords',
  linkFailureEnglish,
)
