/** Entering a room, coming back to one, and losing the connection. */
import type { Answer, CreateRoom, Cursor, DeviceId, Join, JoinAnswer, Resumed } from '@qsec/protocol'
import { deleteRequest, insertRoom, putMember, setReady } from '../store/changes.ts'
import { frameBytes, type StoredFrame } from '../stream/frame.ts'
import type { Channel } from './channel.ts'
import type { Connection, Seat } from './connection.ts'
import { straysOf } from './conversations.ts'
import { EncodedEvent } from './encoded-event.ts'
import { frameEvent, replayEvents, standingEvent } from './events.ts'
import type { Identity } from './identity.ts'
import { welcomeTaken } from './kept-commits.ts'
import { type FromDisk, readMissing } from './kept-resume.ts'
import { refuse, refuseAccess, unavailable } from './refuse.ts'
import type { Room } from './room.ts'
import { settle } from './settle.ts'
import { deliverWelcome, sendKeys } from './welcomes.ts'

/** Lines of the room log that a joining member gets unasked. */
const logLinesOnJoin = 100

export interface Entrant {
  connection: Connection
  identity: Identity
  /** The join key by which the device proved that it has the link, where it did. */
  provenJoinKey: string | undefined
  /** It asks as a stranger would, and hears no more than one. */
  knocks: boolean
}

/** Whether this device may know of the room at all. */
export function mayEnter(room: Room, entrant: Entrant): boolean {
  if (room.ended) return false
  const { device } = entrant.identity
  if (room.members.has(device) || room.kind === 'open') return true
  if (room.seats.get(device)?.connection === entrant.connection) return true // it proved so earlier on this connection
  return hasLink(room, entrant) || isOwnDevice(room, entrant)
}

function hasLink(room: Room, { provenJoinKey }: Entrant): boolean {
  return provenJoinKey !== undefined && room.joinKeys.includes(provenJoinKey)
}

/**
 * Another device of somebody who is inside, as its bundle proves. It may ask, no more: the members judge who comes in,
 * and one that was put out is not asked about again.
 */
function isOwnDevice(room: Room, { identity, knocks }: Entrant): boolean {
  const { device, person } = identity
  if (knocks || room.gone.has(device)) return false
  return room.members.hasPerson(person)
}

/** Makes the room and seats its first member. The room is in the list already, so that nobody else makes it meanwhile. */
export async function found(
  room: Room,
  entrant: Entrant,
  create: CreateRoom,
  reply: (answer: Answer<JoinAnswer>) => void,
): Promise<void> {
  const { identity } = entrant
  const place = room.main.placeOnDisk(0, undefined)
  try {
    await room.core.store.durable(
      insertRoom(room.address, {
        expected: create.expected,
        joinKeys: create.joinKeys,
        leader: identity.device,
        nowMs: room.core.now(),
      }),
      putMember(room.address, identity.device, identity.bundle, 'member'),
      place.change,
    )
  } catch {
    room.end()
    return reply(unavailable())
  }
  place.marked()
  room.members.set(identity.device, identity)
  room.log('ROOM_CREATED', { room: room.address, leader: identity.device, expected: create.expected })
  room.log('USER_JOIN', { device: identity.device })
  noteReady(room)
  seatMember(room, entrant, { room: room.address, inc: room.main.stream.inc, seq: 0 }, true, reply)
}

/** Seats a device in a room that exists: as a member, or to wait. */
export async function enter(
  room: Room,
  entrant: Entrant,
  join: Join,
  reply: (answer: Answer<JoinAnswer>) => void,
): Promise<void> {
  const { identity } = entrant
  const { device } = identity
  const member = room.members.get(device)
  if (join.create && room.kind === 'closed' && !member && !room.ended) {
    return reply(refuse('exists', 'A room with that address exists. Make a new one.'))
  }
  if (!mayEnter(room, entrant)) return reply(refuseAccess())
  if (member) {
    if (member.bundle !== identity.bundle) return reply(refuse('login-failed', 'This device has another bundle here.'))
    const founded = join.create !== undefined && isAsFounded(room, device)
    if (join.create && !founded && room.kind === 'closed') {
      return reply(refuse('exists', 'This device is in that room already. Join it without creating it.'))
    }
    const welcome = room.main.held.get(device)
    // Its Welcome is what such a device needs first; the cursor that it names shows that it has opened it.
    if (welcome && join.inc === undefined) return seatWaiting(room, entrant, 'welcomed', reply)
    if (welcome && join.inc === welcome.inc && (join.seq ?? -1) >= welcome.seq) {
      welcomeTaken(room, room.main, device)
    }
    const cursor = founded && join.inc === undefined ? { inc: room.main.stream.inc, seq: 0 } : {}
    const entering = { ...join, ...cursor }
    let fromDisk: FromDisk
    try {
      fromDisk = await readMissing(room, device, entering)
    } catch {
      return reply(unavailable()) // the frames are there: nobody may pass over them
    }
    return seatMember(room, entrant, entering, founded, reply, fromDisk)
  }
  if (!room.waiting.has(device) && room.isFullFor(identity)) {
    return reply(refuse('room-full', 'As many people as were expected are in this room already.'))
  }
  if (!room.waiting.has(device) && hasManyWaiting(room, entrant)) {
    return reply(refuse('rate-limited', 'Several devices of this person wait to be let in already.'))
  }
  room.knocking.delete(device) // it has found a link
  room.waiting.set(device, identity)
  seatWaiting(room, entrant, 'waiting', reply)
}

/** Nobody fills a room's list alone; and whoever stole the keys of a person keeps it out no more where it has a link. */
function hasManyWaiting(room: Room, entrant: Entrant): boolean {
  const { person } = entrant.identity
  const waiting = [...room.waiting.values()].filter((one) => one.person === person)
  const isInvited = room.kind === 'open' || hasLink(room, entrant)
  return waiting.length >= room.core.limits.ownDevicesWaiting * (isInvited ? 2 : 1)
}

/**
 * Who was taken out while it was away gets what it missed of its time, up to the commit that took it out: by that, and not by
 * the relay's word, it knows that it is no member any more. Where the ring has lost some of it, there is nothing to tell.
 */
export function tellRemoval(room: Room, { connection, identity }: Entrant, { inc, seq }: Join): void {
  const { main } = room
  if (!room.gone.has(identity.device) || inc === undefined || seq === undefined) return
  const frames = main.stream.after({ inc, seq }) ?? []
  const last = frames.findIndex((frame) => frame.type === 'commit' && frame.removed.includes(identity.device))
  const own = frames.slice(0, last + 1)
  connection.expectReplay(own.reduce((sum, frame) => sum + frameBytes(frame), 0))
  for (const frame of own) {
    const { name, payload } = frameEvent(main, frame)
    connection.emitEncoded(new EncodedEvent(name, payload))
  }
}

/** Whether nothing has happened since `device` made the room: then its repeated `create` gets the same answer. */
function isAsFounded(room: Room, device: DeviceId): boolean {
  const { epoch, seq } = room.main.stream.position
  return room.leader === device && room.members.size === 1 && epoch === 0 && seq === 0
}

function seatWaiting(
  room: Room,
  entrant: Entrant,
  role: 'waiting' | 'welcomed',
  reply: (answer: Answer<JoinAnswer>) => void,
): void {
  const seat = takeSeat(room, entrant, role)
  reply({ ok: true, device: seat.device, state: 'waiting' })
  const welcome = room.main.held.get(seat.device)
  if (welcome) deliverWelcome(room.main, seat, welcome)
  room.userListChanged()
}

function seatMember(
  room: Room,
  entrant: Entrant,
  join: Pick<Join, 'room' | 'inc' | 'seq' | 'pairs'>,
  created: boolean,
  reply: (answer: Answer<JoinAnswer>) => void,
  fromDisk: FromDisk = new Map(),
): void {
  const seat = takeSeat(room, entrant, 'member')
  room.restored?.begin()
  const cursor = join.inc !== undefined && join.seq !== undefined ? { inc: join.inc, seq: join.seq } : undefined
  seat.hasBeenIn = cursor !== undefined
  const main = resume(seat, room.main, cursor, fromDisk)
  const pairs = (join.pairs ?? []).flatMap(({ pair, inc, seq }) => {
    const channel = room.pairs.get(pair)
    // A pair that has ended, or is none of this device's, is simply not in the answer.
    if (!channel?.devices?.includes(seat.device)) return []
    return [{ pair, channel, ...resume(seat, channel, { inc, seq }, fromDisk) }]
  })
  const strays = straysOf(room, seat.device, join.pairs?.map(({ pair }) => pair) ?? [])
  reply({
    ok: true,
    device: seat.device,
    state: 'member',
    created,
    ...(strays.length > 0 ? { strays } : {}),
    ...(room.keeping ? { keeps: room.keeping.days } : {}),
    ...(room.core.limits.fileBytes > 0 ? { files: room.core.limits.fileBytes } : {}),
    ...pushOffer(room, seat.device),
    ...(room.restored ? { restored: room.restored.epoch } : {}),
    ...(join.inc !== undefined && room.astray.has(join.inc) ? { astray: true as const } : {}),
    ...main.resumed,
    pairs: pairs.map(({ pair, resumed }) => ({ pair, ...resumed })),
  })
  const replays = [{ channel: room.main, frames: main.frames }, ...pairs]
  seat.connection.expectReplay(replays.flatMap((replay) => replay.frames).reduce((sum, f) => sum + frameBytes(f), 0))
  for (const { channel, frames } of replays) {
    for (const frame of frames) for (const event of replayEvents(channel, frame)) room.send([seat], event)
    const standing = standingEvent(channel, seat.device, frames)
    if (standing) room.send([seat], standing)
  }
  sendKeys(seat, room.askersPubkeys())
  for (const channel of [room.main, ...room.pairsOf(seat.device)]) {
    const welcome = channel.held.get(seat.device)
    if (!welcome) continue
    const joined = pairs.find((pair) => pair.channel === channel)
    if (joined?.resumed.recovered && (join.pairs?.find((p) => p.pair === channel.pair)?.seq ?? -1) >= welcome.seq) {
      welcomeTaken(room, channel, seat.device)
    } else {
      deliverWelcome(channel, seat, welcome)
    }
  }
  room.userListChanged()
  sendLastLog(room, seat)
}

function pushOffer(room: Room, device: DeviceId): Pick<JoinAnswer & { state: 'member' }, 'push'> {
  const push = room.pushes.offerTo(device)
  return push ? { push } : {}
}

/** From here on `seat` gets the live frames of `channel`: the caller sends the missing ones before anything else. */
function resume(
  seat: Seat,
  channel: Channel,
  cursor: Cursor | undefined,
  fromDisk: FromDisk,
): { resumed: Resumed; frames: StoredFrame[] } {
  seat.channels.add(channel)
  const frames = cursor && (channel.stream.after(cursor) ?? fromDisk.get(channel))
  if (frames && cursor) seat.room.keeping?.reached(channel, seat.device, cursor.seq)
  return { resumed: { ...channel.stream.position, recovered: frames !== undefined }, frames: frames ?? [] }
}

/**
 * The newest connection of a device has its seat: an older one is a connection that died without saying so. Joining
 * again on the same connection keeps the streams that it has resumed already.
 */
function takeSeat(room: Room, entrant: Pick<Entrant, 'connection' | 'identity'>, role: Seat['role']): Seat {
  const { device } = entrant.identity
  const outside = room.core.doorstep.of(device)
  if (outside) {
    room.core.doorstep.leave(device, outside.connection)
    if (outside.connection !== entrant.connection) outside.connection.close()
  }
  const earlier = room.seats.get(device)
  if (earlier?.connection === entrant.connection) {
    earlier.role = role
    entrant.connection.onSeated(earlier)
    return earlier
  }
  if (earlier) {
    // Who still hears this is alive, and a copy of the same device has come: two that both came back would not end.
    const message = 'This device has joined on another connection.'
    earlier.connection.emit('join_failed', { room: room.address, code: 'replaced', message })
    room.unseat(device)
    earlier.connection.close()
  }
  const seat: Seat = {
    room,
    device,
    identity: entrant.identity,
    connection: entrant.connection,
    role,
    hasBeenIn: false,
    channels: new Set(),
    logs: { sent: undefined, early: [] },
  }
  room.seats.set(device, seat)
  room.pushes.came(device)
  entrant.connection.onSeated(seat)
  return seat
}

/** Seats a device that has knocked and is a member now; undefined where it is not at the door. */
export function letIn(room: Room, device: DeviceId): Seat | undefined {
  const knocker = room.core.doorstep.of(device)
  return knocker && takeSeat(room, knocker, 'welcomed')
}

function sendLastLog(room: Room, seat: Seat): void {
  room.core.store.lastLog(room.address, logLinesOnJoin).then(
    (lines) => {
      if (room.seats.get(seat.device) !== seat) return
      // Lines that were written while these were read came to `early`, for the order of lines is the order of ids.
      const last = lines.at(-1)?.id ?? 0
      const logs = [...lines, ...seat.logs.early.filter((line) => line.id > last)]
      seat.logs = { sent: logs.at(-1)?.id ?? 0, early: [] }
      room.send([seat], { name: 'room_logs', payload: { room: room.address, logs } })
    },
    () => {
      room.core.report({ level: 'warn', event: 'room-log-unreadable', room: room.address })
      // What is written from here on it is told all the same.
      seat.logs = { sent: seat.logs.early.at(-1)?.id ?? 0, early: [] }
    },
  )
}

/** Notes the first moment at which as many persons are members as were expected. */
export function noteReady(room: Room): void {
  if (room.ready || room.expected === undefined) return
  const persons = new Set([...room.members.values()].map((identity) => identity.person))
  if (persons.size < room.expected) return
  room.ready = true
  room.log('ROOM_READY', { room: room.address, persons: persons.size })
  room.core.store
    .durable(setReady(room.address))
    .catch(() => room.core.report({ level: 'warn', event: 'ready-not-stored', room: room.address }))
}

/**
 * The connection is gone. What the device asked for in writing stays.
 *
 * @param end.fellSilent - nobody closed it: it was heard of no more
 */
export function disconnect(room: Room, seat: Seat, { fellSilent }: { fellSilent: boolean }): void {
  if (room.ended || room.seats.get(seat.device) !== seat) return
  room.vacate(seat)
  if (!room.requests.has(seat.device)) room.waiting.delete(seat.device)
  room.userListChanged()
  for (const channel of seat.channels) settle(room, channel)
  seat.channels.clear()
  if (fellSilent) room.pushes.fellSilent(seat.device)
}

/** A newcomer gives up: its request goes with it. */
export async function withdrawRequest(room: Room, seat: Seat): Promise<Answer<object>> {
  try {
    await room.core.store.durable(deleteRequest(room.address, seat.device))
  } catch {
    return unavailable()
  }
  room.requests.delete(seat.device)
  room.waiting.delete(seat.device)
  room.unseat(seat.device)
  room.userListChanged()
  return { ok: true }
}
