/** What devices send: each event's form, its parser, and the answer it gets. Unknown fields are refused. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import { type GapGive, type GapWant, gapGive, gapWant } from './delivery.ts'
import * as f from './fields.ts'
import { type FileGive, type FileWant, type FileWantAnswer, fileGive, fileWant } from './files.ts'
import {
  type DeleteRoomLogs,
  type DeleteRoomLogsAnswer,
  deleteRoomLogs,
  type FetchRoomRows,
  type FetchRoomTables,
  fetchRoomRows,
  fetchRoomTables,
  type RoomRowsAnswer,
  type RoomTablesAnswer,
} from './holdings.ts'
import {
  type DeviceId,
  type Incarnation,
  type LinkId,
  type MessageId,
  type PairId,
  type RoomAddress,
  type RoomKind,
  roomKind,
} from './ids.ts'
import { limits } from './limits.ts'
import { type PushOffer, type SetPush, setPush } from './push.ts'

/** The version of this protocol. A relay lists the versions that it speaks; a client names those it could use. */
export const protocolVersion = 1

/** Where a device stands in a stream: it has applied everything up to `seq` of incarnation `inc`. */
export interface Cursor {
  inc: Incarnation
  seq: number
}

export interface Hello {
  /** Versions of the protocol that the client could use, best first. */
  versions: number[]
}
export interface HelloAnswer {
  version: number
  /** 32 bytes for `loginSignedBytes`; good for one login on this socket within 30 s. */
  nonce: Base64Url
}

export interface Login {
  bundle: Base64Url
  expiresMs: number
  /** Ed25519 by the record's `relayAuthKey` over `loginSignedBytes`. */
  signature: Base64Url
}

export interface JoinProof {
  /** Ed25519 public key derived from the invite secret. */
  joinKey: Base64Url
  /** Over `joinSignedBytes` with the SHA-256 of the bundle as credential. */
  signature: Base64Url
}

export interface CreateRoom {
  /** Persons expected; also the room's capacity. */
  expected?: number
  /** Public join keys of the live invites; empty for an open room. */
  joinKeys: Base64Url[]
  /** Of whoever runs the relay, where it has refused a room for want of it. */
  token?: string
}

/**
 * Enters a room, makes it (`create`), or resumes (`inc`, `seq`, `pairs`). `login` is needed once per socket.
 * A device that is no member yet waits: it sees `announce_pubkey` answered and, in time, gets a `welcome`.
 * So does one that knocks, whether the room exists or not: nothing that it is told depends on that.
 */
export interface Join {
  room: RoomAddress
  login?: Login
  create?: CreateRoom
  proof?: JoinProof
  /** Asks the people in a closed room to be let in without a link. Goes with `login` alone. */
  knock?: true
  inc?: Incarnation
  seq?: number
  pairs?: ({ pair: PairId } & Cursor)[]
}

export interface Resumed {
  inc: Incarnation
  epoch: number
  /** The stream's last sequence number. */
  seq: number
  /** The first one that this incarnation can have; smaller ones belong to an earlier life. */
  firstSeq: number
  /** True: every frame after the cursor follows as events, in order, before any newer one. False: none does. */
  recovered: boolean
}

export type JoinAnswer =
  | ({
      device: DeviceId
      state: 'member'
      created: boolean
      pairs: ({ pair: PairId } & Resumed)[]
      /**
       * Conversations of this device that it did not name, and whose Welcome went down with an earlier life of the relay.
       * `with`: fingerprint of the other person.
       */
      strays?: { pair: PairId; with: string }[]
      /** Days for which the relay keeps this room's sealed frames on its disk; absent: it does not. */
      keeps?: number
      /** Bytes of the largest file that this relay passes on; absent: it passes none on. */
      files?: number
      /** How it calls devices that are away; absent: it does not. */
      push?: PushOffer
      /**
       * The relay's memory was set back to an older copy, of this epoch: a member that comes from before that and was in a
       * later one says so (`reopen`), whatever has been ordered since.
       */
      restored?: number
      /** What was ordered since then in the incarnation that the device names counts no more: the room went on from elsewhere. */
      astray?: true
    } & Resumed)
  | { device: DeviceId; state: 'waiting' }

/**
 * To a relay that was set back to an older copy of its memory (`restored`): where the room really is, as this member's group
 * has it. The relay then begins a new incarnation in that epoch, above `seq`, and sends everybody else away to come back.
 */
export interface Reopen {
  room: RoomAddress
  epoch: number
  /** Where this device stands, in an incarnation from before: no number up to `seq` is given out again. */
  inc: Incarnation
  seq: number
  /** Every device in the group; all others are members no more. */
  members: DeviceId[]
  /** Bundles of those that the relay has said it does not know. */
  bundles: Base64Url[]
  joinKeys: Base64Url[]
  /** The room's capacity in persons; absent: none. */
  expected?: number
}
export interface ReopenAnswer {
  /** Members whose bundles the relay does not know: nothing was done yet. Empty: it was. */
  lacks: DeviceId[]
}

/** Leaves for good: the relay forgets the device's membership, its KeyPackages and its pairs in this room. */
export interface Leave {
  room: RoomAddress
}

/** Turns away a newcomer who asks to be let in: the relay forgets the request. Whoever knocks is not told. */
export interface DismissRequest {
  room: RoomAddress
  device: DeviceId
}

/**
 * Holds something for another device of this person, sealed under the key of a device link, until it is taken, once, or
 * its time is over. Offered again under one id, the newest counts; without `sealed`, none does.
 */
export interface OfferLink {
  room: RoomAddress
  /** Derived from the link, whose key the relay never sees. */
  id: LinkId
  sealed?: Base64Url
}

/** Takes what was offered, before any login. Unknown, expired and taken offers get one refusal. */
export interface TakeLink {
  room: RoomAddress
  id: LinkId
}
export interface TakeLinkAnswer {
  sealed: Base64Url
}

/** Publishes what others need to let this device in (`request`) or to start a pair group with it. */
export interface AnnouncePubkey {
  room: RoomAddress
  /** KeyPackage with which this device asks to be added: as a newcomer, or as a member that fell out. */
  request?: Base64Url
  /** One-time KeyPackages for pair groups. They replace what is stored. */
  keyPackages?: Base64Url[]
  /** Used when the one-time ones are gone. */
  lastResort?: Base64Url
}

/** Bundles of devices in this room by their SHA-256. */
export interface FetchBundles {
  room: RoomAddress
  hashes: Base64Url[]
}
export interface FetchBundlesAnswer {
  bundles: Base64Url[]
}

/** Takes one KeyPackage of another member, to start a pair group. One-time ones are handed out once. */
export interface TakeKeyPackage {
  room: RoomAddress
  device: DeviceId
}
export interface TakeKeyPackageAnswer {
  keyPackage: Base64Url
  lastResort: boolean
}

/** One sealed frame for the stream of the room, or of a pair where `pair` stands. */
export interface EncryptedMessage {
  room: RoomAddress
  pair?: PairId
  id: MessageId
  epoch: number
  /** This device's counter of frames in this epoch of this stream, from 0. */
  n: number
  ct: Base64Url
  /**
   * A person says something in it, so that who is away may want to be called. Said only where the relay tells that
   * somebody does (`wakes` in `user_list`), for else it need not know what is words and what a receipt.
   */
  wakes?: true
}
export interface Ordered {
  inc: Incarnation
  seq: number
}

/** A frame of a pair group that belongs to BB84. Ordered in the pair's stream like any other. */
export interface Bb84Relay extends Omit<EncryptedMessage, 'wakes'> {
  pair: PairId
  to: DeviceId
}

/** A frame of a pair group that hands over a share of the group secret, or asks for one. */
export type RoomkeyShare = Bb84Relay

export interface SealedWelcome {
  to: DeviceId[]
  ct: Base64Url
}

/** Begins the stream of two devices. */
export interface OpenPair {
  to: DeviceId
  /** The pair's present stream, if there is one that no longer serves; compared and set. */
  replaces?: PairId
}

/** Begins the stream of two persons. */
export interface OpenConversation {
  /** All that come in with the first commit, of both persons. */
  devices: DeviceId[]
  /** The present stream of the two, if there is one that no longer serves; compared and set. */
  replaces?: PairId
}

/**
 * A commit for the stream's present epoch: the first one wins, all others get `stale-epoch`.
 * With `pair` and `open` it begins that stream at epoch 0.
 */
export interface CommitEvent {
  room: RoomAddress
  pair?: PairId
  open?: OpenPair | OpenConversation
  id: MessageId
  epoch: number
  ct: Base64Url
  welcomes: SealedWelcome[]
  /** Bundles of the devices that this commit adds. */
  bundles: Base64Url[]
  /** Devices whose leaves this commit removes and does not add again. A hint: members go by the commit alone. */
  removed: DeviceId[]
  /** The join keys from now on, where the commit changes the invites. */
  joinKeys?: Base64Url[]
  /** The room's capacity in persons from now on, where the commit changes it; null: none. */
  expected?: number | null
  /** A device of the person who owns the room from now on, where the commit hands it over. */
  leader?: DeviceId
}

/** This device has adopted the commit that `seq` names: with the first of these, the commit stands. */
export interface CommitAck {
  room: RoomAddress
  pair?: PairId
  seq: number
}

/** This device refuses the commit. If all connected ones do before it stands, the relay reopens the epoch. */
export interface CommitNack {
  room: RoomAddress
  pair?: PairId
  seq: number
  epoch: number
  /** SHA-256 of the commit's bytes. */
  hash: Base64Url
  reason: string
  /** By the device's leaf key over `commitNackSignedBytes`. */
  signature: Base64Url
}

/**
 * Whether the relay is to keep the room's sealed frames on its disk until every device has them, and for how many days at
 * most; 0: not at all. What the room has agreed on stands in its group, which the relay cannot read.
 */
export interface KeepSealed {
  room: RoomAddress
  days: number
}
export interface KeepSealedAnswer {
  /** What the relay does: fewer days where its operator allows no more. */
  days: number
}

/** How far this device is, in streams whose frames the relay keeps until every device has them. */
export interface Have {
  room: RoomAddress
  /** In the room's stream. */
  at?: Cursor
  pairs?: ({ pair: PairId } & Cursor)[]
}

/** Tags that only devices can claim; the relay writes them into the room log marked as claimed. */
export const claimedTags = [
  'BB84_INIT',
  'BB84_SIFTING_COMPLETE',
  'ROOMKEY_GENERATED',
  'ROOMKEY_ENCRYPTED',
  'ROOMKEY_DECRYPTED',
  'KEY_DESTROYED',
] as const
export type ClaimedTag = (typeof claimedTags)[number]

/** A step of a BB84 run or of a key's life, as the device says. Numbers only: nothing here can carry a secret or text. */
export interface Bb84Meta {
  room: RoomAddress
  tag: ClaimedTag
  peer?: DeviceId
  /** For example pulses, detected, sifted; the epoch for ROOMKEY tags. */
  pulses?: number
  detected?: number
  sifted?: number
  epoch?: number
}

/** The outcome of one BB84 run, as the device says: what the prototype's session statistics held. */
export interface Bb84Session {
  room: RoomAddress
  peer: DeviceId
  /** Bits before sifting. */
  original: number
  matched: number
  mismatched: number
  /** 0 to 1. */
  qber: number
  threshold: number
  accepted: boolean
}

export interface FetchRoomLogs {
  room: RoomAddress
  since_id: number
  limit?: number
}
export interface RoomLogLine {
  id: number
  /** `[TAG] key=value …` */
  message: string
  /** Milliseconds since 1970, by the relay's clock. */
  created_at: number
}
export interface FetchRoomLogsAnswer {
  logs: RoomLogLine[]
}

const ciphertext = f.base64(limits.messageBytes)
const keyPackage = f.base64(limits.keyPackageBytes)
const bundle = f.base64(limits.bundleBytes)
const key32 = f.base64Exactly(32)
const signature64 = f.base64Exactly(64)
const optionalPair = v.exactOptional(f.pairId)
const ratio = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const expectedPersons = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(limits.capacity))

const login: v.GenericSchema<unknown, Login> = v.strictObject({ bundle, expiresMs: f.count, signature: signature64 })

// It has the same form in every version, so that whoever speaks another one can be told so.
const hello: v.GenericSchema<unknown, Hello> = v.strictObject({ versions: f.list(f.count, 16) })
const joinFields = v.strictObject({
  room: f.room,
  login: v.exactOptional(login),
  create: v.exactOptional(
    v.strictObject({
      expected: v.exactOptional(expectedPersons),
      joinKeys: f.list(key32, limits.joinKeysPerRoom),
      token: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(limits.createTokenLength))),
    }),
  ),
  proof: v.exactOptional(v.strictObject({ joinKey: key32, signature: signature64 })),
  knock: v.exactOptional(v.literal(true)),
  inc: v.exactOptional(f.incarnation),
  seq: v.exactOptional(f.count),
  pairs: v.exactOptional(
    f.list(v.strictObject({ pair: f.pairId, inc: f.incarnation, seq: f.count }), limits.pairsPerJoin),
  ),
})
const besideNoKnock = ['create', 'proof', 'inc', 'seq', 'pairs'] as const
const join: v.GenericSchema<unknown, Join> = v.pipe(
  joinFields,
  v.check((it) => !it.knock || roomKind(it.room) === 'closed', 'knock: only at a closed room'),
  v.check((it) => !it.knock || besideNoKnock.every((name) => it[name] === undefined), 'knock: with a login alone'),
)
const dismissRequest: v.GenericSchema<unknown, DismissRequest> = v.strictObject({ room: f.room, device: f.deviceId })
const offerLink: v.GenericSchema<unknown, OfferLink> = v.strictObject({
  room: f.room,
  id: f.linkId,
  sealed: v.exactOptional(f.base64(limits.deviceLinkBytes)),
})
const takeLink: v.GenericSchema<unknown, TakeLink> = v.strictObject({ room: f.room, id: f.linkId })
const leave: v.GenericSchema<unknown, Leave> = v.strictObject({ room: f.room })
const announcePubkey: v.GenericSchema<unknown, AnnouncePubkey> = v.strictObject({
  room: f.room,
  request: v.exactOptional(keyPackage),
  keyPackages: v.exactOptional(f.list(keyPackage, limits.keyPackagesPerDevice)),
  lastResort: v.exactOptional(keyPackage),
})
const fetchBundles: v.GenericSchema<unknown, FetchBundles> = v.strictObject({
  room: f.room,
  hashes: f.list(key32, limits.devicesPerCommit),
})
const takeKeyPackage: v.GenericSchema<unknown, TakeKeyPackage> = v.strictObject({ room: f.room, device: f.deviceId })
const encryptedMessage: v.GenericSchema<unknown, EncryptedMessage> = v.strictObject({
  room: f.room,
  pair: optionalPair,
  id: f.messageId,
  epoch: f.count,
  n: f.count,
  ct: ciphertext,
  wakes: v.exactOptional(v.literal(true)),
})
const pairFrame: v.GenericSchema<unknown, Bb84Relay> = v.strictObject({
  room: f.room,
  pair: f.pairId,
  to: f.deviceId,
  id: f.messageId,
  epoch: f.count,
  n: f.count,
  ct: ciphertext,
})
const openPair: v.GenericSchema<unknown, OpenPair> = v.strictObject({ to: f.deviceId, replaces: optionalPair })
const openConversation: v.GenericSchema<unknown, OpenConversation> = v.strictObject({
  devices: v.pipe(f.list(f.deviceId, limits.devicesPerConversation - 1), v.minLength(1)),
  replaces: optionalPair,
})
const commit: v.GenericSchema<unknown, CommitEvent> = v.strictObject({
  room: f.room,
  pair: optionalPair,
  open: v.exactOptional(
    v.lazy((input) => (typeof input === 'object' && input && 'devices' in input ? openConversation : openPair)),
  ),
  id: f.messageId,
  epoch: f.count,
  ct: f.base64(limits.commitBytes),
  // All together, since they come down as one list (`joined`) that others must be able to take.
  welcomes: v.pipe(
    f.list(
      v.strictObject({ to: f.list(f.deviceId, limits.devicesPerCommit), ct: f.base64(limits.welcomeBytes) }),
      limits.devicesPerCommit,
    ),
    v.check((welcomes) => countOf(welcomes) <= limits.devicesPerCommit, 'more devices than one commit may add'),
  ),
  bundles: f.list(bundle, limits.devicesPerCommit),
  removed: f.list(f.deviceId, limits.devicesPerCommit),
  joinKeys: v.exactOptional(f.list(key32, limits.joinKeysPerRoom)),
  expected: v.exactOptional(v.nullable(expectedPersons)),
  leader: v.exactOptional(f.deviceId),
})
function countOf(welcomes: readonly SealedWelcome[]): number {
  return welcomes.reduce((sum, { to }) => sum + to.length, 0)
}
const commitAck: v.GenericSchema<unknown, CommitAck> = v.strictObject({
  room: f.room,
  pair: optionalPair,
  seq: f.count,
})
const commitNack: v.GenericSchema<unknown, CommitNack> = v.strictObject({
  room: f.room,
  pair: optionalPair,
  seq: f.count,
  epoch: f.count,
  hash: key32,
  reason: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)),
  signature: signature64,
})
const keepSealed: v.GenericSchema<unknown, KeepSealed> = v.strictObject({
  room: f.room,
  days: v.pipe(f.count, v.maxValue(limits.keepDays)),
})
const have: v.GenericSchema<unknown, Have> = v.strictObject({
  room: f.room,
  at: v.exactOptional(v.strictObject({ inc: f.incarnation, seq: f.count })),
  pairs: v.exactOptional(
    f.list(v.strictObject({ pair: f.pairId, inc: f.incarnation, seq: f.count }), limits.pairsPerJoin),
  ),
})
const bb84Meta: v.GenericSchema<unknown, Bb84Meta> = v.strictObject({
  room: f.room,
  tag: v.picklist(claimedTags),
  peer: v.exactOptional(f.deviceId),
  pulses: v.exactOptional(f.count),
  detected: v.exactOptional(f.count),
  sifted: v.exactOptional(f.count),
  epoch: v.exactOptional(f.count),
})
const bb84Session: v.GenericSchema<unknown, Bb84Session> = v.strictObject({
  room: f.room,
  peer: f.deviceId,
  original: f.count,
  matched: f.count,
  mismatched: f.count,
  qber: ratio,
  threshold: ratio,
  accepted: v.boolean(),
})
const reopen: v.GenericSchema<unknown, Reopen> = v.strictObject({
  room: f.room,
  epoch: f.count,
  inc: f.incarnation,
  seq: f.count,
  members: f.list(f.deviceId, limits.devicesPerRoom),
  bundles: f.list(bundle, limits.bundlesPerReopen),
  joinKeys: f.list(key32, limits.joinKeysPerRoom),
  expected: v.exactOptional(expectedPersons),
})
const fetchRoomLogs: v.GenericSchema<unknown, FetchRoomLogs> = v.strictObject({
  room: f.room,
  since_id: f.count,
  limit: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(limits.logLines))),
})

/** Each client event by name: what it carries in and what a good answer adds to `{ok: true}`. */
export interface ClientEvents {
  hello: { in: Hello; out: HelloAnswer }
  join: { in: Join; out: JoinAnswer }
  reopen: { in: Reopen; out: ReopenAnswer }
  leave: { in: Leave; out: object }
  dismiss_request: { in: DismissRequest; out: object }
  offer_link: { in: OfferLink; out: object }
  take_link: { in: TakeLink; out: TakeLinkAnswer }
  announce_pubkey: { in: AnnouncePubkey; out: object }
  fetch_bundles: { in: FetchBundles; out: FetchBundlesAnswer }
  take_key_package: { in: TakeKeyPackage; out: TakeKeyPackageAnswer }
  encrypted_message: { in: EncryptedMessage; out: Ordered }
  bb84_relay: { in: Bb84Relay; out: Ordered }
  roomkey_share: { in: RoomkeyShare; out: Ordered }
  commit: { in: CommitEvent; out: Ordered }
  commit_ack: { in: CommitAck; out: object }
  commit_nack: { in: CommitNack; out: object }
  keep_sealed: { in: KeepSealed; out: KeepSealedAnswer }
  have: { in: Have; out: object }
  set_push: { in: SetPush; out: object }
  bb84_meta: { in: Bb84Meta; out: object }
  bb84_session: { in: Bb84Session; out: object }
  gap_want: { in: GapWant; out: object }
  gap_give: { in: GapGive; out: object }
  file_want: { in: FileWant; out: FileWantAnswer }
  file_give: { in: FileGive; out: object }
  fetch_room_logs: { in: FetchRoomLogs; out: FetchRoomLogsAnswer }
  fetch_room_tables: { in: FetchRoomTables; out: RoomTablesAnswer }
  fetch_room_rows: { in: FetchRoomRows; out: RoomRowsAnswer }
  delete_room_logs: { in: DeleteRoomLogs; out: DeleteRoomLogsAnswer }
}
export type ClientEventName = keyof ClientEvents

const schemas: { [K in ClientEventName]: v.GenericSchema<unknown, ClientEvents[K]['in']> } = {
  hello,
  join,
  reopen,
  leave,
  dismiss_request: dismissRequest,
  offer_link: offerLink,
  take_link: takeLink,
  announce_pubkey: announcePubkey,
  fetch_bundles: fetchBundles,
  take_key_package: takeKeyPackage,
  encrypted_message: encryptedMessage,
  bb84_relay: pairFrame,
  roomkey_share: pairFrame,
  commit,
  commit_ack: commitAck,
  commit_nack: commitNack,
  keep_sealed: keepSealed,
  have,
  set_push: setPush,
  bb84_meta: bb84Meta,
  bb84_session: bb84Session,
  gap_want: gapWant,
  gap_give: gapGive,
  file_want: fileWant,
  file_give: fileGive,
  fetch_room_logs: fetchRoomLogs,
  fetch_room_tables: fetchRoomTables,
  fetch_room_rows: fetchRoomRows,
  delete_room_logs: deleteRoomLogs,
}
export const clientEventNames: readonly ClientEventName[] = Object.keys(schemas) as ClientEventName[]

/** Parses the payload of a client event as the relay meets it. */
export function parseClientEvent<K extends ClientEventName>(name: K, input: unknown): f.Parsed<ClientEvents[K]['in']> {
  return f.parseWith(schemas[name], input)
}

export type { Parsed } from './fields.ts'
export type { RoomKind }
