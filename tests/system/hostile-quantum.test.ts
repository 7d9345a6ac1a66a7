/** Exchanges of keys that go wrong in the middle: the chat goes on, nobody is locked out for good, and it comes right. */
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import type { ClientEventName, CommitEvent } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { events, hasText, openWorld, until, type World } from './world.ts'

interface Person {
  name: string
  relay: HostileRelay
  env: ClientEnv
  room: RoomClient
}

let world: World
let people: Person[]
beforeEach(async () => {
  world = await openWorld()
  people = []
})
afterEach(() => world.close())

/** Opens a room with one honest maker, who is not in the list, and these people, each behind a relay of its own. */
async function open(...names: string[]): Promise<RoomClient> {
  const ana = await world.create('Ana')
  for (const name of names) {
    const relay = new HostileRelay(world)
    const env = relay.env()
    const room = await world.join(name, ana.snapshot.invitePath!, env)
    await until(room, (s) => s.phase.at === 'member')
    people.push({ name, relay, env, room })
  }
  return ana
}

const refreshed = (s: RoomSnapshot) => events(s).includes('keys-refreshed')
const bySimulated = (s: RoomSnapshot) => s.quantum.label === 'quantum (simulated)'
const isRoomCommit = (name: ClientEventName, payload: unknown) =>
  name === 'commit' && (payload as CommitEvent).pair === undefined

/** Makes the first of these people who asks for this the one whose device dies at that moment. */
function dieAt(at: (name: ClientEventName, payload: unknown, times: number) => boolean): Promise<Person> {
  return new Promise((resolve) => {
    let dead: Person | undefined
    for (const person of people) {
      let times = 0
      person.relay.up = async (name, payload, real) => {
        if (!dead && at(name, payload, ++times)) {
          dead = person
          person.relay.silence()
          void person.room.close()
          resolve(person)
        }
        return dead === person ? undefined : real(name, payload)
      }
    }
  })
}

async function allTalk(rooms: readonly RoomClient[], word: string): Promise<void> {
  for (const [i, room] of rooms.entries()) await room.send(`${word} ${i}`)
  for (const [i] of rooms.entries()) {
    await Promise.all(rooms.map((room) => until(room, hasText(`${word} ${i}`), 45_000)))
  }
}

it('[HQ1] a sponsor that dies before the first share: another one makes the keys', async () => {
  const ana = await open('Ben', 'Cleo')
  const died = dieAt((name) => name === 'roomkey_share')
  const who = await Promise.race([died, until(ana, refreshed, 30_000).then(() => undefined)])
  const left = [ana, ...people.filter((person) => person !== who).map(({ room }) => room)]
  await allTalk(left, 'still')
  await Promise.all(left.map((room) => until(room, refreshed, 45_000)))
}, 120_000)

it('[HQ2] a sponsor that dies with all shares out and no commit: the others talk and make other keys', async () => {
  const ana = await open('Ben', 'Cleo')
  const died = dieAt((name, payload) => isRoomCommit(name, payload))
  const who = await Promise.race([died, until(ana, refreshed, 30_000).then(() => undefined)])
  const left = [ana, ...people.filter((person) => person !== who).map(({ room }) => room)]
  await allTalk(left, 'still')
  await Promise.all(left.map((room) => until(room, refreshed, 45_000)))
  if (!who) return
  const back = await world.comeBack(who.env, ana.snapshot.address).catch(() => undefined)
  who.relay.honest()
  if (back) await allTalk([...left, back], 'together')
}, 150_000)

it('[HQ3] a member from whom its share is hidden waits for it, asks to be added again, and talks on', async () => {
  const ana = await open('Ben')
  const ben = people[0]!
  ben.relay.down = (event) => (event.name === 'roomkey_share' ? [] : [event])
  await until(ana, refreshed, 30_000).catch(() => undefined)
  // Where Ben was the sponsor there is no share to hide.
  if (!events(ben.room.snapshot).includes('keys-refreshed')) {
    await until(ben.room, (s) => events(s).includes('rejoined') && s.phase.at === 'member', 90_000)
  }
  ben.relay.honest()
  await allTalk([ana, ben.room], 'again')
}, 120_000)

it('[HQ4] wishes from all sides in the middle of an exchange: one commit counts at a time, and all end in one epoch', async () => {
  const ana = await open('Ben')
  const rooms = [ana, people[0]!.room]
  // Who runs an exchange when it hears the wish makes the next one; who hears it and is first by then does so too.
  for (let i = 0; i < 6; i++) {
    for (const room of rooms) room.runKeyExchange()
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  await Promise.all(rooms.map((room) => until(room, bySimulated, 45_000)))
  await Promise.all(rooms.map((room) => until(room, (s) => !s.quantum.running, 45_000)))
  await allTalk(rooms, 'one epoch')
  await until(ana, (s) => s.epoch === rooms[1]!.snapshot.epoch)
  for (const room of rooms) expect(events(room.snapshot)).not.toContain('rejoined')
}, 120_000)

it('[HQ5] who comes in the middle of an exchange breaks it off; after a rest all are under a new key', async () => {
  const ana = await open('Ben')
  const ben = people[0]!
  await Promise.race([until(ana, (s) => s.quantum.running, 20_000), until(ben.room, (s) => s.quantum.running, 20_000)])
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member')
  await allTalk([ana, ben.room, cleo], 'three')
  await Promise.all([ana, ben.room, cleo].map((room) => until(room, bySimulated, 90_000)))
}, 150_000)

it('[HQ6] of five, one whose links stay silent: the others get keys, and the label says that not all have', async () => {
  const ana = await open('Ben', 'Cleo', 'Dan', 'Eve')
  const eve = people[3]!
  eve.relay.up = async (name, payload, real) => (name === 'bb84_relay' ? undefined : real(name, payload))
  const others = [ana, ...people.slice(0, 3).map(({ room }) => room)]
  const made = others.map((room) => until(room, refreshed, 100_000))
  await allTalk([...others, eve.room], 'meanwhile')
  await Promise.race([Promise.all(made), until(eve.room, refreshed, 100_000)])
  await allTalk([...others, eve.room], 'afterwards')
  expect(ana.snapshot.quantum.label).toBe('post-quantum')
}, 180_000)
