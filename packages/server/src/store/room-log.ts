/**
 * The room log: metadata rows, written in batches. Ids are given out here, not by the database, so that the order of
 * lines is the order of what happened even while they wait to be written.
 */
import type { DeviceId, RoomAddress, RoomLogLine } from '@qsec/protocol'
import { type Kysely, sql } from 'kysely'
import { type LogFields, spellFields, spellLine } from './log-line.ts'
import type { Schema } from './schema.ts'
import type { RelayDatabase } from './sqlite.ts'
import type { LogBatch } from './writer.ts'

type Row = Schema['room_logs']

/** A line that waits; its fields are spelled when it is written. */
interface Line {
  id: number
  room: RoomAddress
  tag: string
  fields: LogFields
  atMs: number
}

/** A frame that went to everybody in a room. */
export interface RelayedFrame {
  seq: number
  bytes: number
  device: DeviceId
  epoch: number
}
type RelayedRun = RelayedFrame & { count?: number; last?: number }

const insert = 'insert into room_logs (id, room_id, event, data, created_at) values (?, ?, ?, ?, ?)'
/** A disk that stays full must not fill the memory: beyond this the oldest lines are given up. */
const mostWaiting = 20_000

export class RoomLog {
  readonly #now: () => number
  readonly #onWritten: (room: RoomAddress, lines: RoomLogLine[]) => void
  readonly #onWaiting: () => void
  readonly #insertRows: RelayDatabase['insertRows']
  #waiting: Line[] = []
  /** Of each room, by device: the waiting lines that further frames may join. Any other line of the room ends them. */
  readonly #runs = new Map<RoomAddress, Map<DeviceId, RelayedRun>>()
  #lastId: number

  constructor(
    lastId: number,
    ports: {
      now: () => number
      /** Called with the new lines of one room once they are on disk. */
      onWritten: (room: RoomAddress, lines: RoomLogLine[]) => void
      onWaiting: () => void
      insertRows: RelayDatabase['insertRows']
    },
  ) {
    this.#lastId = lastId
    this.#now = ports.now
    this.#onWritten = ports.onWritten
    this.#onWaiting = ports.onWaiting
    this.#insertRows = ports.insertRows
  }

  /** Of the newest line of any room. */
  get lastId(): number {
    return this.#lastId
  }

  append(room: RoomAddress, tag: string, fields: LogFields): void {
    this.#runs.delete(room)
    this.#push(room, tag, fields)
  }

  /**
   * Notes a frame. Frames of one device in one epoch that come while its line waits to be written share that line, so
   * a flood of frames is no flood of lines; between two lines of another kind stand exactly the frames of that time.
   */
  relayed(room: RoomAddress, { seq, bytes, device, epoch }: RelayedFrame): void {
    let runs = this.#runs.get(room)
    const run = runs?.get(device)
    if (run?.epoch === epoch) {
      run.bytes += bytes
      run.count = (run.count ?? 1) + 1
      run.last = seq
      return
    }
    if (!runs) {
      runs = new Map()
      this.#runs.set(room, runs)
    }
    const begun: RelayedRun = { seq, bytes, device, epoch }
    runs.set(device, begun)
    this.#push(room, 'MSG_RELAYED', begun as unknown as LogFields)
  }

  /** What waits, for the writer's next transaction. */
  take(): LogBatch | undefined {
    if (this.#waiting.length === 0) return undefined
    const lines = this.#waiting
    this.#waiting = []
    this.#runs.clear()
    let rows: Row[] = []
    return {
      write: () => {
        rows = lines.map(toRow)
        this.#insertRows(insert, rows.map(valuesOf))
      },
      written: () => {
        for (const [room, some] of Map.groupBy(rows, (row) => row.room_id)) {
          this.#onWritten(room as RoomAddress, some.map(toLine))
        }
      },
      failed: () => {
        this.#waiting = [...lines, ...this.#waiting].slice(-mostWaiting)
      },
    }
  }

  /** Drops the lines of `room` that wait, and says how many. */
  forget(room: RoomAddress): number {
    this.#runs.delete(room)
    const before = this.#waiting.length
    this.#waiting = this.#waiting.filter((line) => line.room !== room)
    return before - this.#waiting.length
  }

  #push(room: RoomAddress, tag: string, fields: LogFields): void {
    this.#lastId += 1
    this.#waiting.push({ id: this.#lastId, room, tag, fields, atMs: this.#now() })
    if (this.#waiting.length > mostWaiting) this.#waiting.shift()
    if (this.#waiting.length === 1) this.#onWaiting()
  }
}

function valuesOf(row: Row): (string | number)[] {
  return [row.id, row.room_id, row.event, row.data, row.created_at]
}

function toRow({ id, room, tag, fields, atMs }: Line): Row {
  return { id, room_id: room, event: tag, data: spellFields(fields), created_at: atMs }
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
