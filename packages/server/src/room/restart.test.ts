import { statSync } from 'node:fs'
import path from 'node:path'
import type { Incarnation, RelayEvents } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  type MemberAnswer,
  ok,
  pairId,
  random,
  relay,
  room,
  TestDevice,
} from '../../test/harness.ts'

it('[RL44] a restart keeps members, epochs and requests; numbers never go back, and nothing claims to be recovered', async () => {
  const made = await room(2)
  const [ana, ben] = made.members
  const pair = pairId()
  ok(await ana!.commit({ pair, epoch: 0, open: { to: ben!.id }, welcomes: [{ to: [ben!.id], ct: random(9) }] }))
  const newcomer = new TestDevice(made.address)
  const waiting = new Client(made.relay.url)
  ok(await waiting.join(newcomer, { joinKey: made.joinKey }))
  const request = random(77)
  ok(await waiting.request('announce_pubkey', { room: made.address, request }))
  let before = ok(await ana!.say())
  for (let i = 0; i < 5; i++) before = ok(await ana!.say())
  await made.relay.close()

  const { relay: second } = await relay({ databasePath: made.databasePath })
  const cursor = { inc: before.inc, seq: before.seq }
  const pairs = [{ pair, inc: before.inc as Incarnation, seq: 1 }]
  const answer = ok(await comeBack(second.url, ana!, { ...cursor, pairs })) as MemberAnswer
  expect(answer).toMatchObject({ state: 'member', epoch: ana!.epoch, recovered: false })
  expect(answer.pairs).toMatchObject([{ pair, epoch: 1, recovered: false }])
  expect(answer.inc).not.toBe(before.inc)
  expect(answer.firstSeq).toBe(answer.seq + 1)
  expect(answer.firstSeq).toBeGreaterThan(before.seq)
  const list = await ana!.client.next('pubkey_list', (l) => l.devices.length === 1)
  expect(list.devices.find((d) => d.device === newcomer.id)).toMatchObject({ request })

  // The counters of the epoch are forgotten; each device sets its own with its first frame.
  const after = ok(await ana!.say())
  expect(after).toEqual({ ok: true, inc: answer.inc, seq: answer.firstSeq })
  expect(await ana!.say({ n: 9 })).toMatchObject({ code: 'out-of-order', n: 7 })
  ok(await comeBack(second.url, ben!, { inc: after.inc, seq: after.seq }))
  expect(code(await ben!.say({ n: 0, epoch: ben!.epoch - 1 }))).toBe('stale-epoch')
  expect(code(await ben!.commit())).toBe('ok')
})

it('[RL94] a newcomer whose Welcome was lost with the relay gets the keys of all before the next one', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const device = new TestDevice(made.address)
  const client = new Client(made.relay.url)
  client.takesWelcomes = false
  ok(await client.join(device, { joinKey: made.joinKey }))
  ok(await client.request('announce_pubkey', { room: made.address, request: random(77) }))
  const { inc, seq } = ok(await ana.commit({ welcomes: [{ to: [device.id], ct: random(80) }] }))
  ok(await ben.ack(seq))
  await client.next('welcome')
  ana.epoch += 1
  await made.relay.close()

  const { relay: second } = await relay({ databasePath: made.databasePath })
  ok(await comeBack(second.url, ana, { inc, seq }))
  ok(await comeBack(second.url, ben, { inc, seq }))
  const back = new Client(second.url)
  expect(ok(await back.join(device, { joinKey: made.joinKey }))).toMatchObject({ state: 'member' })
  ok(await back.request('announce_pubkey', { room: made.address, request: random(77) }))
  // A member that has been in is welcomed anew as well, and has all keys already.
  ok(await ben.client.request('announce_pubkey', { room: made.address, request: random(77) }))
  await ana.client.next('user_list', ({ waiting }) => waiting.length === 2)
  ok(await ana.commit({ welcomes: [{ to: [device.id, ben.id], ct: random(80) }] }))
  const listed = ({ client: { received } }: { client: Client }) =>
    received
      .slice(
        0,
        received.findIndex(({ name }) => name === 'welcome'),
      )
      .filter(({ name }) => name === 'pubkey_list')
      .map(({ payload }) => (payload as RelayEvents['pubkey_list']).devices.length)
  await back.next('welcome', (welcome) => welcome.epoch === ana.epoch + 1)
  expect(Math.max(...listed({ client: back }))).toBe(3)
  await ben.client.next('welcome')
  expect(Math.max(...listed(ben))).toBeLessThan(3)
})

it('[RL45] a commit that was acknowledged is on disk: even a relay that was killed knows its epoch', async () => {
  const made = await room(1)
  const [ana] = made.members
  ok(await ana!.commit())
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(made.databasePath, { readOnly: true })
  expect(db.prepare("select epoch from streams where pair = ''").get()).toEqual({ epoch: 1 })
  expect(db.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
  db.close()
})

it('[RL46] the database belongs to its owner alone, and to one relay at a time', async () => {
  const { databasePath } = await relay()
  for (const file of [databasePath, `${databasePath}-wal`, `${databasePath}.lock`]) {
    expect(statSync(file).mode & 0o777).toBe(0o600)
  }
  await expect(relay({ databasePath })).rejects.toThrow('another relay is using this database')
  const nested = path.join(path.dirname(databasePath), 'a', 'b', 'qsec2.db')
  await relay({ databasePath: nested })
  expect(statSync(path.dirname(nested)).mode & 0o777).toBe(0o700)
})

it('[RL47] sequence numbers pass a mark only once the next one is on disk', async () => {
  const made = await room(1, { limits: { eventsAtOnce: 10_000 } })
  const [ana] = made.members
  let last = ok(await ana!.say())
  for (let i = 0; i < 11; i++) {
    const batch = await Promise.all(Array.from({ length: 100 }, () => ana!.say()))
    last = ok(batch.at(-1)!)
  }
  expect(last.seq).toBe(1_101)
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(made.databasePath, { readOnly: true })
  const { seq_mark } = db.prepare("select seq_mark from streams where pair = ''").get() as { seq_mark: number }
  db.close()
  expect(seq_mark).toBe(1_024)
})

it('[RL48] while the disk refuses, a commit has not happened and says so; messages go on; afterwards all is well', async () => {
  const made = await room(2)
  const [ana, ben] = made.members
  const { DatabaseSync } = await import('node:sqlite')
  const other = new DatabaseSync(made.databasePath)
  other.exec('begin immediate')
  const refused = ana!.commit()
  const { seq } = ok(await ben!.say())
  expect(code(await refused)).toBe('unavailable')
  expect((await fetch(`${made.relay.url}/readyz`)).status).toBe(503)
  other.exec('rollback')
  other.close()
  await ana!.client.next('encrypted_message', (frame) => frame.seq === seq)
  expect(ana!.client.events('commit').filter((commit) => commit.epoch === ana!.epoch)).toEqual([])
  expect(ok(await ana!.commit()).seq).toBe(seq + 1)
  expect((await fetch(`${made.relay.url}/readyz`)).status).toBe(200)
  const { logs } = ok(await ana!.client.request('fetch_room_logs', { room: made.address, since_id: 0 }))
  expect(logs.filter((line) => line.message.startsWith('[MSG_RELAYED]'))).toHaveLength(1)
})
