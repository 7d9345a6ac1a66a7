/** The rooms in which a device is stored here, told without reading what was said in them. */
import { type DeviceId, type RoomAddress, type RoomKind, roomKind } from '@qsec/protocol'
import * as v from 'valibot'
import type { Locks, Storage } from '../ports.ts'
import { deviceKey, deviceLock, parseStored } from '../room/device-store.ts'
import { Timeline } from '../room/timeline.ts'
import { storedDevices } from './history.ts'

/** A room to go back to. */
export interface StoredRoom {
  room: RoomAddress
  kind: RoomKind
  /** What it is called there, as far as this device knows. */
  title?: string
  /** The name that this person has there. */
  name: string
  /** Names of the others, once each, as they were last known here. */
  people: string[]
  /** The newest message or event. */
  newestMs: number | undefined
  /** Another tab or process is in it: here it could only be entered as another device. */
  elsewhere: boolean
}

const storedMeta = v.object({ name: v.string(), title: v.exactOptional(v.string()) })
const storedKnown = v.object({
  claim: v.exactOptional(v.object({ name: v.string() })),
  gone: v.exactOptional(v.boolean()),
})

/** Each room once, by the device that heard the newest; the room of the newest message first. */
export async function storedRooms(storage: Storage, locks: Locks): Promise<StoredRoom[]> {
  const rooms = new Map<RoomAddress, StoredRoom>()
  for (const { room, device } of await storedDevices(storage)) {
    const meta = parseStored(storedMeta, await storage.get(deviceKey(device, 'meta')))
    if (!meta) continue
    const timeline = new Timeline(deviceKey(device, 'timeline'))
    await timeline.load(storage, 1)
    const newestMs = timeline.items.at(-1)?.atMs
    const before = rooms.get(room)
    const elsewhere = before?.elsewhere !== false && (await isTaken(locks, device))
    if (before && (before.newestMs ?? 0) >= (newestMs ?? 0)) {
      rooms.set(room, { ...before, elsewhere })
      continue
    }
    const people = new Set<string>()
    for (const { key, value } of await storage.list(`${deviceKey(device, 'people')}/`)) {
      const known = parseStored(storedKnown, value)
      const isSelf = key.endsWith(`/${device}`) || known?.claim?.name === meta.name // or another device of this person
      if (known?.claim && !known.gone && !isSelf) people.add(known.claim.name)
    }
    const { name, title } = meta
    rooms.set(room, {
      room,
      kind: roomKind(room),
      ...(title === undefined ? {} : { title }),
      name,
      people: [...people],
      newestMs,
      elsewhere,
    })
  }
  return [...rooms.values()].sort((one, other) => (other.newestMs ?? 0) - (one.newestMs ?? 0))
}

async function isTaken(locks: Locks, device: DeviceId): Promise<boolean> {
  const release = await locks.acquire(deviceLock(device), 0)
  release?.()
  return release === undefined
}
