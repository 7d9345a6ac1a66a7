/** Strict Ed25519 with raw keys over whichever implementation there is. Imported keys are kept. */
import { toBase64Url } from '@qsec/protocol'
import type { Ed25519 } from './ed25519-backends.ts'

export interface Signer {
  publicKey(seed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  sign(seed: Uint8Array, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /**
   * Strict: besides RFC 8032 §5.1.7 it refuses public keys of small order and such as are not spelled canonically,
   * under which one signature would fit many messages.
   */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

const verifyKeysKept = 2_048

export function makeSigner(ed25519: Ed25519): Signer {
  // Seeds are their own names here: the map must not outlive them, so it is keyed by the array, not by its bytes.
  const signKeys = new WeakMap<Uint8Array, unknown>()
  const verifyKeys = new Map<string, unknown>()

  async function verifyKey(publicKey: Uint8Array): Promise<unknown> {
    const name = toBase64Url(publicKey)
    const kept = verifyKeys.get(name)
    if (kept !== undefined) return kept
    const key = await importOrNothing(publicKey)
    if (verifyKeys.size >= verifyKeysKept) verifyKeys.delete(verifyKeys.keys().next().value!)
    verifyKeys.set(name, key)
    return key
  }

  /** Some platforms refuse what is no point when it is imported, others when it is used. Null: it was refused. */
  async function importOrNothing(publicKey: Uint8Array): Promise<unknown> {
    try {
      return await ed25519.importPublicKey(publicKey.slice())
    } catch {
      return null
    }
  }

  return {
    publicKey: (seed) => ed25519.publicKey(seed),
    async sign(seed, message) {
      let key = signKeys.get(seed)
      if (key === undefined) {
        key = await ed25519.importSeed(seed)
        signKeys.set(seed, key)
      }
      return ed25519.sign(key, message)
    },
    async verify(publicKey, message, signature) {
      if (signature.length !== 64 || !isSoundPublicKey(publicKey)) return false
      const key = await verifyKey(publicKey)
      return key !== null && ed25519.verify(key, message, signature)
    },
  }
}

/** The y coordinates of the eight points whose order divides 8, without the sign bit of x. */
const smallOrderY = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Uint8Array.from(hex.match(/../g)!, (byte) => Number.parseInt(byte, 16)))

/** Whether y is below 2^255 - 19 and not that of a point of small order. That it is a point, the verifier finds. */
function isSoundPublicKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== 32) return false
  const last = publicKey[31]! & 0x7f
  const tooLarge = last === 0x7f && publicKey[0]! >= 0xed && publicKey.subarray(1, 31).every((byte) => byte === 0xff)
  return (
    !tooLarge && !smallOrderY.some((y) => y[31] === last && y.every((byte, i) => i === 31 || byte === publicKey[i]))
  )
}
