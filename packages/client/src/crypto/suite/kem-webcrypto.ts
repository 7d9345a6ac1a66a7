/** ML-KEM-768 and X25519 by WebCrypto (WICG "Modern Algorithms in the Web Cryptography API", and the API itself). */
import { fromBase64Url } from '@qsec/protocol'
import type { KemHalf } from './kem-halves.ts'
import { der } from './node-crypto.ts'

/** What the standard library does not type yet. */
interface KemSubtle {
  importKey(format: string, key: Uint8Array, name: string, extractable: boolean, uses: string[]): Promise<CryptoKey>
  encapsulateBits(name: string, key: CryptoKey): Promise<{ ciphertext: ArrayBuffer; sharedKey: ArrayBuffer }>
  decapsulateBits(name: string, key: CryptoKey, ciphertext: Uint8Array): Promise<ArrayBuffer>
}

const subtle = () => crypto.subtle
const kemSubtle = () => crypto.subtle as unknown as KemSubtle
const mlKem = 'ML-KEM-768'

export const webcryptoMlKem: KemHalf = {
  async publicKey(seed) {
    const key = await kemSubtle().importKey('raw-seed', seed, mlKem, true, ['decapsulateBits'])
    const { pub } = (await subtle().exportKey('jwk', key)) as { pub?: string }
    return fromBase64Url(pub ?? '') ?? new Uint8Array(0)
  },
  async encapsulate(publicKey) {
    const key = await kemSubtle().importKey('raw-public', publicKey, mlKem, false, ['encapsulateBits'])
    const { ciphertext, sharedKey } = await kemSubtle().encapsulateBits(mlKem, key)
    return { ciphertext: new Uint8Array(ciphertext), sharedSecret: new Uint8Array(sharedKey) }
  },
  async decapsulate(seed, ciphertext) {
    const key = await kemSubtle().importKey('raw-seed', seed, mlKem, false, ['decapsulateBits'])
    return new Uint8Array(await kemSubtle().decapsulateBits(mlKem, key, ciphertext))
  },
}

export const webcryptoX25519: KemHalf = {
  async publicKey(secret) {
    const { x } = await subtle().exportKey('jwk', await privateKey(secret, true))
    return fromBase64Url(x ?? '') ?? new Uint8Array(0)
  },
  async encapsulate(publicKey) {
    const own = (await subtle().generateKey('X25519', false, ['deriveBits'])) as {
      privateKey: CryptoKey
      publicKey: CryptoKey
    }
    const ciphertext = new Uint8Array(await subtle().exportKey('raw', own.publicKey))
    return { ciphertext, sharedSecret: await agree(own.privateKey, publicKey) }
  },
  decapsulate: async (secret, ciphertext) => agree(await privateKey(secret, false), ciphertext),
}

async function privateKey(secret: Uint8Array, extractable: boolean): Promise<CryptoKey> {
  const wrapped = der('302e020100300506032b656e04220420', secret) // PKCS #8, RFC 8410 §7
  const key = await subtle().importKey('pkcs8', wrapped, 'X25519', extractable, ['deriveBits'])
  wrapped.fill(0)
  return key
}

async function agree(own: CryptoKey, publicKey: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const peer = await subtle().importKey('raw', publicKey as Uint8Array<ArrayBuffer>, 'X25519', false, [])
  return new Uint8Array(await subtle().deriveBits({ name: 'X25519', public: peer }, own, 256))
}
