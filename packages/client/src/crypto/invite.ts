/** Invite links of closed rooms: everything that follows from the 32 bytes behind the `#` (protocol.md §4). */
import {
  type Base64Url,
  concatBytes,
  equalBytes,
  fromBase64Url,
  joinSignedBytes,
  type LoginChallenge,
  type RoomAddress,
  readExactly,
  roomKind,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import { ed25519PublicKey, ed25519Sign } from './ed25519.ts'
import { hkdfExpand, hkdfExtract, hmacSha512, sha256 } from './hashes.ts'

/** 16 bytes, SHA-256("qsec/invite-id/v1" ‖ S), as base64url. */
export type InviteId = Base64Url

/** How a joiner is let in. `link`: whoever shows the proof. `approve`: once somebody with the right says yes as well. */
export type InviteMode = 'link' | 'approve'

/** An invite as the members know it: it stands in the GroupContext, which they alone can read. */
export interface LiveInvite {
  id: InviteId
  /** S, the 32 bytes of the link. */
  secret: Uint8Array
  expiresMs: number
  /** Absent: any number. Judged by the committer. */
  usesLeft?: number
  mode: InviteMode
}

export interface InviteKeys {
  inviteId: InviteId
  memberProofKey: Uint8Array<ArrayBuffer>
  /** 64 bytes, part of the epoch in which the invited come in. */
  psk: Uint8Array<ArrayBuffer>
  pskId: string
  /** Encrypts the room's title for joiners. */
  metaKey: Uint8Array<ArrayBuffer>
}

/** What a KeyPackage shows of the invite that its owner has. */
export interface InviteProof {
  inviteId: InviteId
  expiresMs: number
  /** 64 bytes. */
  proof: Uint8Array
}

/** The public parts of a KeyPackage that a proof is bound to: 32, 1216 and 32 bytes, as an inspection has checked. */
export interface ProvenLeaf {
  signatureKey: Uint8Array
  initKey: Uint8Array
  credential: Uint8Array
}

export const inviteSecretBytes = 32
const proofBytes = 64

export function newInvite(
  random: SecureRandom,
  options: { expiresMs: number; usesLeft?: number; mode: InviteMode },
): LiveInvite {
  const secret = random(inviteSecretBytes)
  return { id: inviteIdOf(secret), secret, ...options }
}

export function inviteIdOf(secret: Uint8Array): InviteId {
  return toBase64Url(inviteIdBytes(secret))
}

function inviteIdBytes(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  if (secret.length !== inviteSecretBytes) throw new RangeError('invite: the secret has a wrong length')
  return sha256(utf8('qsec/invite-id/v1'), secret).slice(0, 16)
}

function groupIdOf(rid: RoomAddress): Uint8Array {
  if (roomKind(rid) !== 'closed') throw new RangeError('invite: an open room has no invites')
  return fromBase64Url(rid)!
}

function pseudoRandomKey(rid: RoomAddress, secret: Uint8Array): Uint8Array {
  return hkdfExtract(concatBytes(utf8('qsec/link/v1'), groupIdOf(rid), inviteIdBytes(secret)), secret)
}

function joinSeed(prk: Uint8Array): Uint8Array {
  return hkdfExpand(prk, utf8('relay-join'), 32)
}

export function deriveInvite(rid: RoomAddress, secret: Uint8Array): InviteKeys {
  const prk = pseudoRandomKey(rid, secret)
  return {
    inviteId: inviteIdOf(secret),
    memberProofKey: hkdfExpand(prk, utf8('member-proof'), 32),
    psk: hkdfExpand(prk, utf8('mls-psk'), 64),
    pskId: linkPskId(rid, inviteIdOf(secret)),
    metaKey: hkdfExpand(prk, utf8('room-meta'), 32),
  }
}

/** Ed25519, 32 bytes: the public half of what `signJoin` signs with. The relay lets nobody else ask to join. */
export function joinPublicKeyOf(rid: RoomAddress, secret: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return ed25519PublicKey(joinSeed(pseudoRandomKey(rid, secret)))
}

export function linkPskId(rid: RoomAddress, inviteId: InviteId): string {
  return `qsec-link/1/${rid}/${inviteId}`
}

export function linkPsk(rid: RoomAddress, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  return hkdfExpand(pseudoRandomKey(rid, secret), utf8('mls-psk'), 64)
}

/** Shows the relay, once per login, that this device has the link of `room`. */
export function signJoin(
  room: RoomAddress,
  secret: Uint8Array,
  challenge: LoginChallenge,
  credential: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  return ed25519Sign(joinSeed(pseudoRandomKey(room, secret)), joinSignedBytes(challenge, room, credential))
}

/**
 * Shows the members that a KeyPackage was made by somebody with the link. Worth nothing in another room or beside
 * another leaf key, init key, credential or expiry.
 */
export function inviteProof(
  rid: RoomAddress,
  secret: Uint8Array,
  leaf: ProvenLeaf,
  expiresMs: number,
): Uint8Array<ArrayBuffer> {
  const key = hkdfExpand(pseudoRandomKey(rid, secret), utf8('member-proof'), 32)
  const expiry = new Writer().u53(expiresMs).done()
  const { signatureKey, initKey, credential } = leaf
  // Every part has one length, so the concatenation has one reading.
  return hmacSha512(key, groupIdOf(rid), inviteIdBytes(secret), signatureKey, initKey, credential, expiry)
}

export function verifyInviteProof(rid: RoomAddress, secret: Uint8Array, leaf: ProvenLeaf, shown: InviteProof): boolean {
  return (
    shown.inviteId === inviteIdOf(secret) && equalBytes(inviteProof(rid, secret, leaf, shown.expiresMs), shown.proof)
  )
}

export function encodeInviteProof(shown: InviteProof): Uint8Array<ArrayBuffer> {
  return new Writer().u8(1).raw(fromBase64Url(shown.inviteId)!).u53(shown.expiresMs).raw(shown.proof).done()
}

export function decodeInviteProof(bytes: Uint8Array): InviteProof | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== 1) return undefined
    return { inviteId: toBase64Url(reader.raw(16)), expiresMs: reader.u53(), proof: reader.raw(proofBytes) }
  })
}

const modes: readonly InviteMode[] = ['link', 'approve']

/** The content of the GroupContext extension that holds a room's live invites. */
export function encodeInvites(invites: readonly LiveInvite[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(1).u8(invites.length)
  for (const { secret, expiresMs, usesLeft, mode } of invites) {
    writer
      .raw(secret)
      .u53(expiresMs)
      .u8(modes.indexOf(mode))
      .u8(usesLeft === undefined ? 0 : 1)
    if (usesLeft !== undefined) writer.u32(usesLeft)
  }
  return writer.done()
}

export function decodeInvites(bytes: Uint8Array): LiveInvite[] | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== 1) return undefined
    const invites: LiveInvite[] = []
    const count = reader.u8()
    for (let i = 0; i < count; i++) {
      const secret = reader.raw(inviteSecretBytes)
      const expiresMs = reader.u53()
      const mode = modes[reader.u8()]
      const counted = reader.u8()
      if (mode === undefined || counted > 1) return undefined
      const uses = counted === 1 ? { usesLeft: reader.u32() } : {}
      invites.push({ id: inviteIdOf(secret), secret, expiresMs, ...uses, mode })
    }
    return new Set(invites.map(({ id }) => id)).size === invites.length ? invites : undefined
  })
}

/** What stands behind the `#` of an invite link. */
export function formatLinkFragment(secret: Uint8Array): string {
  if (secret.length !== inviteSecretBytes) throw new RangeError('invite: the secret has a wrong length')
  return `v1.${toBase64Url(secret)}`
}

/** The secret in a fragment, with or without its `#`; undefined where it is none of ours. */
export function parseLinkFragment(fragment: string): Uint8Array<ArrayBuffer> | undefined {
  const text = /^#?v1\.([A-Za-z0-9_-]{43})$/.exec(fragment)?.[1]
  return text === undefined ? undefined : fromBase64Url(text)
}
