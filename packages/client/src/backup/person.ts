/** Who one was in a room, out of a backup: what makes a new device there that of the same person. */
import { decodePersonKeys, fromBase64Url, type RoomAddress } from '@qsec/protocol'
import * as v from 'valibot'
import type { PersonKeys } from '../crypto/index.ts'
import type { Storage } from '../ports.ts'
import { parseStored } from '../room/device-store.ts'

/** A person's keys of one room. They do not make a device: that takes keys of its own, and somebody who lets it in. */
export interface StoredPerson {
  room: string
  /** base64url of `encodePersonKeys`. */
  keys: string
  /** base64url. */
  seed: string
  name: string
}

export const restoredPrefix = 'restored/'
export const personKey = (room: string): string => `${restoredPrefix}person/${room}`

/** The keys that a restored person had in `room`: with them, who comes in there is the same person. */
export async function restoredPerson(storage: Storage, room: RoomAddress): Promise<PersonKeys | undefined> {
  const stored = parseStored(personSchema, await storage.get(personKey(room)))
  const keys = stored && decodePersonKeys(fromBase64Url(stored.keys)!)
  return keys ? { keys, seed: fromBase64Url(stored.seed)! } : undefined
}

export const base64 = (most: number): v.GenericSchema<string> =>
  v.pipe(
    v.string(),
    v.maxLength(most),
    v.check((text) => fromBase64Url(text) !== undefined),
  )

export const personSchema: v.GenericSchema<unknown, StoredPerson> = v.strictObject({
  room: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,22}$/)),
  keys: base64(16_384),
  seed: base64(1_024),
  name: v.pipe(v.string(), v.maxLength(200)),
})
