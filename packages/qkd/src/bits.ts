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
  if (packed.length !== (bitCount + 7) >> 3) return undefined
  const spare = packed.length * 8 - bitCount
  if (spare > 0 && packed[packed.length - 1]! >> (8 - spare) !== 0) return undefined
  const bits = new Uint8Array(bitCount)
  for (let i = 0; i < bitCount; i++) bits[i] = bitAt(packed, i)
  return bits
}

/** Packs one-byte bits into 32-bit words, bit i at bit (i & 31) of word (i >> 5). */
export function packWords(bits: Uint8Array): Uint32Array {
  const words = new Uint32Array((bits.length + 31) >> 5)
  for (let i = 0; i < bits.length; i++) if (bits[i]) words[i >> 5]! |= 1 << (i & 31)
  return words
}
