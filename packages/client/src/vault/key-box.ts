/**
 * A key box: one 32-byte key behind a passphrase, a recovery code, or either of both. What opens it costs what the box
 * says, and the cost is authenticated with the key: who lowers it, changes a byte or does not know the secret gets
 * the same answer.
 */
import { CodecError, type Reader, readExactly, Writer } from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import type { RecoverySecret } from './recovery-code.ts'
import { isSoundCost, passphraseBytes, type Stretch, type StretchCost, usualCost } from './stretch.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface Secrets {
  passphrase?: string
  recovery?: RecoverySecret
}

export type Secret = { passphrase: string } | { recovery: RecoverySecret }

export type DoorKind = 'passphrase' | 'recovery'

/** One way to the key. `sealed` is the key under AES-256-GCM, its nonce before it. */
type Door = { salt: Bytes; nonce: Bytes; sealed: Bytes } & (
  | { kind: 'passphrase'; cost: StretchCost }
  | { kind: 'recovery' }
)

const version = 1
const keyBytes = 32
const saltBytes = 16
const nonceBytes = 12
const sealedBytes = keyBytes + 16
const codes = { passphrase: 1, recovery: 2 } as const

/** @param purpose - what the key is for: a box of one purpose opens for no other */
export async function sealKeyBox(
  purpose: string,
  key: Bytes,
  secrets: Secrets,
  tools: { random: SecureRandom; stretch: Stretch; cost?: StretchCost },
): Promise<Bytes> {
  const { random, stretch, cost = usualCost } = tools
  const { passphrase, recovery } = secrets
  if (key.length !== keyBytes) throw new RangeError(`key box: a key of ${key.length} bytes`)
  if (passphrase === undefined && !recovery) throw new RangeError('key box: it needs a secret')
  if (!isSoundCost(cost)) throw new RangeError('key box: a cost that nobody would open')
  const doors: Door[] = []
  if (passphrase !== undefined) {
    const salt = random(saltBytes)
    const head = { kind: 'passphrase', cost, salt } as const
    const wrap = await stretch(passphraseBytes(passphrase), salt, cost)
    doors.push({ ...head, ...(await shut(purpose, head, wrap, key, random)) })
  }
  if (recovery) {
    const salt = random(saltBytes)
    const head = { kind: 'recovery', salt } as const
    doors.push({ ...head, ...(await shut(purpose, head, await wrapOf(recovery, salt), key, random)) })
  }
  const writer = new Writer().u8(version).u8(doors.length)
  for (const door of doors) writer.raw(headBytes(door)).raw(door.nonce).raw(door.sealed)
  return writer.done()
}

/** The key; undefined for a wrong secret, for a changed box and for one that asks too little or too much. */
export async function openKeyBox(
  purpose: string,
  box: Uint8Array,
  secret: Secret,
  stretch: Stretch,
): Promise<Bytes | undefined> {
  const kind = 'passphrase' in secret ? 'passphrase' : 'recovery'
  const door = readDoors(box)?.find((one) => one.kind === kind)
  if (!door) return undefined
  const wrap =
    'passphrase' in secret
      ? await stretch(passphraseBytes(secret.passphrase), door.salt, (door as Door & { kind: 'passphrase' }).cost)
      : await wrapOf(secret.recovery, door.salt)
  const key = await importWrap(wrap, 'decrypt')
  const additionalData = bound(purpose, door)
  try {
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: door.nonce, additionalData }, key, door.sealed)
    return new Uint8Array(opened)
  } catch {
    return undefined // a wrong tag: said to the caller as such
  }
}

/** What opens the box; undefined where it is none. */
export function doorsOf(box: Uint8Array): DoorKind[] | undefined {
  return readDoors(box)?.map(({ kind }) => kind)
}

async function shut(
  purpose: string,
  head: DoorHead,
  wrap: Bytes,
  key: Bytes,
  random: SecureRandom,
): Promise<{ nonce: Bytes; sealed: Bytes }> {
  const nonce = random(nonceBytes)
  const cipher = { name: 'AES-GCM', iv: nonce, additionalData: bound(purpose, head) }
  return { nonce, sealed: new Uint8Array(await crypto.subtle.encrypt(cipher, await importWrap(wrap, 'encrypt'), key)) }
}

type DoorHead = { salt: Bytes } & ({ kind: 'passphrase'; cost: StretchCost } | { kind: 'recovery' })

function headBytes(door: DoorHead): Bytes {
  const writer = new Writer().u8(codes[door.kind])
  if (door.kind === 'passphrase') {
    const { memoryKiB, passes, lanes } = door.cost
    writer.u32(memoryKiB).u8(passes).u8(lanes)
  }
  return writer.raw(door.salt).done()
}

function bound(purpose: string, head: DoorHead): Bytes {
  return new Writer().text(`qsec-key-box-v${version}\0${purpose}\0`, 1).raw(headBytes(head)).done()
}

function readDoors(box: Uint8Array): Door[] | undefined {
  return readExactly(box, (reader) => {
    if (reader.u8() !== version) return undefined
    const count = reader.u8()
    if (count < 1 || count > 2) return undefined
    const doors = Array.from({ length: count }, () => readDoor(reader))
    return new Set(doors.map(({ kind }) => kind)).size === count ? doors : undefined
  })
}

function readDoor(reader: Reader): Door {
  const code = reader.u8()
  if (code === codes.passphrase) {
    const cost = { memoryKiB: reader.u32(), passes: reader.u8(), lanes: reader.u8() }
    if (!isSoundCost(cost)) throw new CodecError('key box: a cost outside the limits')
    return { kind: 'passphrase', cost, ...readRest(reader) }
  }
  if (code === codes.recovery) return { kind: 'recovery', ...readRest(reader) }
  throw new CodecError('key box: an unknown kind of door')
}

function readRest(reader: Reader): { salt: Bytes; nonce: Bytes; sealed: Bytes } {
  return { salt: reader.raw(saltBytes), nonce: reader.raw(nonceBytes), sealed: reader.raw(sealedBytes) }
}

/** The code is random and long, so nothing has to be stretched. */
async function wrapOf(recovery: RecoverySecret, salt: Bytes): Promise<Bytes> {
  const info = new TextEncoder().encode('qsec/recovery-code/v1')
  const base = await crypto.subtle.importKey('raw', recovery, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, 256))
}

async function importWrap(wrap: Bytes, use: 'encrypt' | 'decrypt'): Promise<Awaited<ReturnType<typeof importRaw>>> {
  const key = await importRaw(wrap, use)
  wrap.fill(0)
  return key
}

function importRaw(wrap: Bytes, use: 'encrypt' | 'decrypt'): ReturnType<typeof crypto.subtle.importKey> {
  return crypto.subtle.importKey('raw', wrap, { name: 'AES-GCM' }, false, [use])
}
