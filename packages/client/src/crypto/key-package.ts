/** KeyPackages: how a device asks to be added (RFC 9420 §10). */
import { equalBytes, limits, type RoomAddress, readExactly, toBase64Url, Writer } from '@qsec/protocol'
import {
  type Extension,
  generateKeyPackageWithKey,
  type KeyPackage,
  type Lifetime,
  type PrivateKeyPackage,
} from 'ts-mls'
import { encodeCapabilities } from 'ts-mls/capabilities.js'
import { makeKeyPackageRef, signKeyPackage, verifyKeyPackage } from 'ts-mls/keyPackage.js'
import { verifyLeafNodeSignatureKeyPackage } from 'ts-mls/leafNode.js'
import {
  type DeviceLinkProof,
  type DeviceLinkProver,
  decodeDeviceLinkProof,
  deviceLinkProof,
  encodeDeviceLinkProof,
} from './device-link.ts'
import { Refusal } from './errors.ts'
import { capabilities, deviceLinkProofType, inviteProofType, lastResortType } from './extensions.ts'
import { decodeExactly, encodeFrame } from './frames.ts'
import type { InspectedKeyPackage } from './group.ts'
import { sha256 } from './hashes.ts'
import type { DeviceIdentity } from './identity.ts'
import { decodeInviteProof, encodeInviteProof, type InviteProof, inviteIdOf, inviteProof } from './invite.ts'
import { hpkePublicKeyBytes, suite, suiteName } from './suite.ts'

const hourMs = 3_600_000
const lifetimeMs = 30 * 24 * hourMs
const longestLifetimeSeconds = 90n * 86_400n

export interface MadeKeyPackage {
  keyPackage: Uint8Array<ArrayBuffer>
  /** KeyPackageRef, base64url. */
  ref: string
  /** The private half with the public one, for storage, which seals it. Delete it after the join. */
  secret: Uint8Array<ArrayBuffer>
}

/**
 * @param options.invite - for a closed room: shows that this device has the link; `expiresMs` is until when the
 *   request holds
 * @param options.link - shows that this device has the link of another one of its person
 */
export async function makeKeyPackage(
  identity: DeviceIdentity,
  options: {
    nowMs: number
    invite?: { rid: RoomAddress; secret: Uint8Array; expiresMs: number }
    link?: DeviceLinkProver
    lastResort?: boolean
  },
): Promise<MadeKeyPackage> {
  const { nowMs, invite, link, lastResort = false } = options
  const signatureKey = identity.bundle.record.mlsSignatureKey
  const lifetime = {
    notBefore: BigInt(Math.max(0, Math.floor((nowMs - hourMs) / 1000))),
    notAfter: BigInt(Math.floor((nowMs + lifetimeMs) / 1000)),
  }
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
    { credentialType: 'basic', identity: identity.credential },
    capabilities,
    lifetime,
    [],
    { publicKey: signatureKey, signKey: identity.secrets.mls },
    suite,
  )
  const extensions: Extension[] = []
  if (lastResort) extensions.push({ extensionType: lastResortType, extensionData: new Uint8Array(0) })
  const leaf = { signatureKey, initKey: publicPackage.initKey, credential: identity.credential }
  if (invite) {
    const { rid, secret, expiresMs } = invite
    const shown = { inviteId: inviteIdOf(secret), expiresMs, proof: inviteProof(rid, secret, leaf, expiresMs) }
    extensions.push({ extensionType: inviteProofType, extensionData: encodeInviteProof(shown) })
  }
  if (link) {
    const shown = encodeDeviceLinkProof(deviceLinkProof(link, leaf))
    extensions.push({ extensionType: deviceLinkProofType, extensionData: shown })
  }
  // Signed a second time: the proof names the init key, which is drawn together with the first signature.
  const signed = await signKeyPackage({ ...publicPackage, extensions }, identity.secrets.mls, suite.signature)
  const keyPackage = encodeFrame({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: signed })
  const { initPrivateKey, hpkePrivateKey } = privatePackage
  const secret = new Writer().u8(1).bytes(initPrivateKey, 1).bytes(hpkePrivateKey, 1).bytes(keyPackage, 2).done()
  return { keyPackage, ref: await keyPackageRef(signed), secret }
}

/** KeyPackageRef (RFC 9420 §5.2), base64url. */
export async function keyPackageRef(keyPackage: KeyPackage): Promise<string> {
  return toBase64Url(await makeKeyPackageRef(keyPackage, suite.hash))
}

/** The other way round; undefined where it is damaged. The signature key is the device's and not part of the stored bytes. */
export function readKeyPackageSecret(
  stored: Uint8Array,
  identity: DeviceIdentity,
): { keyPackage: KeyPackage; privateKeys: PrivateKeyPackage } | undefined {
  return readExactly(stored, (reader) => {
    if (reader.u8() !== 1) return undefined
    const [initPrivateKey, hpkePrivateKey, bytes] = [reader.bytes(1), reader.bytes(1), reader.bytes(2)]
    const keyPackage = decodeKeyPackage(bytes)
    if (!keyPackage) return undefined
    // A copy: erasing a group must not erase the device.
    const signaturePrivateKey = identity.secrets.mls.slice()
    return { keyPackage, privateKeys: { initPrivateKey, hpkePrivateKey, signaturePrivateKey } }
  })
}

function decodeKeyPackage(bytes: Uint8Array): KeyPackage | undefined {
  try {
    return decodeExactly(bytes, 'mls_key_package').keyPackage
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/**
 * Whether everything has the shape that QSEC's own have. Ed25519 points are checked where a signature is verified,
 * X-Wing keys where something is encapsulated.
 */
function hasSoundShape(keyPackage: KeyPackage): boolean {
  const { leafNode, initKey, version, cipherSuite } = keyPackage
  const { credential, lifetime } = leafNode
  return (
    version === 'mls10' &&
    cipherSuite === suiteName &&
    credential.credentialType === 'basic' &&
    credential.identity.length === 32 &&
    leafNode.signaturePublicKey.length === 32 &&
    leafNode.hpkePublicKey.length === hpkePublicKeyBytes &&
    initKey.length === hpkePublicKeyBytes &&
    !equalBytes(initKey, leafNode.hpkePublicKey) &&
    leafNode.extensions.length === 0 &&
    equalBytes(encodeCapabilities(leafNode.capabilities), encodeCapabilities(capabilities)) &&
    isSoundLifetime(lifetime)
  )
}

/** The span is ours to check: the library declares a longest one and never looks at it. */
export function isSoundLifetime({ notBefore, notAfter }: Lifetime): boolean {
  return notAfter > notBefore && notAfter - notBefore <= longestLifetimeSeconds && notAfter < 2n ** 40n
}

/** All that a KeyPackage says, its signatures not yet checked; undefined where anything is out of shape. */
export function readKeyPackage(keyPackage: KeyPackage): Omit<InspectedKeyPackage, 'hash'> | undefined {
  if (!hasSoundShape(keyPackage)) return undefined
  const { leafNode, initKey, extensions } = keyPackage
  let lastResort = false
  let invite: InviteProof | undefined
  let link: DeviceLinkProof | undefined
  for (const { extensionType, extensionData } of extensions) {
    if (extensionType === lastResortType && !lastResort && extensionData.length === 0) {
      lastResort = true
    } else if (extensionType === inviteProofType && !invite) {
      invite = decodeInviteProof(extensionData)
      if (!invite) return undefined
    } else if (extensionType === deviceLinkProofType && !link) {
      link = decodeDeviceLinkProof(extensionData)
      if (!link) return undefined
    } else {
      return undefined
    }
  }
  if (invite && link) return undefined // somebody else's invitation, or its own
  return {
    credential: leafNode.credential.credentialType === 'basic' ? leafNode.credential.identity : new Uint8Array(0),
    signatureKey: leafNode.signaturePublicKey,
    initKey,
    leafKey: leafNode.hpkePublicKey,
    notBeforeMs: Number(leafNode.lifetime.notBefore) * 1000,
    notAfterMs: Number(leafNode.lifetime.notAfter) * 1000,
    lastResort,
    ...(invite ? { invite } : {}),
    ...(link ? { link } : {}),
  }
}

export interface OpenedKeyPackage {
  keyPackage: KeyPackage
  said: InspectedKeyPackage
}

/**
 * @param nowMs - given by a committer, who judges the dates; without it only the span counts, so that acceptance of a
 *   commit hangs on nobody's clock
 */
export async function openKeyPackage(bytes: Uint8Array, nowMs: number | undefined): Promise<OpenedKeyPackage> {
  if (bytes.length > limits.keyPackageBytes) throw new Refusal('bad-key-package')
  const { keyPackage } = decodeExactly(bytes, 'mls_key_package')
  const said = readKeyPackage(keyPackage)
  if (!said) throw new Refusal('bad-key-package')
  if (nowMs !== undefined && (nowMs < said.notBeforeMs || nowMs > said.notAfterMs)) {
    throw new Refusal('key-package-expired')
  }
  const { signature } = suite
  const holds =
    (await verifyLeafNodeSignatureKeyPackage(keyPackage.leafNode, signature)) &&
    (await verifyKeyPackage(keyPackage, signature))
  if (!holds) throw new Refusal('bad-signature')
  return { keyPackage, said: { ...said, hash: sha256(bytes) } }
}

/** What a KeyPackage says once shape, signatures, lifetime span and, with `nowMs`, its dates hold; else undefined. */
export async function inspectKeyPackage(bytes: Uint8Array, nowMs?: number): Promise<InspectedKeyPackage | undefined> {
  try {
    return (await openKeyPackage(bytes, nowMs)).said
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
