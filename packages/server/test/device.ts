/** Keys of devices for tests and benchmarks: real ones, with real signatures. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  type Base64Url,
  type Bundle,
  type DeviceId,
  deviceRecordSignedBytes,
  encodeBundle,
  encodeDeviceRecord,
  fromBase64Url,
  type RoomAddress,
  signatureAlgorithms,
  toBase64Url,
} from '@qsec/protocol'

export interface KeyPair {
  publicKey: Uint8Array<ArrayBuffer>
  privateKey: KeyObject
}

export function ed25519(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const x = publicKey.export({ format: 'jwk' }).x as string
  return { publicKey: fromBase64Url(x)!, privateKey }
}

export function signWith(key: KeyPair, bytes: Uint8Array): Base64Url {
  return toBase64Url(sign(null, bytes, key.privateKey))
}

export function random(bytes: number): Base64Url {
  return toBase64Url(randomBytes(bytes))
}
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** The keys of one device in one room. */
export class TestDevice {
  readonly person: KeyPair
  readonly relayAuth: KeyPair = ed25519()
  readonly leaf: KeyPair = ed25519()
  readonly room: RoomAddress
  readonly bundle: Base64Url
  readonly id: DeviceId
  readonly credential: Uint8Array<ArrayBuffer>

  constructor(room: RoomAddress, options: { person?: KeyPair; expiresMs?: number; breakSignature?: boolean } = {}) {
    this.room = room
    this.person = options.person ?? ed25519()
    const record = {
      version: 1 as const,
      room,
      mlsSignatureKey: this.leaf.publicKey,
      relayAuthKey: this.relayAuth.publicKey,
      createdMs: 1,
      expiresMs: options.expiresMs ?? Date.now() + 86_400_000,
    }
    const personKeys: Bundle['personKeys'] = [{ algorithm: signatureAlgorithms.ed25519, key: this.person.publicKey }]
    const signature = fromBase64Url(signWith(this.person, deviceRecordSignedBytes(personKeys, record)))!
    if (options.breakSignature) signature[0]! ^= 1
    const bytes = encodeBundle({ personKeys, record, signatures: [signature] })
    this.bundle = toBase64Url(bytes)
    this.credential = sha256(bytes)
    this.id = toBase64Url(sha256(encodeDeviceRecord(record)).subarray(0, 16)) as string as DeviceId
  }
}
