/**
 * The recovery code: 128 random bits for people to write down, in seven groups of four characters with a checksum, so
 * that a slip of the pen is noticed before anything is tried with it.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes } from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** 16 bytes. */
export type RecoverySecret = Bytes & { readonly __type: 'RecoverySecret' }

// Crockford's base 32: no I, L, O and U, which are mistaken for others or make words.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const secretBytes = 16
/** 128 bits and 12 of checksum are 140: 28 characters of five bits. */
const characters = 28
const checksumBits = 12n

export function newRecoverySecret(random: SecureRandom): RecoverySecret {
  return random(secretBytes) as RecoverySecret
}

/** Such as `7K2M-4QXT-…`. */
export function formatRecoveryCode(secret: RecoverySecret): string {
  let value = (toBigInt(secret) << checksumBits) | checksum(secret)
  let text = ''
  for (let i = 0; i < characters; i++) {
    text = alphabet[Number(value & 31n)]! + text
    value >>= 5n
  }
  return text.match(/.{4}/g)!.join('-')
}

/** Takes what people type: any case, spaces or hyphens anywhere, O for 0, I and L for 1. Undefined where it is no code. */
export function parseRecoveryCode(typed: string): RecoverySecret | undefined {
  if (typed.length > 200) return undefined
  const plain = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
  if (plain.length !== characters) return undefined
  let value = 0n
  for (const character of plain) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return undefined
    value = (value << 5n) | BigInt(digit)
  }
  const secret = toBytes(value >> checksumBits)
  return checksum(secret) === (value & ((1n << checksumBits) - 1n)) ? secret : undefined
}

export function sameRecoverySecret(a: RecoverySecret, b: RecoverySecret): boolean {
  return equalBytes(a, b)
}

function checksum(secret: Uint8Array): bigint {
  const hash = sha256(Uint8Array.from([...new TextEncoder().encode('qsec/recovery-code/v1'), ...secret]))
  return (BigInt(hash[0]!) << 4n) | (BigInt(hash[1]!) >> 4n)
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function toBytes(value: bigint): RecoverySecret {
  const bytes = new Uint8Array(secretBytes)
  for (let i = secretBytes - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n)
  return bytes as RecoverySecret
}
