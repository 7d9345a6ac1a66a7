import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { confusables } from './confusables.ts'
import { loadLooksFor } from './looks.ts'
import { cleanName, cleanTitle, nameCharactersAtMost, skeleton, titleCharactersAtMost } from './names.ts'

describe('names', () => {
  it('[ID10] a name keeps its letters, in any script', () => {
    for (const name of [
      'Ana',
      'Jürgen Groß',
      'Анна',
      'Ἀριάδνη',
      'محمد',
      'שרה',
      '小明',
      'अनिता',
      'Zoë 🙂',
      "O'Neil-Smith 2",
    ]) {
      expect(cleanName(name)).toBe(name.normalize('NFC'))
    }
    expect(cleanName('  Ana \t\n Lena\u00a0')).toBe('Ana Lena')
  })

  it('[ID10] controls, bidi marks, invisible characters and badges are taken out', () => {
    const hidden = [
      '\u0000',
      '\u001b',
      '\u00ad',
      '\u034f',
      '\u061c',
      '\u115f',
      '\u200b',
      '\u200c',
      '\u200d',
      '\u200e',
      '\u200f',
      '\u2028',
      '\u202a',
      '\u202e',
      '\u2060',
      '\u2066',
      '\u2067',
      '\u2068',
      '\u2069',
      '\u2800',
      '\u3164',
      '\ufe0f',
      '\ufeff',
      '\uffa0',
      '\u{e0001}',
      '\u{e0041}',
      '\u20dd',
      '\u20e3',
    ]
    const badges = ['✓', '✔', '✅', '☑', '☑️', '🗸', '🔒', '🔐', '🔏', '🔑', '🛡', '🛡️', '⚠️', '🟢', '√']
    for (const one of [...hidden, ...badges]) {
      expect(cleanName(`A${one}na`), one.codePointAt(0)!.toString(16)).toBe('Ana')
      expect(cleanName(`Ana ${one}`), one.codePointAt(0)!.toString(16)).toBe('Ana')
    }
    expect(cleanName('✓🔒\u202e')).toBe('')
  })

  it('[ID10] no name is longer than 40 characters or towers over the lines beside it', () => {
    expect([...cleanName('🙂'.repeat(100))]).toHaveLength(nameCharactersAtMost)
    expect(
      cleanName(`Z${'\u0301\u0302\u0303\u0304\u0305\u0306'.repeat(10)}a`).normalize('NFD').length,
    ).toBeLessThanOrEqual(6)
  })

  it('[ID10] cleaning twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        const clean = cleanName(name)
        return cleanName(clean) === clean
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('look-alikes', () => {
  const same: [string, string][] = [
    ['Ana', 'Аnа'], // Cyrillic А and а
    ['Ana', 'ΑΝΑ'], // Greek
    ['Ana', 'ana'],
    ['Ana', 'A na'],
    ['Ana', 'Ana.'],
    ['Ana', 'Ａｎａ'], // full width
    ['Ana', '𝔸𝕟𝕒'],
    ['Ana', 'Ana (c0de12)'],
    ['Ben', 'Веn'],
    ['Paul', 'PauI'],
    ['Paul', 'Pau1'],
    ['Paul', 'Pau|'],
    ['Tom', 'Torn'],
    ['Tom', 'T0m'],
    ['Tom', 'Tοm'],
    ['Sam', 'Ѕam'],
    ['Cleo', 'Сlео'],
    ['Cleo', 'ᏟᏞᎬᎾ'], // Cherokee
    ['Jan', 'Јan'],
    ['Igor', 'lgor'],
  ]
  beforeAll(() => loadLooksFor(['Ä']))

  it('[ID11] names that people take for each other have one skeleton', () => {
    for (const [one, other] of same) expect(skeleton(other), `${one} and ${other}`).toBe(skeleton(one))
  })

  it('[ID11] other names have another one', () => {
    const others = [
      'Ana',
      'Anna',
      'Ann',
      'Ina',
      'Ben',
      'Bea',
      'Paul',
      'Tom',
      'Tim',
      'Jan',
      'Jana',
      'Анна',
      '小明',
      '小红',
      'Äna',
      '🙂',
      '🙃',
    ]
    expect(new Set(others.map(skeleton)).size).toBe(others.length)
  })

  it('[ID11] every name has one, and a clean name has the same as before the cleaning', () => {
    expect(skeleton('(Ana)')).not.toBe('')
    expect(skeleton('...')).not.toBe('')
    expect(skeleton(cleanName('A\u200bn\u202ea'))).toBe(skeleton('Ana'))
  })
})

describe('the table of looks', () => {
  const ascii = Array.from({ length: 128 }, (_, point) => String.fromCharCode(point))

  it('[WG1] is loaded for other letters than ASCII alone, whose looks are the same before and after', async () => {
    vi.resetModules()
    const looks = await import('./looks.ts')
    await looks.loadLooksFor(['Ana', 'T0m (x)'])
    expect(() => looks.lookOf('а')).toThrow('not been loaded')
    const before = ascii.map(looks.lookOf)
    await looks.loadLooksFor(['Ana', 'Аnna'])
    expect(looks.lookOf('а')).toBe('a')
    expect(ascii.map(looks.lookOf)).toEqual(before)
    expect(confusables.length).toBeGreaterThan(10_000)
  })
})

it('[TT3] a title is shown like a name, with at most 60 characters: nothing that turns, hides or vouches', () => {
  expect(cleanTitle('  Book \t club ')).toBe('Book club')
  expect(cleanTitle('\u202ekoob\u200b ✅ 🔒 club')).toBe('koob club')
  expect(cleanTitle('x'.repeat(100))).toBe('x'.repeat(titleCharactersAtMost))
  for (const nothing of ['', ' ', '\u2066\u2069', '🛡✔']) expect(cleanTitle(nothing)).toBe('')
})
