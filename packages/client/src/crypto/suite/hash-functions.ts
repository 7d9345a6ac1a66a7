/** SHA-2, SHA-3 and HMAC without a promise, by Node or in JavaScript. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { sha3_256, shake256 } from '@noble/hashes/sha3.js'
import { type NodeCrypto, plain } from './node-crypto.ts'

export interface HashFunctions {
  sha256(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  sha512(data: Uint8Array): Uint8Array<ArrayBuffer>
  sha3(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
  shake256(data: Uint8Array, length: number): Uint8Array<ArrayBuffer>
  hmacSha512(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>
}

interface Running {
  update(data: Uint8Array): unknown
  digest(): Uint8Array
}

function over(hash: Running, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) hash.update(part)
  return hash.digest()
}

export const javascriptHashes: HashFunctions = {
  sha256: (parts) => over(sha256.create(), parts) as Uint8Array<ArrayBuffer>,
  sha512: (data) => sha512(data) as Uint8Array<ArrayBuffer>,
  sha3: (parts) => over(sha3_256.create(), parts) as Uint8Array<ArrayBuffer>,
  shake256: (data, length) => shake256(data, { dkLen: length }) as Uint8Array<ArrayBuffer>,
  hmacSha512: (key, parts) => over(hmac.create(sha512, key), parts) as Uint8Array<ArrayBuffer>,
}

export function nodeHashes(node: NodeCrypto): HashFunctions {
  return {
    sha256: (parts) => plain(over(node.createHash('sha256'), parts)),
    sha512: (data) => plain(node.hash('sha512', data, 'buffer')),
    sha3: (parts) => plain(over(node.createHash('sha3-256'), parts)),
    shake256: (data, outputLength) => plain(over(node.createHash('shake256', { outputLength }), [data])),
    // A raw key costs three times as much as one that was made a key object first (Node 24).
    hmacSha512: (key, parts) => plain(over(node.createHmac('sha512', node.createSecretKey(key)), parts)),
  }
}
