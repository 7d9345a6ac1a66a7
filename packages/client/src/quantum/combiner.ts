/**
 * One key out of a post-quantum key and a quantum one, for another program: outside MLS, where the group's key schedule
 * does this by itself. It is as strong as the stronger of the two. A concatenation KDF (NIST SP 800-56C rev. 2;
 * pattern of RFC 8784 and ETSI TS 103 744) with HKDF-SHA512, as everywhere in the client.
 */
import { equalBytes, utf8, Writer } from '@qsec/protocol'
import { hkdfExpand, hkdfExtract, sha256 } from '../crypto/hashes.ts'
import { isSoundPsk } from '../crypto/rules.ts'
import type { PadLabel } from './pads.ts'

/** What the context says in the place of a QKD key where both ends agreed to do without one. */
export const withoutQkd = 'without-qkd'

/** All public; both ends must say the same, or they get different keys. */
export interface CombinerContext {
  /** Number of the cipher suite that gave the post-quantum key, 0 to 65,535. */
  suite: number
  /** 1 to 255 bytes. */
  groupId: Uint8Array
  /** A whole number up to 2^53 - 1. */
  epoch: number
  /** At least two, each once, 1 to 255 bytes of UTF-8, in any order. They are compared byte by byte, not normalised. */
  members: readonly string[]
  /**
   * All that was said to agree on each of the two keys, 1 byte to 16 MiB. Both conversations have to be over before an
   * end sees a key: nobody may choose its part of one key knowing the other. Without QKD, `qkd` is what was said to
   * agree on that.
   */
  transcripts: { pq: Uint8Array; qkd: Uint8Array }
  /** `keyIds`: of the keys it is made of, in their order, each once; 1 to 255 visible ASCII characters each. */
  qkd: { label: PadLabel; keyIds: readonly string[] } | typeof withoutQkd
}

/** 32 to 65,536 bytes each, not all alike. */
export interface CombinerSecrets {
  /** The epoch secret of the epoch before: the salt. */
  previous: Uint8Array
  pq: Uint8Array
  /** Missing exactly where the context says `without-qkd`. */
  qkd?: Uint8Array
}

interface Range {
  least: number
  most: number
}

export const combinerLimits: Record<'secretBytes' | 'members' | 'keyIds' | 'transcriptBytes', Range> = {
  secretBytes: { least: 32, most: 65_536 },
  members: { least: 2, most: 1_024 },
  keyIds: { least: 1, most: 1_024 },
  transcriptBytes: { least: 1, most: 16 * 1_024 * 1_024 },
}

const keyBytes = 32
const labels: readonly PadLabel[] = ['simulated', 'hardware']

/** What was given makes no sense. Names the argument and never its value. */
export class CombinerMistake extends RangeError {
  override readonly name = 'CombinerMistake'
  readonly argument: keyof CombinerSecrets | 'context'
  /** Half a sentence for people, about the argument. */
  readonly why: string

  constructor(argument: CombinerMistake['argument'], why: string) {
    super(`combiner: ${argument} ${why}`)
    this.argument = argument
    this.why = why
  }
}

/**
 * The combined key, 32 bytes. Throws `CombinerMistake` where a secret is unsound, or anything is out of its range or
 * missing. The caller erases what it gave and what it got.
 */
export function combineKeys(secrets: CombinerSecrets, context: CombinerContext): Uint8Array<ArrayBuffer> {
  checkSecrets(secrets, context)
  const info = encodeContext(context)
  const { previous, pq, qkd = new Uint8Array(0) } = secrets
  const input = new Writer().bytes(pq, 4).bytes(qkd, 4).done()
  const prk = hkdfExtract(previous, input)
  const key = hkdfExpand(prk, info, keyBytes)
  input.fill(0)
  prk.fill(0)
  return key
}

/** What the key is bound to. All is of fixed width or behind its length, so that no two contexts spell alike. */
function encodeContext(context: CombinerContext): Uint8Array<ArrayBuffer> {
  const { suite, groupId, epoch, members, transcripts, qkd } = context
  const writer = new Writer().raw(utf8('QSEC qkd v1'))
  writer.u16(whole('suite', suite, 0xffff))
  writer.bytes(sized('groupId', groupId, { least: 1, most: 255 }), 1)
  writer.u53(whole('epoch', epoch, Number.MAX_SAFE_INTEGER))
  writeList(writer, memberIds(members))
  writer.raw(transcriptsHash(transcripts))
  if (qkd === withoutQkd) return writer.u8(0).done()
  if (!labels.includes(qkd.label)) fail(`label must be ${labels.join(' or ')}`)
  writer.u8(1).text(qkd.label, 1)
  writeList(writer, keyIds(qkd.keyIds))
  return writer.done()
}

function checkSecrets({ previous, pq, qkd }: CombinerSecrets, context: CombinerContext): void {
  checkSecret('previous', previous)
  checkSecret('pq', pq)
  if (qkd && context.qkd === withoutQkd)
    throw new CombinerMistake('qkd', `is there, and the context says ${withoutQkd}`)
  if (!qkd && context.qkd !== withoutQkd) {
    throw new CombinerMistake('qkd', `is missing, and the context does not say ${withoutQkd}`)
  }
  if (!qkd) return
  checkSecret('qkd', qkd)
  // A copy of the other key is a broken source, and adds nothing.
  if (equalBytes(qkd, pq)) throw new CombinerMistake('qkd', 'is the post-quantum key once more')
}

function checkSecret(name: keyof CombinerSecrets, secret: Uint8Array): void {
  const { least, most } = combinerLimits.secretBytes
  if (!isSized(secret, combinerLimits.secretBytes))
    throw new CombinerMistake(name, `must have ${least} to ${most} bytes`)
  if (!isSoundPsk(secret)) throw new CombinerMistake(name, 'has bytes that are all alike: its source has failed')
}

function transcriptsHash({ pq, qkd }: CombinerContext['transcripts']): Uint8Array {
  const said = new Writer()
  said.bytes(sized('transcripts.pq', pq, combinerLimits.transcriptBytes), 4)
  said.bytes(sized('transcripts.qkd', qkd, combinerLimits.transcriptBytes), 4)
  return sha256(said.done())
}

/** In the order of their bytes, which is the same everywhere. */
function memberIds(members: readonly string[]): Uint8Array[] {
  checkCount('members', members, combinerLimits.members)
  // Every lone surrogate would become the same three bytes.
  const ids = members.map((id) => (typeof id === 'string' && id.isWellFormed() ? utf8(id) : undefined))
  return ids.map((id) => sized('each of members', id, { least: 1, most: 255 })).sort(compareBytes)
}

function keyIds(ids: readonly string[]): Uint8Array[] {
  checkCount('keyIds', ids, combinerLimits.keyIds)
  return ids.map((id) => {
    if (typeof id !== 'string' || !/^[!-~]{1,255}$/.test(id))
      fail('each of keyIds must be 1 to 255 visible ASCII characters')
    return utf8(id)
  })
}

function writeList(writer: Writer, items: readonly Uint8Array[]): void {
  writer.u16(items.length)
  for (const item of items) writer.bytes(item, 1)
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at === -1 ? a.length - b.length : a[at]! - (b[at] ?? -1)
}

function checkCount(name: string, items: readonly string[], { least, most }: Range): void {
  if (!Array.isArray(items) || items.length < least || items.length > most) {
    fail(`${name} must be a list of ${least} to ${most}`)
  }
  if (new Set(items).size !== items.length) fail(`${name} must stand there once each`)
}

function isSized(bytes: Uint8Array | undefined, { least, most }: Range): bytes is Uint8Array {
  return bytes instanceof Uint8Array && bytes.length >= least && bytes.length <= most
}

function sized(name: string, bytes: Uint8Array | undefined, range: Range): Uint8Array {
  return isSized(bytes, range) ? bytes : fail(`${name} must have ${range.least} to ${range.most} bytes`)
}

function whole(name: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return value
  return fail(`${name} must be a whole number from 0 to ${most}`)
}

function fail(why: string): never {
  throw new CombinerMistake('context', why)
}
