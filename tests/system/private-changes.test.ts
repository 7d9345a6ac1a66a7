/** What is done to messages for one person, and the files with them, over a real relay. */
import { randomBytes } from 'node:crypto'
import {
  type ClientEnv,
  type FileSource,
  linkDevice,
  type MessageView,
  parseDeviceLinkFragment,
  type RoomClient,
  type RoomSnapshot,
} from '@qsec/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { openWorld, texts, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let bens: ClientEnv
let cems: ClientEnv
let ana: RoomClient
let ben: RoomClient
let cem: RoomClient
/** Between Cem and the relay. */
let cemRelay: HostileRelay

const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const deviceOf = (room: RoomClient) => room.snapshot.self.device
const messages = (s: RoomSnapshot) => s.timeline.flatMap((item) => (item.kind === 'message' ? [item] : []))
const shown = (s: RoomSnapshot, key: string) => messages(s).find((one) => one.key === key)
const are = (key: string, holds: (message: MessageView) => boolean, rooms = [ana, ben]) =>
  Promise.all(
    rooms.map((room) =>
      until(room, (s) => {
        const message = shown(s, key)
        return message !== undefined && holds(message)
      }),
    ),
  )

/** Ana says it to Ben alone; its key, once he has it. */
async function told(text: string): Promise<string> {
  await ana.tell(deviceOf(ben), text)
  for (const room of [ana, ben]) await until(room, (s) => messages(s).some((one) => one.text === text))
  return messages(ana.snapshot).find((one) => one.text === text)!.key
}

function sourceOf(name: string, bytes: Uint8Array): FileSource {
  return { name, type: '', size: bytes.length, read: async (from, to) => bytes.subarray(from, to) }
}

async function bytesOf(room: RoomClient, { key, files }: MessageView): Promise<Buffer> {
  const file = await room.openFile(key, files![0]!.id)
  const parts: Uint8Array[] = []
  for await (const part of file.read()) parts.push(part)
  return Buffer.concat(parts)
}

const withFile = (s: RoomSnapshot) => messages(s).findLast((one) => one.files !== undefined)
const fileIsHere = (s: RoomSnapshot) => s.files.states.get(withFile(s)?.files?.[0]?.id ?? '')?.at === 'here'

async function linked(room: RoomClient, env = world.env()): Promise<RoomClient> {
  await room.linkDevice()
  const { path } = room.snapshot.deviceLink as { state: 'open'; path: string }
  const key = parseDeviceLinkFragment(path.slice(path.indexOf('#')))!
  const made = await linkDevice(env, room.snapshot.address, { relayUrl: world.url, key })
  if (!made.ok) throw new Error(made.reason)
  await until(made.room, isMember)
  return made.room
}

beforeEach(async () => {
  world = await openWorld()
  anas = world.env()
  bens = await world.proxied()
  cems = world.env()
  ana = await world.create('Ana', undefined, anas)
  ben = await world.join('Ben', ana.snapshot.invitePath!, bens)
  await until(ben, isMember)
  cemRelay = new HostileRelay(world)
  cem = await world.join('Cem', ana.snapshot.invitePath!, cemRelay.env(cems))
  for (const room of [ana, ben, cem]) {
    await until(room, (s) => s.people.filter(({ name }) => name).length === 3 && s.files.bytesAtMost !== undefined)
  }
})
afterEach(() => world.close())

it('[PV4] edits, deletions and reactions reach every device of the two, and nobody else', async () => {
  const phone = await linked(ben)
  const all = [ana, ben, phone]
  const key = await told('at noon')
  const next = await told('or later')
  await are(next, () => true, all)
  await ana.edit(next, 'at one')
  await are(next, ({ text, editedMs, change }) => text === 'at one' && editedMs !== undefined && !change, all)
  await phone.react(next, '👍', true)
  await are(next, ({ reactions }) => reactions?.[0]?.sign === '👍', all)
  expect(shown(ben.snapshot, next)?.reactions).toMatchObject([{ own: true, people: [{ name: 'Ben' }] }])
  await ben.react(next, '👍', false)
  await are(next, ({ reactions }) => reactions === undefined, all)
  await ana.deleteMessage(next)
  await are(next, ({ deleted, text }) => deleted === true && text === '', all)
  await ana.deleteMessage(key)
  await are(key, ({ deleted }) => deleted === true)
  await ana.send('to all')
  await until(cem, (s) => texts(s).includes('to all'))
  expect(messages(cem.snapshot).map(({ text }) => text)).toEqual(['to all'])
  // Nor a line about something that cannot be read.
  expect(cem.snapshot.timeline.filter((item) => item.kind === 'system' && item.event.type === 'unreadable')).toEqual([])
  expect(cemRelay.of('encrypted_message').filter(({ payload }) => payload.pair)).toEqual([])
})

it('[PV5] only its author changes it, within the room’s limits; what is gone is not changed', async () => {
  const key = await told('mine')
  await expect(ben.edit(key, 'yours')).rejects.toMatchObject({ code: 'not-own-message' })
  await expect(ben.deleteMessage(key)).rejects.toMatchObject({ code: 'not-own-message' })
  await expect(ana.edit(key, '')).rejects.toThrow(RangeError)
  await expect(ana.edit(key, 'x'.repeat(65_537))).rejects.toThrow(RangeError)
  await expect(ben.react(key, 'no', true)).rejects.toThrow(RangeError)
  const signs = ['😀', '😃', '😄', '😁', '😆', '😅', '😂', '🙂']
  for (const sign of signs) await ben.react(key, sign, true)
  await expect(ben.react(key, '🙃', true)).rejects.toMatchObject({ code: 'too-many-signs' })
  await are(key, ({ reactions }) => reactions?.length === signs.length)
  await ana.deleteMessage(key)
  await expect(ana.edit(key, 'again')).rejects.toMatchObject({ code: 'no-such-message' })
  await are(key, ({ deleted }) => deleted === true)
  await expect(ben.react(key, '👍', true)).rejects.toMatchObject({ code: 'no-such-message' })
})

it('[PV6] changes go once and in order when the other is back, also over a restart of the relay; those that reach nobody say so', async () => {
  const key = await told('draft')
  await are(key, ({ state }) => state === 'delivered', [ana])
  world.cut(bens)
  await until(ben, (s) => s.connection !== 'connected')
  await ana.edit(key, 'second')
  await ana.edit(key, 'third')
  await ana.react(key, '🎉', true)
  await ana.tell(deviceOf(ben), 'and behind them')
  await world.restart()
  await until(ana, (s) => s.connection === 'connected', 30_000)
  world.mend(bens)
  await until(ben, (s) => s.connection === 'connected' && texts(s).includes('and behind them'), 30_000)
  await are(key, ({ text, reactions, change }) => text === 'third' && reactions?.length === 1 && !change)
  expect(messages(ben.snapshot).map(({ text }) => text)).toEqual(['third', 'and behind them'])
  world.cut(bens)
  await until(ben, (s) => s.connection !== 'connected')
  await ana.edit(key, 'never read')
  await ana.putOut(deviceOf(ben))
  await are(key, ({ change, problem }) => change === 'not-sent' && problem === 'person-gone', [ana])
  await expect(ana.retry(key)).rejects.toMatchObject({ code: 'not-a-member' })
  await expect(ana.react(key, '👍', true)).rejects.toMatchObject({ code: 'not-a-member' })
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(anas, address)
  expect(shown(ana.snapshot, key)).toMatchObject({ text: 'never read', change: 'not-sent', state: 'delivered' })
}, 60_000)

it('[PV7] a file is taken from the two persons’ devices alone; nobody else is asked for it, or finds its key, hash or id in what it holds', async () => {
  const bytes = randomBytes(200_000)
  const phoneEnv = world.env()
  const phone = await linked(ben, phoneEnv)
  await ana.tell(deviceOf(ben), 'first')
  await until(phone, (s) => texts(s).includes('first'))
  await phone.close()
  await ana.attach([sourceOf('contract.bin', bytes)], { to: deviceOf(ben), text: 'for you' })
  await until(ben, fileIsHere)
  const message = withFile(ben.snapshot)!
  expect(message).toMatchObject({ text: 'for you', privately: { name: 'Ana' }, files: [{ name: 'contract.bin' }] })
  expect(Buffer.compare(await bytesOf(ben, message), bytes)).toBe(0)
  // Ana goes, and Ben's phone, which was off, has it from him. Cem is here and is not asked.
  await ana.close()
  const back = await world.comeBack(phoneEnv, ben.snapshot.address)
  await until(back, fileIsHere, 30_000)
  expect(cemRelay.of('file_want'), 'Cem was asked').toEqual([])
  expect([texts(cem.snapshot), cem.snapshot.files.states.size]).toEqual([[], 0])
  const heads = await bens.storage.list('')
  const head = heads.find(({ key }) => key.includes('/file/head/'))!
  const { claim } = JSON.parse(new TextDecoder().decode(head.value)) as { claim: Record<string, string> }
  const cemHas = (await cems.storage.list('')).map(({ key, value }) => key + Buffer.from(value).toString('latin1'))
  const relayTold = JSON.stringify(cemRelay.of('encrypted_message').map(({ payload }) => payload))
  for (const secret of [claim.id, claim.key, claim.root, claim.name]) {
    expect(secret).toBeTruthy()
    expect([...cemHas, relayTold].filter((one) => one.includes(secret!))).toEqual([])
  }
}, 60_000)

it('[PV8] files of it go with their message, and what cannot be sent leaves nothing behind', async () => {
  const filesOn = async ({ storage }: ClientEnv) =>
    (await storage.keys('')).filter((key) => key.includes('/file/')).length
  await ana.attach([sourceOf('a.bin', randomBytes(100_000))], { to: deviceOf(ben), lifetimeS: 3_600 })
  await until(ben, fileIsHere)
  await ana.deleteMessage(withFile(ana.snapshot)!.key)
  await until(ben, (s) => messages(s).some(({ deleted }) => deleted === true))
  expect([await filesOn(anas), await filesOn(bens)]).toEqual([0, 0])
  const tooMany = Array.from({ length: 11 }, (_, i) => sourceOf(`${i}.bin`, randomBytes(10)))
  await expect(ana.attach(tooMany, { to: deviceOf(ben) })).rejects.toMatchObject({ code: 'too-many-files' })
  await expect(ana.attach([sourceOf('own.bin', randomBytes(10))], { to: deviceOf(ana) })).rejects.toMatchObject({
    code: 'own-person',
  })
  world.cut(bens)
  await until(ben, (s) => s.connection !== 'connected')
  await ana.attach([sourceOf('late.bin', randomBytes(10))], { to: deviceOf(ben), text: 'too late' })
  await ana.putOut(deviceOf(ben))
  await until(ana, (s) => messages(s).some(({ text, state }) => text === 'too late' && state === 'not-sent'))
  await expect(ana.attach([sourceOf('b.bin', randomBytes(10))], { to: deviceOf(ben) })).rejects.toMatchObject({
    code: 'not-a-member',
  })
  await ana.discard(messages(ana.snapshot).at(-1)!.key)
  expect(await filesOn(anas)).toBe(0)
  expect(texts(cem.snapshot)).toEqual([])
})
