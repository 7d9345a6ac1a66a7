/** What a device signs with its own keys, each of which serves one purpose. */
import { type CommitRefusal, commitNackSignedBytes, type LoginChallenge, loginSignedBytes } from '@qsec/protocol'
import type { DeviceIdentity, VerifiedBundle } from './device.ts'
import { ed25519Sign, ed25519Verify } from './ed25519.ts'

/** The answer to a relay's challenge, by the key that signs nothing else (protocol.md §3). */
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
