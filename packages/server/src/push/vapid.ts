/**
 * Who sends a push, as its service is told (VAPID, RFC 8292): a key pair on P-256, made once and kept in a file, and a
 * signed word of three parts with an end. A browser binds its subscription to the public key, so the file is worth a backup.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { type Base64Url, toBase64Url } from '@qsec/protocol'
import { ConfigError } from '../settings/read.ts'

/** RFC 8292 allows 24 hours. One that is nearly over is not handed out: the service's clock may be ahead. */
const tokenMs = 12 * 3_600_000
const leastLeftMs = 3_600_000
/** More push services than browsers have: what is remembered stays bounded whatever addresses devices name. */
const tokensKept = 64

export class Vapid {
  /** The public key: an uncompressed point. */
  readonly publicKey: Base64Url
  readonly #privateKey: KeyObject
  readonly #contact: string
  readonly #tokens = new Map<string, { token: string; endsMs: number }>()

  /** @param contact - `mailto:` or `https:`: whom the push service asks when something is wrong */
  constructor(privateKey: KeyObject, contact: string) {
    this.#privateKey = privateKey
    this.#contact = contact
    const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' })
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
    this.publicKey = toBase64Url(new Uint8Array(point))
  }

  /** @param origin - of the push service, which takes the word for itself alone */
  authorization(origin: string, nowMs: number): string {
    const known = this.#tokens.get(origin)
    const current = known && known.endsMs - nowMs > leastLeftMs && known.endsMs - nowMs <= tokenMs
    const { token } = current ? known : this.#sign(origin, nowMs + tokenMs)
    return `vapid t=${token}, k=${this.publicKey}`
  }

  #sign(origin: string, endsMs: number): { token: string } {
    const claims = { aud: origin, exp: Math.floor(endsMs / 1_000), sub: this.#contact }
    const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' } as const
    const token = `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`
    if (this.#tokens.size >= tokensKept) this.#tokens.clear()
    this.#tokens.set(origin, { token, endsMs })
    return { token }
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/**
 * Makes the key where there is no such file. A given one is a P-256 private key as PEM (PKCS #8 or SEC 1).
 *
 * @throws ConfigError where others can read the file, or what stands in it is no such key
 */
export function readVapidKey(file: string): KeyObject {
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new ConfigError(`${file} can be read by others: take their rights away (chmod 600).`)
  }
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(readFileSync(file))
  } catch {
    // Said below; the library's own words may hold a piece of the file.
  }
  if (key?.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  throw new ConfigError(
    `${file} must hold a P-256 private key as PEM. Delete it for a new one; browsers then subscribe anew.`,
  )
}
