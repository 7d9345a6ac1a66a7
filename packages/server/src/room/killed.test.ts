import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Answer, type CommitEvent, type Incarnation, type Ordered, toBase64Url } from '@qsec/protocol'
import { expect, it, onTestFinished } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  type MemberAnswer,
  messageId,
  ok,
  pairId,
  quiet,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
} from '../../test/harness.ts'

const program = path.join(import.meta.dirname, '../../test/dying-relay.ts')

/** `committer` sends `event` to a relay that dies once its epoch is on disk. Resolves with the place that it had. */
async function commitAndKill(made: TestRoom, committer: Member, event: CommitEvent): Promise<Ordered> {
  await made.relay.close()
  const child = fork(program, [made.databasePath, '0'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  const [url] = (await once(child, 'message')) as [string]
  const joined = new Map<Member, MemberAnswer>()
  for (const member of made.members) joined.set(member, ok(await comeBack(url, member)) as MemberAnswer)
  child.send('arm')
  await once(child, 'message')
  const answer = committer.client.request('commit', event).catch(() => undefined)
  expect(await exit).toEqual([null, 'SIGKILL'])
  expect(await answer).toBeUndefined()
  for (const { client } of made.members) expect(client.events('commit')).toEqual([])
  const { inc, seq } = joined.get(committer)!
  return { inc, seq: seq + 1 }
}

function isStale(answer: Answer<unknown>): void {
  expect(code(answer)).toBe('stale-epoch')
}

it('[KN30] after a relay died between the disk and the wire, its committer learns the place of the commit, and a room of three goes on', async () => {
  const made = await room(3)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const event = ana.commitEvent()
  const place = await commitAndKill(made, ana, event)

  const { relay: second } = await relay({ databasePath: made.databasePath })
  for (const member of made.members) {
    const answer = ok(await comeBack(second.url, member)) as MemberAnswer
    expect(answer).toMatchObject({ state: 'member', epoch: event.epoch + 1, recovered: false })
    expect(answer.inc).not.toBe(place.inc)
    expect(answer.firstSeq).toBeGreaterThan(place.seq)
  }
  // Nobody else can claim it, and nobody gets it by another name.
  isStale(await ben.client.request('commit', event))
  isStale(await ana.client.request('commit', { ...event, id: messageId() }))
  isStale(await ana.client.request('commit', { ...event, epoch: event.epoch - 1 }))
  for (let i = 0; i < 2; i++) expect(await ana.client.request('commit', event)).toEqual({ ok: true, ...place })
  await quiet()
  expect(ben.client.events('commit')).toEqual([])

  ana.epoch += 1
  expect(code(await ana.say())).toBe('ok')
  for (const member of [ben, cleo]) {
    isStale(await member.say({ n: 0 }))
    ok(await member.client.request('announce_pubkey', { room: made.address, request: random(90) }))
  }
  const welcomes = [{ to: [ben.id, cleo.id], ct: random(400) }]
  const next = ok(await ana.commit({ welcomes, bundles: [ben.device.bundle, cleo.device.bundle] }))
  ana.epoch += 1
  for (const member of [ben, cleo]) {
    const welcome = await member.client.next('welcome')
    const cursor = { inc: welcome.inc as Incarnation, seq: welcome.seq }
    expect(ok(await member.client.request('join', { room: made.address, ...cursor }))).toMatchObject({
      recovered: true,
    })
    member.epoch = welcome.epoch
  }
  await ana.client.next('commit_stands', (verdict) => verdict.seq === next.seq)
  for (const member of made.members) {
    const { seq } = ok(await member.say())
    for (const { client } of made.members) await client.next('encrypted_message', (frame) => frame.seq === seq)
  }
  isStale(await ana.client.request('commit', event))
})

it('[KN35] with the retry come the Welcomes that were lost, for who still asks, by a link or by knocking', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const [cleo, dora, eve] = [1, 2, 3].map(() => new TestDevice(made.address)) as [TestDevice, TestDevice, TestDevice]
  for (const device of [cleo, dora, eve]) {
    const client = new Client(made.relay.url)
    ok(await client.join(device, device === dora ? { knock: true } : { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(90) }))
    await ana.client.next('user_list', (list) => list.waiting.includes(device.id))
  }
  const welcomes = [{ to: [cleo.id, dora.id, eve.id], ct: random(80) }]
  const event = ana.commitEvent({ welcomes, bundles: [cleo.bundle, dora.bundle, eve.bundle] })
  const place = await commitAndKill(made, ana, event)

  const { relay: second } = await relay({ databasePath: made.databasePath })
  for (const member of [ana, ben]) ok(await comeBack(second.url, member))
  const [byLink, byKnock, gone] = [new Client(second.url), new Client(second.url), new Client(second.url)]
  ok(await byLink.join(cleo, { joinKey: made.joinKey }))
  ok(await byKnock.join(dora, { knock: true }))
  ok(await gone.join(eve, { joinKey: made.joinKey }))
  ok(await gone.request('leave', { room: made.address }))
  isStale(await ben.client.request('commit', event))
  await quiet()
  expect([byLink, byKnock].flatMap((client) => client.events('welcome'))).toEqual([])

  for (let i = 0; i < 2; i++) expect(await ana.client.request('commit', event)).toEqual({ ok: true, ...place })
  for (const client of [byLink, byKnock]) {
    expect(await client.next('welcome')).toMatchObject({ ...place, from: ana.id, epoch: event.epoch + 1 })
    const joined = ok(await client.request('join', { room: made.address, ...place }))
    expect(joined).toMatchObject({ state: 'member', epoch: event.epoch + 1, recovered: false })
  }
  await ana.client.next('user_list', (list) => list.members.length === 4 && list.waiting.length === 0)
  await quiet()
  expect([byLink, byKnock, gone].map((client) => client.events('welcome').length)).toEqual([1, 1, 0])
  const hashes = [toBase64Url(eve.credential)]
  const { bundles } = ok(await ben.client.request('fetch_bundles', { room: made.address, hashes }))
  expect(bundles, 'of who gave up and is in the tree').toEqual([eve.bundle])
})

it('[KN31] so it is with the commit that begins a pair', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const pair = pairId()
  const opening = { pair, epoch: 0, open: { to: ben.id }, welcomes: [{ to: [ben.id], ct: random(9) }] }
  const event = ana.commitEvent(opening)
  const place = await commitAndKill(made, ana, event)
  const { relay: second } = await relay({ databasePath: made.databasePath })
  for (const member of made.members) ok(await comeBack(second.url, member))
  isStale(await ben.client.request('commit', { ...event, open: { to: ana.id }, welcomes: [] }))
  const answer = ok(await ana.client.request('commit', event))
  expect(answer).toMatchObject({ seq: 1 })
  expect(answer.inc).not.toBe(place.inc) // a stream of its own
})

it('[KN32] it is known beyond withdrawn commits and new marks, until the epoch is over', async () => {
  const made = await room(2, { limits: { eventsAtOnce: 10_000 } })
  const [ana, ben] = made.members as [Member, Member]
  const event = ana.commitEvent()
  const { inc, seq } = ok(await ana.client.request('commit', event))
  ok(await ben.ack(seq))
  await ana.client.next('commit_stands', (verdict) => verdict.seq === seq)
  for (const member of [ana, ben]) member.epoch += 1
  for (let i = 0; i < 11; i++) await Promise.all(Array.from({ length: 100 }, () => ana.say()))
  const withdrawn = ben.commitEvent()
  const refused = ok(await ben.client.request('commit', withdrawn))
  ok(await ana.nack({ seq: refused.seq, epoch: withdrawn.epoch, ct: withdrawn.ct }))
  await ben.client.next('commit_nack')
  await made.relay.close()

  const { relay: second } = await relay({ databasePath: made.databasePath })
  for (const member of [ana, ben]) ok(await comeBack(second.url, member))
  expect(await ana.client.request('commit', event)).toEqual({ ok: true, inc, seq })
  // The withdrawn one is not the epoch's; after the restart it can be made again.
  expect(ok(await ben.client.request('commit', withdrawn)).inc).not.toBe(inc)
  isStale(await ana.client.request('commit', event))
})

it('[KN33] a database of before is taken over: it knows its epochs, and no commit that began one', async () => {
  const made = await room(2)
  const [ana, ben] = made.members as [Member, Member]
  const event = ana.commitEvent()
  ok(await ana.client.request('commit', event))
  ok(await ben.client.request('announce_pubkey', { room: made.address, request: random(20) }))
  await made.relay.close()
  const old = new DatabaseSync(made.databasePath)
  for (const column of ['commit_device', 'commit_id', 'commit_inc', 'commit_seq', 'devices']) {
    old.exec(`alter table streams drop column ${column}`)
  }
  old.exec('alter table join_requests drop column kind')
  for (const column of ['keep_days', 'restored', 'astray']) old.exec(`alter table rooms drop column ${column}`)
  old.exec('drop table lives')
  old.exec('drop table push_subscriptions')
  for (const table of ['streams', 'frames', 'devices', 'invited', 'welcomes']) old.exec(`drop table kept_${table}`)
  old.exec("delete from kysely_migration where name > '001-rooms'")
  old.close()

  const { relay: second } = await relay({ databasePath: made.databasePath })
  for (const member of [ana, ben]) {
    expect(ok(await comeBack(second.url, member))).toMatchObject({ state: 'member', epoch: event.epoch + 1 })
  }
  await ana.client.next('user_list', (list) => list.waiting.includes(ben.id))
  isStale(await ana.client.request('commit', event))
  ana.epoch += 1
  const next = ana.commitEvent()
  const { inc, seq } = ok(await ana.client.request('commit', next))
  await second.close()
  const { relay: third } = await relay({ databasePath: made.databasePath })
  ok(await comeBack(third.url, ana))
  expect(await ana.client.request('commit', next)).toEqual({ ok: true, inc, seq })
})
