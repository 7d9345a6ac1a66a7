/**
 * A login: the device shows that it holds the relay key of a bundle whose every signature holds. Until when a device record
 * holds is until when a device may come in for the first time: members stay, whatever its date.
 */
import {
  type DeviceId,
  fromBase64Url,
  type Join,
  joinSignedBytes,
  type Login,
  type LoginChallenge,
  loginSignedBytes,
  type RoomAddress,
} from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'
import { checkIdentity, type Identity, verifyEd25519 } from '../room/identity.ts'

export function verifyLogin(
  login: Login,
  challenge: LoginChallenge,
  expected: {
    room: RoomAddress
    nowMs: number
    limits: RelayLimits
    isMember(device: DeviceId): boolean
  },
): Identity | undefined {
  const { room, nowMs, limits, isMember } = expected
  const identity = checkIdentity(login.bundle)
  const signature = fromBase64Url(login.signature)
  if (!identity || !signature || identity.record.room !== room) return undefined
  if (identity.record.expiresMs <= nowMs && !isMember(identity.device)) return undefined
  // The device sets the expiry by its own clock. That the login is fresh follows from the nonce; this only bounds how
  // long a signature can be held back, so a clock that is off by a minute need not keep anybody out.
  if (login.expiresMs <= nowMs - limits.clockSkewMs) return undefined
  if (login.expiresMs > nowMs + limits.loginLifetimeMs + limits.clockSkewMs) return undefined
  const { relayAuthKey } = identity.record
  const signed = loginSignedBytes(challenge, relayAuthKey, login.expiresMs)
  return verifyEd25519(relayAuthKey, signed, signature) ? identity : undefined
}

/** The join key by which the device has proved that it holds the invite link of `join.room`. */
export function verifyProof(join: Join, challenge: LoginChallenge, identity: Identity): string | undefined {
  if (!join.proof) return undefined
  const key = fromBase64Url(join.proof.joinKey)
  const signature = fromBase64Url(join.proof.signature)
  if (!key || !signature) return undefined
  const signed = joinSignedBytes(challenge, join.room, identity.credential)
  return verifyEd25519(key, signed, signature) ? join.proof.joinKey : undefined
}
