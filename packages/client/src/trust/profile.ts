/**
 * The profile identity: one person per browser profile or data folder, by which people who verified each other once know
 * each other in every room. Person keys are made for each room; the profile signs them inside the room, where the relay
 * does not see it, and the person signs the profile, so that nobody can put another's person under its own profile.
 */
import {
  concatBytes,
  decodePersonKeys,
  encodePersonKeys,
  fromBase64Url,
  type PersonKey,
  personAlgorithms,
  type RoomAddress,
  toBase64Url,
  Writer,
} from '@qsec/protocol'
import {
  type DeviceIdentity,
  type PersonKeys,
  personKeysOf,
  personKeysOfSeed,
  personOf,
  personSeedBytes,
  personSign,
  personVerify,
} from '../crypto/index.ts'
import type { Locks, SecureRandom, Storage } from '../ports.ts'
import type { ProfileContent } from './content.ts'

const purpose = 'profile/v1'
const storageKey = 'profile/identity'
const lockWaitMs = 5_000

export interface ToldProfile {
  /** Fingerprint of the profile's keys. */
  profile: string
  keys: PersonKey[]
}

/** The profile of this storage, made at the first use. Tabs that ask at once get the same one. */
export async function openProfile(env: { storage: Storage; locks: Locks; random: SecureRandom }): Promise<PersonKeys> {
  const release = await env.locks.acquire('profile', lockWaitMs)
  if (!release) throw new Error('profile: another tab has held its lock for too long')
  try {
    const stored = await env.storage.get(storageKey)
    if (stored?.length === personSeedBytes) return await personKeysOfSeed(stored)
    const seed = env.random(personSeedBytes)
    await env.storage.apply([{ type: 'put', key: storageKey, value: seed.slice() }])
    return await personKeysOfSeed(seed)
  } finally {
    release()
  }
}

/** The profile of this storage if it has one. */
export async function profileOf(storage: Storage): Promise<string | undefined> {
  const seed = await storage.get(storageKey)
  return seed?.length === personSeedBytes ? personOf((await personKeysOfSeed(seed)).keys) : undefined
}

/** What tells a room that `identity` is this profile. */
export async function tellProfile(
  profile: PersonKeys,
  identity: DeviceIdentity,
  random: SecureRandom,
): Promise<ProfileContent> {
  const person = personKeysOf(identity)
  const body = statement(identity.room, person.keys, profile.keys)
  return {
    type: 'profile',
    keys: toBase64Url(encodePersonKeys(profile.keys)),
    byProfile: toBase64Url(concatBytes(...(await personSign(profile, purpose, body, random)))),
    byPerson: toBase64Url(concatBytes(...(await personSign(person, purpose, body, random)))),
  }
}

/** The profile that both sides signed for; undefined where anything does not hold. */
export async function hearProfile(
  content: ProfileContent,
  room: RoomAddress,
  person: readonly PersonKey[],
): Promise<ToldProfile | undefined> {
  const encoded = fromBase64Url(content.keys)
  const keys = encoded && decodePersonKeys(encoded)
  if (!keys) return undefined
  const body = statement(room, person, keys)
  const holds =
    (await personVerify(keys, purpose, body, apart(content.byProfile))) &&
    (await personVerify(person, purpose, body, apart(content.byPerson)))
  return holds ? { profile: personOf(keys), keys } : undefined
}

function statement(room: RoomAddress, person: readonly PersonKey[], profile: readonly PersonKey[]): Uint8Array {
  return new Writer().text(room, 1).bytes(encodePersonKeys(person), 2).bytes(encodePersonKeys(profile), 2).done()
}

/** The signatures one by one; what is left over makes one too many, which refuses the whole. */
function apart(text: string): Uint8Array[] {
  let rest: Uint8Array = fromBase64Url(text) ?? new Uint8Array(0)
  const parts = personAlgorithms.map(({ signatureBytes }) => {
    const part = rest.subarray(0, signatureBytes)
    rest = rest.subarray(signatureBytes)
    return part
  })
  return rest.length === 0 ? parts : []
}
