/**
 * AES-256-GCM with 96-bit nonces (NIST SP 800-38D), by Node or by WebCrypto. MLS and HPKE use each key once, so there is
 * nothing to gain from keeping imported ones.
 */
import type { NodeCrypto } from './node-crypto.ts'

/** Ciphertexts carry their 16-byte tag behind them. `decrypt` throws where it does not fit. */
export interface AesGcm {
  encrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  decrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
}

const tagBytes = 16

export function nodeAesGcm(node: NodeCrypto): AesGcm {
  const options = { authTagLength: tagBytes } as const
  return {
    async encrypt(key, iv, aad, plaintext) {
      checkSizes(key, iv)
      const cipher = node.createCipheriv('aes-256-gcm', key, iv, options).setAAD(aad)
      const sealed = new Uint8Array(plaintext.length + tagBytes)
      sealed.set(cipher.update(plaintext))
      cipher.final()
      sealed.set(cipher.getAuthTag(), plaintext.length)
      return sealed
    },
    async decrypt(key, iv, aad, ciphertext) {
      checkSizes(key, iv)
      const length = ciphertext.length - tagBytes
      if (length < 0) throw new RangeError('aes-gcm: shorter than its tag')
      const decipher = node.createDecipheriv('aes-256-gcm', key, iv, options).setAAD(aad)
      decipher.setAuthTag(ciphertext.subarray(length))
      const plaintext = Uint8Array.from(decipher.update(ciphertext.subarray(0, length)))
      decipher.final() // throws where the tag does not fit, before anything of the plaintext is handed out
      return plaintext
    },
  }
}

export const webcryptoAesGcm: AesGcm = {
  async encrypt(key, iv, aad, plaintext) {
    checkSizes(key, iv)
    const params = { name: 'AES-GCM', iv: iv as BufferSource, additionalData: aad as BufferSource }
    return new Uint8Array(
      await crypto.subtle.encrypt(params, await importKey(key, 'encrypt'), plaintext as BufferSource),
    )
  },
  async decrypt(key, iv, aad, ciphertext) {
    checkSizes(key, iv)
    const params = { name: 'AES-GCM', iv: iv as BufferSource, additionalData: aad as BufferSource }
    return new Uint8Array(
      await crypto.subtle.decrypt(params, await importKey(key, 'decrypt'), ciphertext as BufferSource),
    )
  },
}

function importKey(key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key as BufferSource, 'AES-GCM', false, [use])
}

function checkSizes(key: Uint8Array, iv: Uint8Array): void {
  if (key.length !== 32 || iv.length !== 12)
    throw new RangeError(`aes-gcm: key ${key.length}, nonce ${iv.length} bytes`)
}
