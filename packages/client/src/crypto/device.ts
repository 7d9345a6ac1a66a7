/** Who this device is: its person's keys, its own keys, and the bundle that ties them together (protocol.md §2). */
import {
  type Bundle,
  type DeviceId,
  type DeviceRecord,
  decodeBundle,
  encodeBundle,
  encodeDeviceRecord,
  equalBytes,
  type RoomAddress,
  readExactly,
  utf8,
  Writer,
} from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import { ed25519PublicKey } from './ed25519.ts'
import { sha256 } from './hashes.ts'
import {
  createPersonKeys,
  fingerprint,
  type PersonKeys,
  personKeysOfSeed,
  personOf,
  personSeedBytes,
  personSign,
  personVerify,
} from './person.ts'

/** A device record holds this long. */
const recordLifetimeMs = 365 * 86_400_000
const recordPurpose = 'device-record/v2'

/** Everything a device is, private halves included: never leaves the device except sealed for its own storage. */
export interface DeviceIdentity {
  device: DeviceId
  /** Fingerprint of the person keys, 22 characters. */
  person: string
  room: RoomAddress
  bundle: Bundle
  bundleBytes: Uint8Array<ArrayBuffer>
  /** SHA-256 of `bundleBytes`: the MLS credential. */
  credential: Uint8Array<ArrayBuffer>
  /** 32 bytes that open the record's name commitment: for the room, never for the relay. */
  nameSalt: Uint8Array
  /** The person's seed (`personSeedBytes`) and one Ed25519 seed of 32 bytes for each purpose. */
  secrets: { person: Uint8Array; mls: Uint8Array; relay: Uint8Array }
}

/** A bundle whose signatures all hold. What it says about a leaf holds only where the leaf's keys are compared too. */
export interface VerifiedBundle {
  device: DeviceId
  person: string
  credential: Uint8Array<ArrayBuffer>
  bundle: Bundle
}

export function deviceIdOf(record: DeviceRecord): DeviceId {
  return fingerprint(encodeDeviceRecord(record)) as DeviceId
}

/**
 * A new device of a new person, or of the person whose keys are given.
 *
 * @param options.name - what others will read in the room; the record commits to it without showing it
 */
export async function createDevice(options: {
  room: RoomAddress
  nowMs: number
  random: SecureRandom
  name?: string
  personKeys?: PersonKeys
}): Promise<DeviceIdentity> {
  const { room, nowMs, random, name = '' } = options
  const personKeys = options.personKeys ?? (await createPersonKeys(random))
  const [mls, relay, nameSalt] = [random(32), random(32), random(32)]
  const record: DeviceRecord = {
    version: 2,
    room,
    mlsSignatureKey: await ed25519PublicKey(mls),
    relayAuthKey: await ed25519PublicKey(relay),
    nameCommitment: commitToName(nameSalt, name),
    createdMs: nowMs,
    expiresMs: nowMs + recordLifetimeMs,
  }
  const signatures = await personSign(personKeys, recordPurpose, encodeDeviceRecord(record), random)
  const bundle = { personKeys: personKeys.keys, record, signatures }
  return assembleIdentity(bundle, nameSalt, { person: personKeys.seed, mls, relay })
}

function assembleIdentity(bundle: Bundle, nameSalt: Uint8Array, secrets: DeviceIdentity['secrets']): DeviceIdentity {
  const bundleBytes = encodeBundle(bundle)
  return {
    device: deviceIdOf(bundle.record),
    person: personOf(bundle.personKeys),
    room: bundle.record.room,
    bundle,
    bundleBytes,
    credential: sha256(bundleBytes),
    nameSalt,
    secrets,
  }
}

export function personKeysOf(identity: DeviceIdentity): PersonKeys {
  return { keys: identity.bundle.personKeys, seed: identity.secrets.person }
}

const identityVersion = 2

/** For storage, which seals it. */
export function encodeDeviceIdentity(identity: DeviceIdentity): Uint8Array<ArrayBuffer> {
  const { person, mls, relay } = identity.secrets
  return new Writer()
    .u8(identityVersion)
    .bytes(identity.bundleBytes, 2)
    .raw(identity.nameSalt)
    .raw(person)
    .raw(mls)
    .raw(relay)
    .done()
}

/** Undefined where the bytes are damaged or the private halves are not those of the bundle. */
export async function decodeDeviceIdentity(bytes: Uint8Array): Promise<DeviceIdentity | undefined> {
  const identity = readExactly(bytes, (reader) => {
    if (reader.u8() !== identityVersion) return undefined
    const bundle = decodeBundle(reader.bytes(2))
    const nameSalt = reader.raw(32)
    const secrets = { person: reader.raw(personSeedBytes), mls: reader.raw(32), relay: reader.raw(32) }
    return bundle && assembleIdentity(bundle, nameSalt, secrets)
  })
  return identity && (await holdsItsSecrets(identity)) ? identity : undefined
}

async function holdsItsSecrets({ bundle, secrets }: DeviceIdentity): Promise<boolean> {
  const [person, mls, relay] = await Promise.all([
    personKeysOfSeed(secrets.person),
    ed25519PublicKey(secrets.mls),
    ed25519PublicKey(secrets.relay),
  ])
  return (
    personOf(person.keys) === personOf(bundle.personKeys) &&
    equalBytes(mls, bundle.record.mlsSignatureKey) &&
    equalBytes(relay, bundle.record.relayAuthKey)
  )
}

/** Checks every signature in a bundle, and where `expected` names a room, that the device was made for it. */
export async function verifyBundle(
  bytes: Uint8Array,
  expected: { room?: RoomAddress } = {},
): Promise<VerifiedBundle | undefined> {
  const bundle = decodeBundle(bytes)
  if (!bundle || (expected.room !== undefined && bundle.record.room !== expected.room)) return undefined
  const record = encodeDeviceRecord(bundle.record)
  const holds = await personVerify(bundle.personKeys, recordPurpose, record, bundle.signatures)
  return holds ? readVerifiedBundle(bytes) : undefined
}

/** A bundle that this device verified when it stored it: the seal of the storage vouches for it since. */
export function readVerifiedBundle(bytes: Uint8Array): VerifiedBundle | undefined {
  const bundle = decodeBundle(bytes)
  if (!bundle) return undefined
  return {
    device: deviceIdOf(bundle.record),
    person: personOf(bundle.personKeys),
    credential: sha256(bytes),
    bundle,
  }
}

/**
 * The signed place of a name in a record: hiding, since the salt has 256 bits, and binding. 32 bytes open it, where a
 * signature of its own would take 3,373 for each member, for each newcomer.
 */
export function commitToName(salt: Uint8Array, name: string): Uint8Array<ArrayBuffer> {
  if (salt.length !== 32) throw new RangeError('name: the salt has a wrong length')
  return sha256(new Writer().raw(utf8('qsec/name/v1\0')).raw(salt).text(name, 2).done())
}

/** Whether the person of this device signed this name for this room. */
export function holdsName({ bundle }: VerifiedBundle, name: string, salt: Uint8Array): boolean {
  if (salt.length !== 32 || utf8(name).length > 65_535) return false
  return equalBytes(commitToName(salt, name), bundle.record.nameCommitment)
}
