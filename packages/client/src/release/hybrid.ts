/**
 * Signatures of a person's form (`crypto/person.ts`), by implementations in JavaScript that are there at once: a service
 * worker may not wait while it loads, as the choice among the platform's own does.
 */
import { type PersonKey, personSignedBytes, signatureAlgorithms } from '@qsec/protocol'
import { mlDsa65 } from '../crypto/ml-dsa65-lengths.ts'
import { ed25519PublicKeyOf, javascriptEd25519 } from '../crypto/suite/javascript-curves.ts'
import { mlDsa65PublicKey, mlDsa65Sign, mlDsa65Verify } from '../crypto/suite/javascript-ml-dsa65.ts'
import { makeSigner } from '../crypto/suite/signer.ts'
import type { SecureRandom } from '../ports.ts'

const ed25519 = makeSigner(javascriptEd25519)

/** The Ed25519 seed, then the ML-DSA-65 seed. */
export const hybridSeedBytes: number = 32 + mlDsa65.seedBytes

export function hybridKeysOf(seed: Uint8Array): PersonKey[] {
  return [
    { algorithm: signatureAlgorithms.ed25519, key: ed25519PublicKeyOf(seed.slice(0, 32)) },
    { algorithm: signatureAlgorithms.mlDsa65, key: mlDsa65PublicKey(seed.slice(32)) },
  ]
}

export interface HybridSignatures {
  ed25519: Uint8Array
  mlDsa65: Uint8Array
}

export async function hybridSign(
  seed: Uint8Array,
  purpose: string,
  body: Uint8Array,
  random: SecureRandom,
): Promise<HybridSignatures> {
  const signed = personSignedBytes(purpose, hybridKeysOf(seed), body)
  return {
    ed25519: await ed25519.sign(seed.slice(0, 32), signed),
    mlDsa65: mlDsa65Sign(seed.slice(32), signed, random(mlDsa65.hedgeBytes)),
  }
}

/** Whether both hold. `keys` are one of each algorithm, Ed25519 first. */
export async function hybridVerify(
  keys: readonly PersonKey[],
  purpose: string,
  body: Uint8Array,
  signatures: HybridSignatures,
): Promise<boolean> {
  const signed = personSignedBytes(purpose, keys, body)
  const [one, other] = keys
  if (one?.algorithm !== signatureAlgorithms.ed25519 || other?.algorithm !== signatureAlgorithms.mlDsa65) return false
  return (
    (await ed25519.verify(one.key, signed, signatures.ed25519)) &&
    other.key.length === mlDsa65.publicKeyBytes &&
    signatures.mlDsa65.length === mlDsa65.signatureBytes &&
    mlDsa65Verify(other.key, signed, signatures.mlDsa65)
  )
}
