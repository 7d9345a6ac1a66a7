/** Messages that disappear, over a real relay: from every storage, quote, outbox, export, and not to come back. */
import type { ClientEnv, MessageView, RoomClient, RoomSnapshot } from '@qsec/client'
import { historyAsHtml, readHistory, storedDevices } from '@qsec/client/backup'
import type { Incarnation } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyPageWords } from '../../apps/web/src/words/history.ts'
import { receive } from '../../packages/client/src/crypto/index.ts'
import { Copies } from '../../packages/client/src/sync/copies.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { storedGroup } from './stored-group.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let bens: ClientEnv
let ana: RoomClient
let ben: RoomClient

const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const deviceOf = (room: RoomClient) => room.snapshot.self.device
const messages = (s: RoomSnapshot) => s.timeline.flatMap((item) => (item.kind === 'message' ? [item] : []))
const one = (room: RoomClient, text: string): MessageView => {
  const found = messages(room.snapshot).find((message) => message.text === text)
  if (!found) throw new Error(`nobody said ${text} here`)
  return found
}
const lacks = (text: string) => (s: RoomSnapshot) => !texts(s).includes(text)

/** All that a device has stored, as text. */
async function disk({ storage }: ClientEnv): Promise<string> {
  const rows = await storage.list('')
  return rows.map(({ value }) => Buffer.from(value).toString('latin1')).join('\n')
}

beforeEach(async () => {
  world = await openWorld()
  anas = world.env()
  bens = await world.proxied()
  ana = await world.create('Ana', undefined, anas)
  ben = await world.join('Ben', ana.snapshot.invitePath!, bens)
  for (const room of [ana, ben]) {
    await until(room, (s) => isMember(s) && s.people.filter(({ name }) => name).length === 2)
  }
})
afterEach(() => world.close())

it('[DM6] who may sets how long the room’s messages live: each change is told, and what is said lives no longer', async () => {
  await expect(ben.changeRoom({ lifetimeS: 60 })).rejects.toMatchObject({ code: 'may-not-change-room' })
  await ana.changeRoom({ lifetimeS: 2 })
  for (const room of [ana, ben]) {
    await until(room, (s) => s.agreement?.lifetimeS === 2 && events(s).includes('lifetime-set'))
  }
  await ben.send('by the room', { lifetimeS: 3_600 })
  await until(ana, hasText('by the room'))
  expect(one(ana, 'by the room').lifetime).toEqual({ seconds: 2 })
  await ben.tell(deviceOf(ana), 'in private, too')
  await until(ana, hasText('in private, too'))
  await ana.see(one(ana, 'in private, too').key)
  for (const room of [ana, ben]) {
    await until(room, lacks('by the room'))
    await until(room, lacks('in private, too'))
  }
  await ana.changeRoom({ lifetimeS: undefined })
  await until(ben, (s) => s.agreement?.lifetimeS === undefined)
  await ben.send('stays')
  await until(ana, hasText('stays'))
  expect(one(ana, 'stays').lifetime).toBeUndefined()
  const lines = ben.snapshot.timeline.flatMap((item) => (item.kind === 'system' ? [item.event] : []))
  const set = lines.flatMap((event) => (event.type === 'lifetime-set' ? [event.seconds] : []))
  expect(set).toEqual([2, undefined])
})

it('[DM7] nothing of it is left: no word, edit or reaction, on either disk or in an outbox; a quote says that it is gone', async () => {
  await ana.send('the word marker-7', { lifetimeS: 3 })
  await until(ben, hasText('the word marker-7'))
  const { key } = one(ben, 'the word marker-7')
  await ana.edit(key, 'the other marker-7')
  await until(ben, hasText('the other marker-7'))
  await ben.send('an answer', { replyTo: key })
  await until(ana, hasText('an answer'))
  expect(one(ana, 'an answer').reply?.message?.text).toBe('the other marker-7')
  expect(await disk(bens)).toContain('marker-7')
  await ben.see(key)
  expect(one(ben, 'the other marker-7').lifetime?.goesMs).toBeGreaterThan(Date.now())
  for (const room of [ana, ben]) await until(room, lacks('the other marker-7'))
  for (const env of [anas, bens]) await expect.poll(() => disk(env)).not.toContain('marker-7')
  for (const room of [ana, ben]) expect(one(room, 'an answer').reply).toEqual({ key, gone: true })
  await expect(ana.edit(key, 'once more marker-7')).rejects.toMatchObject({ code: 'no-such-message' })
  // An edit that comes late finds nothing to change, and is not kept for later.
  const { address } = ben.snapshot
  await ben.close()
  ben = await world.comeBack(bens, address)
  await until(ben, isMember)
  expect(one(ben, 'an answer').reply).toEqual({ key, gone: true })
})

it('[DM8] who was away sees it from then on as long; it comes back to nobody, and sealed copies open to nobody who had it', async () => {
  world.cut(bens)
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  await ana.send('said while Ben is away', { lifetimeS: 1 })
  await until(ana, lacks('said while Ben is away'))
  // The relay forgets it too: Ben gets it from the sealed copy that Ana keeps, which Ana herself cannot open.
  await world.restart()
  world.mend(bens)
  await until(ben, hasText('said while Ben is away'), 30_000)
  await ben.see(one(ben, 'said while Ben is away').key)
  await until(ben, lacks('said while Ben is away'))
  expect(texts(ana.snapshot)).toEqual([])
  let tried = 0
  for (const [env, room] of [
    [anas, ana],
    [bens, ben],
  ] as const) {
    const at = `device/${deviceOf(room)}`
    const group = (await storedGroup(env.storage, `${at}/room`))!
    const copies = await Copies.load({ prefix: `${at}/copies`, storage: env.storage, clock: env.clock })
    for (const key of await env.storage.keys(`${at}/copies/`)) {
      const [, inc, seq] = key.slice(`${at}/copies/`.length).split('.')
      const { frames } = await copies.read(inc as Incarnation, Number(seq), Number(seq))
      for (const { kind, epoch, ct } of frames) {
        if (kind !== 'message' || epoch !== group.epoch) continue
        tried++
        expect((await receive(group, ct, { bundles: () => undefined })).kind).toBe('refused')
      }
    }
  }
  expect(tried).toBeGreaterThan(1)
})

it('[DM15] a relay alone makes no message old: whatever time it gives, the message is shown and lives as long', async () => {
  const relay = new HostileRelay(world)
  const cem = await world.join('Cem', ana.snapshot.invitePath!, relay.env())
  for (const room of [ana, cem]) await until(room, (s) => isMember(s) && s.people.length === 3)
  let at = Date.now() + 365 * 86_400_000
  relay.down = (event) =>
    event.name === 'encrypted_message' ? [{ ...event, payload: { ...event.payload, at } }] : [event]
  await ana.send('taken next year', { lifetimeS: 60 })
  await until(cem, hasText('taken next year'))
  at = 0
  await ana.send('taken in 1970', { lifetimeS: 60 })
  await until(cem, hasText('taken in 1970'))
  await cem.see(one(cem, 'taken in 1970').key)
  for (const text of ['taken in 1970', 'taken next year']) {
    const { goesMs } = one(cem, text).lifetime!
    expect(Math.abs(goesMs! - Date.now())).toBeLessThan(61_000)
  }
  expect(events(cem.snapshot)).not.toContain('gone-unseen')
})

it('[DM16] what comes when its time is over, as its author and the relay say, is not kept, and a line says that it came', async () => {
  let offMs = 0
  const behind = world.env()
  const relay = new HostileRelay(world)
  const clock = { ...behind.clock, nowMs: () => Date.now() + offMs }
  const dan = await world.join('Dan', ana.snapshot.invitePath!, { ...behind, clock })
  const cems = world.env()
  const cem = await world.join('Cem', ana.snapshot.invitePath!, relay.env(cems))
  for (const room of [ana, cem, dan]) await until(room, (s) => isMember(s) && s.people.length === 4)
  // The two begin to talk while the clock is right: KeyPackages have their time.
  await dan.tell(deviceOf(cem), 'hello')
  await until(dan, (s) => messages(s).some(({ state }) => state === 'delivered'), 30_000)
  offMs = -9 * 86_400_000
  const at = Date.now() + offMs
  relay.down = (event) =>
    event.name === 'encrypted_message' ? [{ ...event, payload: { ...event.payload, at } }] : [event]
  await dan.send('old marker-16', { lifetimeS: 60 })
  await dan.tell(deviceOf(cem), 'old in private marker-16', { lifetimeS: 60 })
  const unseen = (s: RoomSnapshot) => events(s).filter((type) => type === 'gone-unseen').length
  await until(cem, (s) => unseen(s) === 2)
  expect(texts(cem.snapshot)).toEqual(['hello'])
  expect(await disk(cems)).not.toContain('marker-16')
  // Of the same message Ana's relay says that it is new.
  await until(ana, hasText('old marker-16'))
})

it('[DM9] an export has it as long as it lives, marked; what is kept for long has it never', async () => {
  await ana.send('for a while', { lifetimeS: 2 })
  await until(ana, (s) => messages(s).some(({ state }) => state === 'delivered'))
  const [device] = await storedDevices(anas.storage)
  const said = async (nowMs?: number) => {
    const history = (await readHistory(anas.storage, device!, ({ type }) => type, nowMs))!
    return { history, texts: history.items.flatMap((item) => (item.type === 'message' ? [item.text] : [])) }
  }
  const live = await said(Date.now())
  expect(live.texts).toEqual(['for a while'])
  expect(live.history.items.at(-1)).toMatchObject({ lifetimeS: 2 })
  expect(historyAsHtml(live.history, 0, historyPageWords('en', 'ltr'))).toContain('Disappears in the room')
  expect((await said()).texts).toEqual([])
  // Also while nobody has the room open who would delete it.
  await ana.close()
  expect((await said(Date.now() + 3_000)).texts).toEqual([])
})

it('[DM10] what was due while the device was off is gone before it is shown; what is unsent does not begin to go', async () => {
  await ben.send('due soon', { lifetimeS: 2 })
  await until(ana, hasText('due soon'))
  await ana.see(one(ana, 'due soon').key)
  const { address } = ana.snapshot
  await ana.close()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  const drawn: string[] = []
  ana = await world.comeBack(anas, address)
  drawn.push(...texts(ana.snapshot))
  ana.subscribe(() => drawn.push(...texts(ana.snapshot)))
  await until(ana, isMember)
  expect(drawn).not.toContain('due soon')
  await until(ben, lacks('due soon'))
  world.cut(bens)
  await until(ben, (s) => s.connection !== 'connected')
  await ben.send('not sent yet', { lifetimeS: 1 })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(texts(ben.snapshot)).toContain('not sent yet')
  world.mend(bens)
  await until(ana, hasText('not sent yet'), 30_000)
  await until(ben, lacks('not sent yet'))
})
