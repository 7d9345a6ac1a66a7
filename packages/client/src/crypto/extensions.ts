/** QSEC's own MLS extensions (RFC 9420 §13, private range), and the group ids that follow from a purpose. */
import {
  type DeviceId,
  decodePersonKeys,
  equalBytes,
  fromBase64Url,
  isSixteenBytes,
  parseRoomAddress,
  readExactly,
  roomKind,
  toBase64Url,
  Writer,
} from '@qsec/protocol'
import type { Capabilities, Extension } from 'ts-mls'
import type { GroupPurpose } from './group.ts'
import { closedRoomAddress, openGroupId } from './identity.ts'
import { decodeInvites, encodeInvites, type LiveInvite } from './invite.ts'
import { decodeSettings, encodeSettings, type RoomSettings } from './settings.ts'
import { suiteName, suiteNumber } from './suite.ts'

/** In the GroupContext: what the group is for. */
const purposeType = 0xf3a1
/** In the GroupContext: the live invites. */
const invitesType = 0xf3a2
/** In a room's GroupContext: what its people have agreed on. */
const settingsType = 0xf3a4
/** In a KeyPackage: the proof that its owner has an invite. */
export const inviteProofType = 0xf3a3
/** In a KeyPackage: the proof that its owner has a device link. */
export const deviceLinkProofType = 0xf3a5
/** In a KeyPackage that may be used more than once. */
export const lastResortType = 0x000a

/** Written out: the library's default lists every suite and adds random values. */
export const capabilities: Capabilities = {
  versions: ['mls10'],
  ciphersuites: [suiteName],
  extensions: [lastResortType, purposeType, invitesType, inviteProofType, settingsType, deviceLinkProofType],
  proposals: [],
  credentials: ['basic'],
}

function encodePurpose(purpose: GroupPurpose): Uint8Array<ArrayBuffer> {
  if (purpose.kind === 'pair') {
    const [first, second] = purpose.devices
    return new Writer().u8(1).u8(2).text(purpose.room, 1).text(first, 1).text(second, 1).done()
  }
  if (purpose.kind === 'conversation') {
    const [first, second] = purpose.persons
    return new Writer().u8(1).u8(3).text(purpose.room, 1).raw(fromBase64Url(first)!).raw(fromBase64Url(second)!).done()
  }
  const { address, creatorPersonKeys, nonce } = purpose
  return new Writer().u8(1).u8(1).text(address, 1).bytes(creatorPersonKeys, 2).raw(nonce).done()
}

function decodePurpose(bytes: Uint8Array): GroupPurpose | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== 1) return undefined
    const kind = reader.u8()
    const room = parseRoomAddress(reader.text(1))
    if (!room) return undefined
    if (kind === 1) {
      const [creatorPersonKeys, nonce] = [reader.bytes(2), reader.raw(16)]
      return { kind: 'room', address: room, roomKind: roomKind(room), creatorPersonKeys, nonce }
    }
    if (kind === 3) {
      const persons: [string, string] = [toBase64Url(reader.raw(16)), toBase64Url(reader.raw(16))]
      return persons[0] < persons[1] ? { kind: 'conversation', room, persons } : undefined
    }
    const devices: [string, string] = [reader.text(1), reader.text(1)]
    if (kind !== 2 || !devices.every(isSixteenBytes) || devices[0] === devices[1]) return undefined
    return { kind: 'pair', room, devices: devices as [DeviceId, DeviceId] }
  })
}

/** The content of a GroupContext: the purpose, the invites, for a room its settings, and nothing else. */
export function groupExtensions(
  purpose: GroupPurpose,
  invites: readonly LiveInvite[],
  settings: RoomSettings | undefined,
): Extension[] {
  return [
    { extensionType: purposeType, extensionData: encodePurpose(purpose) },
    { extensionType: invitesType, extensionData: encodeInvites(invites) },
    ...(settings ? [{ extensionType: settingsType, extensionData: encodeSettings(settings) }] : []),
  ]
}

export interface GroupAgreement {
  purpose: GroupPurpose
  invites: LiveInvite[]
  /** Of rooms only, and there always. */
  settings: RoomSettings | undefined
}

export function readGroupExtensions(extensions: readonly Extension[]): GroupAgreement | undefined {
  const [first, second, third] = extensions
  if (first?.extensionType !== purposeType || second?.extensionType !== invitesType) return undefined
  const purpose = decodePurpose(first.extensionData)
  const invites = decodeInvites(second.extensionData)
  if (!purpose || !invites || extensions.length !== (purpose.kind === 'room' ? 3 : 2)) return undefined
  const settings = third?.extensionType === settingsType ? decodeSettings(third.extensionData) : undefined
  if (purpose.kind === 'room' && !settings) return undefined
  const mayInvite = purpose.kind === 'room' && purpose.roomKind === 'closed'
  return mayInvite || invites.length === 0 ? { purpose, invites, settings } : undefined
}

export function samePurpose(a: GroupPurpose, b: GroupPurpose): boolean {
  return equalBytes(encodePurpose(a), encodePurpose(b))
}

/** Whether a group with this id can be what it says: for a room, its address and id recompute from the purpose. */
export function fitsGroupId(purpose: GroupPurpose, groupId: Uint8Array): boolean {
  if (purpose.kind !== 'room') return groupId.length === 16
  const keys = decodePersonKeys(purpose.creatorPersonKeys)
  if (!keys) return false
  if (purpose.roomKind === 'open') return equalBytes(openGroupId(purpose.address, purpose.nonce), groupId)
  const closed = closedRoomAddress(keys, suiteNumber, purpose.nonce)
  return closed.address === purpose.address && equalBytes(fromBase64Url(purpose.address)!, groupId)
}
