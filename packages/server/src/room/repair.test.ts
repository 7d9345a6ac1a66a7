import type { ClientEvents, GapFrame, Incarnation, RelayEvents } from '@qsec/protocol'
import { expect, it } from 'vitest'
import {
  Client,
  code,
  comeBack,
  type Member,
  messageId,
  noInc,
  ok,
  quiet,
  random,
  room,
  TestDevice,
} from '../../test/harness.ts'

const frame = (seq: number, device: Member): GapFrame => ({
  seq,
  event: 'encrypted_message',
  epoch: 2,
  id: messageId(),
  device: device.id,
  at: 5,
  ct: random(64),
})

function want(from: Member, change: Partial<ClientEvents['gap_want']['in']> = {}) {
  return from.client.request('gap_want', { room: from.room, inc: noInc, from: 7, to: 9, ...change })
}

function give(
  from: Member,
  asked: RelayEvents['gap_want'],
  frames: GapFrame[],
  next?: { inc: Incarnation; seq: number },
) {
  return from.client.request('gap_give', { room: from.room, want: asked.want, frames, ...(next ? { next } : {}) })
}

/** The next question that comes to one of them, and whose turn it is. */
async function askedOf(members: Member[], nth = 0): Promise<[Member, RelayEvents['gap_want']]> {
  return Promise.race(
    members.map(async (member): Promise<[Member, RelayEvents['gap_want']]> => {
      const heard = await member.client.next(
        'gap_want',
        (event) => member.client.events('gap_want').indexOf(event) >= nth,
      )
      return [member, heard]
    }),
  )
}

it('[GP10] members are asked one after the other; what the first one gives goes to the asker alone, and nobody else is asked', async () => {
  const { members } = await room(4)
  const [ana, ben, cleo, dan] = members as [Member, Member, Member, Member]
  ok(await want(ana))
  const [first, asked] = await askedOf([ben, cleo, dan])
  expect(asked).toEqual({ room: ana.room, want: asked.want, inc: noInc, from: 7, to: 9 })
  ok(await give(first, asked, []))
  const rest = [ben, cleo, dan].filter((one) => one !== first)
  const [second, again] = await askedOf(rest)
  const frames = [frame(7, dan), frame(8, ben)]
  ok(await give(second, again, frames, { inc: noInc, seq: 9 }))
  const given = await ana.client.next('gap_give')
  expect(given).toEqual({
    room: ana.room,
    inc: noInc,
    from: 7,
    device: second.id,
    frames,
    next: { inc: noInc, seq: 9 },
  })
  await quiet()
  const third = rest.find((one) => one !== second)!
  expect(third.client.events('gap_want')).toEqual([])
  for (const one of [ben, cleo, dan]) expect(one.client.events('gap_give')).toEqual([])
})

it('[GP11] when all have said that they have none, the asker is told so, with the nearest place that somebody named', async () => {
  const { members } = await room(3)
  const [ana, ben, cleo] = members as [Member, Member, Member]
  ok(await want(ana))
  const places = [
    { inc: noInc, seq: 30 },
    { inc: noInc, seq: 20 },
  ]
  let left = [ben, cleo]
  for (const place of places) {
    const [one, asked] = await askedOf(left)
    ok(await give(one, asked, [], place))
    left = left.filter((other) => other !== one)
  }
  expect(await ana.client.next('gap_give')).toEqual({
    room: ana.room,
    inc: noInc,
    from: 7,
    frames: [],
    next: { inc: noInc, seq: 20 },
  })
})

it('[GP12] who said that it has none of an incarnation that is over is not asked again for the same, and asking says so too', async () => {
  const { members } = await room(3)
  const [ana, ben, cleo] = members as [Member, Member, Member]
  for (const one of [ben, cleo]) {
    ok(await want(one))
    for (;;) {
      const open = [ana, ben, cleo].find((other) => other !== one && other.client.events('gap_want').length > 0)
      if (!open) break
      const asked = open.client.received.splice(0).find(({ name }) => name === 'gap_want')!
      ok(await give(open, asked.payload as RelayEvents['gap_want'], []))
    }
    await quiet()
  }
  for (const one of members) one.client.received.splice(0)
  ok(await want(ana, { from: 8, to: 8 }))
  expect(await ana.client.next('gap_give')).toEqual({ room: ana.room, inc: noInc, from: 8, frames: [] })
  // Below what they spoke of they may have some.
  ok(await want(ana, { from: 6, to: 6 }))
  const [, asked] = await askedOf([ben, cleo])
  expect(asked.from).toBe(6)
})

it('[GP13] a member that does not answer, gives something else or is named by the asker is passed over', async () => {
  const { members } = await room(4, { limits: { gapAnswerMs: 100 } })
  const [ana, ben, cleo, dan] = members as [Member, Member, Member, Member]
  ok(await want(ana, { not: [dan.id] }))
  const [silent, late] = await askedOf([ben, cleo])
  const other = silent === ben ? cleo : ben
  const [, asked] = await askedOf([other])
  expect(code(await give(silent, late, [frame(7, ben)]))).toBe('no-access')
  expect(code(await give(other, asked, [frame(6, ben)]))).toBe('bad-request')
  expect(await ana.client.next('gap_give')).toEqual({ room: ana.room, inc: noInc, from: 7, frames: [] })
  expect(dan.client.events('gap_want')).toEqual([])
})

it('[GP14] nobody gives what was not asked of it, to whoever, and a stranger neither asks nor is asked', async () => {
  const made = await room(3)
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const waiting = new Client(made.relay.url)
  ok(await waiting.join(new TestDevice(made.address), { joinKey: made.joinKey }))
  expect(code(await waiting.request('gap_want', { room: made.address, inc: noInc, from: 7, to: 9 }))).toBe('no-access')
  ok(await want(ana))
  const [one, asked] = await askedOf([ben, cleo])
  const other = one === ben ? cleo : ben
  expect(code(await give(other, asked, [frame(7, ben)]))).toBe('no-access')
  expect(code(await give(one, { ...asked, want: messageId() }, [frame(7, ben)]))).toBe('no-access')
  expect(waiting.events('gap_want')).toEqual([])
  ok(await give(one, asked, [frame(7, ben)]))
  expect((await ana.client.next('gap_give')).device).toBe(one.id)
  expect(code(await give(one, asked, [frame(7, ben)]))).toBe('no-access')
})

it('[GP15] a flood of requests is refused, one request of a device is open at a time, and the relay keeps none', async () => {
  const { members } = await room(2, { limits: { gapWantsAtOnce: 3, gapWantsPerSecond: 0.01 } })
  const [ana, ben] = members as [Member, Member]
  for (const from of [7, 8, 9]) ok(await want(ana, { from, to: from }))
  expect(code(await want(ana))).toBe('rate-limited')
  const questions = await ben.client
    .next('gap_want', ({ from }) => from === 9)
    .then(() => ben.client.events('gap_want'))
  expect(code(await give(ben, questions[0]!, [frame(7, ben)]))).toBe('no-access')
  ok(await give(ben, questions.at(-1)!, [frame(9, ben)]))
  await quiet()
  expect(ana.client.events('gap_give').map(({ from }) => from)).toEqual([9])
  ok(await want(ben, { from: 9, to: 9 })) // each has its own allowance
})

it('[GP16] an asker that has gone is told nothing, and gets nothing when it is back', async () => {
  const { members, relay } = await room(2)
  const [ana, ben] = members as [Member, Member]
  ok(await want(ana))
  const [, asked] = await askedOf([ben])
  ana.client.socket.disconnect()
  await ben.client.next('user_list', (list) => list.members.some(({ present }) => !present))
  ok(await comeBack(relay.url, ana))
  await give(ben, asked, [frame(7, ben)])
  await quiet()
  expect(ana.client.events('gap_give')).toEqual([])
})
