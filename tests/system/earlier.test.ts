/** Messages from before somebody came in, given by a member who agrees, over a real relay. */
import type { ClientEnv, RoomClient, RoomSnapshot } from '@qsec/client'
import { historyAsHtml, historyAsJson, readHistory, storedDevices } from '@qsec/client/backup'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { historyPageWords } from '../../apps/web/src/words/history.ts'
import { encodePairContent } from '../../packages/client/src/quantum/pair-content.ts'
import { Insider } from '../hostile/insider.ts'
import { events, hasText, openWorld, texts, until, type World } from './world.ts'

let world: World
let anas: ClientEnv
let cems: ClientEnv
let ana: RoomClient
let ben: RoomClient
let cem: RoomClient

const deviceOf = (room: RoomClient) => room.snapshot.self.device
const named = (s: RoomSnapshot, people: number) => s.people.filter(({ name }) => name !== '').length === people
const block = (s: RoomSnapshot, at = 0) => s.earlier.blocks[at]
const quoted = (s: RoomSnapshot, at = 0) => block(s, at)?.messages.map(({ name, text }) => `${name}: ${text}`)
const isComplete = (s: RoomSnapshot) => block(s)?.state === 'complete'
const asked = (s: RoomSnapshot) => s.earlier.asks.length === 1
const reasons = (s: RoomSnapshot) =>
  s.timeline.flatMap((item) => (item.kind === 'system' && item.event.type === 'unreadable' ? [item.event.reason] : []))
const given = (s: RoomSnapshot) =>
  s.timeline.flatMap((item) =>
    item.kind === 'system' && item.event.type === 'earlier-given'
      ? [`${item.event.by.name} gave ${item.event.to.name} ${item.event.count}`]
      : [],
  )

beforeEach(async () => {
  world = await openWorld()
  anas = world.env()
  ana = await world.create('Ana', undefined, anas)
  ben = await world.join('Ben', ana.snapshot.invitePath!)
  for (const room of [ana, ben]) await until(room, (s) => s.phase.at === 'member' && named(s, 2))
})
afterEach(() => world.close())

/** Ana and Ben talk, one line each in turn; then Cem comes in, behind a network that can be cut. */
async function comesLater(lines: readonly string[]): Promise<void> {
  for (const [i, line] of lines.entries()) {
    const [from, to] = i % 2 === 0 ? [ana, ben] : [ben, ana]
    await from.send(line)
    await until(to, hasText(line))
  }
  cems = await world.proxied()
  cem = await world.join('Cem', ana.snapshot.invitePath!, cems)
  for (const room of [ana, ben, cem]) await until(room, (s) => s.phase.at === 'member' && named(s, 3))
}

it('[HI10] a newcomer asks, a member gives: quoted with the author and the sharer, told to all, received by nobody', async () => {
  await comesLater(['one', 'two', 'three'])
  expect(cem.snapshot.earlier).toMatchObject({ cameLater: true, blocks: [] })
  expect(ana.snapshot.earlier.cameLater).toBe(false)
  await cem.askForEarlier(20)
  await expect(cem.askForEarlier(20)).rejects.toMatchObject({ code: 'asked-already' })
  for (const room of [ana, ben]) {
    expect((await until(room, asked)).earlier.asks).toMatchObject([{ from: { name: 'Cem' }, count: 20, have: 3 }])
  }
  await cem.send('my own')
  await until(ana, hasText('my own'))
  await ana.answerEarlier(deviceOf(cem), true)
  await until(cem, isComplete)
  expect(quoted(cem.snapshot)).toEqual(['Ana: one', 'Ben: two', 'Ana: three'])
  const { people } = ana.snapshot
  expect(block(cem.snapshot)).toMatchObject({ sharedBy: { name: 'Ana' }, total: 3, taken: 3, sharedBefore: 0 })
  expect(block(cem.snapshot)!.messages.map(({ person }) => person)).toEqual(
    ['Ana', 'Ben', 'Ana'].map((name) => people.find((one) => one.name === name)!.person),
  )
  expect(texts(cem.snapshot)).toEqual(['my own'])
  for (const room of [ana, ben, cem])
    expect(given(await until(room, (s) => given(s).length > 0))).toEqual(['Ana gave Cem 3'])
  await until(ana, (s) => s.earlier.giving.length === 0)
  expect(ben.snapshot.earlier.asks).toEqual([])
  expect(cem.snapshot.earlier.ask).toBeUndefined()
  // Nobody counts the newcomer among those who have them.
  for (const item of ana.snapshot.timeline)
    if (item.kind === 'message' && item.author.self) expect(item.meantFor).toBe(1)
  // The relay has seen frames of a pair alone.
  const log = ana.snapshot.roomLog.map(({ message }) => message).join('\n')
  expect(log).not.toMatch(/earlier|quot|share=/)
  // They are stored as quoted: after a reload, in the export, and apart from what Cem has said.
  await cem.close()
  const again = await world.comeBack(cems, cem.snapshot.address)
  expect(quoted(again.snapshot)).toEqual(['Ana: one', 'Ben: two', 'Ana: three'])
  const [device] = await storedDevices(cems.storage)
  const history = (await readHistory(cems.storage, device!, ({ type }) => type))!
  expect(history.items[1]).toMatchObject({ type: 'quoted', sharedBy: deviceOf(ana), name: 'Ben', text: 'two' })
  expect(JSON.parse(historyAsJson(history, 0)).items[0]).toMatchObject({ sharedBy: deviceOf(ana), name: 'Ana' })
  expect(historyAsHtml(history, 0, historyPageWords('en', 'ltr'))).toContain(
    'Ben</strong> (says <bdi>Ana</bdi>, who shared it; not checked)',
  )
  await again.removeEarlier(block(again.snapshot)!.key)
  expect(again.snapshot.earlier.blocks).toEqual([])
  expect(await cems.storage.list(`device/${deviceOf(cem)}/quoted/`)).toEqual([])
})

it('[HI11] nothing is given by itself: not now, taken back, and a member that lacks them is not asked', async () => {
  await comesLater(['one'])
  const dan = await world.join('Dan', ana.snapshot.invitePath!)
  for (const room of [ana, ben, cem, dan]) await until(room, (s) => s.phase.at === 'member' && named(s, 4))
  await cem.askForEarlier(50)
  for (const room of [ana, ben]) await until(room, asked)
  await dan.send('hello')
  await until(cem, hasText('hello'))
  expect(dan.snapshot.earlier.asks).toEqual([])
  await ana.answerEarlier(deviceOf(cem), false)
  expect(ana.snapshot.earlier.asks).toEqual([])
  await expect(ana.answerEarlier(deviceOf(cem), true)).rejects.toMatchObject({ code: 'ask-over' })
  await cem.endEarlierAsk()
  await until(ben, (s) => s.earlier.asks.length === 0)
  await expect(ben.answerEarlier(deviceOf(cem), true)).rejects.toMatchObject({ code: 'ask-over' })
  await expect(cem.askForEarlier(50)).rejects.toMatchObject({ code: 'asked-lately' })
  expect(cem.snapshot.earlier.blocks).toEqual([])
  for (const room of [ana, ben, cem, dan]) expect(given(room.snapshot)).toEqual([])
})

it('[HI12] a member offers of its own accord, and the newcomer accepts first; a second share says what both shared', async () => {
  await comesLater(['one', 'two', 'three'])
  await expect(cem.offerEarlier(deviceOf(ana), 20)).rejects.toMatchObject({ code: 'nothing-earlier' })
  await ana.offerEarlier(deviceOf(cem), 20)
  await until(cem, (s) => s.earlier.offers.length === 1)
  await expect(ana.offerEarlier(deviceOf(cem), 20)).rejects.toMatchObject({ code: 'giving-already' })
  expect(cem.snapshot.earlier.offers).toMatchObject([{ from: { name: 'Ana' }, count: 20 }])
  expect([cem.snapshot.earlier.blocks, given(ana.snapshot)]).toEqual([[], []])
  await cem.answerEarlier(deviceOf(ana), true)
  await until(cem, isComplete)
  await ben.offerEarlier(deviceOf(cem), 50)
  await until(cem, (s) => s.earlier.offers.length === 1)
  await cem.answerEarlier(deviceOf(ben), true)
  await until(cem, (s) => block(s, 1)?.state === 'complete')
  expect(block(cem.snapshot, 1)).toMatchObject({ sharedBy: { name: 'Ben' }, total: 3, sharedBefore: 3, messages: [] })
  expect(block(cem.snapshot)!.messages.map(({ alsoBy }) => alsoBy.map(({ name }) => name))).toEqual([
    ['Ben'],
    ['Ben'],
    ['Ben'],
  ])
  // Turned down, nothing comes of it, and the one who offered is told.
  await cem.removeEarlier(block(cem.snapshot, 1)!.key)
  await until(ben, (s) => s.earlier.giving.length === 0)
  await ben.offerEarlier(deviceOf(cem), 20)
  await until(cem, (s) => s.earlier.offers.length === 1)
  await cem.answerEarlier(deviceOf(ben), false)
  await until(ben, (s) => s.earlier.giving.length === 0)
  expect(cem.snapshot.earlier.blocks).toHaveLength(1)
})

it('[HI13] what is long comes in parts, over a cut of the network, a reload on both sides, and a restart of the relay', async () => {
  const lines = Array.from({ length: 8 }, (_, i) => `${i} ${'x'.repeat(30_000)}`)
  await comesLater(lines)
  await cem.askForEarlier(20)
  await until(ana, asked)
  await ana.answerEarlier(deviceOf(cem), true)
  await until(cem, (s) => (block(s)?.taken ?? 0) >= 1)
  world.cut(cems)
  const { taken } = block(cem.snapshot)!
  expect(taken).toBeLessThan(8)
  await ana.close()
  ana = await world.comeBack(anas, ana.snapshot.address)
  expect(ana.snapshot.earlier.giving).toMatchObject([{ state: 'giving', count: 8 }])
  await cem.close()
  await world.restart()
  world.mend(cems)
  cem = await world.comeBack(cems, ana.snapshot.address)
  await until(cem, isComplete, 60_000)
  expect(block(cem.snapshot)!.messages.map(({ text }) => text)).toEqual(lines)
  await until(ana, (s) => s.earlier.giving.length === 0)
  expect(given(ana.snapshot)).toEqual(['Ana gave Cem 8'])
}, 90_000)

it('[HI14] either side stops it: what has come stays, marked as not whole, and nothing more does', async () => {
  await comesLater(Array.from({ length: 6 }, (_, i) => `${i} ${'x'.repeat(40_000)}`))
  await cem.askForEarlier(20)
  await until(ana, asked)
  await ana.answerEarlier(deviceOf(cem), true)
  await until(cem, (s) => (block(s)?.taken ?? 0) >= 1)
  await cem.stopTakingEarlier(block(cem.snapshot)!.key)
  expect(block(cem.snapshot)).toMatchObject({ state: 'stopped', total: 6 })
  await until(ana, (s) => s.earlier.giving.length === 0)
  await ben.offerEarlier(deviceOf(cem), 20)
  await until(cem, (s) => s.earlier.offers.length === 1)
  await cem.answerEarlier(deviceOf(ben), true)
  await until(cem, (s) => (block(s, 1)?.taken ?? 0) >= 1)
  await ben.stopGivingEarlier(deviceOf(cem))
  await until(cem, (s) => block(s, 1)?.state !== 'coming')
  expect([block(cem.snapshot, 1)!.state, reasons(cem.snapshot)]).toEqual(['stopped', []])
})

it('[HI15] a lying member: nothing unasked is shown, no forged part is taken, and each lie is told', async () => {
  await comesLater(['one', 'two'])
  // Ana's line to Cem is there; from here on her keys lie.
  await ana.offerEarlier(deviceOf(cem), 20)
  await until(cem, (s) => s.earlier.offers.length === 1)
  await cem.answerEarlier(deviceOf(ana), true)
  await until(cem, isComplete)
  await until(ana, (s) => s.earlier.giving.length === 0)
  await ana.close()
  const insider = await Insider.open(world, anas, ana.snapshot.address, deviceOf(cem))
  const id = (i: number) => `${String.fromCharCode(65 + i).repeat(21)}A`
  const quote = (i: number, more: object = {}) => ({
    ...{ id: id(i), person: '', name: `\u202eBen ✓`, atMs: 8e15, text: 'forged' },
    ...more,
  })
  const part = (share: string, from: number, total: number, messages = [quote(0)]) =>
    insider.sayBytes(encodePairContent({ type: 'earlier-part', share, from, total, messages }))
  await part(id(1), 0, 1)
  await until(cem, (s) => reasons(s).includes('earlier-not-asked'))
  // What the device has itself does not come a second time in other words; a name is cleaned, a time to come is doubted.
  await cem.send('mine')
  await until(ben, hasText('mine'))
  const own = cem.snapshot.timeline.find((item) => item.kind === 'message')!.key.split('/')[1]!
  const ask = async () => {
    await cem.askForEarlier(20)
    return (await until(ben, asked)) && shareOf()
  }
  const shareOf = async () => {
    const bytes = (await cems.storage.get(`device/${deviceOf(cem)}/earlier`))!
    return (JSON.parse(new TextDecoder().decode(bytes)) as { ask: { share: string } }).ask.share
  }
  const share = await ask()
  await part(share, 0, 3, [quote(2), quote(3, { id: own }), quote(2)])
  await until(cem, (s) => block(s, 1)?.state === 'complete')
  expect(block(cem.snapshot, 1)!.messages).toMatchObject([{ name: 'Ben', doubtfulTime: true, person: '', alsoBy: [] }])
  expect(texts(cem.snapshot)).toEqual(['mine'])
  // The same again changes nothing, and neither does more than there was.
  await part(share, 0, 3, [quote(5)])
  await part(share, 2, 4, [quote(6), quote(7)])
  // Bytes that say nothing: a count too high, none at all, a field too many.
  const whole = encodePairContent({ type: 'earlier-part', share, from: 0, total: 1, messages: [quote(0)] })
  for (const [i, bytes] of [
    [...whole.slice(0, 18), 201, ...whole.slice(19)],
    [...whole.slice(0, 19), 0, ...whole.slice(20)],
    [...whole, 0],
    [16, ...new Uint8Array(16), 21],
    [21, ...new Uint8Array(16)],
  ].entries()) {
    await insider.sayBytes(new Uint8Array(bytes))
    await ben.send(`still ${i}`)
    await until(cem, hasText(`still ${i}`))
    await until(cem, (s) => reasons(s).filter((reason) => reason === 'unknown-content').length === i + 1)
  }
  await insider.sayBytes(encodePairContent({ type: 'earlier-accept', share: id(8) }))
  await until(cem, (s) => reasons(s).includes('earlier-not-offered'))
  insider.close()
  expect(cem.snapshot.earlier.blocks).toHaveLength(2)
  expect(quoted(cem.snapshot, 1)).toEqual(['Ben: forged'])
  expect(events(cem.snapshot).filter((type) => type === 'earlier-given')).toHaveLength(1)
})

it('[HI16] in a room that requires quantum keys nothing is asked for, offered or given, and what goes on ends', async () => {
  await comesLater(Array.from({ length: 6 }, (_, i) => `${i} ${'x'.repeat(40_000)}`))
  await cem.askForEarlier(20)
  await until(ana, asked)
  await until(ben, asked)
  await ana.answerEarlier(deviceOf(cem), true)
  await until(cem, (s) => (block(s)?.taken ?? 0) >= 1)
  world.cut(cems)
  await ana.changeRoom({ quantum: 'required' })
  await until(ben, (s) => s.agreement?.quantum === 'required')
  await expect(ben.offerEarlier(deviceOf(cem), 20)).rejects.toMatchObject({ code: 'earlier-quantum' })
  world.mend(cems)
  await until(cem, (s) => s.agreement?.quantum === 'required', 30_000)
  await expect(cem.askForEarlier(20)).rejects.toMatchObject({ code: 'earlier-quantum' })
  await until(cem, (s) => block(s)?.state === 'stopped', 30_000)
  expect(block(cem.snapshot)!.taken).toBeLessThan(6)
  await until(ana, (s) => s.earlier.giving.length === 0)
}, 60_000)

it('[HI17] keys that stand under the name of somebody verified get nothing until the person has decided', async () => {
  await comesLater(['one'])
  await ana.confirm(deviceOf(ben), 'number', true)
  const other = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ana, (s) => s.trust.blockedBy.length === 1)
  await until(other, (s) => s.phase.at === 'member' && named(s, 4))
  await other.askForEarlier(20)
  await until(ana, asked)
  await expect(ana.answerEarlier(deviceOf(other), true)).rejects.toMatchObject({ code: 'keys-changed' })
  await expect(ana.offerEarlier(deviceOf(other), 20)).rejects.toMatchObject({ code: 'keys-changed' })
  expect(other.snapshot.earlier.blocks).toEqual([])
  await ana.acceptKeys(deviceOf(other))
  await ana.answerEarlier(deviceOf(other), true)
  await until(other, isComplete)
})
