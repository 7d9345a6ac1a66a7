/**
 * Who a device is: the person's keys, the record of one device in one room, and the person's signatures over it.
 * A bundle carries no name. Its SHA-256 is the MLS credential; the SHA-256 of the record alone names the device.
 */
import { concatBytes, utf8 } from './bytes.ts'
import { type Reader, readExactly, Writer } from './codec.ts'
import { parseRoomAddress, type RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/** Signature algorithms of person keys, by their number on the wire. */
export const signatureAlgorithms = { ed25519: 1, mlDsa65: 2 } as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[keyof typeof signatureAlgorithms]

/** Every person has one key of each, in this order, and every one of them has to verify (FIPS 204 for ML-DSA). */
export const personAlgorithms: readonly {
  algorithm: SignatureAlgorithm
  name: string
  keyBytes: number
  signatureBytes: number
}[] = [
  { algorithm: signatureAlgorithms.ed25519, name: 'Ed25519', keyBytes: 32, signatureBytes: 64 },
  { algorithm: signatureAlgorithms.mlDsa65, name: 'ML-DSA-65', keyBytes: 1_952, signatureBytes: 3_309 },
]

export interface PersonKey {
  algorithm: SignatureAlgorithm
  /** Raw public key. */
  key: Uint8Array
}

export interface DeviceRecord {
  version: 2
  room: RoomAddress
  /** Ed25519, 32 bytes: signs the leaf in the room's MLS group and in pair groups. */
  mlsSignatureKey: Uint8Array
  /** Ed25519, 32 bytes: signs logins at the relay and nothing else. */
  relayAuthKey: Uint8Array
  /** 32 bytes: a salted hash of the person's name, which is opened inside the room only. */
  nameCommitment: Uint8Array
  createdMs: number
  expiresMs: number
}

export interface Bundle {
  /** One of each of `personAlgorithms`, in their order. */
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
    const expected = personAlgorithms[i]
    if (expected?.algorithm !== algorithm || expected.keyBytes !== key.length) return undefined
    keys.push({ algorithm: expected.algorithm, key })
  }
  return count === personAlgorithms.length ? keys : undefined
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
    .bytes(record.nameCommitment, 1)
    .u53(record.createdMs)
    .u53(record.expiresMs)
    .done()
}

export function decodeDeviceRecord(bytes: Uint8Array): DeviceRecord | undefined {
  return readExactly(bytes, (reader) => {
    const version = reader.u8()
    if (version !== 2) return undefined
    const room = parseRoomAddress(reader.text(1))
    const [mlsSignatureKey, relayAuthKey, nameCommitment] = [reader.bytes(1), reader.bytes(1), reader.bytes(1)]
    const [createdMs, expiresMs] = [reader.u53(), reader.u53()]
    const whole = [mlsSignatureKey, relayAuthKey, nameCommitment].every(({ length }) => length === 32)
    if (!room || !whole || expiresMs <= createdMs) return undefined
    return { version, room, mlsSignatureKey, relayAuthKey, nameCommitment, createdMs, expiresMs }
  })
}

/**
 * What every key of a person signs, each the same bytes: the purpose, the names of the algorithms that sign together,
 * the keys, then `body`. So no signature serves another purpose, and none can be left out or exchanged.
 */
export function personSignedBytes(
  purpose: string,
  keys: readonly PersonKey[],
  body: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const names = personAlgorithms.map(({ name }) => name).join('+')
  return concatBytes(utf8(`qsec/${purpose} ${names}\0`), encodePersonKeys(keys), body)
}

export function deviceRecordSignedBytes(
  personKeys: readonly PersonKey[],
  record: DeviceRecord,
): Uint8Array<ArrayBuffer> {
  return personSignedBytes('device-record/v2', personKeys, encodeDeviceRecord(record))
}

const bundleVersion = 2

export function encodeBundle(bundle: Bundle): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u8(bundleVersion)
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
    if (reader.u8() !== bundleVersion) return undefined
    const personKeys = decodePersonKeys(reader.bytes(2))
    const record = decodeDeviceRecord(reader.bytes(2))
    const signatures: Uint8Array[] = []
    const count = reader.u8()
    for (let i = 0; i < count; i++) signatures.push(reader.bytes(2))
    if (!personKeys || !record || count !== personAlgorithms.length) return undefined
    return signatures.every((signature, i) => signature.length === personAlgorithms[i]!.signatureBytes)
      ? { personKeys, record, signatures }
      : undefined
  })
}
