/** SHA-2, HMAC and HKDF without a promise: most inputs are tiny, and a WebCrypto round trip costs more than the work. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'

export function sha256(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = nobleSha256.create()
  for (const part of parts) hash.update(part)
  return hash.digest() as Uint8Array<ArrayBuffer>
}

export function sha512(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return nobleSha512(data) as Uint8Array<ArrayBuffer>
}

export function hmacSha512(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const mac = hmac.create(nobleSha512, key)
  for (const part of parts) mac.update(part)
  return mac.digest() as Uint8Array<ArrayBuffer>
}

/** HKDF-Extract with SHA-512 (RFC 5869 §2.2). */
export function hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array<ArrayBuffer> {
  return hmacSha512(salt.length > 0 ? salt : new Uint8Array(64), ikm)
}

/** HKDF-Expand with SHA-512 (RFC 5869 §2.3): `length` bytes, 255 blocks of 64 at most. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil(length / 64)
  if (blocks > 255) throw new RangeError(`hkdf: ${length} bytes are more than SHA-512 yields`)
  const okm = new Uint8Array(blocks * 64)
  let block: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  for (let i = 0; i < blocks; i++) {
    block = hmacSha512(prk, block, info, Uint8Array.of(i + 1))
    okm.set(block, i * 64)
  }
  return okm.slice(0, length)
}
