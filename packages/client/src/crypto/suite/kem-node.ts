/** ML-KEM-768 and X25519 by Node, which has both since 24.7. */
import type { KemHalf } from './kem-halves.ts'
import { der, type KeyObject, type NodeCrypto, plain } from './node-crypto.ts'

// PKCS #8 and SubjectPublicKeyInfo up to the raw key: RFC 9935 §4 and §6 (the seed form), RFC 8410 §4 and §7.
const mlKemPrivate = '3054020100300b060960864801650304040204428040'
const mlKemPublic = '308204b2300b0609608648016503040402038204a100'
const x25519Private = '302e020100300506032b656e04220420'
const x25519Public = '302a300506032b656e032100'

export function nodeMlKem(node: NodeCrypto): KemHalf {
  const { privateKey, publicKey, rawPublicKey } = importers(node, mlKemPrivate, 64, mlKemPublic, 1_184)
  return {
    publicKey: (seed) => rawPublicKey(privateKey(seed)),
    encapsulate(key) {
      const { ciphertext, sharedKey } = node.encapsulate(publicKey(key))
      return { ciphertext: plain(ciphertext), sharedSecret: plain(sharedKey) }
    },
    decapsulate: (seed, ciphertext) => plain(node.decapsulate(privateKey(seed), ciphertext)),
  }
}

export function nodeX25519(node: NodeCrypto): KemHalf {
  const { privateKey, publicKey, rawPublicKey } = importers(node, x25519Private, 32, x25519Public, 32)
  return {
    publicKey: (secret) => rawPublicKey(privateKey(secret)),
    encapsulate(key) {
      const peer = publicKey(key)
      const own = node.generateKeyPairSync('x25519', { publicKeyEncoding: { format: 'der', type: 'spki' } })
      const shared = node.diffieHellman({ privateKey: own.privateKey, publicKey: peer })
      return { ciphertext: plain(own.publicKey).slice(-32), sharedSecret: plain(shared) }
    },
    decapsulate: (secret, ciphertext) =>
      plain(node.diffieHellman({ privateKey: privateKey(secret), publicKey: publicKey(ciphertext) })),
  }
}

function importers(
  node: NodeCrypto,
  privatePrefix: string,
  privateBytes: number,
  publicPrefix: string,
  publicBytes: number,
) {
  return {
    privateKey(secret: Uint8Array): KeyObject {
      if (secret.length !== privateBytes) throw new RangeError(`kem: a private key of ${secret.length} bytes`)
      const key = der(privatePrefix, secret)
      const imported = node.createPrivateKey({ key, format: 'der', type: 'pkcs8' })
      key.fill(0)
      return imported
    },
    publicKey(raw: Uint8Array): KeyObject {
      if (raw.length !== publicBytes) throw new RangeError(`kem: a public key of ${raw.length} bytes`)
      return node.createPublicKey({ key: der(publicPrefix, raw), format: 'der', type: 'spki' })
    },
    rawPublicKey: (key: KeyObject) =>
      plain(node.createPublicKey(key).export({ format: 'der', type: 'spki' })).slice(-publicBytes),
  }
}
