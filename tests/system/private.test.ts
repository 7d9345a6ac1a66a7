/** Words for one person as they stand in the room's timeline, over a real relay; what the others hold opens none of them. */
import type { ClientEnv, MessageView, RoomClient, RoomSnapshot } from '@qsec/client'
import { historyAsHtml, historyAsJson, readHistory, storedDevices } from '@qsec/client/backup'
import { fromBase64Url } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyPageWords } from '../../apps/web/src/words/history.ts'
import { decodeDeviceIdentity, join, receive } from '../../packages/client/src/crypto/index.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { storedGroup } from './stored-group.ts'
import { openWorld, texts, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let bens: ClientEnv
let cems: ClientEnv
let ana: RoomClient
let ben: RoomClient
let cem: RoomClient
let benRelay: HostileRelay

const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const deviceOf = (room: RoomClient) => room.snapshot.self.device
const messages = (s: RoomSnapshot) => s.timeline.flatMap((item) => (item.kind === 'message' ? [item] : []))
const one = (room: RoomClient, text: string): MessageView => {
  const found = messages(room.snapshot).find((message) => message.text === text)
  if (!found) throw new Error(`nobody said ${text} here`)
  return found
}
const has = (text: string, state?: MessageView['state']) => (s: RoomSnapshot) =>
  messages(s).some((message) => message.text === text && (state === undefined || message.state === state))

beforeEach(async () => {
  world = await openWorld()
  anas = world.env()
  bens = await world.proxied()
  cems = world.env()
  ana = await world.create('Ana', undefined, anas)
  benRelay = new HostileRelay(world)
  ben = await world.join('Ben', ana.snapshot.invitePath!, benRelay.env(bens))
  await until(ben, isMember)
  cem = await world.join('Cem', ana.snapshot.invitePath!, cems)
  for (const room of [ana, ben, cem]) {
    await until(room, (s) => isMember(s) && s.people.filter(({ name }) => name).length === 3)
  }
})
afterEach(() => world.close())

it('[TO2] with every frame of it in hand, and all that it has stored, a third member’s device opens nothing', async () => {
  await ana.tell(deviceOf(ben), 'for Ben alone')
  await until(ben, has('for Ben alone'))
  await ben.tell(deviceOf(ana), 'and back')
  await until(ana, has('and back'))
  const device = deviceOf(cem)
  const identity = (await decodeDeviceIdentity((await cems.storage.get(`device/${device}/identity`))!))!
  const room = (await storedGroup(cems.storage, `device/${device}/room`))!
  const secrets = (await cems.storage.list(`device/${device}/keypackage/`)).map(({ value }) => value)
  expect(secrets.length).toBeGreaterThan(0)
  const frames = benRelay.of('encrypted_message').filter(({ payload }) => payload.pair)
  const welcomes = benRelay.of('welcome').filter(({ payload }) => payload.pair)
  expect([frames.length > 0, welcomes.length > 0]).toEqual([true, true])
  const none = { bundles: () => undefined }
  for (const { payload } of frames) {
    expect((await receive(room, fromBase64Url(payload.ct)!, none)).kind).toBe('refused')
  }
  for (const { payload } of welcomes) {
    for (const secret of secrets) {
      const expecting = { purpose: 'conversation', address: identity.room } as const
      const joined = await join(identity, secret, fromBase64Url(payload.ct)!, {
        ...{ expect: expecting, requireInvitePsk: false, ...none },
      })
      expect(joined.ok).toBe(false)
    }
  }
  expect(texts(cem.snapshot)).toEqual([])
})

it('[TO3] it stands in the timeline at its place, answers and is answered in private', async () => {
  await ana.send('to all')
  await until(ben, has('to all'))
  await ana.tell(deviceOf(ben), 'a question')
  await until(ben, has('a question'))
  await until(ana, has('a question', 'delivered'))
  await ben.tell(deviceOf(ana), 'an answer', { replyTo: one(ben, 'a question').key })
  await until(ana, has('an answer'))
  await ben.tell(deviceOf(ana), 'about what all read', { replyTo: one(ben, 'to all').key })
  await until(ana, has('about what all read'))
  await ana.send('to all again')
  await until(ben, has('to all again'))
  expect(one(ana, 'an answer').reply?.message?.text).toBe('a question')
  expect(one(ana, 'about what all read').reply?.message?.text).toBe('to all')
  const order = ['to all', 'a question', 'an answer', 'about what all read', 'to all again']
  for (const room of [ana, ben]) expect(texts(room.snapshot)).toEqual(order)
  expect(one(ben, 'a question')).toMatchObject({ privately: { name: 'Ana' }, state: 'received' })
  expect(one(ana, 'a question')).toMatchObject({ privately: { name: 'Ben' }, own: true })
  const { key } = one(ana, 'a question')
  await expect(ana.send('for all to see', { replyTo: key })).rejects.toMatchObject({ code: 'private-reply' })
  await until(cem, has('to all again'))
  expect(texts(cem.snapshot)).toEqual(['to all', 'to all again'])
  // What says how far somebody has read names only what everybody has.
  await ben.tellAware('read', true)
  await ana.tell(deviceOf(ben), 'the last word')
  await until(ben, has('the last word'))
  await ben.see(one(ben, 'the last word').key)
  await until(cem, (s) => s.reading.readers.length > 0)
  expect(cem.snapshot.reading.readers.map((reader) => reader.key)).toEqual([one(cem, 'to all again').key])
})

it('[TO4] what reached nobody says so; it can be tried again once the person is back, and deleted', async () => {
  await ana.tell(deviceOf(ben), 'first')
  await until(ana, has('first', 'delivered'))
  world.cut(bens)
  await ana.tell(deviceOf(ben), 'too late')
  await ana.tell(deviceOf(ben), 'never')
  await ana.putOut(deviceOf(ben))
  await until(ana, has('too late', 'not-sent'))
  expect(one(ana, 'too late').problem).toBe('person-gone')
  await expect(ana.retry(one(ana, 'too late').key)).rejects.toMatchObject({ code: 'not-a-member' })
  await ana.discard(one(ana, 'never').key)
  expect(texts(ana.snapshot)).toEqual(['first', 'too late'])
  // What was delivered stays, whatever is pressed.
  await ana.discard(one(ana, 'first').key)
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(anas, address)
  await until(ana, isMember)
  expect(messages(ana.snapshot).map(({ text, state }) => `${text}: ${state}`)).toEqual([
    'first: delivered',
    'too late: not-sent',
  ])
  expect(texts(cem.snapshot)).toEqual([])
})

it('[TO5] an export says of each what is private and with whom, as JSON and as a page', async () => {
  await ana.send('to all')
  await until(ana, has('to all', 'delivered'))
  await ana.tell(deviceOf(ben), 'to Ben')
  await until(ana, has('to Ben', 'delivered'))
  await ben.tell(deviceOf(ana), 'to Ana')
  await until(ana, has('to Ana'))
  const [device] = await storedDevices(anas.storage)
  const history = (await readHistory(anas.storage, device!, ({ type }) => type))!
  const marks = history.items.flatMap((item) => (item.type === 'message' ? [[item.text, item.privatelyWith]] : []))
  expect(marks).toEqual([
    ['to all', undefined],
    ['to Ben', deviceOf(ben)],
    ['to Ana', deviceOf(ben)],
  ])
  expect(JSON.parse(historyAsJson(history, 0)).items.at(-1).privatelyWith).toBe(deviceOf(ben))
  const html = historyAsHtml(history, 0, historyPageWords('en', 'ltr'))
  expect(html.match(/nobody else in the room could read it/g)).toHaveLength(2)
  expect(html).toMatch(/Private, with <bdi>Ben<\/bdi>.*to Ben/s)
  expect(html).toMatch(/Private, from <bdi>Ben<\/bdi>.*to Ana/s)
})

it('[TO6] drafts are kept for everyone and for each person, with whom they are for', async () => {
  const to = ana.snapshot.people.find(({ name }) => name === 'Ben')!.person
  await ana.keepDraft({ text: 'for all' })
  await ana.keepDraft({ text: 'for Ben', to })
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(anas, address)
  expect(ana.snapshot.reading.draft).toEqual({ text: 'for Ben', to })
  expect(ana.snapshot.reading.drafts).toEqual([{ text: 'for all' }, { text: 'for Ben', to }])
  await ana.keepDraft({ text: '', to })
  // Nothing is begun for Ben any more, and he is still whom it is for.
  expect(ana.snapshot.reading.drafts).toEqual([{ text: 'for all' }, { text: '', to }])
  await ana.keepDraft(undefined)
  expect(ana.snapshot.reading.drafts).toBeUndefined()
})

it('[TO11] what the relay refused and was edited then is tried again as it reads now', async () => {
  await ben.tell(deviceOf(ana), 'first')
  await until(ben, has('first', 'delivered'))
  benRelay.up = async (name, payload, real) => {
    if (name === 'encrypted_message' && 'pair' in payload) return { ok: false, code: 'bad-request', message: 'no' }
    return real(name, payload)
  }
  await ben.tell(deviceOf(ana), 'as it read before')
  await until(ben, has('as it read before', 'not-sent'), 30_000)
  benRelay.honest()
  const { key } = one(ben, 'as it read before')
  await ben.edit(key, 'as it reads now')
  expect(one(ben, 'as it reads now').state).toBe('not-sent')
  await ben.retry(key)
  await until(ana, has('as it reads now'))
  await until(ben, has('as it reads now', 'delivered'))
  expect(texts(ana.snapshot)).toEqual(['first', 'as it reads now'])
})
