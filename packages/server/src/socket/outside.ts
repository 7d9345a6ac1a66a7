/**
 * Knocking. Each answer leaves before anybody looks whether there is such a room: neither its words nor its time can
 * tell. What there is to do follows behind it.
 */
import type { AnnouncePubkey, Answer, ClientEventName, JoinAnswer, RoomAddress } from '@qsec/protocol'
import type { Doorstep, Knocker } from '../room/doorstep.ts'
import type { Identity } from '../room/identity.ts'
import { forgetRequest, takeKnock } from '../room/knocks.ts'
import { refuse, refuseNonMember } from '../room/refuse.ts'
import type { Room } from '../room/room.ts'
import type { Rooms } from '../room/rooms.ts'
import { disconnect } from '../room/seats.ts'
import type { Quota } from './quota.ts'
import type { Session } from './session.ts'

export interface Outside {
  rooms: Rooms
  doorstep: Doorstep
  /** Knocks, and changes of their requests, by address. */
  knockQuota: Quota
}

/** Takes a device, which is no member of the room at its address, to the door. */
export function knock({ rooms, doorstep, knockQuota }: Outside, session: Session, by: Identity): Answer<JoinAnswer> {
  const { device, record } = by
  if (!knockQuota.take(session.address)) return tooMuch()
  doorstep.take(session, by)
  behind(rooms, record.room, (room) => {
    // An older connection on which it waits by a link: the newest one counts.
    const seat = room.seats.get(device)
    if (seat?.role !== 'waiting' || seat.connection === session) return
    disconnect(room, seat, { fellSilent: false })
    seat.connection.close()
  })
  return { ok: true, device, state: 'waiting' }
}

/** The place at the door that `session` has, if it has one. */
export function knockerOf({ doorstep }: Outside, session: Session): Knocker | undefined {
  const knocker = session.identity && doorstep.of(session.identity.device)
  return knocker?.connection === session ? knocker : undefined
}

/** Events of a device at the door: it says what it asks with, or goes. */
export function atTheDoor(
  outside: Outside,
  session: Session,
  knocker: Knocker,
  name: ClientEventName,
  event: { room: RoomAddress },
): Answer<object> {
  if (name === 'announce_pubkey') return announce(outside, session, knocker, event as AnnouncePubkey)
  if (name !== 'leave') return refuseNonMember()
  const { device } = knocker.identity
  outside.doorstep.leave(device, session)
  session.onUnseated()
  behind(outside.rooms, event.room, (room) => {
    if (!room.members.has(device)) forgetRequest(room, device)
  })
  return { ok: true }
}

function announce(outside: Outside, session: Session, knocker: Knocker, event: AnnouncePubkey): Answer<object> {
  const { request } = event
  if (event.keyPackages || event.lastResort) {
    return refuse('no-access', 'A device that knocks announces its request alone.')
  }
  if (!request) return { ok: true }
  if (request !== knocker.announced) {
    if (knocker.announced && !outside.knockQuota.take(session.address)) return tooMuch()
    knocker.announced = request
  }
  // Also where it is the same again: there may have been no place for it, and one has become free.
  behind(outside.rooms, event.room, (room) => takeKnock(room, knocker.identity, request))
  return { ok: true }
}

function tooMuch(): Answer<never> {
  return refuse('rate-limited', 'There have been many knocks from this address. Try again in ten minutes.')
}

/** Once the answer has left, and in the room's turn, if there is a room. */
function behind(rooms: Rooms, address: RoomAddress, task: (room: Room) => void): void {
  setImmediate(() => {
    const room = rooms.get(address)
    room?.later(() => {
      if (!room.ended) task(room)
    })
  })
}
