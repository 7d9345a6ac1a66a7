/** What a relay has stored about a room: how members ask for it, and how the room's owner has its log deleted. */
import * as v from 'valibot'
import * as f from './fields.ts'
import type { Incarnation, RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/** Asks how much the relay has of this room. */
export interface FetchRoomTables {
  room: RoomAddress
}

/** Rows of one table of the relay's database that are about this room. */
export interface RoomTable {
  /** The table's own name in the database. */
  table: string
  rows: number
  /** Of those, rows of streams between other people, which are counted and not shown: who talks with whom is theirs. */
  withheld: number
  /** Bytes of ciphertext in all of these rows, where the table holds any. */
  sealedBytes?: number
}

/** How long the relay keeps what, in milliseconds. A time that is missing has no end. */
export interface RoomRetention {
  /** Lines of the room log: any; those that tell of single frames; those of a room that has ended, after its last line. */
  logMs?: number
  trafficLogMs?: number
  endedLogMs?: number
  /** A request to be let in that nobody answers. */
  requestMs: number
  /** Sealed frames on disk that some device has not got yet; missing: the room keeps none. */
  sealedMs?: number
  /** What sealed frames of a room may take on disk, in bytes. */
  sealedBytesAtMost: number
}

/** What is in the relay's memory alone, and is gone when it stops. */
export interface RoomMemory {
  /** Where the room's stream stands. */
  inc: Incarnation
  seq: number
  epoch: number
  /** Devices connected now. */
  connected: number
  /** Sealed frames and their bytes, of the room's stream and of those between two. */
  frames: number
  frameBytes: number
  pairs: number
  pairFrames: number
  pairFrameBytes: number
  /** Of all of these frames the oldest goes after so long. */
  framesMs: number
  /** Welcomes that their devices have not fetched. */
  welcomes: number
  /** Sealed offers to link another device. */
  links: number
}

export interface RoomTablesAnswer {
  /** When this was read, by the relay's clock. */
  at: number
  /** Every table that has to do with rooms, those without a row too. */
  tables: RoomTable[]
  /** Tables that hold nothing about any room, by name. */
  others: string[]
  keeps: RoomRetention
  memory: RoomMemory
  /** The relay takes this device's person for the room's owner: `delete_room_logs` is theirs. */
  owner: boolean
}

/** The key of a row, in the order of the table's key columns; numbers in decimal. */
export type RowKey = string[]

/** Asks for rows of one table, as the database has them. */
export interface FetchRoomRows {
  room: RoomAddress
  table: string
  /** `next` of the page before. */
  after?: RowKey
}

/** A long text comes as its beginning, a ciphertext as its size. */
export type RowValue = string | number | null | { start: string; length: number } | { bytes: number }

export interface RoomRowsAnswer {
  columns: string[]
  /** At most `limits.roomRows`, each with a value for every column. */
  rows: RowValue[][]
  /** Present where there are more. */
  next?: RowKey
}

/** Deletes every line of the room's log that is there now. For the room's owner, as the relay knows it. */
export interface DeleteRoomLogs {
  room: RoomAddress
}
export interface DeleteRoomLogsAnswer {
  /** Lines that are gone. */
  deleted: number
}

const tableName = v.pipe(v.string(), v.regex(/^[a-z][a-z_]{0,39}$/))
const rowKey: v.GenericSchema<unknown, RowKey> = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(64))),
  v.minLength(1),
  v.maxLength(4),
)

export const fetchRoomTables: v.GenericSchema<unknown, FetchRoomTables> = v.strictObject({ room: f.room })
export const fetchRoomRows: v.GenericSchema<unknown, FetchRoomRows> = v.strictObject({
  room: f.room,
  table: tableName,
  after: v.exactOptional(rowKey),
})
export const deleteRoomLogs: v.GenericSchema<unknown, DeleteRoomLogs> = v.strictObject({ room: f.room })

const roomTable = v.object({
  table: tableName,
  rows: f.count,
  withheld: f.count,
  sealedBytes: v.exactOptional(f.count),
})
const roomTablesAnswer: v.GenericSchema<unknown, RoomTablesAnswer> = v.object({
  at: f.count,
  tables: f.list(roomTable, limits.roomTables),
  others: f.list(tableName, limits.roomTables),
  keeps: v.object({
    logMs: v.exactOptional(f.count),
    trafficLogMs: v.exactOptional(f.count),
    endedLogMs: v.exactOptional(f.count),
    requestMs: f.count,
    sealedMs: v.exactOptional(f.count),
    sealedBytesAtMost: f.count,
  }),
  memory: v.object({
    inc: f.incarnation,
    seq: f.count,
    epoch: f.count,
    connected: f.count,
    frames: f.count,
    frameBytes: f.count,
    pairs: f.count,
    pairFrames: f.count,
    pairFrameBytes: f.count,
    framesMs: f.count,
    welcomes: f.count,
    links: f.count,
  }),
  owner: v.boolean(),
})
const rowText = v.pipe(v.string(), v.maxLength(limits.rowTextLength))
const rowValue: v.GenericSchema<unknown, RowValue> = v.union([
  rowText,
  v.pipe(v.number(), v.finite()),
  v.null(),
  v.object({ start: rowText, length: f.count }),
  v.object({ bytes: f.count }),
])
const roomRowsAnswer: v.GenericSchema<unknown, RoomRowsAnswer> = v.pipe(
  v.object({
    columns: f.list(tableName, limits.rowColumns),
    rows: f.list(f.list(rowValue, limits.rowColumns), limits.roomRows),
    next: v.exactOptional(rowKey),
  }),
  v.check(({ columns, rows }) => rows.every((row) => row.length === columns.length), 'rows: not one value a column'),
)
const deleteRoomLogsAnswer: v.GenericSchema<unknown, DeleteRoomLogsAnswer> = v.object({ deleted: f.count })

export function parseRoomTablesAnswer(input: unknown): f.Parsed<RoomTablesAnswer> {
  return f.parseWith(roomTablesAnswer, input)
}
export function parseRoomRowsAnswer(input: unknown): f.Parsed<RoomRowsAnswer> {
  return f.parseWith(roomRowsAnswer, input)
}
export function parseDeleteRoomLogsAnswer(input: unknown): f.Parsed<DeleteRoomLogsAnswer> {
  return f.parseWith(deleteRoomLogsAnswer, input)
}
