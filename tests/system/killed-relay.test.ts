import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { RoomClient } from '@qsec/client'
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

it('[KN34] people in a room of three go on talking after their relay died with a commit that nobody had heard', {
  timeout: 150_000,
}, async () => {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  const everybody = [ana, ben, cleo]
  for (const room of everybody) await until(room, (s) => s.phase.at === 'member' && s.people.length === 3)
  const { port } = world.relay
  await world.relay.close()
  dying = fork(program, [path.join(world.folder, 'qsec2.db'), String(port)])
  await once(dying, 'message')
  for (const room of everybody) await until(room, (s) => s.connection === 'connected')
  await ana.send('before')
  for (const room of everybody) await until(room, hasText('before'))

  const died = once(dying, 'exit')
  dying.send('arm room')
  await once(dying, 'message')
  const dan = await world.join('Dan', ana.snapshot.invitePath!) // the commit that lets Dan in is the last one
  expect(await died).toEqual([null, 'SIGKILL'])
  await world.restart()

  everybody.push(dan)
  // A commit that adds one of them again can wait 30 s for the word of another one who cannot follow either.
  for (const room of everybody) await until(room, (s) => s.phase.at === 'member' && s.people.length === 4, 75_000)
  for (const room of everybody) await room.send(`after, from ${everybody.indexOf(room)}`)
  for (const room of everybody) {
    for (const i of everybody.keys()) await until(room, hasText(`after, from ${i}`))
    expect(new Set(texts(room.snapshot)).size).toBe(texts(room.snapshot).length)
  }
  // The committer alone had its commit: the others got it from its copy, or, where that took too long, were added again.
  const returns = ({ snapshot }: RoomClient) =>
    snapshot.timeline.some(
      (item) => item.kind === 'system' && item.event.type === 'rejoined' && item.event.people.some(({ self }) => self),
    )
  const caughtUp = (room: RoomClient) => events(room.snapshot).includes('caught-up')
  const followed = [ana, ben, cleo].filter((room) => caughtUp(room) || returns(room))
  expect(followed).toHaveLength(2)
})
