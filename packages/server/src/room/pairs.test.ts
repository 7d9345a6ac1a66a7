import type { DeviceId, PairId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { code, comeBack, type Member, messageId, ok, pairId, quiet, random, room } from '../../test/harness.ts'

/** Opens a pair by its first commit. */
function open(from: Member, to: DeviceId, pair: PairId, replaces?: PairId) {
  const welcomes = [{ to: [to], ct: random(70) }]
  return from.commit({ pair, epoch: 0, welcomes, open: { to, ...(replaces ? { replaces } : {}) } })
}

const frame = (from: Member, pair: PairId, n: number) => ({
  room: from.room,
  pair,
  id: messageId(),
  epoch: 1,
  n,
  ct: random(40),
})

it('[RL36] a pair is opened by a commit and is a stream of its own, seen by its two ends alone', async () => {
  const { members } = await room(3)
  const [ana, ben, cleo] = members
  const pair = pairId()
  const opened = ok(await open(ana!, ben!.id, pair))
  expect(await ana!.client.next('commit', (c) => c.pair === pair)).toMatchObject({ seq: 1, epoch: 0, inc: opened.inc })
  await ana!.client.next('commit_stands', (verdict) => verdict.pair === pair)
  const welcome = await ben!.client.next('welcome', (w) => w.pair === pair)
  expect(welcome).toMatchObject({ from: ana!.id, seq: 1, epoch: 1, inc: opened.inc })
  ok(await ana!.client.request('bb84_relay', { ...frame(ana!, pair, 0), to: ben!.id }))
  await quiet()
  expect(ben!.client.events('bb84_message')).toEqual([])
  const cursor = { pair, inc: welcome.inc, seq: welcome.seq }
  const answer = ok(await ben!.client.request('join', { room: ben!.room, pairs: [cursor] }))
  expect(answer).toMatchObject({ pairs: [{ pair, epoch: 1, seq: 2, firstSeq: 1, recovered: true }] })
  expect(await ben!.client.next('bb84_message')).toMatchObject({ pair, from: ana!.id, seq: 2, n: 0 })
  ok(await ben!.client.request('roomkey_share', { ...frame(ben!, pair, 0), to: ana!.id }))
  ok(await ben!.client.request('encrypted_message', frame(ben!, pair, 1)))
  expect(await ana!.client.next('roomkey_share')).toMatchObject({ pair, from: ben!.id, seq: 3 })
  expect(await ana!.client.next('encrypted_message', (m) => m.pair === pair)).toMatchObject({ device: ben!.id, seq: 4 })
  await quiet()
  const heard = cleo!.client.received.map((event) => event.name)
  expect(heard.filter((name) => name === 'roomkey_share' || name === 'bb84_message')).toEqual([])
  expect(JSON.stringify(cleo!.client.received.filter((event) => event.name !== 'room_logs'))).not.toContain(pair)
})

it('[RL37] a third device can neither write into a pair nor open it; `to` is the other end', async () => {
  const { members } = await room(3)
  const [ana, ben, cleo] = members
  const pair = pairId()
  ok(await open(ana!, ben!.id, pair))
  expect(code(await cleo!.client.request('bb84_relay', { ...frame(cleo!, pair, 0), to: ben!.id }))).toBe('no-access')
  expect(code(await cleo!.client.request('encrypted_message', frame(cleo!, pair, 0)))).toBe('no-access')
  expect(code(await open(cleo!, ben!.id, pair))).toBe('exists')
  expect(code(await ana!.client.request('bb84_relay', { ...frame(ana!, pair, 0), to: cleo!.id }))).toBe('no-access')
  expect(code(await open(ana!, ana!.id, pairId()))).toBe('no-access')
  const welcomes = [{ to: [cleo!.id], ct: random(9) }]
  expect(code(await ana!.commit({ pair, epoch: 1, welcomes }))).toBe('bad-request')
  const asked = await cleo!.client.request('join', {
    room: cleo!.room,
    pairs: [{ pair, inc: random(16) as never, seq: 0 }],
  })
  expect(ok(asked)).toMatchObject({ pairs: [] })
})

it('[RL38] two devices have one pair; a new one has to name the one that it replaces', async () => {
  const { members } = await room(2)
  const [ana, ben] = members
  const [first, second] = [pairId(), pairId()]
  const event = ana!.commitEvent({ pair: first, epoch: 0, open: { to: ben!.id } })
  const opened = ok(await ana!.client.request('commit', event))
  expect(ok(await ana!.client.request('commit', event))).toEqual(opened)
  expect(await open(ben!, ana!.id, second)).toMatchObject({ code: 'exists', pair: first })
  expect(await open(ben!, ana!.id, second, pairId())).toMatchObject({ code: 'exists', pair: first })
  ok(await open(ben!, ana!.id, second, first))
  expect(code(await ana!.client.request('encrypted_message', frame(ana!, first, 0)))).toBe('no-access')
  await ana!.client.next('welcome', (w) => w.pair === second)
})

it('[RL39] the Welcome of a pair waits for a device that is away', async () => {
  const { members, relay } = await room(2)
  const [ana, ben] = members
  const { inc, seq } = ok(await ana!.say())
  ben!.client.socket.disconnect()
  await quiet()
  const pair = pairId()
  ok(await open(ana!, ben!.id, pair))
  ok(await ana!.client.request('bb84_relay', { ...frame(ana!, pair, 0), to: ben!.id }))
  ok(await comeBack(relay.url, ben!, { inc, seq }))
  const welcome = await ben!.client.next('welcome', (w) => w.pair === pair)
  ok(
    await ben!.client.request('join', {
      room: ben!.room,
      inc,
      seq,
      pairs: [{ pair, inc: welcome.inc, seq: welcome.seq }],
    }),
  )
  await ben!.client.next('bb84_message', (m) => m.seq === 2)
})

it('[RL40] a pair ends when one of its two leaves or is removed', async () => {
  const { members } = await room(3)
  const [ana, ben, cleo] = members
  const [withBen, withCleo] = [pairId(), pairId()]
  ok(await open(ana!, ben!.id, withBen))
  ok(await open(ana!, cleo!.id, withCleo))
  ok(await ben!.client.request('leave', { room: ben!.room }))
  expect(code(await ana!.client.request('encrypted_message', frame(ana!, withBen, 0)))).toBe('no-access')
  ok(await ana!.client.request('encrypted_message', frame(ana!, withCleo, 0)))
  const { seq } = ok(await ana!.commit({ removed: [cleo!.id] }))
  await ana!.client.next('commit_stands', (verdict) => verdict.seq === seq && !verdict.pair)
  expect(code(await ana!.client.request('encrypted_message', frame(ana!, withCleo, 1)))).toBe('no-access')
})
