import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { ClientEnv, Clock, RoomClient, RoomSnapshot } from '@qsec/client'
import { nodeClock } from '@qsec/client/node'
import { expect, it, onTestFinished } from 'vitest'
import { type Down, HostileRelay } from '../hostile/hostile-relay.ts'
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

it('[NC4] who comes in by its earlier request, and is then added by the newer one too, stays inside and asks no third time', async () => {
  const world = await openWorld()
  onTestFinished(() => world.close())
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  for (const room of [ana, ben]) await until(room, (s) => s.people.length === 2)
  const relay = new HostileRelay(world)
  const held: Down[] = []
  const isWelcome = ({ name, payload }: Down) => name === 'welcome' && !payload.pair
  relay.down = (event) => {
    if (!isWelcome(event)) return [event]
    held.push(event)
    return []
  }
  // The 10 s after which a newcomer asks anew take half a second here.
  const hasty: Clock = {
    nowMs: () => nodeClock.nowMs(),
    after: (delayMs, run) => nodeClock.after(delayMs === 10_000 ? 500 : delayMs, run),
  }
  const env = relay.env({ ...world.env(), clock: hasty })
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, env)
  for (const room of [ana, ben]) await until(room, (s) => s.people.length === 3)
  await cleo.close()
  const requests = () => [
    ...new Set(
      relay.asked.flatMap(({ name, payload }) =>
        name === 'announce_pubkey' ? ((payload as { request?: string }).request ?? []) : [],
      ),
    ),
  ]
  expect(requests()).toHaveLength(1)
  held.length = 0
  const back = await world.comeBack(env, ana.snapshot.address)
  await expect.poll(() => requests().length, { timeout: 20_000 }).toBe(2)
  expect(back.snapshot.phase.at).toBe('waiting')
  relay.honest()
  for (const event of held) relay.replay(event)
  await until(back, (s) => s.phase.at === 'member' && events(s).includes('rejoined'), 30_000)
  for (const room of [ana, ben, back]) await room.send(`all here, ${room.snapshot.self.device}`)
  for (const room of [ana, ben, back]) {
    for (const { snapshot } of [ana, ben, back]) await until(room, hasText(`all here, ${snapshot.self.device}`))
  }
  expect(requests()).toHaveLength(2)
  expect(events(back.snapshot)).not.toContain('unreadable')
})
