/** The codes that people compare, and how each is computed. Names are part of none of them. */
import {
  concatBytes,
  encodePersonKeys,
  fromBase64Url,
  type PersonKey,
  type RoomAddress,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import { sha512 } from '../crypto/index.ts'

/** Digits in groups of five, as `12345 67890 …`. */
export type Digits = string

/** 40 digits: 132 bits. */
const roomCodeGroups = 8
/** 60 digits: 199 bits. */
const safetyNumberGroups = 12
/** Makes trying out keys for a look-alike of shown digits slower; the 256 bits of the picture need it less. */
const safetyNumberRounds = 4_096

/** The same on all screens of one epoch, and another one wherever the members or their keys differ (RFC 9420 §8.7). */
export function roomCode(room: RoomAddress, epoch: number, authenticator: Uint8Array): Digits {
  const hash = sha512(
    new Writer().raw(utf8('qsec/room-code/v1\0')).text(room, 1).u53(epoch).bytes(authenticator, 1).done(),
  )
  return digits(hash, roomCodeGroups)
}

export interface SafetyNumber {
  digits: Digits
  /** What the QR code holds: the room and 256 bits. */
  scan: string
}

/** Of two people in one room: both see the same, whoever asks. */
export function safetyNumber(room: RoomAddress, one: readonly PersonKey[], other: readonly PersonKey[]): SafetyNumber {
  const keys = [one, other].map((person) => encodePersonKeys(person))
  const [first, second] = keys.sort((a, b) => (toBase64Url(a) < toBase64Url(b) ? -1 : 1)) as [Uint8Array, Uint8Array]
  const label = utf8('qsec/safety-number/v1\0')
  let hash = sha512(new Writer().raw(label).text(room, 1).bytes(first, 2).bytes(second, 2).done())
  for (let round = 1; round < safetyNumberRounds; round++) hash = sha512(concatBytes(label, hash))
  return {
    digits: digits(hash, safetyNumberGroups),
    scan: `${scanPrefix}${room}:${toBase64Url(hash.subarray(0, 32))}`,
  }
}

const scanPrefix = 'qsec:verify:1:'

/**
 * What another's screen showed, against one's own number: a whole scan, or its digits typed or pasted.
 * `not-a-code`: it is nothing of the kind, and says nothing about anybody's keys.
 */
export function compareScan(own: SafetyNumber, shown: string): 'match' | 'mismatch' | 'other-room' | 'not-a-code' {
  const text = shown.trim()
  if (text.startsWith(scanPrefix)) {
    const [room, hash] = text.slice(scanPrefix.length).split(':')
    if (hash === undefined || fromBase64Url(hash)?.length !== 32) return 'not-a-code'
    if (room !== own.scan.slice(scanPrefix.length).split(':')[0]) return 'other-room'
    return text === own.scan ? 'match' : 'mismatch'
  }
  if (!isDigits(text)) return 'not-a-code'
  return bare(text) === bare(own.digits) ? 'match' : 'mismatch'
}

/** A whole safety number in digits, however they are grouped. */
export function isDigits(text: string): boolean {
  return /^\d+$/.test(bare(text)) && bare(text).length === 5 * safetyNumberGroups
}

function bare(text: string): string {
  return text.replace(/[\s.-]/g, '')
}

/** Five bytes give five digits: the bias of 2^40 modulo 100,000 is below one in ten million. */
function digits(hash: Uint8Array, groups: number): Digits {
  const shown = Array.from({ length: groups }, (_, i) => {
    const value = hash.subarray(5 * i, 5 * i + 5).reduce((sum, byte) => sum * 256 + byte, 0)
    return String(value % 100_000).padStart(5, '0')
  })
  return shown.join(' ')
}
