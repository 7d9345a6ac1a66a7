/** A relay that lies to one device: nothing false is believed, it shows, and the room goes on. */
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { nodeRandom } from '@qsec/client/node'
import { type Incarnation, type MessageId, parseRoomAddress, toBase64Url } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDevice, makeKeyPackage } from '../../packages/client/src/crypto/index.ts'
import { cutShort, type Down, flip, HostileRelay, lengthen } from './hostile-relay.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

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

/** Tampers with the next chat frame for Ben that carries a message of Ana. */
function withNextChat(change: (event: Down) => Down[]): void {
  mallory.down = (event) => {
    if (!isChat(event) || event.payload.device !== ana.snapshot.self.device) return [event]
    mallory.honest()
    return change(event)
  }
}
const reasons = (s: RoomSnapshot) =>
  s.timeline.flatMap((item) => (item.kind === 'system' && item.event.type === 'unreadable' ? [item.event.reason] : []))
const with_ = (event: Down, change: object): Down[] => [{ ...event, payload: { ...event.payload, ...change } }]

it('[HR1] members and requests that the relay makes up are shown nowhere and let in by nobody', async () => {
  const room = parseRoomAddress(ana.snapshot.address)!
  const { epoch } = ben.snapshot
  for (const secret of [undefined, nodeRandom(32)]) {
    const ghost = await createDevice({ room, nowMs: Date.now(), random: nodeRandom })
    const invite = secret && { rid: room, secret, expiresMs: Date.now() + 60_000 }
    const made = await makeKeyPackage(ghost, { nowMs: Date.now(), ...(invite ? { invite } : {}) })
    const [bundle, request] = [toBase64Url(ghost.bundleBytes), toBase64Url(made.keyPackage)]
    mallory.tell('pubkey_list', { room, devices: [{ device: ghost.device, bundle, request }] })
    const members = [ana, ben].map(({ snapshot }) => ({ device: snapshot.self.device, present: true }))
    mallory.tell('user_list', {
      room,
      members: [...members, { device: ghost.device, present: true }],
      waiting: [ghost.device],
    })
  }
  await pause(3_000)
  expect(ben.snapshot.people.map(({ name }) => name)).toEqual(['Ben', 'Ana'])
  expect(ana.snapshot.people.map(({ name }) => name)).toEqual(['Ana', 'Ben'])
  for (const room of [ana, ben]) expect(events(room.snapshot)).not.toContain('rejoined')
  expect(ben.snapshot.epoch - epoch).toBeLessThanOrEqual(2) // a refresh of keys at most
  await bothTalk('after the ghosts')
})

it('[HR2] what is told again, at its old place or at a new one, appears once', async () => {
  await bothTalk('one')
  for (const event of [...mallory.seen]) mallory.replay(event)
  const old = mallory
    .of('encrypted_message')
    .find((event) => isChat(event) && event.payload.device !== ben.snapshot.self.device)!
  withNextChat((event) => with_(event, { ct: old.payload.ct, id: old.payload.id }))
  await ana.send('kept back')
  await bothTalk('two')
  expect(texts(ben.snapshot)).toEqual(['one from Ana', 'one from Ben', 'two from Ana', 'two from Ben'])
  expect(events(ben.snapshot)).toContain('unreadable') // Ana's counter shows that one is missing
})

it('[HR3] an own frame that comes back as somebody else’s is refused, and that shows', async () => {
  await bothTalk('one')
  await until(ben, (s) => s.timeline.some((item) => item.kind === 'message' && item.state === 'delivered'))
  const own = mallory.asked.filter(({ name }) => name === 'encrypted_message').at(-1)!
  const { ct } = own.payload as { ct: string }
  withNextChat((event) => with_(event, { ct }))
  await ana.send('kept back')
  await bothTalk('two')
  expect(texts(ben.snapshot).filter((text) => text === 'one from Ben')).toHaveLength(1)
  expect(events(ben.snapshot)).toContain('unreadable')
})

it('[HR4] a frame that is flipped, cut, lengthened, or of another kind or room is refused, and that shows', async () => {
  const other = await world.create('Otto')
  const spy = new HostileRelay(world)
  const otto = await world.join('Olga', other.snapshot.invitePath!, spy.env())
  await until(otto, isMember)
  await other.send('elsewhere')
  await until(otto, hasText('elsewhere'))
  const foreign = spy.of('encrypted_message').at(-1)!.payload.ct
  const commit = mallory.of('commit').at(-1)?.payload.ct ?? spy.of('commit').at(-1)?.payload.ct ?? foreign
  const tampered: ((event: Down) => Down[])[] = [
    (event) => with_(event, { ct: flip(event.payload.ct, 0) }),
    (event) => with_(event, { ct: flip(event.payload.ct, 0.3) }),
    (event) => with_(event, { ct: flip(event.payload.ct, 0.99) }),
    (event) => with_(event, { ct: cutShort(event.payload.ct) }),
    (event) => with_(event, { ct: lengthen(event.payload.ct) }),
    (event) => with_(event, { ct: foreign }),
    (event) => with_(event, { ct: commit }),
    (event) => [{ ...event, name: 'commit', payload: { ...event.payload, bundles: [], joined: [], removed: [] } }],
  ]
  for (const [i, change] of tampered.entries()) {
    const before = events(ben.snapshot).length
    withNextChat(change)
    await ana.send(`lost ${i}`)
    await bothTalk(`honest ${i}`)
    expect(events(ben.snapshot).slice(before), `tampering ${i}`).toContain('unreadable')
  }
  expect(texts(ben.snapshot).filter((text) => text.startsWith('lost'))).toEqual([])
  expect(texts(ben.snapshot).filter((text) => text.startsWith('honest'))).toHaveLength(2 * tampered.length)
})

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

it('[HR7] a relay that is behind what it said before is shown, and the talk goes on', async () => {
  await bothTalk('one')
  await ben.close()
  mallory.up = async (name, payload, real) => {
    const answer = await real(name, payload)
    if (name !== 'join' || !answer?.ok) return answer
    return { ...answer, seq: 1, recovered: false }
  }
  ben = await world.comeBack(env, ana.snapshot.address)
  // One such answer may be an old one: the device asks once more before it says so.
  await until(ben, (s) => reasons(s).includes('rewound'))
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

it('[HR9] a joiner to whom another’s Welcome is handed waits on, and comes in by its own', async () => {
  const foreign = mallory.of('welcome')[0]!.payload
  const second = new HostileRelay(world)
  second.down = (event) => {
    if (event.name !== 'user_list') return [event]
    second.honest()
    second.tell('welcome', foreign)
    return [event]
  }
  const cleo = await world.join('Cleo', ana.snapshot.invitePath!, second.env())
  await until(cleo, isMember)
  await ana.send('hello Cleo')
  await until(cleo, hasText('hello Cleo'))
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
