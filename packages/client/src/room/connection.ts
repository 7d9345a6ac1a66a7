/** Logging in at the relay: each connection begins with a challenge that only this device can answer. */
import {
  type Answer,
  fromBase64Url,
  type Join,
  type JoinAnswer,
  limits,
  nonceBytes,
  protocolVersion,
  type Refusal,
  type RoomAddress,
  roomKind,
  toBase64Url,
} from '@qsec/protocol'
import { type DeviceIdentity, joinPublicKeyOf, signJoin, signLogin } from '../crypto/index.ts'
import type { Clock, Transport } from '../ports.ts'
import type { RefusedCode } from '../snapshot.ts'

/**
 * Logs in on the present connection and joins or resumes with `join`. With `secret`, the relay is shown that this
 * device has the link. Undefined: the connection went away meanwhile.
 */
export async function loginAndJoin(
  transport: Transport,
  clock: Clock,
  identity: DeviceIdentity,
  room: RoomAddress,
  secret: Uint8Array | undefined,
  join: Omit<Join, 'room' | 'login' | 'proof'>,
): Promise<Answer<JoinAnswer> | undefined> {
  const hello = await transport.request('hello', { versions: [protocolVersion] })
  const socketId = transport.socketId
  if (!hello || !socketId) return undefined
  if (!hello.ok) return hello
  if (hello.version !== protocolVersion) {
    const message = 'The relay chose a version of the protocol that this device did not offer.'
    return { ok: false, code: 'version', version: hello.version, message }
  }
  const nonce = fromBase64Url(hello.nonce)
  if (nonce?.length !== nonceBytes) {
    return { ok: false, code: 'login-failed', message: 'The relay sent a challenge of a wrong form.' }
  }
  const challenge = { host: transport.host, nonce, socketId }
  const expiresMs = clock.nowMs() + limits.loginLifetimeMs
  const login = {
    bundle: toBase64Url(identity.bundleBytes),
    expiresMs,
    signature: toBase64Url(await signLogin(identity, challenge, expiresMs)),
  }
  const payload: Join = { room, login, ...join }
  if (secret && roomKind(room) === 'closed') {
    payload.proof = {
      joinKey: toBase64Url(await joinPublicKeyOf(room, secret)),
      signature: toBase64Url(await signJoin(room, secret, challenge, identity.credential)),
    }
  }
  return transport.request('join', payload)
}

/** Which of the two is older, where a refusal tells; else its code. */
export function refusedCode({ code, version, needs }: Refusal): RefusedCode {
  if (needs === 'create-token') return 'needs-token'
  if (code !== 'version' || version === undefined || version === protocolVersion) return code
  return version > protocolVersion ? 'client-older' : 'relay-older'
}
