import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dateValue, dayRange } from './day.ts'
import { snippetOf } from './snippet.tsx'

const seed = Number(process.env.FD_SEED ?? Math.floor(Math.random() * 2 ** 31))
const marked = (text: string, ...found: string[]): string[] => {
  const places = found.map((one) => [text.indexOf(one), text.indexOf(one) + one.length] as const)
  return snippetOf(text, places).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
}

describe(`pieces of messages (seed ${seed})`, () => {
  it('[FD40] a short text stands whole, of a long one what is around the first place, cut at words and signs', () => {
    expect(marked('one two three', 'two')).toEqual(['one ', '[two]', ' three'])
    expect(marked('only the name fits')).toEqual(['only the name fits'])
    const long = `${'before '.repeat(40)}needle ${'behind '.repeat(40)}`
    const pieces = marked(long, 'needle')
    expect(pieces[0]).toBe('… ')
    expect(
      pieces[1]!
        .trim()
        .split(' ')
        .every((word) => word === 'before'),
    ).toBe(true)
    expect(pieces[2]).toBe('[needle]')
    expect(pieces.at(-1)).toBe(' …')
    expect(pieces.join('').length).toBeLessThan(220)
  })

  it('[FD41] whatever the text and the places, the pieces are the text in its order, the first place is in them, no sign is cut', () => {
    const grapheme = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 })
    fc.assert(
      fc.property(grapheme, fc.nat(), fc.nat({ max: 30 }), (text, at, length) => {
        const signs = [...text]
        const from = signs.slice(0, at % signs.length).join('').length
        const to = from + signs.slice(at % signs.length, (at % signs.length) + length + 1).join('').length
        const pieces = snippetOf(text, [[from, to]])
        expect(pieces.filter((one) => one.marked).map((one) => one.text)).toEqual([text.slice(from, to)])
        expect(pieces.every((one) => one.text.isWellFormed())).toBe(true)
        const said = pieces
          .filter((one) => one.text !== '… ' && one.text !== ' …')
          .map((one) => one.text)
          .join('')
        expect(text).toContain(said)
      }),
      { seed },
    )
  })
})

describe('days', () => {
  it('[FD42] a day of the date field is the reader’s own, from midnight to midnight; what is none is refused', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (atMs) => {
        const [from, until] = dayRange(dateValue(atMs))!
        expect(from).toBeLessThanOrEqual(atMs)
        expect(until).toBeGreaterThan(atMs)
        expect(new Date(from).getHours()).toBeLessThanOrEqual(1) // some zones skip the first hour of a day
        expect([23, 24, 25]).toContain((until - from) / 3_600_000)
        expect(dateValue(until)).not.toBe(dateValue(atMs))
      }),
      { seed },
    )
    for (const value of ['', '2026', '2026-02-30', '2026-13-01', '2026-00-10', '23.11.2026', 'today', '2026-1-1']) {
      expect(dayRange(value), value).toBeUndefined()
    }
    expect(dateValue(dayRange('0099-03-04')![0])).toBe('0099-03-04')
  })
})
