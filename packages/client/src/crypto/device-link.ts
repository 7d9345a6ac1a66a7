/**
 * Device links: everything that follows from the 32 bytes with which a person brings another device of its own into a
 * room. Whoever has them can take what was left at the relay, once, read it, and show that its request came by this link.
 */
import {
  concatBytes,
  equalBytes,
  fromBase64Url,
  type LinkId,
  type RoomAddress,
  readExactly,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import type { SecureRandom } from '../ports.ts'
import { hkdfExpand, hkdfExtract, hmacSha512, sha256 } from './hashes.ts'
import type { ProvenLeaf } from './invite.ts'
import { backends } from './suite/backends.ts'

export const deviceLinkKeyBytes = 32
const idBytes = 16
const proofBytes = 64
const nonceBytes = 12
const label = utf8('qsec/device-link/v1')

/** With this alone a request can be told to come by the link; nothing can be opened with it. */
export interface DeviceLinkProver {
  /** Names the offer at the relay: 16 bytes, base64url. */
  id: LinkId
  proofKey: Uint8Array
}

export interface DeviceLinkKeys extends DeviceLinkProver {
  sealKey: Uint8Array<ArrayBuffer>
}

/** What a KeyPackage shows of the device link that its owner has. */
export interface DeviceLinkProof {
  id: LinkId
  /** 64 bytes. */
  proof: Uint8Array
}

/** @param key - the 32 bytes of the link */
export function deriveDeviceLink(key: Uint8Array): DeviceLinkKeys {
  if (key.length !== deviceLinkKeyBytes) throw new RangeError('device link: the key has a wrong length')
  const prk = hkdfExtract(label, key)
  return {
    id: toBase64Url(sha256(label, key).subarray(0, idBytes)) as string as LinkId,
    sealKey: hkdfExpand(prk, utf8('seal'), 32),
    proofKey: hkdfExpand(prk, utf8('proof'), 32),
  }
}

/** AES-256-GCM, bound to the room and to the link's id. */
export async function sealForDevice(
  room: RoomAddress,
  key: Uint8Array,
  content: Uint8Array,
  random: SecureRandom,
): Promise<Uint8Array<ArrayBuffer>> {
  const { id, sealKey } = deriveDeviceLink(key)
  const nonce = random(nonceBytes)
  const sealed = await backends.aesGcm.encrypt(sealKey, nonce, boundTo(room, id), content)
  return new Writer().u8(1).raw(nonce).raw(sealed).done()
}

/** Undefined where anything is not as it was sealed, for this room and this link. */
export async function openFromDevice(
  room: RoomAddress,
  key: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts = readExactly(sealed, (reader) =>
    reader.u8() === 1 ? { nonce: reader.raw(nonceBytes), sealed: reader.rest() } : undefined,
  )
  if (!parts) return undefined
  const { id, sealKey } = deriveDeviceLink(key)
  try {
    return await backends.aesGcm.decrypt(sealKey, parts.nonce, boundTo(room, id), parts.sealed)
  } catch {
    return undefined // changed, of another room or link, or too short: nobody can tell which
  }
}

function boundTo(room: RoomAddress, id: LinkId): Uint8Array {
  return new Writer().raw(label).text(room, 1).raw(idOf(id)).done()
}

function idOf(id: LinkId): Uint8Array {
  return fromBase64Url(id)!
}

/** Worth nothing beside another leaf key, init key or credential; the credential names the room. */
export function deviceLinkProof({ id, proofKey }: DeviceLinkProver, leaf: ProvenLeaf): DeviceLinkProof {
  const { signatureKey, initKey, credential } = leaf
  return { id, proof: hmacSha512(proofKey, idOf(id), signatureKey, initKey, credential) }
}

export function verifyDeviceLinkProof(link: DeviceLinkProver, leaf: ProvenLeaf, shown: DeviceLinkProof): boolean {
  return shown.id === link.id && equalBytes(deviceLinkProof(link, leaf).proof, shown.proof)
}

export function encodeDeviceLinkProof({ id, proof }: DeviceLinkProof): Uint8Array<ArrayBuffer> {
  return concatBytes(Uint8Array.of(1), idOf(id), proof)
}

export function decodeDeviceLinkProof(bytes: Uint8Array): DeviceLinkProof | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== 1) return undefined
    return { id: toBase64Url(reader.raw(idBytes)) as string as LinkId, proof: reader.raw(proofBytes) }
  })
}

/** What stands behind the `#` of a device link. */
export function formatDeviceLinkFragment(key: Uint8Array): string {
  if (key.length !== deviceLinkKeyBytes) throw new RangeError('device link: the key has a wrong length')
  return `d1.${toBase64Url(key)}`
}

/** The key in a fragment, with or without its `#`; undefined where it is none of ours. */
export function parseDeviceLinkFragment(fragment: string): Uint8Array<ArrayBuffer> | undefined {
  const text = /^#?d1\.([A-Za-z0-9_-]{43})$/.exec(fragment)?.[1]
  return text === undefined ? undefined : fromBase64Url(text)
}
