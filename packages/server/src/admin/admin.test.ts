import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  type Member,
  ok,
  openAddress,
  relay,
  room,
  TestDevice,
  temporaryFolder,
  until,
} from '../../test/harness.ts'
import { deleteStoppedRoom } from './delete-room.ts'
import { readRoomFigures } from './overview.ts'
import { adminPathOf, askRelay } from './talk.ts'

const tables = [
  'rooms',
  'members',
  'join_requests',
  'key_packages',
  'streams',
  'kept_streams',
  'kept_frames',
  'room_logs',
]

function rowsOf(databasePath: string, address: string): number {
  const db = new DatabaseSync(databasePath, { readOnly: true })
  const counts = tables.map((table) => {
    const column = table === 'rooms' ? 'address' : table === 'room_logs' ? 'room_id' : 'room'
    return Number(db.prepare(`select count(*) as n from ${table} where ${column} = ?`).get(address)?.n)
  })
  db.close()
  return counts.reduce((sum, n) => sum + n, 0)
}

const ask = (databasePath: string, method: 'GET' | 'DELETE', what: string) => askRelay(databasePath, method, what)

it('[OP17] the operator is told of every room, live and from the database, and of the quotas', async () => {
  const made = await room(2, { admin: true, expected: 7 })
  const [ana] = made.members as [Member, Member]
  ok(await ana.say())
  ok(await ana.client.request('keep_sealed', { room: made.address, days: 9 }))
  ok(await ana.say())
  const live = await ask(made.databasePath, 'GET', '/rooms')
  expect(live).toEqual({
    ok: true,
    value: { rooms: [{ room: made.address, connected: 2, ringBytes: expect.any(Number) }] },
  })
  await until(() => rowsOf(made.databasePath, made.address) > 8)
  const [known] = await readRoomFigures(made.databasePath)
  expect(known).toMatchObject({ room: made.address, exists: true, members: 2, waiting: 0, expected: 7, keepDays: 9 })
  expect(known!.keptFrames).toBeGreaterThan(0)
  expect(known!.logLines).toBeGreaterThan(3)
  expect(known!.lastAtMs).toBeGreaterThanOrEqual(known!.createdAtMs!)
  const { value } = (await ask(made.databasePath, 'GET', '/quotas')) as { value: { quotas: { name: string }[] } }
  expect(value.quotas).toContainEqual({ name: 'rooms', used: 1, limit: null })
  expect(value.quotas).toContainEqual({ name: 'days of the room log', used: null, limit: 90 })
  expect(JSON.stringify(value)).not.toContain('127.0.0.1')
})

it('[OP18] a deleted room is in no table; who is there is told, and refused like anybody at a room that does not exist', async () => {
  const made = await room(3, { admin: true })
  const [ana, ben] = made.members as [Member, Member, Member]
  const other = openAddress()
  const bystander = new Client(made.relay.url)
  ok(await bystander.join(new TestDevice(other), { create: { joinKeys: [] } }))
  ok(await ana.say())
  const answer = await ask(made.databasePath, 'DELETE', `/rooms/${made.address}`)
  expect(answer).toMatchObject({ ok: true, value: { existed: true, told: 3, logLines: expect.any(Number) } })
  for (const { client } of made.members) {
    expect(await client.next('join_failed')).toMatchObject({ room: made.address, code: 'no-access' })
    await client.disconnected()
  }
  expect(code(await comeBack(made.relay.url, ben, { joinKey: made.joinKey }))).toBe('no-access')
  expect(rowsOf(made.databasePath, made.address)).toBe(0)
  expect(made.relay.stats()).toMatchObject({ rooms: 1 })
  expect(bystander.socket.connected).toBe(true)
  expect(rowsOf(made.databasePath, other)).toBeGreaterThan(0)
  expect(made.reports).toContainEqual({ level: 'info', event: 'operator-deletes-room', room: made.address })
  await made.relay.close()
  expect(rowsOf(made.databasePath, made.address)).toBe(0)
})

it('[OP18] its log alone can be deleted, and the room goes on', async () => {
  const made = await room(2, { admin: true })
  const [ana] = made.members as [Member, Member]
  const answer = await ask(made.databasePath, 'DELETE', `/rooms/${made.address}/log`)
  expect(answer).toMatchObject({ ok: true, value: { logLines: expect.any(Number) } })
  expect(ok(await ana.client.request('fetch_room_logs', { room: made.address, since_id: 0 })).logs).toEqual([])
  ok(await ana.say())
  const { logs } = ok(await ana.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  expect(logs.map(({ message }) => message.split(' ')[0])).toEqual(['[MSG_RELAYED]'])
})

it('[OP18] without a relay the database is worked on alone; beside one that cannot be asked nothing is', async () => {
  const made = await room(2)
  expect(await deleteStoppedRoom(made.databasePath, made.address, false)).toBeUndefined()
  expect(rowsOf(made.databasePath, made.address)).toBeGreaterThan(0)
  await made.relay.close()
  expect(await ask(made.databasePath, 'GET', '/rooms')).toMatchObject({ ok: false, reason: 'not-running' })
  const logOnly = await deleteStoppedRoom(made.databasePath, made.address, true)
  expect(logOnly).toMatchObject({ existed: true, told: 0 })
  expect(logOnly!.logLines).toBeGreaterThan(0)
  expect((await readRoomFigures(made.databasePath))[0]).toMatchObject({ exists: true, logLines: 0 })
  expect(await deleteStoppedRoom(made.databasePath, made.address, false)).toMatchObject({ existed: true })
  expect(await deleteStoppedRoom(made.databasePath, made.address, false)).toEqual({
    existed: false,
    logLines: 0,
    told: 0,
  })
  expect(rowsOf(made.databasePath, made.address)).toBe(0)
})

it('[OP19] the socket is its owner’s alone, goes with the relay, and outlives one that was killed', async () => {
  const databasePath = path.join(temporaryFolder(), 'qsec2.db')
  const socket = adminPathOf(databasePath)!
  writeFileSync(socket, 'of a relay that was killed')
  const { relay: running } = await relay({ databasePath, admin: true })
  expect(statSync(socket).isSocket()).toBe(true)
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  expect(await ask(databasePath, 'GET', '/rooms')).toEqual({ ok: true, value: { rooms: [] } })
  await running.close()
  expect(() => readFileSync(socket)).toThrow('ENOENT')
  const { relay: without } = await relay({ databasePath })
  expect(await ask(databasePath, 'GET', '/rooms')).toMatchObject({ ok: false, reason: 'not-running' })
  await without.close()
})

it('[OP19] it answers nothing else, and nothing of it is on the port of the relay', async () => {
  const { relay: running, databasePath } = await relay({ admin: true })
  for (const what of ['/', '/rooms/', '/metrics', '/rooms/..%2f', `/rooms/${closedAddress()}/logs`, '/rooms/a/log/b']) {
    expect(await ask(databasePath, 'GET', what), what).toMatchObject({ ok: false, reason: 'refused' })
    expect(await ask(databasePath, 'DELETE', what), what).toMatchObject({ ok: false, reason: 'refused' })
  }
  expect(await ask(databasePath, 'DELETE', `/rooms/${closedAddress()}`)).toEqual({
    ok: true,
    value: { existed: false, logLines: 0, told: 0 },
  })
  for (const what of ['/rooms', '/quotas', '/admin']) expect((await fetch(`${running.url}${what}`)).status).toBe(404)
  const deleting = await fetch(`${running.url}/rooms/lab1`, { method: 'DELETE' })
  expect(deleting.status).toBe(405)
})

it('[OP19] where the path is too long for a socket the relay says so and serves', async () => {
  const databasePath = path.join(temporaryFolder(), 'x'.repeat(120), 'qsec2.db')
  const { relay: running, reports } = await relay({ databasePath, admin: true })
  expect((await fetch(`${running.url}/healthz`)).status).toBe(200)
  expect(reports).toMatchObject([{ level: 'warn', event: 'no-admin-socket' }])
})
