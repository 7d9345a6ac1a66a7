/**
 * What stands inside a sealed frame of the room, as JSON. The group's own padding hides its length (crypto/frames.ts).
 * A reader checks everything: members can be hostile too.
 */
import { type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type EarlierSaid, earlierSaid } from './earlier/content.ts'
import { type Said, said } from './messages/content.ts'
import { type Lack, lacksAtMost } from './sync/lacks.ts'
import { type TrustContent, trustContent } from './trust/content.ts'
import { nameCharactersAtMost } from './trust/names.ts'

/** Names in one content: with more of them the frame could grow too large. */
export const namesAtMost = 400

/** A name as its person signed it in the device record; other members may hand it on. */
export interface NameClaim {
  /** Fingerprint of the device whose person claims the name. */
  device: string
  name: string
  /** 32 bytes in base64url that open the record's name commitment. */
  salt: string
  /** Fingerprint of the profile that the person told the room: a hint that it can be asked for. */
  profile?: string
}

/** A receipt: this device has everything up to `seq`, but for what it lacks, and this is what it saw in the epoch of `seq`. */
export interface Receipt {
  seq: number
  /** Numbers before `seq` that never came, or whose frames did not open; both ends of each are among them. */
  lacks?: Lack[]
  /** Transcript hash of the stream's epoch up to `seq`, base64url; absent where this device has a gap in the epoch. */
  transcript?: string
}

export type RoomContent =
  | Said
  | { type: 'receipt' }
  /** Names of members, signed by each: one's own when entering, everyone's for newcomers. */
  | { type: 'names'; names: NameClaim[] }
  /** `proof`: base64url, by this device's leaf key, so that every member sees that whoever takes it out is right. */
  | { type: 'leave'; proof: string }
  | { type: 'eavesdropper'; on: boolean }
  /** This device wants BB84 with everyone, now. */
  | { type: 'key-exchange-wanted' }
  /** Acknowledges the group secret `uuid`; `pad` says under what it came. */
  | { type: 'key-ack'; uuid: string; pad: 'simulated' | 'hardware' | 'none' }
  /** The room's owner had the relay delete its log, so many lines. */
  | { type: 'log-deleted'; lines: number }
  /** The outcome of one BB84 run, by either end, so that everyone's panel shows the link. */
  | { type: 'link-report'; peer: string; report: LinkReport }
  | TrustContent
  | EarlierSaid

export interface LinkReport {
  run: string
  completed: boolean
  reason?: string
  qber?: number
  qberInterval?: [number, number]
  threshold: number
  stages: { name: string; bits: number }[]
  keyBits: number
}

export interface Envelope {
  id: MessageId
  /** The device's own counter of contents in this stream, from 0; shows what is missing. */
  counter: number
  /** SHA-256 chain over the device's own earlier contents, base64url. */
  chain: string
  receipt?: Receipt
  content: RoomContent
}

const shortText = (maxLength: number): v.GenericSchema<unknown, string> => v.pipe(v.string(), v.maxLength(maxLength))
// A character is a code point here, as where names are cleaned: at most four bytes.
const boundedName: v.GenericSchema<unknown, string> = v.pipe(v.string(), v.maxBytes(4 * nameCharactersAtMost))
const base64 = (maxLength: number): v.GenericSchema<unknown, string> =>
  v.pipe(v.string(), v.maxLength(maxLength), v.regex(/^[A-Za-z0-9_-]*$/))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/))

const linkReport: v.GenericSchema<unknown, LinkReport> = v.object({
  run: base64(64),
  completed: v.boolean(),
  reason: v.exactOptional(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/))),
  qber: v.exactOptional(ratio),
  qberInterval: v.exactOptional(v.tuple([ratio, ratio])),
  threshold: ratio,
  stages: v.pipe(v.array(v.object({ name: shortText(60), bits: count })), v.maxLength(16)),
  keyBits: count,
})

const plainContent: v.GenericSchema<unknown, RoomContent> = v.variant('type', [
  v.object({ type: v.literal('receipt') }),
  v.object({
    type: v.literal('names'),
    names: v.pipe(
      v.array(
        v.object({ device: base64(22), name: boundedName, salt: base64(43), profile: v.exactOptional(base64(22)) }),
      ),
      v.maxLength(namesAtMost),
    ),
  }),
  v.object({ type: v.literal('leave'), proof: base64(128) }),
  v.object({ type: v.literal('eavesdropper'), on: v.boolean() }),
  v.object({ type: v.literal('key-exchange-wanted') }),
  v.object({ type: v.literal('key-ack'), uuid, pad: v.picklist(['simulated', 'hardware', 'none']) }),
  v.object({ type: v.literal('log-deleted'), lines: count }),
  v.object({ type: v.literal('link-report'), peer: base64(22), report: linkReport }),
])

const roomContent: v.GenericSchema<unknown, RoomContent> = v.union([said, plainContent, trustContent, earlierSaid])

const envelope = v.object({
  id: v.custom<MessageId>((input) => typeof input === 'string' && /^[A-Za-z0-9_-]{21}[AQgw]$/.test(input)),
  counter: count,
  chain: base64(43),
  receipt: v.exactOptional(
    v.object({
      seq: count,
      lacks: v.exactOptional(v.pipe(v.array(v.tuple([count, count])), v.minLength(1), v.maxLength(lacksAtMost))),
      transcript: v.exactOptional(base64(43)),
    }),
  ),
  content: v.unknown(),
}) as v.GenericSchema<unknown, Omit<Envelope, 'content'> & { content: unknown }>

/** A content that came. Undefined: of a newer kind, or of none; its place among its sender's contents counts all the same. */
export type ReadEnvelope = Omit<Envelope, 'content'> & { content: RoomContent | undefined }

export function encodeEnvelope(value: Envelope): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(value))
}

/** What a member's frame says, or undefined where it is no envelope. */
export function decodeEnvelope(bytes: Uint8Array): ReadEnvelope | undefined {
  const parsed = v.safeParse(envelope, parseJson(bytes))
  if (!parsed.success) return undefined
  const content = v.safeParse(roomContent, parsed.output.content)
  return { ...parsed.output, content: content.success ? content.output : undefined }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined // a hostile member's bytes: the schema refuses undefined
  }
}
