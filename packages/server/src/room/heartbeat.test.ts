import { expect, it } from 'vitest'
import { Client, type Member, ok, pairId, quiet, random, room, TestDevice } from '../../test/harness.ts'

const limits = { heartbeatLeastMs: 20, heartbeatMostMs: 40 }

it('[HB1] every member is told now and then where the room stands, and both ends of a pair where that does', async () => {
  const made = await room(3, { limits })
  const [ana, ben, cleo] = made.members as [Member, Member, Member]
  const { inc, seq } = ok(await ana.say())
  for (const one of [ana, ben, cleo]) {
    const told = await one.client.next('heartbeat', (beat) => !beat.pair && beat.seq === seq)
    expect(told).toEqual({ room: made.address, inc, seq, epoch: ana.epoch })
  }
  const pair = pairId()
  ok(await ana.commit({ pair, epoch: 0, open: { to: ben.id }, welcomes: [{ to: [ben.id], ct: random(9) }] }))
  expect(await ana.client.next('heartbeat', (beat) => beat.pair === pair)).toMatchObject({ seq: 1, epoch: 1 })
  await quiet(100)
  expect(cleo.client.events('heartbeat').some((beat) => beat.pair)).toBe(false)
})

it('[HB2] who waits to be let in is told nothing of it', async () => {
  const made = await room(1, { limits })
  const waiting = new Client(made.relay.url)
  ok(await waiting.join(new TestDevice(made.address), { joinKey: made.joinKey }))
  await made.members[0]!.client.next('heartbeat')
  await quiet(100)
  expect(waiting.events('heartbeat')).toEqual([])
})
