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
  type PersonKey,
  signatureAlgorithms,
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
  const holds = decoded.personKeys.every((key, i) => verifyPersonKey(key, signed, decoded.signatures[i]!))
  return holds ? readIdentity(bundle) : undefined
}

function verifyPersonKey({ algorithm, key }: PersonKey, signed: Uint8Array, signature: Uint8Array): boolean {
  switch (algorithm) {
    case signatureAlgorithms.ed25519:
      return verifyEd25519(key, signed, signature)
    case signatureAlgorithms.mlDsa65:
      return verifyMlDsa65(key, signed, signature)
  }
}

/** Raw keys of 1,952 bytes; OpenSSL has the algorithm since 3.5, which Node 24 brings. */
function verifyMlDsa65(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  try {
    const jwk = { kty: 'AKP', alg: 'ML-DSA-65', pub: toBase64Url(key) }
    return verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), signature)
  } catch {
    return false // bytes that are no key verify nothing
  }
}
