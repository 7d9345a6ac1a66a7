/** Words about a person's own devices in a room, and about bringing in another one. */
export type LinkFailure = 'link-over' | 'link-damaged' | 'unreachable' | 'rate-limited'

const minuteMs = 60_000
const addedOn = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

export const devicesWords = {
  title: 'Your devices',
  help: 'Each one reads and writes here under your name, with keys of its own.',
  list: 'Your devices in this room',
  this: 'This device',
  other: 'Another device',
  code: 'code',
  added: (atMs: number): string => `added ${addedOn.format(atMs)}`,
  remove: 'Remove this device',
  removeOf: (code: string): string => `Remove this device, code ${code}`,
  removeTitle: 'Remove this device from the room?',
  removeHelp: (code: string): readonly string[] => [
    `The device with the code ${code} is out of this room at once, and erases what it has of it when it hears of that.`,
    'New keys are made for everybody else, and all invite links end.',
  ],
  removeYes: 'Remove and make new keys',
  cancel: 'Cancel',
  link: 'Link another device',
} as const

export const linkDeviceWords = {
  title: 'Link another device',
  help: 'Open this link on your other device, or scan the code with its camera. It comes into this room under your name.',
  danger: 'Whoever opens it first becomes you in this room. Show it to nobody, and send it to nobody.',
  making: 'Making the link…',
  field: 'Device link',
  gives: 'It is good for one device and ends when this is closed.',
  left: (ms: number): string => `Ends in ${clock(ms)}`,
  taken: 'Your other device has taken the link and asks to come in',
  takenHelp: 'Was it not you? Press Cancel: then nobody comes in by this link.',
  in: 'It is in',
  inHelp: 'Your other device reads and writes here from now on. What was said before stays on this one.',
  over: 'The link has ended',
  overHelp: 'A link is good for ten minutes and for one device.',
  again: 'Make a new link',
  cancel: 'Cancel',
  close: 'Close',
} as const

export const linkedWords = {
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

/** Why a link led nowhere, and what to do. */
export function linkFailureWords(reason: LinkFailure): { title: string; help: string; again: boolean } {
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

/** `9:05` */
function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [minutes, rest] = [Math.floor((seconds * 1000) / minuteMs), seconds % 60]
  return `${minutes}:${String(rest).padStart(2, '0')}`
}
