/** What the server lost and nobody here has: the page says so, and its person can go on without it. */
import type { ClientEnv } from '@qsec/client'
import { joinRoom as enterRoom, lookAtRoom, parseLinkFragment, type RoomClient, returnToRoom } from '@qsec/client'
import {
  connectSocketIo,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openMemoryStorage,
  openNodeQuantum,
} from '@qsec/client/node'
import { parseRoomAddress, type RoomAddress } from '@qsec/protocol'
import { type RunningRelay, startRelay } from '@qsec/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from '../system/world.ts'
import { createRoom, openStage, reads, type Stage, say } from './browsers.ts'
import { button, isClean, phone } from './phone.ts'

let stage: Stage
let later: RunningRelay | undefined
const rooms: RoomClient[] = []
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.close()
  await later?.close()
  await stage.close()
})

function newEnv(): ClientEnv {
  return {
    storage: openMemoryStorage(),
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
  }
}

/** Somebody without a page, who comes in by the link. */
async function comes(link: string, name: string, env: ClientEnv): Promise<{ room: RoomClient; address: RoomAddress }> {
  const { pathname, hash } = new URL(link)
  const address = parseRoomAddress(pathname.split('/').at(-1)!)!
  const room = await enterRoom(env, address, { relayUrl: stage.relay.url, name, secret: parseLinkFragment(hash)! })
  rooms.push(room)
  await until(room, (s) => s.phase.at === 'member', 60_000)
  return { room, address }
}

it('[GP64] what the server lost and nobody here has is said; by keyboard one goes on without it, reads what became of it, and keeps half an edit', async () => {
  const ana = await phone(stage)
  const link = await createRoom(ana, stage.url, 'Ana')
  const env = newEnv()
  const { room: ben, address } = await comes(link, 'Ben', env)
  await say(ana, 'before')
  await until(ben, (s) => s.timeline.some((item) => item.kind === 'message' && item.text === 'before'))
  const roomUrl = ana.url()
  await ana.goto('about:blank')
  await until(ben, (s) => s.people.some(({ self, present }) => !self && !present))
  // A commit without Ana, so that she knows that she misses something; then everybody is away, and the server restarts.
  const { room: cem } = await comes(link, 'Cem', newEnv())
  await until(ben, (s) => s.people.length === 3)
  await ben.close()
  await cem.close()
  const { port } = stage.relay
  await stage.relay.close()
  later = await startRelay({ port, host: '127.0.0.1', databasePath: stage.databasePath })

  await ana.goto(roomUrl)
  await ana.getByText('Something that was said is missing, and nobody here has it.').waitFor({ timeout: 30_000 })
  await isClean(ana)
  const text = ana.getByRole('textbox', { name: 'Message' })
  await text.press('ArrowUp')
  await expect.poll(() => text.inputValue()).toBe('before')
  await text.fill('before, half changed')
  await button(ana, 'Go on without it').press('Enter')
  await ana.getByText('Something that was said is missing').waitFor({ state: 'detached' })
  const entry = await lookAtRoom(env, address, {})
  if (entry.type !== 'known') throw new Error('Ben’s device is gone')
  const back = await returnToRoom(env, entry.device, { relayUrl: later.url })
  rooms.push(back)
  const log = ana.getByRole('log', { name: 'Messages' })
  await log.getByText('Your device rejoined. What was said meanwhile may be missing here.').waitFor({ timeout: 60_000 })
  // What was half changed is there again with the place to write.
  await expect.poll(() => text.inputValue()).toBe('before, half changed')
  await text.press('Escape')
  await say(ana, 'after')
  await until(back, (s) => s.timeline.some((item) => item.kind === 'message' && item.text === 'after'), 30_000)
  await back.send('and on')
  await reads(ana, 'and on', 30_000)
}, 180_000)
