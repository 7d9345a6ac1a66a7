import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { expect, it, onTestFinished } from 'vitest'
import { events, hasText, openWorld, until, type World } from './world.ts'

const program = path.join(import.meta.dirname, '../../packages/server/test/dying-relay.ts')

/** From here on the relay is a process that can be killed: one that is closed lets its last commit stand. */
async function mortalRelay(world: World, rooms: readonly RoomClient[]): Promise<ChildProcess> {
  const { port } = world.relay
  await world.relay.close()
  const dying = fork(program, [path.join(world.folder, 'qsec2.db'), String(port)])
  onTestFinished(() => void dying.kill('SIGKILL'))
  await once(dying, 'message')
  for (const room of rooms) await until(room, (s) => s.connection === 'connected')
  return dying
}

/** Whoever has this, tells the relay of no commit that it has adopted it, as long as `on`: none stands by its word. */
interface Silence {
  on: boolean
}

function silenced(env: ClientEnv, silence: Silence): ClientEnv {
  return {
    ...env,
    connect: (url) => {
      const transport = env.connect(url)
      const request = transport.request.bind(transport)
      transport.request = (name, payload, timeoutMs) =>
        name === 'commit_ack' && silence.on ? Promise.resolve(undefined) : request(name, payload, timeoutMs)
      return transport
    },
  }
}

interface Story {
  committer: RoomClient
  other: RoomClient
  cleo: RoomClient
}

/** Two members have the commit that lets Cleo in; the relay dies before it stands, and Cleo's Welcome with it. */
async function dieBeforeItStands(between: (story: Story) => Promise<void> = async () => undefined): Promise<Story> {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const silence = { on: false }
  const ana = await world.create('Ana', undefined, silenced(world.env(), silence))
  const ben = await world.join('Ben', ana.snapshot.invitePath!, silenced(world.env(), silence))
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 2)
  await until(ben, (s) => s.people.every(({ name }) => name !== ''))
  const relay = await mortalRelay(world, [ana, ben])
  for (const room of [ana, ben]) {
    await room.send('still here')
  }
  const settled = (s: RoomSnapshot) => s.timeline.filter((item) => item.kind === 'message' && item.state !== 'sending')
  for (const room of [ana, ben]) await until(room, (s) => settled(s).length === 2)
  silence.on = true
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  for (const room of [ana, ben]) await until(room, (s) => s.people.length === 3)
  expect(cleo.snapshot.phase.at).toBe('waiting')
  const joined = ana.snapshot.timeline.findLast((item) => item.kind === 'system' && item.event.type === 'joined')
  const byAna = joined?.kind === 'system' && joined.event.type === 'joined' && joined.event.by.self
  const story = byAna ? { committer: ana, other: ben, cleo } : { committer: ben, other: ana, cleo }
  await between(story)
  expect(cleo.snapshot.phase.at).toBe('waiting')
  const died = once(relay, 'exit')
  relay.kill('SIGKILL')
  await died
  await world.restart()
  silence.on = false
  return story
}

it('[NC1] a newcomer whose Welcome was lost with the relay, before its commit stood, comes in by itself', async () => {
  const { committer, other, cleo } = await dieBeforeItStands()
  const everybody = [committer, other, cleo]
  for (const room of everybody) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3, 40_000)
  expect(events(cleo.snapshot)).toContain('you-joined')
  for (const room of everybody) await room.send(`from ${everybody.indexOf(room)}`)
  for (const room of everybody) for (const i of everybody.keys()) await until(room, hasText(`from ${i}`))
}, 90_000)

it('[NC2] it comes in also where the member who had let it in is gone', async () => {
  const { other, cleo } = await dieBeforeItStands(({ committer }) => committer.close())
  for (const room of [other, cleo]) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3, 60_000)
  await other.send('hello')
  await until(cleo, hasText('hello'))
  await cleo.send('here I am')
  await until(other, hasText('here I am'))
}, 90_000)
