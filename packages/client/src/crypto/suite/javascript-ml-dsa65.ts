/** ML-DSA-65 (FIPS 204) in JavaScript: fetched where the platform has none, and there at once where nothing can be fetched. */
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js'

export function mlDsa65PublicKey(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const { publicKey, secretKey } = ml_dsa65.keygen(seed)
  secretKey.fill(0)
  return publicKey as Uint8Array<ArrayBuffer>
}

/** @param hedge - 32 unpredictable bytes: a fault or a repeated state then gives nothing away (FIPS 204 §3.4) */
export function mlDsa65Sign(seed: Uint8Array, message: Uint8Array, hedge: Uint8Array): Uint8Array<ArrayBuffer> {
  const { secretKey } = ml_dsa65.keygen(seed)
  const signature = ml_dsa65.sign(message, secretKey, { extraEntropy: hedge })
  secretKey.fill(0)
  return signature as Uint8Array<ArrayBuffer>
}

/** The lengths must be right. */
export function mlDsa65Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return ml_dsa65.verify(signature, message, publicKey)
}
