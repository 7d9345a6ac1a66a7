/** New groups: a room's, a pair of devices', and two persons' (RFC 9420 §11). */
import { type DeviceId, encodePersonKeys, roomKind, toBase64Url } from '@qsec/protocol'
import { createGroup } from 'ts-mls'
import type { SecureRandom } from '../ports.ts'
import { GroupError } from './errors.ts'
import { fitsGroupId, groupExtensions } from './extensions.ts'
import type { Group, GroupPurpose } from './group.ts'
import { closedRoomAddress, type DeviceIdentity, openGroupId } from './identity.ts'
import type { LiveInvite } from './invite.ts'
import { makeKeyPackage, readKeyPackageSecret } from './key-package.ts'
import { foundingSettings, type RoomSettings } from './settings.ts'
import { clientConfig, makeGroup } from './state.ts'
import { suite, suiteNumber } from './suite.ts'

/**
 * The first epoch of a room, with this device alone in it.
 *
 * @param options.nonce - 16 bytes: for a closed room those that went into its address, together with the person keys
 *   of `identity`
 * @param options.capacity - persons at most; without it as many as a room can hold
 * @param options.title - what it is called from birth, as `cleanTitle` leaves it
 */
export async function createRoomGroup(
  identity: DeviceIdentity,
  options: { nonce: Uint8Array; nowMs: number; invites?: LiveInvite[]; capacity?: number; title?: string },
): Promise<Group> {
  const { nonce, nowMs, invites = [], capacity, title } = options
  const address = identity.room
  const keys = identity.bundle.personKeys
  const kind = roomKind(address)
  const groupId = kind === 'closed' ? closedRoomAddress(keys, suiteNumber, nonce).groupId : openGroupId(address, nonce)
  const creatorPersonKeys = encodePersonKeys(keys)
  const purpose: GroupPurpose = { kind: 'room', address, roomKind: kind, creatorPersonKeys, nonce }
  if (!fitsGroupId(purpose, groupId)) throw new GroupError('bad-argument', 'group: the address is not of these keys')
  const settings = foundingSettings(identity.person, capacity, title)
  return found(identity, groupId, { purpose, invites, settings }, nowMs)
}

/** The first epoch of a pair group. Its first commit adds the peer's one device, and then it is closed. */
export async function createPairGroup(
  identity: DeviceIdentity,
  options: { peer: DeviceId; nowMs: number; random: SecureRandom },
): Promise<Group> {
  const devices: [DeviceId, DeviceId] = [identity.device, options.peer]
  if (devices[0] === devices[1]) throw new GroupError('bad-argument', 'group: a pair takes two devices')
  const purpose: GroupPurpose = { kind: 'pair', room: identity.room, devices }
  return found(identity, options.random(16), { purpose, invites: [], settings: undefined }, options.nowMs)
}

/**
 * The first epoch of a conversation, with this device alone in it. Its first commit adds the devices of both persons.
 *
 * @param options.with - fingerprint of the other person
 */
export async function createConversationGroup(
  identity: DeviceIdentity,
  options: { with: string; nowMs: number; random: SecureRandom },
): Promise<Group> {
  const { person, room } = identity
  if (person === options.with) throw new GroupError('bad-argument', 'group: a conversation takes two persons')
  const persons: [string, string] = person < options.with ? [person, options.with] : [options.with, person]
  const purpose: GroupPurpose = { kind: 'conversation', room, persons }
  return found(identity, options.random(16), { purpose, invites: [], settings: undefined }, options.nowMs)
}

async function found(
  identity: DeviceIdentity,
  groupId: Uint8Array,
  agreed: { purpose: GroupPurpose; invites: readonly LiveInvite[]; settings: RoomSettings | undefined },
  nowMs: number,
): Promise<Group> {
  const { secret } = await makeKeyPackage(identity, { nowMs })
  const { keyPackage, privateKeys } = readKeyPackageSecret(secret, identity)!
  const extensions = groupExtensions(agreed.purpose, agreed.invites, agreed.settings)
  const state = await createGroup(groupId, keyPackage, privateKeys, extensions, suite, clientConfig)
  const { device, person, credential } = identity
  return makeGroup(state, new Map([[toBase64Url(credential), { device, person }]]))
}
