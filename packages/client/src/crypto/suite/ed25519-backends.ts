/** Ed25519 (RFC 8032) with raw keys, by Node, by WebCrypto or in JavaScript. Which keys are sound, ../ed25519.ts says. */
import { ed25519 } from '@noble/curves/ed25519.js'
import { der, type NodeCrypto, plain } from './node-crypto.ts'

/** `Sign` and `Verify` are imported keys, in whatever form the platform keeps them. */
export interface Ed25519<Sign = unknown, Verify = unknown> {
  importSeed(seed: Uint8Array): Promise<Sign> | Sign
  importPublicKey(publicKey: Uint8Array): Promise<Verify> | Verify
  publicKey(seed: Uint8Array): Uint8Array<ArrayBuffer>
  sign(key: Sign, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
  /** `signature` has 64 bytes. */
  verify(key: Verify, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}

// RFC 8410 §7 and §4.
const privatePrefix = '302e020100300506032b657004220420'
const publicPrefix = '302a300506032b6570032100'

export function nodeEd25519(node: NodeCrypto): Ed25519 {
  type Key = ReturnType<NodeCrypto['createPublicKey']>
  const importSeed = (seed: Uint8Array): Key => {
    if (seed.length !== 32) throw new RangeError(`ed25519: a seed of ${seed.length} bytes`)
    return node.createPrivateKey({ key: der(privatePrefix, seed), format: 'der', type: 'pkcs8' })
  }
  const backend: Ed25519<Key, Key> = {
    importSeed,
    importPublicKey: (key) => node.createPublicKey({ key: der(publicPrefix, key), format: 'der', type: 'spki' }),
    publicKey: (seed) =>
      plain(node.createPublicKey(importSeed(seed)).export({ format: 'der', type: 'spki' })).slice(-32),
    sign: async (key, message) => plain(node.sign(null, message, key)),
    verify: async (key, message, signature) => node.verify(null, message, key, signature),
  }
  return backend as Ed25519
}

const webcrypto: Ed25519<CryptoKey, CryptoKey> = {
  importSeed: (seed) => crypto.subtle.importKey('pkcs8', der(privatePrefix, seed), 'Ed25519', false, ['sign']),
  importPublicKey: (key) =>
    crypto.subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, 'Ed25519', false, ['verify']),
  // WebCrypto gives it only by way of an exportable private key, and a promise.
  publicKey: (seed) => ed25519.getPublicKey(seed) as Uint8Array<ArrayBuffer>,
  sign: async (key, message) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as Uint8Array<ArrayBuffer>)),
  verify: (key, message, signature) =>
    crypto.subtle.verify('Ed25519', key, signature as Uint8Array<ArrayBuffer>, message as Uint8Array<ArrayBuffer>),
}
export const webcryptoEd25519: Ed25519 = webcrypto as Ed25519

const javascript: Ed25519<Uint8Array, Uint8Array> = {
  importSeed: (seed) => seed,
  importPublicKey: (key) => key,
  publicKey: (seed) => ed25519.getPublicKey(seed) as Uint8Array<ArrayBuffer>,
  sign: async (seed, message) => ed25519.sign(message, seed) as Uint8Array<ArrayBuffer>,
  // The rules of RFC 8032, not the laxer ones of ZIP 215.
  verify: async (key, message, signature) => ed25519.verify(signature, message, key, { zip215: false }),
}
export const javascriptEd25519: Ed25519 = javascript as Ed25519
