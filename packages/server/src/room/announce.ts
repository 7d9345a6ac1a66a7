/** Public keys that wait at the relay: requests to be let in, and KeyPackages for pair groups. */
import type {
  AnnouncePubkey,
  Answer,
  Base64Url,
  FetchBundles,
  FetchBundlesAnswer,
  TakeKeyPackage,
  TakeKeyPackageAnswer,
} from '@qsec/protocol'
import { type Change, putRequest, replaceKeyPackages } from '../store/changes.ts'
import type { Seat } from './connection.ts'
import type { Identity } from './identity.ts'
import { refuse, refuseNonMember, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

export async function takeAnnouncement(room: Room, seat: Seat, event: AnnouncePubkey): Promise<Answer<object>> {
  const { device, identity } = seat
  // A Welcome for this very KeyPackage is on its way: to show the request again would have the device removed and added.
  const request = room.main.held.has(device) && room.answered.get(device) === event.request ? undefined : event.request
  if (request && !hasRoomFor(room, identity, request)) {
    return refuse('rate-limited', 'Very much is asked for in this room already. Try again once some of it is answered.')
  }
  const nowMs = room.core.now()
  const changes: Change[] = []
  if (request) {
    const { bundle } = identity
    changes.push(putRequest(room.address, device, { bundle, keyPackage: request, nowMs, kind: 'request' }))
  }
  if (event.keyPackages || event.lastResort) {
    const { keyPackages, lastResort } = event
    changes.push(replaceKeyPackages(room.address, device, { keyPackages, lastResort }))
  }
  try {
    await room.core.store.durable(...changes)
  } catch {
    return unavailable()
  }
  if (request) {
    room.requests.set(device, { keyPackage: request, atMs: nowMs })
    room.pubkeysChanged([identity])
    room.userListChanged()
  }
  return { ok: true }
}

/**
 * Whether a request by a link stays within what a room holds of them. Members that fell out do not count: newcomers must not
 * keep them out. Nor do knocks, which are few.
 */
export function hasRoomFor(room: Room, { device, bundle }: Identity, request: Base64Url): boolean {
  if (room.members.has(device)) return true
  let bytes = bundle.length + request.length
  for (const other of room.waiting.values()) {
    const standing = other.device === device ? undefined : room.requests.get(other.device)
    if (standing) bytes += other.bundle.length + standing.keyPackage.length
  }
  return bytes <= room.core.limits.requestBytesPerRoom
}

export function fetchBundles(room: Room, seat: Seat, event: FetchBundles): Answer<FetchBundlesAnswer> {
  if (seat.role === 'waiting') return refuseNonMember()
  const wanted = new Set<string>(event.hashes)
  const { members, waiting, knocking, gone } = room
  const known = [members, waiting, knocking, gone].flatMap((some) => [...some.values()])
  return { ok: true, bundles: known.filter((one) => wanted.has(one.credentialText)).map((one) => one.bundle) }
}

export async function takeKeyPackage(
  room: Room,
  seat: Seat,
  event: TakeKeyPackage,
): Promise<Answer<TakeKeyPackageAnswer>> {
  if (event.device === seat.device || !room.members.has(event.device)) return refuseNonMember()
  try {
    const taken = await room.core.store.takeKeyPackage(room.address, event.device)
    if (taken) return { ok: true, ...taken }
  } catch {
    return unavailable()
  }
  return refuse('unavailable', 'That device has published no KeyPackage. Try again once it is here.')
}
