/** All that the database knows of each room, for the operator: read beside a relay that runs, in another process. */
import type { RoomAddress } from '@qsec/protocol'
import { Kysely, sql } from 'kysely'
import type { Schema } from '../store/schema.ts'
import { openReadOnly } from '../store/sqlite.ts'

export interface RoomFigures {
  room: RoomAddress
  /** False where only lines of its log are left. */
  exists: boolean
  /** Milliseconds since 1970; null where it has ended. */
  createdAtMs: number | null
  /** Of the newest line of its log. */
  lastAtMs: number | null
  expected: number | null
  /** Devices that are members, and those that ask to be. */
  members: number
  waiting: number
  /** Streams of pairs and conversations. */
  pairs: number
  logLines: number
  logBytes: number
  /** Null: it keeps no sealed frames. */
  keepDays: number | null
  keptFrames: number
  keptBytes: number
}

/** Newest activity first. Throws where there is no such database. */
export async function readRoomFigures(databasePath: string): Promise<RoomFigures[]> {
  const db = new Kysely<Schema>({ dialect: openReadOnly(databasePath) })
  try {
    const rooms = await db.selectFrom('rooms').selectAll().execute()
    const count = (table: string, where = sql`true`) => counts(db, table, where)
    const members = await count('members', sql`state = 'member'`)
    const waiting = await count('join_requests', sql`key_package <> ''`)
    const pairs = await count('streams', sql`pair <> ''`)
    const logs = await db
      .selectFrom('room_logs')
      .select((table) => [
        'room_id',
        table.fn.countAll<number>().as('lines'),
        sql<number>`sum(length(event) + length(data))`.as('bytes'),
        table.fn.max<number>('created_at').as('last'),
      ])
      .groupBy('room_id')
      .execute()
    const kept = await keptOf(db)
    const logOf = new Map(logs.map((row) => [row.room_id, row]))
    const rowOf = new Map(rooms.map((row) => [row.address, row]))
    const figures = [...new Set([...rowOf.keys(), ...logOf.keys()])].map((room): RoomFigures => {
      const [row, log] = [rowOf.get(room), logOf.get(room)]
      return {
        room: room as RoomAddress,
        exists: row !== undefined,
        createdAtMs: row?.created_at ?? null,
        lastAtMs: log?.last ?? null,
        expected: row?.expected ?? null,
        members: members.get(room) ?? 0,
        waiting: waiting.get(room) ?? 0,
        pairs: pairs.get(room) ?? 0,
        logLines: log?.lines ?? 0,
        logBytes: log?.bytes ?? 0,
        keepDays: row?.keep_days ?? null,
        keptFrames: kept.get(room)?.frames ?? 0,
        keptBytes: kept.get(room)?.bytes ?? 0,
      }
    })
    return figures.sort((a, b) => (b.lastAtMs ?? b.createdAtMs ?? 0) - (a.lastAtMs ?? a.createdAtMs ?? 0))
  } finally {
    await db.destroy()
  }
}

async function counts(db: Kysely<Schema>, table: string, where: ReturnType<typeof sql>): Promise<Map<string, number>> {
  const { rows } = await sql<{ room: string; n: number }>`
    select room, count(*) as n from ${sql.table(table)} where ${where} group by room`.execute(db)
  return new Map(rows.map(({ room, n }) => [room, n]))
}

/** A database of an earlier version has no such table. */
async function keptOf(db: Kysely<Schema>): Promise<Map<string, { frames: number; bytes: number }>> {
  const { rows: tables } = await sql`select 1 from sqlite_master where name = 'kept_frames'`.execute(db)
  if (tables.length === 0) return new Map()
  const rows = await db
    .selectFrom('kept_frames')
    .select((table) => ['room', table.fn.countAll<number>().as('frames'), table.fn.sum<number>('bytes').as('bytes')])
    .groupBy('room')
    .execute()
  return new Map(rows.map(({ room, frames, bytes }) => [room, { frames, bytes }]))
}
