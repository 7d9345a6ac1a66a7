/** Files between real clients over a real relay. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ClientEnv, FileSource, FileStateView, MessageView, RoomClient, RoomSnapshot } from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Bot } from '../../apps/cli/src/bot/bot.ts'
import type { BotEvent } from '../../apps/cli/src/bot/events.ts'
import { readJsonLine } from '../../apps/cli/src/bot/orders.ts'
import { quoteWords } from '../../apps/web/src/words/messages.ts'
import { hasText, openWorld, until, type World } from './world.ts'

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
    await until(ben, (s) => doneBytes(s) > share * bytes.length, 60_000)
    const before = doneBytes(ben.snapshot)
    expect(isHere(ben.snapshot), 'cut amid the file').toBe(false)
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

it('[FI2] who comes later takes a file from whoever has it, also when its sender has gone; a large one when asked', async () => {
  const { ana, ben } = await twoPeople()
  const bytes = randomBytes(300_000)
  await ana.attach([sourceOf('plan.bin', bytes)])
  await until(ben, isHere)
  const cleoEnv = world.env()
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, cleoEnv)
  await until(cleo, (s) => s.phase.at === 'member' && s.people.length === 3)
  await cleo.close()
  const large = randomBytes(26 * mebibyte)
  await ana.attach([sourceOf('small.bin', bytes)])
  await until(ben, (s) => isHere(s) && fileMessage(s)?.files?.[0]?.name === 'small.bin')
  await ana.attach([sourceOf('large.bin', large)])
  await until(ben, (s) => fileMessage(s)?.files?.[0]?.name === 'large.bin')
  expect(stateOf(ben.snapshot), 'too large to come by itself').toEqual({ at: 'absent' })
  const message = fileMessage(ben.snapshot)!
  await ben.fetchFile(message.key, message.files![0]!.id)
  await until(ben, isHere, 60_000)
  await ana.close()
  const back = await world.comeBack(cleoEnv, cleo.snapshot.address)
  const smallOf = (s: RoomSnapshot) =>
    s.timeline
      .flatMap((item) => (item.kind === 'message' ? (item.files ?? []) : []))
      .find((f) => f.name === 'small.bin')
  await until(back, (s) => s.files.states.get(smallOf(s)?.id ?? '')?.at === 'here', 30_000)
  expect(world.relay.stats().pieceBytes, 'nothing stays at the relay').toBe(0)
})

it('[FI3] a device that stops amid a file goes on where it was; one that is cancelled is gone and can be fetched again', async () => {
  const benEnv = await world.proxied()
  const { ana, ben } = await twoPeople(benEnv)
  const bytes = randomBytes(12 * mebibyte)
  await ana.attach([sourceOf('film.bin', bytes)])
  await until(ben, (s) => doneBytes(s) > 0.2 * bytes.length, 30_000)
  world.cut(benEnv)
  await ben.close()
  const pieces = (await benEnv.storage.keys('')).filter((key) => key.includes('/file/piece/')).length
  expect(pieces).toBeGreaterThan(10)
  const back = await world.comeBack(benEnv, ben.snapshot.address)
  expect(doneBytes(back.snapshot), 'before there is a connection').toBeGreaterThan(0.15 * bytes.length)
  world.mend(benEnv)
  await until(back, (s) => isHere(s) || doneBytes(s) > 0.4 * bytes.length, 30_000)
  const { key, files } = fileMessage(back.snapshot)!
  const { id } = files![0]!
  await back.cancelFile(id)
  await until(back, (s) => stateOf(s)?.at === 'absent')
  expect((await benEnv.storage.keys('')).filter((one) => one.includes('/file/'))).toEqual([])
  await expect(back.openFile(key, id)).rejects.toMatchObject({ code: 'file-not-here' })
  await back.fetchFile(key, id)
  await until(back, isHere, 60_000)
  expect(hashOf(await bytesOf(back))).toBe(hashOf(bytes))
})

it('[FI4] what is too large or too many is not sent, and what is stopped leaves nothing behind; deleted, it is on no disk', async () => {
  await world.close()
  world = await openWorld({ limits: { fileBytes: mebibyte } })
  const anaEnv = world.env()
  const ana = await world.create('Ana', undefined, anaEnv)
  await until(ana, (s) => s.files.bytesAtMost === mebibyte)
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member' && s.people.length === 2)
  await until(ana, (s) => s.people.length === 2)
  await expect(ana.attach([sourceOf('a', new Uint8Array(mebibyte + 1))])).rejects.toMatchObject({
    code: 'file-too-large',
  })
  const many = Array.from({ length: 11 }, (_, i) => sourceOf(`${i}`, new Uint8Array(1)))
  await expect(ana.attach(many)).rejects.toMatchObject({ code: 'too-many-files' })
  await expect(ana.attach([])).rejects.toMatchObject({ code: 'too-many-files' })
  const stopped = new AbortController()
  const slow: FileSource = {
    ...sourceOf('slow.bin', new Uint8Array(mebibyte)),
    read: async (from, to) => {
      if (from > mebibyte / 2) stopped.abort()
      return new Uint8Array(to - from)
    },
  }
  await expect(ana.attach([slow], { signal: stopped.signal })).rejects.toMatchObject({ name: 'AbortError' })
  const changed: FileSource = {
    ...sourceOf('b', new Uint8Array(100_000)),
    read: () => Promise.resolve(new Uint8Array(1)),
  }
  await expect(ana.attach([changed])).rejects.toThrow('changed while it was read')
  const onDisk = async () => (await anaEnv.storage.keys('')).filter((key) => key.includes('/file/'))
  expect(await onDisk()).toEqual([])
  await ana.attach([sourceOf('c.bin', new Uint8Array(100_000)), sourceOf('empty.txt', new Uint8Array())])
  await until(ben, (s) => fileMessage(s)?.files?.every(({ id }) => s.files.states.get(id)?.at === 'here') === true)
  expect((await onDisk()).length).toBeGreaterThan(4)
  await ana.deleteMessage(fileMessage(ana.snapshot)!.key)
  await until(ben, (s) => s.timeline.some((item) => item.kind === 'message' && item.deleted === true))
  await until(ben, (s) => s.files.states.size === 0)
  expect(await onDisk()).toEqual([])
})

it('[LG26] an answer to files quotes their names, and of a recording that it is a voice message', async () => {
  const { ana, ben } = await twoPeople()
  const recorded = Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3, ...randomBytes(500))
  await ana.attach([{ ...sourceOf('voice.webm', recorded, 'audio/webm'), voice: { seconds: 3 } }])
  await until(ben, (s) => fileMessage(s) !== undefined)
  await ben.send('well said', { replyTo: fileMessage(ben.snapshot)!.key })
  const there = await until(ana, hasText('well said'))
  const answer = there.timeline.find((item) => item.kind === 'message' && item.text === 'well said') as MessageView
  expect(answer.reply!.message).toMatchObject({ text: '', files: [{ name: 'voice.webm', voice: { seconds: 3 } }] })
  expect(quoteWords(answer.reply!.message!)).toBe('Voice message')
})

it('[FI5] a bot sends a file of its disk and saves one under a safe name, over nothing; what cannot be done it tells', async () => {
  const { ana, ben } = await twoPeople()
  const told: BotEvent[] = []
  const bot = new Bot(ben, (event) => void told.push(event), false)
  const order = (line: object) => bot.take(readJsonLine(JSON.stringify(line)))
  const kinds = (kind: BotEvent['event']) => told.filter(({ event }) => event === kind)
  const from = path.join(world.folder, 'log of today.txt')
  writeFileSync(from, 'all is well')
  await order({ file: from, text: 'as asked' })
  await until(ana, isHere)
  expect(fileMessage(ana.snapshot)).toMatchObject({ text: 'as asked', files: [{ name: 'log of today.txt' }] })
  expect((await bytesOf(ana)).toString()).toBe('all is well')
  expect(await bot.settled()).toEqual({ ok: true })

  await ana.attach([sourceOf('../../.answer.txt', new TextEncoder().encode('thank you'))])
  await until(ben, (s) => isHere(s) && fileMessage(s)?.author.name === 'Ana')
  const message = kinds('message').at(-1) as Extract<BotEvent, { event: 'message' }>
  expect(message.files).toMatchObject([{ name: 'answer.txt', size: 9, kind: 'other' }])
  const { id } = message.files![0]!
  const folder = path.join(world.folder, 'saved')
  mkdirSync(folder)
  await order({ save: id, to: folder })
  await expect
    .poll(() => kinds('file-saved'))
    .toEqual([{ event: 'file-saved', id, path: path.join(folder, 'answer.txt') }])
  expect(readFileSync(path.join(folder, 'answer.txt'), 'utf8')).toBe('thank you')
  expect(statSync(path.join(folder, 'answer.txt')).mode & 0o777).toBe(0o600)

  await order({ save: id, to: folder })
  await order({ save: 'AAAAAAAAAAAAAAAAAAAAAA', to: folder })
  await order({ file: folder })
  await order({ file: path.join(folder, 'missing') })
  await expect.poll(() => kinds('file-refused').length).toBe(4)
  for (const bad of [{ file: '' }, { file: 'a', more: 1 }, { save: 'x', to: 'y' }, { save: id }, { file: 7 }]) {
    expect(readJsonLine(JSON.stringify(bad))).toMatchObject({ type: 'not-understood' })
  }
})

it('[FI6] the files of a message that disappears go with it, on every device', async () => {
  const benEnv = world.env()
  const { ana, ben } = await twoPeople(benEnv)
  await ana.attach([sourceOf('soon-gone.bin', new Uint8Array(100_000))], { lifetimeS: 1 })
  await until(ben, isHere)
  await ben.see(fileMessage(ben.snapshot)!.key)
  await until(ben, (s) => fileMessage(s) === undefined && s.files.states.size === 0)
  await until(ana, (s) => fileMessage(s) === undefined && s.files.states.size === 0)
  expect((await benEnv.storage.keys('')).filter((key) => key.includes('/file/'))).toEqual([])
})
