/**
 * What a device leaves for another one of its person, sealed under the link's key: who the person is in this room, under
 * which name, and who of its devices may hand the group over. No key of a device, and nothing of other rooms.
 */
import { fromBase64Url, limits, parseRoomAddress, type RoomAddress, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { personSeedBytes } from '../crypto/index.ts'
import { nameCharactersAtMost } from '../trust/names.ts'

/** Whom the person has verified in the room, the newest first. */
export interface LinkedVerification {
  person: string
  atMs: number
  how: 'scan' | 'number' | 'pictures'
  name: string
}

export interface LinkContent {
  version: 1
  room: RoomAddress
  expiresMs: number
  /** The person's secret, base64url of `personSeedBytes`. */
  seed: string
  name: string
  /** The person's devices in the room, the one that made the link first. */
  devices: string[]
  verified: LinkedVerification[]
}

const devicesAtMost = 32
const verifiedAtMost = 32
/** Lengths are rounded up to this, so that the relay learns no name's length. */
const paddedTo = 2_048

const fingerprint = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/))
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const name = v.pipe(v.string(), v.maxBytes(4 * nameCharactersAtMost))

const schema: v.GenericSchema<unknown, LinkContent> = v.strictObject({
  version: v.literal(1),
  room: v.custom<RoomAddress>((input) => parseRoomAddress(input) !== undefined),
  expiresMs: time,
  seed: v.pipe(
    v.string(),
    v.maxLength(256),
    v.check((text) => fromBase64Url(text)?.length === personSeedBytes),
  ),
  name,
  devices: v.pipe(v.array(fingerprint), v.minLength(1), v.maxLength(devicesAtMost)),
  verified: v.pipe(
    v.array(v.strictObject({ person: fingerprint, atMs: time, how: v.picklist(['scan', 'number', 'pictures']), name })),
    v.maxLength(verifiedAtMost),
  ),
})

export function encodeLinkContent(content: Omit<LinkContent, 'version' | 'seed'> & { seed: Uint8Array }): Uint8Array {
  const { devices, verified, seed, ...rest } = content
  const whole: LinkContent = {
    version: 1,
    ...rest,
    seed: toBase64Url(seed),
    devices: devices.slice(0, devicesAtMost),
    verified: verified.slice(0, verifiedAtMost),
  }
  const bytes = utf8(JSON.stringify(whole))
  const padded = new Uint8Array(Math.ceil(bytes.length / paddedTo) * paddedTo).fill(0x20)
  padded.set(bytes)
  if (padded.length > limits.deviceLinkBytes - paddedTo) throw new RangeError('device link: the content is too long')
  return padded
}

/** Undefined where it is anything but what this version writes, for `room`. */
export function decodeLinkContent(room: RoomAddress, bytes: Uint8Array): LinkContent | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
    return parsed.success && parsed.output.room === room ? parsed.output : undefined
  } catch {
    return undefined // no JSON, or no UTF-8
  }
}
