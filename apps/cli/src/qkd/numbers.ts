/** Numbers of the command line. What is none, or out of range, is named by its flag and never repeated. */
import { UsageError } from '../command.ts'

const shape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i

/** A number from `from` to `to`, both included; `1e-5` is one. */
export function numberOf(flag: string, text: string, from: number, to: number): number {
  const value = shape.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw new UsageError(`${flag} must be a number from ${from} to ${to}.`)
}

/** A whole number from `from` to `to`, both included; `1e6` is one. */
export function wholeOf(flag: string, text: string, from: number, to: number): number {
  const value = shape.test(text) ? Number(text) : Number.NaN
  if (Number.isInteger(value) && value >= from && value <= to) return value
  throw new UsageError(`${flag} must be a whole number from ${from} to ${to}.`)
}

export function seedOf(text: string): number {
  return wholeOf('--seed', text, 0, Number.MAX_SAFE_INTEGER)
}

/** `0.01,0.02`: at most so many numbers, each in the range. */
export function listOf(flag: string, text: string, from: number, to: number, most: number): number[] {
  const parts = text.split(',')
  if (parts.length > most) throw new UsageError(`${flag} must be at most ${most} numbers.`)
  return parts.map((part) => numberOf(flag, part, from, to))
}

const maxDistances = 10_001

/** `25`, `0,50,100` or `from:to:step` in km. */
export function distancesOf(flag: string, text: string): number[] {
  const least = 0
  const most = 100_000
  const parts = text.split(':')
  if (parts.length === 1) return listOf(flag, text, least, most, maxDistances)
  if (parts.length !== 3) throw new UsageError(`${flag} must be km, a list like 0,50,100 or a range like 0:150:10.`)
  const [from, to, step] = parts.map((part) => numberOf(flag, part, least, most)) as [number, number, number]
  if (!(step > 0 && to >= from)) throw new UsageError(`${flag} must go upwards from:to:step, with a step above 0.`)
  // Half a millionth of a step, so that 0:1:0.1 ends with 1.
  const count = Math.floor((to - from) / step + 5e-7) + 1
  if (count > maxDistances) throw new UsageError(`${flag} must be at most ${maxDistances} distances.`)
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)))
}

/** One of these names. The value is not repeated, the names are. */
export function nameOf<T extends string>(flag: string, text: string, names: readonly T[]): T {
  const found = names.find((name) => name === text)
  if (found !== undefined) return found
  throw new UsageError(`${flag} must be one of ${names.join(', ')}.`)
}

/** `a,b`: several of these names, each once. */
export function namesOf<T extends string>(flag: string, text: string, names: readonly T[]): T[] {
  return [...new Set(text.split(',').map((name) => nameOf(flag, name, names)))]
}

/** For results that may be without bound; JSON has no word for Infinity. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

export function required(flag: string, value: string | undefined): string {
  if (value) return value
  throw new UsageError(`${flag} is missing.`)
}
