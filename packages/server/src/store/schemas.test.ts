import { createPrivateKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RoomAddress } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import { Client, ok, relay, TestDevice, temporaryFolder } from '../../test/harness.ts'
import { openRoomLog } from '../index.ts'
import { migrationNames } from './schema.ts'

const schemas = path.resolve(import.meta.dirname, '../../test/schemas')
const closed = 'AAAAAAAAAAAAAAAAAAAAAA' as RoomAddress

/** The database that a relay of that schema left, and the device of its first member. */
function left(name: string): { databasePath: string; ana: TestDevice } {
  const sql = readFileSync(path.join(schemas, `${name}.sql`), 'utf8')
  const databasePath = path.join(temporaryFolder(), 'qsec2.db')
  const db = new DatabaseSync(databasePath)
  db.exec(sql)
  const row = db.prepare(
    'select device, bundle from members where room = ? and device = (select leader from rooms where address = ?)',
  )
  const { device, bundle } = row.get(closed, closed) as { device: string; bundle: string }
  db.close()
  const key = createPrivateKey({
    key: Buffer.from(sql.split('\n')[1]!.slice(3), 'base64'),
    format: 'der',
    type: 'pkcs8',
  })
  const ana = new TestDevice(closed)
  const publicKey = new Uint8Array(Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url'))
  Object.assign(ana, { id: device, bundle, relayAuth: { privateKey: key, publicKey } })
  return { databasePath, ana }
}

describe('a database of each schema so far', () => {
  it('[OP13] is there, for every migration', () => {
    expect(readdirSync(schemas).sort()).toEqual(migrationNames.map((name) => `${name}.sql`))
  })

  it.each(migrationNames)('[OP13] %s is opened, and its member comes back to what it left', async (name) => {
    const { databasePath, ana } = left(name)
    const { relay: running, reports } = await relay({ databasePath })
    expect(running.stats().rooms).toBe(2)
    const client = new Client(running.url)
    const joined = ok(await client.join(ana))
    expect(joined).toMatchObject({ state: 'member', epoch: 3, recovered: false })
    expect((joined as { seq: number }).seq).toBeGreaterThanOrEqual(2_048)
    const list = await client.next('user_list')
    expect(list).toMatchObject({ expected: 5 })
    expect(list.members).toHaveLength(2)
    expect(list.waiting.length).toBeGreaterThan(0)
    const { logs } = ok(await client.request('fetch_room_logs', { room: closed, since_id: 0 }))
    expect(logs[0]?.message).toMatch(/^\[ROOM_CREATED\] room=A+ leader=\S+ expected=5$/)
    expect(reports).toEqual([])
    await running.close()
    const again = await relay({ databasePath })
    expect(again.relay.stats().rooms).toBe(2)
  })

  it.each(migrationNames)('[OP13] the log of %s is read beside it', async (name) => {
    const { databasePath } = left(name)
    const reader = openRoomLog(databasePath)
    expect(await reader.rooms()).toEqual([closed])
    expect(await reader.last(closed, 9)).toHaveLength(2)
    expect(await reader.members(closed)).toBe(2)
    await reader.close()
  })
})
