/** Leaving for good. With the last member the room ends, and only its log stays. */
import type { Answer } from '@qsec/protocol'
import { deleteKeyPackages, deletePair, deleteRequest, deleteRoom, putMember } from '../store/changes.ts'
import type { Seat } from './connection.ts'
import { unavailable } from './refuse.ts'
import type { Room } from './room.ts'
import { withdrawRequest } from './seats.ts'
import { settle } from './settle.ts'

export async function leave(room: Room, seat: Seat): Promise<Answer<object>> {
  const { device, identity } = seat
  if (!room.members.has(device)) return withdrawRequest(room, seat)
  const isLast = room.members.size === 1
  const pairs = room.pairsOf(device)
  try {
    await room.core.store.durable(
      ...(isLast
        ? [deleteRoom(room.address)]
        : [
            putMember(room.address, device, identity.bundle, 'gone'),
            deleteRequest(room.address, device),
            deleteKeyPackages(room.address, device),
            ...pairs.map((channel) => deletePair(room.address, channel.pair!)),
          ]),
    )
  } catch {
    return unavailable()
  }
  room.log('USER_LEAVE', { device })
  for (const channel of pairs) room.endPair(channel)
  room.members.delete(device)
  room.gone.set(device, identity)
  room.requests.delete(device)
  room.main.held.delete(device)
  room.unseat(device)
  if (isLast) {
    room.log('ROOM_TERMINATED', { room: room.address })
    room.end()
    return { ok: true }
  }
  room.userListChanged()
  settle(room, room.main)
  return { ok: true }
}
