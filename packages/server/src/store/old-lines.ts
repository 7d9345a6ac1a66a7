/** Which lines of room logs have become too old to keep, slice by slice through the table. */
import type { Kysely } from 'kysely'
import type { Change } from './changes.ts'
import type { Schema } from './schema.ts'

/** For how long lines are kept, in milliseconds; Infinity: for ever. */
export interface LogAges {
  /** Any line. */
  anyMs: number
  /** Lines that tell of frames: who sent how much, when. */
  trafficMs: number
  /** All lines of a room that has ended, from its last line on. */
  endedMs: number
}

type Row = Pick<Schema['room_logs'], 'id' | 'room_id' | 'event' | 'created_at'>

export interface Slice {
  /** Where the next slice begins; undefined: this was the last. */
  next: number | undefined
  /** Ids to delete. */
  old: number[]
}

/** Reads `rows` lines above the id `after` and picks the old ones. It reads by the key alone, whatever the table has. */
export async function readOldLines(
  db: Kysely<Schema>,
  { after, rows, ages, nowMs }: { after: number; rows: number; ages: LogAges; nowMs: number },
): Promise<Slice> {
  const lines = await db
    .selectFrom('room_logs')
    .select(['id', 'room_id', 'event', 'created_at'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(rows)
    .execute()
  const endedAt = await endedRooms(db, new Set(lines.map((line) => line.room_id)))
  const isOld = ({ room_id, event, created_at }: Row) => {
    const ended = endedAt.get(room_id)
    if (ended !== undefined && age(nowMs, ended) >= ages.endedMs) return true
    return age(nowMs, created_at) >= (isTraffic(event) ? Math.min(ages.trafficMs, ages.anyMs) : ages.anyMs)
  }
  return {
    next: lines.length < rows ? undefined : lines.at(-1)?.id,
    old: lines.filter(isOld).map(({ id }) => id),
  }
}

export function deleteLines(ids: readonly number[]): Change {
  return (db) => db.deleteFrom('room_logs').where('id', 'in', ids).execute()
}

/** Ids of up to `rows` lines of `room`, none above `upTo`. */
export async function readLinesOf(db: Kysely<Schema>, room: string, upTo: number, rows: number): Promise<number[]> {
  const lines = await db
    .selectFrom('room_logs')
    .select('id')
    .where('room_id', '=', room)
    .where('id', '<=', upTo)
    .limit(rows)
    .execute()
  return lines.map(({ id }) => id)
}

function isTraffic(event: string): boolean {
  return event.endsWith('_RELAYED')
}

/** A line of a day to come was written while the clock was wrong: it is as far away as it seems. */
function age(nowMs: number, atMs: number): number {
  return Math.abs(nowMs - atMs)
}

/** Of those of `addresses` that are no rooms any more: when the last thing happened there. */
async function endedRooms(db: Kysely<Schema>, addresses: ReadonlySet<string>): Promise<Map<string, number>> {
  if (addresses.size === 0) return new Map()
  const known = await db
    .selectFrom('rooms')
    .select('address')
    .where('address', 'in', [...addresses])
    .execute()
  const ended = new Set(addresses)
  for (const { address } of known) ended.delete(address)
  const last = await Promise.all(
    [...ended].map((room) =>
      db
        .selectFrom('room_logs')
        .select(['room_id', 'created_at'])
        .where('room_id', '=', room)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),
    ),
  )
  return new Map(last.flatMap((row) => (row ? [[row.room_id, row.created_at] as const] : [])))
}
