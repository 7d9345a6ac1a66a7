/**
 * Error verification: a short universal hash of the corrected key at a public point that is drawn after the last
 * correction (role in the proof: Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634, 2012).
 */
import { packBits } from './bits.ts'
import { PolynomialHash } from './polynomial-hash.ts'

/** Bits of the key that the comparison says in the clear. */
export const verificationBits = 64

/**
 * @param key - corrected key, one byte per bit
 * @param point - sixteen random bytes, public
 * @returns the first 64 bits of the hash
 */
export function verificationHash(key: Uint8Array, point: Uint8Array): Uint8Array {
  const hash = new PolynomialHash(point)
  const packed = packBits(key)
  const digest = hash.digestWith(packed).slice(0, verificationBits / 8)
  packed.fill(0)
  hash.wipe()
  return digest
}

/** Probability that two different keys of n bits pass: (blocks of key, length and count) / 2^64. */
export function verificationFailureProbability(n: number): number {
  return (Math.ceil(n / 128) + 2) / 2 ** verificationBits
}
