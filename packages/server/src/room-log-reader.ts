/** Reads room logs beside a running relay: what `qsec logs` shows. */
import type { RoomAddress, RoomLogLine } from '@qsec/protocol'
import { Kysely } from 'kysely'
import { readLastLog, readLog } from './store/room-log.ts'
import type { Schema } from './store/schema.ts'
import { openReadOnly } from './store/sqlite.ts'

export interface RoomLogSummary {
  room: string
  lines: number
  /** Milliseconds since 1970; undefined where the log is empty. */
  firstAtMs: number | undefined
  lastAtMs: number | undefined
  /** How many lines each tag has, most frequent first. */
  tags: { tag: string; count: number }[]
}

export interface RoomLogReader {
  /** Every room that has a log, oldest first. */
  rooms(): Promise<RoomAddress[]>
  /** Lines above `sinceId` (default 0), oldest first, at most `limit` (default 500). */
  list(room: string, page?: { sinceId?: number; limit?: number }): Promise<RoomLogLine[]>
  /** The newest `limit` lines, oldest first. */
  last(room: string, limit: number): Promise<RoomLogLine[]>
  summary(room: string): Promise<RoomLogSummary>
  /** Devices that are members now. Old lines are deleted, so the log alone cannot tell. */
  members(room: string): Promise<number>
  close(): Promise<void>
}

/** Throws where there is no such database. */
export function openRoomLog(databasePath: string): RoomLogReader {
  const db = new Kysely<Schema>({ dialect: openReadOnly(databasePath) })
  return {
    async rooms() {
      const rows = await db
        .selectFrom('room_logs')
        .select((table) => ['room_id', table.fn.min('id').as('first')])
        .groupBy('room_id')
        .orderBy('first')
        .execute()
      return rows.map((row) => row.room_id as RoomAddress)
    },
    list: (room, page) => readLog(db, room, { sinceId: page?.sinceId ?? 0, limit: page?.limit ?? 500 }),
    last: (room, limit) => readLastLog(db, room, limit),
    async summary(room) {
      const rows = await db
        .selectFrom('room_logs')
        .select((table) => [
          'event',
          table.fn.countAll<number>().as('lines'),
          table.fn.min<number>('created_at').as('first'),
          table.fn.max<number>('created_at').as('last'),
        ])
        .where('room_id', '=', room)
        .groupBy('event')
        .orderBy('lines', 'desc')
        .orderBy('event')
        .execute()
      return {
        room,
        lines: rows.reduce((sum, row) => sum + row.lines, 0),
        firstAtMs: rows.length > 0 ? Math.min(...rows.map((row) => row.first)) : undefined,
        lastAtMs: rows.length > 0 ? Math.max(...rows.map((row) => row.last)) : undefined,
        tags: rows.map((row) => ({ tag: row.event, count: row.lines })),
      }
    },
    async members(room) {
      const row = await db
        .selectFrom('members')
        .select((table) => table.fn.countAll<number>().as('count'))
        .where('room', '=', room)
        .where('state', '=', 'member')
        .executeTakeFirst()
      return row?.count ?? 0
    },
    close: () => db.destroy(),
  }
}
