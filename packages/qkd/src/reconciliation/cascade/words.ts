/** Bits in 32-bit words, bit i at bit (i & 31) of word (i >> 5): parities of ranges and the bits next to a place. */

/**
 * Exclusive prefix parities: bit i of `into` is the parity of the bits [0, i) of `words`. The parity of [a, b) is then the
 * sum of two bits, however long the range is. `into` holds one word more.
 */
export function prefixParities(words: Int32Array, wordCount: number, into: Int32Array): void {
  let carry = 0
  for (let i = 0; i < wordCount; i++) {
    let folded = words[i]!
    folded ^= folded << 1
    folded ^= folded << 2
    folded ^= folded << 4
    folded ^= folded << 8
    folded ^= folded << 16
    into[i] = (folded << 1) ^ carry
    carry ^= folded >> 31
  }
  into[wordCount] = carry
}

export function bitOf(words: Int32Array, at: number): number {
  return (words[at >> 5]! >>> (at & 31)) & 1
}

export function turnBit(words: Int32Array, at: number): void {
  words[at >> 5]! ^= 1 << (at & 31)
}

/** The first set bit at or after a place; there must be one. */
export function nextSet(words: Int32Array, from: number): number {
  let index = from >> 5
  let word = words[index]! & (-1 << (from & 31))
  while (word === 0) word = words[++index]!
  return (index << 5) + 31 - Math.clz32(word & -word)
}

/** The last set bit at or before a place; there must be one. */
export function previousSet(words: Int32Array, from: number): number {
  let index = from >> 5
  let word = words[index]! & ((2 << (from & 31)) - 1)
  while (word === 0) word = words[--index]!
  return (index << 5) + 31 - Math.clz32(word)
}

export function wordParity(word: number): number {
  let folded = word ^ (word >>> 16)
  folded ^= folded >>> 8
  folded ^= folded >>> 4
  return (0x6996 >>> (folded & 15)) & 1
}

export function countBits(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
