/** Ed25519 by WebCrypto with raw keys: 32-byte seeds and 32-byte public keys. Imported keys are kept. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { concatBytes, toBase64Url } from '@qsec/protocol'

/** A PKCS #8 wrapping of an Ed25519 seed is this prefix and the seed (RFC 8410 §7). */
const pkcs8Prefix = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)
const verifyKeysKept = 2_048

// Seeds are their own names here: the map must not outlive them, so it is keyed by the array, not by its bytes.
const signKeys = new WeakMap<Uint8Array, CryptoKey>()
const verifyKeys = new Map<string, CryptoKey | undefined>()

export function ed25519PublicKey(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  return ed25519.getPublicKey(seed) as Uint8Array<ArrayBuffer>
}

export async function ed25519Sign(seed: Uint8Array, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  let key = signKeys.get(seed)
  if (!key) {
    key = await crypto.subtle.importKey('pkcs8', concatBytes(pkcs8Prefix, seed), 'Ed25519', false, ['sign'])
    signKeys.set(seed, key)
  }
  return new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as Uint8Array<ArrayBuffer>))
}

/**
 * Strict: besides RFC 8032 §5.1.7 it refuses public keys of small order and such as are not spelled canonically,
 * under which one signature would fit many messages.
 */
export async function ed25519Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const key = await verifyKey(publicKey)
  if (!key) return false
  return crypto.subtle.verify('Ed25519', key, signature as Uint8Array<ArrayBuffer>, message as Uint8Array<ArrayBuffer>)
}

async function verifyKey(publicKey: Uint8Array): Promise<CryptoKey | undefined> {
  const name = toBase64Url(publicKey)
  if (verifyKeys.has(name)) return verifyKeys.get(name)
  const key = isSoundPoint(publicKey)
    ? await crypto.subtle.importKey('raw', publicKey as Uint8Array<ArrayBuffer>, 'Ed25519', false, ['verify'])
    : undefined
  if (verifyKeys.size >= verifyKeysKept) verifyKeys.delete(verifyKeys.keys().next().value!)
  verifyKeys.set(name, key)
  return key
}

function isSoundPoint(publicKey: Uint8Array): boolean {
  try {
    return !ed25519.Point.fromBytes(publicKey, false).isSmallOrder()
  } catch {
    return false // not the canonical spelling of a point on the curve
  }
}
