/** What every way of computing the Toeplitz product offers, and the sizes that all of them refuse. */
export interface Amplifier {
  readonly name: 'typescript' | 'wasm'
  /**
   * y_j = XOR over i of x_i s_(n-1+j-i). Bits are packed, the first in the lowest bit of the first byte. What it copied
   * of the input is overwritten before it returns; input and output belong to the caller.
   *
   * @param input - x, at least n bits; what follows is not looked at
   * @param inputBits - n, from 1 to 100,000,000
   * @param seed - s, at least n + m - 1 public random bits; what follows does not count
   * @param outputBits - m, from 1 to n
   * @returns y; the unused bits of the last byte are 0
   * @throws RangeError for sizes out of bounds
   */
  amplify(input: Uint8Array, inputBits: number, seed: Uint8Array, outputBits: number): Uint8Array
}

export const maxAmplifiedBits = 100_000_000

/** Bytes of the public seed of an n by m Toeplitz matrix. */
export function toeplitzSeedBytes(inputBits: number, outputBits: number): number {
  return (inputBits + outputBits - 1 + 7) >> 3
}

export function checkSizes(input: Uint8Array, inputBits: number, seed: Uint8Array, outputBits: number): void {
  if (!Number.isInteger(inputBits) || inputBits < 1 || inputBits > maxAmplifiedBits) {
    throw new RangeError(`amplify: inputBits is ${inputBits}, not a whole number from 1 to ${maxAmplifiedBits}`)
  }
  if (!Number.isInteger(outputBits) || outputBits < 1 || outputBits > inputBits) {
    throw new RangeError(`amplify: outputBits is ${outputBits}, not a whole number from 1 to inputBits = ${inputBits}`)
  }
  if (input.length < (inputBits + 7) >> 3) {
    throw new RangeError(`amplify: ${input.length} bytes of input for ${inputBits} bits`)
  }
  if (seed.length < toeplitzSeedBytes(inputBits, outputBits)) {
    throw new RangeError(`amplify: ${seed.length} bytes of seed for ${inputBits + outputBits - 1} bits`)
  }
}
