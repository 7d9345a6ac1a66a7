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

/** A person's two keys, which sign together. */
export interface PersonPair {
  ed25519: KeyPair
  mlDsa65: KeyPair
}

export function personPair(): PersonPair {
  const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-65')
  const { pub } = publicKey.export({ format: 'jwk' })
  return { ed25519: ed25519(), mlDsa65: { publicKey: fromBase64Url(pub as string)!, privateKey } }
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
  readonly person: PersonPair
  readonly relayAuth: KeyPair = ed25519()
  readonly leaf: KeyPair = ed25519()
  readonly room: RoomAddress
  readonly bundle: Base64Url
  readonly id: DeviceId
  readonly credential: Uint8Array<ArrayBuffer>

  constructor(room: RoomAddress, options: { person?: PersonPair; expiresMs?: number; breakSignature?: 0 | 1 } = {}) {
    this.room = room
    this.person = options.person ?? personPair()
    const record = {
      version: 2 as const,
      room,
      mlsSignatureKey: this.leaf.publicKey,
      relayAuthKey: this.relayAuth.publicKey,
      nameCommitment: sha256(this.leaf.publicKey),
      createdMs: 1,
      expiresMs: options.expiresMs ?? Date.now() + 86_400_000,
    }
    const personKeys: Bundle['personKeys'] = [
      { algorithm: signatureAlgorithms.ed25519, key: this.person.ed25519.publicKey },
      { algorithm: signatureAlgorithms.mlDsa65, key: this.person.mlDsa65.publicKey },
    ]
    const signed = deviceRecordSignedBytes(personKeys, record)
    const signatures = [this.person.ed25519, this.person.mlDsa65].map((pair) => fromBase64Url(signWith(pair, signed))!)
    // The signature whose place `breakSignature` names does not hold.
    if (options.breakSignature !== undefined) signatures[options.breakSignature]![0]! ^= 1
    const bytes = encodeBundle({ personKeys, record, signatures })
    this.bundle = toBase64Url(bytes)
    this.credential = sha256(bytes)
    this.id = toBase64Url(sha256(encodeDeviceRecord(record)).subarray(0, 16)) as string as DeviceId
  }
}
