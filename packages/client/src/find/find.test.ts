import type { DeviceId, MessageId } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../ports.ts'
import { Timeline } from '../room/timeline.ts'
import type { PersonView } from '../snapshot.ts'
import { type MemoryStorage, openMemoryStorage } from '../storage/memory.ts'
import { firstOfDay } from './day.ts'
import { fold, foldWithPlaces } from './fold.ts'
import type { FoundMessage } from './found.ts'
import { Search } from './search.ts'
import { holdsAll, placesOf, wordsAtMost, wordsOf } from './words.ts'

const seed = Number(process.env.FD_SEED ?? Math.floor(Math.random() * 2 ** 31))
const check = (property: fc.IProperty<never> | fc.IRawProperty<unknown, false>, numRuns = 300): void => {
  fc.assert(property as fc.IRawProperty<unknown, false>, { seed, numRuns })
}
const shown = (text: string, query: string): string[] => {
  const nfc = text.normalize('NFC')
  return placesOf(wordsOf(query), nfc).map(([from, to]) => nfc.slice(from, to))
}
const found = (text: string, query: string): boolean => holdsAll(wordsOf(query), fold(text))

const syllables = [
  'an',
  'bé',
  'Çe',
  'ß',
  'İs',
  'ŁÓ',
  'ﬁ',
  'が',
  'か',
  '한',
  'क',
  'की',
  'عَر',
  'ب',
  'שָׁ',
  '🏳️‍🌈',
  'ï',
  'n\u0303',
]
const word = fc.array(fc.constantFrom(...syllables), { minLength: 1, maxLength: 4 }).map((list) => list.join(''))
const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((list) => list.join(' '))

describe(`words in texts (seed ${seed})`, () => {
  it('[FD1] accents, case, width, joiners and the form of Unicode do not count; other letters do', () => {
    for (const [said, query] of [
      ['Öffnen wir das Café für Zoë?', 'cafe zoe OFFNEN'],
      ['Straße', 'STRASSE'],
      ['İstanbul, ISPARTA ve ılık', 'istanbul isparta ilik'],
      ['Łódź', 'lodz'],
      ['ΟΔΥΣΣΕΎΣ', 'οδυσσευς'],
      ['ﬁne １２３', 'fine 123'],
      ['مُحَمَّد', 'محمد'],
      ['שָׁלוֹם', 'שלום'],
      ['Don’t – wait', "don't -"],
      ['co\u00adopera\u200btion', 'cooperation'],
      ['한국어', '한국'],
      ['日本語の検索', '本語'],
    ] as const) {
      expect(found(said, query), `${said} / ${query}`).toBe(true)
      expect(found(said.normalize('NFD'), query.normalize('NFD'))).toBe(true)
      expect(shown(said, query).length).toBeGreaterThan(0)
    }
    for (const [said, query] of [
      ['Café', 'cafes'],
      ['Zoë', 'zo ë x'],
      ['か', 'が'],
      ['का', 'की'],
      ['กา', 'กี'],
      ['abc', 'acb'],
      ['one two', '"two one"'],
      ['one', ''],
      ['one', '\u0301'],
    ] as const) {
      expect(found(said, query), `${said} / ${query}`).toBe(false)
    }
  })

  it('[FD2] whatever stands in a text is found in it, in any case, and what is found holds every word', () => {
    check(
      fc.property(text, fc.nat(), fc.nat(), fc.boolean(), (said, a, b, upper) => {
        const words = said.split(' ')
        const query = [words[a % words.length]!, words[b % words.length]!].map((one) =>
          upper ? one.toUpperCase() : one,
        )
        const wanted = wordsOf(query.join(' '))
        if (wanted.length === 0) return
        expect(holdsAll(wanted, fold(said))).toBe(true)
        for (const one of wanted) expect(fold(said)).toContain(one)
      }) as never,
    )
    check(
      fc.property(text, text, (said, query) => {
        const wanted = wordsOf(query)
        const holds = holdsAll(wanted, fold(said))
        expect(holds).toBe(wanted.length > 0 && wanted.every((one) => fold(said).indexOf(one) >= 0))
        if (!holds) return
        // What is shown as found is found in what is shown.
        const marks = shown(said, query).map(fold)
        for (const one of wanted) expect(marks.some((mark) => mark.includes(one))).toBe(true)
      }) as never,
    )
  })

  it('[FD3] a near miss is none: one letter more, or another one, and nothing is found', () => {
    check(
      fc.property(fc.stringMatching(/^[a-y]{3,10}$/), fc.nat(), (said, at) => {
        const i = at % said.length
        expect(found(`before ${said} behind`, said)).toBe(true)
        expect(found(said, `${said.slice(0, i)}z${said.slice(i)}`)).toBe(false)
        expect(found(said, `${said.slice(0, i)}z${said.slice(i + 1)}`)).toBe(false)
        expect(found(said, `${said} z`)).toBe(false)
      }) as never,
    )
  })

  it('[FD4] places are whole characters of the text, in order, without overlaps', () => {
    check(
      fc.property(text, text, (said, query) => {
        const nfc = said.normalize('NFC')
        let end = 0
        for (const [from, to] of placesOf(wordsOf(query), nfc)) {
          expect(from).toBeGreaterThanOrEqual(end)
          expect(to).toBeGreaterThan(from)
          expect(nfc.slice(from, to).isWellFormed()).toBe(true)
          end = to
        }
        expect(end).toBeLessThanOrEqual(nfc.length)
        expect(foldWithPlaces(nfc).text).toBe(fold(said))
      }) as never,
    )
    expect(shown('Straße, Maße', 'asse')).toEqual(['aße', 'aße'])
    expect(shown('anana', 'ana nan')).toEqual(['anana'])
  })

  it('[FD5] a query has its limits: words in quotation marks are one, twins count once, and many are cut', () => {
    expect(wordsOf('  one "two  three" ONE „vier fünf“ "begun here')).toEqual([
      'one',
      'two  three',
      'vier funf',
      'begun here',
    ])
    expect(wordsOf('« côte\u202fà  côte\u00a0» «muy junto» ‹ganz nah› »näher«')).toEqual([
      'cote a  cote',
      'muy junto',
      'ganz nah',
      'naher',
    ])
    expect(wordsOf(Array.from({ length: 40 }, (_, i) => `w${i}`).join(' '))).toHaveLength(wordsAtMost)
    expect(wordsOf('x'.repeat(10_000))[0]!.length).toBeLessThan(1_000)
    expect(wordsOf(' "" \u200b ')).toEqual([])
  })
})

const idOf = (name: string): MessageId => name.padEnd(21, '_').slice(0, 21).concat('A') as MessageId
const [ana, ben] = ['ana', 'ben'].map((one) => idOf(one) as string as DeviceId) as [DeviceId, DeviceId]
const clock: Clock = {
  nowMs: () => 0,
  after: (_ms, run) => {
    queueMicrotask(run)
    return () => undefined
  },
}
const hourMs = 3_600_000

interface History {
  timeline: Timeline
  storage: MemoryStorage
  search: Search
  changes: number
}

/** One message an hour, Ana's and Ben's in turns; every tenth row is a line about the room. */
async function history(count: number): Promise<History> {
  const storage = openMemoryStorage()
  const made = new Timeline('t')
  await made.load(storage)
  for (let i = 0; i < count; i++) {
    const device = i % 2 === 0 ? ana : ben
    if (i % 10 === 9) await storage.apply(made.tell({ type: 'joined', people: [ben], by: ana }, i * hourMs))
    else
      await storage.apply(made.say({ device, person: device, id: idOf(`m${i}`), text: `Wort ${i}.`, atMs: i * hourMs }))
  }
  const timeline = new Timeline('t')
  await timeline.load(storage)
  const of: History = { timeline, storage, changes: 0, search: undefined as unknown as Search }
  const person = (device: DeviceId): PersonView => ({ device, name: device === ana ? 'Ána' : 'Ben' }) as PersonView
  of.search = new Search({ timeline, clock, person, onChange: () => of.changes++ })
  return of
}

async function all(search: Search, query: string): Promise<FoundMessage[]> {
  const list: FoundMessage[] = []
  for await (const { found } of search.find(query)) list.push(...found)
  return list
}
const texts = (list: FoundMessage[]): string[] => list.map((one) => one.text)

describe('a search over the history of a device', () => {
  it('[FD10] finds in text and author, newest first, each once, says how far it reaches, and what is private', async () => {
    const { search, timeline, storage } = await history(1_000)
    expect(texts(await all(search, 'wort 12'))).toEqual(
      [912, 812, 712, 612, 512, 412, 312, 212, 128, 127, 126, 125, 124, 123, 122, 121, 120, 112, 12].map(
        (i) => `Wort ${i}.`,
      ),
    )
    expect(texts(await all(search, 'ana "wort 1"')).at(-1)).toBe('Wort 10.')
    expect(await all(search, 'Anna')).toEqual([])
    const alone = { person: ana, device: ana }
    await storage.apply(
      timeline.say({ device: ben, person: ben, id: idOf('p'), text: 'geheim', atMs: 1, privately: alone }),
    )
    expect(await all(search, 'geheim')).toMatchObject([{ text: 'geheim', privately: { device: ana } }])
    await storage.apply(await timeline.remove(ben, idOf('p')))
    expect(await search.scope()).toEqual({ messages: 900, sinceMs: 0 })
    const steps = []
    for await (const step of search.find('wort')) steps.push(step)
    expect(steps.at(-1)).toMatchObject({ looked: 900, of: 900, done: true })
    expect(steps.flatMap(({ found }) => found)).toHaveLength(900)
    expect(new Set(steps.flatMap(({ found }) => found.map(({ key }) => key))).size).toBe(900)
    expect(steps.every(({ looked, of }) => looked <= of)).toBe(true)
  })

  it('[FD11] what is changed is found as it reads now, what is deleted not at all, what comes is found', async () => {
    const of = await history(500)
    const { search, timeline, storage } = of
    const by = (i: number, content: object) =>
      ({
        from: ana,
        person: i % 2 === 0 ? ana : ben,
        id: idOf(`c${i}`),
        content: { ...content, of: { device: i % 2 === 0 ? ana : ben, id: idOf(`m${i}`) } },
      }) as never
    // One before anything was read, the others in what the search has in memory.
    await storage.apply(await timeline.amend(by(3, { type: 'edit', version: 1, text: 'Neu 3', atMs: 1 })))
    expect(await all(search, '"Wort 3."')).toEqual([])
    await storage.apply(await timeline.amend(by(4, { type: 'edit', version: 1, text: 'Neu 4', atMs: 1 })))
    await storage.apply(await timeline.amend(by(5, { type: 'delete' })))
    await storage.apply(await timeline.remove(ana, idOf('m6')))
    await storage.apply(await timeline.ordered(ben, idOf('m7'), 9_000))
    await storage.apply(timeline.say({ device: ana, person: ana, id: idOf('new'), text: 'Wort 7. und neu', atMs: 1 }))
    expect(of.changes).toBeGreaterThanOrEqual(6)
    expect(texts(await all(search, 'neu'))).toEqual(['Wort 7. und neu', 'Neu 4', 'Neu 3'])
    expect(texts(await all(search, '"wort 5."'))).toEqual([])
    expect(texts(await all(search, '"wort 6."'))).toEqual([])
    expect(texts(await all(search, '"wort 7."'))).toEqual(['Wort 7. und neu', 'Wort 7.'])
    const deleted = await history(30)
    await deleted.storage.apply(await deleted.timeline.amend(by(5, { type: 'delete' })))
    expect(texts(await all(deleted.search, '"wort 5."'))).toEqual([])
  })

  it('[FD12] a search that is left reads no further, and one that is closed finds nothing more', async () => {
    const { search, storage, timeline } = await history(2_000)
    let reads = 0
    const list = storage.list.bind(storage)
    storage.list = (prefix) => {
      reads++
      return list(prefix)
    }
    for await (const { found } of search.find('wort')) if (found.length > 0) break
    const soFar = reads
    expect(soFar).toBeLessThan(6)
    const several = await Promise.all(['wort', 'ben', 'ana'].map((one) => all(search, one)))
    expect(several.map((one) => one.length)).toEqual([1_800, 800, 1_000])
    expect(reads).toBeLessThan(30) // once for all of them
    const closing = search.find('wort')
    await closing.next()
    search.close()
    expect((await closing.next()).done).toBe(true)
    await storage.apply(timeline.say({ device: ana, person: ana, id: idOf('late'), text: 'Wort', atMs: 1 }))
    expect(await all(search, 'wort')).toEqual([])
  })
})

describe('a history that cannot be read', () => {
  it('[FD15] is told at each try, never taken for its end; where it can be read again, all is found', async () => {
    const { search, storage } = await history(1_000)
    const list = storage.list.bind(storage)
    let reads = 0
    let broken = true
    storage.list = (prefix) => {
      reads++
      return broken && reads % 5 === 4 ? Promise.reject(new Error('damaged')) : list(prefix)
    }
    const both = await Promise.allSettled([all(search, 'wort'), all(search, 'ana')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(all(search, 'wort')).rejects.toThrow('damaged')
    broken = false
    expect(await all(search, 'wort')).toHaveLength(900)
  })
})

describe('the first message of a day', () => {
  const dayMs = 24 * hourMs

  it('[FD13] is found in any place; of a day without any it is the next one, and none where nothing came later', async () => {
    const { timeline, storage } = await history(1_000)
    for (let day = 0; day < 41; day++) {
      const from = day * dayMs
      const first = Array.from({ length: 24 }, (_, i) => day * 24 + i).find((i) => i % 10 !== 9 && i < 1_000)!
      expect(await firstOfDay(timeline, from, from + dayMs)).toEqual({
        key: `${first % 2 === 0 ? ana : ben}/${idOf(`m${first}`)}`,
        atMs: first * hourMs,
        onDay: true,
      })
    }
    // An hour in which only a line about the room stands.
    expect(await firstOfDay(timeline, 509 * hourMs, 510 * hourMs)).toMatchObject({ atMs: 510 * hourMs, onDay: false })
    expect(await firstOfDay(timeline, -5 * dayMs, -4 * dayMs)).toMatchObject({ atMs: 0, onDay: false })
    expect(await firstOfDay(timeline, 1_000 * dayMs, 1_001 * dayMs)).toBeUndefined()
    const empty = new Timeline('none')
    await empty.load(storage)
    expect(await firstOfDay(empty, 0, dayMs)).toBeUndefined()
  })

  it('[FD14] messages that were written offline and stand among later ones do not mislead it', async () => {
    const storage = openMemoryStorage()
    const timeline = new Timeline('t')
    await timeline.load(storage)
    for (let i = 0; i < 3_000; i++) {
      const late = i % 7 === 0 ? 40 * hourMs : 0
      const atMs = i * hourMs - late
      await storage.apply(timeline.say({ device: ana, person: ana, id: idOf(`m${i}`), text: '.', atMs }))
    }
    for (let day = 2; day < 120; day += 7) {
      const found = await firstOfDay(timeline, day * dayMs, (day + 1) * dayMs)
      expect(found?.onDay).toBe(true)
      const at = Number(/m(\d+)_/.exec(found!.key)![1])
      expect(Math.abs(at - day * 24)).toBeLessThan(8)
    }
  })
})
