/** Days of the reader's own calendar, as date fields have them. */

/** `2026-11-23` of the day in which that moment falls. */
export function dateValue(atMs: number): string {
  const date = new Date(atMs)
  const year = String(date.getFullYear()).padStart(4, '0')
  return `${year}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Where that day begins and where it ends; undefined where the field holds no day. Days of 23 and 25 hours are days. */
export function dayRange(value: string): readonly [fromMs: number, untilMs: number] | undefined {
  const parts = /^(\d{4,6})-(\d\d)-(\d\d)$/.exec(value)?.slice(1).map(Number)
  if (!parts) return undefined
  const [year, month, day] = parts as [number, number, number]
  const begin = new Date(2000, 0, 1)
  begin.setFullYear(year, month - 1, day)
  if (begin.getMonth() !== month - 1 || begin.getDate() !== day) return undefined
  const end = new Date(begin)
  end.setDate(day + 1)
  return [begin.getTime(), end.getTime()]
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
