/**
 * Checks: parities of random halves of a frame. The frame is folded first: words that are `cells` words apart are added,
 * and each check is a random half of the bits of the sum. That is one sweep over the frame for all checks. Errors that
 * remain hidden from folding would have to lie a multiple of `cells` words apart in pairs, those that hide in blocks do not.
 */
import { type SeededRandom, seededInteger } from '../../random.ts'
import { bitOf, countBits, wordParity } from './words.ts'

// More layers make checks cheaper; few cells would let two errors of one block fall together.
const layersOfLongFrames = 16
const minFoldedWords = 1024

export interface Fold {
  /** Words that are added together. */
  readonly layers: number
  /** Words of the sum. */
  readonly words: number
}

export function foldOf(n: number): Fold {
  const words = (n + 31) >> 5
  const layers = words < minFoldedWords ? 1 : layersOfLongFrames
  return { layers, words: Math.ceil(words / layers) }
}

export function foldFrame(fold: Fold, frame: Int32Array): Int32Array {
  const sum = frame.slice(0, fold.words)
  for (let base = fold.words; base < frame.length; base += fold.words) {
    const count = Math.min(fold.words, frame.length - base)
    for (let i = 0; i < count; i++) sum[i]! ^= frame[base + i]!
  }
  return sum
}

/** The bit of the sum that a position is part of. */
export function cellOf(fold: Fold, position: number): number {
  return (((position >> 5) % fold.words) << 5) + (position & 31)
}

/** A random half of the bits of the sum. */
export class Mask {
  readonly words: Int32Array
  #cells: Uint32Array | undefined

  constructor(words: Int32Array) {
    this.words = words
  }

  /** Its bits, ascending. Few masks are ever asked for them. */
  get cells(): Uint32Array {
    if (this.#cells) return this.#cells
    const cells: number[] = []
    for (let cell = 0; cell < this.words.length << 5; cell++) if (bitOf(this.words, cell) === 1) cells.push(cell)
    this.#cells = Uint32Array.from(cells)
    return this.#cells
  }
}

export function randomMask(n: number, fold: Fold, random: SeededRandom): Mask {
  // Cells beyond the end of a frame that was not folded hold no bit.
  const tail = fold.layers === 1 && (n & 31) !== 0 ? (1 << (n & 31)) - 1 : -1
  for (;;) {
    const words = Int32Array.from({ length: fold.words }, () => seededInteger(random, 2 ** 32))
    words[fold.words - 1]! &= tail
    // All or nothing would tell nothing new, and a single bit would be said in the clear.
    const cells = words.reduce((sum, word) => sum + countBits(word), 0)
    if (cells >= 2 && cells < 32 * (fold.words - 1) + countBits(tail)) return new Mask(words)
  }
}

export function maskParity(mask: Mask, sum: Int32Array): number {
  const { words } = mask
  let folded = 0
  for (let i = 0; i < words.length; i++) folded ^= words[i]! & sum[i]!
  return wordParity(folded)
}
