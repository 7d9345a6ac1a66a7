/** What the room is called, over a real relay: among its people, for newcomers, and for whoever comes back to it. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { type StoredRoom, storedRooms } from '@qsec/client/backup'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

it('[TT4] who may change the room names it: all see it, newcomers too, a restart and the list of rooms keep it, and nobody else can', async () => {
  const anas = world.env()
  const bens = world.env()
  const ana = await world.create('Ana', undefined, anas)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, bens)
  await until(ben, (s) => s.phase.at === 'member' && s.people.length === 2)
  await expect(ben.changeRoom({ title: 'Mine' })).rejects.toMatchObject({ code: 'may-not-change-room' })
  expect([ana, ben].map(({ snapshot }) => snapshot.title)).toEqual([undefined, undefined])

  await ana.changeRoom({ title: '  Book \u202e club ' })
  for (const room of [ana, ben]) await until(room, (s) => s.title === 'Book club' && events(s).includes('title-set'))
  const told = ben.snapshot.timeline.find((item) => item.kind === 'system' && item.event.type === 'title-set')
  expect(told).toMatchObject({ event: { title: 'Book club', by: { name: 'Ana' } } })
  await ana.changeRoom({ locked: true })
  await until(ben, (s) => s.agreement?.locked === true && s.title === 'Book club')
  await ana.changeRoom({ locked: false })

  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member' && s.title === 'Book club')
  const list = async (): Promise<StoredRoom[]> => storedRooms(bens.storage, bens.locks)
  expect(await list()).toMatchObject([{ room: ben.snapshot.address, title: 'Book club' }])
  const { address } = ben.snapshot
  await ben.close()
  await ana.changeRoom({ title: 'Film club' })
  const again = await world.comeBack(bens, address)
  await until(again, (s) => s.title === 'Film club')

  await ana.changeRoom({ title: ' \u200b ' })
  for (const room of [ana, again, cleo]) await until(room, (s) => s.phase.at === 'member' && s.title === undefined)
  expect(events(again.snapshot).filter((type) => type === 'title-set')).toHaveLength(3)
  expect((await list())[0]).not.toHaveProperty('title')
})

it('[TT6] an open room that begins anew is called nothing, also on the device that had called it something', async () => {
  const anas = world.env()
  const ana = await world.join('Ana', '/room/lab', anas)
  await until(ana, (s) => s.phase.at === 'member')
  await ana.changeRoom({ title: 'Book club' })
  await until(ana, (s) => s.title === 'Book club')
  await world.restart(async () => {
    for (const ending of ['', '-wal', '-shm', '.life'])
      rmSync(path.join(world.folder, `qsec2.db${ending}`), { force: true })
  })
  await until(ana, (s) => events(s).filter((type) => type === 'created').length === 2, 30_000)
  expect(ana.snapshot.title).toBeUndefined()
  expect((await storedRooms(anas.storage, anas.locks))[0]).not.toHaveProperty('title')
  const ben = await world.join('Ben', '/room/lab')
  await until(ben, (s) => s.phase.at === 'member')
  expect(ben.snapshot.title).toBeUndefined()
})
