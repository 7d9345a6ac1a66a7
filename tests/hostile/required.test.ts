/** Rooms that require quantum keys: nothing that people say is sealed in an epoch that is not called quantum. */
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, openWorld, texts, until, type World } from '../system/world.ts'
import { HostileRelay } from './hostile-relay.ts'
import { patienceMs } from './stage.ts'

const isQuantum = (s: RoomSnapshot): boolean => s.quantum.label === 'quantum (simulated)'
const isHeld = (s: RoomSnapshot): boolean => s.quantum.hold !== undefined
const awayIn = ({ quantum: { hold } }: RoomSnapshot): string[] =>
  hold?.for === 'away' ? hold.people.map(({ name }) => name) : []
const stateOf = (s: RoomSnapshot, text: string) =>
  s.timeline.flatMap((item) => (item.kind === 'message' && item.text === text ? [item.state] : []))
const count = (s: RoomSnapshot, text: string): number => texts(s).filter((one) => one === text).length

let world: World
let relays: HostileRelay[]
let envs: ClientEnv[]
let ana: RoomClient
let ben: RoomClient
/** Messages that somebody read or sent while its own epoch had no quantum key. */
let early: string[]

beforeEach(async () => {
  world = await openWorld()
  relays = [0, 1, 2].map(() => new HostileRelay(world))
  envs = relays.map((relay) => relay.env())
  early = []
  ana = await world.create('Ana', undefined, envs[0])
  ben = await world.join('Ben', ana.snapshot.invitePath!, envs[1])
  for (const room of [ana, ben]) await until(room, isQuantum, patienceMs)
  await ana.changeRoom({ quantum: 'required' })
  for (const room of [ana, ben]) {
    await until(room, (s) => s.agreement?.quantum === 'required', patienceMs)
    await until(room, isQuantum, patienceMs)
  }
  watch(ana)
  watch(ben)
})
afterEach(() => world.close())

/** Whatever of *waits* is on its way here, or has come, while this device calls its epoch post-quantum. */
function watch(room: RoomClient): void {
  const before = new Set(texts(room.snapshot))
  room.subscribe(() => {
    const { quantum, timeline, self } = room.snapshot
    if (quantum.label !== 'post-quantum') for (const text of texts(room.snapshot)) before.add(text)
    else
      for (const item of timeline) {
        if (item.kind === 'message' && !before.has(item.text) && item.state !== 'held') {
          early.push(`${self.name}: ${item.text} ${item.state}`)
        }
      }
  })
}

it('[B33] [PQ2] where quantum keys are required, a relay that keeps the commit of a secret back gets nothing sealed, and people are told', async () => {
  await ana.send('under the rule')
  await until(ben, (s) => count(s, 'under the rule') === 1, patienceMs)
  // Whoever comes in ends the label; from then on no commit leaves anybody.
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envs[2])
  for (const room of [ana, ben, cleo]) await until(room, (s) => s.people.length === 3 && isHeld(s), patienceMs)
  let kept = 0
  for (const relay of relays) {
    relay.up = (name, payload, real) => {
      if (name !== 'commit' || 'pair' in payload) return real(name, payload)
      kept++
      return Promise.resolve(undefined)
    }
  }
  watch(cleo)
  expect(cleo.snapshot.agreement?.quantum).toBe('required')
  for (const room of [ana, ben, cleo]) await room.send('waits')
  for (const room of [ana, ben, cleo]) {
    await until(room, ({ quantum }) => quantum.hold?.for === 'exchange' && kept > 0, patienceMs)
  }
  for (const room of [ana, ben, cleo]) {
    expect(stateOf(room.snapshot, 'waits')).toEqual(['held'])
    expect(room.snapshot.quantum.label).toBe('post-quantum')
  }
  for (const relay of relays) relay.honest()
  for (const room of [ana, ben, cleo]) await until(room, (s) => count(s, 'waits') === 3, 90_000)
  expect(early).toEqual([])
})

it('[PQ3] one device that is away holds everybody up, is named, and what was held goes out once, in order, after a restart too', async () => {
  await ben.close()
  await until(ana, (s) => s.people.some(({ self, present }) => !self && !present), patienceMs)
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envs[2])
  await until(cleo, (s) => s.people.length === 3 && s.people.every(({ name }) => name !== '') && isHeld(s), patienceMs)
  watch(cleo)
  for (const text of ['first', 'second', 'third']) await ana.send(text)
  for (const room of [ana, cleo]) {
    await until(room, (s) => awayIn(s).join() === 'Ben', patienceMs)
  }
  const third = ana.snapshot.timeline.find((item) => item.kind === 'message' && item.text === 'second')!
  await ana.discard(third.key)
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(envs[0]!, address)
  watch(ana)
  await until(ana, (s) => s.phase.at === 'member' && isHeld(s), patienceMs)
  expect(stateOf(ana.snapshot, 'first')).toEqual(['held'])
  // Back again: the exchange reaches everybody, and nothing of it was lost or doubled.
  ben = await world.comeBack(envs[1]!, address)
  watch(ben)
  for (const room of [ben, cleo]) {
    const s = await until(room, (s) => count(s, 'first') === 1 && count(s, 'third') === 1, 90_000)
    expect(texts(s).filter((text) => ['first', 'second', 'third'].includes(text))).toEqual(['first', 'third'])
    // Held texts have no place among a device's contents before they are said: nothing seems to be missing.
    expect(events(s)).not.toContain('unreadable')
  }
  expect(early).toEqual([])
})

it('[PQ4] the rule is the owner’s and admins’ to set; without it what was held goes out', async () => {
  await expect(ben.changeRoom({ quantum: 'offered' })).rejects.toThrow()
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envs[2])
  await until(ana, (s) => s.people.length === 3 && isHeld(s), patienceMs)
  await ana.send('held until the rule ends')
  await ana.changeRoom({ quantum: 'offered' })
  for (const room of [ben, cleo]) {
    await until(room, (s) => count(s, 'held until the rule ends') === 1, patienceMs)
    expect(events(room.snapshot)).toContain('quantum-policy-set')
  }
})
