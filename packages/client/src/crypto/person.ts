/**
 * A person's keys: one Ed25519 and one ML-DSA-65 key that always sign together, so that a signature holds as long as
 * either algorithm does. They are made for one room, so that nothing links a person's rooms.
 */
import {
  encodePersonKeys,
  type PersonKey,
  personAlgorithms,
  personSignedBytes,
  type SignatureAlgorithm,
  signatureAlgorithms,
  toBase64Url,
} from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'
import { sha256 } from './hashes.ts'
import { mlDsa65, mlDsa65PublicKey, mlDsa65Sign, mlDsa65Verify } from './ml-dsa65.ts'

/** Bytes of a person's secret: the Ed25519 seed, then the ML-DSA-65 seed, both drawn on their own. */
export const personSeedBytes: number = 32 + mlDsa65.seedBytes

export interface PersonKeys {
  keys: PersonKey[]
  /** `personSeedBytes`. */
  seed: Uint8Array
}

/** One signature for each key, in the order of the keys. */
export type PersonSignatures = Uint8Array[]

export function personOf(keys: readonly PersonKey[]): string {
  return fingerprint(encodePersonKeys(keys))
}

/** 22 characters: the first 16 bytes of SHA-256. */
export function fingerprint(bytes: Uint8Array): string {
  return toBase64Url(sha256(bytes).subarray(0, 16))
}

/** Before a closed room has an address, since the address commits to its creator's keys. */
export function createPersonKeys(random: SecureRandom): Promise<PersonKeys> {
  const seed = new Uint8Array(personSeedBytes)
  seed.set(random(32))
  seed.set(random(mlDsa65.seedBytes), 32)
  return personKeysOfSeed(seed)
}

export async function personKeysOfSeed(seed: Uint8Array): Promise<PersonKeys> {
  const [ed25519Seed, mlDsaSeed] = halves(seed)
  const [ed25519, mlDsa] = await Promise.all([ed25519PublicKey(ed25519Seed), mlDsa65PublicKey(mlDsaSeed)])
  const keys = [
    { algorithm: signatureAlgorithms.ed25519, key: ed25519 },
    { algorithm: signatureAlgorithms.mlDsa65, key: mlDsa },
  ]
  return { keys, seed }
}

/** Signs `body` for `purpose` with every key. See `personSignedBytes`. */
export async function personSign(
  { keys, seed }: PersonKeys,
  purpose: string,
  body: Uint8Array,
  random: SecureRandom,
): Promise<PersonSignatures> {
  const signed = personSignedBytes(purpose, keys, body)
  const [ed25519Seed, mlDsaSeed] = halves(seed)
  return Promise.all([ed25519Sign(ed25519Seed, signed), mlDsa65Sign(mlDsaSeed, signed, random(mlDsa65.hedgeBytes))])
}

/** Whether every key has signed. One that is missing, twice there or of another algorithm refuses the whole. */
export async function personVerify(
  keys: readonly PersonKey[],
  purpose: string,
  body: Uint8Array,
  signatures: readonly Uint8Array[],
): Promise<boolean> {
  const complete =
    keys.length === personAlgorithms.length &&
    signatures.length === personAlgorithms.length &&
    personAlgorithms.every(({ algorithm }, i) => keys[i]!.algorithm === algorithm)
  if (!complete) return false
  const signed = personSignedBytes(purpose, keys, body)
  for (const [i, { algorithm, key }] of keys.entries()) {
    if (!(await verifiers[algorithm](key, signed, signatures[i]!))) return false
  }
  return true
}

const verifiers: Record<SignatureAlgorithm, typeof ed25519Verify> = {
  [signatureAlgorithms.ed25519]: ed25519Verify,
  [signatureAlgorithms.mlDsa65]: mlDsa65Verify,
}

function halves(seed: Uint8Array): [Uint8Array, Uint8Array] {
  if (seed.length !== personSeedBytes) throw new RangeError('person: the seed has a wrong length')
  return [seed.slice(0, 32), seed.slice(32)]
}
