import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Base64Url, Incarnation } from '@qsec/protocol'
import { expect, it, onTestFinished } from 'vitest'
import {
  Client,
  closedAddress,
  code,
  comeBack,
  Member,
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
  until,
} from '../../test/harness.ts'

const soon = { keptPruneMs: 20, eraseMs: 20, keepSwitchMs: 0 }
const dayMs = 86_400_000

async function keepingRoom(size: number, limits = {}, options = {}): Promise<TestRoom> {
  const made = await room(size, { limits: { ...soon, ...limits }, ...options })
  expect(ok(await keep(made.members[0]!, 14))).toEqual({ ok: true, days: 14 })
  return made
}

/** The one member of another room at the same relay, which keeps nothing. */
async function memberElsewhere(made: TestRoom): Promise<Member> {
  const device = new TestDevice(closedAddress())
  const member = new Member(device, new Client(made.relay.url))
  ok(await member.client.join(device, { create: { joinKeys: [] } }))
  return member
}

const keep = (member: Member, days: number) => member.client.request('keep_sealed', { room: member.room, days })

/** Says `count` things at once; yields them in order, with their places. */
async function talk(member: Member, count: number) {
  const sent = Array.from({ length: count }, () => member.message())
  const answers = await Promise.all(sent.map((message) => member.client.request('encrypted_message', message)))
  return sent.map((message, i) => ({ ...message, ...ok(answers[i]!) }))
}

const has = (member: Member, at: { inc: Incarnation; seq: number }) =>
  member.client.request('have', { room: member.room, at: { inc: at.inc, seq: at.seq } })

/** Whether the bytes of `ct` stand in the database or its write-ahead log. */
function isOnDisk(databasePath: string, ct: Base64Url): boolean {
  const files = [databasePath, `${databasePath}-wal`].filter((file) => existsSync(file)).map((f) => readFileSync(f))
  const bytes = Buffer.from(ct, 'base64url')
  return files.some((file) =>
    [bytes, ct, bytes.toString('hex'), bytes.toString('base64')].some((as) => file.includes(as)),
  )
}

function count(databasePath: string, table: string): number {
  const db = new DatabaseSync(databasePath, { readOnly: true })
  const { n } = db.prepare(`select count(*) as n from ${table}`).get() as { n: number }
  db.close()
  return n
}

async function logOf(member: Member): Promise<string[]> {
  const { logs } = ok(await member.client.request('fetch_room_logs', { room: member.room, since_id: 0, limit: 500 }))
  return logs.map((line) => line.message)
}

const program = path.join(import.meta.dirname, '../../test/dying-relay.ts')

/** The room's relay as a process of its own, which the test kills. */
async function inProcess(made: TestRoom): Promise<{ url: string; kill: () => Promise<void> }> {
  await made.relay.close()
  const child = fork(program, [made.databasePath, '0'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [url] = (await once(child, 'message')) as [string]
  const exit = once(child, 'exit')
  return {
    url,
    kill: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}

it('[KS1] whoever was away while the relay was killed gets every message and commit, once and in order; the stream goes on', {
  timeout: 20_000,
}, async () => {
  const made = await keepingRoom(3)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const first = await talk(ana, 1)
  const cursor = { inc: first[0]!.inc, seq: first[0]!.seq }
  cleo.client.socket.disconnect()
  const before = await talk(ana, 40)
  const killed = await inProcess(made)
  for (const member of [ana, ben]) {
    expect(ok(await comeBack(killed.url, member, cursor))).toMatchObject({
      recovered: true,
      inc: cursor.inc,
      keeps: 14,
    })
  }
  const commits: { seq: number; id: string; ct: string }[] = []
  const said = [...before]
  for (let i = 0; i < 2; i++) {
    const event = ana.commitEvent()
    commits.push({ ...event, ...ok(await ana.client.request('commit', event)) })
    ok(await ben.ack(commits.at(-1)!.seq))
    await ana.client.next('commit_stands', ({ seq }) => seq === commits.at(-1)!.seq)
    for (const member of made.members) member.epoch += 1
    said.push(...(await talk(ben, 100)))
  }
  await killed.kill()

  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  const answer = ok(await comeBack(second.url, cleo, cursor)) as MemberAnswer
  const last = said.at(-1)!
  expect(answer).toMatchObject({ recovered: true, inc: cursor.inc, seq: last.seq, epoch: cleo.epoch, keeps: 14 })
  await cleo.client.next('encrypted_message', ({ seq }) => seq === last.seq)
  const frames = cleo.client.received.filter(({ name }) => name === 'encrypted_message' || name === 'commit')
  const got = frames.map(({ payload }) => payload as { seq: number; id: string; ct: string })
  const expected = [...said, ...commits].sort((one, other) => one.seq - other.seq)
  expect(got.map(({ seq, id, ct }) => ({ seq, id, ct }))).toEqual(expected.map(({ seq, id, ct }) => ({ seq, id, ct })))
  expect(cleo.client.events('commit_stands').map(({ seq }) => seq)).toEqual(commits.map(({ seq }) => seq))

  // The stream goes on where it was: the next number, the same counters, and no second place for what was said.
  const again = ok(await comeBack(second.url, ben, { inc: last.inc, seq: last.seq })) as MemberAnswer
  expect(again).toMatchObject({ recovered: true, seq: last.seq })
  const { inc: _, seq: __, ok: ___, ...repeated } = last
  expect(await ben.client.request('encrypted_message', repeated)).toEqual({ ok: true, inc: last.inc, seq: last.seq })
  expect(await ben.say({ n: 0 })).toMatchObject({ code: 'out-of-order', n: 100 })
  expect(ok(await ben.say()).seq).toBe(last.seq + 1)
})

it('[KS2] what every device has is gone from the database and its write-ahead log; what one lacks is there', async () => {
  const made = await keepingRoom(2)
  const [ana, ben] = made.members as [Member, Member]
  const [one, two] = await talk(ana, 2)
  expect([one, two].map((said) => isOnDisk(made.databasePath, said!.ct))).toEqual([true, true])
  ok(await has(ana, two!))
  await quiet()
  expect(isOnDisk(made.databasePath, one!.ct)).toBe(true)
  ok(await has(ben, one!))
  await until(() => !isOnDisk(made.databasePath, one!.ct))
  expect(isOnDisk(made.databasePath, two!.ct)).toBe(true)
  // A word for another life of the stream, or of something that was never there, deletes nothing.
  ok(await has(ben, { ...two!, inc: random(16) as string as Incarnation }))
  await quiet()
  expect(isOnDisk(made.databasePath, two!.ct)).toBe(true)
  ok(await has(ben, { ...two!, seq: 1_000_000 }))
  await until(() => !isOnDisk(made.databasePath, two!.ct))
  const [three] = await talk(ana, 1)
  ok(await has(ana, three!))
  await quiet()
  expect(isOnDisk(made.databasePath, three!.ct)).toBe(true)
})

it('[KS3] a room that did not ask for it has no ciphertext on disk, and is not recovered', async () => {
  const made = await room(2, { limits: soon })
  const [ana, ben] = made.members as [Member, Member]
  const [said] = await talk(ana, 1)
  expect(isOnDisk(made.databasePath, said!.ct)).toBe(false)
  ok(await has(ana, said!))
  await made.relay.close()
  expect(isOnDisk(made.databasePath, said!.ct)).toBe(false)
  const { relay: second } = await relay({ databasePath: made.databasePath })
  const answer = ok(await comeBack(second.url, ben, { inc: said!.inc, seq: said!.seq })) as MemberAnswer
  expect(answer).toMatchObject({ recovered: false })
  expect(answer.keeps).toBeUndefined()
})

it('[KS4] switching on keeps what waits in memory, switching off deletes everything; members hear it and the log says who', async () => {
  const made = await room(2, { limits: soon })
  const [ana, ben] = made.members as [Member, Member]
  const [early] = await talk(ana, 1)
  expect(ok(await keep(ben, 9))).toEqual({ ok: true, days: 9 })
  expect(await ana.client.next('keep_sealed')).toEqual({ room: made.address, days: 9 })
  expect(isOnDisk(made.databasePath, early!.ct)).toBe(true)
  const [late] = await talk(ana, 1)
  expect(ok(await keep(ana, 9)).days).toBe(9) // said again, nothing changes
  expect(ok(await keep(ana, 365)).days).toBe(30) // as long as the operator allows
  expect(ok(await keep(ana, 0)).days).toBe(0)
  await until(() => ![early, late].some((said) => isOnDisk(made.databasePath, said!.ct)))
  expect(ben.client.events('keep_sealed').map(({ days }) => days)).toEqual([9, 30, 0])
  for (const table of ['kept_streams', 'kept_frames', 'kept_devices']) expect(count(made.databasePath, table)).toBe(0)
  expect((await logOf(ana)).filter((line) => line.includes('KEEP_SEALED'))).toEqual([
    `[KEEP_SEALED_ON] days=9 device=${ben.id}`,
    `[KEEP_SEALED_ON] days=30 device=${ana.id}`,
    `[KEEP_SEALED_OFF] device=${ana.id}`,
  ])
})

it('[KS5] nobody outside switches it, nobody too often, and not where the operator keeps nothing', async () => {
  const made = await room(1, { limits: { ...soon, keepSwitchMs: 60_000 } })
  const [ana] = made.members as [Member]
  const stranger = new Client(made.relay.url)
  ok(await stranger.join(new TestDevice(made.address), { joinKey: made.joinKey }))
  for (const days of [14, 0]) {
    expect(code(await stranger.request('keep_sealed', { room: made.address, days }))).toBe('no-access')
  }
  expect(code(await keep(ana, 366))).toBe('bad-request')
  expect(code(await keep(ana, 14))).toBe('ok')
  expect(code(await keep(ana, 0))).toBe('rate-limited')
  await made.relay.close()
  const { relay: strict } = await relay({ databasePath: made.databasePath, limits: { ...soon, keepDaysAtMost: 0 } })
  const answer = ok(await comeBack(strict.url, ana)) as MemberAnswer
  expect(answer.keeps).toBeUndefined()
  expect(ok(await keep(ana, 14)).days).toBe(0)
  expect(count(made.databasePath, 'kept_streams')).toBe(0)
  expect(await logOf(ana)).toContain('[KEEP_SEALED_OFF] by=operator')
})

it('[KS6] frames end with their time, whoever lacks them, and the log counts them', async () => {
  let nowMs = Date.now()
  const made = await keepingRoom(2, { sweepMs: 30, ringAgeMs: 0 }, { now: () => nowMs })
  const [ana, ben] = made.members as [Member, Member]
  const [one] = await talk(ana, 3)
  nowMs += 10 * dayMs
  const [four] = await talk(ana, 1)
  nowMs += 5 * dayMs
  await until(() => !isOnDisk(made.databasePath, one!.ct))
  expect(isOnDisk(made.databasePath, four!.ct)).toBe(true)
  expect(await logOf(ana)).toContain('[KEPT_EXPIRED] count=4') // with the commit that let Ben in
  nowMs = Date.now() // logins go by the clock of the devices
  ben.client.socket.disconnect()
  const gap = ok(await comeBack(made.relay.url, ben, { inc: one!.inc, seq: one!.seq })) as MemberAnswer
  expect(gap).toMatchObject({ recovered: false, inc: one!.inc })
  ben.client.socket.disconnect()
  const whole = ok(await comeBack(made.relay.url, ben, { inc: one!.inc, seq: four!.seq - 1 })) as MemberAnswer
  expect(whole).toMatchObject({ recovered: true })
  expect(await ben.client.next('encrypted_message')).toMatchObject({ seq: four!.seq, ct: four!.ct })
})

it('[KS7] over the bound of a room its oldest frames go, and who lacks them is told of the gap', async () => {
  const made = await keepingRoom(2, { keptBytesPerRoom: 20_000, ringAgeMs: 0, sweepMs: 20 })
  const [ana, ben] = made.members as [Member, Member]
  const said = await talk(ana, 100)
  // They go in a transaction of their own, after the one that took the last frames in.
  await until(() => count(made.databasePath, 'kept_frames') < 75)
  expect(count(made.databasePath, 'kept_frames')).toBeGreaterThan(50)
  expect((await logOf(ana)).some((line) => line.startsWith('[KEPT_DROPPED] count='))).toBe(true)
  await quiet(80)
  const { inc } = said[0]!
  expect(ok(await comeBack(made.relay.url, ben, { inc, seq: said[0]!.seq }))).toMatchObject({ recovered: false })
  expect(ok(await comeBack(made.relay.url, ben, { inc, seq: said[70]!.seq }))).toMatchObject({ recovered: true })
})

it('[KS8] over the bound of all rooms the room that has most gives way', async () => {
  const made = await keepingRoom(1, { keptBytesInAll: 30_000 })
  const [ana] = made.members as [Member]
  const little = await talk(ana, 3)
  const other = await memberElsewhere(made)
  ok(await keep(other, 14))
  await talk(other, 150)
  await until(() => count(made.databasePath, 'kept_frames') < 130)
  expect(isOnDisk(made.databasePath, little[0]!.ct)).toBe(true)
})

it('[KS9] while the disk is full nothing is acknowledged, handed out or numbered, and other rooms go on; then all is well', async () => {
  const made = await keepingRoom(2, { databasePages: 150, eventsAtOnce: 10_000 })
  const [ana, ben] = made.members as [Member, Member]
  const elsewhere = await memberElsewhere(made)
  const stuff = () => random(30_000)
  let last = ok(await ana.say({ ct: stuff() }))
  let refused = ana.message({ ct: stuff() })
  for (;;) {
    const answer = await ana.client.request('encrypted_message', refused)
    if (!answer.ok) break
    last = answer
    refused = ana.message({ ct: stuff() })
  }
  expect(code(await ana.client.request('encrypted_message', refused))).toBe('unavailable')
  await quiet()
  expect(ben.client.events('encrypted_message').at(-1)!.seq).toBe(last.seq)
  expect(code(await elsewhere.say())).toBe('ok')
  // Both say that they have it all: its pages are free again.
  for (const member of [ana, ben]) ok(await has(member, last))
  await until(() => count(made.databasePath, 'kept_frames') === 0)
  expect(ok(await ana.client.request('encrypted_message', refused)).seq).toBe(last.seq + 1)
  await ben.client.next('encrypted_message', ({ seq }) => seq === last.seq + 1)
})

it('[PP45] what waits for the disk is bounded: more is refused for now, and the room goes on', async () => {
  const { members } = await keepingRoom(2, { keptWaitingBytesPerRoom: 40_000 })
  const [ana, ben] = members as [Member, Member]
  const sent = Array.from({ length: 30 }, () => ana.message({ ct: random(6_000) }))
  const answers = await Promise.all(sent.map((message) => ana.client.request('encrypted_message', message)))
  const codes = answers.map(code)
  expect(codes.filter((one) => one === 'ok').length).toBeGreaterThan(3)
  expect(codes).toContain('unavailable')
  expect(new Set(codes)).toEqual(new Set(['ok', 'unavailable', 'out-of-order']))
  const taken = codes.indexOf('unavailable')
  for (const message of sent.slice(taken)) {
    expect(code(await ana.client.request('encrypted_message', message))).toBe('ok')
  }
  await until(() => ben.client.events('encrypted_message').length === sent.length)
})

it('[KS10] a failed write refuses every message of its group alike; sent again they have their places', async () => {
  const made = await keepingRoom(2)
  const [ana, ben] = made.members as [Member, Member]
  const lock = new DatabaseSync(made.databasePath)
  lock.exec('begin immediate')
  const messages = Array.from({ length: 5 }, () => ana.message())
  const twin = messages[4]!
  const answers = [...messages, twin].map((message) => ana.client.request('encrypted_message', message))
  expect((await Promise.all(answers)).map(code)).toEqual(Array(6).fill('unavailable'))
  lock.exec('rollback')
  lock.close()
  const again = await Promise.all([...messages, twin].map((one) => ana.client.request('encrypted_message', one)))
  const places = again.map((answer) => ok(answer).seq)
  expect(places.slice(0, 5)).toEqual(places.slice(0, 5).map((_, i) => places[0]! + i))
  expect(places[5]).toBe(places[4])
  await ben.client.next('encrypted_message', ({ seq }) => seq === places[4])
  expect(ben.client.events('encrypted_message')).toHaveLength(5)
})

it('[KS11] a newcomer whose Welcome went down with the relay finds it on disk, and what was said since', async () => {
  const made = await keepingRoom(2)
  const [ana, ben] = made.members as [Member, Member]
  const [stood, pending] = [new TestDevice(made.address), new TestDevice(made.address)]
  const cts = [random(300), random(300)] as [Base64Url, Base64Url]
  const seqs: number[] = []
  let inc = '' as Incarnation
  for (const [i, device] of [stood, pending].entries()) {
    const client = new Client(made.relay.url)
    ok(await client.join(device, { joinKey: made.joinKey }))
    ok(await client.request('announce_pubkey', { room: made.address, request: random(90) }))
    client.takesWelcomes = false
    client.socket.disconnect()
    // One of them names a device that never asked: nobody keeps anything for it once the commit stands.
    const to = i === 0 ? [device.id, new TestDevice(made.address).id] : [device.id]
    const answer = ok(await ana.commit({ welcomes: [{ to, ct: cts[i]! }], bundles: [device.bundle] }))
    seqs.push(answer.seq)
    inc = answer.inc
    if (i === 0) ok(await ben.ack(answer.seq))
    if (i === 0) await ana.client.next('commit_stands', ({ seq }) => seq === answer.seq)
    for (const member of made.members) member.epoch += 1
  }
  await until(() => count(made.databasePath, 'kept_invited') === 2)
  const killed = { databasePath: made.databasePath }
  await made.relay.close()
  const { relay: second } = await relay({ ...killed, limits: soon })
  for (const [i, device] of [stood, pending].entries()) {
    const client = new Client(second.url)
    ok(await client.join(device, { joinKey: made.joinKey }))
    const welcome = await client.next('welcome')
    expect(welcome).toMatchObject({ inc, seq: seqs[i], ct: cts[i], from: ana.id })
    const joined = ok(await client.request('join', { room: made.address, inc, seq: welcome.seq })) as MemberAnswer
    expect(joined).toMatchObject({ state: 'member', recovered: true })
  }
  await until(() => count(made.databasePath, 'kept_welcomes') === 0)
})

it('[RL89] after a restart, too, announcing what a Welcome on disk answers asks for nothing new', async () => {
  const made = await keepingRoom(1)
  const [ana] = made.members as [Member]
  const device = new TestDevice(made.address)
  const client = new Client(made.relay.url)
  client.takesWelcomes = false
  ok(await client.join(device, { joinKey: made.joinKey }))
  const request = random(90)
  ok(await client.request('announce_pubkey', { room: made.address, request }))
  ok(await ana.commit({ welcomes: [{ to: [device.id], ct: random(300) }], bundles: [device.bundle] }))
  await client.next('welcome')
  await made.relay.close()
  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  ok(await comeBack(second.url, ana))
  const back = new Client(second.url)
  back.takesWelcomes = false
  ok(await back.join(device, { joinKey: made.joinKey }))
  await back.next('welcome')
  ok(await back.request('announce_pubkey', { room: made.address, request }))
  await quiet(100)
  expect(ana.client.events('user_list').at(-1)).toMatchObject({ waiting: [] })
  ok(await back.request('announce_pubkey', { room: made.address, request: random(91) }))
  await ana.client.next('user_list', (list) => list.waiting.includes(device.id))
})

it('[KS12] a commit that did not stand when the relay went down stands; one that was withdrawn stays so', async () => {
  const made = await keepingRoom(2)
  const [ana, ben] = made.members as [Member, Member]
  const [start] = await talk(ana, 1)
  const refused = ana.commitEvent()
  const { seq } = ok(await ana.client.request('commit', refused))
  ok(await ben.nack({ seq, epoch: refused.epoch, ct: refused.ct }))
  await ana.client.next('commit_nack')
  const taken = ben.commitEvent()
  const place = ok(await ben.client.request('commit', taken))
  await made.relay.close()
  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  const cursor = { inc: start!.inc, seq: start!.seq }
  expect(ok(await comeBack(second.url, ana, cursor))).toMatchObject({ recovered: true, epoch: taken.epoch + 1 })
  expect(await ana.client.next('commit_nack')).toMatchObject({ seq })
  expect(await ana.client.next('commit_stands')).toMatchObject({ seq: place.seq })
  ok(await comeBack(second.url, ben, cursor))
  expect(await ben.client.request('commit', taken)).toEqual(place)
})

it('[KS13] pairs of the room are kept like it, frames of BB84 with them', async () => {
  const made = await keepingRoom(2)
  const [ana, ben] = made.members as [Member, Member]
  const pair = pairId()
  const opening = { pair, epoch: 0, open: { to: ben.id }, welcomes: [{ to: [ben.id], ct: random(60) }] }
  ben.client.takesWelcomes = false
  const { inc, seq } = ok(await ana.client.request('commit', ana.commitEvent(opening)))
  const sent: { ct: Base64Url; seq: number }[] = []
  for (const n of [0, 1]) {
    const event = { room: made.address, pair, id: messageId(), epoch: 1, n, ct: random(60), to: ben.id }
    sent.push({ ct: event.ct, ...ok(await ana.client.request(n ? 'roomkey_share' : 'bb84_relay', event)) })
  }
  await made.relay.close()
  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  const back = ok(await comeBack(second.url, ben, { pairs: [{ pair, inc, seq }] })) as MemberAnswer
  expect(back.pairs).toMatchObject([{ pair, inc, epoch: 1, recovered: true }])
  expect(await ben.client.next('bb84_message')).toMatchObject({ seq: sent[0]!.seq, ct: sent[0]!.ct })
  expect(await ben.client.next('roomkey_share')).toMatchObject({ seq: sent[1]!.seq, ct: sent[1]!.ct })
  ok(await comeBack(second.url, ana, { pairs: [{ pair, inc, seq: sent[1]!.seq }] }))
  const at = { pair, inc, seq: sent[1]!.seq }
  for (const member of [ana, ben]) ok(await member.client.request('have', { room: made.address, pairs: [at] }))
  await until(() => !sent.some(({ ct }) => isOnDisk(made.databasePath, ct)))
})

it('[KS14] with frames missing in the midst the stream begins anew, as it would without them, and the log says so', async () => {
  const made = await keepingRoom(1)
  const [ana] = made.members as [Member]
  const said = await talk(ana, 5)
  await made.relay.close()
  const db = new DatabaseSync(made.databasePath)
  db.exec(`delete from kept_frames where seq = ${said[2]!.seq}`)
  db.close()
  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  const answer = ok(await comeBack(second.url, ana, { inc: said[0]!.inc, seq: said[0]!.seq })) as MemberAnswer
  expect(answer).toMatchObject({ recovered: false, keeps: 14 })
  expect(answer.inc).not.toBe(said[0]!.inc)
  expect(answer.firstSeq).toBeGreaterThan(said[4]!.seq)
  expect(await logOf(ana)).toContain('[KEPT_LOST] count=4')
  const [next] = await talk(ana, 1)
  await second.close()
  const { relay: third } = await relay({ databasePath: made.databasePath, limits: soon })
  const cursor = { inc: answer.inc, seq: next!.seq - 1 }
  expect(ok(await comeBack(third.url, ana, cursor))).toMatchObject({ recovered: true, inc: answer.inc })
})

it('[KS17] an older copy of the database in its place begins every kept stream anew, above the numbers that were given out', async () => {
  const made = await keepingRoom(1)
  const [ana] = made.members as [Member]
  const early = await talk(ana, 2)
  const backup = path.join(path.dirname(made.databasePath), 'backup.db')
  const db = new DatabaseSync(made.databasePath)
  db.exec(`vacuum into '${backup}'`)
  db.close()
  await made.relay.close()
  // A restart alone changes nothing: the stream goes on.
  const { relay: second } = await relay({ databasePath: made.databasePath, limits: soon })
  const cursor = { inc: early[0]!.inc, seq: early[0]!.seq }
  expect(ok(await comeBack(second.url, ana, cursor))).toMatchObject({ recovered: true, inc: cursor.inc })
  const [late] = await talk(ana, 1)
  await second.close()
  copyFileSync(backup, made.databasePath)
  const { relay: third } = await relay({ databasePath: made.databasePath, limits: soon })
  const answer = ok(await comeBack(third.url, ana, { inc: late!.inc, seq: late!.seq })) as MemberAnswer
  expect(answer).toMatchObject({ recovered: false, keeps: 14 })
  expect(answer.inc).not.toBe(late!.inc)
  expect(answer.firstSeq).toBeGreaterThan(late!.seq)
  expect((await logOf(ana)).some((line) => line.startsWith('[KEPT_LOST]'))).toBe(true)
})

it('[KS15] who leaves or is removed holds nothing up, and with the room everything goes', async () => {
  const made = await keepingRoom(3)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const [said] = await talk(ana, 1)
  ok(await has(ana, said!))
  ok(await ben.client.request('leave', { room: made.address }))
  await quiet()
  expect(isOnDisk(made.databasePath, said!.ct)).toBe(true)
  ok(await ana.commit({ removed: [cleo.id] }))
  await until(() => !isOnDisk(made.databasePath, said!.ct))
  ana.epoch += 1
  const [last] = await talk(ana, 1)
  expect(isOnDisk(made.databasePath, last!.ct)).toBe(true)
  ok(await ana.client.request('leave', { room: made.address }))
  await until(() => !isOnDisk(made.databasePath, last!.ct))
  for (const table of ['kept_streams', 'kept_frames', 'kept_devices']) expect(count(made.databasePath, table)).toBe(0)
})
