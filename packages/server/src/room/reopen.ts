/**
 * A room whose relay was set back to a backup. Its members know better where it is: the relay asks each who comes, goes on
 * in the latest epoch that one of them names, above all numbers that they know, and takes their list of members.
 *
 * No member is led back by it: who is told of an earlier epoch than its own says so here, and goes on in its own. That one
 * of them can name an epoch in which nobody is holds only until two persons talk in one (docs/security.md).
 */
import { type Answer, type Base64Url, type DeviceId, type Reopen, type ReopenAnswer, roomKind } from '@qsec/protocol'
import {
  deleteKeyPackages,
  deleteRequest,
  markKnown,
  markReopened,
  putMember,
  putStream,
  setExpected,
  setJoinKeys,
} from '../store/changes.ts'
import { forgetKeptStream } from '../store/kept.ts'
import { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { partFrom } from './conversations.ts'
import { checkIdentity, type Identity } from './identity.ts'
import { adopt, keepFromNow } from './keeping.ts'
import { refuse, refuseStale, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

/** Numbers that a room can have used since a backup: what a member names beyond that is made up. */
const seqAheadAtMost = 2 ** 32
/** Lives that were given up and are remembered; there is one for each epoch that was not the latest. */
const astrayKept = 16

/** Until it is known where the room is. */
export class Restored {
  /** The epoch that the room is known to have come to before: a member from then knows more if it was in a later one. */
  epoch: number
  readonly #holdMs: number
  readonly #spoke = new Set<string>()
  #heldUntilMs: number | undefined

  constructor(epoch: number, holdMs: number) {
    this.epoch = epoch
    this.#holdMs = holdMs
  }

  /** A member has come: others come with it, as a rule. */
  begin(): void {
    this.#heldUntilMs ??= performance.now() + this.#holdMs
  }

  get holds(): boolean {
    return performance.now() < (this.#heldUntilMs ?? 0)
  }

  /** Whether `person` and those before it are enough to show that the room goes on in this epoch. */
  spoke(person: string, persons: number): boolean {
    this.#spoke.add(person)
    return this.#spoke.size >= Math.min(2, persons)
  }

  /** In that epoch, whose members have not spoken yet. */
  reopened(epoch: number): void {
    this.epoch = epoch
    this.#spoke.clear()
  }
}

/** A frame of `seat` was ordered in the room's stream. */
export function noteSpoken(room: Room, seat: Seat): void {
  if (!room.restored?.spoke(seat.identity.person, room.persons().size)) return
  room.restored = undefined
  room.core.store
    .durable(markKnown(room.address))
    .catch(() => room.core.report({ level: 'warn', event: 'restored-not-stored', room: room.address }))
}

export async function takeReopen(room: Room, seat: Seat, event: Reopen): Promise<Answer<ReopenAnswer>> {
  const { position } = room.main.stream
  const { restored } = room
  const isFromBefore = event.inc !== position.inc && !room.astray.has(event.inc)
  if (!restored || !isFromBefore || event.epoch <= restored.epoch) return refuseStale(position)
  const fault = faultOf(room, seat, event)
  if (fault) return refuse('bad-request', fault)
  const members = membersOf(room, event)
  if (!members) return refuse('bad-request', 'bundles: one does not hold, or is of another room')
  const lacks = event.members.filter((device) => !members.has(device))
  if (lacks.length > 0) return { ok: true, lacks }

  const seqMark = Math.max(position.seq, event.seq)
  const { address: place, core } = room
  const over = [...room.members.values()].filter(({ device }) => !members.has(device))
  const overDevices = over.map(({ device }) => device)
  // Who is inside has been let in since, if it asked at the time of the backup; who is out asks anew.
  const answered = [...members.keys(), ...overDevices]
  const parting = partFrom(room, overDevices)
  const main = new Channel(core, { room: place, epoch: event.epoch, seqMark })
  const state = { room: place, pair: undefined, devices: undefined, isConversation: false, begunBy: undefined }
  if (room.keeping) adopt(room, main)
  const astray = new Set([...room.astray, position.inc].slice(-astrayKept))
  try {
    await core.store.durable(
      putStream({ ...state, epoch: event.epoch, seqMark }),
      ...[...members.values()].map(({ device, bundle }) => putMember(place, device, bundle, 'member')),
      ...over.map(({ device, bundle }) => putMember(place, device, bundle, 'gone')),
      ...overDevices.map((device) => deleteKeyPackages(place, device)),
      ...answered.map((device) => deleteRequest(place, device)),
      ...parting.changes,
      ...room.pushes.deletionsOf(overDevices),
      setJoinKeys(place, event.joinKeys),
      setExpected(place, event.expected),
      markReopened(place, event.epoch, astray),
      ...(room.keeping ? [forgetKeptStream(main), ...keepFromNow(main)] : []),
    )
  } catch {
    main.end()
    return unavailable()
  }
  parting.apply()
  room.pushes.forget(overDevices)
  for (const device of answered) {
    room.requests.delete(device)
    room.knocking.delete(device)
    room.dismissed.delete(device)
  }
  for (const identity of over) {
    room.members.delete(identity.device)
    room.gone.set(identity.device, identity)
  }
  for (const [device, identity] of members) {
    room.members.set(device, identity)
    room.gone.delete(device)
    room.waiting.delete(device)
  }
  room.joinKeys = event.joinKeys
  room.expected = event.expected
  room.astray = astray
  restored.reopened(event.epoch)
  room.log('ROOM_REOPENED', { device: seat.device, epoch: event.epoch, from: position.epoch, seq: seqMark })
  beginAnew(room, seat, main)
  return { ok: true, lacks: [] }
}

function faultOf(room: Room, seat: Seat, { members, seq, joinKeys }: Reopen): string | undefined {
  if (new Set(members).size !== members.length) return 'members: a device is named twice'
  if (!members.includes(seat.device)) return 'members: without the device that names them'
  if (members.length > room.core.limits.devicesPerRoom) return 'members: more devices than a room can have'
  if (seq > room.main.stream.position.seq + seqAheadAtMost) return 'seq: no room comes so far since a backup'
  if (roomKind(room.address) === 'open' && joinKeys.length > 0) return 'joinKeys: an open room has no invites'
  return undefined
}

/** Those of `members` whom the relay knows, or whose bundles are given; undefined where one of these does not hold. */
function membersOf(room: Room, { members, bundles }: Reopen): Map<DeviceId, Identity> | undefined {
  const known = new Map<DeviceId, Identity>([...room.gone, ...room.waiting, ...room.members])
  for (const bundle of bundles) {
    const identity = checkIdentity(bundle as Base64Url)
    if (identity?.record.room !== room.address) return undefined
    known.set(identity.device, identity)
  }
  return new Map(members.flatMap((device) => (known.has(device) ? [[device, known.get(device)!]] : [])))
}

/** As after a restart of the relay: everybody comes back, and learns by it where the room is. */
function beginAnew(room: Room, { device }: Seat, main: Channel): void {
  room.main.end()
  room.main = main
  for (const seat of [...room.seats.values()]) {
    if (seat.device === device) seat.channels.clear()
    else {
      room.unseat(seat.device)
      seat.connection.close()
    }
  }
  room.userListChanged()
}
