/**
 * Quasi-cyclic LDPC codes of any rate, made from a public seed (Fossorier, IEEE Trans. Inf. Theory 50, 1788, 2004): a small
 * matrix whose entries are circulants of one size. Columns of degree 2 form a chain, so that none of their cycles is
 * short; the others fill the rows evenly. Shifts are drawn so that no two columns share two checks where that can be had.
 */
import { type SeededRandom, seededInteger } from '../../random.ts'

export interface LdpcCode {
  /** Bits of a frame and checks of a syndrome. */
  readonly n: number
  readonly checks: number
  /** The bits of check c are `bits[from[c]] .. bits[from[c + 1] - 1]`. */
  readonly from: Int32Array
  readonly bits: Int32Array
}

/** Shares of columns of each degree; found by trial, see docs/qkd-reconciliation.md. */
const shares = [
  { degree: 2, share: 0.2 },
  { degree: 3, share: 0.65 },
  { degree: 12, share: 0.15 },
]

const columns = 128
const shiftTries = 200

/** @param rate - syndrome bits per bit of the frame; rounded to a multiple of 1/128 */
export function ldpcCode(n: number, rate: number, random: SeededRandom): LdpcCode {
  const size = Math.ceil(n / columns)
  const rows = Math.max(4, Math.min(columns - 1, Math.round(rate * columns)))
  const entries = placeCirculants(rows, size, random)
  const lists: number[][] = Array.from({ length: rows * size }, () => [])
  for (const { row, column, shift } of entries) {
    for (let i = 0; i < size; i++) {
      const bit = column * size + i
      if (bit < n) lists[row * size + ((i + shift) % size)]!.push(bit)
    }
  }
  const from = new Int32Array(lists.length + 1)
  for (let check = 0; check < lists.length; check++) from[check + 1] = from[check]! + lists[check]!.length
  return { n, checks: lists.length, from, bits: Int32Array.from(lists.flat()) }
}

interface Circulant {
  row: number
  column: number
  shift: number
}

function placeCirculants(rows: number, size: number, random: SeededRandom): Circulant[] {
  const load = new Array<number>(rows).fill(0)
  const placed: Circulant[] = []
  // Differences of shifts that two rows already have in common; a second time makes a cycle of four.
  const taken = new Set<string>()
  for (let column = 0; column < columns; column++) {
    const chosen = rowsOf(column, rows, load, random)
    let shifts: number[] = []
    for (let attempt = 0; attempt < shiftTries; attempt++) {
      shifts = chosen.map(() => seededInteger(random, size))
      if (!keysOf(chosen, shifts, size).some((key) => taken.has(key))) break
    }
    for (const key of keysOf(chosen, shifts, size)) taken.add(key)
    chosen.forEach((row, i) => {
      load[row]!++
      placed.push({ row, column, shift: shifts[i]! })
    })
  }
  return placed
}

function keysOf(rows: number[], shifts: number[], size: number): string[] {
  const keys: string[] = []
  for (let a = 0; a < rows.length; a++) {
    for (let b = a + 1; b < rows.length; b++) {
      const [low, high] = rows[a]! < rows[b]! ? [a, b] : [b, a]
      keys.push(`${rows[low!]}/${rows[high!]}/${(shifts[high!]! - shifts[low!]! + size) % size}`)
    }
  }
  return keys
}

function rowsOf(column: number, rows: number, load: number[], random: SeededRandom): number[] {
  // More columns of degree 2 than rows would close the chain.
  const chain = Math.min(rows - 1, Math.round(shares[0]!.share * columns))
  if (column < chain) return [column, column + 1]
  const heavy = Math.round(shares[2]!.share * columns)
  const degree = Math.min(rows, column >= columns - heavy ? shares[2]!.degree : shares[1]!.degree)
  const order = Array.from({ length: rows }, (_, row) => ({ row, key: load[row]! + 0.9 * random() }))
  return order
    .sort((a, b) => a.key - b.key)
    .slice(0, degree)
    .map(({ row }) => row)
}

/** Parities of all checks, one byte each. */
export function syndromeOf(code: LdpcCode, frame: Uint8Array): Uint8Array {
  const syndrome = new Uint8Array(code.checks)
  for (let check = 0; check < code.checks; check++) {
    let parity = 0
    for (let at = code.from[check]!; at < code.from[check + 1]!; at++) parity ^= frame[code.bits[at]!]!
    syndrome[check] = parity
  }
  return syndrome
}
