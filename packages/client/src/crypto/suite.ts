/**
 * The one cipher suite of QSEC: X-Wing (ML-KEM-768 with X25519), AES-256-GCM, SHA-512, Ed25519.
 *
 * Its number is ts-mls's own, outside the private range of RFC 9420 §17.1: it means nothing to other MLS libraries.
 * The name promises 256 bits; ML-KEM-768 and Ed25519 give less.
 */
import { Aes256Gcm, CipherSuite, HkdfSha512 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { equalBytes } from '@qsec/protocol'
import type { CiphersuiteImpl } from 'ts-mls'
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'
import { hkdfExpand, hkdfExtract, hmacSha512, sha512 } from './hashes.ts'

export const suiteName = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519'
/** As it stands on the wire, in key packages, group contexts and the hash that makes a closed room's address. */
export const suiteNumber: number = 83
/** Output of the suite's KDF, and so the length of a PSK nonce (RFC 9420 §8.4). */
export const kdfBytes: number = 64
/** An X-Wing public key. */
export const hpkePublicKeyBytes: number = 1_216

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

const aesGcm = {
  async encrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array> {
    const cryptoKey = await crypto.subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, ['encrypt'])
    const params = { name: 'AES-GCM', iv: iv as BufferSource, additionalData: aad as BufferSource }
    return new Uint8Array(await crypto.subtle.encrypt(params, cryptoKey, plaintext as BufferSource))
  },
  async decrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
    const cryptoKey = await crypto.subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, ['decrypt'])
    const params = { name: 'AES-GCM', iv: iv as BufferSource, additionalData: aad as BufferSource }
    return new Uint8Array(await crypto.subtle.decrypt(params, cryptoKey, ciphertext as BufferSource))
  },
}

export const suite: CiphersuiteImpl = {
  name: suiteName,
  hash: {
    digest: async (data) => sha512(data),
    mac: async (key, data) => hmacSha512(key, data),
    // equalBytes compares the lengths first: a cut tag is no tag.
    verifyMac: async (key, mac, data) => equalBytes(hmacSha512(key, data), mac),
  },
  kdf: {
    size: kdfBytes,
    extract: async (salt, ikm) => hkdfExtract(salt, ikm),
    expand: async (prk, info, length) => hkdfExpand(prk, info, length),
  },
  signature: {
    sign: ed25519Sign,
    verify: ed25519Verify,
    async keygen() {
      const signKey = randomBytes(32)
      return { signKey, publicKey: ed25519PublicKey(signKey) }
    },
  },
  hpke: await makeGenericHpke(
    { kem: 'X-Wing', kdf: 'HKDF-SHA512', aead: 'AES256GCM' },
    aesGcm,
    new CipherSuite({ kem: new XWing(), kdf: new HkdfSha512(), aead: new Aes256Gcm() }),
  ),
  rng: { randomBytes },
}
