/** Shares of a group secret that go down with the relay, and come again from who made them. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, until, type World } from './world.ts'

const program = path.join(import.meta.dirname, '../../packages/server/test/dying-relay.ts')

let world: World
let dying: ChildProcess | undefined
beforeEach(async () => {
  world = await openWorld()
})
afterEach(async () => {
  dying?.kill('SIGKILL')
  await world.close()
})

const refreshes = (s: RoomSnapshot) => events(s).filter((event) => event === 'keys-refreshed').length

/** Rows that a device has stored under a name of its own. */
async function stored(env: ClientEnv, room: RoomClient, what: string): Promise<number> {
  return (await env.storage.list(`device/${room.snapshot.self.device}/${what}/`)).length
}

it('[GP62] a share that went down with the relay, pair group and all, comes again from its maker: no return, and no gap', {
  timeout: 150_000,
}, async () => {
  const envs = [world.env(), world.env(), world.env()] as const
  const ana = await world.create('Ana', undefined, envs[0])
  const ben = await world.join('Ben', ana.snapshot.invitePath!, envs[1])
  for (const room of [ana, ben]) await until(room, (s) => s.people.length === 2)
  const { port } = world.relay
  await world.relay.close()
  dying = fork(program, [path.join(world.folder, 'qsec2.db'), String(port)])
  await once(dying, 'message')
  for (const room of [ana, ben]) await until(room, (s) => s.connection === 'connected')
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envs[2])
  await until(cleo, (s) => s.phase.at === 'member' && s.epoch === ana.snapshot.epoch)
  await cleo.close()
  for (const room of [ana, ben])
    await until(room, (s) => s.people.length === 3 && s.people.some(({ present }) => !present))
  expect(await stored(envs[2], cleo, 'pairs')).toBe(0)

  const before = refreshes(ana.snapshot)
  for (const room of [ana, ben]) await until(room, (s) => refreshes(s) > before && !s.quantum.running, 60_000)
  await ana.send('while you were away')
  await until(ben, hasText('while you were away'))
  await until(ana, (s) => s.timeline.every((item) => item.kind !== 'message' || item.deliveredTo > 0))
  const owed = async () => (await stored(envs[0], ana, 'owed')) + (await stored(envs[1], ben, 'owed'))
  expect(await owed()).toBeGreaterThan(0)
  const died = once(dying, 'exit')
  dying.kill('SIGKILL')
  await died
  await world.restart()

  const back = await world.comeBack(envs[2], ana.snapshot.address)
  await until(back, hasText('while you were away'), 60_000)
  await until(back, (s) => s.epoch === ana.snapshot.epoch)
  expect(refreshes(back.snapshot)).toBeGreaterThan(0)
  await back.send('here again')
  for (const room of [ana, ben]) await until(room, hasText('here again'))
  for (const room of [ana, ben, back]) {
    expect(events(room.snapshot)).not.toContain('rejoined')
    expect(events(room.snapshot)).not.toContain('gap')
  }
  // Acknowledged, it is erased.
  await expect.poll(owed, { timeout: 15_000 }).toBe(0)
})
