/**
 * What a backup holds: who one is in each room, whom one has verified, and what was said. Never the state of a group, a
 * pad, or the private half of a KeyPackage: they are not looked at, since only what is named here is read.
 */
import { encodePersonKeys, fromBase64Url, type RoomAddress, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { decodeDeviceIdentity, personKeysOf } from '../crypto/index.ts'
import type { Storage, StorageChange } from '../ports.ts'
import { deviceKey, parseStored } from '../room/device-store.ts'
import { type Describe, type History, historySchema, readHistory, storedDevices } from './history.ts'
import { base64, personKey, personSchema, restoredPrefix, type StoredPerson } from './person.ts'

export interface BackupContent {
  version: 1
  madeMs: number
  persons: StoredPerson[]
  histories: History[]
  /** Entries of the storage under `portablePrefixes`, their values as base64url. */
  entries: { key: string; value: string }[]
}

/** The profile's identity, and whose keys were verified: as they lie in storage. */
const portablePrefixes = ['profile/', 'trust/'] as const

const historyKey = (room: string, device: string) => `${restoredPrefix}history/${room}/${device}`

export async function collect(storage: Storage, describe: Describe, madeMs: number): Promise<BackupContent> {
  const persons = new Map<string, StoredPerson>()
  const histories: History[] = []
  for (const { value } of await storage.list(`${restoredPrefix}person/`)) {
    const person = parseStored(personSchema, value)
    if (person) persons.set(person.room, person)
  }
  for (const stored of await storedDevices(storage)) {
    const history = await readHistory(storage, stored, describe)
    const bytes = await storage.get(deviceKey(stored.device, 'identity'))
    const identity = bytes && (await decodeDeviceIdentity(bytes))
    if (!history || !identity) continue
    histories.push(history)
    const { keys, seed } = personKeysOf(identity)
    const { room } = stored
    persons.set(room, { room, keys: toBase64Url(encodePersonKeys(keys)), seed: toBase64Url(seed), name: history.name })
  }
  // What was restored here goes on into the next backup, unless this browser has the same itself.
  for (const history of await restoredHistories(storage)) {
    if (!histories.some(({ room, device }) => room === history.room && device === history.device)) {
      histories.push(history)
    }
  }
  const entries: BackupContent['entries'] = []
  for (const prefix of portablePrefixes) {
    for (const { key, value } of await storage.list(prefix)) entries.push({ key, value: toBase64Url(value) })
  }
  return { version: 1, madeMs, persons: [...persons.values()], histories, entries }
}

export interface Restored {
  rooms: number
  messages: number
  /** This browser had an identity of its own, with rooms: that one stays. */
  keptOwnProfile: boolean
}

/** Puts in what is not there yet; nothing that this browser knows itself is overwritten. */
export async function restore(storage: Storage, content: BackupContent): Promise<Restored> {
  const isNew = (await storage.list('room/')).length === 0
  const changes: StorageChange[] = []
  let keptOwnProfile = false
  for (const { key, value } of content.entries) {
    const present = await storage.get(key)
    const bytes = fromBase64Url(value)!
    if (present && isNew && key === 'profile/identity') changes.push({ type: 'put', key, value: bytes })
    else if (!present) changes.push({ type: 'put', key, value: bytes })
    else if (key === 'profile/identity' && toBase64Url(present) !== toBase64Url(bytes)) keptOwnProfile = true
  }
  for (const person of content.persons) {
    changes.push({ type: 'put', key: personKey(person.room), value: utf8(JSON.stringify(person)) })
  }
  const own = await storedDevices(storage)
  const histories = content.histories.filter(({ device }) => !own.some((one) => one.device === device))
  for (const history of histories) {
    const key = historyKey(history.room, history.device)
    changes.push({ type: 'put', key, value: utf8(JSON.stringify(history)) })
  }
  await storage.apply(changes)
  const messages = histories.flatMap(({ items }) => items.filter(({ type }) => type === 'message')).length
  return { rooms: histories.length, messages, keptOwnProfile }
}

export async function restoredHistories(storage: Storage): Promise<History[]> {
  const entries = await storage.list(`${restoredPrefix}history/`)
  return entries.flatMap(({ value }) => parseStored(historySchema, value) ?? [])
}

export function eraseRestored(room: RoomAddress, device: string): StorageChange[] {
  return [{ type: 'delete', key: historyKey(room, device) }]
}

const portableKey = /^(profile|trust)\/[\x21-\x7e]{1,200}$/

/** Strict: a name too many, a value too long or a key elsewhere refuses the whole. */
export const backupSchema: v.GenericSchema<unknown, BackupContent> = v.strictObject({
  version: v.literal(1),
  madeMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  persons: v.pipe(v.array(personSchema), v.maxLength(10_000)),
  histories: v.pipe(v.array(historySchema), v.maxLength(10_000)),
  entries: v.pipe(
    v.array(v.strictObject({ key: v.pipe(v.string(), v.regex(portableKey)), value: base64(65_536) })),
    v.maxLength(100_000),
  ),
})
