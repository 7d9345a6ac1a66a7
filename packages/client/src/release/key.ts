/**
 * A release key: who publishes builds signs their lists with it. An Ed25519 and an ML-DSA-65 key that always sign together,
 * as persons' keys do: one key serves for years, and a page is taken on its word, so neither algorithm alone is enough.
 */

import { sha256 } from '@noble/hashes/sha2.js'
import {
  concatBytes,
  encodePersonKeys,
  fromBase64Url,
  type PersonKey,
  signatureAlgorithms,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import * as v from 'valibot'
import { mlDsa65 } from '../crypto/ml-dsa65-lengths.ts'
import type { SecureRandom } from '../ports.ts'
import { hex, parseJson } from './files.ts'
import { hybridKeysOf, hybridSeedBytes } from './hybrid.ts'

/** The public half: one key of each algorithm, Ed25519 first. */
export type ReleaseKey = readonly PersonKey[]
/** Both halves. */
export interface ReleaseSecret {
  keys: ReleaseKey
  seed: Uint8Array
}

export function createReleaseSecret(random: SecureRandom): ReleaseSecret {
  return secretOf(random(hybridSeedBytes))
}

function secretOf(seed: Uint8Array): ReleaseSecret {
  return { keys: hybridKeysOf(seed), seed }
}

/** 64 hexadecimal digits that stand for the whole key. Whoever publishes a key publishes these, in several places. */
export function releaseFingerprint(key: ReleaseKey): string {
  return hex(sha256(concatBytes(utf8('qsec/release-key/v1\0'), encodePersonKeys(key))))
}

const keyFormat = 'qsec-release-key/1'
const secretFormat = 'qsec-release-secret/1'
const keyText = v.pipe(v.string(), v.maxLength(10_000))
const keyFileShape = v.strictObject({ format: v.literal(keyFormat), ed25519: keyText, mlDsa65: keyText })
const secretFileShape = v.strictObject({ format: v.literal(secretFormat), seed: keyText })

/** Undefined where either is no key of its algorithm. */
export function readReleaseKey(texts: { ed25519: string; mlDsa65: string }): ReleaseKey | undefined {
  const ed25519 = bytesOfLength(texts.ed25519, 32)
  const mlDsa = bytesOfLength(texts.mlDsa65, mlDsa65.publicKeyBytes)
  if (!ed25519 || !mlDsa) return undefined
  return [
    { algorithm: signatureAlgorithms.ed25519, key: ed25519 },
    { algorithm: signatureAlgorithms.mlDsa65, key: mlDsa },
  ]
}

export function bytesOfLength(text: string, length: number): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromBase64Url(text)
  return bytes?.length === length ? bytes : undefined
}

export function keyTexts(key: ReleaseKey): { ed25519: string; mlDsa65: string } {
  const [ed25519, mlDsa65] = key.map((one) => toBase64Url(one.key))
  return { ed25519: ed25519!, mlDsa65: mlDsa65! }
}

export function formatReleaseKey(key: ReleaseKey): string {
  return `${JSON.stringify({ format: keyFormat, ...keyTexts(key) }, undefined, 1)}\n`
}

export function parseReleaseKey(file: Uint8Array): ReleaseKey | undefined {
  const parsed = v.safeParse(keyFileShape, parseJson(file))
  return parsed.success ? readReleaseKey(parsed.output) : undefined
}

/** Whoever has this text can sign. */
export function formatReleaseSecret(secret: ReleaseSecret): string {
  return `${JSON.stringify({ format: secretFormat, seed: toBase64Url(secret.seed) }, undefined, 1)}\n`
}

export function parseReleaseSecret(file: Uint8Array): ReleaseSecret | undefined {
  const parsed = v.safeParse(secretFileShape, parseJson(file))
  const seed = parsed.success ? bytesOfLength(parsed.output.seed, hybridSeedBytes) : undefined
  return seed && secretOf(seed)
}
