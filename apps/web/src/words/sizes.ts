/** Sizes as people count them, in the reader's language. */
import { formatOf } from './locale.ts'

// Of one byte there is no short word that has a plural.
const units = [
  { unit: 'byte', unitDisplay: 'long' },
  { unit: 'kilobyte', unitDisplay: 'short' },
  { unit: 'megabyte', unitDisplay: 'short' },
  { unit: 'gigabyte', unitDisplay: 'short' },
] as const
const whole = units.map((one) => formatOf(Intl.NumberFormat, { style: 'unit', ...one, maximumFractionDigits: 0 }))
const tenths = units.map((one) => formatOf(Intl.NumberFormat, { style: 'unit', ...one, maximumFractionDigits: 1 }))

/** `2.4 MB`: by thousands of 1,024 as the operator's limit does. */
export function sizeWords(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return (unit === 0 || value >= 10 ? whole : tenths)[unit]!().format(value)
}

const percents = formatOf(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 0 })

/** How much of it is done: `40%`. All of it is said only once it is so. */
export function percentOf(done: number, size: number): string {
  return percents().format(size === 0 ? 1 : Math.min(100, Math.floor((done / size) * 100)) / 100)
}
