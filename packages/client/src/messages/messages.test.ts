import type { DeviceId, MessageId } from '@qsec/protocol'
import { utf8 } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope } from '../content.ts'
import type { StorageChange } from '../ports.ts'
import { type Item, type MessageItem, pageItems, refKey, Timeline } from '../room/timeline.ts'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { type Amendment, amended, nextVersion } from './amend.ts'
import { isSign, mentionsAtMost, signsAtMost, textBytesAtMost } from './content.ts'
import { Early, earlyAtMost } from './early.ts'

const idOf = (name: string) => name.padEnd(21, '_').slice(0, 21).concat('A') as MessageId
const deviceOf = (name: string) => idOf(name) as string as DeviceId
const [ana, anas2, ben] = ['ana', 'ana2', 'ben'].map(deviceOf) as [DeviceId, DeviceId, DeviceId]
const target = { device: ana, id: idOf('m') }

const message = (more: Partial<MessageItem> = {}): MessageItem => ({
  ...{ type: 'message', order: 0, device: ana, person: 'ANA', id: target.id, text: 'first', atMs: 1 },
  ...more,
})
const by = (person: string, from: DeviceId, id: string, content: Amendment['content']): Amendment => ({
  ...{ person, from, id: idOf(id), content },
})
const edit = (version: number, text: string) => ({ type: 'edit' as const, of: target, version, text, atMs: version })
const react = (version: number, ...signs: string[]) => ({ type: 'reaction' as const, of: target, version, signs })
const remove = { type: 'delete' as const, of: target }

/** All sequences of one person's and another's changes: what is left must not depend on their order. */
const changes = [
  by('ANA', ana, 'e1', edit(1, 'second')),
  by('ANA', anas2, 'e2', edit(1, 'the same moment, another device')),
  by('ANA', ana, 'e3', edit(2, 'third')),
  by('BEN', ben, 'e4', edit(9, 'I never said that')),
  by('BEN', ben, 'r1', react(1, '👍')),
  by('BEN', ben, 'r2', react(2)),
  by('BEN', ben, 'r3', react(3, '❤️', '👍')),
  by('ANA', anas2, 'r4', react(1, '🎉')),
]

const decoded = (content: unknown) =>
  decodeEnvelope(utf8(JSON.stringify({ id: idOf('x'), counter: 0, chain: '', content })))

describe('what is said of a message', () => {
  it('[MC13] every kind comes back from its bytes; a longer text, more signs or mentions, a twin or another form does not', () => {
    const text = { type: 'text', text: 'hi', atMs: 1 }
    const person = idOf('p')
    const good = [
      text,
      { ...text, replyTo: target, mentions: [person] },
      { ...edit(1, 'x'), mentions: [person] },
      edit(Number.MAX_SAFE_INTEGER, 'x'.repeat(textBytesAtMost)),
      remove,
      react(0),
      react(1, '👍', '👩‍❤️‍💋‍👨', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇩🇪', '1️⃣', '👍🏿', '🫱🏽‍🫲🏿'),
    ]
    for (const content of good) expect(decoded(content)?.content).toEqual(content)
    const bad = [
      { ...text, text: 'x'.repeat(textBytesAtMost + 1) },
      { ...text, replyTo: { device: ana } },
      { ...text, replyTo: { device: ana, id: 'x' } },
      { ...text, mentions: [] },
      { ...text, mentions: [person, person] },
      { ...text, mentions: Array.from({ length: mentionsAtMost + 1 }, (_, i) => idOf(`p${i}`)) },
      { ...edit(1, 'x'), text: '' },
      { ...edit(1, 'x'), text: 'é'.repeat(textBytesAtMost / 2 + 1) },
      { ...edit(1, 'x'), version: -1 },
      { ...edit(1, 'x'), version: 2 ** 60 },
      { type: 'edit', version: 1, text: 'x', atMs: 1 },
      { type: 'delete' },
      react(1, '👍', '👍'),
      react(1, ...Array.from({ length: signsAtMost + 1 }, (_, i) => String.fromCodePoint(0x1f600 + i))),
      { ...react(1), signs: '👍' },
      { ...react(1), signs: [{}] },
    ]
    for (const content of bad) expect([content, decoded(content)?.content]).toEqual([content, undefined])
  })

  it('[MC14] a reaction is one emoji and nothing else', () => {
    for (const sign of ['👍', '❤', '❤️', '😂', '🇫🇷', '#️⃣', '👨‍👩‍👧‍👦', '🏳️‍🌈'])
      expect([sign, isSign(sign)]).toEqual([sign, true])
    const others = [
      '',
      'a',
      'ok',
      '👍👍',
      '👍 ',
      '1',
      '<b>',
      '\u202e',
      '👍\u202e',
      '🇫',
      '\ufe0f',
      `👍${'\u200d👍'.repeat(9)}`,
    ]
    for (const sign of [...others, `🏴${'\u{e0061}'.repeat(40)}\u{e007f}`])
      expect([sign, isSign(sign)]).toEqual([sign, false])
  })

  it('[MC3] a content of a newer kind keeps its place among its sender’s; what is no envelope has none', () => {
    expect(decoded({ type: 'hologram', size: 1e9 })).toMatchObject({ counter: 0, content: undefined })
    expect(decodeEnvelope(utf8('{"content":{"type":"text","text":"x","atMs":1}}'))).toBeUndefined()
    expect(decodeEnvelope(utf8('['.repeat(100_000)))).toBeUndefined()
  })
})

describe('what changes make of a message', () => {
  it('[MC4] in any order and however often they come, every device holds the same; a deletion leaves no word', () => {
    const all = [...changes, by('ANA', anas2, 'd1', remove), by('ANA', ana, 'd2', remove)]
    const foldedBy = (list: readonly Amendment[]) => list.reduce(amended, message())
    const open = foldedBy(changes)
    expect(open).toMatchObject({ text: 'third', edited: { version: 2, id: idOf('e3') } })
    expect(open.reactions?.map(({ person, signs }) => [person, signs])).toEqual([
      ['BEN', ['❤️', '👍']],
      ['ANA', ['🎉']],
    ])
    const gone = foldedBy(all)
    expect(gone).toEqual({ ...message({ text: '' }), deleted: { id: idOf('d1') } })
    for (const [list, end] of [
      [changes, open],
      [all, gone],
    ] as const) {
      fc.assert(
        fc.property(fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length }), (order) => {
          expect(foldedBy(order)).toEqual(end)
        }),
        { numRuns: 200 },
      )
    }
  })

  it('[MC5] only its author’s person edits and deletes, with any device; whoever is unknown does not', () => {
    for (const content of [edit(1, 'x'), remove]) {
      expect(amended(message(), by('ANA', anas2, 'x', content))).not.toEqual(message())
      expect(amended(message(), by('BEN', ana, 'x', content))).toEqual(message())
      expect(amended(message({ person: '' }), by('', ana, 'x', content))).toEqual(message({ person: '' }))
    }
  })

  it('[PV3] what was said to one person is changed in the conversation of the two alone, and what was said to all in the room alone', async () => {
    const note = message({ privately: { person: 'BEN', device: ben } })
    const between = (one: Amendment, person: string): Amendment => ({ ...one, with: person })
    for (const change of [
      by('ANA', ana, 'c1', edit(1, 'x')),
      by('BEN', ben, 'c2', react(1, '👍')),
      by('ANA', ana, 'c3', remove),
    ]) {
      expect(amended(note, between(change, 'BEN'))).not.toEqual(note)
      expect(amended(note, between(change, 'CEM')), 'in another conversation').toBe(note)
      expect(amended(note, change), 'in the room').toBe(note)
      expect(amended(message(), change)).not.toEqual(message())
      expect(amended(message(), between(change, 'BEN')), 'for one person alone').toEqual(message())
    }
    expect(amended(note, between(by('BEN', ben, 'c4', edit(1, 'hers')), 'BEN')), 'by the other of the two').toBe(note)
    // Also where the change comes before its message.
    const storage = openMemoryStorage()
    const timeline = new Timeline('t')
    await timeline.load(storage)
    await storage.apply(await timeline.amend(by('ANA', ana, 'c5', edit(2, 'to all'))))
    await storage.apply(await timeline.amend(between(by('ANA', ana, 'c6', edit(1, 'to him')), 'BEN')))
    const later = new Timeline('t')
    await later.load(storage)
    const { type: _t, order: _o, ...said } = note
    await storage.apply(later.say(said))
    expect(later.items).toMatchObject([{ text: 'to him' }])
  })

  it('[MC6] the next version is above all that is known, and ends where numbers do', () => {
    expect([nextVersion(undefined), nextVersion({ version: 4, id: '' })]).toEqual([1, 5])
    expect(nextVersion({ version: Number.MAX_SAFE_INTEGER, id: '' })).toBe(Number.MAX_SAFE_INTEGER)
  })
})

describe('changes that come before their message', () => {
  it('[MC7] they wait for it in storage, and it comes as they have made it', async () => {
    const storage = openMemoryStorage()
    const [one, other] = [new Timeline('t'), new Timeline('t')]
    await one.load(storage)
    for (const each of changes) await storage.apply(await one.amend(each))
    await other.load(storage)
    const said = (timeline: Timeline) => {
      const { type: _t, order: _o, ...rest } = message()
      return storage.apply(timeline.say(rest))
    }
    await said(other)
    expect(other.items).toEqual([{ ...changes.reduce(amended, message()) }])
    expect(await storage.list('t-early/')).toEqual([])
    const again = new Timeline('t')
    await again.load(storage)
    expect(again.items).toEqual(other.items)
  })

  it('[MC8] a flood of changes of messages that nobody knows pushes out its own alone', async () => {
    const storage = openMemoryStorage()
    const early = new Early('e')
    const of = (name: string) => ({ ...remove, of: { device: ana, id: idOf(name) } })
    await storage.apply(early.add(by('BEN', ben, 'kept', of('kept'))))
    for (let i = 0; i < 3 * earlyAtMost; i++) await storage.apply(early.add(by('EVE', ben, `e${i}`, of(`m${i}`))))
    await storage.apply(early.add(by('EVE', ben, 'big', { ...edit(1, 'x'.repeat(60_000)), of: of('big').of })))
    expect((await storage.list('e/')).length).toBe(1 + earlyAtMost)
    for (let i = 0; i < 4; i++) {
      await storage.apply(early.add(by('EVE', ben, `b${i}`, { ...edit(1, 'x'.repeat(60_000)), of: of(`b${i}`).of })))
    }
    const rows = await storage.list('e/')
    expect(rows.reduce((sum, { value }) => sum + value.length, 0)).toBeLessThan(130 * 1024)
    const read = new Early('e')
    await read.load(storage)
    expect(read.take(ana, idOf('kept')).amendments).toHaveLength(1)
    expect(read.take(ana, idOf('m0')).amendments).toHaveLength(0)
    expect(read.take(ana, idOf('b3')).amendments).toHaveLength(1)
  })
})

describe('the timeline in storage', () => {
  async function filled(count: number): Promise<{ timeline: Timeline; storage: MemoryStorage }> {
    const storage = openMemoryStorage()
    const timeline = new Timeline('t')
    await timeline.load(storage)
    const rows: StorageChange[] = []
    for (let i = 0; i < count; i++) {
      if (i % 10 === 9) rows.push(...timeline.tell({ type: 'relay-restarted' }, i))
      else rows.push(...timeline.say({ device: ana, person: 'ANA', id: idOf(`m${i}`), text: `${i}`, atMs: i, seq: i }))
    }
    await storage.apply(rows)
    return { timeline, storage }
  }
  const words = (items: readonly Item[]) => items.map((item) => (item.type === 'message' ? item.text : 'line'))
  const ref = (i: number) => ({ device: ana, id: idOf(`m${i}`) })

  it('[MC9] holds the newest page, brings what came before in its order, and lets go of it again', async () => {
    const { timeline: whole, storage } = await filled(1_234)
    const timeline = new Timeline('t')
    await timeline.load(storage)
    expect(timeline.items.length).toBeGreaterThanOrEqual(pageItems)
    expect(timeline.items.length).toBeLessThan(pageItems + 100)
    const check = () => {
      expect(timeline.earlier + timeline.items.length).toBe(1_234)
      expect(words(timeline.items)).toEqual(words(whole.items).slice(-timeline.items.length))
    }
    check()
    await timeline.loadEarlier()
    check()
    while ((await timeline.loadTowards(ref(7))) === 'further');
    expect(timeline.items.length).toBeGreaterThanOrEqual(1_227)
    check()
    expect(await timeline.loadTowards(ref(9_999))).toBe('none')
    timeline.forgetEarlier()
    expect(timeline.items).toHaveLength(pageItems)
    check()
    while (timeline.earlier > 0) await timeline.loadEarlier()
    check()
    const all: string[] = []
    timeline.forgetEarlier()
    for await (const item of timeline.newest()) all.unshift(item.text)
    expect(all).toEqual(words(whole.items).filter((text) => text !== 'line'))
  })

  it('[MC10] what is not held is changed, moved and removed all the same', async () => {
    const { storage } = await filled(1_000)
    const timeline = new Timeline('t')
    await timeline.load(storage)
    const content = { ...edit(1, 'changed'), of: ref(5) }
    await storage.apply(await timeline.amend(by('ANA', ana, 'e', content)))
    await storage.apply(await timeline.ordered(ana, idOf('m6'), 2_000))
    await storage.apply(await timeline.remove(ana, idOf('m7')))
    expect(timeline.has(ana, idOf('m7'))).toBe(false)
    expect(words(timeline.items).at(-1)).toBe('6')
    while ((await timeline.loadTowards(ref(0))) === 'further');
    expect(words(timeline.items).slice(0, 7)).toEqual(['0', '1', '2', '3', '4', 'changed', '8'])
    const again = new Timeline('t')
    await again.load(storage, Number.POSITIVE_INFINITY)
    expect(again.items).toEqual(timeline.items)
  })

  it('[MC11] a message that is quoted far below is there for it; a damaged row is passed over', async () => {
    const { storage } = await filled(500)
    const quoting = new Timeline('t')
    await quoting.load(storage)
    await quoting.recall(ref(3))
    const reply = { device: ben, person: 'BEN', id: idOf('r'), text: 'see above', atMs: 1, replyTo: ref(3) }
    await storage.apply(quoting.say(reply))
    expect(quoting.peek(ref(3))?.text).toBe('3')
    await storage.apply(await quoting.amend(by('ANA', ana, 'e', { ...edit(1, 'three'), of: ref(3) })))
    expect(quoting.peek(ref(3))?.text).toBe('three')
    const damaged = (await storage.keys('t/')).filter((_, i) => i >= 100 && i < 230)
    await storage.apply(damaged.map((key) => ({ type: 'put', key, value: utf8('{') })))
    const timeline = new Timeline('t')
    await timeline.load(storage)
    expect(timeline.peek(ref(3))?.text).toBe('three')
    while (timeline.earlier > 0) await timeline.loadEarlier()
    expect(timeline.items).toHaveLength(501 - 130)
  })

  it('[MC12] rows of an earlier version get the keys of this one, and nothing is lost', async () => {
    const { timeline: whole, storage } = await filled(120)
    for (const { key, value } of await storage.list('t/')) {
      await storage.apply([
        { type: 'delete', key },
        { type: 'put', key: key.split('/').slice(0, 2).join('/'), value },
      ])
    }
    const timeline = new Timeline('t')
    await timeline.load(storage)
    expect(timeline.items).toEqual(whole.items)
    expect(await timeline.find(ref(3))).toMatchObject({ text: '3' })
    expect((await storage.keys('t/'))[3]).toBe(`t/00000000000003/${refKey(ref(3))}`)
  })
})
