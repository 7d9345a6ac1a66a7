/** Words about a person's own devices in a room, and about bringing in another one. */
import { dateAndTime } from './time.ts'
import { type Translatable, translatable } from './translatable.ts'

const minuteMs = 60_000

const devicesEnglish = {
  title: 'Your devices',
  help: 'Each one reads and writes here under your name, with keys of its own.',
  list: 'Your devices in this room',
  this: 'This device',
  other: 'Another device',
  code: 'code',
  facts: (state: string, when: string, label: string): string => `${state}, ${when}, ${label}`,
  added: (atMs: number): string => `added ${dateAndTime(atMs)}`,
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

export const devicesWords: Translatable<typeof devicesEnglish> = translatable('devicesWords', devicesEnglish)

const linkDeviceEnglish = {
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

export const linkDeviceWords: Translatable<typeof linkDeviceEnglish> = translatable(
  'linkDeviceWords',
  linkDeviceEnglish,
)

/** `9:05` */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [minutes, rest] = [Math.floor((seconds * 1000) / minuteMs), seconds % 60]
  return `${minutes}:${String(rest).padStart(2, '0')}`
}
