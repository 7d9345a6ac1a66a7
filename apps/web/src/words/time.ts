/** Times as the reader's own zone and habits have them. */
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' })
const dayOfYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', year: 'numeric' })

export function clockTime(atMs: number): string {
  return clock.format(atMs)
}

export function preciseTime(atMs: number): string {
  return clockWithSeconds.format(atMs)
}

export function fullTime(atMs: number): string {
  return whole.format(atMs)
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
  if (dayKey(atMs) === dayKey(nowMs)) return 'Today'
  const yesterday = new Date(nowMs)
  yesterday.setDate(yesterday.getDate() - 1)
  if (dayKey(atMs) === dayKey(yesterday.getTime())) return 'Yesterday'
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear()
  return (sameYear ? day : dayOfYear).format(atMs)
}

export function daysWords(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}
