/** What X-Wing is made of, ML-KEM-768 (FIPS 203) and X25519 (RFC 7748), each as a KEM and in JavaScript. */
import { x25519 } from '@noble/curves/ed25519.js'
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'

type Promised<T> = T | Promise<T>

/**
 * A KEM with raw keys. It throws for a public key or a ciphertext that is none; a well-formed wrong ML-KEM ciphertext
 * gives a secret that nobody else has (FIPS 203 §6.3).
 */
export interface KemHalf {
  /** @param secret - for ML-KEM-768 the 64 bytes d ‖ z, for X25519 its 32 */
  publicKey(secret: Uint8Array): Promised<Uint8Array>
  encapsulate(publicKey: Uint8Array): Promised<Encapsulated>
  decapsulate(secret: Uint8Array, ciphertext: Uint8Array): Promised<Uint8Array>
}

export interface Encapsulated {
  ciphertext: Uint8Array
  sharedSecret: Uint8Array
}

export const javascriptMlKem: KemHalf = {
  publicKey: (seed) => ml_kem768.keygen(seed).publicKey,
  encapsulate(publicKey) {
    if (!isReduced(publicKey)) throw new RangeError('ml-kem: not the spelling of a public key')
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey)
    return { ciphertext: cipherText, sharedSecret }
  },
  decapsulate(seed, ciphertext) {
    const { secretKey } = ml_kem768.keygen(seed)
    const sharedSecret = ml_kem768.decapsulate(ciphertext, secretKey)
    secretKey.fill(0)
    return sharedSecret
  },
}

/**
 * FIPS 203 §7.2: every 12-bit coefficient is below q = 3329, so that a key has one spelling. The library means to look,
 * but takes 4,095 at its version 0.5.2.
 */
function isReduced(publicKey: Uint8Array): boolean {
  const coefficients = publicKey.subarray(0, 1_152)
  for (let i = 0; i < coefficients.length; i += 3) {
    const [low, middle, high] = [coefficients[i]!, coefficients[i + 1]!, coefficients[i + 2]!]
    if ((low | ((middle & 15) << 8)) >= 3_329 || ((middle >> 4) | (high << 4)) >= 3_329) return false
  }
  return true
}

export const javascriptX25519: KemHalf = {
  publicKey: (secret) => x25519.getPublicKey(secret),
  encapsulate(publicKey) {
    const secret = crypto.getRandomValues(new Uint8Array(32))
    const sharedSecret = x25519.getSharedSecret(secret, publicKey)
    const ciphertext = x25519.getPublicKey(secret)
    secret.fill(0)
    return { ciphertext, sharedSecret }
  },
  decapsulate: (secret, ciphertext) => x25519.getSharedSecret(secret, ciphertext),
}
