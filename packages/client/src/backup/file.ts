/**
 * The backup as one file: a name, a key box (passphrase, recovery code, or both), and the content under AES-256-GCM with
 * all that stands before it as additional data. A changed byte, wherever it is, opens nothing.
 */
import { readExactly, utf8, Writer } from '@qsec/protocol'
import * as v from 'valibot'
import type { SecureRandom } from '../ports.ts'
import { openKeyBox, type Secret, type Secrets, type Stretch, type StretchCost, sealKeyBox } from '../vault/index.ts'
import { type BackupContent, backupSchema } from './content.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Eight bytes; the last says the version of the format. */
const magic = utf8('QSECBAK1')
const purpose = 'backup v1'
const nonceBytes = 12
/** Larger ones are none of ours: the history of a very busy year is a tenth of it. */
export const backupBytesAtMost: number = 256 * 1024 * 1024

export interface SealTools {
  random: SecureRandom
  stretch: Stretch
  cost?: StretchCost
}

export async function sealBackup(content: BackupContent, secrets: Secrets, tools: SealTools): Promise<Bytes> {
  const { random } = tools
  const raw = random(32)
  const box = await sealKeyBox(purpose, raw, secrets, tools)
  const head = new Writer().raw(magic).bytes(box, 2).done()
  const nonce = random(nonceBytes)
  const key = await importKey(raw, 'encrypt')
  const cipher = { name: 'AES-GCM', iv: nonce, additionalData: head }
  const plain = utf8(JSON.stringify(content))
  const sealed = new Uint8Array(await crypto.subtle.encrypt(cipher, key, plain))
  plain.fill(0)
  return new Writer().raw(head).raw(nonce).raw(sealed).done()
}

export type OpenedBackup =
  | { ok: true; content: BackupContent }
  /** `not-opened`: a wrong secret or a changed file, which nobody can tell apart. */
  | { ok: false; reason: 'no-backup' | 'newer' | 'not-opened' | 'unreadable' }

export async function openBackup(file: Bytes, secret: Secret, stretch: Stretch): Promise<OpenedBackup> {
  if (file.length > backupBytesAtMost) return { ok: false, reason: 'no-backup' }
  const parts = readParts(file)
  if (!parts) return { ok: false, reason: looksNewer(file) ? 'newer' : 'no-backup' }
  const raw = await openKeyBox(purpose, parts.box, secret, stretch)
  if (!raw) return { ok: false, reason: 'not-opened' }
  const key = await importKey(raw, 'decrypt')
  const cipher = { name: 'AES-GCM', iv: parts.nonce, additionalData: parts.head }
  let plain: Bytes
  try {
    plain = new Uint8Array(await crypto.subtle.decrypt(cipher, key, parts.sealed))
  } catch {
    return { ok: false, reason: 'not-opened' }
  }
  const content = parseContent(plain)
  plain.fill(0)
  return content ? { ok: true, content } : { ok: false, reason: 'unreadable' }
}

/** Whether the file begins as a backup does: what is asked before anybody types a passphrase. */
export function isBackup(file: Bytes): boolean {
  return readParts(file) !== undefined
}

function readParts(file: Bytes): { head: Bytes; box: Bytes; nonce: Bytes; sealed: Bytes } | undefined {
  return readExactly(file, (reader) => {
    const start = reader.raw(magic.length)
    if (!start.every((byte, i) => byte === magic[i])) return undefined
    const box = reader.bytes(2)
    const head = new Writer().raw(start).bytes(box, 2).done()
    return { head, box, nonce: reader.raw(nonceBytes), sealed: reader.rest() }
  })
}

function looksNewer(file: Bytes): boolean {
  return file.length > magic.length && magic.slice(0, -1).every((byte, i) => file[i] === byte) && file[7]! > magic[7]!
}

/**
 * JSON as its schema allows it and nothing else. The schemas build objects of their own from named fields, so that a
 * field like `__proto__` in the file refuses it instead of reaching any object.
 */
function parseContent(plain: Bytes): BackupContent | undefined {
  try {
    const parsed = v.safeParse(backupSchema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plain)))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined // no JSON, or no UTF-8: told as unreadable
  }
}

async function importKey(
  raw: Bytes,
  use: 'encrypt' | 'decrypt',
): Promise<Awaited<ReturnType<typeof crypto.subtle.importKey>>> {
  const key = await crypto.subtle.importKey('raw', raw, { name: 'AES-GCM' }, false, [use])
  raw.fill(0)
  return key
}
