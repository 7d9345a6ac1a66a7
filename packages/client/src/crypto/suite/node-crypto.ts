/**
 * Node's own cryptography, where this runs in Node: synchronous, and so without a thread's round trip for each tiny
 * input. It is asked for at run time, because an import would pull a replacement into the browser's bundle.
 */

/** What is used of it, as it is in Node 24. The rest of this package is compiled without Node's types. */
export interface NodeCrypto {
  hash(algorithm: string, data: Uint8Array, output: 'buffer'): Uint8Array
  createHash(algorithm: string, options?: { outputLength: number }): Hash
  createHmac(algorithm: string, key: KeyObject): Hash
  createSecretKey(key: Uint8Array): KeyObject
  createPublicKey(key: KeyObject | { key: Uint8Array; format: 'der'; type: 'spki' }): KeyObject
  createPrivateKey(key: { key: Uint8Array; format: 'der'; type: 'pkcs8' }): KeyObject
  generateKeyPairSync(
    type: 'x25519',
    options: { publicKeyEncoding: { format: 'der'; type: 'spki' } },
  ): { publicKey: Uint8Array; privateKey: KeyObject }
  diffieHellman(keys: { privateKey: KeyObject; publicKey: KeyObject }): Uint8Array
  encapsulate(key: KeyObject): { ciphertext: Uint8Array; sharedKey: Uint8Array }
  decapsulate(key: KeyObject, ciphertext: Uint8Array): Uint8Array
  sign(algorithm: null, data: Uint8Array, key: KeyObject): Uint8Array
  verify(algorithm: null, data: Uint8Array, key: KeyObject, signature: Uint8Array): boolean
  createCipheriv(name: 'aes-256-gcm', key: Uint8Array, iv: Uint8Array, options: { authTagLength: 16 }): Cipher
  createDecipheriv(name: 'aes-256-gcm', key: Uint8Array, iv: Uint8Array, options: { authTagLength: 16 }): Decipher
}

export interface KeyObject {
  export(options: { format: 'der'; type: 'spki' }): Uint8Array
}

interface Hash {
  update(data: Uint8Array): this
  digest(): Uint8Array
}

interface Cipher {
  setAAD(aad: Uint8Array): this
  update(data: Uint8Array): Uint8Array
  final(): Uint8Array
  getAuthTag(): Uint8Array
}

interface Decipher {
  setAAD(aad: Uint8Array): this
  setAuthTag(tag: Uint8Array): this
  update(data: Uint8Array): Uint8Array
  final(): Uint8Array
}

const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }

export const nodeCrypto: NodeCrypto | undefined = process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined

/**
 * The same bytes without Node's Buffer around them: a Buffer's `slice` shares memory where everybody else expects a
 * copy, and what is erased there would be erased here.
 */
export function plain(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength)
}

/** A raw key in the DER wrapping that Node imports. */
export function der(prefixHex: string, key: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = prefixHex.match(/../g)!.map((byte) => Number.parseInt(byte, 16))
  const wrapped = new Uint8Array(prefix.length + key.length)
  wrapped.set(prefix)
  wrapped.set(key, prefix.length)
  return wrapped
}
