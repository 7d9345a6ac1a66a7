/** Valibot schemas of the fields that events share. Private to this package. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import {
  type DeviceId,
  type FileId,
  type Incarnation,
  isSixteenBytes,
  type LinkId,
  type MessageId,
  type PairId,
  parseRoomAddress,
  type RoomAddress,
} from './ids.ts'

type Field<T> = v.GenericSchema<unknown, T>

function sixteenBytes<T extends string>(): Field<T> {
  return v.custom<T>((input) => typeof input === 'string' && isSixteenBytes(input), 'not 16 bytes in base64url')
}

export const room: Field<RoomAddress> = v.custom<RoomAddress>(
  (input) => parseRoomAddress(input) !== undefined,
  'no room address',
)
export const deviceId: Field<DeviceId> = sixteenBytes<DeviceId>()
export const pairId: Field<PairId> = sixteenBytes<PairId>()
export const messageId: Field<MessageId> = sixteenBytes<MessageId>()
export const fileId: Field<FileId> = sixteenBytes<FileId>()
export const linkId: Field<LinkId> = sixteenBytes<LinkId>()
export const incarnation: Field<Incarnation> = sixteenBytes<Incarnation>()

/** A whole number from 0 to 2^53 - 1: sequence numbers, epochs, counters, times. */
export const count: Field<number> = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const alphabet = /^[A-Za-z0-9_-]*$/

/** Whether `text` is base64url in its only spelling. Big ones are decoded later, and must not fail then. */
function isBase64Url(text: string): boolean {
  const last = text.at(-1) ?? ''
  switch (text.length % 4) {
    case 0:
      return alphabet.test(text)
    case 2: // four bits of the last character are unused
      return 'AQgw'.includes(last) && alphabet.test(text)
    case 3: // two are
      return 'AEIMQUYcgkosw048'.includes(last) && alphabet.test(text)
    default:
      return false
  }
}

/** Base64url of at least one byte and at most `maxBytes`. */
export function base64(maxBytes: number): Field<Base64Url> {
  const maxLength = Math.ceil((maxBytes * 4) / 3)
  return v.custom<Base64Url>(
    (input) => typeof input === 'string' && input.length > 0 && input.length <= maxLength && isBase64Url(input),
    `no base64url of 1 to ${maxBytes} bytes`,
  )
}

/** Base64url of exactly `bytes` bytes. */
export function base64Exactly(bytes: number): Field<Base64Url> {
  const length = Math.ceil((bytes * 4) / 3)
  return v.custom<Base64Url>(
    (input) => typeof input === 'string' && input.length === length && isBase64Url(input),
    `no base64url of ${bytes} bytes`,
  )
}

export function list<T>(item: Field<T>, maxLength: number): Field<T[]> {
  return v.pipe(v.array(item), v.maxLength(maxLength))
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string }

/**
 * Holds `input` against `schema`. The message names the field and what is wrong with it, never the value: values can be
 * ciphertexts. Schemas are `strictObject`s, so an unknown field (`__proto__` among them) is refused as well.
 */
export function parseWith<T>(schema: Field<T>, input: unknown): Parsed<T> {
  const parsed = v.safeParse(schema, input, { abortEarly: true })
  if (parsed.success) return { ok: true, value: parsed.output }
  const [issue] = parsed.issues
  const path = issue.path?.map((step) => String(step.key).slice(0, 40)).join('.') ?? ''
  const ours = issue.type === 'custom' || issue.type === 'check'
  const what = ours ? issue.message : `expected ${issue.expected ?? issue.type}`
  return { ok: false, message: path ? `${path}: ${what}` : what }
}
