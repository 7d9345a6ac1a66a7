import type { JoinAnswer } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type MemberAnswer,
  messageId,
  noInc,
  ok,
  quiet,
  random,
  room,
} from '../../test/harness.ts'

it('[RL1] every member, the sender too, gets every frame in one order', async () => {
  const { members } = await room(3)
  const sent = await Promise.all(members.flatMap((member) => [member.say(), member.say()]))
  const seqs = sent.map((answer) => ok(answer).seq).sort((a, b) => a - b)
  for (const { client } of members) {
    await client.next('encrypted_message', (frame) => frame.seq === seqs.at(-1))
    expect(client.events('encrypted_message').map((frame) => frame.seq)).toEqual(seqs)
  }
})

it('[RL2] [RL3] a frame out of order or of another epoch is refused, with what the sender needs to catch up', async () => {
  const { members } = await room(2)
  const [ana] = members as [never]
  const { say, epoch } = { say: members[0]!.say.bind(ana), epoch: members[0]!.epoch }
  expect(await say({ n: 5 })).toMatchObject({ ok: false, code: 'out-of-order', n: 0, epoch })
  expect(await say({ n: 0, epoch: epoch - 1 })).toMatchObject({ ok: false, code: 'stale-epoch', epoch })
  expect(code(await say({ n: 0 }))).toBe('ok')
})

it('[RL4] a repeated id gets its old place and is not sent out again', async () => {
  const { members } = await room(2)
  const [ana, ben] = members
  const message = ana!.message()
  const first = ok(await ana!.client.request('encrypted_message', message))
  expect(ok(await ana!.client.request('encrypted_message', message))).toEqual(first)
  ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === first.seq + 1)
  expect(ben!.client.events('encrypted_message')).toHaveLength(2)
})

it('[RL11] a device that comes back gets all that it missed, in order, before anything newer', async () => {
  const { members, relay } = await room(2)
  const [ana, ben] = members
  const { inc, seq } = ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === seq)
  ben!.client.socket.disconnect()
  for (let i = 0; i < 20; i++) ok(await ana!.say())
  const joining = comeBack(relay.url, ben!, { inc, seq })
  const meanwhile = Promise.all([ana!.say(), ana!.say()])
  expect(ok(await joining)).toMatchObject({ state: 'member', inc, recovered: true, created: false })
  await meanwhile
  await ben!.client.next('encrypted_message', (frame) => frame.seq === seq + 22)
  expect(ben!.client.events('encrypted_message').map((frame) => frame.seq)).toEqual(
    Array.from({ length: 22 }, (_, i) => seq + 1 + i),
  )
  expect(ben!.client.received[0]?.name).toBe('encrypted_message')
})

it('[RL11] where one frame is missing, it gets none and is told so; live frames follow', async () => {
  const { members, relay } = await room(2, { limits: { ringFrames: 4 } })
  const [ana, ben] = members
  const { inc, seq } = ok(await ana!.say())
  for (let i = 0; i < 5; i++) ok(await ana!.say())
  expect(ok(await comeBack(relay.url, ben!, { inc, seq }))).toMatchObject({ recovered: false, seq: seq + 5 })
  const live = ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === live.seq)
  expect(ben!.client.events('encrypted_message')).toHaveLength(1)
  for (const cursor of [{}, { inc: noInc, seq }, { inc, seq: live.seq + 1 }]) {
    expect(ok(await comeBack(relay.url, ben!, cursor))).toMatchObject({ recovered: false })
  }
})

it('[RL16] the newest connection of a device has its place; the one before is closed', async () => {
  const { members, relay } = await room(2)
  const [ana, ben] = members
  const old = ben!.client
  ok(await comeBack(relay.url, ben!))
  await old.disconnected()
  const { seq } = ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === seq)
})

it('[RL17] a reader that does not read is cut, and resumes by its cursor; nobody else notices', async () => {
  const { members, relay, reports } = await room(3, {
    limits: { slowReaderBytes: 300_000, gatherMs: 1 },
  })
  const [ana, ben, cleo] = members
  const { inc, seq } = ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === seq)
  const raw = (ben!.client.socket.io.engine as unknown as { transport: { ws: { pause(): void; resume(): void } } })
    .transport.ws
  raw.pause()
  const ct = random(150_000)
  let last = seq
  for (let i = 0; i < 60 && reports.length === 0; i++) last = ok(await ana!.say({ ct })).seq
  expect(reports).toEqual([{ level: 'info', event: 'slow-reader-cut', device: ben!.id }])
  await cleo!.client.next('encrypted_message', (frame) => frame.seq === last)
  raw.resume()
  await ben!.client.disconnected()
  const got = ben!.client.events('encrypted_message').at(-1)!.seq
  expect(ok(await comeBack(relay.url, ben!, { inc, seq: got }))).toMatchObject({ recovered: true })
  await ben!.client.next('encrypted_message', (frame) => frame.seq === last)
  expect(ben!.client.events('encrypted_message')).toHaveLength(last - got)
})

it('[RL18] joining again on one connection replays from the cursor', async () => {
  const { members, address } = await room(2)
  const [ana, ben] = members
  const { inc, seq } = ok(await ana!.say())
  await ben!.client.next('encrypted_message', (frame) => frame.seq === seq)
  const again = ok(await ben!.client.request('join', { room: address, inc, seq: seq - 1 })) as JoinAnswer
  expect(again).toMatchObject({ state: 'member', recovered: true } satisfies Partial<MemberAnswer>)
  await quiet()
  expect(ben!.client.events('encrypted_message').map((frame) => frame.seq)).toEqual([seq, seq])
})

it('[RL19] nobody outside a room gets its frames or may send some', async () => {
  const { members, relay } = await room(2)
  const [ana, ben] = members
  ok(await ben!.client.request('leave', { room: ben!.room }))
  ok(await ana!.say())
  await quiet()
  expect(ben!.client.events('encrypted_message')).toEqual([])
  expect(code(await ben!.say())).toBe('no-access')
  const stranger = await new Client(relay.url).connected()
  const message = { room: ana!.room, id: messageId(), epoch: ana!.epoch, n: 0, ct: random(8) }
  expect(code(await stranger.request('encrypted_message', message))).toBe('not-logged-in')
})
