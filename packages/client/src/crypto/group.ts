/**
 * The narrow interface of QSEC's group cryptography (MLS, RFC 9420). Nothing of the library beneath shows through it.
 *
 * A Group is an immutable value: each step yields the next one and leaves the old one usable, so that a caller can
 * first store the next, then send, then forget the old with `eraseGroup(old, next)`. Sealing twice from one value
 * would use one key twice: run all steps of a group one after the other, and never send a frame whose next value was
 * not stored.
 */
import type { DeviceId, RoomAddress, RoomKind } from '@qsec/protocol'
import type { DeviceLinkProof } from './device-link.ts'
import type { VerifiedBundle } from './identity.ts'
import type { InviteProof, LiveInvite } from './invite.ts'
import type { LeaveProof } from './leave-proof.ts'
import type { RoomSettings } from './settings.ts'

export interface GroupMember {
  leaf: number
  /** SHA-256 of the member's bundle. */
  credential: Uint8Array
  signatureKey: Uint8Array
  device: DeviceId
  /** Fingerprint of the person keys. */
  person: string
}

/** What a group is for. It stands in the GroupContext from the first epoch and never changes. */
export type GroupPurpose =
  | {
      kind: 'room'
      address: RoomAddress
      roomKind: RoomKind
      /** Encoded by `encodePersonKeys`. */
      creatorPersonKeys: Uint8Array
      /** 16 bytes. */
      nonce: Uint8Array
    }
  | {
      kind: 'pair'
      room: RoomAddress
      /** Who made the group, then the other. */
      devices: [DeviceId, DeviceId]
    }
  | {
      /** Two persons of a room, with all their devices. */
      kind: 'conversation'
      room: RoomAddress
      /** Their fingerprints, the smaller one first. */
      persons: [string, string]
    }

export interface Group {
  readonly groupId: Uint8Array
  readonly epoch: number
  readonly ownLeaf: number
  /** In the order of their leaves. */
  readonly members: readonly GroupMember[]
  readonly purpose: GroupPurpose
  /** Always empty but in closed rooms. */
  readonly invites: readonly LiveInvite[]
  /** Of a room; other groups have none. */
  readonly settings: RoomSettings | undefined
  /** 64 bytes, the same for all members of an epoch and for nobody else (RFC 9420 §8.7). */
  readonly authenticator: Uint8Array
  /** A commit took this device out: the group can be erased and nothing else. */
  readonly removed: boolean
}

/** A bundle that the caller has and has verified, by the hash that a leaf carries. */
export type BundleSource = (credential: Uint8Array) => VerifiedBundle | undefined

/** An external PSK by its id; undefined while the caller does not have it. */
export type PskSource = (id: string, from: DeviceId) => Uint8Array | undefined

export interface CommitIntent {
  /** KeyPackages. All invited ones in one commit share one invite, whose PSK comes along by itself. */
  add?: Uint8Array[]
  removeLeaves?: number[]
  psks?: { id: string; secret: Uint8Array }[]
  /** The new list. Absent: as it was, less the uses of this commit; empty after a Remove that is no rejoin. */
  invites?: LiveInvite[]
  /** New ones; absent: as they were. */
  settings?: RoomSettings
  /** Of those among `removeLeaves` who said that they leave. */
  leaveProofs?: LeaveProof[]
}

export type Committed =
  | {
      ok: true
      frame: Uint8Array<ArrayBuffer>
      /** SHA-256 of the frame. */
      hash: Uint8Array<ArrayBuffer>
      /** In force once the frame came back in the room's order, and not before. */
      next: Group
      welcome?: Uint8Array<ArrayBuffer>
      /** Newcomers who came in by somebody's yes. */
      approved: DeviceId[]
      /** It brings fresh X25519 and ML-KEM-768 keys of the committer. */
      path: boolean
      pskIds: string[]
    }
  | { ok: false; reason: string; missing?: Uint8Array[] }

export type Received =
  | { kind: 'application'; content: Uint8Array; aad: Uint8Array; sender: GroupMember; group: Group }
  | {
      kind: 'commit'
      sender: GroupMember
      /** Without those who rejoined. */
      added: GroupMember[]
      /** Without those who rejoined. */
      removed: GroupMember[]
      rejoined: DeviceId[]
      /** KeyPackageRef (RFC 9420 §5.2) by which this very device was added anew, base64url; undefined where it was not. */
      ownReturn: string | undefined
      /** Of `added`: those who came in by somebody's yes, and not by a link alone. */
      approved: DeviceId[]
      /** As they were before; `group.settings` are the new ones. */
      settingsBefore: RoomSettings | undefined
      pskIds: string[]
      /** It brings fresh X25519 and ML-KEM-768 keys of the sender. */
      path: boolean
      extensionsChanged: boolean
      selfRemoved: boolean
      group: Group
      hash: Uint8Array<ArrayBuffer>
    }
  /** Fetch them and hand in the same frame again. */
  | { kind: 'missing-bundles'; credentials: Uint8Array[] }
  /** A commit of `sender` needs a secret that is not here. */
  | { kind: 'missing-psk'; id: string; sender: GroupMember }
  /**
   * The group given stays in force. `reason` is a code in kebab case; `own-key-elsewhere` means that a copy of this very
   * state sealed the frame.
   */
  | { kind: 'refused'; reason: string }

export type Joined = { ok: true; group: Group } | { ok: false; reason: string; missing?: Uint8Array[] }

export interface JoinExpectation {
  purpose: GroupPurpose['kind']
  /** The room by its address, which is recomputed from the GroupContext. For other groups: the room they belong to. */
  address?: RoomAddress
}

/** What a KeyPackage says, all of it checked. */
export interface InspectedKeyPackage {
  credential: Uint8Array
  signatureKey: Uint8Array
  initKey: Uint8Array
  /** HPKE key of the leaf. */
  leafKey: Uint8Array
  /** SHA-256 of the KeyPackage's bytes. */
  hash: Uint8Array<ArrayBuffer>
  notBeforeMs: number
  notAfterMs: number
  lastResort: boolean
  invite?: InviteProof
  /** It asks as another device of somebody inside; never together with `invite`. */
  link?: DeviceLinkProof
}

export { commit } from './commit.ts'
export { createConversationGroup, createPairGroup, createRoomGroup } from './create.ts'
export { frameHash } from './frames.ts'
export { join } from './join.ts'
export { inspectKeyPackage, type MadeKeyPackage, makeKeyPackage } from './key-package.ts'
export { receive } from './receive.ts'
export { exportSecret, seal } from './seal.ts'
export { eraseGroup } from './state.ts'
export {
  decodeGroup,
  decodeGroupParts,
  encodeGroup,
  encodeGroupParts,
  type GroupPart,
  partsNameIn,
  partsNameOf,
} from './store.ts'
