/**
 * The one cipher suite of QSEC: X-Wing (ML-KEM-768 with X25519), AES-256-GCM, SHA-512, Ed25519.
 *
 * Its number is ts-mls's own, outside the private range of RFC 9420 §17.1: it means nothing to other MLS libraries.
 * The name promises 256 bits; ML-KEM-768 and Ed25519 give less.
 */
import type { CiphersuiteImpl } from 'ts-mls'
import { signer } from './ed25519.ts'
import { type Backends, backends } from './suite/backends.ts'
import { makeSuite } from './suite/make-suite.ts'

export { kdfBytes, randomBytes, suiteName } from './suite/make-suite.ts'
/** As it stands on the wire, in key packages, group contexts and the hash that makes a closed room's address. */
export const suiteNumber: number = 83
/** An X-Wing public key. */
export const hpkePublicKeyBytes: number = 1_216

export const suite: CiphersuiteImpl = await makeSuite(backends, signer)

/** Who does the work on this platform, for people who want to know. */
export function suiteBackends(): Backends['madeBy'] {
  return { ...backends.madeBy }
}
