/** Words for one person of the room alone, with several devices on each side, over a real relay. */
import { type ClientEnv, linkDevice, parseDeviceLinkFragment, type RoomClient, type RoomSnapshot } from '@qsec/client'
import { type DeviceId, parseRoomAddress } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Bot } from '../../apps/cli/src/bot/bot.ts'
import type { BotEvent } from '../../apps/cli/src/bot/events.ts'
import { readJsonLine } from '../../apps/cli/src/bot/orders.ts'
import { type Down, flip, HostileRelay } from '../hostile/hostile-relay.ts'
import { events, openWorld, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let bens: ClientEnv
let cleos: ClientEnv
let ana: RoomClient
let ben: RoomClient
let cleo: RoomClient
let opened: RoomClient[]
/** What Ben's device meets: an honest relay, as a rule. */
let benRelay: HostileRelay

const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const deviceOf = (room: RoomClient) => room.snapshot.self.device
const privateOnes = (s: RoomSnapshot) =>
  s.timeline.flatMap((item) => (item.kind === 'message' && item.privately ? [item] : []))
const notes = (s: RoomSnapshot) => privateOnes(s).map(({ author, text }) => `${author.name}: ${text}`)
const hears = (text: string) => (s: RoomSnapshot) => notes(s).includes(text)
const isDelivered = (text: string) => (s: RoomSnapshot) =>
  privateOnes(s).some((note) => note.text === text && note.state === 'delivered')
/** What a device has stored of conversations, but for which contents it has heard. */
async function stored(env: ClientEnv): Promise<string[]> {
  const rows = await env.storage.list('device/')
  return rows.map(({ key }) => key).filter((key) => /\/conversation(s|-opening|-waiting)?\//.test(key))
}
/** Ids of the conversations that a device has. */
const conversationsOf = async (env: ClientEnv) =>
  (await stored(env)).flatMap((key) => /\/conversations\/(.+)$/.exec(key)?.[1] ?? [])
/** The same, once it has not changed for two seconds: where one was lost both may begin another, of which one stays. */
async function settled(env: ClientEnv): Promise<string[]> {
  for (let last = await conversationsOf(env), since = Date.now(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const now = await conversationsOf(env)
    if (now.join() !== last.join()) [last, since] = [now, Date.now()]
    else if (Date.now() - since > 2_000) return now
  }
}
/** Conversations that a device began. */
const openings = ({ asked }: HostileRelay) =>
  asked.filter(({ name, payload }) => name === 'commit' && 'devices' in ((payload as { open?: object }).open ?? {}))

beforeEach(async () => {
  world = await openWorld()
  opened = []
  anas = await world.proxied()
  bens = await world.proxied()
  ana = await world.create('Ana', undefined, anas)
  benRelay = new HostileRelay(world)
  ben = await world.join('Ben', ana.snapshot.invitePath!, benRelay.env(bens))
  await until(ben, isMember)
  cleos = world.env()
  cleo = await world.join('Cleo', ana.snapshot.invitePath!, cleos)
  for (const room of [ana, ben, cleo]) {
    await until(room, (s) => isMember(s) && s.people.filter(({ name }) => name).length === 3)
  }
})
afterEach(async () => {
  await Promise.all(opened.map((room) => room.close()))
  await world.close()
})

/** A further device of the person behind `room`. */
async function phoneOf(room: RoomClient, env = world.env()): Promise<RoomClient> {
  const before = room.snapshot.people.length
  await room.linkDevice()
  const link = room.snapshot.deviceLink
  if (link?.state !== 'open') throw new Error('no link')
  const [path, fragment] = link.path.split('#') as [string, string]
  const address = parseRoomAddress(path.slice('/room/'.length))!
  const taken = await linkDevice(env, address, { relayUrl: world.url, key: parseDeviceLinkFragment(fragment)! })
  if (!taken.ok) throw new Error(taken.reason)
  opened.push(taken.room)
  for (const one of [taken.room, ana, ben, cleo]) {
    if (isMember(one.snapshot)) await until(one, (s) => s.people.filter(({ name }) => name).length > before)
  }
  await until(taken.room, isMember)
  return taken.room
}

it('[PP4] it begins while the other is away, who finds what was said on coming back, and nobody else has it', async () => {
  world.cut(bens)
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  await ana.tell(deviceOf(ben), 'for you alone')
  await until(ana, (s) => privateOnes(s)[0]?.state === 'sent')
  world.mend(bens)
  await until(ben, hears('Ana: for you alone'), 30_000)
  await until(ana, isDelivered('for you alone'))
  await ben.tell(deviceOf(ana), 'got it')
  await until(ana, hears('Ben: got it'))
  expect(privateOnes(ben.snapshot)).toMatchObject([
    { privately: { name: 'Ana' } },
    { privately: { name: 'Ana' }, author: { self: true } },
  ])
  expect(notes(cleo.snapshot)).toEqual([])
  await expect(ana.tell(deviceOf(ana), 'to myself')).rejects.toMatchObject({ code: 'own-person' })
  await expect(ana.tell('AAAAAAAAAAAAAAAAAAAAAA' as DeviceId, 'x')).rejects.toMatchObject({ code: 'not-a-member' })
})

it('[PP5] with two devices on each side all four read, those that come later too; one that is removed reads nothing after', async () => {
  const bensPhone = await phoneOf(ben)
  await ana.tell(deviceOf(ben), 'one')
  for (const room of [ben, bensPhone]) await until(room, hears('Ana: one'))
  const anasPhone = await phoneOf(ana)
  await bensPhone.tell(deviceOf(ana), 'two')
  await until(ana, hears('Ben: two'))
  await anasPhone.tell(deviceOf(bensPhone), 'three')
  for (const room of [ana, ben, bensPhone]) await until(room, hears('Ana: three'), 30_000)
  const before = benRelay.seen.length
  const gone = deviceOf(anasPhone)
  await ana.removeDevice(gone)
  const four = `four${'!'.repeat(3_000)}` // no other frame is as long
  await ana.tell(deviceOf(ben), four)
  for (const room of [ben, bensPhone]) await until(room, hears(`Ana: ${four}`), 30_000)
  expect(notes(anasPhone.snapshot)).not.toContain(`Ana: ${four}`)
  // It was sealed behind the commit that took the phone out here too.
  const inPair = benRelay.seen.slice(before).filter(({ payload }) => payload.pair)
  const commit = inPair.find(({ name, payload }) => name === 'commit' && payload.removed.includes(gone))
  const said = inPair.find(({ name, payload }) => name === 'encrypted_message' && payload.ct.length > 3_000)
  expect(said!.payload.epoch).toBeGreaterThan(commit!.payload.epoch)
  await ben.tell(deviceOf(ana), 'five')
  await until(ana, hears('Ben: five'))
  expect(notes(bensPhone.snapshot).filter((line) => line === 'Ana: one')).toHaveLength(1)
  expect(notes(cleo.snapshot)).toEqual([])
}, 90_000)

it('[PP6] who leaves ends it on both sides: no key of it is left in any storage, and nothing more can be said', async () => {
  await ana.tell(deviceOf(ben), 'soon gone')
  await until(ben, hears('Ana: soon gone'))
  await until(ana, isDelivered('soon gone'))
  expect(await stored(anas)).not.toEqual([])
  const to = deviceOf(ben)
  world.cut(bens)
  await ana.tell(to, 'too late')
  await ana.putOut(to)
  await until(ana, (s) => s.people.length === 2)
  await expect.poll(() => stored(anas), { timeout: 10_000 }).toEqual([])
  await expect(ana.tell(to, 'still there?')).rejects.toMatchObject({ code: 'not-a-member' })
  expect(privateOnes(ana.snapshot).map(({ text, state }) => `${text}: ${state}`)).toEqual([
    'soon gone: delivered',
    'too late: not-sent',
  ])
  await ana.tell(deviceOf(cleo), 'among us')
  await until(cleo, hears('Ana: among us'))
  expect(await stored(cleos)).not.toEqual([])
  await cleo.leave()
  expect(await stored(cleos)).toEqual([])
  await until(ana, (s) => s.people.length === 1)
  await expect.poll(() => stored(anas)).toEqual([])
})

it('[PP7] two who begin at one time, each with a device that listens, end in one conversation, and nothing is lost', async () => {
  await Promise.all([ana.tell(deviceOf(ben), 'from Ana'), ben.tell(deviceOf(ana), 'from Ben')])
  await until(ben, hears('Ana: from Ana'), 30_000)
  await until(ana, hears('Ben: from Ben'), 30_000)
  for (const [room, text] of [
    [ana, 'from Ana'],
    [ben, 'from Ben'],
  ] as const)
    await until(room, isDelivered(text))
  await ben.tell(deviceOf(ana), 'and one more')
  await until(ana, hears('Ben: and one more'))
  const [anasOnes, bensOnes] = await Promise.all([anas, bens].map(conversationsOf))
  expect(anasOnes).toHaveLength(1)
  expect(bensOnes).toEqual(anasOnes)
})

it('[PP8] it outlives a restart of the relay and a reload of either, and what was on its way arrives once', async () => {
  await ana.tell(deviceOf(ben), 'before')
  await until(ben, hears('Ana: before'))
  world.cut(bens)
  await ana.tell(deviceOf(ben), 'while away')
  await until(ana, (s) => privateOnes(s)[1]?.state === 'sent')
  await world.restart()
  world.mend(bens)
  await until(ben, hears('Ana: while away'), 30_000)
  await ben.tell(deviceOf(ana), 'after')
  await until(ana, hears('Ben: after'), 30_000)
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(anas, address)
  await until(ana, isMember)
  expect(notes(ana.snapshot)).toEqual(['Ana: before', 'Ana: while away', 'Ben: after'])
  await ana.tell(deviceOf(ben), 'reloaded')
  await until(ben, hears('Ana: reloaded'), 30_000)
  expect(notes(ben.snapshot)).toEqual(['Ana: before', 'Ana: while away', 'Ben: after', 'Ana: reloaded'])
}, 60_000)

it('[PP9] a relay that hands out the KeyPackage of somebody else gets nothing but silence', async () => {
  const relay = new HostileRelay(world)
  relay.up = (name, payload, real) => {
    if (name !== 'take_key_package') return real(name, payload)
    return real(name, { ...payload, device: deviceOf(cleo) } as never)
  }
  const dan = await world.join('Dan', ana.snapshot.invitePath!, relay.env())
  for (const room of [dan, ana]) await until(room, (s) => isMember(s) && s.people.length === 4)
  await dan.tell(deviceOf(ana), 'for Ana')
  const asked = () => relay.asked.filter(({ name }) => name === 'take_key_package').length
  for (let i = 0; i < 100 && asked() === 0; i++) await new Promise((resolve) => setTimeout(resolve, 50))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(openings(relay)).toEqual([])
  expect(privateOnes(dan.snapshot)).toMatchObject([{ state: 'sending' }])
  expect(notes(cleo.snapshot)).toEqual([])
  relay.honest()
  await until(ana, hears('Dan: for Ana'), 30_000)
  expect(notes(cleo.snapshot)).toEqual([])
}, 60_000)

it('[PP10] a Welcome that went down with the relay is no loss: another conversation brings what was said', async () => {
  world.cut(bens)
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  await ana.tell(deviceOf(ben), 'said to nobody here')
  await until(ana, (s) => privateOnes(s)[0]?.state === 'sent')
  await world.restart()
  world.mend(bens)
  await until(ben, hears('Ana: said to nobody here'), 30_000)
  await until(ana, isDelivered('said to nobody here'), 30_000)
  await ben.tell(deviceOf(ana), 'and back')
  await until(ana, hears('Ben: and back'), 30_000)
  expect(notes(ana.snapshot)).toEqual(['Ana: said to nobody here', 'Ben: and back'])
}, 60_000)

it('[PP13] a frame that the relay changed says nothing, is told, and shows to both that they saw different things', async () => {
  await ana.tell(deviceOf(ben), 'real')
  await until(ben, hears('Ana: real'))
  const isSaid = ({ name, payload }: Down) =>
    name === 'encrypted_message' && payload.pair && payload.device === deviceOf(ana)
  let changed = 0
  benRelay.down = (event) => {
    if (!isSaid(event) || changed++ > 0) return [event]
    return [{ ...event, payload: { ...event.payload, ct: flip(event.payload.ct) } }]
  }
  await ana.tell(deviceOf(ben), 'changed on its way')
  await until(ben, (s) => events(s).includes('unreadable'))
  await ana.tell(deviceOf(ben), 'goes on')
  await until(ben, hears('Ana: goes on'), 30_000)
  await until(ana, (s) => events(s).includes('split-view'), 30_000)
  expect(notes(ben.snapshot)).toEqual(['Ana: real', 'Ana: goes on'])
  expect(changed).toBeGreaterThan(0)
}, 60_000)

it('[PP14] a bot says words to one person and tells those it hears; what cannot be said it tells too', async () => {
  const told: BotEvent[] = []
  const bot = new Bot(ben, (event) => void told.push(event), false)
  const notesTold = () => told.flatMap((event) => (event.event === 'note' ? [`${event.from.name}: ${event.text}`] : []))
  await bot.take(readJsonLine(JSON.stringify({ text: 'to you', to: deviceOf(ana) })))
  await until(ana, hears('Ben: to you'))
  await ana.tell(deviceOf(ben), 'and back')
  await until(ben, hears('Ana: and back'))
  expect(await bot.settled()).toEqual({ ok: true })
  expect(new Set(notesTold())).toEqual(new Set(['Ben: to you', 'Ana: and back']))
  await bot.take(readJsonLine(JSON.stringify({ text: 'x', to: 'AAAAAAAAAAAAAAAAAAAAAA' })))
  expect(told.at(-1)).toMatchObject({ event: 'note-refused', to: 'AAAAAAAAAAAAAAAAAAAAAA' })
  for (const bad of [
    { text: 'x', to: 'Ana' },
    { text: '', to: deviceOf(ana) },
    { text: 'x', to: deviceOf(ana), more: 1 },
  ]) {
    expect(readJsonLine(JSON.stringify(bad))).toMatchObject({ type: 'not-understood' })
  }
})

it('[PP15] a Welcome by somebody whom the room does not have so far says nothing until it does', async () => {
  const held: Down[] = []
  benRelay.down = (event) => {
    if (event.name !== 'commit' || event.payload.pair) return [event]
    held.push(event)
    return []
  }
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  for (const room of [dan, ana]) await until(room, (s) => isMember(s) && s.people.length === 4)
  await dan.tell(deviceOf(ben), 'too early')
  await until(dan, (s) => privateOnes(s)[0]?.state === 'sent')
  await expect.poll(() => benRelay.of('welcome').some(({ payload }) => payload.pair)).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(notes(ben.snapshot)).toEqual([])
  expect(await stored(bens)).toEqual([])
  benRelay.honest()
  for (const event of held) benRelay.replay(event)
  await until(ben, hears('Dan: too early'), 30_000)
  // It waited for that, and no other one had to be begun.
  expect(openings(benRelay)).toEqual([])
})

it('[PP16] a Welcome told again begins nothing once more, also where its KeyPackage of last resort is still there', async () => {
  const relay = new HostileRelay(world)
  relay.up = (name, payload, real) => {
    if (name !== 'announce_pubkey' || !('keyPackages' in payload)) return real(name, payload)
    // As long as the new ones are not published, the old one stays.
    if (relay.of('welcome').some((event) => event.payload.pair)) return new Promise(() => undefined)
    return real(name, { ...payload, keyPackages: [] } as never)
  }
  const dans = world.env()
  const dan = await world.join('Dan', ana.snapshot.invitePath!, relay.env(dans))
  for (const room of [dan, ana]) await until(room, (s) => isMember(s) && s.people.length === 4)
  await ana.tell(deviceOf(dan), 'first')
  await until(dan, hears('Ana: first'))
  const welcome = relay.of('welcome').find(({ payload }) => payload.pair)!
  const isStored = async () => (await stored(dans)).some((key) => key.includes(welcome.payload.pair))
  expect(await isStored()).toBe(true)
  const { up } = relay
  // The relay says that the conversation is over; another one takes its place.
  relay.up = async (name, payload, real) => {
    const answer = await up(name, payload, real)
    return (name === 'join' && answer?.ok ? { ...answer, pairs: [] } : answer) as typeof answer
  }
  const frame = relay.of('encrypted_message').findLast(({ payload }) => payload.pair)!
  relay.replay({ ...frame, payload: { ...frame.payload, seq: frame.payload.seq + 5 } })
  await expect.poll(isStored, { timeout: 20_000 }).toBe(false)
  relay.up = up
  await ana.tell(deviceOf(dan), 'second')
  await until(dan, hears('Ana: second'), 30_000)
  const before = await settled(dans)
  relay.replay(welcome)
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await conversationsOf(dans)).toEqual(before)
}, 60_000)

it('[PP19] what is lost on a connection that looks alive is asked for once the relay says where it stands', async () => {
  await ana.tell(deviceOf(ben), 'first')
  await until(ben, hears('Ana: first'))
  await until(ana, isDelivered('first'))
  const lost: Down[] = []
  benRelay.down = (event) => {
    if (event.name !== 'encrypted_message' || !event.payload.pair) return [event]
    lost.push(event)
    return []
  }
  await ana.tell(deviceOf(ben), 'lost on its way')
  await expect.poll(() => lost.length).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // nobody owes a receipt any more
  benRelay.honest()
  expect(hears('Ana: lost on its way')(ben.snapshot)).toBe(false)
  const { room, pair, inc, seq, epoch } = lost.at(-1)!.payload
  benRelay.tell('heartbeat', { room, pair, inc, seq, epoch })
  await until(ben, hears('Ana: lost on its way'), 8_000)
})

it('[PP44] in a room that has ended it is told what was delivered and what never will be, also after a reload', async () => {
  await ana.tell(deviceOf(ben), 'there')
  await until(ana, isDelivered('there'))
  world.cut(bens)
  await ana.tell(deviceOf(ben), 'not there')
  await until(ana, (s) => privateOnes(s)[1]?.state === 'sent')
  await ana.endRoom()
  const states = (s: RoomSnapshot) => privateOnes(s).map(({ text, state }) => `${text}: ${state}`)
  const expected = ['there: delivered', 'not there: not-sent']
  expect(states(await until(ana, (s) => s.phase.at === 'ended' && s.epoch === 0, 20_000))).toEqual(expected)
  expect(await stored(anas)).toEqual([])
  const { address } = ana.snapshot
  await ana.close()
  ana = await world.comeBack(anas, address)
  expect(states(await until(ana, (s) => s.phase.at === 'ended'))).toEqual(expected)
}, 60_000)

it('[PP48] a receipt of private words that was owed when the page was closed is said at the next start', async () => {
  await ana.tell(deviceOf(ben), 'first')
  await until(ana, isDelivered('first'))
  await ben.close()
  // A machine that is too busy to close a page within the pause before a receipt is one on which that pause never ends.
  let timersRun = true
  const { clock } = bens
  const after: typeof clock.after = (delayMs, run) => clock.after(delayMs, () => timersRun && run())
  ben = await world.comeBack({ ...bens, clock: { ...clock, after } }, ana.snapshot.address)
  await until(ben, isMember)
  timersRun = false
  await ana.tell(deviceOf(ben), 'have you got this?')
  await until(ben, hears('Ana: have you got this?'))
  await ben.close()
  await until(ana, (s) => s.people.some(({ name, present }) => name === 'Ben' && !present))
  expect(privateOnes(ana.snapshot)[1]?.state).toBe('sent')
  ben = await world.comeBack(bens, ana.snapshot.address)
  await until(ana, isDelivered('have you got this?'))
})

it('[PP49] a device that cannot follow a conversation any more begins another, though the relay still names the old one', async () => {
  await ana.tell(deviceOf(ben), 'first')
  await until(ben, hears('Ana: first'))
  await until(ana, isDelivered('first'))
  const [lost] = await settled(bens)
  let altered = 0
  benRelay.up = async (name, payload, real) => {
    const answer = await real(name, payload)
    if (name !== 'join' || !answer?.ok || !('pairs' in answer) || altered > 0) return answer
    altered++
    // A commit was made that this device never gets.
    const pairs = answer.pairs.map((one) => ({ ...one, epoch: one.epoch + 1 }))
    return { ...answer, pairs } as typeof answer
  }
  // It asks the relay where the conversation stands.
  const frame = benRelay.of('encrypted_message').findLast(({ payload }) => payload.pair)!
  benRelay.replay({ ...frame, payload: { ...frame.payload, seq: frame.payload.seq + 5 } })
  await expect.poll(() => altered, { timeout: 10_000 }).toBe(1)
  await ben.tell(deviceOf(ana), 'still there?')
  await until(ana, hears('Ben: still there?'), 30_000)
  await ana.tell(deviceOf(ben), 'here')
  await until(ben, hears('Ana: here'), 30_000)
  expect(await conversationsOf(bens)).not.toContain(lost)
}, 60_000)
