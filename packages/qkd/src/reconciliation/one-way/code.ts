/**
 * Quasi-cyclic LDPC codes of any rate, made from a public seed (Fossorier, IEEE Trans. Inf. Theory 50, 1788, 2004): a small
 * matrix whose entries are circulants of one size, drawn so that two columns share two checks only where that cannot be
 * helped. Columns of degree 2 form a chain, so that none of their cycles is short; the others fill the rows evenly.
 *
 * The rate is adapted by puncturing (Elkouss, Martinez-Mateo, Martin, Quantum Inf. Comput. 11, 226, 2011): some pairs of
 * checks share a punctured bit of degree 2, here called a link. All that is said of such a pair at first is the sum of
 * both parities, in which the link cancels; to reveal the link is to say the first parity by itself. So no random bits are
 * needed, and every bit that is said is a parity of the frame.
 */
import { type SeededRandom, seededInteger } from '../../random.ts'

export interface LdpcCode {
  /** Bits of a frame. */
  readonly n: number
  readonly checks: number
  /** Pairs of checks that share a punctured bit. Link i stands at n + i, after the bits of the frame. */
  readonly links: number
  /** The places in check c are `places[from[c]] .. places[from[c + 1] - 1]`. */
  readonly from: Int32Array
  readonly places: Int32Array
  /** The two checks of each link. */
  readonly firstOfLink: Int32Array
  readonly secondOfLink: Int32Array
}

export interface CodeShape {
  n: number
  /** Columns of the small matrix. */
  columns: number
  rows: number
  /** Rows that come in linked pairs; at most half of all. */
  linkedPairs: number
  /** Shares of columns of each degree, ascending from 2. */
  degrees: readonly { degree: number; share: number }[]
}

interface Circulant {
  row: number
  column: number
  shift: number
}

const drawings = 40

export function ldpcCode(shape: CodeShape, random: SeededRandom): LdpcCode {
  const { n, columns, rows, linkedPairs } = shape
  const size = Math.ceil(n / columns)
  const half = rows - linkedPairs
  // Linked rows are decoded one after the other.
  const lineOfRow = Array.from({ length: rows }, (_, row) =>
    row < linkedPairs ? 2 * row : row >= half ? 2 * (row - half) + 1 : linkedPairs + row,
  )
  const lists: number[][] = Array.from({ length: rows * size }, () => [])
  for (const { row, column, shift } of placeCirculants(shape, size, random)) {
    for (let i = 0; i < size; i++) {
      const bit = column * size + i
      // Places beyond the frame are known to be 0: shortened.
      if (bit < n) lists[lineOfRow[row]! * size + ((i + shift) % size)]!.push(bit)
    }
  }
  const links = linkedPairs * size
  const checkOfLink = (second: number): Int32Array =>
    Int32Array.from({ length: links }, (_, link) => (2 * Math.floor(link / size) + second) * size + (link % size))
  const firstOfLink = checkOfLink(0)
  const secondOfLink = checkOfLink(1)
  for (let link = 0; link < links; link++) {
    lists[firstOfLink[link]!]!.push(n + link)
    lists[secondOfLink[link]!]!.push(n + link)
  }
  const from = new Int32Array(lists.length + 1)
  for (let check = 0; check < lists.length; check++) from[check + 1] = from[check]! + lists[check]!.length
  return { n, checks: lists.length, links, from, places: Int32Array.from(lists.flat()), firstOfLink, secondOfLink }
}

function placeCirculants(shape: CodeShape, size: number, random: SeededRandom): Circulant[] {
  const load = new Array<number>(shape.rows).fill(0)
  const placed: Circulant[] = []
  const taken = new Set<number>()
  degreesOf(shape).forEach((degree, column) => {
    const inColumn: Circulant[] = []
    for (const row of degree === 2 ? [column, column + 1] : leastLoaded(load, degree, shape, random)) {
      const best = drawShift(inColumn, row, size, taken, random)
      for (const key of best.keys) taken.add(key)
      inColumn.push({ row, column, shift: best.shift })
      load[row]!++
    }
    placed.push(...inColumn)
  })
  return placed
}

/** A shift that makes no cycle of four with what was placed before, or as few as could be had. */
function drawShift(
  inColumn: readonly Circulant[],
  row: number,
  size: number,
  taken: ReadonlySet<number>,
  random: SeededRandom,
): { shift: number; keys: number[] } {
  let best: { shift: number; keys: number[]; cycles: number } | undefined
  for (let drawing = 0; drawing < drawings && (!best || best.cycles > 0); drawing++) {
    const shift = seededInteger(random, size)
    // The difference of the shifts of two rows; a column that has it a second time makes a cycle of four.
    const keys = inColumn.map((other) => {
      const [low, high, turn] =
        other.row < row ? [other.row, row, shift - other.shift] : [row, other.row, other.shift - shift]
      return (low * 4096 + high) * size + ((turn + size) % size)
    })
    const cycles = keys.filter((key) => taken.has(key)).length
    if (!best || cycles < best.cycles) best = { shift, keys, cycles }
  }
  return best!
}

/** Of each column, ascending. More columns of degree 2 than rows would close their chain. */
function degreesOf({ columns, rows, degrees }: CodeShape): number[] {
  const whole = degrees.reduce((sum, { share }) => sum + share, 0)
  let upTo = 0
  const list: number[] = []
  for (const { degree, share } of degrees) {
    upTo += (share / whole) * columns
    while (list.length < Math.round(upTo)) {
      list.push(degree === 2 && list.length >= rows - 1 ? 3 : Math.min(degree, rows))
    }
  }
  return list
}

/**
 * Rows with few entries, never both of a linked pair where that can be had. Until its link is known a pair is one check, so
 * each of the two gets half as many entries as other rows.
 */
function leastLoaded(load: readonly number[], degree: number, shape: CodeShape, random: SeededRandom): number[] {
  const apart = shape.rows - shape.linkedPairs
  const isPaired = (row: number): boolean => row < shape.linkedPairs || row >= apart
  const order = load
    .map((entries, row) => ({ row, key: (isPaired(row) ? 2 : 1) * entries + 0.9 * random() }))
    .sort((a, b) => a.key - b.key)
  const chosen: number[] = []
  const passedOver: number[] = []
  for (const { row } of order) {
    if (chosen.length === degree) break
    const isLinked = chosen.includes(row + apart) || (row >= apart && chosen.includes(row - apart))
    if (isLinked) passedOver.push(row)
    else chosen.push(row)
  }
  return [...chosen, ...passedOver].slice(0, degree)
}

/** Parities of all checks without their links, one byte each. */
export function syndromeOf(code: LdpcCode, frame: Uint8Array): Uint8Array {
  const syndrome = new Uint8Array(code.checks)
  for (let check = 0; check < code.checks; check++) {
    let parity = 0
    for (let at = code.from[check]!; at < code.from[check + 1]!; at++) {
      const place = code.places[at]!
      if (place < code.n) parity ^= frame[place]!
    }
    syndrome[check] = parity
  }
  return syndrome
}

/** What is said at first: the sum of both parities of each link, then those of all other checks. */
export function punctured(code: LdpcCode, syndrome: Uint8Array): Uint8Array {
  const { links, checks, firstOfLink, secondOfLink } = code
  return Uint8Array.from({ length: checks - links }, (_, i) =>
    i < links ? syndrome[firstOfLink[i]!]! ^ syndrome[secondOfLink[i]!]! : syndrome[i + links]!,
  )
}
