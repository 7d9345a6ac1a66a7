/** A login that fails by accident, as on a machine that is too slow for its challenge, and one that always fails. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { hasText, openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

const failed = { ok: false, code: 'login-failed', message: 'The login does not hold.' } as const

it('[MD1] a login that came too late for its challenge is made anew, and the device comes in', {
  timeout: 60_000,
}, async () => {
  const ana = await world.create('Ana')
  const relay = new HostileRelay(world)
  let joins = 0
  relay.up = async (name, payload, real) => (name === 'join' && ++joins <= 3 ? failed : real(name, payload))
  const ben = await world.join('Ben', ana.snapshot.invitePath!, relay.env())
  await until(ben, (s) => s.phase.at === 'member', 40_000)
  await ben.send('late, but here')
  await until(ana, hasText('late, but here'))
})

it('[MD2] one that never holds is refused in the end, and said', { timeout: 60_000 }, async () => {
  const ana = await world.create('Ana')
  const relay = new HostileRelay(world)
  relay.up = async (name, payload, real) => (name === 'join' ? failed : real(name, payload))
  const ben = await world.join('Ben', ana.snapshot.invitePath!, relay.env())
  await until(ben, (s) => s.phase.at === 'refused', 40_000)
  expect(ben.snapshot.phase).toMatchObject({ code: 'login-failed' })
})
