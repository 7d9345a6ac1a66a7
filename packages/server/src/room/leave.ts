/** Leaving for good. With the last member the room ends, and only its log stays. */
import type { Answer, DeviceId } from '@qsec/protocol'
import { deleteKeyPackages, deleteRequest, deleteRoom, putMember } from '../store/changes.ts'
import type { Seat } from './connection.ts'
import { partFrom } from './conversations.ts'
import { welcomeTaken } from './kept-commits.ts'
import { unavailable } from './refuse.ts'
import type { Room } from './room.ts'
import { withdrawRequest } from './seats.ts'
import { settle } from './settle.ts'

export async function leave(room: Room, seat: Seat): Promise<Answer<object>> {
  const { device, identity } = seat
  if (!room.members.has(device)) return withdrawRequest(room, seat)
  const isLast = room.members.size === 1
  const parting = partFrom(room, [device])
  try {
    await room.core.store.durable(
      ...(isLast
        ? [deleteRoom(room.address)]
        : [
            putMember(room.address, device, identity.bundle, 'gone'),
            deleteRequest(room.address, device),
            deleteKeyPackages(room.address, device),
            ...room.pushes.deletionsOf([device]),
            ...parting.changes,
          ]),
    )
  } catch {
    return unavailable()
  }
  room.log('USER_LEAVE', { device })
  parting.apply()
  room.members.delete(device)
  room.gone.set(device, identity)
  room.requests.delete(device)
  room.pushes.forget([device])
  welcomeTaken(room, room.main, device)
  room.unseat(device)
  if (isLast) {
    room.log('ROOM_TERMINATED', { room: room.address })
    room.end()
    return { ok: true }
  }
  room.keeping?.membersChanged()
  room.userListChanged()
  settle(room, room.main)
  return { ok: true }
}

/**
 * Whether an open room stands empty: its address belongs to whoever comes, and nobody could let this device in. A device
 * that belongs to it comes back as what it is.
 */
export function isAbandoned(room: Room, device: DeviceId): boolean {
  if (room.kind !== 'open' || room.ended || room.members.has(device)) return false
  if ([...room.seats.values()].some((seat) => seat.role !== 'waiting')) return false
  return room.core.now() - room.memberSeenMs >= room.core.limits.abandonedAfterMs
}

/** Ends a room that stands empty, so that it can be made anew. Its log stays. */
export async function endAbandoned(room: Room, device: DeviceId): Promise<void> {
  if (!isAbandoned(room, device)) return
  await room.core.store.durable(deleteRoom(room.address))
  room.log('ROOM_TERMINATED', { room: room.address, reason: 'abandoned' })
  room.end()
}
