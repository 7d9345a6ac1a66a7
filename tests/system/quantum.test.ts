import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

it('[QU1] two people: BB84 runs by itself and the epoch carries a quantum key, called simulated', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  const rooms = [ana, ben]
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 30_000)))
  await ana.send('under the new key')
  await until(ben, hasText('under the new key'))
  for (const room of rooms) {
    expect(events(room.snapshot)).toContain('keys-refreshed')
    expect(room.snapshot.quantum.outcome).toBe('completed')
    expect(room.snapshot.quantum.links).toHaveLength(1)
  }
})

it('[QU2] five people: the star covers all, and a join or a leave sets the label back until the next', async () => {
  const ana = await world.create('Ana')
  const others = []
  for (const name of ['Ben', 'Cleo', 'Dan', 'Eve']) {
    const room = await world.join(name, ana.snapshot.invitePath!)
    await until(room, (s) => s.phase.at === 'member')
    others.push(room)
  }
  const all = [ana, ...others]
  await Promise.all(all.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 60_000)))
  expect(ana.snapshot.quantum).toMatchObject({ linksCovered: 4, linksInAll: 4 })

  await others[3]!.leave()
  const left = all.slice(0, 4)
  await Promise.all(left.map((room) => until(room, (s) => s.people.length === 4 && s.quantum.label === 'post-quantum')))
  await Promise.all(left.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 60_000)))
}, 120_000)

it('[QU3] with one member away the others refresh, the label waits, and the absent one follows on its return', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  const env = world.env()
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, env)
  await until(ana, (s) => s.people.some(({ name }) => name === 'Cleo'))
  await cleo.close()
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Cleo' && !present))
  await until(ana, (s) => events(s).includes('keys-refreshed'), 60_000)
  expect(ana.snapshot.quantum.label).toBe('post-quantum')
  await ana.send('while you were away')

  const back = await world.comeBack(env, ana.snapshot.address)
  await until(back, hasText('while you were away'), 30_000)
  // The healing commit after the secret's may come in before or after the message.
  await until(back, (s) => s.epoch === ana.snapshot.epoch)
  expect(events(back.snapshot)).not.toContain('rejoined')
}, 120_000)

it('[QU4] an eavesdropper is found, no key is made, the chat goes on, and without her the link recovers', async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  await ben.switchEavesdropper(true)
  const rooms = [ana, ben]
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.outcome === 'eavesdropper', 60_000)))
  for (const room of rooms) {
    expect(room.snapshot.quantum.label).toBe('post-quantum')
    expect(events(room.snapshot)).toContain('eavesdropper-detected')
    expect(room.snapshot.quantum.links[0]?.qber).toBeGreaterThan(0.2)
  }
  await ana.send('still here')
  await until(ben, hasText('still here'))
  await ana.switchEavesdropper(false)
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 60_000)))
  for (const room of rooms) expect(room.snapshot.quantum.outcome).toBe('completed')
}, 120_000)

it('[QU5] who comes in while an eavesdropper is on hears of her, and the link with them makes no key either', async () => {
  const ana = await world.create('Ana')
  await ana.switchEavesdropper(true)
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  const rooms = [ana, ben]
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.outcome === 'eavesdropper', 60_000)))
  expect(ben.snapshot.quantum.eavesdropper).toMatchObject({ on: true, by: { name: 'Ana' } })
  for (const room of rooms) {
    expect(events(room.snapshot).filter((event) => event === 'eavesdropper-switched')).toHaveLength(1)
    expect(room.snapshot.quantum.label).toBe('post-quantum')
  }
}, 120_000)

it('[GS8] pads end with a leaf: after a rejoin neither end has any of the other’s, also not by an old copy', async () => {
  const env = world.env()
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!, env)
  const bits = (room: typeof ana) => room.snapshot.quantum.links[0]?.keyBits ?? 0
  for (const room of [ana, ben]) {
    await until(room, (s) => s.quantum.label === 'quantum (simulated)' && bits(room) > 0, 30_000)
  }
  await ben.close()
  const old = world.copy(env)
  const later = await world.comeBack(env, ana.snapshot.address)
  for (const text of ['one', 'two']) await later.send(text)
  await until(ana, hasText('two'))
  await later.close()
  await until(ana, (s) => s.people.some(({ self, present }) => !self && !present))
  const back = await world.comeBack(old, ana.snapshot.address)
  await back.send('from the old copy').catch(() => undefined)
  // Both are watched from the start: two seconds later an exchange makes new ones.
  const without = (room: typeof ana) => until(room, (s) => events(s).includes('rejoined') && bits(room) === 0, 60_000)
  await Promise.all([ana, back].map(without))
})
