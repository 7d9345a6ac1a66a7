/** Bits, one byte each, to what the engine takes and back, the first bit lowest; and chance for keys. */

export function packBytes(bits: Uint8Array): Uint8Array {
  const packed = new Uint8Array((bits.length + 7) >> 3)
  for (let i = 0; i < bits.length; i++) packed[i >> 3]! |= bits[i]! << (i & 7)
  return packed
}

export function packWords(bits: Uint8Array): Uint32Array {
  const words = new Uint32Array((bits.length + 31) >> 5)
  for (let i = 0; i < bits.length; i++) words[i >> 5]! |= bits[i]! << (i & 31)
  return words
}

export function unpackWords(words: Uint32Array, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => (words[i >> 5]! >>> (i & 31)) & 1)
}

/** Secure chance, in portions that the platform grants. */
export function chance(length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}
