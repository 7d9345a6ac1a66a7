/** What X-Wing is made of, ML-KEM-768 (FIPS 203) and X25519 (RFC 7748), each as a KEM. */

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
