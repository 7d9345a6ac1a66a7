/** HKDF with SHA-512 (RFC 5869) over whichever HMAC there is. */
import type { HashFunctions } from './hash-functions.ts'

export function extractWith(hash: HashFunctions, salt: Uint8Array, ikm: Uint8Array): Uint8Array<ArrayBuffer> {
  return hash.hmacSha512(salt.length > 0 ? salt : new Uint8Array(64), [ikm])
}

export function expandWith(
  hash: HashFunctions,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(length / 64)
  if (blocks > 255) throw new RangeError(`hkdf: ${length} bytes are more than SHA-512 yields`)
  let block = hash.hmacSha512(prk, [info, Uint8Array.of(1)])
  if (length === 64) return block
  const okm = new Uint8Array(blocks * 64)
  okm.set(block)
  for (let i = 1; i < blocks; i++) {
    block = hash.hmacSha512(prk, [block, info, Uint8Array.of(i + 1)])
    okm.set(block, i * 64)
  }
  return okm.slice(0, length)
}
