import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneTimeTag, oneTimeTagBytes, oneTimeTagKeyBytes } from './one-time-tag.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

describe('one-time tag', () => {
  it('[QB44] repeats for the same message and key, and differs for any other message or pad', () => {
    fc.assert(
      fc.property(bytes(oneTimeTagKeyBytes), fc.uint8Array(), fc.nat(), (key, text, at) => {
        fc.pre(key.subarray(0, 16).some((byte) => byte !== 0))
        const tag = oneTimeTag(key, text)
        expect(tag.length).toBe(oneTimeTagBytes)
        expect(oneTimeTag(key, text)).toEqual(tag)
        expect(oneTimeTag(key, Uint8Array.of(...text, 0))).not.toEqual(tag)
        const place = at % Math.max(1, text.length)
        const changed = text.map((byte, i) => (i === place ? byte ^ 4 : byte))
        if (text.length > 0) expect(oneTimeTag(key, changed)).not.toEqual(tag)
        const otherPad = key.map((byte, i) => (i === 31 ? byte ^ 1 : byte))
        expect(oneTimeTag(otherPad, text)).not.toEqual(tag)
      }),
    )
  })

  it('[QB44] refuses a key of another length', () => {
    expect(() => oneTimeTag(new Uint8Array(31), new Uint8Array(0))).toThrow(RangeError)
  })
})
