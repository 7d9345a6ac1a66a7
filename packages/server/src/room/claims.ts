/** What devices say of their BB84 runs and keys. The relay cannot check it, and the room log says who claimed it. */
import type { Answer, Bb84Meta, Bb84Session } from '@qsec/protocol'
import type { Seat } from './connection.ts'
import { refuseNonMember } from './refuse.ts'
import type { Room } from './room.ts'

export function takeMeta(room: Room, seat: Seat, event: Bb84Meta): Answer<object> {
  const { room: _, tag, peer, ...numbers } = event
  if (peer && !room.members.has(peer)) return refuseNonMember()
  room.log(tag, { claimed_by: seat.device, peer, ...numbers })
  return { ok: true }
}

export function takeSession(room: Room, seat: Seat, event: Bb84Session): Answer<object> {
  const { room: _, peer, ...outcome } = event
  if (!room.members.has(peer)) return refuseNonMember()
  const { original, matched, mismatched, qber, threshold, accepted } = outcome
  room.log('BB84_SESSION_DERIVED', {
    claimed_by: seat.device,
    peer,
    original,
    matched,
    mismatched,
    qber,
    threshold,
    accepted,
  })
  return { ok: true }
}
