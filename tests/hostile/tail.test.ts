/** Class B: a relay that hides what one member says from another, and numbers the rest so that nothing seems to be missing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from '../system/world.ts'
import { HostileRelay } from './hostile-relay.ts'
import { toldInWords } from './stage.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.close())

it('[B21] a tail that is hidden by numbering anew shows at the receipt of whoever has it', {
  timeout: 40_000,
}, async () => {
  const ana = await world.create('Ana')
  const relay = new HostileRelay(world)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, relay.env())
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  for (const room of [ana, ben, cleo]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3)
  for (const [room, word] of [
    [ana, 'from Ana'],
    [ben, 'from Ben'],
    [cleo, 'from Cleo'],
  ] as const) {
    await room.send(word)
    for (const other of [ana, ben, cleo]) await until(other, hasText(word))
  }
  await new Promise((resolve) => setTimeout(resolve, 700)) // receipts of that
  expect(events(ben.snapshot)).not.toContain('split-view')

  let hidden = 0
  const { device } = cleo.snapshot.self
  relay.down = (event) => {
    if (event.name === 'heartbeat') return []
    if (event.name !== 'encrypted_message' || event.payload.pair) return [event]
    if (event.payload.device === device) {
      hidden++
      return []
    }
    return [{ ...event, payload: { ...event.payload, seq: event.payload.seq - hidden } }]
  }
  await cleo.send('hidden from Ben')
  await until(ana, hasText('hidden from Ben'))
  await until(ben, (s) => toldInWords(s, 'split-view'))
  expect(texts(ben.snapshot)).not.toContain('hidden from Ben')
})

it('[B21] what a newcomer says first and the relay keeps back shows at its next word', {
  timeout: 40_000,
}, async () => {
  const ana = await world.create('Ana')
  const relay = new HostileRelay(world)
  const ben = await world.join('Ben', ana.snapshot.invitePath!, relay.env())
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 2)

  const present = new Set([ana, ben].map(({ snapshot }) => snapshot.self.device))
  let hidden = 0
  relay.down = (event) => {
    if (event.name === 'heartbeat') return []
    if (event.name !== 'encrypted_message' || event.payload.pair) return [event]
    if (hidden === 0 && !present.has(event.payload.device)) {
      hidden++
      return []
    }
    return [{ ...event, payload: { ...event.payload, seq: event.payload.seq - hidden } }]
  }
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(cleo, (s) => s.phase.at === 'member' && s.people.length === 3)
  await cleo.send('the next word')
  const lines = await until(ben, hasText('the next word'))
  expect(hidden).toBe(1)
  const told = lines.timeline.flatMap((item) => (item.kind === 'system' ? [item.event] : []))
  expect(told).toContainEqual(expect.objectContaining({ type: 'unreadable', reason: 'missing-before' }))
})
