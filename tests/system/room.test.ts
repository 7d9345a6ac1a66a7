import type { RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

it('[SY1] two people with one link talk both ways, and see each other by name', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  await ana.send('hello Ben')
  await until(ben, hasText('hello Ben'))
  await ben.send('hello Ana')
  await until(ana, hasText('hello Ana'))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
  await until(ben, (s) => s.people.some(({ name }) => name === 'Ana'))
  await until(ana, (s) =>
    s.timeline.some((item) => item.kind === 'message' && item.text === 'hello Ben' && item.state === 'delivered'),
  )
  expect(events(ana.snapshot)).toEqual(['created', 'joined'])
  expect(events(ben.snapshot)).toEqual(['you-joined'])
  expect(texts(ben.snapshot)).toEqual(['hello Ben', 'hello Ana'])
})

it('[SY2] two devices at one typed address make an open room and talk', async () => {
  const [ana, ben] = await Promise.all([world.join('Ana', '/room/lab1'), world.join('Ben', '/room/lab1')])
  await Promise.all([ana, ben].map((room) => until(room, (s) => s.phase.at === 'member')))
  await ana.send('over here')
  await ben.send('me too')
  await until(ben, hasText('over here'))
  await until(ana, hasText('me too'))
  expect(ana.snapshot.people.map(({ device }) => device).sort()).toEqual(
    ben.snapshot.people.map(({ device }) => device).sort(),
  )
})

it('[SY3] who joins after 50 messages reads none of them, and everything from then on', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  for (let i = 0; i < 50; i++) await (i % 2 ? ana : ben).send(`early ${i}`)
  await until(ana, (s) => texts(s).length === 50)
  // An own message stands at the end until the relay has given it its place.
  await until(ben, (s) => texts(s).length === 50 && texts(s).join() === texts(ana.snapshot).join())

  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member')
  await ana.send('welcome')
  await until(cleo, hasText('welcome'))
  expect(texts(cleo.snapshot)).toEqual(['welcome'])
  expect(events(cleo.snapshot)).toEqual(['you-joined'])
  await until(cleo, (s) => s.people.length === 3 && s.people.every(({ name }) => name !== ''))
})

it('[SY4] who leaves is out: the keys change, the old link is dead, and a new one works', async () => {
  const ana = await world.create('Ana')
  const link = ana.snapshot.invitePath!
  const ben = await world.join('Ben', link)
  await until(ben, (s) => s.phase.at === 'member')
  const epoch = (await until(ana, (s) => s.people.length === 2)).epoch
  await ben.leave()
  expect(ben.snapshot.phase.at).toBe('left')
  await until(
    ana,
    (s) => s.people.length === 1 && s.epoch > epoch && s.invitePath !== undefined && s.invitePath !== link,
  )
  expect(events(ana.snapshot)).toContain('left')

  const late = await world.join('Late', link)
  await until(late, (s) => s.phase.at === 'refused')
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member')
})

it('[SY5] a room that is full refuses the next person', async () => {
  const ana = await world.create('Ana', 2)
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  const { phase } = await until(cleo, (s) => s.phase.at === 'refused')
  expect(phase).toMatchObject({ code: 'room-full' })
})

it('[SY6] a restart of the relay loses no acknowledged message of those who stay, and the talk goes on', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  await ana.send('before')
  await until(ben, hasText('before'))
  await world.restart()
  await ana.send('during')
  await until(ben, hasText('during'))
  await ben.send('after')
  await until(ana, hasText('after'))
  expect(texts(ben.snapshot)).toEqual(['before', 'during', 'after'])
  expect(events(ben.snapshot)).not.toContain('gap')
})

it('[SY7] ten people come in at once, all speak and all hear', async () => {
  const ana = await world.create('Ana')
  const others = await Promise.all(Array.from({ length: 9 }, (_, i) => world.join(`P${i}`, ana.snapshot.invitePath!)))
  await Promise.all(others.map((room) => until(room, (s) => s.phase.at === 'member')))
  const all = [ana, ...others]
  await Promise.all(all.map((room, i) => room.send(`from ${i}`)))
  const settled = (s: RoomSnapshot) => s.timeline.every((item) => item.kind === 'system' || item.state !== 'sending')
  await Promise.all(all.map((room) => until(room, (s) => texts(s).length === 10 && settled(s))))
  const order = texts(ana.snapshot)
  for (const room of all) expect(texts(room.snapshot)).toEqual(order)
})

it('[SY14] an open room that everybody abandoned begins anew, and who comes back later is let in', async () => {
  const env = world.env()
  const ana = await world.join('Ana', '/room/lab2', env)
  await until(ana, (s) => s.phase.at === 'member')
  await ana.send('the old days')
  await ana.close()
  const ben = await world.join('Ben', '/room/lab2')
  await until(ben, (s) => s.phase.at === 'waiting')
  await until(ben, (s) => s.phase.at === 'member', 20_000)
  expect(texts(ben.snapshot)).toEqual([])
  const back = await world.comeBack(env, 'lab2')
  await until(back, (s) => s.phase.at === 'member' && s.people.length === 2, 20_000)
  await ben.send('a new beginning')
  await until(back, hasText('a new beginning'))
  await back.send('and I am here again')
  await until(ben, hasText('and I am here again'))
})

it('[SY15] an open room in which somebody is connected is never begun anew', async () => {
  const ana = await world.join('Ana', '/room/lab3')
  await until(ana, (s) => s.phase.at === 'member')
  const epoch = ana.snapshot.epoch
  const ben = await world.join('Ben', '/room/lab3')
  await until(ben, (s) => s.phase.at === 'member')
  expect(events(ben.snapshot)).toEqual(['you-joined'])
  expect(ana.snapshot.epoch).toBeGreaterThan(epoch)
})
