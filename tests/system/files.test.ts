/** Files between real clients over a real relay. */
import { createHash, randomBytes } from 'node:crypto'
import type { ClientEnv, FileSource, FileStateView, MessageView, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openWorld, until, type World } from './world.ts'

const mebibyte = 1_048_576

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

function sourceOf(name: string, bytes: Uint8Array, type = ''): FileSource {
  return { name, type, size: bytes.length, read: async (from, to) => bytes.subarray(from, to) }
}

/** The newest message with files. */
function fileMessage(snapshot: RoomSnapshot): MessageView | undefined {
  return snapshot.timeline.findLast((item) => item.kind === 'message' && item.files !== undefined) as
    | MessageView
    | undefined
}

/** How far the first file of the newest message has come. */
function stateOf(snapshot: RoomSnapshot): FileStateView | undefined {
  const file = fileMessage(snapshot)?.files?.[0]
  return file && (snapshot.files.states.get(file.id) ?? { at: 'absent' })
}

const isHere = (snapshot: RoomSnapshot) => stateOf(snapshot)?.at === 'here'
const doneBytes = (snapshot: RoomSnapshot) => {
  const state = stateOf(snapshot)
  return state?.at === 'coming' ? state.doneBytes : 0
}

async function bytesOf(room: RoomClient): Promise<Buffer> {
  const message = fileMessage(room.snapshot)!
  const file = await room.openFile(message.key, message.files![0]!.id)
  const parts: Uint8Array[] = []
  for await (const part of file.read()) parts.push(part)
  return Buffer.concat(parts)
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function twoPeople(benEnv?: ClientEnv): Promise<{ ana: RoomClient; ben: RoomClient }> {
  const ana = await world.create('Ana')
  const ben = await world.join('Ben', ana.snapshot.invitePath!, benEnv)
  for (const room of [ana, ben]) {
    await until(room, (s) => s.phase.at === 'member' && s.people.length === 2 && s.files.bytesAtMost !== undefined)
  }
  return { ana, ben }
}

it('[FI1] a file of 20 MB arrives through three lost connections, and messages beside it', async () => {
  const benEnv = await world.proxied()
  const { ana, ben } = await twoPeople(benEnv)
  const bytes = randomBytes(20 * mebibyte)
  await ana.attach([sourceOf('film.bin', bytes)], { text: 'a large one' })
  for (const share of [0.1, 0.4, 0.7]) {
    await until(ben, (s) => isHere(s) || doneBytes(s) > share * bytes.length, 60_000)
    const before = doneBytes(ben.snapshot)
    world.cut(benEnv)
    await until(ben, (s) => s.connection !== 'connected')
    await ana.send(`while he is away at ${share}`)
    world.mend(benEnv)
    await until(ben, (s) => s.connection === 'connected', 30_000)
    await until(ben, (s) => s.timeline.some((item) => item.kind === 'message' && item.text.endsWith(`at ${share}`)))
    expect(isHere(ben.snapshot) || doneBytes(ben.snapshot) >= before, 'what had come stays').toBe(true)
  }
  await until(ben, isHere, 60_000)
  expect(hashOf(await bytesOf(ben))).toBe(hashOf(bytes))
  expect(fileMessage(ben.snapshot)).toMatchObject({ text: 'a large one', files: [{ name: 'film.bin', kind: 'other' }] })
})
