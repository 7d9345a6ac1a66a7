/**
 * The room log: metadata rows, written in batches. Ids are given out here, not by the database, so that the order of
 * lines is the order of what happened even while they wait to be written.
 */
import type { RoomAddress, RoomLogLine } from '@qsec/protocol'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { type LogFields, spellFields, spellLine } from './log-line.ts'
import type { Schema } from './schema.ts'
import type { LogBatch } from './writer.ts'

type Row = Schema['room_logs']

const rowsPerInsert = 512
/** A disk that stays full must not fill the memory: beyond this the oldest lines are given up. */
const mostWaiting = 20_000

export class RoomLog {
  readonly #now: () => number
  readonly #onWritten: (room: RoomAddress, lines: RoomLogLine[]) => void
  readonly #onWaiting: () => void
  #waiting: Row[] = []
  #lastId: number

  constructor(
    lastId: number,
    ports: {
      now: () => number
      /** Called with the new lines of one room once they are on disk. */
      onWritten: (room: RoomAddress, lines: RoomLogLine[]) => void
      onWaiting: () => void
    },
  ) {
    this.#lastId = lastId
    this.#now = ports.now
    this.#onWritten = ports.onWritten
    this.#onWaiting = ports.onWaiting
  }

  append(room: RoomAddress, tag: string, fields: LogFields): void {
    this.#lastId += 1
    this.#waiting.push({
      id: this.#lastId,
      room_id: room,
      event: tag,
      data: spellFields(fields),
      created_at: this.#now(),
    })
    if (this.#waiting.length > mostWaiting) this.#waiting.shift()
    if (this.#waiting.length === 1) this.#onWaiting()
  }

  /** What waits, for the writer's next transaction. */
  take(): LogBatch | undefined {
    if (this.#waiting.length === 0) return undefined
    const rows = this.#waiting
    this.#waiting = []
    return {
      change: async (db) => {
        for (let at = 0; at < rows.length; at += rowsPerInsert) {
          await db
            .insertInto('room_logs')
            .values(rows.slice(at, at + rowsPerInsert))
            .execute()
        }
      },
      written: () => {
        for (const [room, lines] of Map.groupBy(rows, (row) => row.room_id)) {
          this.#onWritten(room as RoomAddress, lines.map(toLine))
        }
      },
      failed: () => {
        this.#waiting = [...rows, ...this.#waiting].slice(-mostWaiting)
      },
    }
  }
}

function toLine(row: Row): RoomLogLine {
  return { id: row.id, message: spellLine(row.event, row.data), created_at: row.created_at }
}

/** Lines of `room` with an id above `sinceId`, oldest first. */
export async function readLog(
  db: Kysely<Schema>,
  room: string,
  page: { sinceId: number; limit: number },
): Promise<RoomLogLine[]> {
  const rows = await db
    .selectFrom('room_logs')
    .selectAll()
    .where('room_id', '=', room)
    .where('id', '>', page.sinceId)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(toLine)
}

/** The newest lines of `room`, oldest first. */
export async function readLastLog(db: Kysely<Schema>, room: string, limit: number): Promise<RoomLogLine[]> {
  const rows = await db
    .selectFrom('room_logs')
    .selectAll()
    .where('room_id', '=', room)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse().map(toLine)
}

/** The highest id ever given, which AUTOINCREMENT remembers even where rows were deleted. */
export async function lastLogId(db: Kysely<Schema>): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select seq from sqlite_sequence where name = 'room_logs'`.execute(db)
  return rows[0]?.seq ?? 0
}
