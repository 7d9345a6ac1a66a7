/** Shares that go again, at both ends: who gets one, and of whom one is taken. */
import type { DeviceId, PairId } from '@qsec/protocol'
import { beforeEach, expect, it } from 'vitest'
import type { Group } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomStream } from '../room/room-stream.ts'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { Serial } from '../sync/serial.ts'
import type { QuantumHost } from './host.ts'
import { OwedShares } from './owed-shares.ts'
import { Pads } from './pads.ts'
import { encodePairContent, type Share } from './pair-content.ts'
import type { Pair } from './pairs.ts'
import type { Runs } from './runs.ts'
import { GroupSecrets } from './secrets.ts'
import { ShareInbox } from './share-inbox.ts'
import { leafSetHash } from './shares.ts'

const [ana, ben, cleo] = ['ana', 'ben', 'cleo'] as DeviceId[] as [DeviceId, DeviceId, DeviceId]
const uuid = (i: number) => `${String(i).padStart(8, '0')}-89ab-4def-8123-456789abcdef`
const groupId = new Uint8Array(16).fill(3)
const pskId = (i: number) => `qkdg:group:${uuid(i)}`

let storage: MemoryStorage
let nowMs: number
let gone: DeviceId[]
let said: { pair: string; content: Uint8Array }[]
let acks: string[]
let queue: Serial

beforeEach(() => {
  storage = openMemoryStorage()
  nowMs = 1_000_000
  gone = []
  said = []
  acks = []
  queue = new Serial()
})

/** What these parts use of the room around them, on Ana's device or Ben's. */
function hostOf(device: DeviceId): QuantumHost {
  const members = [ana, ben, cleo].map((one) => ({ device: one }))
  const host: Partial<QuantumHost> = {
    identity: { device } as QuantumHost['identity'],
    storage,
    clock: { nowMs: () => nowMs, after: () => () => undefined },
    key: (...path) => ['device', device, ...path].join('/'),
    group: () => ({ groupId, members }) as unknown as Group,
    isGone: (one) => gone.includes(one),
    store: (changes) => storage.apply(changes),
    run: (job) => void queue.run(job),
    retryBlocked: () => undefined,
    say: async (content) => void acks.push(content.type),
    transport: { request: async () => undefined } as unknown as QuantumHost['transport'],
  }
  return host as QuantumHost
}

function owedShares(): OwedShares {
  const say = async (pair: Pair, _kind: unknown, content: Uint8Array) => void said.push({ pair: pair.id, content })
  return new OwedShares(hostOf(ana), { say })
}

/** The group of Ana and `peer`; `content` waits in it to be ordered. */
function pairWith(peer: DeviceId, id: string = `with-${peer}`, content?: Uint8Array): Pair {
  const rows = content ? [{ content }] : []
  return { id: id as PairId, peer, stream: { rows } as unknown as RoomStream & Pair['stream'] }
}

const share = (i: number, fill = i): Share => ({
  uuid: uuid(i),
  leafSet: leafSetHash([ana, ben, cleo]),
  sealed: new Uint8Array(32).map((_, at) => fill + at),
})
const rows = async (what: string): Promise<number> => (await storage.list(`device/ana/${what}/`)).length
const apply = (changes: StorageChange[]) => storage.apply(changes)

it('[GP42] a share that its receiver lacks goes again in the same bytes, in the pair group that the two have by then, also after a restart', async () => {
  const content = encodePairContent({ type: 'share', share: share(1) })
  await apply(owedShares().add(ben, share(1)))
  const later = owedShares()
  await later.load()
  await later.giveAgain(pairWith(ben, 'another-group'), uuid(1))
  expect(said).toEqual([{ pair: 'another-group', content }])
})

it('[GP43] nobody gets a share that was made for another, nor one that is over; what is acknowledged, withdrawn or gone is erased', async () => {
  const owed = owedShares()
  for (const i of [1, 2, 3]) await apply(owed.add(ben, share(i)))
  await apply(owed.add(cleo, share(4)))
  for (const [peer, i] of [
    [cleo, 1],
    [ben, 4],
    [ben, 5],
    ['eve' as DeviceId, 1],
  ] as const) {
    await owed.giveAgain(pairWith(peer), uuid(i))
  }
  await owed.settled(cleo, uuid(1)) // not hers to acknowledge
  expect(await rows('owed')).toBe(4)
  await owed.settled(ben, uuid(1))
  await owed.withdraw(uuid(2))
  gone.push(cleo)
  await owed.forget((device) => gone.includes(device))
  expect(await rows('owed')).toBe(1)
  for (const i of [1, 2]) await owed.giveAgain(pairWith(ben), uuid(i))
  await owed.giveAgain(pairWith(cleo), uuid(4))
  expect(said).toEqual([])
  const later = owedShares()
  await later.load()
  await later.giveAgain(pairWith(ben), uuid(3))
  expect(said).toHaveLength(1)
})

it('[GP44] asked for over and over it goes once in four seconds, not while it is on its way, and old ones make room', async () => {
  const owed = owedShares()
  await apply(owed.add(ben, share(1)))
  const content = encodePairContent({ type: 'share', share: share(1) })
  for (let i = 0; i < 50; i++) {
    await owed.giveAgain(pairWith(ben, `group${i}`), uuid(1))
    nowMs += 100
  }
  expect(said).toHaveLength(2)
  nowMs += 4_000
  await owed.giveAgain(pairWith(ben, 'group', content), uuid(1))
  expect(said).toHaveLength(2)
  nowMs -= 1_000_000 // a clock that is put back stops nothing for years
  await owed.giveAgain(pairWith(ben), uuid(1))
  expect(said).toHaveLength(3)
  for (let i = 2; i < 100; i++) {
    nowMs += 1
    await apply(owed.add(ben, share(i)))
  }
  expect(await rows('owed')).toBe(64)
  nowMs += 7 * 86_400_000 + 1
  await apply(owed.add(cleo, share(100)))
  expect(await rows('owed')).toBe(1)
})

/** Ben's end, who takes in what comes in a pair group. */
function benTakes(): { secrets: GroupSecrets; take(from: DeviceId, one: Share): Promise<void> } {
  const host = hostOf(ben)
  const secrets = new GroupSecrets(host)
  const runs = { isOpen: () => false } as unknown as Runs
  const inbox = new ShareInbox(host, new Pads(storage, host.key('pad')), secrets, runs)
  let seq = 0
  const take = async (from: DeviceId, one: Share) => {
    await queue.run(() => apply(inbox.take(pairWith(from), one, seq++)))
    for (let i = 0; i < 3; i++) await queue.run(() => undefined)
  }
  return { secrets, take }
}

it('[GP45] a secret serves the commits of its sharer alone: neither what another says under its id, nor another id’s, is taken for it', async () => {
  const { secrets, take } = benTakes()
  await take(cleo, share(1, 100)) // Cleo has heard of the id, and is first
  expect(secrets.psks(pskId(1), ana)).toBeUndefined()
  await take(ana, share(2))
  expect(secrets.psks(pskId(1), ana)).toBeUndefined()
  await take(ana, share(1))
  expect(secrets.psks(pskId(1), ana)).toEqual(share(1).sealed)
  expect(secrets.psks(pskId(1), cleo)).toEqual(share(1, 100).sealed)
})

it('[GP46] a share that comes again once its secret has served brings nothing back, also after a restart', async () => {
  const { secrets, take } = benTakes()
  await take(ana, share(1))
  await secrets.forget(uuid(1))
  await take(ana, share(1))
  expect(secrets.psks(pskId(1), ana)).toBeUndefined()
  const again = benTakes()
  await again.secrets.load()
  await again.take(ana, share(1))
  expect(again.secrets.psks(pskId(1), ana)).toBeUndefined()
  expect(acks).toEqual(['key-ack'])
  const kept = await storage.list('device/ben/')
  const held = kept.filter(({ value }) => Buffer.from(value).includes(Buffer.from(share(1).sealed)))
  expect(held.map(({ key }) => key)).toEqual([])
})
