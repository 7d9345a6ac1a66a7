/** A Wegman-Carter tag whose point and pad both serve once: for single messages between two who share key bits. */
import { PolynomialHash } from './polynomial-hash.ts'

/** Point and pad, 16 bytes each. */
export const oneTimeTagKeyBytes: number = 32
export const oneTimeTagBytes: number = 16

/**
 * H_r(message) XOR pad. Forging it succeeds with at most (blocks + 2) / 2^128 for an ideal key.
 *
 * @param key - 32 bytes known to both ends alone and used for nothing else, ever
 * @see Wegman and Carter, J. Comput. Syst. Sci. 22, 265 (1981)
 */
export function oneTimeTag(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length !== oneTimeTagKeyBytes) throw new RangeError(`oneTimeTag: a key of ${key.length} bytes`)
  const hash = new PolynomialHash(key.subarray(0, oneTimeTagBytes))
  const tag = hash.digestWith(message)
  hash.wipe()
  for (let i = 0; i < oneTimeTagBytes; i++) tag[i]! ^= key[oneTimeTagBytes + i]!
  return tag
}
