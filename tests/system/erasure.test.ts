/**
 * What a thief finds in a device's storage after the fact opens nothing of before (protocol.md §7). The thief has every
 * row with the data key, knows all frames that ever crossed the relay, and everything public of every earlier state;
 * of the secrets of those states only what still stands in the storage that was taken.
 */
import type { ClientEnv, RoomClient } from '@qsec/client'
import { type MemoryStorage, openMemoryStorage } from '@qsec/client/node'
import { fromBase64Url, parseRoomAddress } from '@qsec/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { decodeDeviceIdentity } from '../../packages/client/src/crypto/identity.ts'
import {
  type BundleSource,
  type Group,
  join,
  type Received,
  receive,
  type VerifiedBundle,
  verifyBundle,
} from '../../packages/client/src/crypto/index.ts'
import { stateOf } from '../../packages/client/src/crypto/state.ts'
import { decodePlace } from '../../packages/client/src/sync/rows.ts'
import { toBase64Url } from '../../packages/protocol/src/index.ts'
import { HostileRelay } from '../hostile/hostile-relay.ts'
import { storedGroup } from './stored-group.ts'
import { hasText, openWorld, until, type World } from './world.ts'

type Rows = Map<string, Uint8Array<ArrayBuffer>>

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

/** A device's storage with all that it ever was. */
class Diary {
  readonly storage: MemoryStorage = openMemoryStorage()
  readonly states: MemoryStorage[] = []

  env(relay: HostileRelay): ClientEnv {
    const { storage, states } = this
    const apply: MemoryStorage['apply'] = async (changes) => {
      await storage.apply(changes)
      states.push(storage.clone())
    }
    return {
      ...relay.env(),
      storage: {
        get: (key) => storage.get(key),
        list: (prefix) => storage.list(prefix),
        keys: (prefix) => storage.keys(prefix),
        apply,
        close: () => Promise.resolve(),
      },
    }
  }

  async rows(): Promise<Rows[]> {
    return await Promise.all(
      this.states.map(async (state) => new Map((await state.list('device/')).map(({ key, value }) => [key, value]))),
    )
  }
}

/** Everything that was stolen, as bytes and in each of the spellings in which storage keeps bytes within JSON. */
class Loot {
  readonly #raw: string
  constructor(rows: Rows) {
    const all = Buffer.concat([...rows.values()])
    // base64url within JSON is found by reading every such word back.
    const words = all.toString('latin1').match(/[A-Za-z0-9_-]{22,}/g) ?? []
    const spelled = words.map((word) => Buffer.from(word, 'base64url'))
    this.#raw = Buffer.concat([all, ...spelled]).toString('latin1')
  }
  has(secret: Uint8Array): boolean {
    return this.#raw.includes(Buffer.from(secret).toString('latin1'))
  }
}

/** Overwrites each secret of the group that the thief has not; gives how many those are. */
function forgetWhatIsGone(group: Group, loot: Loot): number {
  const { secretTree, keySchedule, privatePath, historicalReceiverData, signaturePrivateKey } = stateOf(group)
  let gone = 0
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) {
      if (value.length >= 16 && !loot.has(value)) {
        value.fill(0)
        gone++
      }
    } else if (value instanceof Map) for (const one of value.values()) walk(one)
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) walk(one)
  }
  walk([secretTree, keySchedule, privatePath.privateKeys, historicalReceiverData, signaturePrivateKey])
  return gone
}

const opens = ({ kind }: Received) => kind === 'application' || kind === 'commit'

interface Frame {
  stream: string
  seq: number
  epoch: number
  ct: Uint8Array
}

interface Tried {
  application: number
  commit: number
  welcome: number
  psk: number
  pair: number
}

/** Tries every frame that came down to `device` against every way in which its storage ever could open it. */
async function rob(relay: HostileRelay, diary: Diary, device: string): Promise<Tried> {
  const states = await diary.rows()
  const taken = states.at(-1)!
  const loot = new Loot(taken)
  const count = { application: 0, commit: 0, welcome: 0, psk: 0, pair: 0 }
  const bundles = await bundlesOf(states)
  const at = (stream: string) => `device/${device}/${stream}`

  const frames = relay.seen.flatMap(({ name, payload }): Frame[] => {
    if (!['encrypted_message', 'commit', 'bb84_message', 'roomkey_share'].includes(name)) return []
    const { pair, seq, epoch, ct } = payload
    if ((payload.device ?? payload.from) === device) return [] // its own: their keys are another matter
    return [{ stream: at(pair ? `pair/${pair}` : 'room'), seq, epoch, ct: fromBase64Url(ct)! }]
  })
  for (const frame of frames) {
    const candidates = states.filter((rows) => {
      const place = decodePlace(rows.get(`${frame.stream}/place`) ?? new Uint8Array())
      return place !== undefined && place.cursor.seq < frame.seq
    })
    const epochs = await Promise.all(candidates.map(async (rows) => (await groupIn(rows, frame.stream))?.epoch))
    const could = candidates.filter((_, i) => epochs[i] === frame.epoch)
    for (const rows of new Set([could[0], could.at(-1)])) {
      if (!rows) continue
      const psks = (id: string) => {
        const uuid = id.split(':').at(-1)!
        return [...rows].find(([key]) => key.startsWith(at('secret/')) && key.endsWith(uuid))?.[1]
      }
      const open = (group: Group, source: typeof psks) => receive(group, frame.ct, { bundles, psks: source })
      const group = (await groupIn(rows, frame.stream))!
      const then = await open(group, psks)
      // What could not be opened even then (a share that waited, a commit that lost) proves nothing now.
      if (!opens(then)) continue
      // The search for secrets finds them where they are: a theft before the frame would have opened it.
      expect(forgetWhatIsGone((await groupIn(rows, frame.stream))!, new Loot(rows))).toBe(0)
      const robbed = (await groupIn(rows, frame.stream))!
      expect(forgetWhatIsGone(robbed, loot)).toBeGreaterThan(0)
      const stolenPsks = (id: string) => {
        const psk = psks(id)
        return psk && loot.has(psk) ? psk : undefined
      }
      expect(opens(await open(robbed, stolenPsks)), `frame ${frame.seq} of ${frame.stream}`).toBe(false)
      // Nor does the stored group itself open it, as the code would be asked.
      const present = await groupIn(taken, frame.stream)
      if (present) expect(opens(await open(present, stolenPsks))).toBe(false)
      if (then.kind === 'commit') {
        count.commit++
        for (const id of then.pskIds.filter((one) => one.startsWith('qkdg:'))) {
          expect(loot.has(psks(id)!)).toBe(false)
          count.psk++
        }
      } else count.application++
      if (frame.stream.includes('/pair/')) count.pair++
    }
  }

  const identity = (await decodeDeviceIdentity(states.at(-1)!.get(at('identity'))!))!
  for (const { payload } of relay.of('welcome')) {
    for (const secret of privateHalves(states, at)) {
      const meta = JSON.parse(Buffer.from(taken.get(at('meta'))!).toString()) as { secret?: string }
      const invite = !payload.pair && meta.secret ? { invite: { secret: fromBase64Url(meta.secret)! } } : {}
      const expected = {
        expect: { purpose: payload.pair ? 'pair' : 'room', address: identity.room } as const,
        requireInvitePsk: !payload.pair && meta.secret !== undefined,
        ...invite,
        bundles,
      }
      const sealed = fromBase64Url(payload.ct)!
      if (!(await join(identity, secret, sealed, expected)).ok) continue
      count.welcome++
      const initKey = secret.subarray(2, 2 + secret[1]!)
      expect(loot.has(initKey), 'the private half of a used KeyPackage').toBe(false)
    }
  }
  return count
}

function groupIn(rows: Rows, stream: string): Promise<Group | undefined> {
  const list = async (prefix: string) =>
    [...rows].flatMap(([key, value]) => (key.startsWith(prefix) ? [{ key, value }] : []))
  return storedGroup({ get: async (key) => rows.get(key), list }, stream)
}

/** All private halves of KeyPackages that ever stood in the storage. */
function privateHalves(states: Rows[], at: (path: string) => string): Uint8Array[] {
  const found = new Map<string, Uint8Array>()
  for (const rows of states) {
    for (const [key, value] of rows) if (key.startsWith(at('keypackage/'))) found.set(toBase64Url(value), value)
    const request = rows.get(at('request'))
    const { secret } = request ? (JSON.parse(Buffer.from(request).toString()) as { secret: string }) : {}
    if (secret) found.set(secret, fromBase64Url(secret)!)
  }
  return [...found.values()]
}

async function bundlesOf(states: Rows[]): Promise<BundleSource> {
  const found = new Map<string, VerifiedBundle>()
  for (const rows of states) {
    for (const [key, value] of rows) {
      if (!key.includes('/bundle/') || found.has(key.split('/').at(-1)!)) continue
      const bundle = await verifyBundle(value)
      if (bundle) found.set(toBase64Url(bundle.credential), bundle)
    }
  }
  return (credential) => found.get(toBase64Url(credential))
}

async function member(room: RoomClient): Promise<RoomClient> {
  await until(room, ({ phase }) => phase.at === 'member')
  return room
}

it('[AR20] a stolen storage opens no frame, commit or Welcome of before, nor holds a used key of any kind', async () => {
  const [anaRelay, benRelay] = [new HostileRelay(world), new HostileRelay(world)]
  const [anaDiary, benDiary] = [new Diary(), new Diary()]
  const ana = await world.create('Ana', undefined, anaDiary.env(anaRelay))
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, benDiary.env(benRelay)))
  for (let i = 0; i < 3; i++) {
    await ana.send(`from Ana ${i}`)
    await ben.send(`from Ben ${i}`)
  }
  await Promise.all([until(ana, hasText('from Ben 2')), until(ben, hasText('from Ana 2'))])
  await until(ben, ({ quantum }) => quantum.label === 'quantum (simulated)', 60_000)
  const cleo = await member(await world.join('Cleo', ana.snapshot.invitePath!))
  await cleo.send('from Cleo')
  await Promise.all([ana, ben].map((room) => until(room, hasText('from Cleo'))))
  await cleo.leave()
  await Promise.all([ana, ben].map((room) => until(room, ({ people }) => people.length === 2)))
  await ben.send('the last from Ben')
  await until(ana, hasText('the last from Ben'))
  await ana.send('the last from Ana')
  await until(ben, hasText('the last from Ana'))
  // Until it is known that a commit stands, its base is kept for a way back.
  for (const { storage } of [anaDiary, benDiary]) {
    await expect.poll(async () => (await leftovers(storage)).length, { timeout: 20_000 }).toBe(0)
  }
  const devices = [ana, ben].map(({ snapshot }) => snapshot.self.device)
  await Promise.all([ana.close(), ben.close()])
  for (const { storage } of [anaDiary, benDiary]) {
    const streams = await partsByStream(storage)
    expect(streams.size).toBeGreaterThan(1)
    for (const [stream, names] of streams) expect([...names], `groups of ${stream}`).toHaveLength(1)
  }

  const ofBen = await rob(benRelay, benDiary, devices[1]!)
  const ofAna = await rob(anaRelay, anaDiary, devices[0]!)
  console.log('tried', JSON.stringify({ ofBen, ofAna }))
  expect(ofBen.application).toBeGreaterThan(5)
  expect(ofBen.commit + ofAna.commit).toBeGreaterThan(2)
  expect(ofBen.psk + ofAna.psk).toBeGreaterThan(0)
  expect(ofBen.pair + ofAna.pair).toBeGreaterThan(5)
  expect(ofBen.welcome + ofAna.welcome).toBeGreaterThan(1)
  expect(parseRoomAddress(ana.snapshot.address)).toBeDefined()
})

it('[AR21] a last-resort KeyPackage that has served goes as soon as another one is published', async () => {
  const relays = [new HostileRelay(world), new HostileRelay(world)] as const
  const diaries = [new Diary(), new Diary()] as const
  for (const relay of relays) {
    // The relay is given, and hands out, nothing but the last resort.
    relay.up = (name, payload, real) =>
      real(name, name === 'announce_pubkey' && 'keyPackages' in payload ? { ...payload, keyPackages: [] } : payload)
  }
  const ana = await world.create('Ana', undefined, diaries[0].env(relays[0]))
  const ben = await member(await world.join('Ben', ana.snapshot.invitePath!, diaries[1].env(relays[1])))
  await until(ben, ({ quantum }) => quantum.label === 'quantum (simulated)', 60_000)
  // Either may have opened the pair group; the other's KeyPackage has served.
  const joiner = relays[0].of('welcome').some(({ payload }) => payload.pair) ? 0 : 1
  const published = () =>
    relays[joiner].asked.filter(
      ({ name, payload }) => name === 'announce_pubkey' && 'lastResort' in (payload as object),
    )
  await expect.poll(() => published().length, { timeout: 20_000 }).toBeGreaterThan(1)
  const room = [ana, ben][joiner]!
  await room.send('a last word')
  await until(room === ana ? ben : ana, hasText('a last word'))
  await room.close()
  const tried = await rob(relays[joiner], diaries[joiner], room.snapshot.self.device)
  expect(tried.welcome).toBe(joiner === 0 ? 1 : 2)
})

/** The names of all groups of which parts are stored, by their streams. */
async function partsByStream(storage: MemoryStorage): Promise<Map<string, Set<string>>> {
  const streams = new Map<string, Set<string>>()
  for (const { key } of await storage.list('device/')) {
    const [, stream, name] = /^(.+)\/parts\/([^/]+)\//.exec(key) ?? []
    if (stream && name) streams.set(stream, (streams.get(stream) ?? new Set()).add(name))
  }
  return streams
}

async function leftovers(storage: MemoryStorage): Promise<string[]> {
  const rows = await storage.list('device/')
  return rows.map(({ key }) => key).filter((key) => /\/(own-commit|pending|opening)(\/|$)/.test(key))
}
