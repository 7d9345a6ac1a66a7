import {
  type ClientEvents,
  type DeviceId,
  fromBase64Url,
  type PairId,
  parseJoinAnswer,
  toBase64Url,
} from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  type MemberAnswer,
  messageId,
  noInc,
  ok,
  pairId,
  quiet,
  random,
  relay,
  room,
  TestDevice,
  type TestRoom,
} from '../../test/harness.ts'
import { readIdentity } from './identity.ts'

interface Two extends TestRoom {
  ana: Member
  ben: Member
  /** Ben's second device. */
  phone: Member
  cleo: Member
}

/** A room of Ana, Ben with two devices, and Cleo. */
async function two(options: Parameters<typeof room>[1] = {}): Promise<Two> {
  const made = await room(3, options)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const phone = await made.admit(new TestDevice(made.address, { person: ben.device.person }))
  return { ...made, ana, ben, cleo, phone }
}

const welcomesFor = (devices: readonly DeviceId[]) => devices.map((to) => ({ to: [to], ct: random(70) }))

function open(from: Member, devices: DeviceId[], pair: PairId, replaces?: PairId) {
  const open = { devices, ...(replaces ? { replaces } : {}) }
  return from.commit({ pair, epoch: 0, open, welcomes: welcomesFor(devices) })
}

function say(from: Member, pair: PairId, epoch: number, n: number) {
  const message: ClientEvents['encrypted_message']['in'] = {
    room: from.room,
    pair,
    id: messageId(),
    epoch,
    n,
    ct: random(40),
  }
  return from.client.request('encrypted_message', message)
}

/** Takes the Welcome and goes on from it. */
async function enter(member: Member, pair: PairId): Promise<MemberAnswer> {
  const { inc, seq } = await member.client.next('welcome', (w) => w.pair === pair)
  return ok(await member.client.request('join', { room: member.room, pairs: [{ pair, inc, seq }] })) as MemberAnswer
}

it('[PP20] two persons have one stream, which all of their devices in it hear and write, and nobody else', async () => {
  const { ana, ben, phone, cleo } = await two()
  const pair = pairId()
  ok(await open(ana, [ben.id, phone.id], pair))
  for (const member of [ben, phone]) expect((await enter(member, pair)).pairs).toMatchObject([{ pair, epoch: 1 }])
  const said = ok(await say(phone, pair, 1, 0))
  for (const member of [ana, ben, phone]) {
    const heard = await member.client.next('encrypted_message', (m) => m.pair === pair)
    expect(heard).toMatchObject({ device: phone.id, seq: said.seq })
  }
  expect(code(await say(cleo, pair, 1, 0))).toBe('no-access')
  const asked = await cleo.client.request('join', { room: cleo.room, pairs: [{ pair, inc: noInc, seq: 0 }] })
  expect(ok(asked)).toMatchObject({ pairs: [] })
  const frame = { room: ana.room, pair, id: messageId(), epoch: 1, n: 0, ct: random(9), to: ben.id }
  expect(code(await ana.client.request('bb84_relay', frame))).toBe('no-access')
  await quiet()
  const heard = cleo.client.received.filter(({ name }) => name !== 'room_logs')
  expect(JSON.stringify(heard)).not.toContain(pair)
  const lines = await cleo.client.next('room_logs', ({ logs }) =>
    logs.some(({ message }) => message.includes('PAIR_R')),
  )
  expect(lines.logs.map(({ message }) => message)).toContain('[PAIR_RELAYED] bytes=40')
})

it('[PP21] a conversation is of exactly two persons of the room, and no third can be brought in', async () => {
  const { ana, ben, phone, cleo, address } = await two()
  const stranger = new TestDevice(address)
  expect(code(await open(ana, [ben.id, cleo.id], pairId()))).toBe('bad-request')
  expect(code(await open(ben, [phone.id], pairId()))).toBe('bad-request')
  expect(code(await open(ana, [ana.id], pairId()))).toBe('bad-request')
  expect(code(await open(ana, [ben.id, ben.id], pairId()))).toBe('bad-request')
  expect(code(await open(ana, [stranger.id], pairId()))).toBe('no-access')
  expect(code(await open(ana, [], pairId()))).toBe('bad-request')
  const pair = pairId()
  ok(await open(ana, [ben.id], pair))
  expect(code(await ana.commit({ pair, epoch: 1, welcomes: welcomesFor([cleo.id]) }))).toBe('bad-request')
  expect(code(await ana.commit({ pair, epoch: 1, welcomes: welcomesFor([stranger.id]) }))).toBe('bad-request')
  expect(code(await ana.commit({ pair, epoch: 1, joinKeys: [] }))).toBe('bad-request')
  expect(code(await cleo.commit({ pair, epoch: 1 }))).toBe('no-access')
  expect(code(await open(cleo, [ben.id], pair))).toBe('exists')
})

it('[PP22] of two that open at one time one wins; the other hears which, and may replace it, naming it', async () => {
  const { ana, ben, phone } = await two()
  const [first, second] = [pairId(), pairId()]
  const answers = await Promise.all([open(ana, [ben.id, phone.id], first), open(phone, [ben.id, ana.id], second)])
  expect(answers.map(code).sort()).toEqual(['exists', 'ok'])
  const current = answers[0]!.ok ? first : second
  const other = answers[0]!.ok ? second : first
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ pair: current })
  expect(code(await open(ben, [ana.id], other, pairId()))).toBe('exists')
  ok(await open(ben, [ana.id, phone.id], other, current))
  expect(code(await say(ana, current, 1, 0))).toBe('no-access')
  await enter(ana, other)
  ok(await say(ana, other, 1, 0))
})

it('[PP23] a commit brings devices in and puts devices out; who is out hears the commit and nothing after it', async () => {
  const { ana, ben, phone } = await two()
  const pair = pairId()
  ok(await open(ana, [ben.id], pair))
  await enter(ben, pair)
  const added = ok(await ben.commit({ pair, epoch: 1, welcomes: welcomesFor([phone.id]) }))
  ok(await ana.ack(added.seq, pair))
  expect((await enter(phone, pair)).pairs).toMatchObject([{ pair, epoch: 2 }])
  ok(await say(ana, pair, 2, 0))
  await phone.client.next('encrypted_message', (m) => m.pair === pair)
  const removed = ok(await ana.commit({ pair, epoch: 2, removed: [phone.id] }))
  expect(await phone.client.next('commit', (c) => c.seq === removed.seq && c.pair === pair)).toMatchObject({ epoch: 2 })
  ok(await ben.ack(removed.seq, pair))
  ok(await say(ana, pair, 3, 0))
  await quiet()
  expect(phone.client.events('encrypted_message').filter((m) => m.epoch === 3 && m.pair)).toEqual([])
  expect(code(await say(phone, pair, 3, 0))).toBe('no-access')
  // A commit that everybody refuses is undone, with who it put out.
  const bad = ana.commitEvent({ pair, epoch: 3, removed: [], welcomes: welcomesFor([phone.id]) })
  const { seq } = ok(await ana.client.request('commit', bad))
  ok(await ben.nack({ seq, epoch: 3, ct: bad.ct, pair }))
  await ana.client.next('commit_nack', (verdict) => verdict.seq === seq)
  ok(await say(ana, pair, 3, 1))
  expect(code(await say(phone, pair, 3, 0))).toBe('no-access')
})

it('[RL96] a device that a withdrawn commit had put out of a conversation comes back to it, and hears what is said', async () => {
  const { ana, ben, phone, relay: running } = await two()
  const pair = pairId()
  ok(await open(ana, [ben.id, phone.id], pair))
  await enter(ben, pair)
  await enter(phone, pair)
  const { inc, seq: first } = ok(await say(ana, pair, 1, 0))
  await phone.client.next('encrypted_message', (m) => m.pair === pair && m.seq === first)
  const bad = ana.commitEvent({ pair, epoch: 1, removed: [phone.id] })
  const { seq } = ok(await ana.client.request('commit', bad))
  await phone.client.next('commit', (commit) => commit.seq === seq && commit.pair === pair)
  ok(await ben.nack({ seq, epoch: 1, ct: bad.ct, pair }))
  await phone.client.disconnected()
  const back = ok(await comeBack(running.url, phone, { inc: noInc, seq: 0, pairs: [{ pair, inc, seq: first }] }))
  expect(back).toMatchObject({ pairs: [{ pair, epoch: 1, seq, recovered: true }] })
  expect(await phone.client.next('commit_nack')).toMatchObject({ pair, seq })
  ok(await say(ana, pair, 1, 1))
  await phone.client.next('encrypted_message', (m) => m.pair === pair && m.seq === seq + 1)
  ok(await say(phone, pair, 1, 0))
  expect(ben.client.socket.connected).toBe(true)
})

it('[PP24] it goes on while both persons have a device in it, and ends with the last one of either', async () => {
  const { ana, ben, phone, cleo } = await two()
  const [pair, other] = [pairId(), pairId()]
  ok(await open(ana, [ben.id, phone.id], pair))
  ok(await open(ana, [cleo.id], other))
  ok(await ben.client.request('leave', { room: ben.room }))
  ok(await say(ana, pair, 1, 0))
  const { seq } = ok(await ana.commit({ removed: [phone.id] }))
  ok(await cleo.ack(seq))
  await ana.client.next('commit_stands', (verdict) => verdict.seq === seq && !verdict.pair)
  expect(code(await say(ana, pair, 1, 1))).toBe('no-access')
  ok(await say(ana, other, 1, 0))
  ok(await cleo.client.request('leave', { room: cleo.room }))
  expect(code(await say(ana, other, 1, 1))).toBe('no-access')
})

it('[PP25] it survives a restart with its devices and epoch; who lost its Welcome with the relay is told', async () => {
  const { ana, ben, phone, relay: first, databasePath, address } = await two()
  const pair = pairId()
  ok(await open(ana, [ben.id], pair))
  const entered = await enter(ben, pair)
  phone.client.socket.disconnect()
  await quiet()
  const added = ok(await ben.commit({ pair, epoch: 1, welcomes: welcomesFor([phone.id]) }))
  ok(await ana.ack(added.seq, pair))
  await ben.client.next('commit_stands', (verdict) => verdict.pair === pair && verdict.seq === added.seq)
  await first.close()
  const { relay: second } = await relay({ databasePath })
  const { inc, seq } = entered
  const named = { inc, seq, pairs: [{ pair, inc: added.inc, seq: added.seq }] }
  const answer = ok(await comeBack(second.url, ben, named)) as MemberAnswer
  expect(answer.pairs).toMatchObject([{ pair, epoch: 2, recovered: false }])
  expect(answer.strays).toBeUndefined()
  const lost = ok(await comeBack(second.url, phone, { inc, seq })) as MemberAnswer
  const hash = fromBase64Url(readIdentity(ana.device.bundle)!.person)!
  expect(lost.strays).toEqual([{ pair, with: toBase64Url(hash.subarray(0, 16)) }])
  expect(parseJoinAnswer(lost)).toMatchObject({ ok: true, value: { strays: lost.strays } })
  ok(await open(phone, [ben.id, ana.id], pairId(), pair))
  const again = new Client(second.url)
  expect((ok(await again.join(ana.device, { inc, seq })) as MemberAnswer).strays).toBeUndefined()
  expect(address).toBe(ana.room)
})

it('[PP26] where the room keeps sealed frames, those of a conversation wait for every device, its Welcomes too', async () => {
  const { ana, ben, phone, relay: first, databasePath } = await two()
  ok(await ana.client.request('keep_sealed', { room: ana.room, days: 3 }))
  const at = ok(await ana.say())
  phone.client.socket.disconnect()
  await quiet()
  const pair = pairId()
  ok(await open(ana, [ben.id, phone.id], pair))
  const said = ok(await say(ana, pair, 1, 0))
  await first.close()
  const { relay: second } = await relay({ databasePath })
  const cursor = { inc: at.inc, seq: at.seq }
  const answer = ok(await comeBack(second.url, phone, cursor)) as MemberAnswer
  expect(answer.strays).toBeUndefined()
  expect((await enter(phone, pair)).pairs).toMatchObject([{ recovered: true }])
  expect(await phone.client.next('encrypted_message', (m) => m.pair === pair)).toMatchObject({ seq: said.seq })
})
