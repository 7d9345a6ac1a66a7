/**
 * Who a device is: the person's keys, the record of one device in one room, and the person's signatures over it.
 * A bundle carries no name. Its SHA-256 is the MLS credential; the SHA-256 of the record alone names the device.
 */
import { concatBytes, utf8 } from './bytes.ts'
import { type Reader, readExactly, Writer } from './codec.ts'
import { parseRoomAddress, type RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/** Signature algorithms of person keys, by their number on the wire. */
export const signatureAlgorithms = { ed25519: 1 } as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[keyof typeof signatureAlgorithms]
const known: readonly { algorithm: SignatureAlgorithm; keyBytes: number; signatureBytes: number }[] = [
  { algorithm: signatureAlgorithms.ed25519, keyBytes: 32, signatureBytes: 64 },
]

export interface PersonKey {
  algorithm: SignatureAlgorithm
  /** Raw public key. */
  key: Uint8Array
}

export interface DeviceRecord {
  version: 1
  room: RoomAddress
  /** Ed25519, 32 bytes: signs the leaf in the room's MLS group and in pair groups. */
  mlsSignatureKey: Uint8Array
  /** Ed25519, 32 bytes: signs logins at the relay and nothing else. */
  relayAuthKey: Uint8Array
  createdMs: number
  expiresMs: number
}

export interface Bundle {
  /** One of each known algorithm, in the order of their numbers; every one of them has to verify. */
  personKeys: PersonKey[]
  record: DeviceRecord
  /** In the order of `personKeys`. */
  signatures: Uint8Array[]
}

export function encodePersonKeys(keys: readonly PersonKey[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(keys.length)
  for (const { algorithm, key } of keys) writer.u16(algorithm).bytes(key, 2)
  return writer.done()
}

function readPersonKeys(reader: Reader): PersonKey[] | undefined {
  const keys: PersonKey[] = []
  const count = reader.u8()
  for (let i = 0; i < count; i++) {
    const algorithm = reader.u16()
    const key = reader.bytes(2)
    const expected = known[i]
    if (expected?.algorithm !== algorithm || expected.keyBytes !== key.length) return undefined
    keys.push({ algorithm: expected.algorithm, key })
  }
  return count === known.length ? keys : undefined
}

export function decodePersonKeys(bytes: Uint8Array): PersonKey[] | undefined {
  return readExactly(bytes, readPersonKeys)
}

export function encodeDeviceRecord(record: DeviceRecord): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(record.version)
    .text(record.room, 1)
    .bytes(record.mlsSignatureKey, 1)
    .bytes(record.relayAuthKey, 1)
    .u53(record.createdMs)
    .u53(record.expiresMs)
    .done()
}

export function decodeDeviceRecord(bytes: Uint8Array): DeviceRecord | undefined {
  return readExactly(bytes, (reader) => {
    const version = reader.u8()
    const room = parseRoomAddress(reader.text(1))
    const mlsSignatureKey = reader.bytes(1)
    const relayAuthKey = reader.bytes(1)
    const createdMs = reader.u53()
    const expiresMs = reader.u53()
    if (version !== 1 || !room || mlsSignatureKey.length !== 32 || relayAuthKey.length !== 32) return undefined
    return expiresMs > createdMs ? { version, room, mlsSignatureKey, relayAuthKey, createdMs, expiresMs } : undefined
  })
}

/** What each person key signs. The algorithms stand inside, so that none can be left out or exchanged. */
export function deviceRecordSignedBytes(
  personKeys: readonly PersonKey[],
  record: DeviceRecord,
): Uint8Array<ArrayBuffer> {
  return concatBytes(utf8('qsec/device-record/v1\0'), encodePersonKeys(personKeys), encodeDeviceRecord(record))
}

export function encodeBundle(bundle: Bundle): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u8(1)
    .bytes(encodePersonKeys(bundle.personKeys), 2)
    .bytes(encodeDeviceRecord(bundle.record), 2)
    .u8(bundle.signatures.length)
  for (const signature of bundle.signatures) writer.bytes(signature, 2)
  return writer.done()
}

/** Parses the shape alone: the signatures are checked by whoever has the cryptography for it. */
export function decodeBundle(bytes: Uint8Array): Bundle | undefined {
  if (bytes.length > limits.bundleBytes) return undefined
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== 1) return undefined
    const personKeys = decodePersonKeys(reader.bytes(2))
    const record = decodeDeviceRecord(reader.bytes(2))
    const signatures: Uint8Array[] = []
    const count = reader.u8()
    for (let i = 0; i < count; i++) signatures.push(reader.bytes(2))
    if (!personKeys || !record || count !== personKeys.length) return undefined
    return signatures.every((signature, i) => signature.length === known[i]!.signatureBytes)
      ? { personKeys, record, signatures }
      : undefined
  })
}
