/** A relay that lies to one device: nothing false is believed, it shows, and the room goes on. */
import type { ClientEnv, Clock, RoomClient, RoomSnapshot } from '@qsec/client'
import { nodeClock, nodeRandom } from '@qsec/client/node'
import { type Incarnation, type MessageId, parseRoomAddress, toBase64Url } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, texts, until, type World } from '../system/world.ts'
import { type Down, flip, HostileRelay } from './hostile-relay.ts'
import { toldInWords } from './stage.ts'

let world: World
let mallory: HostileRelay
let env: ClientEnv
let ana: RoomClient
let ben: RoomClient
const isMember = (s: RoomSnapshot) => s.phase.at === 'member'
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Ana's relay is honest; Ben meets Mallory. */
beforeEach(async () => {
  world = await openWorld()
  mallory = new HostileRelay(world)
  env = mallory.env()
  ana = await world.create('Ana')
  ben = await world.join('Ben', ana.snapshot.invitePath!, env)
  await until(ben, (s) => isMember(s) && s.people.some(({ name }) => name === 'Ana'))
  await until(ana, (s) => s.people.some(({ name }) => name === 'Ben'))
})
afterEach(() => world.close())

async function bothTalk(word: string): Promise<void> {
  await ana.send(`${word} from Ana`)
  await until(ben, hasText(`${word} from Ana`), 20_000)
  await ben.send(`${word} from Ben`)
  await until(ana, hasText(`${word} from Ben`), 20_000)
}

const isChat = ({ name, payload }: Down) => name === 'encrypted_message' && !payload.pair
const isRoomFrame = (event: Down) => isChat(event) || (event.name === 'commit' && !event.payload.pair)

const with_ = (event: Down, change: object): Down[] => [{ ...event, payload: { ...event.payload, ...change } }]

it('[HR5] a device from which a commit is hidden asks to be added again, and all see it', async () => {
  // A third member, so that somebody confirms the commit at once.
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  for (const room of [ana, ben, cleo]) await until(room, (s) => isMember(s) && s.people.length === 3)
  let hidden: number | undefined
  mallory.down = (event) => {
    const { name, payload } = event
    if (name === 'welcome' && !payload.pair) mallory.honest()
    if (!isRoomFrame(event)) return [event]
    if (name === 'commit') hidden ??= payload.seq as number
    // Each time that it comes: the device asks again for what it misses.
    if (payload.seq === hidden) return []
    return hidden !== undefined && payload.seq > hidden ? with_(event, { seq: payload.seq - 1 }) : [event]
  }
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  await until(dan, isMember, 40_000)
  await ana.send('in the new epoch')
  await until(ben, (s) => events(s).includes('rejoined') && isMember(s), 40_000)
  await until(ana, (s) => events(s).includes('rejoined'))
  await bothTalk('again')
  await until(dan, hasText('again from Ben'))
})

it('[HR32] a relay that says that it took the request to be added again, and forgets it, only delays that', async () => {
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  for (const room of [ana, ben, cleo]) await until(room, (s) => isMember(s) && s.people.length === 3)
  const forgetful = new HostileRelay(world)
  // Asked again is after a minute.
  const after: Clock['after'] = (delayMs, run) => nodeClock.after(delayMs === 60_000 ? 1_000 : delayMs, run)
  const base = world.env()
  const dan = await world.join(
    'Dan',
    ana.snapshot.invitePath!,
    forgetful.env({ ...base, clock: { ...base.clock, after } }),
  )
  for (const room of [ana, dan]) await until(room, (s) => isMember(s) && s.people.length === 4)
  let hidden: number | undefined
  forgetful.down = (event) => {
    const { name, payload } = event
    if (name === 'welcome' && !payload.pair) forgetful.honest()
    if (!isRoomFrame(event)) return [event]
    if (name === 'commit') hidden ??= payload.seq as number
    if (payload.seq === hidden) return []
    return hidden !== undefined && payload.seq > hidden ? with_(event, { seq: payload.seq - 1 }) : [event]
  }
  let forgotten = 0
  forgetful.up = (name, payload, real) => {
    if (name !== 'announce_pubkey' || !('request' in payload) || forgotten > 0) return real(name, payload)
    forgotten++
    return Promise.resolve({ ok: true } as never)
  }
  const emil = await world.join('Emil', ana.snapshot.invitePath!)
  await until(emil, isMember, 40_000)
  await ana.send('in the new epoch')
  await until(dan, (s) => events(s).includes('rejoined') && isMember(s), 40_000)
  expect(forgotten).toBe(1)
  await ana.send('there you are')
  await until(dan, hasText('there you are'))
})

it('[HR33] who was put out of an open room and let in again keeps nobody from coming back', async () => {
  const open = '/room/lab33'
  const host = await world.join('Host', open)
  await until(host, isMember, 40_000)
  const forgetful = new HostileRelay(world)
  const victim = await world.join('Victim', open, forgetful.env())
  const goerEnv = world.env()
  const goer = await world.join('Goer', open, goerEnv)
  for (const room of [host, victim, goer]) await until(room, (s) => isMember(s) && s.people.length === 3, 40_000)
  await until(host, (s) => s.people.some(({ name }) => name === 'Goer'))
  await goer.close()
  const { device } = host.snapshot.people.find(({ name }) => name === 'Goer')!
  await host.putOut(device)
  for (const room of [host, victim]) await until(room, (s) => s.people.length === 2)
  const back = await world.comeBack(goerEnv, host.snapshot.address)
  for (const room of [host, victim, back]) await until(room, (s) => isMember(s) && s.people.length === 3, 40_000)

  let hidden: number | undefined
  forgetful.down = (event) => {
    const { name, payload } = event
    if (name === 'welcome' && !payload.pair) forgetful.honest()
    if (!isRoomFrame(event)) return [event]
    if (name === 'commit') hidden ??= payload.seq as number
    if (payload.seq === hidden) return []
    return hidden !== undefined && payload.seq > hidden ? with_(event, { seq: payload.seq - 1 }) : [event]
  }
  const late = await world.join('Late', open)
  await until(late, isMember, 40_000)
  await host.send('in the new epoch')
  await until(victim, (s) => events(s).includes('rejoined') && isMember(s), 40_000)
  await host.send('there you are')
  await until(victim, hasText('there you are'))
})

it('[HR6] two histories of one epoch raise the alarm on both sides', async () => {
  await bothTalk('one')
  let hidden: number | undefined
  mallory.down = (event) => {
    if (!isRoomFrame(event)) return [event]
    if (hidden === undefined) {
      hidden = event.payload.seq as number
      return []
    }
    return with_(event, { seq: event.payload.seq - 1 })
  }
  await ana.send('for others only')
  await ana.send('for all')
  await until(ben, hasText('for all'))
  await ben.send('so I see')
  await ana.send('and so do I')
  await until(ana, (s) => events(s).includes('split-view'))
  await until(ben, (s) => events(s).includes('split-view'))
})

it('[B29] [HR7] a relay that is behind what it said before is shown, and the talk goes on', async () => {
  await bothTalk('one')
  await ben.close()
  mallory.up = async (name, payload, real) => {
    const answer = await real(name, payload)
    if (name !== 'join' || !answer?.ok) return answer
    return { ...answer, seq: 1, recovered: false }
  }
  ben = await world.comeBack(env, ana.snapshot.address)
  // One such answer may be an old one: the device asks once more before it says so.
  await until(ben, (s) => toldInWords(s, 'rewound'))
  mallory.honest()
  await bothTalk('two')
})

it('[HR8] forged verdicts and Welcomes of others change nothing', async () => {
  const room = parseRoomAddress(ana.snapshot.address)!
  const inc = toBase64Url(nodeRandom(16)) as string as Incarnation
  for (let seq = 1_000; seq < 4_000; seq++) {
    mallory.tell(seq % 2 ? 'commit_stands' : 'commit_nack', { room, inc, seq, epoch: seq })
  }
  const spy = new HostileRelay(world)
  const other = await world.create('Otto')
  await until(await world.join('Olga', other.snapshot.invitePath!, spy.env()), isMember)
  const foreign = spy.of('welcome')[0]!.payload
  mallory.tell('welcome', { ...foreign, room })
  mallory.tell('welcome', { ...foreign, room, ct: flip(foreign.ct) })
  await bothTalk('after the verdicts')
  expect(events(ben.snapshot)).not.toContain('rejoined')
  expect(ben.snapshot.phase.at).toBe('member')
})

it('[A11] [HR9] a joiner to whom another’s Welcome is handed waits on, and comes in by its own, once', async () => {
  const foreign = mallory.of('welcome')[0]!.payload
  const second = new HostileRelay(world)
  // Right when the joiner asks: it has a request by then, and no Welcome of its own yet.
  second.up = (name, payload, real) => {
    if (name === 'announce_pubkey' && 'request' in payload) second.tell('welcome', foreign)
    return real(name, payload)
  }
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, second.env())
  await until(cleo, isMember)
  await ana.send('hello Cleo')
  await until(cleo, hasText('hello Cleo'))
  const { epoch } = cleo.snapshot
  for (const event of second.of('welcome')) second.replay(event)
  await ana.send('still there')
  await until(cleo, hasText('still there'))
  expect(events(cleo.snapshot)).not.toContain('rejoined')
  expect(cleo.snapshot.epoch).toBeGreaterThanOrEqual(epoch)
  expect(events(cleo.snapshot).filter((type) => type === 'you-joined')).toHaveLength(1)
})

it('[B33] a device from which the commit of a group secret is kept calls its epoch post-quantum', async () => {
  const held: Down[] = []
  mallory.down = (event) => {
    if (!isRoomFrame(event) || (event.name !== 'commit' && held.length === 0)) return [event]
    held.push(event)
    return []
  }
  await until(ana, (s) => s.quantum.label === 'quantum (simulated)', 60_000)
  expect(ben.snapshot.quantum.label).toBe('post-quantum')
  expect(events(ben.snapshot)).not.toContain('keys-refreshed')
  mallory.honest()
  for (const event of held) mallory.replay(event)
  await until(ben, (s) => s.quantum.label === 'quantum (simulated)', 60_000)
  await bothTalk('after the key')
})

it('[HR10] a flood of frames that nobody sent makes few lines, and later frames are read', async () => {
  await bothTalk('one')
  const last = mallory.of('encrypted_message').filter(isChat).at(-1)!.payload
  const flood = 400
  mallory.down = (event) => (isRoomFrame(event) ? with_(event, { seq: event.payload.seq + flood }) : [event])
  const from = Math.max(...mallory.seen.filter(isRoomFrame).map(({ payload }) => payload.seq as number))
  for (let i = 1; i <= flood; i++) {
    const id = toBase64Url(nodeRandom(16)) as string as MessageId
    mallory.tell('encrypted_message', { ...last, seq: from + i, id, ct: flip(last.ct, i / (flood + 1)) })
  }
  await ana.send('after the flood')
  await until(ben, hasText('after the flood'))
  expect(events(ben.snapshot).filter((type) => type === 'unreadable').length).toBeLessThanOrEqual(12)
})

it('[HR11] a relay that does not answer holds no message back from being stored', async () => {
  const last = mallory.of('encrypted_message').filter(isChat).at(-1)!.payload
  mallory.up = (name, payload, real) => (name === 'join' ? new Promise(() => undefined) : real(name, payload))
  mallory.tell('encrypted_message', { ...last, seq: last.seq + 50 })
  await pause(1_000)
  const beganMs = Date.now()
  await ben.send('stored at once')
  expect(Date.now() - beganMs).toBeLessThan(1_000)
})

it('[HR12] a relay that withholds a bundle is asked seldom', async () => {
  const lateBundles = (event: Down): Down[] => {
    if (event.name === 'pubkey_list') return []
    return event.name === 'commit' && !event.payload.pair ? with_(event, { bundles: [] }) : [event]
  }
  mallory.down = lateBundles
  mallory.up = async (name, payload, real) =>
    name === 'fetch_bundles' ? ({ ok: true, bundles: [] } as never) : real(name, payload)
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!)
  await until(ana, (s) => s.people.length === 3)
  await pause(3_000)
  expect(mallory.asked.filter(({ name }) => name === 'fetch_bundles').length).toBeLessThan(6)
  mallory.honest()
  await until(ben, (s) => s.people.length === 3)
  await bothTalk('with Cleo')
  await until(cleo, hasText('with Cleo from Ben'))
})

it('[HR13] what was sent just before a close is stored and goes out on return; after it, sending is refused', async () => {
  await Promise.all([ben.send('last words'), ben.close()])
  await expect(ben.send('too late')).rejects.toThrow()
  const back = await world.comeBack(env, ana.snapshot.address)
  await until(ana, hasText('last words'))
  await until(back, hasText('last words'))
  expect(texts(back.snapshot)).toEqual(['last words'])
})

it('[HR14] who leaves leaves nothing behind', async () => {
  await bothTalk('one')
  await pause(2_500) // into an exchange of keys
  await ben.leave()
  await ben.close()
  expect((await env.storage.list('')).map(({ key }) => key)).toEqual([])
  expect(ben.snapshot.phase.at).toBe('left')
})
