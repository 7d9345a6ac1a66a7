import { render } from 'preact-render-to-string'
import { describe, expect, it } from 'vitest'
import { ana, ben, cleo, message, person, system } from '../../dev/fixtures.ts'
import type { MessageView } from '../client-gate.ts'
import { Rows, rowsOf } from '../timeline-rows.ts'
import { namerOf } from '../words/people.ts'
import { mentionedIn, mentionQuery } from './compose/mentions.ts'
import type { MessageActions } from './message/actions.ts'
import { emojiByName, emojiGroups, quickSigns } from './message/emoji.ts'
import { MessageDetails } from './message/message-details.tsx'
import { Tools } from './message/tools.tsx'
import { Message } from './message.tsx'
import { Heights } from './timeline/heights.ts'
import { unreadAfter } from './timeline/unread.ts'
import { Timeline } from './timeline.tsx'

const people = [ana, ben, cleo]
const drawn = (one: MessageView) => render(<Message message={one} nameOf={namerOf(people)} startsRun endsRun />)

describe('a message', () => {
  it('[MV4] quotes, reactions, edits and deletions are drawn as what they are; what is not here says so', () => {
    const quoted = message('q', cleo, 'Thursday,\n<b>ten</b>?')
    const html = drawn(
      message('m', ben, '@Quiet Otter yes', {
        ...{ reply: { key: 'q', message: quoted }, mentions: [ana], mentionsYou: true, editedMs: 5 },
        reactions: [{ sign: '👍', people: [ana, cleo], own: true }],
      }),
    )
    expect(html).toContain('Thursday, &lt;b>ten&lt;/b>?')
    expect(html).toContain('In reply to')
    expect(html).toContain('<bdi class="mention you">@Quiet Otter</bdi> yes')
    expect(html).toMatch(/aria-pressed="true" aria-label="👍 2: you and Cleo Marchetti"/)
    expect(html).toContain('>edited<')
    expect(drawn(message('m', ben, 'x', { reply: { key: 'q' } }))).toContain('not on this device')
    const gone = drawn(message('m', ben, '', { deleted: true, reply: { key: 'q', message: quoted } }))
    expect(gone).toContain('Message deleted')
    expect(gone).not.toContain('In reply to')
    expect(drawn(message('m', ana, 'x', { change: 'not-sent', problem: 'too-large' }))).toMatch(
      /Change not sent.*Retry/s,
    )
    expect(drawn(message('m', ana, 'x', { change: 'not-sent', problem: 'too-large' }))).not.toContain('Delete')
  })

  it('[LG26] an answer to files quotes their names, and of a recording that it is a voice message', () => {
    const file = { id: 'f', name: 'lake.png', size: 5, type: 'image/png', kind: 'image' } as const
    const voice = { ...file, name: 'voice.webm', kind: 'audio', voice: { seconds: 3 } } as const
    const quoting = (files: MessageView['files'], text = '') =>
      drawn(message('m', ben, 'yes', { reply: { key: 'q', message: { author: cleo, text, files: files! } } }))
    expect(quoting([file, voice])).toContain('>lake.png, Voice message<')
    expect(quoting([voice])).not.toContain('webm')
    expect(quoting([file], 'by the lake')).toContain('>by the lake<')
  })

  it('[FD37] a name is offered behind an @ however its accents, its hamza and its case are typed', () => {
    const named = ['René', 'أحمد سالم', 'آمنة', 'İpek'].map((name) => person(name))
    const offered = (text: string) => mentionQuery(text, text.length, named)?.people.map(({ name }) => name)
    for (const typed of ['@re', '@rene', '@RENE']) expect(offered(typed)).toEqual(['René'])
    expect(offered('@احمد')).toEqual(['أحمد سالم'])
    expect(offered('@أحمد')).toEqual(['أحمد سالم'])
    expect(offered('@سال')).toEqual(['أحمد سالم'])
    expect(offered('@امن')).toEqual(['آمنة'])
    expect(offered('@ip')).toEqual(['İpek'])
    // Spelled whole, it needs no list, and another name is none of it.
    expect([offered('@rené'), offered('@renate')]).toEqual([undefined, undefined])
  })

  it('[FD36] its details are those of the message as it is now, and say why a time is the server’s', () => {
    const details = (one: MessageView, now: MessageView[]) =>
      render(<MessageDetails message={one} items={now} onClose={() => undefined} />)
    const mine = message('m', ana, 'x', { state: 'sent', deliveredTo: 0, meantFor: 3 })
    const html = details(mine, [{ ...mine, state: 'delivered', deliveredTo: 2, editedMs: Date.UTC(2026, 10, 24, 9) }])
    expect(html).toContain('2 of 3 devices have it')
    expect(html).toMatch(/Written.*Monday.*23.*2026.*Changed.*Tuesday.*24.*2026.*Delivered/s)
    const theirs = details(message('n', ben, 'x', { doubtfulTime: true }), [])
    expect(theirs).toContain('this is when the server took the message')
    expect(theirs).not.toMatch(/Changed|How far/)
  })

  it('[MV29] its bar and who has read it are not read out when they come', () => {
    const own = message('m', ana, 'x')
    const actions = {} as MessageActions
    expect(render(<Tools message={own} nameOf={namerOf(people)} actions={actions} />)).toMatch(
      /^<div class="tools" role="toolbar" aria-live="off"/,
    )
    const log = render(<Timeline items={[own]} nameOf={namerOf(people)} readers={[{ person: ben, key: 'm' }]} />)
    expect(log).toContain('<p class="read-by" aria-live="off">Read by Ben</p>')
  })

  it('[MV2] a name is mentioned where it stands behind an @, the longest of those that fit', () => {
    const adler = person('Ben Adler')
    const all = [...people, adler]
    expect(mentionedIn('hi @Ben Adler!', all)).toEqual([adler.person])
    expect(mentionedIn('@Ben Adler and @Ben', all)).toEqual([adler.person, ben.person])
    expect(mentionedIn('Ben, @Quiet Otter', all)).toEqual([]) // not oneself, and no name without the sign
    expect(mentionQuery('so, @be', 7, all)?.people.map(({ name }) => name)).toEqual(['Ben', 'Ben Adler'])
    expect(mentionQuery('@mar', 4, all)?.people.map(({ name }) => name)).toEqual(['Cleo Marchetti'])
    for (const [text, caret] of [
      ['mail@be', 7],
      ['@be', 0],
      ['@nobody', 7],
    ] as const) {
      expect(mentionQuery(text, caret, all)).toBeUndefined()
    }
  })

  it('[MV1] every emoji offered has a name and stands once, and is found by it', () => {
    const all = emojiGroups().flatMap(({ emoji }) => emoji)
    expect(new Set(all.map(({ sign }) => sign)).size).toBe(all.length)
    expect(all.filter(({ names }) => names === '')).toEqual([])
    expect(emojiByName(':thumbs up').map(({ sign }) => sign)).toEqual(['👍'])
    expect([emojiByName(''), emojiByName('zzz')]).toEqual([[], []])
    expect(quickSigns.every((sign) => all.some((one) => one.sign === sign))).toBe(true)
  })
})

describe('a long timeline', () => {
  const minute = 60_000
  const noon = new Date(2026, 10, 23, 12).getTime()
  const items = Array.from({ length: 400 }, (_, i) =>
    i % 7 === 3
      ? system(`s${i}`, { type: 'relay-restarted' }, noon + i * minute)
      : message(`m${i}`, people[Math.floor(i / 3) % 3]!, `${i}`, { atMs: noon + i * 4 * minute }),
  )

  it('[MV5] however it came about, the rows are those that it would be made of at once; equal ones are the same', () => {
    const rows = new Rows()
    let before = rows.of(items.slice(100, 200))
    const steps = [
      items.slice(100, 201),
      items.slice(100, 300),
      items.slice(0, 300),
      items.slice(0, 300).filter((_, i) => i !== 250),
      items.slice(0, 300).map((item, i) => (i === 120 ? { ...item, atMs: item.atMs + 1 } : item)),
      items.slice(200, 400),
      [],
      items,
    ]
    for (const step of steps) {
      for (const unread of [undefined, step[40]?.kind === 'message' ? step[40].key : undefined]) {
        const next = rows.of(step, unread)
        expect(next).toEqual(rowsOf(step, unread))
        const changed = next.filter((row) => !before.includes(row) && before.some(({ key }) => key === row.key))
        for (const row of changed) expect(before.find(({ key }) => key === row.key)).not.toEqual(row)
        before = next
      }
    }
    expect(rows.of(items)).toBe(rows.of(items))
  })

  it('[MV6] rows stand where their heights say, measured or guessed, and a height stays with its row', () => {
    const heights = new Heights()
    const rows = rowsOf(items)
    heights.take(rows)
    for (const at of [0, 7, 200, rows.length - 1]) expect(heights.at(heights.topOf(at) + 1)).toBe(at)
    expect([heights.at(-5), heights.at(1e9)]).toEqual([0, rows.length - 1])
    const key = rows[10]!.key
    const [top, whole] = [heights.topOf(11), heights.whole]
    expect(heights.measure(key, 500)).toBe(true)
    heights.settle()
    expect(heights.measure(key, 500)).toBe(false)
    const grown = heights.topOf(11) - top
    expect(heights.whole).toBeCloseTo(whole + grown)
    heights.take(rowsOf(items.slice(5)))
    const at = heights.indexOf(key)!
    expect(heights.topOf(at + 1) - heights.topOf(at)).toBe(500)
    expect(heights.between(-100, 1e9)).toEqual({ from: 0, to: rowsOf(items.slice(5)).length })
    heights.take([])
    expect([heights.whole, heights.between(0, 100)]).toEqual([0, { from: 0, to: 0 }])
  })

  it('[MV7] what was missed begins with the first message of others behind what was seen; without that, nothing is', () => {
    const list = [message('1', ben, 'a'), message('2', ana, 'b'), message('3', ben, 'c'), message('4', cleo, 'd')]
    expect(unreadAfter(list, '1')).toEqual({ key: '3', count: 2 })
    expect(unreadAfter(list, '4')).toBeUndefined()
    expect(unreadAfter(list, undefined)).toBeUndefined()
    // What was seen last lies before all that is held.
    expect(unreadAfter(list, 'long ago')).toEqual({ key: '1', count: 3 })
    expect(unreadAfter(list, '1', list[0]!.atMs)).toBeUndefined()
  })

  it('[MV24] what the same person wrote on another device is not missed', () => {
    const phone = person('Quiet Otter', { standing: { trust: 'self', lookalike: false } })
    expect(phone.self).toBe(false)
    const list = [message('1', ben, 'a'), message('2', phone, 'b')]
    expect(unreadAfter(list, '1')).toBeUndefined()
    expect(unreadAfter([...list, message('3', ben, 'c'), message('4', phone, 'd')], '1')).toEqual({
      key: '3',
      count: 1,
    })
  })
})
