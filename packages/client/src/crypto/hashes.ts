/** SHA-2, HMAC and HKDF without a promise: most inputs are tiny, and a WebCrypto round trip costs more than the work. */
import { backends } from './suite/backends.ts'
import { expandWith, extractWith } from './suite/hkdf.ts'

const { hash } = backends

export function sha256(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return hash.sha256(parts)
}

export function sha512(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return hash.sha512(data)
}

export function hmacSha512(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return hash.hmacSha512(key, parts)
}

/** HKDF-Extract with SHA-512 (RFC 5869 §2.2). */
export function hkdfExtract(salt: Uint8Array, ikm: Uint8Array): Uint8Array<ArrayBuffer> {
  return extractWith(hash, salt, ikm)
}

/** HKDF-Expand with SHA-512 (RFC 5869 §2.3): `length` bytes, 255 blocks of 64 at most. */
export function hkdfExpand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return expandWith(hash, prk, info, length)
}
