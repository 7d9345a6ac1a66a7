/** Who this device is: its person's keys, its own keys, and the bundle that ties them together (protocol.md §2). */
import {
  type Bundle,
  type CommitRefusal,
  commitNackSignedBytes,
  type DeviceId,
  type DeviceRecord,
  decodeBundle,
  deviceRecordSignedBytes,
  encodeBundle,
  encodeDeviceRecord,
  encodePersonKeys,
  equalBytes,
  type LoginChallenge,
  loginSignedBytes,
  type PersonKey,
  parseRoomAddress,
  type RoomAddress,
  readExactly,
  signatureAlgorithms,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './ed25519.ts'
import { sha256 } from './hashes.ts'

export { sha256 } from './hashes.ts'

/** A device record holds this long. */
const recordLifetimeMs = 365 * 86_400_000

/** A person's keys, made for one room, so that nothing links a person's rooms. */
export interface PersonKeys {
  keys: PersonKey[]
  /** Ed25519 seed, 32 bytes. */
  seed: Uint8Array
}

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
  /** Ed25519 seeds, 32 bytes each, one per purpose. */
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

export function personOf(keys: readonly PersonKey[]): string {
  return fingerprint(encodePersonKeys(keys))
}

function fingerprint(bytes: Uint8Array): string {
  return toBase64Url(sha256(bytes).subarray(0, 16))
}

/** Before a closed room has an address, since the address commits to its creator's keys. */
export function createPersonKeys(random: SecureRandom): PersonKeys {
  const seed = random(32)
  return { keys: [{ algorithm: signatureAlgorithms.ed25519, key: ed25519PublicKey(seed) }], seed }
}

/** A new device of a new person, or of the person whose keys are given. */
export async function createDevice(options: {
  room: RoomAddress
  nowMs: number
  random: SecureRandom
  personKeys?: PersonKeys
}): Promise<DeviceIdentity> {
  const { room, nowMs, random, personKeys = createPersonKeys(random) } = options
  const [mls, relay] = [random(32), random(32)]
  const record: DeviceRecord = {
    version: 1,
    room,
    mlsSignatureKey: ed25519PublicKey(mls),
    relayAuthKey: ed25519PublicKey(relay),
    createdMs: nowMs,
    expiresMs: nowMs + recordLifetimeMs,
  }
  const signature = await ed25519Sign(personKeys.seed, deviceRecordSignedBytes(personKeys.keys, record))
  const bundle = { personKeys: personKeys.keys, record, signatures: [signature] }
  return assembleIdentity(bundle, { person: personKeys.seed, mls, relay })
}

function assembleIdentity(bundle: Bundle, secrets: DeviceIdentity['secrets']): DeviceIdentity {
  const bundleBytes = encodeBundle(bundle)
  return {
    device: deviceIdOf(bundle.record),
    person: personOf(bundle.personKeys),
    room: bundle.record.room,
    bundle,
    bundleBytes,
    credential: sha256(bundleBytes),
    secrets,
  }
}

export function personKeysOf(identity: DeviceIdentity): PersonKeys {
  return { keys: identity.bundle.personKeys, seed: identity.secrets.person }
}

const identityVersion = 1

/** For storage, which seals it. */
export function encodeDeviceIdentity(identity: DeviceIdentity): Uint8Array<ArrayBuffer> {
  const { person, mls, relay } = identity.secrets
  return new Writer().u8(identityVersion).bytes(identity.bundleBytes, 2).raw(person).raw(mls).raw(relay).done()
}

/** Undefined where the bytes are damaged or the private halves are not those of the bundle. */
export function decodeDeviceIdentity(bytes: Uint8Array): DeviceIdentity | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== identityVersion) return undefined
    const bundle = decodeBundle(reader.bytes(2))
    const secrets = { person: reader.raw(32), mls: reader.raw(32), relay: reader.raw(32) }
    if (!bundle) return undefined
    const pairs: [Uint8Array, Uint8Array][] = [
      [secrets.person, bundle.personKeys[0]!.key],
      [secrets.mls, bundle.record.mlsSignatureKey],
      [secrets.relay, bundle.record.relayAuthKey],
    ]
    const fits = pairs.every(([seed, key]) => equalBytes(ed25519PublicKey(seed), key))
    return fits ? assembleIdentity(bundle, secrets) : undefined
  })
}

/** Checks every signature in a bundle, and where `expected` names a room, that the device was made for it. */
export async function verifyBundle(
  bytes: Uint8Array,
  expected: { room?: RoomAddress } = {},
): Promise<VerifiedBundle | undefined> {
  const bundle = decodeBundle(bytes)
  if (!bundle || (expected.room !== undefined && bundle.record.room !== expected.room)) return undefined
  const signed = deviceRecordSignedBytes(bundle.personKeys, bundle.record)
  for (const [i, { key }] of bundle.personKeys.entries()) {
    if (!(await ed25519Verify(key, signed, bundle.signatures[i]!))) return undefined
  }
  return {
    device: deviceIdOf(bundle.record),
    person: personOf(bundle.personKeys),
    credential: sha256(bytes),
    bundle,
  }
}

/** The answer to a relay's challenge, by the key that signs nothing else (threats.md §3). */
export function signLogin(
  identity: DeviceIdentity,
  challenge: LoginChallenge,
  expiresMs: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const signed = loginSignedBytes(challenge, identity.bundle.record.relayAuthKey, expiresMs)
  return ed25519Sign(identity.secrets.relay, signed)
}

export function signCommitNack(identity: DeviceIdentity, refusal: CommitRefusal): Promise<Uint8Array<ArrayBuffer>> {
  return ed25519Sign(identity.secrets.mls, commitNackSignedBytes(refusal))
}

export function verifyCommitNack(
  bundle: VerifiedBundle,
  refusal: CommitRefusal,
  signature: Uint8Array,
): Promise<boolean> {
  return ed25519Verify(bundle.bundle.record.mlsSignatureKey, commitNackSignedBytes(refusal), signature)
}

function nameClaimBytes(room: RoomAddress, keys: readonly PersonKey[], name: string, atMs: number): Uint8Array {
  return new Writer()
    .raw(utf8('qsec/name-claim/v1\0'))
    .text(room, 1)
    .bytes(encodePersonKeys(keys), 2)
    .text(name, 2)
    .u53(atMs)
    .done()
}

/** The person's word for the name under which it wants to be seen in this room. */
export function signNameClaim(identity: DeviceIdentity, name: string, atMs: number): Promise<Uint8Array<ArrayBuffer>> {
  return ed25519Sign(identity.secrets.person, nameClaimBytes(identity.room, identity.bundle.personKeys, name, atMs))
}

export function verifyNameClaim(
  claimant: VerifiedBundle,
  name: string,
  atMs: number,
  signature: Uint8Array,
): Promise<boolean> {
  const { personKeys, record } = claimant.bundle
  if (!Number.isSafeInteger(atMs) || atMs < 0 || utf8(name).length > 65_535) return Promise.resolve(false)
  return ed25519Verify(personKeys[0]!.key, nameClaimBytes(record.room, personKeys, name, atMs), signature)
}

/**
 * The address of a closed room, which is also its MLS group id: whoever joins recomputes it, so that a relay cannot
 * serve another room under the link (protocol.md §1).
 */
export function closedRoomAddress(
  creator: readonly PersonKey[],
  suite: number,
  nonce: Uint8Array,
): { address: RoomAddress; groupId: Uint8Array<ArrayBuffer> } {
  if (nonce.length !== 16) throw new RangeError('address: the nonce has a wrong length')
  const suiteBytes = new Writer().u16(suite).done()
  const groupId = sha256(utf8('qsec/room/v1'), encodePersonKeys(creator), suiteBytes, nonce).slice(0, 16)
  return { address: parseRoomAddress(toBase64Url(groupId))!, groupId }
}

/** The MLS group id of an open room. */
export function openGroupId(address: RoomAddress, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  if (nonce.length !== 16) throw new RangeError('address: the nonce has a wrong length')
  return sha256(utf8('qsec/open/v1'), utf8(address), nonce).slice(0, 16)
}
