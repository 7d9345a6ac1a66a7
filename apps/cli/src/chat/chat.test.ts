/** What a chat reads and draws, without a room. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ana, ben, cleo, message, person, quantum, snapshot, system, trust } from '../../../web/dev/fixtures.ts'
import { everyEvent } from '../../../web/dev/scenes.ts'
import { draw, forTerminal, type Line, note } from './lines.ts'
import { namerOf, systemWords } from './page.ts'
import { messageLine } from './said.ts'
import { StateLines, stateTag } from './states.ts'
import { patienceMs, Story } from './story.ts'
import { chatCommands, completionsOf, helpLines, readChatLine } from './typed.ts'
import { whomIn } from './whom.ts'
import { columnsOf, wrap } from './wrap.ts'

const seed = Number(process.env.CHT_SEED ?? Math.floor(Math.random() * 2 ** 31))
const people = [ana, ben, cleo]
const nowMs = Date.UTC(2026, 10, 23, 12)
const plain = (lines: readonly Line[]): string => lines.map((line) => draw(line, { colours: false })).join('')
const storyOf = (start = snapshot(), echoes = false): Story => new Story(start, { where: 'http://a', echoes, nowMs })

describe('what is typed', () => {
  it('[CHT1] a line with a slash is a command or refused, and // sends one slash', () => {
    expect(readChatLine('hello /to Ben')).toEqual({ type: 'text', text: 'hello /to Ben' })
    expect(readChatLine('/TO Ben hello ')).toEqual({ type: 'command', name: 'to', rest: 'Ben hello' })
    expect(readChatLine('/turn-away AB-CD')).toEqual({ type: 'command', name: 'turn-away', rest: 'AB-CD' })
    expect(readChatLine('/nothing')).toEqual({ type: 'unknown', name: 'nothing' })
    expect(readChatLine('//tmp')).toEqual({ type: 'text', text: '/tmp' })
    expect(readChatLine('//to Ben hello')).toEqual({ type: 'text', text: '/to Ben hello' })
    expect(readChatLine('/usr/bin')).toEqual({ type: 'text', text: '/usr/bin' })
    expect(readChatLine('/me  waves')).toEqual({ type: 'text', text: '/me waves' })
    expect(readChatLine('  ')).toEqual({ type: 'nothing' })
    for (const slip of [' /to Ben secret', '/to:Ben secret', '/to,Ben secret', '\t/verify Ben']) {
      expect(readChatLine(slip).type, slip).toBe('slip')
    }
  })

  it('[CHT1] every command is in the help, whose lines fit a window', () => {
    for (const name of chatCommands)
      expect(
        helpLines().some((line) => line.startsWith(`/${name}`)),
        name,
      ).toBe(true)
    for (const line of helpLines()) expect(line.length, line).toBeLessThanOrEqual(120)
  })

  it('[CHT11] Tab completes commands and names; of equal names the short id decides', () => {
    expect(completionsOf('/ve', ['Ben'])).toEqual(['/verify '])
    expect(completionsOf('/to b', ['Ben', 'Cleo'])).toEqual(['/to Ben '])
    expect(completionsOf('hi @Cl', ['Ben', 'Cleo'])).toEqual(['hi @Cleo '])
    expect(completionsOf('hello', ['hello there'])).toEqual([])
    const other = person('Ben', { device: 'other' as typeof ben.device, shortId: 'beef', person: 'x'.repeat(22) })
    expect(whomIn('@ben hello', { people })).toMatchObject({ ok: true, person: ben, rest: 'hello' })
    expect(whomIn('Ben hello', { people: [...people, other] })).toMatchObject({ ok: false })
    expect(whomIn('Ben (beef) hello', { people: [...people, other] })).toMatchObject({ person: other, rest: 'hello' })
    expect(whomIn('beef hello', { people: [...people, other] })).toMatchObject({ person: other, rest: 'hello' })
    expect(whomIn('Quiet Otter hello', { people })).toMatchObject({ ok: false }) // oneself
    expect(whomIn('', { people })).toMatchObject({ ok: false })
  })
})

describe('what is drawn', () => {
  const hostile = [
    '\u001b[2J\u001b]0;title\u0007\u009b31m red',
    'line\r12:00 Ben: forged',
    'a\n12:00 Ben: forged',
    'a\u202012:00 Ben: forged\u2029b',
    `a${' '.repeat(57)}12:00 Ben: forged`,
    '\u202eright to left\u2066 \u061c',
    '\u001b[3A\u001b[2K-- Ben left.',
  ]

  it.each([undefined, 20, 60])(
    '[CHT3] what others write cannot steer the terminal, nor begin a row of ours (%s columns)',
    (columns) => {
      for (const text of hostile) {
        const line = messageLine(message('m', ben, text), namerOf(people))
        for (const colours of [false, true]) {
          const drawn = draw(line, { ...(columns === undefined ? {} : { columns }), colours })
          // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are ours
          const bare = drawn.replace(/\u001b\[\d+m/g, '')
          expect(bare.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
          const rows = bare.trimEnd().split('\n')
          expect(rows[0]).toMatch(/^\d\d:\d\d Ben/)
          for (const row of rows.slice(1)) expect(row).toMatch(/^ |^$/)
        }
      }
    },
  )

  it('[CHT4] no row is wider than the window, wide letters count two, and no word is lost', () => {
    expect(columnsOf('añb')).toBe(3)
    expect(columnsOf('你好👩‍👩‍👧')).toBe(6)
    const letters = fc.constantFrom(
      'a',
      'word',
      ' ',
      '  ',
      '\n',
      '你好',
      '👩‍👩‍👧',
      'é',
      'https://example.org/a/long/address',
    )
    const check = fc.property(fc.array(letters), fc.integer({ min: 6, max: 90 }), (parts, columns) => {
      const text = parts.join('')
      const rows = wrap(text, columns, '      ')
      for (const row of rows) expect(columnsOf(row)).toBeLessThanOrEqual(columns)
      expect(rows.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
    })
    fc.assert(check, { seed, numRuns: 200 })
  })

  it('[CHT2] a message has its time and its name, and says to whom and about what it is', () => {
    const words = (one: ReturnType<typeof message>): string => plain([messageLine(one, namerOf(people))]).slice(6)
    expect(plain([messageLine(message('m', ben, 'hi'), namerOf(people))])).toMatch(/^\d\d:\d\d Ben: hi\n$/)
    expect(words(message('m', ana, 'hi'))).toBe('You: hi\n')
    expect(words(message('m', ana, 'hi', { privately: ben }))).toBe('You (to Ben alone): hi\n')
    expect(words(message('m', ben, 'hi', { privately: ben }))).toBe('Ben (to you alone): hi\n')
    expect(words(message('m', ben, '/me waves'))).toBe('* Ben waves\n')
    const quoting = message('m', ben, 'yes', { reply: { key: 'q', message: { author: ana, text: 'shall we?' } } })
    expect(words(quoting)).toBe('Ben (In reply to you: “shall we?”): yes\n')
    const verified = person('Ben', { standing: { trust: 'verified', lookalike: false } })
    expect(words(message('m', verified, 'hi'))).toBe('Ben ✓: hi\n')
    const file = { id: 'f', name: 'a.png', size: 2048, kind: 'image' as const }
    expect(words(message('m', ben, '', { files: [file] }))).toMatch(/^Ben: \[a\.png, 2.*\]\n$/)
    expect(words(message('m', ben, 'x', { lifetime: { seconds: 3600 } }))).toContain('1 hour')
    expect(words(message('m', ben, '', { deleted: true }))).toBe('Ben: (Message deleted)\n')
  })

  it('[CHT10] what happens is told in the words of the page, and simulated keys as simulated', () => {
    for (const event of everyEvent()) {
      const told = plain(storyOf().take(snapshot({ people, timeline: [system('e', event)] }), nowMs)).split('\n-- ')[0]!
      const sentence = forTerminal(systemWords(event, namerOf(people)))
      expect(told.slice(6).trim()).toBe(`-- ${sentence}`)
    }
    const simulated = quantum({ label: 'quantum (simulated)', linksInAll: 1, linksCovered: 1 })
    expect(plain(storyOf().take(snapshot({ people, quantum: simulated }), nowMs))).toMatch(/simulated/)
  })
})

describe('what is told', () => {
  it('[CHT12] each thing once: messages, changes, deletions, reactions, what was not sent', () => {
    const story = storyOf()
    const at = (...timeline: ReturnType<typeof message>[]): string =>
      plain(story.take(snapshot({ people, timeline }), nowMs))
    at()
    const said = message('1', ben, 'old words')
    expect(at(said)).toMatch(/Ben: old words\n$/)
    expect(at(said)).toBe('')
    expect(at({ ...said, text: 'new words', editedMs: 1 })).toBe('-- Ben changed “old words” to: new words\n')
    const reacted = { ...said, text: 'new words', editedMs: 1, reactions: [{ sign: '👍', people: [cleo], own: false }] }
    expect(at(reacted)).toBe('-- Cleo Marchetti reacted 👍 to “new words”\n')
    expect(at({ ...reacted, text: '', deleted: true })).toMatch(/^-- Ben deleted a message of \d\d:\d\d\.\n$/)
    const own = message('2', ana, 'mine', { state: 'sending' })
    expect(at(own)).toMatch(/You: mine\n$/)
    expect(at({ ...own, state: 'sent' })).toBe('')
    expect(at({ ...own, state: 'not-sent', problem: 'too-large' })).toMatch(
      /^-- Not sent: “mine”\. It is too long.*\/retry/,
    )
  })

  it('[CHT12] a device that comes back shows the newest again, and says what is new', () => {
    const timeline = Array.from({ length: 40 }, (_, i) => message(`${i}`, ben, `message ${i}`))
    const start = snapshot({ people, timeline, reading: { ...snapshot().reading, seen: '37' } })
    const told = plain(storyOf(start).take(start, nowMs))
    expect(told).not.toContain('message 19\n')
    expect(told).toMatch(/message 20\n[\s\S]*message 37\n-- New messages:\n\d\d:\d\d Ben: message 38\n/)
  })

  it('[CHT12] a line about somebody waits a moment for the name, and no longer', () => {
    const newcomer = person('', { device: 'new' as typeof ben.device })
    const joined = (who: typeof ben) =>
      snapshot({ people: [ana, who], timeline: [system('j', { type: 'joined', people: [who], by: ana })] })
    const story = storyOf()
    expect(plain(story.take(joined(newcomer), nowMs))).not.toContain('joined')
    expect(story.waiting).toBe(true)
    expect(plain(story.take(joined({ ...newcomer, name: 'Dan' }), nowMs + 100))).toContain('Dan joined')
    const other = storyOf()
    other.take(joined(newcomer), nowMs)
    expect(plain(other.take(joined(newcomer), nowMs + patienceMs))).toContain('Someone')
  })

  it('[CHT10] changed keys, an eavesdropper and a knock are told with what can be done', () => {
    const story = storyOf()
    story.take(snapshot({ people }), nowMs)
    const blocked = plain(story.take(snapshot({ people, trust: trust({ blockedBy: [ben] }) }), nowMs))
    expect(blocked).toMatch(/Ben has a name like somebody you verified.*\/verify Ben.*\/accept Ben/)
    const detected = system('x', { type: 'eavesdropper-detected', link: [ben, cleo], qber: 0.25 })
    expect(plain(story.take(snapshot({ people, timeline: [detected] }), nowMs))).toContain('shows an eavesdropper')
  })

  it('[CHT2] own states are one tag, or a line each once', () => {
    const own = (key: string, state: 'sending' | 'sent' | 'delivered') =>
      message(key, ana, `text ${key}`, { state, deliveredTo: 0 })
    const at = (...timeline: ReturnType<typeof message>[]) => snapshot({ people, timeline })
    expect(stateTag(at())).toBeUndefined()
    expect(stateTag(at(own('1', 'sending')))).toBe('Sending')
    expect(stateTag(at(own('1', 'sending'), own('2', 'sending')))).toBe('2 Sending')
    expect(stateTag(at(own('1', 'sent'), message('3', ben, 'x')))).toBe('Sent')
    expect(stateTag(at(message('1', ana, 'x', { state: 'sent', deliveredTo: 1 })))).toBe('Sent, 1 of 2')
    expect(stateTag(at(own('1', 'delivered')))).toBe('Delivered')
    const lines = new StateLines(at(own('0', 'sent')))
    expect(plain(lines.take(at(own('0', 'delivered'), own('1', 'sent'))))).toBe('')
    expect(plain(lines.take(at(own('1', 'delivered'))))).toBe('-- Delivered: text 1\n')
    expect(plain(lines.take(at(own('1', 'delivered'))))).toBe('')
    expect(plain(lines.take(at(own('2', 'delivered'), own('3', 'delivered'))))).toBe('-- Delivered: 2 messages\n')
  })

  it('[CHT5] what was typed on an echoing terminal is not shown again', () => {
    const story = storyOf(snapshot(), true)
    const told = plain(
      story.take(snapshot({ people, timeline: [message('1', ana, 'mine'), message('2', ben, 'theirs')] }), nowMs),
    )
    expect(told).not.toContain('mine')
    expect(told).toContain('Ben: theirs')
    expect(plain([note('answer')])).toBe('-- answer\n')
  })
})
