import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitAt } from '../bits.ts'
import { seededRandom } from '../random.ts'
import { typescriptAmplifier } from './typescript-amplifier.ts'
import { loadWasmAmplifier } from './wasm-amplifier.ts'

const wasmAmplifier = await loadWasmAmplifier()
const amplifiers = [typescriptAmplifier, ...(wasmAmplifier ? [wasmAmplifier] : [])]

function randomBytes(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed, 'amplifier')
  return Uint8Array.from({ length }, () => random() * 256)
}

function problemOf(n: number, m: number, seed = n + m) {
  return { n, m, x: randomBytes((n + 7) >> 3, seed), s: randomBytes((n + m + 6) >> 3, seed + 1) }
}

const smallProblem = fc
  .tuple(fc.integer({ min: 1, max: 700 }), fc.nat(), fc.nat())
  .map(([n, cut, seed]) => problemOf(n, 1 + (cut % n), seed))

function directRow(x: Uint8Array, n: number, s: Uint8Array, j: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) sum ^= bitAt(x, i) & bitAt(s, n - 1 + j - i)
  return sum
}

function bitsOf(packed: Uint8Array, from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => bitAt(packed, from + i))
}

function window(packed: Uint8Array, from: number, count: number): Uint8Array {
  const result = new Uint8Array((count + 7) >> 3)
  for (let i = 0; i < count; i++) result[i >> 3]! |= bitAt(packed, from + i) << (i & 7)
  return result
}

// Without the list of all differences, which takes minutes for outputs of this size.
function expectSame(a: Uint8Array, b: Uint8Array): void {
  expect(Buffer.compare(a, b)).toBe(0)
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ b[i]!)

const runs = { numRuns: 30 }

it('[QA9] the vector backend loads here', () => {
  expect(wasmAmplifier?.name).toBe('wasm')
})

describe.each(amplifiers)('$name', ({ amplify }) => {
  it('[QA1] equals the direct product for small sizes, and leaves the unused bits 0', () => {
    fc.assert(
      fc.property(smallProblem, ({ n, m, x, s }) => {
        const y = amplify(x, n, s, m)
        expect(y).toHaveLength((m + 7) >> 3)
        expect(bitsOf(y, 0, m)).toEqual(Array.from({ length: m }, (_, j) => directRow(x, n, s, j)))
        expect(bitsOf(y, m, y.length * 8 - m)).not.toContain(1)
      }),
      runs,
    )
  })

  // A block of input or output has at most 32,767 bytes; one alone on its side up to 65,534 together with the other.
  it.each([
    [262_135, 7],
    [262_136, 262_136],
    [262_137, 262_129],
    [262_144, 262_143],
    [262_145, 100_003],
    [524_271, 9],
    [524_272, 8],
    [524_279, 1],
    [400_000, 124_281],
    [400_001, 124_289],
    [786_409, 262_137],
    [1_048_577, 524_289],
  ])('[QA2] equals the direct product across the borders of blocks: n = %i, m = %i', (n, m) => {
    const { x, s } = problemOf(n, m)
    const y = amplify(x, n, s, m)
    const rows = [0, 1, 7, 8, 9, m >> 1, 262_127, 262_128, 262_135, 262_136, 262_137, 262_143, 262_144, m - 2, m - 1]
    for (const j of new Set(rows.filter((row) => row >= 0 && row < m))) {
      expect(bitAt(y, j), `row ${j}`).toBe(directRow(x, n, s, j))
    }
  })

  it('[QA3] is linear in the input and in the seed', () => {
    fc.assert(
      fc.property(smallProblem, fc.nat(), ({ n, m, x, s }, other) => {
        const [x2, s2] = [randomBytes(x.length, other), randomBytes(s.length, other)]
        const y = amplify(x, n, s, m)
        expect(amplify(xor(x, x2), n, s, m)).toEqual(xor(y, amplify(x2, n, s, m)))
        expect(amplify(x, n, xor(s, s2), m)).toEqual(xor(y, amplify(x, n, s2, m)))
      }),
      runs,
    )
  })

  it('[QA4] moves its output by one row when the one bit of its input moves by one', () => {
    fc.assert(
      fc.property(smallProblem, fc.nat(), ({ n, m, s }, position) => {
        fc.pre(n > 1)
        const at = position % (n - 1)
        const unit = (i: number): Uint8Array =>
          Uint8Array.from({ length: (n + 7) >> 3 }, (_, k) => Number(k === i >> 3) << (i & 7))
        const [y, moved] = [amplify(unit(at), n, s, m), amplify(unit(at + 1), n, s, m)]
        expect(bitsOf(moved, 1, m - 1)).toEqual(bitsOf(y, 0, m - 1))
        expect(bitsOf(y, 0, m)).toEqual(bitsOf(s, n - 1 - at, m))
      }),
      runs,
    )
  })

  it('[QA5] of fewer rows is the beginning of that of more, whatever follows in the seed', () => {
    const { n, m, x, s } = problemOf(270_001, 265_003)
    const y = amplify(x, n, s, m)
    for (const fewer of [1, 8, 1001, 262_136, 262_144]) {
      const own = s.slice(0, (n + fewer + 6) >> 3)
      expectSame(amplify(x, n, own, fewer), window(y, 0, fewer))
      expectSame(amplify(x, n, s, fewer), window(y, 0, fewer))
    }
  })

  it('[QA6] of an input in two parts is the sum of theirs', () => {
    const { n, m, x, s } = problemOf(600_007, 123_457)
    for (const first of [m, 262_144, n - m]) {
      const second = n - first
      const ofFirst = amplify(window(x, 0, first), first, window(s, second, first + m - 1), m)
      const ofSecond = amplify(window(x, first, second), second, window(s, 0, second + m - 1), m)
      expectSame(xor(ofFirst, ofSecond), amplify(x, n, s, m))
    }
  })

  it('[QA7] does not look at what follows the input, and changes neither input nor seed', () => {
    const { n, m, x, s } = problemOf(1003, 501)
    const [before, seedBefore] = [x.slice(), s.slice()]
    const longer = Uint8Array.of(...x, 255, 255)
    longer[x.length - 1]! ^= 0xf0 & (0xff << (n & 7))
    expect(amplify(longer, n, s, m)).toEqual(amplify(x, n, s, m))
    expect([x, s]).toEqual([before, seedBefore])
  })

  it('[QA8] refuses sizes out of bounds', () => {
    const { n, m, x, s } = problemOf(1003, 501)
    for (const wrong of [Number.NaN, -1, 0, 1.5, Number.POSITIVE_INFINITY, 100_000_001]) {
      expect(() => amplify(x, wrong, s, m)).toThrow(RangeError)
      expect(() => amplify(x, n, s, wrong)).toThrow(RangeError)
    }
    expect(() => amplify(x, n, s, n + 1)).toThrow(/outputBits is 1004/)
    expect(() => amplify(x.subarray(1), n, s, m)).toThrow(/125 bytes of input for 1003 bits/)
    expect(() => amplify(x, n, s.subarray(1), m)).toThrow(/187 bytes of seed for 1503 bits/)
    expect(() => amplify(x, 1009, s, m)).toThrow(RangeError)
  })
})

describe.skipIf(!wasmAmplifier)('both', () => {
  const both = (n: number, m: number): void => {
    const { x, s } = problemOf(n, m)
    expectSame(wasmAmplifier!.amplify(x, n, s, m), typescriptAmplifier.amplify(x, n, s, m))
  }

  it('[QA9] give the same bytes for sizes of all magnitudes', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 21, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (log, ratio) => {
          const n = Math.floor(2 ** log)
          both(n, Math.max(1, Math.floor(n * ratio)))
        },
      ),
      { numRuns: 12 },
    )
  })

  it('[QA9] give the same bytes for many blocks', () => both(8_700_001, 2_200_003))
})
