/**
 * All that the database holds about one room, table by table, for its members. Every table and every column of the schema
 * has to stand here: what is left out does not compile, and a test holds the list against the database itself.
 */
import type { DeviceId, PairId, RoomAddress, RoomRowsAnswer, RoomTable, RowKey, RowValue } from '@qsec/protocol'
import { limits } from '@qsec/protocol'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from './schema.ts'

/**
 * What a column holds: the room's address; a text or a number that is shown; a text of which the beginning is; ciphertext,
 * of which the size is. KeyPackages and bundles are public, but whoever reads a whole KeyPackage could use it up.
 */
type Column = 'room' | 'text' | 'number' | 'long' | 'sealed'

interface Held<T> {
  columns: { [C in keyof T]: Column }
  /** What tells rows of one room apart, in the order in which they are shown. */
  key: readonly (keyof T & string)[]
  newestFirst?: true
  /** Each row is shown to that device alone. */
  ownedBy?: keyof T & string
}

/** Each table of the schema; `nothing`: it holds nothing about any room. */
export const tables: { [T in keyof Schema]: Held<Schema[T]> | 'nothing' } = {
  rooms: {
    columns: {
      address: 'room',
      expected: 'number',
      ready: 'number',
      join_keys: 'text',
      leader: 'text',
      created_at: 'number',
      keep_days: 'number',
      restored: 'number',
      astray: 'text',
    },
    key: ['address'],
  },
  members: { columns: { room: 'room', device: 'text', bundle: 'long', state: 'text' }, key: ['device'] },
  join_requests: {
    columns: {
      room: 'room',
      device: 'text',
      bundle: 'long',
      key_package: 'long',
      requested_at: 'number',
      kind: 'text',
    },
    key: ['device'],
  },
  key_packages: {
    columns: { id: 'number', room: 'room', device: 'text', key_package: 'long', last_resort: 'number' },
    key: ['id'],
  },
  streams: {
    columns: {
      room: 'room',
      pair: 'text',
      device_a: 'text',
      device_b: 'text',
      devices: 'text',
      epoch: 'number',
      seq_mark: 'number',
      commit_device: 'text',
      commit_id: 'text',
      commit_inc: 'text',
      commit_seq: 'number',
    },
    key: ['pair'],
  },
  kept_streams: {
    columns: {
      room: 'room',
      pair: 'text',
      inc: 'text',
      first_seq: 'number',
      last_seq: 'number',
      free_epoch: 'number',
    },
    key: ['pair'],
  },
  kept_frames: {
    columns: {
      room: 'room',
      pair: 'text',
      seq: 'number',
      epoch: 'number',
      device: 'text',
      id: 'text',
      event: 'text',
      n: 'number',
      ct: 'sealed',
      extra: 'long',
      verdict: 'text',
      at_ms: 'number',
      bytes: 'number',
    },
    key: ['pair', 'seq'],
  },
  kept_devices: {
    columns: { room: 'room', pair: 'text', device: 'text', seq: 'number', epoch: 'number', n: 'number' },
    key: ['pair', 'device'],
  },
  kept_welcomes: {
    columns: { room: 'room', pair: 'text', seq: 'number', part: 'number', ct: 'sealed', at_ms: 'number' },
    key: ['pair', 'seq', 'part'],
  },
  kept_invited: {
    columns: {
      room: 'room',
      pair: 'text',
      device: 'text',
      sender: 'text',
      inc: 'text',
      seq: 'number',
      epoch: 'number',
      part: 'number',
      answers: 'long',
    },
    key: ['pair', 'device'],
  },
  push_subscriptions: {
    columns: { room: 'room', device: 'text', endpoint: 'text', at_ms: 'number' },
    key: ['device'],
    // Whoever has the address knows whose browser it is, and the name in it says which.
    ownedBy: 'device',
  },
  lives: 'nothing',
  room_logs: {
    columns: { id: 'number', room_id: 'room', event: 'text', data: 'text', created_at: 'number' },
    key: ['id'],
    newestFirst: true,
  },
}

/** The library's own notes of which migrations were made. */
export const foreignTables: readonly string[] = ['kysely_migration', 'kysely_migration_lock']

/** Of a long text so much is shown. */
const startLength = 48

/** What is asked about: a room; who asks; and the streams between two of which the asker is an end. */
export interface Asked {
  room: RoomAddress
  device: DeviceId
  pairs: readonly PairId[]
}

type AnyHeld = { columns: Record<string, Column>; key: readonly string[]; newestFirst?: true; ownedBy?: string }

function heldIn(table: string): AnyHeld | undefined {
  const held = Object.hasOwn(tables, table) ? tables[table as keyof Schema] : 'nothing'
  return held === 'nothing' ? undefined : (held as AnyHeld)
}

export const otherTables: readonly string[] = [
  ...Object.keys(tables).filter((table) => heldIn(table) === undefined),
  ...foreignTables,
]

/** How many rows of each table are about the room. */
export async function countHoldings(db: Kysely<Schema>, asked: Asked): Promise<RoomTable[]> {
  const counted: RoomTable[] = []
  for (const table of Object.keys(tables)) {
    const held = heldIn(table)
    if (!held) continue
    const sealed = columnsOf(held, 'sealed')[0]
    const { rows } = await sql<{ rows: number; shown: number; bytes: number }>`select count(*) as rows,
      coalesce(sum(case when ${isShown(held, asked)} then 1 else 0 end), 0) as shown,
      ${sealed === undefined ? sql`0` : sql`coalesce(sum(length(${sql.ref(sealed)})), 0)`} as bytes
      from ${sql.table(table)} where ${isOfRoom(held, asked.room)}`.execute(db)
    const [{ rows: all, shown, bytes }] = rows as [{ rows: number; shown: number; bytes: number }]
    counted.push({ table, rows: all, withheld: all - shown, ...(sealed === undefined ? {} : { sealedBytes: bytes }) })
  }
  return counted
}

/**
 * A page of rows.
 *
 * @returns undefined where there is no such table, or `after` is no key of it
 */
export async function readHoldings(
  db: Kysely<Schema>,
  asked: Asked,
  page: { table: string; after?: RowKey | undefined },
): Promise<RoomRowsAnswer | undefined> {
  const held = heldIn(page.table)
  const after = held && page.after && keyIn(held, page.after)
  if (!held || (page.after && !after)) return undefined
  const columns = Object.keys(held.columns)
  const keys = sql.join(held.key.map((column) => sql.ref(column)))
  const direction = held.newestFirst ? sql`desc` : sql`asc`
  const order = sql.join(held.key.map((column) => sql`${sql.ref(column)} ${direction}`))
  const beyond = after ? sql`and (${keys}) ${held.newestFirst ? sql`<` : sql`>`} (${sql.join(after)})` : sql``
  const { rows } = await sql<Record<string, unknown>>`select ${sql.join(columns.map((one) => selected(held, one)))}
    from ${sql.table(page.table)} where ${isOfRoom(held, asked.room)} and ${isShown(held, asked)} ${beyond}
    order by ${order} limit ${limits.roomRows + 1}`.execute(db)
  const shown = rows.slice(0, limits.roomRows)
  const last = rows.length > limits.roomRows ? shown.at(-1) : undefined
  return {
    columns,
    rows: shown.map((row) => columns.map((column) => shownValue(held, column, row))),
    ...(last ? { next: held.key.map((column) => String(last[column])) } : {}),
  }
}

function isOfRoom(held: AnyHeld, room: RoomAddress): RawBuilder<unknown> {
  return sql`${sql.ref(columnsOf(held, 'room')[0]!)} = ${room}`
}

/** Rows of streams between others say who talks with whom: they are theirs. */
function isShown({ columns, ownedBy }: AnyHeld, { device, pairs }: Asked): RawBuilder<unknown> {
  if (ownedBy !== undefined) return sql`${sql.ref(ownedBy)} = ${device}`
  return 'pair' in columns ? sql`pair in (${sql.join(['', ...pairs])})` : sql`1 = 1`
}

function columnsOf({ columns }: AnyHeld, kind: Column): string[] {
  return Object.keys(columns).filter((column) => columns[column] === kind)
}

function keyIn({ key, columns }: AnyHeld, after: RowKey): (string | number)[] | undefined {
  if (after.length !== key.length) return undefined
  const values = after.map((value, i) => {
    if (columns[key[i]!] !== 'number') return value
    return /^\d{1,15}$/.test(value) ? Number(value) : undefined
  })
  return values.every((value) => value !== undefined) ? values : undefined
}

/** Of a ciphertext its size alone is read: a page of them would be megabytes. */
function selected({ columns }: AnyHeld, column: string): RawBuilder<unknown> {
  const ref = sql.ref(column)
  if (columns[column] === 'sealed') return sql`length(${ref}) as ${ref}`
  if (columns[column] !== 'long') return ref
  return sql`substr(${ref}, 1, ${startLength}) as ${ref}, length(${ref}) as ${sql.ref(lengthOf(column))}`
}

function lengthOf(column: string): string {
  return `${column}_length`
}

function shownValue({ columns }: AnyHeld, column: string, row: Record<string, unknown>): RowValue {
  const value = row[column] as string | number | null
  if (columns[column] === 'sealed') return { bytes: value as number }
  if (typeof value !== 'string') return value
  const length = columns[column] === 'long' ? (row[lengthOf(column)] as number) : value.length
  const start = value.slice(0, limits.rowTextLength)
  return start.length < length ? { start, length } : value
}
