/**
 * GF(2^128) = GF(2)[x] / (x^128 + x^7 + x^2 + x + 1). An element is four 32-bit words, coefficient of x^i at bit
 * (i & 31) of word (i >> 5).
 */
export type FieldElement = Uint32Array

/** Sixteen bytes as an element, coefficient of x^i at bit (i & 7) of byte (i >> 3). */
export function elementOf(bytes: Uint8Array): FieldElement {
  if (bytes.length !== 16) throw new RangeError(`elementOf: ${bytes.length} bytes, not 16`)
  const element = new Uint32Array(4)
  for (let i = 0; i < 16; i++) element[i >> 2]! |= bytes[i]! << (8 * (i & 3))
  return element
}

export function bytesOf(element: FieldElement): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => element[i >> 2]! >>> (8 * (i & 3)))
}

export function add(a: FieldElement, b: FieldElement): FieldElement {
  return a.map((word, i) => word ^ b[i]!)
}

/** Schoolbook product, one bit at a time; for many products by one factor use `multiplierBy`. */
export function multiply(a: FieldElement, b: FieldElement): FieldElement {
  const product = new Uint32Array(4)
  const shifted = Uint32Array.from(a)
  for (let i = 0; i < 128; i++) {
    if ((b[i >> 5]! >>> (i & 31)) & 1) for (let w = 0; w < 4; w++) product[w]! ^= shifted[w]!
    timesX(shifted)
  }
  return product
}

/** A function that multiplies an element in place by a fixed factor: one table row for each of its sixteen bytes. */
export function multiplierBy(factor: FieldElement): { multiply(acc: FieldElement): void; wipe(): void } {
  const table = new Uint32Array(16 * 256 * 4)
  const power = Uint32Array.from(factor)
  for (let bit = 0; bit < 128; bit++) {
    const row = (bit >> 3) * 1024
    const weight = 1 << (bit & 7)
    for (let value = weight; value < 2 * weight; value++) {
      for (let w = 0; w < 4; w++) table[row + 4 * value + w] = table[row + 4 * (value - weight) + w]! ^ power[w]!
    }
    timesX(power)
  }
  return {
    multiply(acc) {
      let r0 = 0
      let r1 = 0
      let r2 = 0
      let r3 = 0
      for (let byte = 0; byte < 16; byte++) {
        const at = byte * 1024 + 4 * ((acc[byte >> 2]! >>> (8 * (byte & 3))) & 255)
        r0 ^= table[at]!
        r1 ^= table[at + 1]!
        r2 ^= table[at + 2]!
        r3 ^= table[at + 3]!
      }
      acc[0] = r0
      acc[1] = r1
      acc[2] = r2
      acc[3] = r3
    },
    wipe() {
      table.fill(0)
      power.fill(0)
    },
  }
}

function timesX(element: FieldElement): void {
  const carry = element[3]! >>> 31
  for (let w = 3; w > 0; w--) element[w] = (element[w]! << 1) | (element[w - 1]! >>> 31)
  element[0] = (element[0]! << 1) ^ (carry * 0x87)
}
