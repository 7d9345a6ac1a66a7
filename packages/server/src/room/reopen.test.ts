/** A relay that was set back to a backup, and members who know more. */
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Base64Url, DeviceId, Incarnation, PairId, Reopen } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  type MemberAnswer,
  ok,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
} from '../../test/harness.ts'
import { backUp, restore } from '../store/backup.ts'

const nowMs = Date.UTC(2026, 10, 23, 14, 0, 0)

/** A room of three whose relay is set back to epoch `from`, with its members in a later one and nobody connected. */
async function setBack({ epochs = 3, before }: { epochs?: number; before?: (made: TestRoom) => Promise<void> } = {}) {
  const made = await room(3)
  await before?.(made)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const file = path.join(path.dirname(made.databasePath), 'backup.db')
  expect(await backUp(made.databasePath, file)).toMatchObject({ ok: true })
  const from = ana.epoch
  for (let epoch = from; epoch < from + epochs; epoch++) {
    const { seq } = ok(await ana.commit({ epoch }))
    ok(await ben.ack(seq))
  }
  const last = ok(await ana.say({ epoch: from + epochs, n: 0 }))
  await made.relay.close()
  expect(await restore(made.databasePath, file, nowMs)).toMatchObject({ ok: true })
  const start = async () => (await relay({ databasePath: made.databasePath, limits: { restoredHoldMs: 0 } })).relay
  const cursor = { inc: last.inc, seq: last.seq }
  const members = made.members.map(({ id }) => id)
  const claim = (change: Partial<Reopen> = {}): Reopen => ({
    room: made.address,
    epoch: from + epochs,
    ...cursor,
    members,
    bundles: [],
    joinKeys: [],
    ...change,
  })
  return { ...made, ana, ben, cleo, from, cursor, claim, start, running: await start() }
}

const reopen = (member: Member, claim: Reopen) => member.client.request('reopen', claim)
const back = async (url: string, member: Member, at: { inc: Incarnation; seq: number }) =>
  ok(await comeBack(url, member, at)) as MemberAnswer

it('[RB3] a member that knows a later epoch moves the room there, above every number that it names', async () => {
  const { ana, ben, from, cursor, claim, running } = await setBack()
  const told = await back(running.url, ana, cursor)
  expect(told).toMatchObject({ epoch: from, restored: from })
  expect(ok(await reopen(ana, claim({ seq: told.seq + 9_000 })))).toMatchObject({ lacks: [] })
  const after = await back(running.url, ben, cursor)
  expect(after).toMatchObject({ epoch: from + 3, restored: from + 3, recovered: false })
  expect(after.inc).not.toBe(told.inc)
  expect(after.firstSeq).toBeGreaterThan(told.seq + 9_000)
  expect(ok(await ben.say({ epoch: from + 3, n: 0 })).seq).toBe(after.firstSeq)
})

it('[RB4] nobody is moved back, or anywhere by a relay that was not set back', async () => {
  const { ana, ben, from, cursor, claim, running, databasePath } = await setBack()
  await back(running.url, ana, cursor)
  expect(code(await reopen(ana, claim({ epoch: from })))).toBe('stale-epoch')
  ok(await reopen(ana, claim()))
  const { inc, seq } = await back(running.url, ben, cursor)
  for (const epoch of [from, from + 2, from + 3]) expect(code(await reopen(ben, claim({ epoch })))).toBe('stale-epoch')
  // From the present life nothing is to be said that the relay does not know.
  expect(code(await reopen(ben, claim({ epoch: from + 9, inc, seq })))).toBe('stale-epoch')
  // Two persons who talk show that they are where the room is.
  await back(running.url, ana, { inc, seq })
  ok(await ana.say({ epoch: from + 3, n: 0 }))
  expect((await back(running.url, ben, { inc, seq })).restored).toBe(from + 3)
  ok(await ben.say({ epoch: from + 3, n: 0 }))
  expect((await back(running.url, ben, { inc, seq })).restored).toBeUndefined()
  expect(code(await reopen(ben, claim({ epoch: from + 9 })))).toBe('stale-epoch')
  await running.close()
  const { relay: again } = await relay({ databasePath })
  expect((await back(again.url, ana, cursor)).restored).toBeUndefined()
  expect(code(await reopen(ana, claim({ epoch: from + 9 })))).toBe('stale-epoch')
})

it('[RB5] that it was set back is known after a further restart, and which lives were given up', async () => {
  const { ana, ben, from, cursor, claim, running, start } = await setBack()
  const first = await back(running.url, ben, cursor)
  ok(await ben.commit({ epoch: from })) // away since before the backup: it goes on from there
  await running.close()
  const second = await start()
  const told = await back(second.url, ana, cursor)
  expect(told).toMatchObject({ epoch: from + 1, restored: from })
  ok(await reopen(ana, claim()))
  const { inc, seq } = told
  expect(await back(second.url, ben, { inc, seq })).toMatchObject({ epoch: from + 3, astray: true })
  expect((await back(second.url, ana, cursor)).astray).toBeUndefined()
  expect(first.inc).not.toBe(inc)
  await second.close()
  const third = await start()
  expect(await back(third.url, ben, { inc, seq })).toMatchObject({ epoch: from + 3, restored: from + 3, astray: true })
})

it('[RB6] the members are those of the claim: who came since the backup is asked for and let in, who went is out', async () => {
  const { ana, ben, cleo, cursor, claim, running, address } = await setBack()
  const dan = new TestDevice(address)
  await back(running.url, cleo, cursor)
  await back(running.url, ana, cursor)
  const members = [ana.id, ben.id, dan.id]
  expect(ok(await reopen(ana, claim({ members }))).lacks).toEqual([dan.id])
  expect((await back(running.url, ben, cursor)).restored).toBe(claim().epoch - 3) // nothing was done
  const foreign = new TestDevice(random(16) as string as typeof address)
  for (const bundles of [[foreign.bundle], [random(40)]]) {
    expect(code(await reopen(ana, claim({ members, bundles: bundles as Base64Url[] })))).toBe('bad-request')
  }
  expect(ok(await reopen(ana, claim({ members, bundles: [dan.bundle] }))).lacks).toEqual([])
  expect(code(await comeBack(running.url, cleo, cursor))).toBe('no-access')
  expect((await back(running.url, ben, cursor)).epoch).toBe(claim().epoch)
})

it('[RL95] what was asked at the time of the backup is over for who is inside, and who is out keeps no stream with others and no keys', async () => {
  const devices: TestDevice[] = []
  const { ana, ben, cleo, cursor, claim, running, start, databasePath } = await setBack({
    before: async ({ relay: { url }, address, joinKey, members }) => {
      const [first, , third] = members as [Member, Member, Member]
      for (const rest of [{ joinKey }, { knock: true as const }]) {
        const device = new TestDevice(address)
        devices.push(device)
        const client = new Client(url)
        ok(await client.join(device, rest))
        ok(await client.request('announce_pubkey', { room: address, request: random(50) }))
        await first.client.next('user_list', ({ waiting }) => waiting.includes(device.id))
      }
      // Somebody who goes after the backup: it asks to be let back in, and somebody has a stream with it.
      ok(await third.client.request('announce_pubkey', { room: address, request: random(51), lastResort: random(52) }))
      const pair = random(16) as string as PairId
      ok(await first.commit({ pair, epoch: 0, open: { to: third.id }, welcomes: [{ to: [third.id], ct: random(9) }] }))
    },
  })
  const rows = () => {
    const db = new DatabaseSync(databasePath, { readOnly: true })
    const count = (of: string) => Number(db.prepare(`select count(*) as n from ${of}`).get()!.n)
    const counted = ['join_requests', 'key_packages', "streams where pair <> ''"].map(count)
    db.close()
    return counted
  }
  const [dan, eve] = devices as [TestDevice, TestDevice]
  await back(running.url, ana, cursor)
  await ana.client.next('user_list', ({ waiting }) => waiting.length === 3)
  expect(rows()).toEqual([3, 1, 1])
  const members = [ana.id, ben.id, dan.id, eve.id]
  expect(ok(await reopen(ana, claim({ members, bundles: [dan.bundle, eve.bundle] })))).toMatchObject({ lacks: [] })
  expect(rows()).toEqual([0, 0, 0])
  await back(running.url, ben, cursor)
  const seen = await ben.client.next('user_list')
  expect(seen.waiting).toEqual([])
  expect(seen.members.map(({ device }) => device).sort()).toEqual([...members].sort())
  expect((await ben.client.next('pubkey_list')).devices).toEqual([])
  expect(code(await comeBack(running.url, cleo, cursor))).toBe('no-access')
  await running.close()
  const second = await start()
  await back(second.url, ben, cursor)
  expect((await ben.client.next('user_list')).waiting).toEqual([])
})

it('[RB7] a claim that no member can mean is refused', async () => {
  const { ana, ben, cursor, claim, running } = await setBack()
  await back(running.url, ana, cursor)
  const bad: Partial<Reopen>[] = [
    { members: [ben.id] },
    { members: [ana.id, ana.id] },
    { seq: 2 ** 40 },
    { members: [ana.id, ...Array.from({ length: 1_990 }, () => random(16) as string as DeviceId)] },
  ]
  for (const change of bad)
    expect(code(await reopen(ana, claim(change))), JSON.stringify(change).slice(0, 40)).toBe('bad-request')
})

it('[RB8] for a moment nothing is taken into the stream, so that those who know more come first', async () => {
  const { ana, cursor, running, databasePath, from } = await setBack()
  await running.close()
  const { relay: slow } = await relay({ databasePath, limits: { restoredHoldMs: 400 } })
  await back(slow.url, ana, cursor)
  expect(code(await ana.say({ epoch: from, n: 0 }))).toBe('unavailable')
  expect(code(await ana.commit({ epoch: from }))).toBe('unavailable')
  await expect.poll(async () => code(await ana.say({ epoch: from, n: 0 })), { timeout: 5_000 }).toBe('ok')
})
