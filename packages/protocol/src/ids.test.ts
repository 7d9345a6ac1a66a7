import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64Url, toBase64Url } from './bytes.ts'
import { isSixteenBytes, parseRoomAddress, roomKind } from './ids.ts'

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(toBase64Url)

describe('ids', () => {
  it('[PR17] 16 bytes have one spelling of 22 characters', () => {
    fc.assert(fc.property(sixteen, (id) => id.length === 22 && isSixteenBytes(id)))
    const guess = fc.string({ unit: fc.constantFrom(...'AQgwBz9-_+='), minLength: 20, maxLength: 24 })
    fc.assert(fc.property(guess, (text) => isSixteenBytes(text) === (fromBase64Url(text)?.length === 16)))
  })

  it('[PR17] anything else is no id', () => {
    const good = 'A'.repeat(22)
    expect(isSixteenBytes(good)).toBe(true)
    for (const bad of [
      '',
      `${good}A`,
      good.slice(1),
      `${good.slice(1)}B`,
      `${good}\n`,
      ` ${good}`,
      `+${good.slice(1)}`,
    ]) {
      expect(isSixteenBytes(bad), JSON.stringify(bad)).toBe(false)
    }
  })

  it('[PR18] an address is 22 characters of a closed room, or 1 to 20 of an open one', () => {
    fc.assert(fc.property(sixteen, (id) => roomKind(parseRoomAddress(id)!) === 'closed'))
    const word = fc.string({ unit: fc.constantFrom(...'azAZ09_-'), minLength: 1, maxLength: 20 })
    fc.assert(fc.property(word, (text) => roomKind(parseRoomAddress(text)!) === 'open'))
  })

  it('[PR18] anything else is no address', () => {
    const texts = ['', 'a'.repeat(21), 'B'.repeat(22), 'a'.repeat(23), 'a b', 'ä', 'a/b', '..', 'lobby\n', '%61']
    for (const bad of [...texts, null, undefined, 7, ['lobby'], { toString: () => 'lobby' }]) {
      expect(parseRoomAddress(bad)).toBeUndefined()
    }
  })
})
