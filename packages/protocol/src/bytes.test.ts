import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, equalBytes, fromBase64Url, fromUtf8, toBase64Url, utf8 } from './bytes.ts'

const bytes = fc.uint8Array({ maxLength: 300 })

describe('base64url', () => {
  it('[PR1] spells bytes as Buffer does, whatever their length', () => {
    fc.assert(fc.property(bytes, (value) => toBase64Url(value) === Buffer.from(value).toString('base64url')))
    for (const length of [12_287, 12_288, 12_289, 24_577, 100_000]) {
      const value = Uint8Array.from({ length }, (_, i) => (i * 31) ^ (i >> 8))
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'))
      expect(fromBase64Url(toBase64Url(value))).toEqual(value)
    }
  })

  it('[PR2] reads exactly what it spells, and nothing else', () => {
    fc.assert(fc.property(bytes, (value) => equalBytes(fromBase64Url(toBase64Url(value))!, value)))
    const text = fc.string({ unit: fc.constantFrom(...'AQgwBCZaz09-_+/= \n'), maxLength: 12 })
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 12 })), (input) => {
        const once = Buffer.from(input, 'base64url')
        const read = fromBase64Url(input)
        // Buffer forgives; what it would spell otherwise is a misspelling.
        return once.toString('base64url') === input ? equalBytes(read!, once) : read === undefined
      }),
      { numRuns: 2_000 },
    )
  })

  it('[PR2] refuses padding, white space, the other alphabet, unused bits and impossible lengths', () => {
    for (const bad of [
      'A',
      'AAAAA',
      'AA==',
      'AA ',
      ' AA',
      'A A',
      'AA\n',
      '+/',
      'AB',
      'AAB',
      'AAÄA',
      'AA\u{1f600}',
      '\0\0',
    ]) {
      expect(fromBase64Url(bad), JSON.stringify(bad)).toBeUndefined()
    }
    for (const good of ['', 'AA', 'AQ', 'AAE', '-_-_']) expect(fromBase64Url(good), good).toBeDefined()
  })
})

describe('bytes', () => {
  it('[PR3] text is UTF-8 and comes back as it was, a byte order mark too', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromUtf8(utf8(text)) === text))
    expect(fromUtf8(utf8('\ufeffa'))).toBe('\ufeffa')
  })

  it('[PR3] what is no UTF-8 is no text', () => {
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xf4, 0x90, 0x80, 0x80]]) {
      expect(fromUtf8(Uint8Array.from(bad))).toBeUndefined()
    }
  })

  it('[PR4] equal means the same bytes and the same length', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => equalBytes(a, b) === (Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0)),
    )
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false)
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3))
  })
})
