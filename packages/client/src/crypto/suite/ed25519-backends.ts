/** Ed25519 (RFC 8032) with raw keys, by Node or by WebCrypto. Which keys are sound, signer.ts says. */
import { fromBase64Url } from '@qsec/protocol'
import { der, type NodeCrypto, plain } from './node-crypto.ts'

/** `Sign` and `Verify` are imported keys, in whatever form the platform keeps them. */
export interface Ed25519<Sign = unknown, Verify = unknown> {
  importSeed(seed: Uint8Array): Promise<Sign> | Sign
  importPublicKey(publicKey: Uint8Array): Promise<Verify> | Verify
  publicKey(seed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>
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
    publicKey: async (seed) =>
      plain(node.createPublicKey(importSeed(seed)).export({ format: 'der', type: 'spki' })).slice(-32),
    sign: async (key, message) => plain(node.sign(null, message, key)),
    verify: async (key, message, signature) => node.verify(null, message, key, signature),
  }
  return backend as Ed25519
}

const webcrypto: Ed25519<CryptoKey, CryptoKey> = {
  importSeed: (seed) => privateKey(seed, false),
  importPublicKey: (key) =>
    crypto.subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, 'Ed25519', false, ['verify']),
  // There is no other way to it than by an exportable private key.
  async publicKey(seed) {
    const { x } = await crypto.subtle.exportKey('jwk', await privateKey(seed, true))
    const publicKey = fromBase64Url(x ?? '')
    if (publicKey?.length !== 32) throw new Error('ed25519: the platform gives no public key for a seed')
    return publicKey
  },
  sign: async (key, message) =>
    new Uint8Array(await crypto.subtle.sign('Ed25519', key, message as Uint8Array<ArrayBuffer>)),
  verify: (key, message, signature) =>
    crypto.subtle.verify('Ed25519', key, signature as Uint8Array<ArrayBuffer>, message as Uint8Array<ArrayBuffer>),
}

async function privateKey(seed: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const wrapped = der(privatePrefix, seed)
  const key = await crypto.subtle.importKey('pkcs8', wrapped, 'Ed25519', extractable, ['sign'])
  wrapped.fill(0)
  return key
}

export const webcryptoEd25519: Ed25519 = webcrypto as Ed25519
