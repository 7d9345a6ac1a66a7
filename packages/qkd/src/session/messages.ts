/**
 * Messages of a run and their frame: version, run id, direction, sequence number, kind, body, and for some kinds a
 * tag over the whole transcript. docs/qkd.md has the table.
 */
import { ByteReader } from '../bytes.ts'
import type { AbortReason } from './result.ts'

export const protocolVersion = 2
export const runIdBytes = 16
export const tagBytes = 16
/** No message is longer; base64 makes of it less than one relay message of 256 KiB. */
export const maxMessageBytes: number = 128 * 1024

export type Role = 'alice' | 'bob'

/** Kinds, about in the order of a run. Numbers stand on the wire. */
export const kinds = {
  propose: 1,
  accept: 2,
  reveal: 3,
  photons: 4,
  detected: 5,
  clicks: 6,
  sifted: 7,
  sampleShare: 8,
  sample: 9,
  estimate: 10,
  topParities: 11,
  ask: 12,
  parities: 13,
  reconciled: 14,
  amplify: 15,
  confirm: 16,
  confirmed: 17,
  /** Decoy states: both say all bits of the test basis. */
  testOfBob: 18,
  testOfAlice: 19,
  /** Of a run on bits that are sifted already. */
  proposeSifted: 20,
  acceptSifted: 21,
  siftedSample: 22,
  /** Beginning of a body that is too long for one message; the message of its kind brings the end. */
  more: 23,
  abort: 255,
} as const

export type Kind = keyof typeof kinds

/** Who says it. */
export const speaker: Record<Exclude<Kind, 'abort' | 'more'>, Role> = {
  propose: 'alice',
  accept: 'bob',
  reveal: 'alice',
  photons: 'alice',
  detected: 'bob',
  clicks: 'bob',
  sifted: 'alice',
  sampleShare: 'bob',
  sample: 'alice',
  estimate: 'bob',
  topParities: 'alice',
  ask: 'bob',
  parities: 'alice',
  reconciled: 'bob',
  amplify: 'alice',
  confirm: 'bob',
  confirmed: 'alice',
  testOfBob: 'bob',
  testOfAlice: 'alice',
  proposeSifted: 'alice',
  acceptSifted: 'bob',
  siftedSample: 'alice',
}

/**
 * The pad of each tagged kind; of kinds with the same pad a run has one. A tag speaks for everything before it, so one
 * per phase and direction is enough. The two confirmations carry no tag: each is 64 bits of the new key, which only the
 * other end can know.
 */
export const padOf: Partial<Record<Kind, number>> = {
  sifted: 0,
  siftedSample: 0,
  sampleShare: 1,
  testOfBob: 1,
  acceptSifted: 1,
  estimate: 2,
  testOfAlice: 2,
  topParities: 3,
  reconciled: 4,
  amplify: 5,
}

export interface Frame {
  direction: Role
  sequence: number
  kind: Kind
  /** All before the tag. */
  signed: Uint8Array
  body: Uint8Array
  tag: Uint8Array | undefined
}

export const headerBytes: number = 1 + runIdBytes + 1 + 4 + 1

/** @param tailBytes - room that is left for a tag */
export function encodeFrame(
  runId: Uint8Array,
  direction: Role,
  sequence: number,
  kind: Kind,
  body: Uint8Array,
  tailBytes = 0,
): Uint8Array {
  const frame = new Uint8Array(headerBytes + body.length + tailBytes)
  frame[0] = protocolVersion
  frame.set(runId, 1)
  let at = 1 + runIdBytes
  frame[at++] = direction === 'alice' ? 0 : 1
  for (let shift = 24; shift >= 0; shift -= 8) frame[at++] = sequence >>> shift
  frame[at++] = kinds[kind]
  frame.set(body, at)
  return frame
}

export function parseFrame(message: Uint8Array, runId: Uint8Array): Frame | AbortReason {
  if (!(message instanceof Uint8Array) || message.length < headerBytes) return 'malformed-message'
  if (message.length > maxMessageBytes) return 'malformed-message'
  const header = new ByteReader(message)
  if (header.u8() !== protocolVersion) return 'unknown-version'
  const ofRun = header.bytes(runIdBytes)
  for (let i = 0; i < runIdBytes; i++) if (ofRun[i] !== runId[i]) return 'foreign-run'
  const direction = header.u8()
  const sequence = header.u32()
  const kind = kindOf.get(header.u8())
  if (direction > 1 || !kind) return 'malformed-message'
  const tagged = padOf[kind] !== undefined
  const signedBytes = message.length - (tagged ? tagBytes : 0)
  if (signedBytes < headerBytes) return 'malformed-message'
  // Parts of it are read when later messages are there, and by then the caller may have used its buffer again.
  const ours = message.slice()
  return {
    direction: direction === 0 ? 'alice' : 'bob',
    sequence,
    kind,
    signed: ours.subarray(0, signedBytes),
    body: ours.subarray(headerBytes, signedBytes),
    tag: tagged ? ours.subarray(signedBytes) : undefined,
  }
}

export interface MessageDescription {
  direction: Role
  sequence: number
  kind: Kind
  bytes: number
  tagged: boolean
}

/** What may be shown and logged of a message: never its content, since photons travel in it. */
export function describeMessage(message: Uint8Array): MessageDescription | undefined {
  const frame = parseFrame(message, message.subarray(1, 1 + runIdBytes))
  if (typeof frame === 'string') return undefined
  const { direction, sequence, kind, tag } = frame
  return { direction, sequence, kind, bytes: message.length, tagged: tag !== undefined }
}

const kindOf = new Map<number, Kind>((Object.keys(kinds) as Kind[]).map((kind) => [kinds[kind], kind]))
