/** The suites that are held against each other. */

import { createCipheriv, createDecipheriv, createHash, createHmac, createSecretKey } from 'node:crypto'
import { CipherSuite, HkdfSha256, type KemInterface } from '@hpke/core'
import { type CiphersuiteImpl, getCiphersuiteFromName, getCiphersuiteImpl } from 'ts-mls'
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js'
import { signer } from '../../packages/client/src/crypto/ed25519.ts'
import { backends } from '../../packages/client/src/crypto/suite/backends.ts'
import { suite } from '../../packages/client/src/crypto/suite.ts'
import { concatBytes, equalBytes, utf8 } from '../../packages/protocol/src/index.ts'

const classical = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519' as const

export interface Variant {
  suite: CiphersuiteImpl
  /** Makes the same bytes, faster: what a room in use is made with before it is measured. */
  warmer: CiphersuiteImpl
}

/** By name, in the order of the table. */
export async function suiteVariants(): Promise<Record<string, Variant>> {
  const [xWing, x25519] = await Promise.all(
    [suite.name, classical].map((name) => getCiphersuiteImpl(getCiphersuiteFromName(name))),
  )
  const classicalOurs = await classicalSuite()
  return {
    'xwing-ours': { suite, warmer: suite },
    'xwing-library': { suite: xWing!, warmer: { ...suite, signature: xWing!.signature } },
    'x25519-ours': { suite: classicalOurs, warmer: classicalOurs },
    'x25519-library': { suite: x25519!, warmer: { ...classicalOurs, signature: x25519!.signature } },
  }
}

/** The library's classical suite with everything that makes ours fast: synchronous primitives of Node, kept keys. */
async function classicalSuite(): Promise<CiphersuiteImpl> {
  const core = new CipherSuite({ kem: dhKem(), kdf: new Hkdf(), aead: hpkeAead })
  return {
    name: classical,
    hash: {
      digest: async (data) => plain(createHash('sha256').update(data).digest()),
      mac: async (key, data) => mac(key, data),
      verifyMac: async (key, tag, data) => equalBytes(mac(key, data), tag),
    },
    kdf: {
      size: 32,
      extract: async (salt, ikm) => extract(salt, ikm),
      expand: async (prk, info, length) => expand(prk, info, length),
    },
    signature: {
      sign: signer.sign,
      verify: signer.verify,
      async keygen() {
        const signKey = crypto.getRandomValues(new Uint8Array(32))
        return { signKey, publicKey: await signer.publicKey(signKey) }
      },
    },
    hpke: await makeGenericHpke(
      { kem: 'DHKEM-X25519-HKDF-SHA256', kdf: 'HKDF-SHA256', aead: 'AES128GCM' },
      { encrypt: async (...args) => encrypt(...args), decrypt: async (...args) => decrypt(...args) },
      core,
    ),
    rng: { randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  }
}

function plain(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength)
}

function mac(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hmac = createHmac('sha256', createSecretKey(key))
  for (const part of parts) hmac.update(part)
  return plain(hmac.digest())
}

function extract(salt: Uint8Array, ikm: Uint8Array): Uint8Array<ArrayBuffer> {
  return mac(salt.length > 0 ? salt : new Uint8Array(32), ikm)
}

function expand(prk: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  let block = mac(prk, info, Uint8Array.of(1))
  const okm = [block]
  for (let i = 2; okm.length * 32 < length; i++) {
    block = mac(prk, block, info, Uint8Array.of(i))
    okm.push(block)
  }
  return concatBytes(...okm).slice(0, length)
}

function encrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const cipher = createCipheriv('aes-128-gcm', key, iv, { authTagLength: 16 }).setAAD(aad)
  return concatBytes(cipher.update(data), cipher.final(), cipher.getAuthTag())
}

function decrypt(key: Uint8Array, iv: Uint8Array, aad: Uint8Array, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const decipher = createDecipheriv('aes-128-gcm', key, iv, { authTagLength: 16 }).setAAD(aad)
  decipher.setAuthTag(data.subarray(data.length - 16))
  return concatBytes(decipher.update(data.subarray(0, data.length - 16)), decipher.final())
}

type Bytes = ArrayBufferLike | ArrayBufferView
const view = (bytes: Bytes): Uint8Array<ArrayBuffer> =>
  ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes as ArrayBuffer)

class Hkdf extends HkdfSha256 {
  override async extract(salt: Bytes, ikm: Bytes): Promise<ArrayBuffer> {
    return extract(view(salt), view(ikm)).buffer
  }
  override async expand(prk: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    return expand(view(prk), view(info), length).buffer
  }
  override async extractAndExpand(salt: Bytes, ikm: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    return expand(extract(view(salt), view(ikm)), view(info), length).buffer
  }
}

const hpkeAead = {
  id: 1 as const,
  keySize: 16,
  nonceSize: 12,
  tagSize: 16,
  createEncryptionContext: (key: Bytes) => ({
    seal: async (iv: Bytes, data: Bytes, aad: Bytes) => encrypt(view(key), view(iv), view(aad), view(data)).buffer,
    open: async (iv: Bytes, data: Bytes, aad: Bytes) => decrypt(view(key), view(iv), view(aad), view(data)).buffer,
  }),
}

/** DHKEM(X25519, HKDF-SHA256), RFC 9180 §4.1, over the X25519 that our suite uses. */
function dhKem(): KemInterface {
  const { x25519 } = backends
  const id = concatBytes(utf8('HPKE-v1KEM'), Uint8Array.of(0, 0x20))
  const labeledExtract = (label: string, ikm: Uint8Array) =>
    extract(new Uint8Array(0), concatBytes(id, utf8(label), ikm))
  const labeledExpand = (prk: Uint8Array, label: string, info: Uint8Array) =>
    expand(prk, concatBytes(Uint8Array.of(0, 32), id, utf8(label), info), 32)
  const shared = (dh: Uint8Array, ...context: Uint8Array[]) =>
    labeledExpand(labeledExtract('eae_prk', dh), 'shared_secret', concatBytes(...context)).buffer
  interface Key {
    type: string
    bytes: Uint8Array<ArrayBuffer>
    publicBytes?: Uint8Array
  }
  const wrap = (key: Key) => key as unknown as CryptoKey
  const unwrap = (key: CryptoKey) => key as unknown as Key
  const pair = async (secret: Uint8Array<ArrayBuffer>): Promise<CryptoKeyPair> => {
    const publicBytes = view(await x25519.publicKey(secret))
    return {
      privateKey: wrap({ type: 'private', bytes: secret, publicBytes }),
      publicKey: wrap({ type: 'public', bytes: publicBytes }),
    }
  }
  return {
    id: 0x20,
    secretSize: 32,
    encSize: 32,
    publicKeySize: 32,
    privateKeySize: 32,
    serializePublicKey: async (key) => unwrap(key).bytes.slice().buffer,
    deserializePublicKey: async (key) => wrap({ type: 'public', bytes: view(key).slice() }),
    serializePrivateKey: async (key) => unwrap(key).bytes.slice().buffer,
    deserializePrivateKey: async (key) => wrap({ type: 'private', bytes: view(key).slice() }),
    importKey: async () => {
      throw new Error('not used')
    },
    generateKeyPair: () => pair(crypto.getRandomValues(new Uint8Array(32))),
    deriveKeyPair: async (ikm) => {
      const prk = labeledExtract('dkp_prk', view(ikm))
      return pair(labeledExpand(prk, 'sk', new Uint8Array(0)))
    },
    async encap({ recipientPublicKey }) {
      const { bytes } = unwrap(recipientPublicKey)
      const { ciphertext, sharedSecret } = await x25519.encapsulate(bytes)
      return { sharedSecret: shared(sharedSecret, ciphertext, bytes), enc: view(ciphertext).slice().buffer }
    },
    async decap({ recipientKey, enc }) {
      const key = unwrap('privateKey' in recipientKey ? recipientKey.privateKey : recipientKey)
      const own = key.publicBytes ?? (await x25519.publicKey(key.bytes))
      return shared(await x25519.decapsulate(key.bytes, view(enc)), view(enc), own)
    },
  }
}
