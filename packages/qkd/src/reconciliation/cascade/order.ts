/**
 * The order in which a pass looks at the bits of a frame: a public permutation that can be applied to packed words.
 *
 * Short frames are shuffled bit by bit (Fisher-Yates). Long frames are woven, which is eight times as fast: words are put
 * in random order and turned by random amounts, each 32 of them are transposed as a 32 by 32 matrix of bits, and
 * the columns are laid down one after the other, the words of each column in a random order of its own. Two bits of one
 * word thus never meet in a block shorter than a column, and others meet about as often as after a shuffle. Each order
 * weaves the one before it, so that what met once has no better chance to meet again.
 */
import { type SeededRandom, seededInteger, seededPermutation } from '../../random.ts'

const minWovenBits = 1 << 13

export interface Order {
  /** Bits in this order, padding included. */
  readonly places: number
  /** @param into - at least `wordCount` words */
  arrange(frame: Int32Array, into: Int32Array): void
  placeOf(position: number): number
  positionOf(place: number): number
}

/** @param before - the order that is permuted again; undefined for the frame itself */
export function nextOrder(n: number, before: Order | undefined, random: SeededRandom): Order {
  if (n < minWovenBits) return new Shuffle(n, random)
  return new Weave(n, before ?? new Weave(n, undefined, random), random)
}

class Shuffle implements Order {
  readonly places: number
  readonly #positions: Uint32Array
  readonly #placeOf: Uint32Array

  constructor(n: number, random: SeededRandom) {
    this.places = n
    this.#positions = seededPermutation(n, random)
    this.#placeOf = inverse(this.#positions)
  }

  arrange(frame: Int32Array, into: Int32Array): void {
    const positions = this.#positions
    for (let word = 0; word << 5 < positions.length; word++) {
      const base = word << 5
      const end = Math.min(32, positions.length - base)
      let gathered = 0
      for (let bit = 0; bit < end; bit++) {
        const position = positions[base + bit]!
        gathered |= ((frame[position >> 5]! >>> (position & 31)) & 1) << bit
      }
      into[word] = gathered
    }
  }

  placeOf(position: number): number {
    return this.#placeOf[position]!
  }

  positionOf(place: number): number {
    return this.#positions[place]!
  }
}

class Weave implements Order {
  readonly places: number
  readonly #before: Order | undefined
  /** Which word stands in each row; rows beyond the last word are empty. */
  readonly #wordOfRow: Indices
  readonly #rowOfWord: Indices
  /** By how much the word in each row is turned. */
  readonly #turn: Uint8Array
  /** Where column j of tile t goes, at 32 t + j, and what stands where. */
  readonly #target: Indices
  readonly #origin: Indices
  readonly #tile: Int32Array = new Int32Array(32)
  readonly #arranged: Int32Array

  constructor(n: number, before: Order | undefined, random: SeededRandom) {
    const tiles = (n + 1023) >> 10
    const rows = tiles << 5
    this.places = rows << 5
    this.#before = before
    const wordOfRow = seededPermutation(rows, random)
    this.#wordOfRow = indices(wordOfRow)
    this.#rowOfWord = indices(inverse(wordOfRow))
    this.#turn = Uint8Array.from({ length: rows }, () => seededInteger(random, 32))
    const target = new Uint32Array(rows)
    for (let column = 0; column < 32; column++) {
      const order = seededPermutation(tiles, random)
      for (let tile = 0; tile < tiles; tile++) target[(tile << 5) + column] = column * tiles + order[tile]!
    }
    this.#target = indices(target)
    this.#origin = indices(inverse(target))
    this.#arranged = new Int32Array(before ? rows : 0)
  }

  arrange(frame: Int32Array, into: Int32Array): void {
    let source = frame
    if (this.#before) {
      source = this.#arranged
      this.#before.arrange(frame, source)
    }
    const wordOfRow = this.#wordOfRow
    const turn = this.#turn
    const target = this.#target
    const tile = this.#tile
    const words = source.length
    for (let base = 0; base < wordOfRow.length; base += 32) {
      for (let row = 0; row < 32; row++) {
        const index = wordOfRow[base + row]!
        const word = index < words ? source[index]! : 0
        const by = turn[base + row]!
        tile[row] = (word << by) | (word >>> (32 - by))
      }
      transpose(tile)
      for (let column = 0; column < 32; column++) into[target[base + column]!] = tile[column]!
    }
    tile.fill(0)
    if (this.#before) this.#arranged.fill(0)
  }

  placeOf(position: number): number {
    const place = this.#before ? this.#before.placeOf(position) : position
    const row = this.#rowOfWord[place >> 5]!
    const column = (place + this.#turn[row]!) & 31
    return (this.#target[(row & ~31) + column]! << 5) + (row & 31)
  }

  positionOf(place: number): number {
    const origin = this.#origin[place >> 5]!
    const row = (origin & ~31) + (place & 31)
    const from = (this.#wordOfRow[row]! << 5) + ((origin - this.#turn[row]!) & 31)
    return this.#before ? this.#before.positionOf(from) : from
  }
}

/** Bit c of word r becomes bit r of word c. */
function transpose(words: Int32Array): void {
  let mask = 0xffff
  for (let half = 16; half > 0; half >>= 1, mask ^= mask << half) {
    for (let at = 0; at < 32; at = ((at | half) + 1) & ~half) {
      const low = words[at]!
      const high = words[at | half]!
      const moved = ((low >>> half) ^ high) & mask
      words[at] = low ^ (moved << half)
      words[at | half] = high ^ moved
    }
  }
}

type Indices = Uint16Array | Uint32Array

/** As small as they can be had, since they are looked up at random. */
function indices(list: Uint32Array): Indices {
  return list.length <= 1 << 16 ? Uint16Array.from(list) : list
}

function inverse(permutation: Uint32Array): Uint32Array {
  const inverted = new Uint32Array(permutation.length)
  for (let i = 0; i < permutation.length; i++) inverted[permutation[i]!] = i
  return inverted
}
