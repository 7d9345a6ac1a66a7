/** Who a device is, as far as the relay needs to know: derived from its bundle alone. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import {
  type Base64Url,
  type DeviceId,
  type DeviceRecord,
  decodeBundle,
  deviceRecordSignedBytes,
  encodeDeviceRecord,
  encodePersonKeys,
  fromBase64Url,
  toBase64Url,
} from '@qsec/protocol'

export interface Identity {
  device: DeviceId
  /** As it came over the wire: base64url has one spelling, so equal bundles are equal strings. */
  bundle: Base64Url
  /** SHA-256 of the bundle: the device's MLS credential. */
  credential: Uint8Array
  credentialText: Base64Url
  /** SHA-256 of the person keys: one for all devices of a person. */
  person: string
  record: DeviceRecord
}

export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** Ed25519 over raw 32-byte keys. */
export function verifyEd25519(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  try {
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key) }, format: 'jwk' })
    return verify(null, signed, publicKey, signature)
  } catch {
    return false // bytes that are no key verify nothing
  }
}

/** Reads a bundle without checking its signatures: for bundles that were checked when they were stored. */
export function readIdentity(bundle: Base64Url): Identity | undefined {
  const bytes = fromBase64Url(bundle)
  const decoded = bytes && decodeBundle(bytes)
  if (!decoded) return undefined
  const credential = sha256(bytes)
  return {
    device: toBase64Url(sha256(encodeDeviceRecord(decoded.record)).subarray(0, 16)) as string as DeviceId,
    bundle,
    credential,
    credentialText: toBase64Url(credential),
    person: toBase64Url(sha256(encodePersonKeys(decoded.personKeys))),
    record: decoded.record,
  }
}

/** Reads a bundle whose every signature holds. */
export function checkIdentity(bundle: Base64Url): Identity | undefined {
  const bytes = fromBase64Url(bundle)
  const decoded = bytes && decodeBundle(bytes)
  if (!decoded) return undefined
  const signed = deviceRecordSignedBytes(decoded.personKeys, decoded.record)
  const holds = decoded.personKeys.every(({ key }, i) => verifyEd25519(key, signed, decoded.signatures[i]!))
  return holds ? readIdentity(bundle) : undefined
}
