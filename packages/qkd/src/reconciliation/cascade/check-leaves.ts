/**
 * A check that found something: its places are the bits of its half of the frame, cell by cell, the layers of a cell next
 * to each other. It is searched like a block; it has few leaves, so they are a list.
 */
import { cellOf, type Fold, type Mask, maskParity } from './fold.ts'
import type { OddPartition } from './partition.ts'
import { bitOf, wordParity } from './words.ts'

export class CheckLeaves implements OddPartition {
  readonly grain: number
  oddCount = 0
  readonly #fold: Fold
  readonly #mask: Mask
  readonly #frame: Int32Array
  readonly #sum: Int32Array
  /** Where leaves begin, ascending, and one entry after the last place. */
  readonly #starts: number[]
  readonly #odd: Set<number> = new Set()

  /** @param sum - the fold of `frame`; both are the caller's, who keeps them up to date */
  constructor(fold: Fold, mask: Mask, frame: Int32Array, sum: Int32Array) {
    this.grain = fold.layers
    this.#fold = fold
    this.#mask = mask
    this.#frame = frame
    this.#sum = sum
    this.#starts = [0, mask.cells.length * fold.layers]
  }

  /** Parity of the whole half, as it is now. */
  get wholeParity(): number {
    return maskParity(this.#mask, this.#sum)
  }

  isLeaf(start: number): boolean {
    const index = this.#starts.indexOf(start)
    return index >= 0 && index + 1 < this.#starts.length && this.#starts[index + 1]! > start + 1
  }

  endOf(start: number): number {
    return this.#starts[this.#starts.indexOf(start) + 1]!
  }

  cut(bound: number): void {
    const index = this.#starts.findIndex((start) => start >= bound)
    if (this.#starts[index] !== bound) this.#starts.splice(index, 0, bound)
  }

  parity(start: number, end: number): number {
    const { layers } = this.#fold
    if (end - start < layers) {
      let parity = 0
      for (let place = start; place < end; place++) {
        const position = this.positionOf(place)
        if (position >> 5 < this.#frame.length) parity ^= bitOf(this.#frame, position)
      }
      return parity
    }
    const { cells, words } = this.#mask
    const first = cells[start / layers]!
    const last = cells[end / layers - 1]!
    const headMask = -1 << (first & 31)
    const tailMask = (2 << (last & 31)) - 1
    const sum = this.#sum
    let at = first >> 5
    const lastWord = last >> 5
    if (at === lastWord) return wordParity(sum[at]! & words[at]! & headMask & tailMask)
    let folded = (sum[at]! & words[at]! & headMask) ^ (sum[lastWord]! & words[lastWord]! & tailMask)
    while (++at < lastWord) folded ^= sum[at]! & words[at]!
    return wordParity(folded)
  }

  markOdd(start: number): void {
    if (!this.#odd.delete(start)) this.#odd.add(start)
    this.oddCount = this.#odd.size
  }

  takeOdd(most: number, take: (start: number, end: number) => void): void {
    const starts = [...this.#odd].sort((a, b) => a - b).slice(0, most)
    for (const start of starts) {
      this.#odd.delete(start)
      take(start, this.endOf(start))
    }
    this.oddCount = this.#odd.size
  }

  turn(place: number): void {
    const after = this.#starts.findIndex((start) => start > place)
    this.markOdd(this.#starts[after - 1]!)
  }

  /** -1 for a position outside this half. */
  placeOf(position: number): number {
    const cell = cellOf(this.#fold, position)
    if (bitOf(this.#mask.words, cell) === 0) return -1
    const { cells } = this.#mask
    let low = 0
    for (let high = cells.length - 1; low < high; ) {
      const middle = (low + high) >> 1
      if (cells[middle]! < cell) low = middle + 1
      else high = middle
    }
    return low * this.#fold.layers + Math.floor((position >> 5) / this.#fold.words)
  }

  positionOf(place: number): number {
    const { layers, words } = this.#fold
    const cell = this.#mask.cells[Math.floor(place / layers)]!
    return (((place % layers) * words + (cell >> 5)) << 5) + (cell & 31)
  }

  wipe(): void {
    this.#odd.clear()
  }
}
