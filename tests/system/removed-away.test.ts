/** Who was taken out of a room while it was away: it learns so by the commit itself, and what it had is its person's to keep. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { deviceKey } from '../../packages/client/src/room/device-store.ts'
import { hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

it('[RM1] it says that it was removed, its keys are gone at once, and what was said stays until the person erases it', {
  timeout: 60_000,
}, async () => {
  const env = world.env()
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!, env)
  await until(ben, (s) => s.phase.at === 'member')
  await ana.send('before')
  await until(ben, hasText('before'))
  const { device } = ben.snapshot.self
  await ben.close()
  await ana.send('while Ben is away')
  await ana.putOut(device)
  await until(ana, (s) => s.people.length === 1)
  await ana.send('without Ben')

  const back = await world.comeBack(env, ana.snapshot.address)
  await until(back, (s) => s.phase.at === 'removed')
  expect(back.snapshot.phase).toEqual({ at: 'removed' })
  expect(texts(back.snapshot)).toEqual(['before', 'while Ben is away'])
  const lines = back.snapshot.timeline.flatMap((item) => (item.kind === 'system' ? [item.event] : []))
  expect(lines.at(-1)).toMatchObject({ type: 'removed', by: { name: 'Ana' }, people: [{ self: true }] })
  const keys = async () => (await env.storage.keys(`${deviceKey(device)}/`)).map((key) => key.split('/')[2])
  await expect.poll(keys).not.toContain('room')
  for (const secret of ['pairs', 'request', 'copies', 'pads']) expect(await keys()).not.toContain(secret)

  // So it stays, without the relay too, until the person decides.
  await back.close()
  const again = await world.comeBack(env, ana.snapshot.address)
  expect(again.snapshot.phase).toEqual({ at: 'removed' })
  expect(texts(again.snapshot)).toContain('before')
  await again.leave()
  expect(await env.storage.keys(deviceKey(device))).toEqual([])
})

it('[RM2] by a new link it comes in again, as a new device beside the old one', { timeout: 60_000 }, async () => {
  const env = world.env()
  const ana = await world.create('Ana')
  const old = ana.snapshot.invitePath!
  const ben = await world.join('Ben', old, env)
  await until(ben, (s) => s.phase.at === 'member')
  await ana.putOut(ben.snapshot.self.device)
  await until(ben, (s) => s.phase.at === 'removed')
  await ben.close()
  await until(ana, (s) => s.invitePath !== undefined && s.invitePath !== old)
  const anew = await world.join('Ben', ana.snapshot.invitePath!, env)
  await until(anew, (s) => s.phase.at === 'member')
  await anew.send('here again')
  await until(ana, hasText('here again'))
  expect(anew.snapshot.self.device).not.toBe(ben.snapshot.self.device)
})

it('[RM3] the relay’s word alone takes nobody’s keys', { timeout: 60_000 }, async () => {
  const env = world.env()
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!, env)
  await until(ben, (s) => s.phase.at === 'member')
  const { device } = ben.snapshot.self
  await ben.close()
  await ana.putOut(device)
  await until(ana, (s) => s.people.length === 1)
  await world.restart() // the commit is gone with the ring
  const back = await world.comeBack(env, ana.snapshot.address)
  await until(back, (s) => s.phase.at === 'refused', 30_000)
  expect(back.snapshot.phase).toMatchObject({ code: 'no-access' })
  expect((await env.storage.keys(`${deviceKey(device)}/room`)).length).toBeGreaterThan(0)
  await back.leave()
  expect(await env.storage.keys(deviceKey(device))).toEqual([])
})
