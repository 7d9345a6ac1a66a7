/** The ways into a room. Read this first: everything that a device does begins here and goes on in `room/room.ts`. */
import { equalBytes, type RoomAddress, roomKind } from '@qsec/protocol'
import { restoredPerson } from './backup/person.ts'
import type { ClosedRoom, CloseOptions } from './close-room.ts'
import {
  closedRoomAddress,
  createDevice,
  createPersonKeys,
  createRoomGroup,
  encodeGroup,
  newInvite,
  suiteNumber,
} from './crypto/index.ts'
import type { ClientEnv, TabMemory } from './entry.ts'
import {
  adoptDevice,
  type ClaimedDevice,
  claimDevice,
  deviceKey,
  eraseDevice,
  isInside,
  takeLink,
} from './room/device-store.ts'
import { inviteLifetimeMs } from './room/invites.ts'
import { Room } from './room/room.ts'
import type { LinkFailure } from './room/take-device-link.ts'
import type { RoomClient } from './room-client.ts'
import { cleanName, cleanTitle } from './trust/names.ts'

export interface EntryOptions {
  /** Where the relay is, such as `https://chat.example`. */
  relayUrl: string
  tab?: TabMemory
}

/**
 * Makes a closed room: keys first, since the address commits to them, then the group with its first invite.
 *
 * @param options.expected - persons expected, which is also the room's capacity
 * @param options.title - what it is called from birth
 */
export async function createClosedRoom(
  env: ClientEnv,
  options: EntryOptions & { name: string; expected?: number; title?: string },
): Promise<RoomClient> {
  const nowMs = env.clock.nowMs()
  const title = cleanTitle(options.title ?? '')
  const personKeys = await createPersonKeys(env.random)
  const nonce = env.random(16)
  const { address } = closedRoomAddress(personKeys.keys, suiteNumber, nonce)
  const name = nameOr(options.name)
  const identity = await createDevice({ personKeys, room: address, name, nowMs, random: env.random })
  const invite = newInvite(env.random, { expiresMs: nowMs + inviteLifetimeMs, mode: 'link' })
  const group = await createRoomGroup(identity, {
    nonce,
    nowMs,
    invites: [invite],
    ...(options.expected === undefined ? {} : { capacity: options.expected }),
    ...(title === '' ? {} : { title }),
  })
  const meta = {
    name,
    createdMs: nowMs,
    ...(options.expected === undefined ? {} : { expected: options.expected }),
  }
  // Stored before the relay hears of the room: a crash in between leaves a device that can still found it.
  const founding = { type: 'put', key: deviceKey(identity.device, 'founding'), value: encodeGroup(group) } as const
  const claimed = await adoptDevice(env, identity, meta, options.tab, [founding])
  return Room.open(env, claimed, options.relayUrl, group)
}

/** How this place stands to a room: `known` holds a device of it that nobody else is using now. */
export type Entry =
  | { type: 'known'; device: ClaimedDevice }
  /** A new device would be made; a closed room needs the link for it. */
  | { type: 'new'; needsLink: boolean }

/**
 * Looks for a stored device of the room and takes its lock. Hand it to `returnToRoom`, or call its `release`.
 *
 * @param options.secret - of the link that was opened: a device that is not in yet asks by it from now on
 */
export async function lookAtRoom(
  env: ClientEnv,
  address: RoomAddress,
  options: { secret?: Uint8Array<ArrayBuffer>; tab?: TabMemory },
): Promise<Entry> {
  const device = await claimDevice(env, address, options.tab)
  if (device && isInvitedAgain(device, options.secret)) {
    device.release()
    return { type: 'new', needsLink: false }
  }
  if (device && (await neverCameIn(env, device))) {
    await env.storage.apply(eraseDevice(address, device.identity.device))
    device.release()
    return lookAtRoom(env, address, options)
  }
  if (device) {
    const linked = options.secret && roomKind(address) === 'closed'
    return { type: 'known', device: linked ? await takeLink(env, device, options.secret!) : device }
  }
  return { type: 'new', needsLink: roomKind(address) === 'closed' && !options.secret }
}

/** Who was taken out comes in by another link as anybody does, on a device of its own; what was said stays on the old one. */
function isInvitedAgain({ meta }: ClaimedDevice, secret: Uint8Array | undefined): boolean {
  return meta.removed === true && secret !== undefined && !(meta.secret && equalBytes(meta.secret, secret))
}

/** Whether a device asked to come in until its record was over, which nobody lets in any more. Who is in stays, whatever its date. */
async function neverCameIn(env: ClientEnv, device: ClaimedDevice): Promise<boolean> {
  const { identity, meta } = device
  if (meta.ended || meta.removed || identity.bundle.record.expiresMs > env.clock.nowMs()) return false
  return !(await isInside(env, device))
}

/** Goes into a room with a device that `lookAtRoom` found. */
export function returnToRoom(env: ClientEnv, device: ClaimedDevice, options: EntryOptions): Promise<RoomClient> {
  return Room.open(env, device, options.relayUrl)
}

/**
 * Goes into a room as a new person. An open room is made by whoever comes first.
 *
 * @param options.knocks - for a closed room without its link: asks to be let in, which waits for a person's yes
 */
export async function joinRoom(
  env: ClientEnv,
  address: RoomAddress,
  options: EntryOptions & { name: string; secret?: Uint8Array<ArrayBuffer>; expected?: number; knocks?: boolean },
): Promise<RoomClient> {
  const nowMs = env.clock.nowMs()
  const name = nameOr(options.name)
  // Who was restored from a backup comes in as the same person, on a device of its own.
  const personKeys = await restoredPerson(env.storage, address)
  const identity = await createDevice({
    room: address,
    name,
    nowMs,
    random: env.random,
    ...(personKeys ? { personKeys } : {}),
  })
  const meta = {
    name,
    createdMs: nowMs,
    ...(options.expected === undefined ? {} : { expected: options.expected }),
    ...(options.secret ? { secret: options.secret } : {}),
    ...(options.knocks && !options.secret && roomKind(address) === 'closed' ? { knocks: true } : {}),
  }
  const claimed = await adoptDevice(env, identity, meta, options.tab)
  return Room.open(env, claimed, options.relayUrl)
}

/** Goes into a room as another device of whoever made the link `key`, which is used up by it. */
export async function linkDevice(
  env: ClientEnv,
  address: RoomAddress,
  options: EntryOptions & { key: Uint8Array },
): Promise<{ ok: true; room: RoomClient } | { ok: false; reason: LinkFailure }> {
  const { takeDeviceLink } = await import('./room/take-device-link.ts')
  const taken = await takeDeviceLink(env, address, options.key, options)
  if (!taken.ok) return taken
  return { ok: true, room: await Room.open(env, taken.device, options.relayUrl) }
}

/** Lets a closed room take the place of an open one: see `close-room.ts`. Fetched at the first use. */
export async function closeOpenRoom(env: ClientEnv, open: RoomClient, options: CloseOptions): Promise<ClosedRoom> {
  return (await import('./close-room.ts')).closeOpenRoom(env, open, options)
}

function nameOr(name: string): string {
  return cleanName(name) || 'Somebody'
}
