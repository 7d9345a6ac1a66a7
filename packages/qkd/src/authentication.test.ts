import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticationKeyBytes, equalBytes, TranscriptAuthenticator } from './authentication.ts'
import { packBits } from './bits.ts'
import { add, bytesOf, elementOf, multiplierBy, multiply } from './gf128.ts'
import { PolynomialHash } from './polynomial-hash.ts'
import { verificationHash } from './verification.ts'

const block = fc.uint8Array({ minLength: 16, maxLength: 16 })
const element = block.map(elementOf)
const one = elementOf(Uint8Array.of(1, ...new Array<number>(15).fill(0)))

describe('GF(2^128)', () => {
  it('[QB9] is a commutative ring with 1, and squaring is linear', () => {
    fc.assert(
      fc.property(element, element, element, (a, b, c) => {
        expect(multiply(a, b)).toEqual(multiply(b, a))
        expect(multiply(multiply(a, b), c)).toEqual(multiply(a, multiply(b, c)))
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)))
        expect(multiply(a, one)).toEqual(a)
        expect(multiply(add(a, b), add(a, b))).toEqual(add(multiply(a, a), multiply(b, b)))
      }),
    )
  })

  it('[QB9] raises every element to itself after 128 squarings', () => {
    fc.assert(
      fc.property(element, (a) => {
        let power = a
        for (let i = 0; i < 128; i++) power = multiply(power, power)
        expect(power).toEqual(a)
      }),
      { numRuns: 20 },
    )
  })

  it('[QB9] every element but 0 has an inverse, its power 2^128 - 2', () => {
    fc.assert(
      fc.property(element, (a) => {
        fc.pre(a.some((word) => word !== 0))
        let inverse = one
        let power = a
        for (let i = 1; i < 128; i++) {
          power = multiply(power, power)
          inverse = multiply(inverse, power)
        }
        expect(multiply(a, inverse)).toEqual(one)
      }),
      { numRuns: 10 },
    )
  })

  it('[QB9] x times x^127 is x^7 + x^2 + x + 1', () => {
    const top = new Uint8Array(16)
    top[15] = 0x80
    const x = Uint8Array.of(2, ...new Array<number>(15).fill(0))
    expect(bytesOf(multiply(elementOf(top), elementOf(x)))).toEqual(
      Uint8Array.of(0x87, ...new Array<number>(15).fill(0)),
    )
  })

  it('[QB9] multiplies by table as bit by bit', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const acc = Uint32Array.from(a)
        multiplierBy(b).multiply(acc)
        expect(acc).toEqual(multiply(a, b))
      }),
      { numRuns: 30 },
    )
  })
})

describe('polynomial hash and tags', () => {
  const key = Uint8Array.from({ length: authenticationKeyBytes }, (_, i) => (i * 37 + 11) & 255)
  const tagOf = (text: Uint8Array[], pad = 0, last = Uint8Array.of(1)): Uint8Array => {
    const authenticator = new TranscriptAuthenticator(key)
    for (const message of text) authenticator.absorb(message)
    return authenticator.tag(pad, last)
  }

  it('[QB10] the tag of a changed, cut, lengthened, split or reordered transcript differs', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1 }), fc.nat(), fc.nat(), (text, m, at) => {
        const tag = tagOf(text)
        const which = m % text.length
        const spoil = (change: (bytes: Uint8Array) => Uint8Array[]): Uint8Array =>
          tagOf(text.flatMap((bytes, i) => (i === which ? change(bytes) : [bytes])))
        expect(spoil((bytes) => [Uint8Array.of(...bytes, 0)])).not.toEqual(tag)
        expect(spoil((bytes) => [bytes, new Uint8Array(0)])).not.toEqual(tag)
        expect(spoil(() => [])).not.toEqual(tag)
        const place = at % Math.max(1, text[which]!.length)
        if (text[which]!.length > 0) {
          expect(spoil((bytes) => [bytes.map((byte, i) => (i === place ? byte ^ 1 : byte))])).not.toEqual(tag)
          expect(spoil((bytes) => [bytes.subarray(0, place), bytes.subarray(place)])).not.toEqual(tag)
        }
        expect(tagOf(text, 1)).not.toEqual(tag)
        expect(tagOf(text, 0, Uint8Array.of(2))).not.toEqual(tag)
        expect(tagOf(text)).toEqual(tag)
      }),
    )
  })

  it('[QB10] tags under one pad differ by the difference of the hashes', () => {
    const hashOf = (bytes: Uint8Array): Uint8Array => new PolynomialHash(key.subarray(0, 16)).digestWith(bytes)
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const tags = tagOf([], 3, a).map((byte, i) => byte ^ tagOf([], 3, b)[i]!)
        expect(tags).toEqual(hashOf(a).map((byte, i) => byte ^ hashOf(b)[i]!))
      }),
    )
  })

  it('[QB10] a pad serves once, and a key of another length none', () => {
    const authenticator = new TranscriptAuthenticator(key)
    authenticator.tag(2, new Uint8Array(0))
    expect(() => authenticator.tag(2, new Uint8Array(0))).toThrow('used twice')
    expect(() => new TranscriptAuthenticator(key.subarray(1))).toThrow(RangeError)
  })

  it('[QB10] equal bytes are equal, others are not', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false)
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false)
  })

  it('[QB11] verification passes equal keys and refuses keys that differ in any bit', () => {
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 600 })
    fc.assert(
      fc.property(bits, fc.nat(), block, (values, at, point) => {
        const frame = Uint8Array.from(values)
        const other = frame.map((bit, i) => (i === at % frame.length ? 1 - bit : bit))
        fc.pre(point.some((byte) => byte !== 0))
        const hash = verificationHash(packBits(frame), point)
        expect(verificationHash(packBits(frame), point)).toEqual(hash)
        expect(verificationHash(packBits(other), point)).not.toEqual(hash)
        expect(hash.length).toBe(8)
      }),
    )
  })
})
