import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { ClientEnv, Clock, RoomClient } from '@qsec/client'
import { nodeClock } from '@qsec/client/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

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

/** Puts the relay into a process of its own, so that it can be killed. */
async function intoProcess(): Promise<void> {
  const { port } = world.relay
  await world.relay.close()
  dying = fork(program, [path.join(world.folder, 'qsec2.db'), String(port)])
  await once(dying, 'message')
}

/** `kill -9`, and an empty relay in its place. */
async function killAndRestart(): Promise<void> {
  const died = once(dying!, 'exit')
  dying!.kill('SIGKILL')
  expect(await died).toEqual([null, 'SIGKILL'])
  await world.restart()
}

async function all(rooms: RoomClient[], count: number): Promise<void> {
  for (const room of rooms) await until(room, (s) => s.phase.at === 'member' && s.people.length === count)
}

/** Whether all who are here have everything, so that none of it goes again. */
async function said(from: RoomClient, count: number, prefix: string): Promise<void> {
  for (let i = 0; i < count; i++) await from.send(`${prefix} ${i}`)
  await until(from, (s) => s.timeline.every((item) => item.kind !== 'message' || item.state !== 'sending'))
}

/** A world in which no quantum keys come in between. */
function calm(): ClientEnv {
  const run = { handle: () => undefined, cancel: () => undefined, release: () => undefined }
  // Nor a commit of a device that renews its path, which would tell of what is missing.
  const patient: Clock = {
    nowMs: () => nodeClock.nowMs(),
    after: (delayMs, job) => (delayMs >= 20_000 ? () => undefined : nodeClock.after(delayMs, job)),
  }
  return { ...world.env(), clock: patient, openQuantum: () => ({ begin: () => run, close: () => undefined }) }
}

async function threePeople(): Promise<{ ana: RoomClient; ben: RoomClient; cleo: RoomClient; envs: ClientEnv[] }> {
  const envs = [calm(), calm(), calm()]
  const ana = await world.create('Ana', undefined, envs[0])
  const ben = await world.join('Ben', ana.snapshot.invitePath!, envs[1])
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, envs[2])
  await all([ana, ben, cleo], 3)
  return { ana, ben, cleo, envs }
}

const messages = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix} ${i}`)

it('[GP60] a relay that was killed loses nothing: who was away gets messages and commits from another, in order and once', {
  timeout: 90_000,
}, async () => {
  const { ana, ben, cleo, envs } = await threePeople()
  await intoProcess()
  await ana.send('start')
  for (const room of [ben, cleo]) await until(room, hasText('start'))
  await ana.close()
  await said(ben, 5, 'one')
  const dan = await world.join('Dan', ben.snapshot.invitePath!, calm())
  await all([ben, cleo, dan], 4)
  await said(cleo, 5, 'two')
  for (const room of [ben, dan]) await until(room, hasText('two 4'))
  await until(cleo, (s) =>
    s.timeline.every((item) => item.kind !== 'message' || !item.author.self || item.deliveredTo > 0),
  )
  await killAndRestart()

  const back = await world.comeBack(envs[0]!, ana.snapshot.address)
  await until(back, hasText('two 4'), 30_000)
  await until(back, (s) => s.people.length === 4 && events(s).includes('caught-up'))
  expect(texts(back.snapshot)).toEqual(['start', ...messages('one', 5), ...messages('two', 5)])
  expect(events(back.snapshot)).not.toContain('rejoined')
  expect(events(back.snapshot)).not.toContain('gap')
  await back.send('back again')
  for (const room of [ben, cleo, dan]) await until(room, hasText('back again'), 20_000)
  for (const room of [ben, cleo, dan]) {
    const have = texts(room.snapshot)
    expect(new Set(have).size).toBe(have.length)
  }
})

it('[GP61] so it is with the sender gone, and only a third one holding, who comes later', {
  timeout: 90_000,
}, async () => {
  const { ana, ben, cleo, envs } = await threePeople()
  await intoProcess()
  await ana.send('start')
  for (const room of [ben, cleo]) await until(room, hasText('start'))
  await ana.close()
  await said(ben, 4, 'gone')
  const dan = await world.join('Dan', ben.snapshot.invitePath!, calm()) // a commit, so that Ana knows that she misses something
  await all([ben, cleo, dan], 4)
  await said(ben, 4, 'more')
  await until(cleo, hasText('more 3'))
  await until(ben, (s) =>
    s.timeline.every((item) => item.kind !== 'message' || !item.author.self || item.deliveredTo > 0),
  )
  for (const room of [ben, cleo, dan]) await room.close()
  await killAndRestart()

  const back = await world.comeBack(envs[0]!, ana.snapshot.address)
  await until(back, (s) => s.catchUp?.waiting === true && s.catchUp.certain)
  await world.comeBack(envs[2]!, ana.snapshot.address)
  await until(back, hasText('more 3'), 30_000)
  expect(texts(back.snapshot)).toEqual(['start', ...messages('gone', 4), ...messages('more', 4)])
  await until(back, (s) => events(s).includes('caught-up'))
  const told = back.snapshot.timeline.findLast((item) => item.kind === 'system' && item.event.type === 'caught-up')
  expect(told).toMatchObject({ event: { from: [{ name: 'Cleo' }] } })
  expect(events(back.snapshot)).not.toContain('rejoined')
})

it('[GP65] what its holders bring only after one has gone on without it stays missing, and is said at the next word', {
  timeout: 90_000,
}, async () => {
  const { ana, ben, cleo, envs } = await threePeople()
  await intoProcess()
  // Ana knows by it how many contents of Ben there have been.
  await ben.send('start')
  for (const room of [ana, cleo]) await until(room, hasText('start'))
  await ana.close()
  await said(ben, 3, 'gone')
  await until(cleo, hasText('gone 2'))
  await until(ben, (s) =>
    s.timeline.every((item) => item.kind !== 'message' || !item.author.self || item.deliveredTo > 0),
  )
  // Nothing of it will go again by itself.
  const unconfirmed = async () => (await envs[1]!.storage.list(`device/${ben.snapshot.self.device}/room/out/`)).length
  await expect.poll(unconfirmed, { timeout: 15_000 }).toBe(0)
  for (const room of [ben, cleo]) await room.close()
  await killAndRestart()

  const back = await world.comeBack(envs[0]!, ana.snapshot.address)
  await until(back, (s) => s.catchUp !== undefined)
  // Nobody is here, and nothing is known to be missing: it goes on after 10 s.
  await until(back, (s) => s.phase.at === 'member' && s.catchUp === undefined, 30_000)
  const holder = await world.comeBack(envs[1]!, ana.snapshot.address)
  await holder.send('something else')
  await until(back, hasText('something else'))
  expect(texts(back.snapshot)).toEqual(['start', 'something else'])
  const lines = back.snapshot.timeline.flatMap((item) => (item.kind === 'system' ? [item.event] : []))
  expect(lines).toContainEqual(expect.objectContaining({ type: 'unreadable', reason: 'missing-before' }))
})

it('[GP70] a receipt that was owed when the page was closed is said at the next start', async () => {
  const env = calm()
  const ana = await world.create('Ana', undefined, calm())
  const ben = await world.join('Ben', ana.snapshot.invitePath!, env)
  await all([ana, ben], 2)
  await ana.send('have you got this?')
  // Closed within the pause before a receipt goes alone.
  await until(ben, hasText('have you got this?'))
  await ben.close()
  const state = () =>
    ana.snapshot.timeline.find((item) => item.kind === 'message' && item.text === 'have you got this?')
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  expect(state()).toMatchObject({ state: 'sent' })
  await world.comeBack(env, ana.snapshot.address)
  await until(ana, () => (state() as { state?: string } | undefined)?.state === 'delivered')
})
