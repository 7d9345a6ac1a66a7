/** What members are told of all that this relay has about their room, and the one thing of it that its owner may delete. */
import type {
  Answer,
  DeleteRoomLogsAnswer,
  FetchRoomRows,
  RoomMemory,
  RoomRetention,
  RoomRowsAnswer,
  RoomTablesAnswer,
} from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'
import { describeFault } from '../report.ts'
import { type Asked, otherTables } from '../store/holdings.ts'
import type { Seat } from './connection.ts'
import { channelsOf } from './keeping.ts'
import { refuse, refuseNonMember, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

const dayMs = 86_400_000

export async function fetchTables(room: Room, seat: Seat): Promise<Answer<RoomTablesAnswer>> {
  if (seat.role !== 'member') return refuseNonMember()
  const tables = await room.core.store.countHoldings(askedBy(room, seat))
  return {
    ok: true,
    at: room.core.now(),
    tables,
    others: [...otherTables],
    keeps: retentionOf(room),
    memory: memoryOf(room),
    owner: isOwner(room, seat),
  }
}

export async function fetchRows(room: Room, seat: Seat, event: FetchRoomRows): Promise<Answer<RoomRowsAnswer>> {
  if (seat.role !== 'member') return refuseNonMember()
  const page = await room.core.store.readHoldings(askedBy(room, seat), { table: event.table, after: event.after })
  return page
    ? { ok: true, ...page }
    : refuse('bad-request', 'table, after: there is no such table, or no such row key.')
}

/** What comes into the log meanwhile stays: first of all the line that says who did this. */
export async function deleteLog(room: Room, seat: Seat): Promise<Answer<DeleteRoomLogsAnswer>> {
  if (seat.role !== 'member') return refuseNonMember()
  if (!isOwner(room, seat)) return refuse('no-access', 'Only the owner of the room deletes its log.')
  const { store, now, limits, report } = room.core
  if (Math.abs(now() - room.logDeletedMs) < limits.logDeletionPauseMs) {
    return refuse('rate-limited', 'The log was deleted a moment ago. Try again in some seconds.')
  }
  room.logDeletedMs = now()
  room.logFeed.forget()
  try {
    const deleted = await store.deleteLog(room.address)
    store.eraseSoon()
    if (!room.ended) room.log('ROOM_LOG_DELETED', { device: seat.device, lines: deleted })
    return { ok: true, deleted }
  } catch (error) {
    report({ level: 'warn', event: 'room-log-not-deleted', room: room.address, ...describeFault(error) })
    return unavailable()
  }
}

/** The relay cannot read who owns a room: it goes by who made it, and by what that person's commits said since. */
export function isOwner(room: Room, { identity }: Pick<Seat, 'identity'>): boolean {
  return room.ownerPerson === identity.person
}

function askedBy(room: Room, { device }: Seat): Asked {
  return { room: room.address, device, pairs: room.pairsOf(device).map(({ pair }) => pair!) }
}

function retentionOf({ core: { limits }, keeping }: Room): RoomRetention {
  return {
    ...ending('logMs', limits.logAgeMs),
    ...ending('trafficLogMs', Math.min(limits.trafficLogAgeMs, limits.logAgeMs)),
    ...ending('endedLogMs', Math.min(limits.endedRoomLogAgeMs, limits.logAgeMs)),
    requestMs: limits.joinRequestMs,
    ...(keeping ? { sealedMs: keeping.days * dayMs } : {}),
    sealedBytesAtMost: limits.keptBytesPerRoom,
  }
}

function ending<K extends string>(name: K, ms: RelayLimits['logAgeMs']): { [N in K]?: number } {
  return (Number.isFinite(ms) ? { [name]: ms } : {}) as { [N in K]?: number }
}

function memoryOf(room: Room): RoomMemory {
  const { core, main } = room
  const { inc, seq, epoch } = main.stream.position
  const pairs = [...room.pairs.values()].map(({ stream }) => stream)
  return {
    ...{ inc, seq, epoch },
    connected: room.seats.size,
    frames: main.stream.ringFrames,
    frameBytes: main.stream.ringBytes,
    pairs: pairs.length,
    pairFrames: pairs.reduce((sum, { ringFrames }) => sum + ringFrames, 0),
    pairFrameBytes: pairs.reduce((sum, { ringBytes }) => sum + ringBytes, 0),
    framesMs: core.limits.ringAgeMs,
    welcomes: channelsOf(room).reduce((sum, { held }) => sum + held.size, 0),
    links: core.links.countIn(room.address),
  }
}
