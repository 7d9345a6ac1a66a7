/** The MLS library's view of the suite, made of whatever primitives are given. */
import { equalBytes } from '@qsec/protocol'
import type { CiphersuiteImpl } from 'ts-mls'
import type { Backends } from './backends.ts'
import { expandWith, extractWith } from './hkdf.ts'
import { makeHpke } from './hpke.ts'
import type { Signer } from './signer.ts'
import { makeXWing } from './x-wing.ts'

export const suiteName = 'MLS_256_XWING_AES256GCM_SHA512_Ed25519'
/** Output of the suite's KDF, and so the length of a PSK nonce (RFC 9420 §8.4). */
export const kdfBytes: number = 64

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length))
}

export async function makeSuite(parts: Backends, signer: Signer): Promise<CiphersuiteImpl> {
  const { hash, mlKem, x25519, aesGcm } = parts
  return {
    name: suiteName,
    hash: {
      digest: async (data) => hash.sha512(data),
      mac: async (key, data) => hash.hmacSha512(key, [data]),
      // equalBytes compares the lengths first: a cut tag is no tag.
      verifyMac: async (key, mac, data) => equalBytes(hash.hmacSha512(key, [data]), mac),
    },
    kdf: {
      size: kdfBytes,
      extract: async (salt, ikm) => extractWith(hash, salt, ikm),
      expand: async (prk, info, length) => expandWith(hash, prk, info, length),
    },
    signature: {
      sign: signer.sign,
      verify: signer.verify,
      async keygen() {
        const signKey = randomBytes(32)
        return { signKey, publicKey: await signer.publicKey(signKey) }
      },
    },
    hpke: await makeHpke(makeXWing(mlKem, x25519, hash), hash, aesGcm),
    rng: { randomBytes },
  }
}
