/**
 * Privacy amplification by a Toeplitz matrix over GF(2), T[j][i] = s[n-1+j-i], a universal family (Krawczyk, CRYPTO
 * '94; security by the quantum leftover hash lemma, Tomamichel et al., IEEE Trans. Inf. Theory 57, 5524, 2011).
 */
import { bitAt, packBits, packWords } from '../bits.ts'
import { toeplitzProduct } from './toeplitz-product.ts'
import { TypescriptBlocks } from './typescript-blocks.ts'

// About where n m / 64 word operations take as long as three transforms whose code is not warm yet.
const longestDirect = 1e9

/**
 * y_j = XOR over i of x_i s_(n-1+j-i). Exact; directly while that is quick, else by the transform.
 *
 * @param input - x, n bits, one byte per bit
 * @param seed - s, n + m - 1 public random bits, packed
 * @param outputBits - m
 * @returns y, one byte per bit
 */
export function toeplitzHash(input: Uint8Array, seed: Uint8Array, outputBits: number): Uint8Array {
  const n = input.length
  if (seed.length !== toeplitzSeedBytes(n, outputBits)) {
    throw new RangeError(`toeplitzHash: ${seed.length} seed bytes for n = ${n}, m = ${outputBits}`)
  }
  if (n * outputBits > longestDirect) return byTransform(input, seed, outputBits)
  const outWords = (outputBits + 31) >> 5
  const sums = new Uint32Array(outWords)
  const shifts = shiftedCopies(seed, n + outputBits - 1)
  for (let i = 0; i < n; i++) {
    if (!input[i]) continue
    const from = n - 1 - i
    const copy = shifts[from & 31]!
    const offset = from >> 5
    for (let w = 0; w < outWords; w++) sums[w]! ^= copy[offset + w]!
  }
  const output = new Uint8Array(outputBits)
  for (let j = 0; j < outputBits; j++) output[j] = (sums[j >> 5]! >>> (j & 31)) & 1
  sums.fill(0)
  return output
}

function byTransform(input: Uint8Array, seed: Uint8Array, outputBits: number): Uint8Array {
  const packed = packBits(input)
  const product = toeplitzProduct(new TypescriptBlocks(), packed, input.length, seed, outputBits)
  const output = Uint8Array.from({ length: outputBits }, (_, j) => bitAt(product, j))
  packed.fill(0)
  product.fill(0)
  return output
}

export function toeplitzSeedBytes(inputBits: number, outputBits: number): number {
  return (inputBits + outputBits - 1 + 7) >> 3
}

// Copy b starts at bit b of the seed, so that every window of the seed is aligned in one of the 32 copies.
function shiftedCopies(seed: Uint8Array, seedBits: number): Uint32Array[] {
  const bits = new Uint8Array(seedBits)
  for (let i = 0; i < seedBits; i++) bits[i] = bitAt(seed, i)
  const aligned = packWords(bits)
  return Array.from({ length: 32 }, (_, by) => {
    const copy = new Uint32Array(aligned.length + 1)
    for (let w = 0; w < aligned.length; w++) {
      const high = by === 0 ? 0 : (aligned[w + 1] ?? 0) << (32 - by)
      copy[w] = (aligned[w]! >>> by) | high
    }
    return copy
  })
}
