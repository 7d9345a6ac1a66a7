import type { DeviceId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import type { RoomCore } from '../room/core.ts'
import { personView } from '../room/people.ts'
import { Timeline } from '../room/timeline.ts'
import { openMemoryStorage } from '../storage/memory.ts'
import { Desk } from './desk.ts'
import { Quotes } from './quotes.ts'
import { askMs, type Giving, noRecords, pruned, type Records, readRecords, waitMs, writeRecords } from './records.ts'
import { Taker } from './taker.ts'
import { blockViews } from './view.ts'

const [ana, ben] = ['ana', 'ben'] as unknown as [DeviceId, DeviceId]
const person = (device: DeviceId) =>
  personView(device, {
    ...{ name: device, self: false, present: true, person: device, role: 'member', mayPutOut: false },
    standing: { trust: 'seen', lookalike: false },
  })
const message = (id: string, more: object = {}) => ({ id, person: 'p', name: 'Ben', atMs: 5, text: id, ...more })

it('[HI2] asks, offers and gifts end with their time, or with the device as a member', () => {
  const from = (device: DeviceId, atMs: number) => ({ device, atMs, share: `${device} ${atMs}`, count: 20 as const })
  const gift: Giving = { share: 'g', atMs: 0, to: ana, state: 'giving', count: 1, messages: ['m'], taken: 0, sent: 0 }
  const records: Records = {
    ...noRecords,
    ask: { share: 's', atMs: 0, count: 20, over: false },
    asks: [from(ana, 0), from(ben, 0)],
    offers: [from(ana, 0)],
    accepted: [from(ana, 0)],
    giving: [gift, { ...gift, share: 'o', state: 'offered' }, { ...gift, to: ben }],
    quiet: [{ device: ana, untilMs: askMs }],
  }
  expect(readRecords(writeRecords(records))).toEqual(records)
  const at = (nowMs: number) => pruned(records, nowMs, (device) => device === ana)
  expect(at(askMs - 1)).toMatchObject({ ask: { over: false }, asks: [{ device: ana }], quiet: [{ device: ana }] })
  expect(at(askMs)).toMatchObject({ ask: { over: true }, asks: [], quiet: [], offers: [{ device: ana }] })
  expect(at(askMs).giving.map(({ share }) => share)).toEqual(['g', 'o'])
  const late = at(waitMs)
  expect([late.ask, late.offers, late.accepted]).toEqual([undefined, [], []])
  // What was begun goes on while its receiver is a member, however long that takes.
  expect(late.giving).toEqual([gift])
  // A clock that was put back does not make an ask last for ever.
  expect(at(-askMs).asks).toEqual([])
})

it('[HI3] what two shared in the very same words stands once; in other words, or of another author, twice', () => {
  const block = {
    order: 0,
    share: 's',
    from: ana,
    atMs: 10,
    total: 3,
    next: 3,
    state: 'complete' as const,
    owes: false,
  }
  const first = { ...block, messages: [message('a'), message('b', { atMs: 10 + 600_001 })] }
  const second = {
    ...block,
    order: 1,
    from: ben,
    messages: [message('a'), message('b'), message('a', { person: 'q' })],
  }
  const [one, two] = blockViews([first, second], person)
  expect(one!.messages).toMatchObject([
    { text: 'a', alsoBy: [{ name: 'ben' }] },
    { text: 'b', alsoBy: [], doubtfulTime: true },
  ])
  expect(one!.messages[0]).not.toHaveProperty('doubtfulTime')
  expect(two).toMatchObject({
    sharedBefore: 1,
    messages: [
      { text: 'b', person: 'p' },
      { text: 'a', person: 'q' },
    ],
  })
})

it('[HI4] blocks are read as they were stored, and one that is removed leaves nothing', async () => {
  const storage = openMemoryStorage()
  const quotes = new Quotes('quoted')
  const one = quotes.begin(ana, 's', 12, 7)
  await storage.apply(quotes.add(one, 10, [message('a')]))
  await storage.apply(quotes.add(quotes.of(ana, 's')!, 2, [message('b'), message('c')]))
  await storage.apply(quotes.add(quotes.begin(ben, 's', 2, 8), 1, [message('d')]))
  const read = new Quotes('quoted')
  await read.load(storage)
  expect(read.blocks).toEqual(quotes.blocks)
  expect(read.of(ana, 's')).toMatchObject({ state: 'complete', next: 12, owes: true })
  expect(read.of(ana, 's')!.messages.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(read.of(ben, 's')).toMatchObject({ order: 1, state: 'coming' })
  for (const each of read.blocks) await storage.apply(read.remove(each))
  expect([await storage.list(''), read.blocks]).toEqual([[], []])
})

/** Ben's side that takes, with what it uses of a room, and no more. */
function takingSide(blocked = false) {
  const timeline = new Timeline('timeline')
  const said: string[] = []
  const core = {
    ...{ device: ben, nowMs: 1_000, phase: { at: 'member' }, connected: true, timeline },
    members: () => [ana, ben],
    key: (...path: string[]) => path.join('/'),
    later: (job: () => Promise<void>) => Promise.resolve().then(job),
    store: async () => undefined,
    changed: () => undefined,
  } as unknown as RoomCore
  const desk = new Desk({
    core,
    line: {
      open: async () => true,
      say: async (_peer, { type }) => said.push(type) > 0,
      carries: () => 'no',
      confirm: async () => undefined,
    },
    say: async () => undefined,
    personOf: () => '',
    isBlocked: () => blocked,
  })
  const quotes = new Quotes('quoted')
  const taker = new Taker(desk, quotes)
  return { timeline, said, desk, quotes, taker }
}

it('[HI17] keys that stand under the name of somebody verified give nothing', async () => {
  for (const blocked of [false, true]) {
    const { timeline, said, desk, quotes, taker } = takingSide(blocked)
    taker.onOffer(ana, 'offer', 20)
    expect(desk.records.offers).toHaveLength(blocked ? 0 : 1)
    desk.become({ ask: { share: 's', count: 20, atMs: 1_000, over: false } })
    taker.onPart(ana, { type: 'earlier-part', share: 's', from: 0, total: 1, messages: [message('a')] })
    await new Promise((resolve) => setImmediate(resolve))
    expect(quotes.blocks.map(({ state }) => state)).toEqual(blocked ? [] : ['complete'])
    expect(said).toEqual([blocked ? 'earlier-stop' : 'earlier-taken'])
    const told = timeline.items.flatMap((item) => (item.type === 'system' ? [item.event] : []))
    expect(told.map((event) => 'reason' in event && event.reason)).toEqual(blocked ? ['earlier-changed-keys'] : [])
    // An ask that was not answered stands for whoever else answers it.
    expect(desk.records.ask === undefined).toBe(!blocked)
  }
})

it('[PP41] a gift that grows beyond 4 MiB is ended, and what has come of it stays', async () => {
  for (const [texts, isTaken] of [
    [64, true],
    [65, false],
  ] as const) {
    const { said, desk, quotes, taker, timeline } = takingSide()
    desk.become({ ask: { share: 's', count: 200, atMs: 1_000, over: false } })
    const text = 'x'.repeat(64 * 1024)
    for (let from = 0; from < texts; from++) {
      const messages = [message(`m${from}`, { text })]
      taker.onPart(ana, { type: 'earlier-part', share: 's', from, total: texts, messages })
    }
    await new Promise((resolve) => setImmediate(resolve))
    expect(quotes.blocks.map(({ state }) => state)).toEqual([isTaken ? 'complete' : 'stopped'])
    expect(quotes.blocks[0]!.messages).toHaveLength(64)
    expect(said.includes('earlier-stop')).toBe(!isTaken)
    expect(timeline.items.length).toBe(isTaken ? 0 : 1)
  }
})
