/** What an operator does, with the program alone, to a relay in which people talk. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  type ClientEnv,
  createClosedRoom,
  joinRoom,
  parseLinkFragment,
  type RoomClient,
  type RoomSnapshot,
} from '@qsec/client'
import {
  connectSocketIo,
  memoryLocks,
  nodeClock,
  nodeRandom,
  openMemoryStorage,
  openNodeQuantum,
} from '@qsec/client/node'
import { parseRoomAddress } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hasText, texts, until } from './world.ts'

const main = path.resolve(import.meta.dirname, '../../apps/cli/src/main.ts')

/** What has no place in the order yet stands at the end of its author's screen. */
const pending: ReadonlySet<string> = new Set(['sending', 'held'])

let folder = ''
let running: ChildProcessWithoutNullStreams[] = []
let rooms: RoomClient[] = []

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'qsec-operate-'))
  running = []
  rooms = []
})
afterEach(async () => {
  await Promise.all(rooms.map((room) => room.close()))
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH: process.env.PATH ?? '' } })
  running.push(child)
  const heard = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.err += text
  })
  const exit = once(child, 'close').then(([code]) => code as number | null)
  return { child, heard, exit }
}

async function serve(port: number): Promise<{ url: string; end(): Promise<{ code: number | null; ms: number }> }> {
  const { child, heard, exit } = start(['serve', '--port', String(port)])
  await Promise.race([once(child.stdout, 'data'), exit])
  const url = /http:\/\/localhost:\d+/.exec(heard.out)?.[0]
  if (!url) throw new Error(`it does not serve: ${heard.err}`)
  const end = async () => {
    const from = performance.now()
    child.kill('SIGTERM')
    return { code: await exit, ms: performance.now() - from }
  }
  return { url, end }
}

async function qsec(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { child, heard, exit } = start(args)
  child.stdin.end()
  const code = await exit
  return { code, ...heard }
}

function env(): ClientEnv {
  return {
    storage: openMemoryStorage(),
    locks: memoryLocks(),
    clock: nodeClock,
    random: nodeRandom,
    connect: (url) => connectSocketIo({ url }),
    openQuantum: openNodeQuantum,
  }
}

/** Two people in a closed room. */
async function twoAt(relayUrl: string): Promise<{ ana: RoomClient; ben: RoomClient; address: string }> {
  const ana = await createClosedRoom(env(), { relayUrl, name: 'Ana' })
  rooms.push(ana)
  const { invitePath = '' } = await until(ana, (s) => s.phase.at === 'member' && s.invitePath !== undefined)
  const [, address = '', fragment = ''] = /^\/room\/([^#]+)(#.*)$/.exec(invitePath) ?? []
  const ben = await joinRoom(env(), parseRoomAddress(address)!, {
    relayUrl,
    name: 'Ben',
    secret: parseLinkFragment(fragment)!,
  })
  rooms.push(ben)
  for (const one of rooms) await until(one, (s) => s.phase.at === 'member' && s.people.length === 2)
  return { ana, ben, address }
}

it('[OP20] SIGTERM amid sending ends the relay with 0 within 5 s, and the next one goes on with nothing lost', async () => {
  const first = await serve(0)
  const { ana, ben } = await twoAt(first.url)
  const said: string[] = []
  let isOver = false
  const talking = (async () => {
    for (let i = 0; !isOver; i++) {
      for (const [one, name] of [
        [ana, 'a'],
        [ben, 'b'],
      ] as const) {
        said.push(`${name}${i}`)
        await one.send(`${name}${i}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  })()
  await until(ben, (s) => texts(s).length > 20)
  const { code, ms } = await first.end()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(5_000)
  const port = Number(new URL(first.url).port)
  const second = await serve(port)
  await until(ana, (s) => s.connection === 'connected', 30_000)
  isOver = true
  await talking
  const isSettled = ({ timeline }: RoomSnapshot) =>
    said.every((text) =>
      timeline.some((item) => item.kind === 'message' && item.text === text && !pending.has(item.state)),
    )
  for (const one of rooms) await until(one, isSettled, 45_000)
  const seen = rooms.map((one) => texts(one.snapshot))
  expect([...seen[0]!].sort()).toEqual([...said].sort())
  expect(seen[1]).toEqual(seen[0])
  expect((await second.end()).code).toBe(0)
})

it('[OP21] an operator looks, backs up, restores and deletes', async () => {
  const first = await serve(0)
  const { ana, ben, address } = await twoAt(first.url)
  await ana.send('before')
  await until(ben, hasText('before'))

  const listed = await qsec('admin', 'rooms', '--json')
  expect(JSON.parse(listed.out)).toMatchObject([{ room: address, exists: true, members: 2, connected: 2 }])
  expect((await qsec('admin', 'rooms')).out).toMatch(new RegExp(`^${address} +2 +2 +0 `, 'm'))
  expect((await qsec('admin', 'quotas')).out).toMatch(/^rooms +1 +no bound$/m)

  const backup = path.join(folder, 'backup.db')
  const made = await qsec('backup', backup, '--json')
  expect(made).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse(made.out)).toMatchObject({ file: backup, rooms: 1 })
  expect((await qsec('backup', backup)).code).toBe(1)
  expect(await qsec('restore', backup)).toMatchObject({
    code: 1,
    err: 'The relay is running. Stop it, then restore.\n',
  })

  await first.end()
  const restored = await qsec('restore', backup)
  expect(restored).toMatchObject({ code: 0, err: '' })
  expect(restored.out).toMatch(/^What stood there is in .*qsec2\.db\.before-\d{8}T\d{6}Z\.$/m)
  const second = await serve(Number(new URL(first.url).port))
  await ana.send('after')
  await until(ben, hasText('after'), 30_000)

  expect((await qsec('admin', 'delete', address)).code).toBe(2)
  const deleted = await qsec('admin', 'delete', address, '--yes')
  expect(deleted.out).toMatch(
    new RegExp(`^Room ${address} and \\d+ lines of its log are deleted. Devices that were told: 2\\.\n$`),
  )
  for (const one of rooms) {
    const { phase } = await until(one, (s) => s.phase.at === 'refused', 30_000)
    expect(phase).toMatchObject({ code: 'no-access' })
    expect(texts(one.snapshot)).toEqual(['before', 'after'])
  }
  expect((await qsec('admin', 'rooms')).out).toBe('There are no rooms.\n')
  await second.end()
  expect(await qsec('admin', 'delete', address, '--yes')).toMatchObject({
    code: 1,
    err: `The relay knows of no room ${address}.\n`,
  })
  expect((await qsec('admin', 'quotas')).code).toBe(1)
  expect(existsSync(path.join(folder, 'data/qsec2.db.admin'))).toBe(false)
})
