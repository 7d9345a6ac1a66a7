/** Words about messages that disappear. */
import { locale } from './locale.ts'
import { type Translatable, translatable } from './translatable.ts'

const units = [
  { unit: 'week', seconds: 604_800 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const
type Unit = (typeof units)[number]['unit']

const format = (unit: Unit, unitDisplay: 'long' | 'narrow'): Intl.NumberFormat =>
  new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay, maximumFractionDigits: 0 })

/** `1 hour`, `90 seconds`: in the largest unit of which it is a whole number. */
export function durationWords(lifetimeS: number): string {
  const { unit, seconds } = units.find((one) => lifetimeS % one.seconds === 0) ?? units[4]
  return format(unit, 'long').format(lifetimeS / seconds)
}

/** What is left, in the largest unit that it fills: counted up, so that it ends with one second. */
export function leftWords(leftMs: number, unitDisplay: 'long' | 'narrow'): string {
  const leftS = Math.max(1, Math.ceil(leftMs / 1000))
  const { unit, seconds } = units.find((one) => leftS >= one.seconds)!
  return format(unit, unitDisplay).format(Math.ceil(leftS / seconds))
}

const lifetimeEnglish = {
  /** At the choice for the message that is being written. */
  label: 'Disappears',
  never: 'Never',
  after: (duration: string): string => `After ${duration}`,
  byRoom: (duration: string): string => `After ${duration}, as in this room`,
  /** At a message. */
  waits: (duration: string): string => `Disappears ${duration} after it was seen`,
  waitsOwn: (duration: string): string => `Disappears ${duration} after it was sent`,
  goes: (leftMs: number): string => `Disappears in ${leftWords(leftMs, 'long')}`,
  goesShort: (leftMs: number): string => leftWords(leftMs, 'narrow'),
  /** In the room's settings. */
  room: 'Disappearing messages',
  roomOff: 'Off',
  roomHelp:
    'A message is deleted so long after it was seen, on each device by itself, and a week later where nobody sees it. It counts for what is said from now on. It cannot take back what somebody copies, photographs or exports, nor reach a device that runs a changed program.',
  roomSentence: (lifetimeS: number): string => `Messages disappear ${durationWords(lifetimeS)} after they were seen.`,
} as const

export const lifetimeWords: Translatable<typeof lifetimeEnglish> = translatable('lifetimeWords', lifetimeEnglish)
