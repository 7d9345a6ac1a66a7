/**
 * Where a device's things lie in storage, and which device a tab is (protocol.md §2): the one that the tab remembers,
 * else the first of the room that no other tab holds, else a new one.
 */
import {
  type DeviceId,
  equalBytes,
  fromBase64Url,
  type LinkId,
  type RoomAddress,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import * as v from 'valibot'
import {
  type DeviceIdentity,
  type DeviceLinkProver,
  decodeDeviceIdentity,
  encodeDeviceIdentity,
} from '../crypto/index.ts'
import type { ClientEnv, TabMemory } from '../entry.ts'
import type { StorageChange } from '../ports.ts'

/** A reload waits this long for the lock that the page before it still holds. */
const reloadWaitMs = 2_000

/** What a device keeps of the device link by which it asks to be let in. */
export interface DeviceLinkMeta extends DeviceLinkProver {
  /** The devices of its person that may hand the group over. */
  devices: string[]
}

/** What a device remembers of its room besides the group. */
export interface DeviceMeta {
  name: string
  createdMs: number
  expected?: number
  /** What the room is called, as it may be shown. */
  title?: string
  /** The invite secret with which this device came or was told to come. */
  secret?: Uint8Array<ArrayBuffer>
  /** It comes by a device link; gone once it is in. */
  link?: DeviceLinkMeta
  /** It asked to be let in without a link. */
  knocks?: boolean
  /** The room was ended for all, or for this device: there is nothing but what was said. */
  ended?: boolean
  /** For this device alone, which was taken out of it. */
  removed?: boolean
}

/** A device that this tab may use: nobody else can, until `release`. */
export interface ClaimedDevice {
  identity: DeviceIdentity
  meta: DeviceMeta
  release(): void
}

export function deviceKey(device: DeviceId, ...path: string[]): string {
  return ['device', device, ...path].join('/')
}

function roomKey(room: RoomAddress, device: DeviceId): string {
  // Open rooms are named by words: the slash behind keeps "lab" apart from "lab1".
  return `room/${room}/${device}`
}

const storedMeta = v.object({
  name: v.string(),
  createdMs: v.number(),
  expected: v.exactOptional(v.number()),
  title: v.exactOptional(v.string()),
  secret: v.exactOptional(v.string()),
  link: v.exactOptional(v.object({ id: v.string(), proofKey: v.string(), devices: v.array(v.string()) })),
  knocks: v.exactOptional(v.boolean()),
  ended: v.exactOptional(v.boolean()),
  removed: v.exactOptional(v.boolean()),
})

export function metaChange(device: DeviceId, meta: DeviceMeta): StorageChange {
  const { secret, link, ...rest } = meta
  const stored = {
    ...rest,
    ...(secret ? { secret: toBase64Url(secret) } : {}),
    ...(link ? { link: { ...link, proofKey: toBase64Url(link.proofKey) } } : {}),
  }
  return { type: 'put', key: deviceKey(device, 'meta'), value: utf8(JSON.stringify(stored)) }
}

/** JSON that this device wrote itself; undefined where there is none or it is damaged. */
export function parseStored<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array | undefined): T | undefined {
  if (!bytes) return undefined
  try {
    return v.parse(schema, JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined // damaged: the caller begins anew with that part
  }
}

async function loadDevice(env: ClientEnv, device: DeviceId): Promise<Omit<ClaimedDevice, 'release'> | undefined> {
  const identityBytes = await env.storage.get(deviceKey(device, 'identity'))
  const identity = identityBytes && (await decodeDeviceIdentity(identityBytes))
  const stored = parseStored(storedMeta, await env.storage.get(deviceKey(device, 'meta')))
  if (!identity || !stored) return undefined
  const { secret: text, link, ...rest } = stored
  const secret = text === undefined ? undefined : fromBase64Url(text)
  const proofKey = link && fromBase64Url(link.proofKey)
  const meta = {
    ...rest,
    ...(secret ? { secret } : {}),
    ...(link && proofKey ? { link: { id: link.id as LinkId, proofKey, devices: link.devices } } : {}),
  }
  return { identity, meta }
}

/** What a tab or process holds for as long as it is this device. */
export function deviceLock(device: DeviceId): string {
  return `device/${device}`
}

async function lock(env: ClientEnv, device: DeviceId, waitMs: number): Promise<ClaimedDevice | undefined> {
  const release = await env.locks.acquire(deviceLock(device), waitMs)
  if (!release) return undefined
  const loaded = await loadDevice(env, device)
  if (loaded) return { ...loaded, release }
  release()
  return undefined
}

/** The stored device that this tab is, with its lock; undefined where it has to be a new one. */
export async function claimDevice(
  env: ClientEnv,
  room: RoomAddress,
  tab: TabMemory | undefined,
): Promise<ClaimedDevice | undefined> {
  const entries = await env.storage.list(`room/${room}/`)
  const devices = entries.map(({ key }) => key.slice(`room/${room}/`.length) as DeviceId)
  const remembered = tab?.get(room)
  if (remembered && devices.includes(remembered)) {
    const claimed = await lock(env, remembered, reloadWaitMs)
    if (claimed) return claimed
  }
  let removed: ClaimedDevice | undefined
  for (const device of devices) {
    if (device === remembered) continue
    const claimed = await lock(env, device, 0)
    // One that was taken out has nothing but what was said: another one goes before it.
    if (claimed?.meta.removed && !removed) removed = claimed
    else if (claimed?.meta.removed) claimed.release()
    else if (claimed) {
      removed?.release()
      tab?.set(room, device)
      return claimed
    }
  }
  if (removed) tab?.set(room, removed.identity.device)
  return removed
}

/**
 * A device that is not in its room yet goes by the link that it is given now: the one before may have ended, or it had
 * none and knocked. A member needs no link.
 */
export async function takeLink(
  env: ClientEnv,
  claimed: ClaimedDevice,
  secret: Uint8Array<ArrayBuffer>,
): Promise<ClaimedDevice> {
  const { device } = claimed.identity
  const { knocks: _, link: __, ...meta } = claimed.meta
  if (meta.ended || (meta.secret && equalBytes(meta.secret, secret))) return claimed
  if (await isInside(env, claimed)) return claimed
  const next = { ...meta, secret }
  // What it asked with before proves nothing about this link.
  await env.storage.apply([metaChange(device, next), { type: 'delete', key: deviceKey(device, 'request') }])
  return { ...claimed, meta: next }
}

/** Whether the device has been in its room. */
export async function isInside(env: ClientEnv, { identity }: ClaimedDevice): Promise<boolean> {
  return (await env.storage.list(deviceKey(identity.device, 'room'))).length > 0
}

/** A device that is not in its room yet asks by another device link from now on. */
export async function relinked(env: ClientEnv, claimed: ClaimedDevice, link: DeviceLinkMeta): Promise<ClaimedDevice> {
  const { device } = claimed.identity
  const { knocks: _, secret: __, ...meta } = claimed.meta
  const next = { ...meta, link }
  await env.storage.apply([metaChange(device, next), { type: 'delete', key: deviceKey(device, 'request') }])
  return { ...claimed, meta: next }
}

/** Stores a device that was made just now and takes its lock. */
export async function adoptDevice(
  env: ClientEnv,
  identity: DeviceIdentity,
  meta: DeviceMeta,
  tab: TabMemory | undefined,
  changes: StorageChange[] = [],
): Promise<ClaimedDevice> {
  const release = await env.locks.acquire(`device/${identity.device}`, reloadWaitMs)
  if (!release) throw new Error('device: somebody holds the lock of a device that was made just now')
  await env.storage.apply([
    { type: 'put', key: roomKey(identity.room, identity.device), value: utf8('1') },
    { type: 'put', key: deviceKey(identity.device, 'identity'), value: encodeDeviceIdentity(identity) },
    metaChange(identity.device, meta),
    ...changes,
  ])
  tab?.set(identity.room, identity.device)
  return { identity, meta, release }
}

/** Everything that this device has stored, gone. */
export function eraseDevice(room: RoomAddress, device: DeviceId): StorageChange[] {
  return [
    { type: 'delete', key: roomKey(room, device) },
    { type: 'delete-prefix', prefix: `${deviceKey(device)}/` },
  ]
}
