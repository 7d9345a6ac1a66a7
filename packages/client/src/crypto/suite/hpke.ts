/**
 * HPKE (RFC 9180, base mode) with X-Wing, HKDF-SHA512 and AES-256-GCM. The construction is @hpke/core's; KEM, KDF and AEAD are
 * ours to choose.
 */
import { type AeadInterface, CipherSuite, HkdfSha512, type KemInterface } from '@hpke/core'
import type { CiphersuiteImpl } from 'ts-mls'
import { makeGenericHpke } from 'ts-mls/crypto/implementation/hpke.js'
import type { AesGcm } from './aes-gcm.ts'
import type { HashFunctions } from './hash-functions.ts'
import { expandWith, extractWith } from './hkdf.ts'

export function makeHpke(kem: KemInterface, hash: HashFunctions, gcm: AesGcm): Promise<CiphersuiteImpl['hpke']> {
  const core = new CipherSuite({ kem, kdf: new SyncHkdfSha512(hash), aead: aeadOver(gcm) })
  return makeGenericHpke({ kem: 'X-Wing', kdf: 'HKDF-SHA512', aead: 'AES256GCM' }, gcm, core)
}

type Bytes = ArrayBufferLike | ArrayBufferView

/** Labels and their order come from the library; the work is done without WebCrypto's round trips. */
class SyncHkdfSha512 extends HkdfSha512 {
  readonly #hash: HashFunctions
  constructor(hash: HashFunctions) {
    super()
    this.#hash = hash
  }

  override async extract(salt: Bytes, ikm: Bytes): Promise<ArrayBuffer> {
    return bufferOf(extractWith(this.#hash, view(salt), view(ikm)))
  }

  override async expand(prk: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    return bufferOf(expandWith(this.#hash, view(prk), view(info), length))
  }

  override async extractAndExpand(salt: Bytes, ikm: Bytes, info: Bytes, length: number): Promise<ArrayBuffer> {
    const prk = extractWith(this.#hash, view(salt), view(ikm))
    return bufferOf(expandWith(this.#hash, prk, view(info), length))
  }
}

function aeadOver(gcm: AesGcm): AeadInterface {
  return {
    id: 2,
    keySize: 32,
    nonceSize: 12,
    tagSize: 16,
    createEncryptionContext: (key) => ({
      seal: async (iv, data, aad) => bufferOf(await gcm.encrypt(view(key), view(iv), view(aad), view(data))),
      open: async (iv, data, aad) => bufferOf(await gcm.decrypt(view(key), view(iv), view(aad), view(data))),
    }),
  }
}

function view(bytes: Bytes): Uint8Array {
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
}

function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer
}
