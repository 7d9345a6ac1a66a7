import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiBytes, secureBytes, secureRandom, seededPermutation, seededRandom } from './random.ts'
import { sha256 } from './sha256.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

describe('chance', () => {
  it('[QB7] a seed repeats its numbers, another purpose or seed does not', () => {
    const draw = (seed: number | Uint8Array, purpose: string): number[] => {
      const random = seededRandom(seed, purpose)
      return [random(), random(), random()]
    }
    expect(draw(7, 'a')).toEqual(draw(7, 'a'))
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'))
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'))
  })

  it('[QB7] seeded numbers are even within 5 sigma', () => {
    const random = seededRandom(1, 'even')
    const bins = new Array<number>(16).fill(0)
    for (let i = 0; i < 160_000; i++) bins[Math.floor(random() * 16)]!++
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000 * (15 / 16)))
  })

  it('[QB7] a permutation holds every place once', () => {
    const order = seededPermutation(1000, seededRandom(5))
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })

  it('[QB7] secure bytes are asked for in portions that every platform grants', () => {
    const asked: number[] = []
    const random = secureRandom((length) => {
      asked.push(length)
      return new Uint8Array(length).fill(asked.length)
    })
    const bytes = secureBytes(random, 100_000)
    expect(Math.max(...asked)).toBeLessThanOrEqual(65_536)
    expect(bytes.length).toBe(100_000)
    expect(bytes[99_999]).toBe(asked.length)
    expect(() =>
      secureBytes(
        secureRandom(() => new Uint8Array(3)),
        4,
      ),
    ).toThrow(RangeError)
  })

  it('[QB8] SHA-256 meets the vectors of FIPS 180-4', () => {
    expect(hex(sha256())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hex(sha256(asciiBytes('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(hex(sha256(new Uint8Array(1_000_000).fill(97)))).toBe(
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    )
  })

  it('[QB8] SHA-256 agrees with the platform for every length and cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(300), async (bytes, cut) => {
        const theirs = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))
        expect(hex(sha256(bytes.subarray(0, cut), bytes.subarray(cut)))).toBe(hex(theirs))
      }),
    )
  })
})
