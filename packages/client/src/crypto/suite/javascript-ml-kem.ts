/** ML-KEM-768 (FIPS 203) in JavaScript, fetched only where the platform has none. */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js'
import type { KemHalf } from './kem-halves.ts'

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
