/** A relay whose operator puts a backup back, and rooms that have gone on since: their people know where they are. */
import path from 'node:path'
import type { RoomClient } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { backUp, restore } from '../../packages/server/src/store/backup.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const database = () => path.join(world.folder, 'qsec2.db')
const copy = () => path.join(world.folder, 'copy.db')

async function setBack(): Promise<void> {
  await world.restart(async () => {
    expect(await restore(database(), copy(), Date.now())).toMatchObject({ ok: true })
  })
}

const isIn = (people: number) => (s: RoomClient['snapshot']) => s.phase.at === 'member' && s.people.length === people

/** Each says something that all others hear, once. */
async function allTalk(rooms: readonly RoomClient[], word: string): Promise<void> {
  for (const [i, room] of rooms.entries()) await room.send(`${word} ${i}`)
  for (const room of rooms) for (const i of rooms.keys()) await until(room, hasText(`${word} ${i}`), 30_000)
  for (const room of rooms) expect(new Set(texts(room.snapshot)).size, word).toBe(texts(room.snapshot).length)
}

it('[RB1] after a backup from 20 epochs ago everybody comes back by itself, and nothing is lost or shown twice', {
  timeout: 120_000,
}, async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  const three = [ana, ben, cleo]
  for (const room of three) await until(room, isIn(3))
  await allTalk(three, 'before the backup')
  expect(await backUp(database(), copy())).toMatchObject({ ok: true })

  const { epoch } = ana.snapshot
  for (let i = 0; ana.snapshot.epoch < epoch + 20; i++) {
    await ana.changeRoom({ locked: i % 2 === 0 })
    await ben.send(`since then ${i}`)
  }
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  const four = [...three, dan]
  for (const room of four) await until(room, isIn(4))
  await allTalk(four, 'before the restore')
  const reached = ana.snapshot.epoch
  const heard = four.map((room) => texts(room.snapshot).length)

  await setBack()
  await allTalk(four, 'after the restore')
  for (const room of four) {
    expect(room.snapshot.phase.at).toBe('member')
    expect(room.snapshot.epoch).toBeGreaterThanOrEqual(reached)
    expect(texts(room.snapshot)).toHaveLength(heard[four.indexOf(room)]! + 4)
    expect(events(room.snapshot)).not.toContain('rejoined')
    expect(events(room.snapshot)).not.toContain('unreadable')
  }
  for (const room of four) expect(events(room.snapshot).filter((type) => type === 'relay-restored')).toHaveLength(1)
})

it('[RB2] whoever was away and comes first does not lead the room back: it follows those who know more, and so does what it said', {
  timeout: 120_000,
}, async () => {
  const [anas, bens] = [world.env(), world.env()]
  const ana = await world.create('Ana', undefined, anas)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, bens)
  const mallory = await world.join('Mallory', ana.snapshot.invitePath!)
  for (const room of [ana, ben, mallory]) await until(room, isIn(3))
  await allTalk([ana, ben, mallory], 'before the backup')
  expect(await backUp(database(), copy())).toMatchObject({ ok: true })
  await ben.close()
  await ana.putOut(mallory.snapshot.self.device)
  await until(ana, isIn(2))
  await ana.send('without Mallory')
  const { epoch } = ana.snapshot
  await ana.close()

  await setBack()
  const benBack = await world.comeBack(bens, ana.snapshot.address)
  await benBack.send('first')
  await until(benBack, (s) =>
    s.timeline.some((item) => item.kind === 'message' && item.text === 'first' && item.state === 'sent'),
  )
  const anaBack = await world.comeBack(anas, ana.snapshot.address)
  await until(anaBack, hasText('first'), 30_000)
  for (const room of [anaBack, benBack]) await until(room, isIn(2), 30_000)
  expect(benBack.snapshot.epoch).toBeGreaterThanOrEqual(epoch)
  await allTalk([anaBack, benBack], 'after')
  // Its commit was made in a group in which Mallory was: it came back as a new leaf of the one in which she is not.
  const returned = (room: RoomClient, self: boolean) =>
    room.snapshot.timeline.some(
      (item) =>
        item.kind === 'system' && item.event.type === 'rejoined' && item.event.people.some((one) => one.self === self),
    )
  expect([returned(benBack, true), returned(anaBack, true)]).toEqual([true, false])
  expect(anaBack.snapshot.people.map(({ name }) => name).sort()).toEqual(['Ana', 'Ben'])
})
