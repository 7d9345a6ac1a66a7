import { readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { Client, closedAddress, ok, openAddress, relay, TestDevice, temporaryFolder, until } from '../test/harness.ts'
import type { RelayLimits } from './limits.ts'

const dayMs = 86_400_000
const marker = 'marker-of-an-old-line'

interface Line {
  room: string
  event: string
  atMs: number
}

/** A database with one room that exists, and with these lines. */
async function databaseWith(exists: string, lines: readonly Line[]): Promise<string> {
  const databasePath = path.join(temporaryFolder(), 'qsec2.db')
  const { relay: first } = await relay({ databasePath })
  await first.close()
  const db = new DatabaseSync(databasePath)
  db.prepare(
    "insert into rooms (address, expected, ready, join_keys, leader, created_at, keep_days) values (?, null, 0, '[]', 'x', 0, null)",
  ).run(exists)
  const insert = db.prepare('insert into room_logs (room_id, event, data, created_at) values (?, ?, ?, ?)')
  db.exec('pragma secure_delete = on; begin') // as the relay writes them
  for (const { room, event, atMs } of lines) insert.run(room, event, `${marker}=${event}${atMs}`, atMs)
  db.exec('commit')
  db.close()
  return databasePath
}

function linesIn(databasePath: string): Line[] {
  const db = new DatabaseSync(databasePath, { readOnly: true })
  const rows = db.prepare('select room_id as room, event, created_at as atMs from room_logs order by id').all()
  db.close()
  return rows.map((row) => ({ ...row }) as unknown as Line)
}

const atOnce: Partial<RelayLimits> = {
  retentionFirstMs: 1,
  retentionPauseMs: 1,
  retentionSliceLines: 7,
  eraseMs: 1,
  logPushMs: 20,
}

it('[OP11] lines go at their age, traffic sooner, and a room that has ended with all of its lines', async () => {
  const [exists, ended, fresh] = [closedAddress(), closedAddress(), openAddress()]
  const nowMs = Date.now()
  const ago = (days: number) => nowMs - days * dayMs
  const gone: Line[] = []
  const stays: Line[] = []
  const put = (to: Line[], room: string, event: string, days: number) => to.push({ room, event, atMs: ago(days) })
  for (const days of [1_000, 91, 90]) put(gone, exists, 'USER_JOIN', days)
  for (const days of [89, 1, 0]) put(stays, exists, 'USER_JOIN', days)
  for (const event of ['MSG_RELAYED', 'BB84_RELAYED', 'ROOMKEY_RELAYED', 'PAIR_RELAYED']) {
    for (const days of [89, 14]) put(gone, exists, event, days)
    for (const days of [13, 0]) put(stays, exists, event, days)
  }
  for (const days of [60, 31, 30]) put(gone, ended, 'USER_LEAVE', days)
  put(gone, ended, 'ROOM_TERMINATED', 30)
  put(stays, fresh, 'USER_JOIN', 80)
  put(stays, fresh, 'ROOM_TERMINATED', 29)
  put(gone, exists, 'USER_JOIN', -3_650) // written while the clock was ten years ahead
  const lines = [...gone, ...stays].sort((a, b) => a.atMs - b.atMs)
  const databasePath = await databaseWith(exists, lines)
  const { relay: running, reports } = await relay({ databasePath, now: () => nowMs, limits: atOnce })
  await until(() => reports.some(({ event }) => event === 'old-log-deleted'))
  expect(linesIn(databasePath)).toEqual(lines.filter((line) => stays.includes(line)))
  expect(reports.find(({ event }) => event === 'old-log-deleted')).toMatchObject({ level: 'info', lines: gone.length })
  await running.close()
})

it('[OP12] what was deleted is in no file of the database', async () => {
  const room = closedAddress()
  const lines = Array.from({ length: 300 }, (_, i) => ({ room, event: 'USER_JOIN', atMs: i }))
  const databasePath = await databaseWith(room, lines)
  expect(readFileSync(databasePath, 'latin1')).toContain(marker)
  const { relay: running, reports } = await relay({ databasePath, limits: atOnce })
  await until(() => reports.length > 0)
  const holds = (file: string) => readFileSync(`${databasePath}${file}`, 'latin1').includes(marker)
  await until(() => !holds('') && !holds('-wal'))
  await running.close()
  expect(holds('')).toBe(false)
})

it('[OP11] with `forever` nothing goes, and a relay that closes meanwhile says nothing of it', async () => {
  const room = closedAddress()
  const lines = Array.from({ length: 100 }, (_, i) => ({ room, event: 'MSG_RELAYED', atMs: i }))
  const databasePath = await databaseWith(room, lines)
  const never = Number.POSITIVE_INFINITY
  const ages = { logAgeMs: never, trafficLogAgeMs: never, endedRoomLogAgeMs: never }
  const keeping = await relay({ databasePath, limits: { ...atOnce, ...ages } })
  const client = new Client(keeping.relay.url)
  ok(await client.join(new TestDevice(openAddress()), { create: { joinKeys: [] } }))
  await keeping.relay.close()
  expect(linesIn(databasePath)).toEqual(expect.arrayContaining(lines))
  const closing = await relay({ databasePath, limits: { ...atOnce, retentionPauseMs: 5 } })
  await until(() => linesIn(databasePath).length < lines.length)
  await closing.relay.close()
  expect(closing.reports).toEqual([])
  expect(linesIn(databasePath).length).toBeGreaterThan(0)
})
