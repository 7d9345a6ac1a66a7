/**
 * Requests of strangers without a link, which a person answers. Whoever knocks has its answer before any of this runs:
 * what does not fit is dropped without a word.
 */
import type { Answer, Base64Url, DeviceId, DismissRequest } from '@qsec/protocol'
import { deleteRequest, markDismissed, putRequest } from '../store/changes.ts'
import { hasRoomFor } from './announce.ts'
import type { Seat } from './connection.ts'
import type { Identity } from './identity.ts'
import { refuse, refuseStale, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

/** Devices turned away that a room remembers, each for as long as a request waits. Beyond that the oldest is forgotten. */
const dismissedAtMost = 256

export function takeKnock(room: Room, identity: Identity, keyPackage: Base64Url): void {
  const { device, bundle } = identity
  const { core } = room
  if (room.members.has(device) || room.requests.get(device)?.keyPackage === keyPackage) return
  const byLink = room.waiting.has(device)
  const isNew = !byLink && !room.knocking.has(device)
  if (isNew && !hasPlaceFor(room, identity)) return
  if (byLink && !hasRoomFor(room, identity, keyPackage)) return
  const nowMs = core.now()
  room.requests.set(device, { keyPackage, atMs: nowMs })
  if (!byLink) room.knocking.set(device, identity)
  // Not waited for: a relay that restarts without it hears it again when the device comes back.
  core.store
    .durable(putRequest(room.address, device, { bundle, keyPackage, nowMs, kind: byLink ? 'request' : 'knock' }))
    .catch(() => core.report({ level: 'warn', event: 'knock-not-stored', room: room.address }))
  if (isNew) room.log('KNOCK', { device })
  room.pubkeysChanged([identity])
  room.userListChanged()
}

function hasPlaceFor(room: Room, identity: Identity): boolean {
  if (room.dismissed.has(identity.device)) return false
  return room.knocking.size < room.core.limits.knocksPerRoom && !room.isFullFor(identity)
}

/** Forgets what a newcomer has asked. */
export function forgetRequest(room: Room, device: DeviceId): void {
  if (!room.requests.delete(device)) return
  room.knocking.delete(device)
  if (!room.seats.has(device)) room.waiting.delete(device)
  room.userListChanged()
  const { store, report } = room.core
  store
    .durable(deleteRequest(room.address, device))
    .catch(() => report({ level: 'warn', event: 'request-not-deleted', room: room.address }))
}

/** A member's word that somebody is not to be let in. Whoever knocked hears nothing of it, and may knock in vain. */
export async function dismissRequest(room: Room, seat: Seat, event: DismissRequest): Promise<Answer<object>> {
  const { device } = event
  if (room.members.has(device)) {
    return refuse('bad-request', 'A member that asks to be let back in cannot be turned away. Remove it instead.')
  }
  if (!room.requests.has(device)) return { ok: true } // withdrawn, or somebody else was faster
  if (!room.visibleRequest(device)) return refuseStale(room.main.stream.position)
  const knocked = room.knocking.has(device)
  const nowMs = room.core.now()
  const forgotten = knocked ? [...room.dismissed.keys()].slice(0, -(dismissedAtMost - 1)) : []
  try {
    await room.core.store.durable(
      knocked ? markDismissed(room.address, device, nowMs) : deleteRequest(room.address, device),
      ...forgotten.map((oldest) => deleteRequest(room.address, oldest)),
    )
  } catch {
    return unavailable()
  }
  for (const oldest of forgotten) room.dismissed.delete(oldest)
  if (knocked) room.dismissed.set(device, nowMs)
  room.requests.delete(device)
  room.knocking.delete(device)
  if (!room.seats.has(device)) room.waiting.delete(device)
  room.log('REQUEST_DISMISSED', { device, by: seat.device })
  room.userListChanged()
  return { ok: true }
}
