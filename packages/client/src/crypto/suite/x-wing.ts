/**
 * The KEM of the suite: X-Wing (draft-connolly-cfrg-xwing-kem-09), ML-KEM-768 and X25519 under one combiner, so that a
 * break of either alone opens nothing. A private key is its 32-byte seed.
 */
import type { KemInterface } from '@hpke/core'
import { concatBytes, utf8 } from '@qsec/protocol'
import type { HashFunctions } from './hash-functions.ts'
import type { KemHalf } from './kem-halves.ts'

const mlKemPublicBytes = 1_184
const mlKemCiphertextBytes = 1_088
const seedBytes = 32
const publicKeyBytes = mlKemPublicBytes + 32
const ciphertextBytes = mlKemCiphertextBytes + 32
// The draft's six characters of drawing: \./ over /^\.
const label = utf8('\\.//^\\')

/** Stands where the HPKE library passes a CryptoKey through. */
interface XWingKey {
  type: 'public' | 'private'
  bytes: Uint8Array<ArrayBuffer>
}

export function makeXWing(mlKem: KemHalf, x25519: KemHalf, hash: HashFunctions): KemInterface {
  const combine = (...parts: [ssM: Uint8Array, ssX: Uint8Array, ctX: Uint8Array, pkX: Uint8Array]) =>
    hash.sha3([...parts, label]).slice().buffer

  async function keyPair(seed: Uint8Array<ArrayBuffer>): Promise<{ privateKey: CryptoKey; publicKey: CryptoKey }> {
    const expanded = hash.shake256(seed, 96)
    const mlKemKey = await mlKem.publicKey(expanded.subarray(0, 64))
    const x25519Key = await x25519.publicKey(expanded.subarray(64))
    expanded.fill(0)
    return { privateKey: wrap('private', seed), publicKey: wrap('public', concatBytes(mlKemKey, x25519Key)) }
  }

  return {
    id: 0x647a,
    secretSize: 32,
    encSize: ciphertextBytes,
    publicKeySize: publicKeyBytes,
    privateKeySize: seedBytes,
    serializePublicKey: async (key) => bytesOf(key, 'public').slice().buffer,
    deserializePublicKey: async (key) => wrap('public', copyOf(key, publicKeyBytes)),
    serializePrivateKey: async (key) => bytesOf(key, 'private').slice().buffer,
    deserializePrivateKey: async (key) => wrap('private', copyOf(key, seedBytes)),
    async importKey(format, key, isPublic = true) {
      if (format !== 'raw') throw new TypeError('x-wing: keys are imported raw')
      return isPublic
        ? wrap('public', copyOf(key as ArrayBuffer, publicKeyBytes))
        : wrap('private', copyOf(key as ArrayBuffer, seedBytes))
    },
    generateKeyPair: () => keyPair(crypto.getRandomValues(new Uint8Array(seedBytes))),
    deriveKeyPair: (ikm) => keyPair(hash.shake256(viewOf(ikm), seedBytes)),

    async encap({ recipientPublicKey }) {
      const key = bytesOf(recipientPublicKey, 'public')
      const pkX = key.subarray(mlKemPublicBytes)
      const m = await mlKem.encapsulate(key.subarray(0, mlKemPublicBytes))
      const x = await x25519.encapsulate(pkX)
      refuseZero(x.sharedSecret)
      return {
        sharedSecret: combine(m.sharedSecret, x.sharedSecret, x.ciphertext, pkX),
        enc: concatBytes(m.ciphertext, x.ciphertext).buffer,
      }
    },

    async decap({ recipientKey, enc }) {
      const ciphertext = copyOf(enc, ciphertextBytes)
      const ctX = ciphertext.subarray(mlKemCiphertextBytes)
      const key = 'privateKey' in recipientKey ? recipientKey.privateKey : recipientKey
      const expanded = hash.shake256(bytesOf(key, 'private'), 96)
      const [mlKemSeed, secretX] = [expanded.subarray(0, 64), expanded.subarray(64)]
      const ssM = await mlKem.decapsulate(mlKemSeed, ciphertext.subarray(0, mlKemCiphertextBytes))
      const ssX = await x25519.decapsulate(secretX, ctX)
      refuseZero(ssX)
      const sharedSecret = combine(ssM, ssX, ctX, await x25519.publicKey(secretX))
      expanded.fill(0)
      return sharedSecret
    },
  }
}

/** RFC 7748 §6.1: a point of small order gives zeroes, which everybody knows. */
function refuseZero(sharedSecret: Uint8Array): void {
  if (sharedSecret.every((byte) => byte === 0)) throw new RangeError('x-wing: the X25519 secret is zero')
}

function wrap(type: XWingKey['type'], bytes: Uint8Array<ArrayBuffer>): CryptoKey {
  return { type, bytes } satisfies XWingKey as unknown as CryptoKey
}

function bytesOf(key: CryptoKey, type: XWingKey['type']): Uint8Array<ArrayBuffer> {
  const wrapped = key as unknown as XWingKey
  if (wrapped.type !== type) throw new TypeError(`x-wing: not a ${type} key`)
  return wrapped.bytes
}

function viewOf(bytes: ArrayBufferLike | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

function copyOf(bytes: ArrayBufferLike | ArrayBufferView, length: number): Uint8Array<ArrayBuffer> {
  const view = viewOf(bytes)
  if (view.length !== length) throw new RangeError(`x-wing: ${view.length} bytes where ${length} belong`)
  return view.slice() as Uint8Array<ArrayBuffer>
}
