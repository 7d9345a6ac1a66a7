/** Bits in two shapes: one byte per bit where we think about them, packed where they travel or are counted. */

/** Packed bits: bit i is bit (i & 7) of byte (i >> 3), least significant first. */
export function bitAt(packed: Uint8Array, index: number): number {
  return (packed[index >> 3]! >> (index & 7)) & 1
}

/** Packs one-byte bits (0 or 1); the unused bits of the last byte are 0. */
export function packBits(bits: Uint8Array): Uint8Array {
  const packed = new Uint8Array((bits.length + 7) >> 3)
  for (let i = 0; i < bits.length; i++) if (bits[i]) packed[i >> 3]! |= 1 << (i & 7)
  return packed
}

/** Reverses packBits; undefined if the byte count is wrong or an unused bit is set, so that each text has one form. */
export function unpackBits(packed: Uint8Array, bitCount: number): Uint8Array | undefined {
  if (!isPacked(packed, bitCount)) return undefined
  const bits = new Uint8Array(bitCount)
  for (let i = 0; i < bitCount; i++) bits[i] = bitAt(packed, i)
  return bits
}

/** True if exactly so many bits fit in, and the unused bits of the last byte are 0: each text has one form. */
export function isPacked(packed: Uint8Array, bitCount: number): boolean {
  if (packed.length !== (bitCount + 7) >> 3) return false
  const spare = packed.length * 8 - bitCount
  return spare === 0 || packed[packed.length - 1]! >> (8 - spare) === 0
}

/** Packs one-byte bits into 32-bit words, bit i at bit (i & 31) of word (i >> 5). */
export function packWords(bits: Uint8Array): Uint32Array {
  const words = new Uint32Array((bits.length + 31) >> 5)
  for (let i = 0; i < bits.length; i++) if (bits[i]) words[i >> 5]! |= 1 << (i & 31)
  return words
}

/** Packed bits as words; what follows the last bit is cleared. */
export function wordsOf(packed: Uint8Array, bitCount: number): Uint32Array {
  const words = new Uint32Array((bitCount + 31) >> 5)
  const byteCount = (bitCount + 7) >> 3
  for (let i = 0; i < byteCount; i++) words[i >> 2]! |= packed[i]! << (8 * (i & 3))
  if ((bitCount & 31) !== 0) words[words.length - 1]! &= (1 << (bitCount & 31)) - 1
  return words
}

/** Reverses wordsOf. */
export function bytesOfWords(words: Uint32Array, bitCount: number): Uint8Array {
  const packed = new Uint8Array((bitCount + 7) >> 3)
  for (let i = 0; i < packed.length; i++) packed[i] = words[i >> 2]! >>> (8 * (i & 3))
  return packed
}

/** The bits whose place in the mask is 1 (or, with `wanted` 0, whose place is 0), in order, packed anew. */
export function selectBits(words: Uint32Array, mask: Uint32Array, bitCount: number, wanted: 0 | 1 = 1): Uint32Array {
  const selected = new Uint32Array(words.length + 1)
  let at = 0
  for (let w = 0; w << 5 < bitCount; w++) {
    const left = bitCount - (w << 5)
    let places = (wanted === 1 ? mask[w]! : ~mask[w]!) & (left < 32 ? (1 << left) - 1 : -1)
    // Run by run: a mask that is nearly empty or nearly full has few of them.
    while (places !== 0) {
      const start = 31 - Math.clz32(places & -places)
      const gap = ~(places >>> start)
      const run = start === 0 && gap === 0 ? 32 : 31 - Math.clz32(gap & -gap)
      const run32 = run === 32 ? -1 : (1 << run) - 1
      const bits = (words[w]! >>> start) & run32
      const shift = at & 31
      selected[at >> 5]! |= bits << shift
      if (shift + run > 32) selected[(at >> 5) + 1]! |= bits >>> (32 - shift)
      at += run
      places &= ~(run32 << start)
    }
  }
  const count = (at + 31) >> 5
  const exact = selected.slice(0, count)
  selected.fill(0)
  return exact
}

export function countOnes(words: Uint32Array): number {
  let count = 0
  for (let word of words) for (; word !== 0; word &= word - 1) count++
  return count
}
