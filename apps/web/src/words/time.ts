/** Times as the reader's own zone and habits have them. */
import { formatOf } from './locale.ts'
import { type Translatable, translatable } from './translatable.ts'

const clock = formatOf(Intl.DateTimeFormat, { hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = formatOf(Intl.DateTimeFormat, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const whole = formatOf(Intl.DateTimeFormat, { dateStyle: 'full', timeStyle: 'medium' })
const short = formatOf(Intl.DateTimeFormat, { dateStyle: 'medium', timeStyle: 'short' })
const date = formatOf(Intl.DateTimeFormat, { dateStyle: 'long' })
const day = formatOf(Intl.DateTimeFormat, { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = formatOf(Intl.DateTimeFormat, { day: 'numeric', month: 'long', year: 'numeric' })

const dayEnglish = { today: 'Today', yesterday: 'Yesterday' } as const

export const dayWords: Translatable<typeof dayEnglish> = translatable('dayWords', dayEnglish)

export function clockTime(atMs: number): string {
  return clock().format(atMs)
}

export function preciseTime(atMs: number): string {
  return clockWithSeconds().format(atMs)
}

export function fullTime(atMs: number): string {
  return whole().format(atMs)
}

/** A day and a time of it, short. */
export function dateAndTime(atMs: number): string {
  return short().format(atMs)
}

/** A day with its year. */
export function dateOf(atMs: number): string {
  return date().format(atMs)
}

export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}

/** A name of the calendar day, equal for two times exactly when they fall on one day of the reader. */
export function dayKey(atMs: number): string {
  const date = new Date(atMs)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}

export function dayName(atMs: number, nowMs: number): string {
  if (dayKey(atMs) === dayKey(nowMs)) return dayWords.today
  const yesterday = new Date(nowMs)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayKey(atMs) === dayKey(yesterday.getTime())) return dayWords.yesterday
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear()
  return (sameYear ? day : dayOfYear)().format(atMs)
}

function daysEnglish(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}

export const daysWords: Translatable<typeof daysEnglish> = translatable('daysWords', daysEnglish)

function hoursEnglish(hours: number): string {
  return hours === 1 ? '1 hour' : `${hours} hours`
}

export const hoursWords: Translatable<typeof hoursEnglish> = translatable('hoursWords', hoursEnglish)
