/** What every translation owes the English words. The compiler holds the entries; here it is said in words, and what no type sees. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { symbols } from '../../../../packages/client/src/trust/symbols.ts'
import { ana, ben, cleo, person } from '../../dev/fixtures.ts'
import { everyEvent } from '../../dev/scenes.ts'
import { emojiWordsOf } from '../language/emoji-words.ts'
import { type LanguageCode, languages, localeFor, preferredLanguage, wordsOf } from '../language/languages.ts'
import { emojiByName, emojiGroups } from '../parts/message/emoji.ts'
import type { Catalogue } from './catalogue.ts'
import { keyName } from './keys.ts'
import { aboutEachLanguage, entriesOf, literalsOf, type Told, texts, untranslatedYet } from './languages.samples.ts'
import { durationWords, lifetimeWords } from './lifetime.ts'
import { counted, isolated, useLocale } from './locale.ts'
import { listPeople, namerOf } from './people.ts'
import { roomWords } from './room.ts'
import { systemWords } from './system.ts'
import { clockTime, dayName } from './time.ts'
import { speakMore, speakWords } from './translatable.ts'

const folder = import.meta.dirname
const helpers = ['catalogue.ts', 'locale.ts', 'sentences.ts', 'sizes.ts', 'translatable.ts']
const files = readdirSync(folder).filter(
  (file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('.samples.') && !helpers.includes(file),
)
const sources = new Map(files.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]))
const named = /export const (\w+): Translatable<typeof (\w+)> = translatable\(\s*'(\w+)',\s*(\w+),?\s*\)/g
const translatables = [...sources].flatMap(([file, text]) =>
  [...text.matchAll(named)].map(([, name, type, said, english]) => ({ file, name: name!, type, said, english })),
)
const others = languages.map(({ code }) => code).filter((code) => code !== 'en')

/** The English words themselves, whatever the page speaks. */
async function english(): Promise<Record<string, Told>> {
  const all: Record<string, Told> = {}
  for (const { file, name } of translatables) all[name] = (await import(`./${file}`))[name]
  return all
}

/** With what comes later than the first word. */
async function allWordsOf(code: LanguageCode): Promise<Catalogue> {
  return { ...(await wordsOf(code))!, ...(await emojiWordsOf(code))! }
}

afterEach(() => {
  speakWords(undefined)
  useLocale('en', 'ltr')
})

describe('the catalogue', () => {
  it('[LG1] every export with words is translatable, under its own name, and its file stands in the catalogue', async () => {
    const list = readFileSync(path.join(folder, 'catalogue.ts'), 'utf8')
    const problems: string[] = []
    for (const { file, name, type, said, english: given } of translatables) {
      if (name !== said || type !== given) problems.push(`${file}: ${name} is called ${said}`)
    }
    for (const [file, text] of sources) {
      if (untranslatedYet.includes(file)) continue
      if (!list.includes(`import('./${file}')`)) problems.push(`${file} is missing in words/catalogue.ts`)
      const known = translatables.filter((one) => one.file === file).map(({ name }) => name)
      for (const [name, value] of Object.entries((await import(`./${file}`)) as Record<string, unknown>)) {
        if (known.includes(name)) continue
        const words = typeof value === 'function' ? literalsOf(value) : texts(value)
        const sentence = words.find((one) => /[A-Za-z]{2,} [a-z]{2,}/.test(one))
        if (sentence) problems.push(`${file}: ${name} is not translatable(): "${sentence}"`)
      }
      expect(text).not.toMatch(/Intl\.\w+\((undefined|'en')/)
    }
    expect(problems).toEqual([])
  })

  for (const code of others) {
    it(`[LG2] ${code} has every entry of the English catalogue and no other`, async () => {
      const words = entriesOf(await allWordsOf(code))
      const expected = entriesOf(await english())
      expect([...words.keys()].filter((key) => !expected.has(key))).toEqual(aboutEachLanguage[code].own)
      expect([...expected.keys()].filter((key) => !words.has(key))).toEqual([])
      const lines = (text: string | undefined): number | undefined => text?.split('\n').length
      expect(lines(words.get('keyWords.keys'))).toBe(lines(expected.get('keyWords.keys')))
    })

    it(`[LG3] ${code} leaves no text as it is in English but what the field itself calls so`, async () => {
      const words = entriesOf(await allWordsOf(code))
      const same: string[] = []
      for (const [key, text] of entriesOf(await english())) if (text !== '' && words.get(key) === text) same.push(key)
      expect(same.filter((key) => !aboutEachLanguage[code].sameAsEnglish.includes(key))).toEqual([])
    })

    it(`[LG4] ${code} says every name and number that the English entry says`, async () => {
      const all = await english()
      speakWords(undefined)
      const expected = samplesOf(all)
      useLocale(localeFor(code, []), 'ltr')
      const words = samplesOf(all, (await allWordsOf(code)) as unknown as Record<string, Told>)
      expect([...expected].length).toBeGreaterThan(60)
      const lost: string[] = []
      for (const [key, sample] of expected) {
        for (const mark of sample.marks) {
          if (sample.text.includes(mark) && !words.get(key)?.text.includes(mark))
            lost.push(`${key}: ${words.get(key)?.text}`)
        }
      }
      expect(lost).toEqual([])
    })

    it(`[LG5] ${code} says that it is simulated wherever English does`, async () => {
      const { simulated } = aboutEachLanguage[code]
      const words = entriesOf(await allWordsOf(code))
      for (const [key, text] of entriesOf(await english())) {
        if (/simulat/i.test(text)) expect(`${key}: ${words.get(key)}`).toMatch(simulated)
      }
    })

    it(`[LG6] ${code} is written as it is: quotation marks, ellipses, commas, and how the reader is spoken to`, async () => {
      const { never } = aboutEachLanguage[code]
      for (const [key, text] of entriesOf(await allWordsOf(code))) {
        if (key === 'aboutWords.verify') continue
        const said = text.replaceAll(/\$\{[^}]*\}/g, '…')
        for (const slip of [/\.\.\./, /"/, /\w'\w/, /\S {2}/, ...never]) expect(`${key}\n${said}`).not.toMatch(slip)
      }
    })

    it(`[LG7] ${code} tells each event with the names in it, and none in English words`, async () => {
      const nameOf = namerOf([ana, ben, cleo])
      const events = everyEvent()
      const inEnglish = events.map((event) => systemWords(event, nameOf, 3))
      speakWords(await allWordsOf(code))
      useLocale(localeFor(code, []), languages.find((one) => one.code === code)!.direction)
      for (const [i, event] of events.entries()) {
        const told = systemWords(event, nameOf, 3)
        expect(told).not.toBe(inEnglish[i])
        expect(told).not.toMatch(/\b(the|you|your|were|and|them|they)\b/)
        for (const name of ['Ben', 'Cleo Marchetti']) {
          if (inEnglish[i]!.includes(name)) expect(told).toContain(name)
        }
      }
    })

    it(`[LG8] ${code} has a name for each of the 64 pictures, each another one`, async () => {
      const { pictureName } = (await wordsOf(code))!
      const names = symbols.map(({ sign, name }) => pictureName(sign, name))
      expect(new Set(names).size).toBe(64)
      const same = symbols.filter(({ sign, name }) => pictureName(sign, name) === name).map(({ name }) => name)
      expect(same.filter((name) => !aboutEachLanguage[code].samePictures.includes(name))).toEqual([])
    })

    it(`[LG27] ${code} names each emoji, no two alike, and finds it by that name`, async () => {
      const inEnglish = new Map(emojiGroups().flatMap(({ emoji }) => emoji.map(({ sign, names }) => [sign, names])))
      speakWords(await wordsOf(code))
      speakMore((await emojiWordsOf(code))!)
      const groups = emojiGroups()
      const all = groups.flatMap(({ emoji }) => emoji)
      expect(groups.map(({ name }) => name)).not.toContain('Faces')
      expect(new Set(all.map(({ names }) => names)).size).toBe(inEnglish.size)
      for (const { sign, names } of all) {
        expect(names).not.toBe(inEnglish.get(sign))
        expect(emojiByName(names).map((one) => one.sign)).toContain(sign)
      }
      const heart = { de: 'ROTES herz', fr: ':coeur rouge', es: 'corazon rojo', ar: 'قلب أحمر' }[code]
      expect(emojiByName(heart).map(({ sign }) => sign)).toEqual(['❤️'])
    })
  }
})

interface Sample {
  text: string
  marks: string[]
}

/** Each entry that is a function of plain names and numbers, called with marks to be found again. */
function samplesOf(all: Record<string, Told>, words: Record<string, Told> = all): Map<string, Sample> {
  const samples = new Map<string, Sample>()
  for (const [group, entries] of Object.entries(all)) {
    for (const [key, value] of Object.entries(entries)) {
      if (typeof value !== 'function') continue
      const inEnglish = sourceOf(group, key)
      if (inEnglish === undefined) continue
      const marks = inEnglish.map((name, i) => markFor(name, i))
      const told = (words[group] as Record<string, (...args: unknown[]) => unknown>)[key]!(...marks)
      if (typeof told === 'string') samples.set(`${group}.${key}`, { text: told, marks: marks.map(String) })
    }
  }
  return samples
}

const numeric = 'count people days epoch have taken total devices bits fewest most to of place rows bytes length'.split(
  ' ',
)
const plain =
  'name names host room short code time sign version when link what title sentence shortId reason relay page a b size percent start id label day state'.split(
    ' ',
  )

function markFor(name: string, i: number): string | number {
  return numeric.includes(name) ? [37, 45][i % 2]! : `Zoé${i}`
}

/** The names of the parameters where all of them are plain; undefined for anything else. */
function sourceOf(group: string, key: string): string[] | undefined {
  const at = translatables.find(({ name }) => name === group)
  const body = at && sources.get(at.file)!.split(`const ${at.english}`)[1]?.split(`export const ${group}:`)[0]
  const found = body && new RegExp(`\\b${key}: \\(([^)]*)\\): (?:string|readonly)`).exec(body)
  if (!found) return undefined
  const names = found[1]!.split(',').map((one) => one.split(':')[0]!.trim())
  return names.every((name) => numeric.includes(name) || plain.includes(name)) ? names : undefined
}

describe('the language of the page', () => {
  it('[LG9] is the first of the browser’s that the page has, and English where it has none', () => {
    expect(preferredLanguage(['pt-BR', 'de-AT', 'en'])).toBe('de')
    expect(preferredLanguage(['ar'])).toBe('ar')
    expect(preferredLanguage(['zh', 'ja'])).toBe('en')
    expect(preferredLanguage([])).toBe('en')
  })

  it('[LG10] times and numbers follow the reader’s region; digits are those of the codes', () => {
    expect(localeFor('de', ['en', 'de-AT'])).toBe('de-AT')
    expect(localeFor('de', ['en'])).toBe('de')
    expect(localeFor('ar', ['ar-EG'])).toBe('ar-EG-u-nu-latn')
    useLocale('de-AT', 'ltr')
    const now = new Date(2026, 10, 23, 15, 4).getTime()
    expect(dayName(new Date(2026, 10, 20).getTime(), now)).toBe('Freitag, 20. November')
    expect(clockTime(now)).toBe('15:04')
    useLocale(localeFor('ar', ['ar-EG']), 'rtl')
    expect(clockTime(now)).toMatch(/0?3:04/)
  })

  it('[LG11] plurals and lists are those of the language', async () => {
    const forms = { one: 'one', two: 'two', few: '# few', many: '# many', other: '# other' }
    useLocale('ar-u-nu-latn', 'rtl')
    expect([1, 2, 3, 11, 100].map((count) => counted(count, forms))).toEqual([
      'one',
      'two',
      '3 few',
      '11 many',
      '100 other',
    ])
    useLocale('de', 'ltr')
    expect([0, 1, 2, 1234].map((count) => counted(count, forms))).toEqual(['0 other', 'one', '2 other', '1.234 other'])
    speakWords(await wordsOf('de'))
    const people = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => person(name))
    expect(listPeople(people, namerOf(people))).toBe('A, B, C und 3 weitere')
  })

  it('[LG25] durations, counts of devices and names of keys have the form that their sentence wants', async () => {
    const dayMs = 86_400_000
    const speak = async (code: LanguageCode) => {
      speakWords(await wordsOf(code))
      useLocale(localeFor(code, []), languages.find((one) => one.code === code)!.direction)
    }
    const delivered = () => [roomWords.delivered(1, 1), roomWords.delivered(1, 3), roomWords.delivered(2, 3)]
    expect(delivered()).toEqual(['1 of 1 device has it', '1 of 3 devices has it', '2 of 3 devices have it'])
    await speak('de')
    expect(lifetimeWords.goes(6 * dayMs)).toBe('Verschwindet in 6 Tagen')
    expect(lifetimeWords.goes(dayMs)).toBe('Verschwindet in 1 Tag')
    expect(lifetimeWords.after(durationWords(3 * 86_400))).toBe('Nach 3 Tagen')
    expect(lifetimeWords.after(durationWords(2_419_200))).toBe('Nach 4 Wochen')
    expect(delivered()).toEqual(['1 von 1 Gerät hat sie', '1 von 3 Geräten hat sie', '2 von 3 Geräten haben sie'])
    expect(['Ctrl', 'Shift', 'Enter', '⌘', 'K'].map(keyName)).toEqual(['Strg', 'Umschalt', 'Eingabe', '⌘', 'K'])
    await speak('fr')
    expect(delivered()).toEqual(['1 appareil sur 1 l’a', '1 appareil sur 3 l’a', '2 appareils sur 3 l’ont'])
    await speak('es')
    expect(delivered()).toEqual([
      '1 de 1 dispositivo lo tiene',
      '1 de 3 dispositivos lo tiene',
      '2 de 3 dispositivos lo tienen',
    ])
    await speak('ar')
    expect([2 * dayMs, 7_200_000, 120_000, 2_000].map(lifetimeWords.goes)).toEqual([
      'تختفي خلال يومين',
      'تختفي خلال ساعتين',
      'تختفي خلال دقيقتين',
      'تختفي خلال ثانيتين',
    ])
    expect(lifetimeWords.goes(3_000)).toMatch(/^تختفي خلال 3 ثوان/)
    expect(lifetimeWords.after(durationWords(1_209_600))).toBe('بعد أسبوعين')
  })

  it('[LG12] a name neither turns the sentence around it nor is turned by it', () => {
    expect(isolated('Ben')).toBe('Ben')
    expect(isolated('سارة')).toBe('\u2068سارة\u2069')
    useLocale('ar', 'rtl')
    expect(isolated('Ben')).toBe('\u2068Ben\u2069')
    expect(isolated(isolated('Ben'))).toBe('\u2068Ben\u2069')
  })
})

it('[LG13] no part of the page keeps words from when it was loaded: the language may be chosen after that', async () => {
  const read: string[] = []
  speakWords(
    new Proxy(
      {},
      {
        get: (_, name) => {
          read.push(String(name))
          return undefined
        },
      },
    ),
  )
  const source = path.join(folder, '..')
  const parts = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(parts|screens|kept|markup|app\.tsx)/.test(file) && /\.tsx?$/.test(file) && !file.includes('.test.'),
  )
  expect(parts.length).toBeGreaterThan(60)
  for (const part of parts) {
    await import(path.join(source, part))
    expect(`${part} reads ${read}`).toBe(`${part} reads `)
  }
})
