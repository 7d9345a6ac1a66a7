/** Ed25519 (RFC 8032) and X25519 (RFC 7748) in JavaScript, fetched only where the platform has one of them not. */
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import type { Ed25519 } from './ed25519-backends.ts'
import type { KemHalf } from './kem-halves.ts'

/** Without a promise. */
export function ed25519PublicKeyOf(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  return ed25519.getPublicKey(seed) as Uint8Array<ArrayBuffer>
}

const javascript: Ed25519<Uint8Array, Uint8Array> = {
  importSeed: (seed) => seed,
  importPublicKey: (key) => key,
  publicKey: async (seed) => ed25519PublicKeyOf(seed),
  sign: async (seed, message) => ed25519.sign(message, seed) as Uint8Array<ArrayBuffer>,
  // The rules of RFC 8032, not the laxer ones of ZIP 215.
  verify: async (key, message, signature) => ed25519.verify(signature, message, key, { zip215: false }),
}
export const javascriptEd25519: Ed25519 = javascript as Ed25519

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
