import { Socket } from 'node:net'
import type { RoomClient } from '@qsec/client'
import { nodeClock } from '@qsec/client/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { thirtyPeople } from './thirty-people.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

/** How much later it is than by this machine's clock. */
let laterMs = 0
const nowMs = () => Date.now() + laterMs
let world: World
beforeEach(async () => {
  laterMs = 0
  world = await openWorld({ now: nowMs })
})
afterEach(() => world.close())

async function member(room: RoomClient): Promise<RoomClient> {
  await until(room, (s) => s.phase.at === 'member')
  return room
}

it('[SY8] a message written offline arrives once, three epochs later', async () => {
  const ana = await world.create('Ana')
  const env = await world.proxied()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
  const before = ana.snapshot.epoch

  world.cut(env)
  await until(ben, (s) => s.connection !== 'connected')
  await ben.send('written offline')
  await ben.send('and one more')
  for (const name of ['Cleo', 'Dan', 'Eve']) {
    await member(await world.join(name, ana.snapshot.invitePath!))
    await until(ana, (s) => s.people.some((person) => person.name === name))
  }
  expect(ana.snapshot.epoch).toBeGreaterThanOrEqual(before + 3)
  world.mend(env)
  await until(ana, hasText('and one more'), 30_000)
  expect(texts(ana.snapshot)).toEqual(['written offline', 'and one more'])
  await ana.send('got both')
  await until(ben, hasText('got both'))
  expect(texts(ben.snapshot)).toEqual(['written offline', 'and one more', 'got both'])
  expect(events(ben.snapshot)).not.toContain('rejoined')
})

it('[SY9] a device that comes back after everyone else moved on without it asks to be added again, and says so', async () => {
  const newEnv = () => ({ ...world.env(), clock: { ...nodeClock, nowMs } })
  const ana = await world.create('Ana', undefined, newEnv())
  const env = newEnv()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
  await ben.send('before')
  await until(ana, hasText('before'))
  await ben.close()
  const cleo = await member(await world.join('Cleo', ana.snapshot.invitePath!, newEnv()))
  await until(ana, (s) => s.people.length === 3)
  // The relay forgets its ring, and the members' copies are too old: the commit that Ben missed cannot be had any more.
  laterMs = 8 * 86_400_000
  await world.restart()
  await until(ana, (s) => s.connection === 'connected')
  await ana.send('after the restart')
  await until(cleo, hasText('after the restart'))
  await until(ana, (s) => s.timeline.some((item) => 'state' in item && item.state === 'delivered'))

  const back = await world.comeBack(env, ana.snapshot.address)
  await until(back, (s) => s.phase.at === 'member' && events(s).includes('rejoined'), 30_000)
  await until(ana, (s) => events(s).includes('rejoined'))
  await back.send('here again')
  await Promise.all([ana, cleo].map((room) => until(room, hasText('here again'))))
  await ana.send('welcome back')
  await until(back, hasText('welcome back'))
})

it('[SY10] who left cannot read on, even with the state that they took along', async () => {
  const ana = await world.create('Ana')
  const env = world.env()
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, env))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
  await ana.send('while Ben is here')
  await until(ben, hasText('while Ben is here'))
  // A copy of everything that Ben's device stores, taken just before Ben leaves.
  const taken = world.copy(env)
  await ben.leave()
  await until(ana, (s) => s.people.length === 1)
  await until(ana, (s) => s.invitePath !== undefined)
  await ana.send('after Ben left')

  const thief = await world.comeBack(taken, ana.snapshot.address)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  expect(texts(thief.snapshot)).not.toContain('after Ben left')
  expect(thief.snapshot.phase.at).not.toBe('member')
})

it('[SY11] thirty people behind one address open one link within seconds of each other: all read and write', async () => {
  const { rooms, tookMs } = await thirtyPeople(world)
  // How long it takes is measured by bench/thirty-people.ts; here a loaded machine may take its time.
  console.log(
    `thirty people: ${tookMs} ms from the first click to the last word read, epoch ${rooms[0]!.snapshot.epoch}`,
  )
  const authors = new Set(rooms[0]!.snapshot.people.map(({ device }) => device))
  expect(authors.size).toBe(30)
}, 90_000)

it('[SY12] garbage on the wire disturbs nobody', async () => {
  const ana = await world.create('Ana')
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!))
  const { port } = world.relay
  await Promise.all(
    [
      'GET / HTTP/1.1\r\nHost: x\r\n\r\n\r\n',
      '\x16\x03\x01\x02\x00',
      '42["join",null,"notfn"]',
      'A'.repeat(100_000),
    ].map(
      (garbage) =>
        new Promise<void>((resolve) => {
          const socket = new Socket()
          socket.on('error', () => resolve())
          socket.on('close', () => resolve())
          socket.connect(port, '127.0.0.1', () => socket.write(garbage))
          setTimeout(() => socket.destroy(), 500)
        }),
    ),
  )
  await ana.send('still fine')
  await until(ben, hasText('still fine'))
})
