/** What a device signs to log in at the relay, and what a joiner signs besides to show that it has the link. */
import { utf8 } from './bytes.ts'
import { Writer } from './codec.ts'
import type { RoomAddress } from './ids.ts'

/** Bytes of a challenge. A client refuses to sign one of another length. */
export const nonceBytes = 32

export interface LoginChallenge {
  /** Host and port as the client addresses the relay, that is the Host header: a login is worthless elsewhere. */
  host: string
  /** Drawn by the relay, `nonceBytes` long, for one login. */
  nonce: Uint8Array
  /** The Socket.IO id of the connection. */
  socketId: string
}

/** Signed with the device's relay key, which signs nothing else (protocol.md §3). */
export function loginSignedBytes(
  challenge: LoginChallenge,
  relayAuthKey: Uint8Array,
  expiresMs: number,
): Uint8Array<ArrayBuffer> {
  if (challenge.nonce.length !== nonceBytes) throw new RangeError('login: the challenge has a wrong length')
  return new Writer()
    .raw(utf8('qsec-relay-auth-v1\0'))
    .text(challenge.host, 2)
    .raw(challenge.nonce)
    .text(challenge.socketId, 1)
    .raw(relayAuthKey)
    .u53(expiresMs)
    .done()
}

/** Signed with the key that the invite secret yields: the relay knows its public half and lets nobody else ask. */
export function joinSignedBytes(
  challenge: LoginChallenge,
  room: RoomAddress,
  credential: Uint8Array,
): Uint8Array<ArrayBuffer> {
  if (challenge.nonce.length !== nonceBytes) throw new RangeError('login: the challenge has a wrong length')
  return new Writer()
    .raw(utf8('qsec-relay-join-v1\0'))
    .text(challenge.host, 2)
    .raw(challenge.nonce)
    .text(challenge.socketId, 1)
    .text(room, 1)
    .bytes(credential, 1)
    .done()
}
