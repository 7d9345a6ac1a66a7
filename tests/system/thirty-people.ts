/** A class comes in: thirty people behind one address open one link within six seconds, and all speak. */
import type { RoomClient } from '@qsec/client'
import { texts, until, type World } from './world.ts'

const people = 30
const betweenMs = 200
const patienceMs = 60_000

/** Resolves once everyone has read everyone. `tookMs` runs from the first click, the six seconds of arriving included. */
export async function thirtyPeople(world: World): Promise<{ rooms: RoomClient[]; tookMs: number }> {
  const started = performance.now()
  const ana = await world.create('Ana')
  const link = ana.snapshot.invitePath!
  const joining: Promise<RoomClient>[] = []
  for (let i = 1; i < people; i++) {
    joining.push(enter(world, `Pupil ${i}`, link))
    await new Promise((resolve) => setTimeout(resolve, betweenMs))
  }
  const rooms = [ana, ...(await Promise.all(joining))]
  await Promise.all(rooms.map((room, i) => room.send(`hello from ${i}`)))
  const heard = (room: RoomClient) =>
    until(room, (s) => texts(s).filter((text) => text.startsWith('hello from')).length === people, patienceMs)
  await Promise.all(rooms.map(heard))
  return { rooms, tookMs: Math.round(performance.now() - started) }
}

async function enter(world: World, name: string, link: string): Promise<RoomClient> {
  const room = await world.join(name, link)
  await until(room, (s) => s.phase.at === 'member', patienceMs)
  return room
}
