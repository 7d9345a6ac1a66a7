/**
 * Writes a database of each schema that has no file in test/schemas yet, as SQL. What is there stays: it is what a relay of that
 * time left behind, and the present one has to open it. To be run once whenever a migration is added:
 *
 *   node packages/server/test/write-schemas.ts
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { RoomAddress } from '@qsec/protocol'
import { Kysely } from 'kysely'
import { migrate, migrationNames, type Schema } from '../src/store/schema.ts'
import { openForRelay } from '../src/store/sqlite.ts'
import { random, TestDevice } from './device.ts'

const folder = path.join(import.meta.dirname, 'schemas')
const atMs = Date.UTC(2026, 0, 1)
const forever = Date.UTC(2200, 0, 1)
const closed = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomAddress

type Rows = { [T in keyof Schema]?: Record<string, SQLInputValue>[] }

/** What a relay knows in the midst of things: a room with two members, one gone, one who asks, and an open room. */
function rowsOf([ana, ben, gone, asker, knocker, word]: readonly TestDevice[]): Rows {
  const member = ({ room, id, bundle }: TestDevice, state: string) => ({ room, device: id, bundle, state })
  const request = ({ room, id, bundle }: TestDevice, kind: string) => {
    return { room, device: id, bundle, key_package: random(300), requested_at: forever, kind }
  }
  const room = { expected: null, ready: 0, join_keys: JSON.stringify([random(32)]), created_at: atMs, keep_days: null }
  const commit = { commit_device: ana!.id, commit_id: random(16), commit_inc: random(16), commit_seq: 40 }
  const stream = { device_a: '', device_b: '', devices: '', ...commit }
  const pair = { device_a: ana!.id, device_b: ben!.id, devices: '' }
  const line = (event: string, data: string) => ({ room_id: closed, event, data, created_at: atMs })
  return {
    rooms: [
      { address: closed, leader: ana!.id, ...room, expected: 5 },
      { address: word!.room, leader: word!.id, ...room, join_keys: '[]' },
    ],
    members: [member(ana!, 'member'), member(ben!, 'member'), member(gone!, 'gone'), member(word!, 'member')],
    join_requests: [request(asker!, 'request'), request(knocker!, 'knock')],
    key_packages: [{ room: closed, device: ben!.id, key_package: random(300), last_resort: 1 }],
    streams: [
      { room: closed, pair: '', epoch: 3, seq_mark: 2_048, ...stream },
      { room: closed, pair: random(16), epoch: 1, seq_mark: 0, ...commit, ...pair },
      { room: word!.room, pair: '', epoch: 0, seq_mark: 0, ...stream, commit_id: '' },
    ],
    push_subscriptions: [{ room: closed, device: ana!.id, endpoint: 'https://push.example/abc', at_ms: atMs }],
    room_logs: [
      line('ROOM_CREATED', `room=${closed} leader=${ana!.id} expected=5`),
      line('USER_JOIN', `device=${ben!.id}`),
    ],
  }
}

function insert(db: DatabaseSync, rows: Rows): void {
  for (const [table, some] of Object.entries(rows)) {
    const columns = new Set(
      db
        .prepare(`pragma table_info(${table})`)
        .all()
        .map(({ name }) => String(name)),
    )
    if (columns.size === 0) continue // this schema has no such table yet
    for (const row of some) {
      const known = Object.entries(row).filter(([name]) => columns.has(name))
      const places = known.map(() => '?').join(', ')
      const names = known.map(([name]) => name).join(', ')
      db.prepare(`insert into ${table} (${names}) values (${places})`).run(...known.map(([, value]) => value))
    }
  }
}

/** The whole database as SQL that makes it again. */
function dump(db: DatabaseSync): string {
  const made = db
    .prepare("select name, sql, type from sqlite_master where sql is not null and name not like 'sqlite_%'")
    .all()
  const tables = made.filter(({ type }) => type === 'table').map(({ name }) => String(name))
  const rows = tables.flatMap((table) => {
    const names = db
      .prepare(`pragma table_info(${table})`)
      .all()
      .map(({ name }) => String(name))
    const quoted = names.map((name) => `quote(${name})`).join(` || ', ' || `)
    const values = db.prepare(`select ${quoted} as row from ${table}`).all()
    return values.map(({ row }) => `insert into ${table} (${names.join(', ')}) values (${row});`)
  })
  return [...made.map(({ sql }) => `${sql};`), ...rows].join('\n')
}

async function write(name: string): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'qsec-schema-'))
  try {
    const file = path.join(scratch, 'qsec2.db')
    const db = new Kysely<Schema>({ dialect: openForRelay(file, migrationNames).dialect })
    await migrate(db, name)
    await db.destroy()
    const devices = Array.from({ length: 5 }, () => new TestDevice(closed, { expiresMs: forever }))
    devices.push(new TestDevice('lobby' as RoomAddress, { expiresMs: forever }))
    const database = new DatabaseSync(file)
    insert(database, rowsOf(devices))
    const key = devices[0]!.relayAuth.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    const head = `-- A database of schema ${name}, made by write-schemas.ts. The first member logs in with this key, which guards nothing:\n`
    writeFileSync(path.join(folder, `${name}.sql`), `${head}-- ${key}\n${dump(database)}\n`)
    database.close()
    console.log(name)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

mkdirSync(folder, { recursive: true })
for (const name of migrationNames) if (!existsSync(path.join(folder, `${name}.sql`))) await write(name)
