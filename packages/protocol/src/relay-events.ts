/** What the relay sends: each event's form and parser. Clients check it too, for a relay may be hostile. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import type {
  FetchRoomLogsAnswer,
  HelloAnswer,
  JoinAnswer,
  KeepSealedAnswer,
  Ordered,
  ReopenAnswer,
  RoomLogLine,
  TakeLinkAnswer,
} from './client-events.ts'
import {
  type Drain,
  drain,
  type GapAsked,
  type GapGiven,
  gapAsked,
  gapGiven,
  type Heartbeat,
  heartbeat,
} from './delivery.ts'
import * as f from './fields.ts'
import { type FileAsked, fileAsked } from './files.ts'
import {
  type DeviceId,
  type Incarnation,
  isSixteenBytes,
  type LinkId,
  type MessageId,
  type PairId,
  type RoomAddress,
} from './ids.ts'
import { limits } from './limits.ts'
import { pushOffer } from './push.ts'

interface FrameFields {
  room: RoomAddress
  inc: Incarnation
  seq: number
  epoch: number
  id: MessageId
  ct: Base64Url
  /** Milliseconds since 1970 by the relay's clock: a hint for display, never trusted. */
  at: number
}

/** A frame of a room's stream, or of a pair's where `pair` stands. `device` sent it, as the relay says. */
export interface MessageFrame extends FrameFields {
  pair?: PairId
  device: DeviceId
  n: number
}
/** A frame of a pair group: `bb84_message` and `roomkey_share`. */
export interface PairFrame extends FrameFields {
  pair: PairId
  from: DeviceId
  n: number
}
export interface CommitFrame extends FrameFields {
  pair?: PairId
  device: DeviceId
  bundles: Base64Url[]
  /** Devices that have a Welcome coming, and those that the committer says it removed: hints for presence. */
  joined: DeviceId[]
  removed: DeviceId[]
}
/** The commit at `seq` stands, or was withdrawn (`commit_nack` downwards): its epoch is open again. */
export interface CommitVerdict {
  room: RoomAddress
  pair?: PairId
  inc: Incarnation
  seq: number
  epoch: number
}
/** The Welcome that belongs to the commit at `seq`. Kept by the relay until the device acknowledges it. */
export interface WelcomeEvent {
  room: RoomAddress
  pair?: PairId
  from: DeviceId
  inc: Incarnation
  seq: number
  /** The epoch that the commit began, in which the joiner starts. */
  epoch: number
  ct: Base64Url
}
/** Who is here. The members that count are those of the MLS tree; this only says who is connected. */
export interface UserList {
  room: RoomAddress
  members: { device: DeviceId; present: boolean }[]
  /** Devices that ask to be let in, with a KeyPackage in `pubkey_list`. */
  waiting: DeviceId[]
  /** Persons expected, if whoever made the room said so. */
  expected?: number
  /** Some member wants to be called when it is away: say of a frame whether a person says something in it. */
  wakes?: true
}
/** Public keys of devices: all that the receiver may see on join, then what changed. */
export interface PubkeyList {
  room: RoomAddress
  devices: {
    device: DeviceId
    bundle: Base64Url
    /** The KeyPackage with which this device asks to be let in, or back in. */
    request?: Base64Url
  }[]
}
export interface RoomLogs {
  room: RoomAddress
  logs: RoomLogLine[]
}
/** For how many days the relay keeps this room's sealed frames from now on; 0: it does not. */
export interface Keeping {
  room: RoomAddress
  days: number
}
/** Somebody has taken what this device offered under that id: its own next device, if all is well. */
export interface LinkTaken {
  room: RoomAddress
  id: LinkId
}
/** A refused `join` in the shape that the prototype's clients knew; the answer to `join` says the same. */
export interface JoinFailed {
  room: string
  code: string
  message: string
}

export interface RelayEvents {
  encrypted_message: MessageFrame
  bb84_message: PairFrame
  roomkey_share: PairFrame
  commit: CommitFrame
  commit_stands: CommitVerdict
  commit_nack: CommitVerdict
  welcome: WelcomeEvent
  user_list: UserList
  pubkey_list: PubkeyList
  room_logs: RoomLogs
  link_taken: LinkTaken
  keep_sealed: Keeping
  join_failed: JoinFailed
  heartbeat: Heartbeat
  gap_want: GapAsked
  gap_give: GapGiven
  file_want: FileAsked
  drain: Drain
}
export type RelayEventName = keyof RelayEvents

const frame = {
  room: f.room,
  inc: f.incarnation,
  seq: f.count,
  epoch: f.count,
  id: f.messageId,
  at: f.count,
}
const ciphertext = f.base64(limits.messageBytes)
const optionalPair = v.exactOptional(f.pairId)
const bundle = f.base64(limits.bundleBytes)
const devices = f.list(f.deviceId, limits.devicesPerCommit)

const messageFrame: v.GenericSchema<unknown, MessageFrame> = v.object({
  ...frame,
  pair: optionalPair,
  device: f.deviceId,
  n: f.count,
  ct: ciphertext,
})
const pairFrame: v.GenericSchema<unknown, PairFrame> = v.object({
  ...frame,
  pair: f.pairId,
  from: f.deviceId,
  n: f.count,
  ct: ciphertext,
})
const commitFrame: v.GenericSchema<unknown, CommitFrame> = v.object({
  ...frame,
  pair: optionalPair,
  device: f.deviceId,
  ct: f.base64(limits.commitBytes),
  bundles: f.list(bundle, limits.devicesPerCommit),
  joined: devices,
  removed: devices,
})
const commitVerdict: v.GenericSchema<unknown, CommitVerdict> = v.object({
  room: f.room,
  pair: optionalPair,
  inc: f.incarnation,
  seq: f.count,
  epoch: f.count,
})
const welcome: v.GenericSchema<unknown, WelcomeEvent> = v.object({
  room: f.room,
  pair: optionalPair,
  from: f.deviceId,
  inc: f.incarnation,
  seq: f.count,
  epoch: f.count,
  ct: f.base64(limits.welcomeBytes),
})
const userList: v.GenericSchema<unknown, UserList> = v.object({
  room: f.room,
  members: f.list(v.object({ device: f.deviceId, present: v.boolean() }), 2 * limits.capacity),
  waiting: f.list(f.deviceId, 2 * limits.capacity),
  expected: v.exactOptional(f.count),
  wakes: v.exactOptional(v.literal(true)),
})
const pubkeyList: v.GenericSchema<unknown, PubkeyList> = v.object({
  room: f.room,
  devices: f.list(
    v.object({ device: f.deviceId, bundle, request: v.exactOptional(f.base64(limits.keyPackageBytes)) }),
    2 * limits.capacity,
  ),
})
const logLine: v.GenericSchema<unknown, RoomLogLine> = v.object({
  id: f.count,
  message: v.pipe(v.string(), v.maxLength(2_000)),
  created_at: f.count,
})
const roomLogs: v.GenericSchema<unknown, RoomLogs> = v.object({ room: f.room, logs: f.list(logLine, limits.logLines) })
const linkTaken: v.GenericSchema<unknown, LinkTaken> = v.object({ room: f.room, id: f.linkId })
const keepSealed: v.GenericSchema<unknown, Keeping> = v.object({ room: f.room, days: f.count })
const joinFailed: v.GenericSchema<unknown, JoinFailed> = v.object({
  room: v.string(),
  code: v.string(),
  message: v.string(),
})

const schemas: { [K in RelayEventName]: v.GenericSchema<unknown, RelayEvents[K]> } = {
  encrypted_message: messageFrame,
  bb84_message: pairFrame,
  roomkey_share: pairFrame,
  commit: commitFrame,
  commit_stands: commitVerdict,
  commit_nack: commitVerdict,
  welcome,
  user_list: userList,
  pubkey_list: pubkeyList,
  room_logs: roomLogs,
  link_taken: linkTaken,
  keep_sealed: keepSealed,
  join_failed: joinFailed,
  heartbeat,
  gap_want: gapAsked,
  gap_give: gapGiven,
  file_want: fileAsked,
  drain,
}
export const relayEventNames: readonly RelayEventName[] = Object.keys(schemas) as RelayEventName[]

/** Parses the payload of a relay event as a client meets it. Unknown fields are ignored, for newer relays. */
export function parseRelayEvent<K extends RelayEventName>(name: K, input: unknown): f.Parsed<RelayEvents[K]> {
  return f.parseWith(schemas[name], input)
}

const resumed = { inc: f.incarnation, epoch: f.count, seq: f.count, firstSeq: f.count, recovered: v.boolean() }
const answers = {
  hello: v.object({ version: f.count, nonce: f.base64Exactly(32) }) as v.GenericSchema<unknown, HelloAnswer>,
  join: v.variant('state', [
    v.object({
      device: f.deviceId,
      state: v.literal('member'),
      created: v.boolean(),
      pairs: f.list(v.object({ pair: f.pairId, ...resumed }), limits.pairsPerJoin),
      strays: v.exactOptional(
        f.list(v.object({ pair: f.pairId, with: v.pipe(v.string(), v.check(isSixteenBytes)) }), limits.pairsPerJoin),
      ),
      keeps: v.exactOptional(f.count),
      files: v.exactOptional(f.count),
      push: v.exactOptional(pushOffer),
      restored: v.exactOptional(f.count),
      astray: v.exactOptional(v.literal(true)),
      ...resumed,
    }),
    v.object({ device: f.deviceId, state: v.literal('waiting') }),
  ]) as v.GenericSchema<unknown, JoinAnswer>,
  ordered: v.object({ inc: f.incarnation, seq: f.count }) as v.GenericSchema<unknown, Ordered>,
  fetch_room_logs: v.object({ logs: f.list(logLine, limits.logLines) }) as v.GenericSchema<
    unknown,
    FetchRoomLogsAnswer
  >,
  fetch_bundles: v.object({ bundles: f.list(bundle, limits.devicesPerCommit) }) as v.GenericSchema<
    unknown,
    { bundles: Base64Url[] }
  >,
  keep_sealed: v.object({ days: f.count }) as v.GenericSchema<unknown, KeepSealedAnswer>,
  reopen: v.object({ lacks: f.list(f.deviceId, limits.devicesPerRoom) }) as v.GenericSchema<unknown, ReopenAnswer>,
  take_link: v.object({ sealed: f.base64(limits.deviceLinkBytes) }) as v.GenericSchema<unknown, TakeLinkAnswer>,
  take_key_package: v.object({
    keyPackage: f.base64(limits.keyPackageBytes),
    lastResort: v.boolean(),
  }) as v.GenericSchema<unknown, { keyPackage: Base64Url; lastResort: boolean }>,
}

export function parseHelloAnswer(input: unknown): f.Parsed<HelloAnswer> {
  return f.parseWith(answers.hello, input)
}
export function parseJoinAnswer(input: unknown): f.Parsed<JoinAnswer> {
  return f.parseWith(answers.join, input)
}
export function parseOrdered(input: unknown): f.Parsed<Ordered> {
  return f.parseWith(answers.ordered, input)
}
export function parseRoomLogsAnswer(input: unknown): f.Parsed<FetchRoomLogsAnswer> {
  return f.parseWith(answers.fetch_room_logs, input)
}
export function parseBundlesAnswer(input: unknown): f.Parsed<{ bundles: Base64Url[] }> {
  return f.parseWith(answers.fetch_bundles, input)
}
export function parseKeepSealedAnswer(input: unknown): f.Parsed<KeepSealedAnswer> {
  return f.parseWith(answers.keep_sealed, input)
}
export function parseReopenAnswer(input: unknown): f.Parsed<ReopenAnswer> {
  return f.parseWith(answers.reopen, input)
}
export function parseTakeLinkAnswer(input: unknown): f.Parsed<TakeLinkAnswer> {
  return f.parseWith(answers.take_link, input)
}
export function parseKeyPackageAnswer(input: unknown): f.Parsed<{ keyPackage: Base64Url; lastResort: boolean }> {
  return f.parseWith(answers.take_key_package, input)
}
