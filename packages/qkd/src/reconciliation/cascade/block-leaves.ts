/** A block pass: its places begin as blocks of equal size. Leaves and odd leaves are sets of bits, found by bit scan. */
import type { Order } from './order.ts'
import type { OddPartition, Partition } from './partition.ts'
import { bitOf, nextSet, prefixParities, previousSet } from './words.ts'

export interface BlockPass {
  readonly blockBits: number
  readonly places: number
  /** The last one is shorter, or one place longer where a single place would be left over. */
  readonly blocks: number
  /** The frame's own order in the first pass. */
  readonly order: Order | undefined
}

export class BlockLeaves implements Partition {
  readonly grain = 1
  readonly pass: BlockPass
  /** A bit at each place where a leaf begins, and one after the last place. Open to the inner loops. */
  readonly starts: Int32Array
  /** Prefix parities; after turns they are right within each leaf, which is all that is ever asked. */
  readonly prefix: Int32Array
  /** @param scratch - room for the places of the pass, zero before and after */
  constructor(pass: BlockPass, frame: Int32Array, scratch: Int32Array) {
    this.pass = pass
    const words = (pass.places + 31) >> 5
    this.starts = new Int32Array(words + 1)
    this.prefix = new Int32Array(words + 1)
    for (let block = 0; block < pass.blocks; block++) this.cut(block * pass.blockBits)
    this.cut(pass.places)
    if (pass.order) {
      pass.order.arrange(frame, scratch)
      prefixParities(scratch, words, this.prefix)
      scratch.fill(0, 0, words)
    } else {
      prefixParities(frame, words, this.prefix)
    }
  }

  /** Parity of a block of the pass, true until the first bit turns. */
  blockParity(block: number): number {
    return bitOf(this.prefix, block * this.pass.blockBits) ^ bitOf(this.prefix, this.blockEnd(block))
  }

  blockEnd(block: number): number {
    return block === this.pass.blocks - 1 ? this.pass.places : (block + 1) * this.pass.blockBits
  }

  isLeaf(start: number): boolean {
    return start < this.pass.places && bitOf(this.starts, start) === 1 && bitOf(this.starts, start + 1) === 0
  }

  endOf(start: number): number {
    return nextSet(this.starts, start + 1)
  }

  cut(bound: number): void {
    this.starts[bound >> 5]! |= 1 << (bound & 31)
  }

  /** Whether a place is a leaf of its own. */
  isSingle(place: number): boolean {
    const next = place + 1
    return ((this.starts[place >> 5]! >>> (place & 31)) & (this.starts[next >> 5]! >>> (next & 31)) & 1) === 1
  }

  placeOf(position: number): number {
    return this.pass.order ? this.pass.order.placeOf(position) : position
  }

  positionOf(place: number): number {
    return this.pass.order ? this.pass.order.positionOf(place) : place
  }

  parity(start: number, end: number): number {
    return bitOf(this.prefix, start) ^ bitOf(this.prefix, end)
  }

  wipe(): void {
    this.prefix.fill(0)
  }
}

/** The asking side's block pass. */
export class OddBlockLeaves extends BlockLeaves implements OddPartition {
  oddCount = 0
  /** A bit at the start of each odd leaf. */
  readonly #odd: Int32Array
  /** A bit for each word of `odd` that may be other than 0. */
  readonly #oddWords: Int32Array

  constructor(pass: BlockPass, frame: Int32Array, scratch: Int32Array) {
    super(pass, frame, scratch)
    this.#odd = new Int32Array(this.starts.length)
    this.#oddWords = new Int32Array((this.starts.length + 31) >> 5)
  }

  markOdd(start: number): void {
    const word = start >> 5
    const bit = 1 << (start & 31)
    const turned = this.#odd[word]! ^ bit
    this.#odd[word] = turned
    this.#oddWords[word >> 5]! |= 1 << (word & 31)
    this.oddCount += (turned & bit) === 0 ? -1 : 1
  }

  takeOdd(most: number, take: (start: number, end: number) => void): void {
    const oddWords = this.#oddWords
    const odd = this.#odd
    const { starts } = this
    let left = Math.min(most, this.oddCount)
    this.oddCount -= left
    for (let group = 0; left > 0; group++) {
      let words = oddWords[group]!
      while (words !== 0 && left > 0) {
        const word = (group << 5) + 31 - Math.clz32(words & -words)
        let bits = odd[word]!
        while (bits !== 0 && left > 0) {
          const start = (word << 5) + 31 - Math.clz32(bits & -bits)
          bits &= bits - 1
          take(start, nextSet(starts, start + 1))
          left--
        }
        odd[word] = bits
        if (bits === 0) words &= words - 1
      }
      oddWords[group] = words
    }
  }

  turn(place: number): void {
    const { starts, prefix } = this
    let word = place >> 5
    const above = -2 << (place & 31)
    let next = starts[word]! & above
    if (next === 0) {
      prefix[word]! ^= above
      for (next = starts[++word]!; next === 0; next = starts[++word]!) prefix[word] = ~prefix[word]!
      prefix[word]! ^= (next & -next) - 1
    } else {
      prefix[word]! ^= above & ((next & -next) - 1)
    }
    this.markOdd(previousSet(starts, place))
  }

  override wipe(): void {
    super.wipe()
    this.#odd.fill(0)
  }
}
