/** A signed build: who says that this list is a release of theirs, and since when. */
import { concatBytes, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { mlDsa65 } from '../crypto/ml-dsa65-lengths.ts'
import type { SecureRandom } from '../ports.ts'
import { parseJson, releaseBounds } from './files.ts'
import { hybridSign, hybridVerify } from './hybrid.ts'
import {
  bytesOfLength,
  keyTexts,
  type ReleaseKey,
  type ReleaseSecret,
  readReleaseKey,
  releaseFingerprint,
} from './key.ts'

const purpose = 'release/v1'
const format = 'qsec-release/1'

const pair = v.strictObject({ ed25519: v.string(), mlDsa65: v.string() })
const signatureShape = v.strictObject({
  format: v.literal(format),
  // Part of what is signed: an older release that is served again is known by it.
  signedAt: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/), v.check(isDate)),
  key: pair,
  signatures: pair,
})

export type Verdict =
  /** `none`: there is no signature. `wrong`: there is one, and it is not one of this list. */
  { signed: false; reason: 'none' | 'wrong' } | { signed: true; key: ReleaseKey; fingerprint: string; signedAt: string }

/** What a build puts in the place of a signature, so that nobody has to ask for a file that is not there. */
const unsignedShape = v.strictObject({ unsigned: v.string() })

/** @param list - the bytes of `qsec-files.json` */
export async function signRelease(
  secret: ReleaseSecret,
  list: Uint8Array,
  now: Date,
  random: SecureRandom,
): Promise<string> {
  const signedAt = `${now.toISOString().slice(0, 19)}Z`
  const { ed25519, mlDsa65 } = await hybridSign(secret.seed, purpose, signedBody(signedAt, list), random)
  const signatures = { ed25519: toBase64Url(ed25519), mlDsa65: toBase64Url(mlDsa65) }
  return `${JSON.stringify({ format, signedAt, key: keyTexts(secret.keys), signatures }, undefined, 1)}\n`
}

/**
 * Whether both signatures hold over these bytes, and by which key. Whose key that is, only a comparison of its fingerprint
 * says.
 */
export async function judgeSignature(list: Uint8Array, signature: Uint8Array | undefined): Promise<Verdict> {
  if (signature === undefined) return { signed: false, reason: 'none' }
  if (signature.length > releaseBounds.signatureBytes) return { signed: false, reason: 'wrong' }
  const file = parseJson(signature)
  if (v.is(unsignedShape, file)) return { signed: false, reason: 'none' }
  const parsed = v.safeParse(signatureShape, file)
  if (!parsed.success) return { signed: false, reason: 'wrong' }
  const { signedAt, key: texts, signatures } = parsed.output
  const key = readReleaseKey(texts)
  const ed25519 = bytesOfLength(signatures.ed25519, 64)
  const mlDsa = bytesOfLength(signatures.mlDsa65, mlDsa65.signatureBytes)
  const body = signedBody(signedAt, list)
  const holds = key && ed25519 && mlDsa && (await hybridVerify(key, purpose, body, { ed25519, mlDsa65: mlDsa }))
  if (!holds) return { signed: false, reason: 'wrong' }
  return { signed: true, key, fingerprint: releaseFingerprint(key), signedAt }
}

function signedBody(signedAt: string, list: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${signedAt}\n`), list)
}

function isDate(text: string): boolean {
  return !Number.isNaN(Date.parse(text))
}
