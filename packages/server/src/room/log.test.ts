import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { messageId, ok, pairId, quiet, random, room } from '../../test/harness.ts'
import { openRoomLog } from '../index.ts'
import { spellFields } from '../store/log-line.ts'

it('[RL41] the log tells the life of a room in tags that programs can rely on', async () => {
  const made = await room(2, { expected: 2 })
  const [ana, ben] = made.members
  ok(await ana!.say({ ct: random(100) }))
  const pair = pairId()
  ok(await ana!.commit({ pair, epoch: 0, open: { to: ben!.id }, welcomes: [{ to: [ben!.id], ct: random(9) }] }))
  const frame = (n: number) => ({ room: made.address, pair, id: messageId(), epoch: 1, n, ct: random(50), to: ben!.id })
  ok(await ana!.client.request('bb84_relay', frame(0)))
  ok(await ana!.client.request('roomkey_share', frame(1)))
  const { to: _, ...secret } = frame(2)
  ok(await ana!.client.request('encrypted_message', secret))
  ok(await ana!.client.request('bb84_meta', { room: made.address, tag: 'BB84_INIT', peer: ben!.id, pulses: 1_000 }))
  const session = {
    original: 1_000,
    matched: 500,
    mismatched: 500,
    qber: 0.0123456789,
    threshold: 0.11,
    accepted: true,
  }
  ok(await ana!.client.request('bb84_session', { room: made.address, peer: ben!.id, ...session }))
  ok(await ana!.client.request('bb84_meta', { room: made.address, tag: 'KEY_DESTROYED', epoch: 3 }))

  const { logs } = ok(await ben!.client.request('fetch_room_logs', { room: made.address, since_id: 0, limit: 500 }))
  const lines = logs.map((line) => line.message)
  expect(lines[0]).toBe(`[ROOM_CREATED] room=${made.address} leader=${ana!.id} expected=2`)
  for (const line of [
    `[USER_JOIN] device=${ben!.id}`,
    `[ROOM_READY] room=${made.address} persons=2`,
    `[COMMIT] seq=1 epoch=0 bytes=200 device=${ana!.id} added=1 removed=0`,
    '[COMMIT_STANDS] seq=1 epoch=0',
    `[MSG_RELAYED] seq=2 bytes=100 device=${ana!.id} epoch=1`,
    `[BB84_RELAYED] from=${ana!.id} to=${ben!.id} bytes=50`,
    `[ROOMKEY_RELAYED] from=${ana!.id} to=${ben!.id} bytes=50`,
    '[PAIR_RELAYED] bytes=50',
    `[BB84_INIT] claimed_by=${ana!.id} peer=${ben!.id} pulses=1000`,
    `[BB84_SESSION_DERIVED] claimed_by=${ana!.id} peer=${ben!.id} original=1000 matched=500 mismatched=500 qber=0.012346 threshold=0.11 accepted=true`,
    `[KEY_DESTROYED] claimed_by=${ana!.id} epoch=3`,
  ]) {
    expect(lines).toContain(line)
  }
  expect(logs.map((line) => line.id)).toEqual(logs.map((line) => line.id).sort((a, b) => a - b))
  const page = ok(await ben!.client.request('fetch_room_logs', { room: made.address, since_id: logs[1]!.id, limit: 2 }))
  expect(page.logs).toEqual(logs.slice(2, 4))

  await ana!.client.next('room_logs', (event) => event.logs.some((line) => line.message.startsWith('[KEY_DESTROYED]')))
  const pushed = ana!.client.events('room_logs').flatMap((event) => event.logs.map((line) => line.id))
  expect(pushed).toEqual(logs.map((line) => line.id))

  const reader = openRoomLog(made.databasePath)
  expect(await reader.rooms()).toEqual([made.address])
  expect(await reader.list(made.address, { limit: 3 })).toEqual(logs.slice(0, 3))
  expect(await reader.last(made.address, 2)).toEqual(logs.slice(-2))
  const summary = await reader.summary(made.address)
  expect(summary).toMatchObject({ lines: logs.length, firstAtMs: logs[0]!.created_at })
  expect(summary.tags).toContainEqual({ tag: 'MSG_RELAYED', count: 1 })
  expect(await reader.summary('nowhere')).toMatchObject({ lines: 0, firstAtMs: undefined, tags: [] })
  await reader.close()
})

it('[RL42] no value can break a line or forge another', () => {
  expect(spellFields({ a: 'x y\n[FAKE] b=1', n: 0.1 + 0.2, gone: undefined })).toBe(
    'a=x\\u{20}y\\u{a}\\u{5b}FAKE]\\u{20}b\\u{3d}1 n=0.3',
  )
  expect(spellFields({ a: 'z'.repeat(5_000) })).toHaveLength(202)
})

it('[RL43] no ciphertext, Welcome, name or nonce reaches the disk or a report', async () => {
  const made = await room(2)
  const [ana, ben] = made.members
  const marker = () => random(24)
  const secrets = { message: marker(), commit: marker(), welcome: marker(), pair: marker(), pairWelcome: marker() }
  ok(await ana!.say({ ct: secrets.message }))
  const pair = pairId()
  const welcomes = [{ to: [ben!.id], ct: secrets.pairWelcome }]
  ok(await ana!.commit({ pair, epoch: 0, ct: secrets.commit, open: { to: ben!.id }, welcomes }))
  const frame = { room: made.address, pair, id: messageId(), epoch: 1, n: 0, ct: secrets.pair, to: ben!.id }
  ok(await ana!.client.request('bb84_relay', frame))
  ok(await ana!.commit({ welcomes: [{ to: [ben!.id], ct: secrets.welcome }] }))
  const check = () => {
    const folder = path.dirname(made.databasePath)
    const bytes = readdirSync(folder)
      .map((file) => readFileSync(path.join(folder, file), 'latin1'))
      .join('')
    expect(bytes).toContain(made.address)
    for (const secret of Object.values(secrets)) expect(bytes).not.toContain(secret)
    expect(JSON.stringify(made.reports)).toBe('[]')
  }
  ok(await ana!.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  check()
  await made.relay.close()
  check()
})

it('[RL41] frames of one device that come together share a line; any other line of the room stands between', async () => {
  const made = await room(2, { limits: { logGatherMs: 300, logPushMs: 20 } })
  const [ana, ben] = made.members
  ok(await ana!.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  for (const size of [10, 20]) ok(await ana!.say({ ct: random(size) }))
  ok(await ben!.say({ ct: random(5) }))
  ok(await ana!.say({ ct: random(30) }))
  ok(await ana!.client.request('bb84_meta', { room: made.address, tag: 'KEY_DESTROYED' }))
  ok(await ana!.say({ ct: random(40) }))
  const { logs } = ok(await ana!.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  expect(logs.slice(-4).map((line) => line.message)).toEqual([
    `[MSG_RELAYED] seq=2 bytes=60 device=${ana!.id} epoch=1 count=3 last=5`,
    `[MSG_RELAYED] seq=4 bytes=5 device=${ben!.id} epoch=1`,
    `[KEY_DESTROYED] claimed_by=${ana!.id}`,
    `[MSG_RELAYED] seq=6 bytes=40 device=${ana!.id} epoch=1`,
  ])
})

it('[RL49] new lines of the log wait for frames to ride with, and leave alone after a while, each once', async () => {
  const made = await room(2, { limits: { logPushMs: 1_000_000 } })
  const [ana, ben] = made.members
  const pushed = () => ben!.client.events('room_logs').flatMap((event) => event.logs.map((line) => line.message))
  ok(await ana!.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  ok(await ana!.say())
  await quiet()
  expect(pushed().some((line) => line.startsWith('[MSG_RELAYED]'))).toBe(false)

  const other = await room(2, { limits: { logPushMs: 200 } })
  const [cleo, dan] = other.members
  ok(await cleo!.say({ ct: random(7) }))
  await dan!.client.next('room_logs', ({ logs }) => logs.some(({ message }) => message.includes('bytes=7 ')))
  ok(await cleo!.client.request('fetch_room_logs', { room: other.address, since_id: 0 }))
  const ids = dan!.client.events('room_logs').flatMap((event) => event.logs.map((line) => line.id))
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
})
