/**
 * Whom this profile has met, and whose keys its owner has verified. What concerns a room lies under the room and goes with
 * it; profiles are remembered across rooms. Each fact has a key of its own, so that two tabs never undo each other's.
 */
import {
  decodePersonKeys,
  encodePersonKeys,
  fromBase64Url,
  type PersonKey,
  type RoomAddress,
  toBase64Url,
  utf8,
} from '@qsec/protocol'
import * as v from 'valibot'
import { personOf } from '../crypto/index.ts'
import type { Storage, StorageChange } from '../ports.ts'
import type { ToldProfile } from './profile.ts'

/** How keys were verified: by scanning, by comparing the number, or by comparing pictures. */
export type VerifiedHow = 'scan' | 'number' | 'pictures'

export interface Verification {
  atMs: number
  how: VerifiedHow
  /** The exact keys, base64url of `encodePersonKeys`; empty where another device of this person verified them. */
  keys: string
  name: string
}

export interface Meeting {
  firstMs: number
  name: string
  /** The person is told about this one's changed keys only once. */
  told?: boolean
}

type Kind = 'seen' | 'verified' | 'accepted' | 'profile'

const stored = {
  seen: v.object({ firstMs: v.number(), name: v.string(), told: v.exactOptional(v.boolean()) }),
  verified: v.object({
    atMs: v.number(),
    how: v.picklist(['scan', 'number', 'pictures']),
    keys: v.string(),
    name: v.string(),
  }),
  accepted: v.object({ atMs: v.number() }),
  profile: v.object({ keys: v.string() }),
}

export function roomTrustPrefix(room: RoomAddress): string {
  return `trust/${room}/`
}
const contactsPrefix = 'profile/contact/'

export class Book {
  readonly #room: string
  readonly #seen = new Map<string, Meeting & { before: boolean }>()
  readonly #verified = new Map<string, Verification>()
  readonly #accepted = new Set<string>()
  readonly #profiles = new Map<string, ToldProfile>()
  readonly #contactsSeen = new Map<string, Meeting & { before: boolean }>()
  readonly #contactsVerified = new Map<string, Verification>()

  constructor(room: RoomAddress) {
    this.#room = roomTrustPrefix(room)
  }

  async load(storage: Storage): Promise<void> {
    for (const { key, value } of await storage.list(this.#room)) this.#read(key.slice(this.#room.length), value, false)
    await this.loadContacts(storage)
  }

  /** What is known of profiles, also from rooms that other tabs have open. */
  async loadContacts(storage: Storage): Promise<void> {
    for (const { key, value } of await storage.list(contactsPrefix)) {
      this.#read(key.slice(contactsPrefix.length), value, true)
    }
  }

  #read(key: string, bytes: Uint8Array, contact: boolean): void {
    const [id, kind] = key.split('/') as [string, Kind]
    switch (kind) {
      case 'seen': {
        const meeting = parse(stored.seen, bytes)
        if (meeting) (contact ? this.#contactsSeen : this.#seen).set(id, { ...meeting, before: true })
        return
      }
      case 'verified': {
        const verification = parse(stored.verified, bytes)
        if (verification) (contact ? this.#contactsVerified : this.#verified).set(id, verification)
        return
      }
      case 'accepted':
        if (parse(stored.accepted, bytes)) this.#accepted.add(id)
        return
      case 'profile': {
        const told = parse(stored.profile, bytes)
        const encoded = told && fromBase64Url(told.keys)
        const keys = encoded && decodePersonKeys(encoded)
        if (keys) this.#profiles.set(id, { profile: personOf(keys), keys })
      }
    }
  }

  /** The verification of these very keys: of the person here, or of the profile that it told. */
  verification(person: string): Verification | undefined {
    const told = this.#profiles.get(person)
    return this.#verified.get(person) ?? (told && this.#contactsVerified.get(told.profile))
  }

  /** Met before this opening of the room, here or under its profile elsewhere; and since when. */
  metBefore(person: string): number | undefined {
    const told = this.#profiles.get(person)
    const meetings = [this.#seen.get(person), told && this.#contactsSeen.get(told.profile)]
    const before = meetings.filter((meeting) => meeting?.before).map((meeting) => meeting!.firstMs)
    return before.length > 0 ? Math.min(...before) : undefined
  }

  meeting(person: string): Meeting | undefined {
    return this.#seen.get(person)
  }

  /** Everyone met in this room, by fingerprint. */
  get met(): ReadonlyMap<string, Meeting> {
    return this.#seen
  }

  /** Whose keys were verified in this room, by fingerprint. */
  get verifications(): ReadonlyMap<string, Verification> {
    return this.#verified
  }

  accepted(person: string): boolean {
    return this.#accepted.has(person)
  }

  profileOf(person: string): ToldProfile | undefined {
    return this.#profiles.get(person)
  }

  knowsProfile(profile: string): boolean {
    return this.#contactsSeen.has(profile) || this.#contactsVerified.has(profile)
  }

  // --- what changes, and what to store for it ---------------------------------------------------------------------

  meet(person: string, meeting: Meeting): StorageChange[] {
    this.#seen.set(person, { ...meeting, before: this.#seen.get(person)?.before ?? false })
    return [put(`${this.#room}${person}/seen`, meeting), ...this.#carry(person)]
  }

  verify(person: string, keys: readonly PersonKey[], how: VerifiedHow, name: string, atMs: number): StorageChange[] {
    const verification = { atMs, how, keys: toBase64Url(encodePersonKeys(keys)), name }
    this.#verified.set(person, verification)
    return [put(`${this.#room}${person}/verified`, verification), ...this.#carry(person)]
  }

  /** A comparison that did not match: these keys are verified no more. */
  doubt(person: string): StorageChange[] {
    const told = this.#profiles.get(person)
    this.#verified.delete(person)
    const changes: StorageChange[] = [{ type: 'delete', key: `${this.#room}${person}/verified` }]
    if (told && this.#contactsVerified.delete(told.profile)) {
      changes.push({ type: 'delete', key: `${contactsPrefix}${told.profile}/verified` })
    }
    return changes
  }

  accept(person: string, atMs: number): StorageChange[] {
    this.#accepted.add(person)
    return [put(`${this.#room}${person}/accepted`, { atMs })]
  }

  tell(person: string, told: ToldProfile): StorageChange[] {
    this.#profiles.set(person, told)
    const keys = toBase64Url(encodePersonKeys(told.keys))
    return [put(`${this.#room}${person}/profile`, { keys }), ...this.#carry(person)]
  }

  /** What is known of a person is known of the profile that it told, and so in other rooms. */
  #carry(person: string): StorageChange[] {
    const told = this.#profiles.get(person)
    if (!told) return []
    const changes: StorageChange[] = []
    const path = `${contactsPrefix}${told.profile}`
    const meeting = this.#seen.get(person)
    if (meeting && !this.#contactsSeen.has(told.profile)) {
      const { firstMs, name } = meeting
      this.#contactsSeen.set(told.profile, { firstMs, name, before: false })
      changes.push(put(`${path}/seen`, { firstMs, name }))
    }
    const verification = this.#verified.get(person)
    if (verification && !this.#contactsVerified.has(told.profile)) {
      const ofProfile = { ...verification, keys: toBase64Url(encodePersonKeys(told.keys)) }
      this.#contactsVerified.set(told.profile, ofProfile)
      changes.push(put(`${path}/verified`, ofProfile))
    }
    return changes
  }
}

function put(key: string, value: object): StorageChange {
  return { type: 'put', key, value: utf8(JSON.stringify(value)) }
}

/** What this device wrote itself; undefined where it is damaged: the fact counts as unknown, which is the careful side. */
function parse<T>(schema: v.GenericSchema<unknown, T>, bytes: Uint8Array): T | undefined {
  try {
    return v.parse(schema, JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return undefined
  }
}
