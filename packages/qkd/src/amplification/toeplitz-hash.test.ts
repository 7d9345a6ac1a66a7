import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitAt } from '../bits.ts'
import { seededRandom } from '../random.ts'
import { toeplitzHash, toeplitzSeedBytes } from './toeplitz-hash.ts'

function direct(input: Uint8Array, seed: Uint8Array, m: number): Uint8Array {
  const n = input.length
  return Uint8Array.from({ length: m }, (_, j) => input.reduce((y, x, i) => y ^ (x & bitAt(seed, n - 1 + j - i)), 0))
}

const problem = fc
  .tuple(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 150 }), fc.nat())
  .map(([n, m, seed]) => {
    const random = seededRandom(seed, 'toeplitz')
    const bits = (): Uint8Array => Uint8Array.from({ length: n }, () => (random() < 0.5 ? 0 : 1))
    const seedBytes = Uint8Array.from({ length: toeplitzSeedBytes(n, m) }, () => random() * 256)
    return { n, m, x: bits(), y: bits(), seedBytes }
  })

describe('Toeplitz hashing', () => {
  it('[QB12] equals the direct product', () => {
    fc.assert(
      fc.property(problem, ({ m, x, seedBytes }) => {
        expect(toeplitzHash(x, seedBytes, m)).toEqual(direct(x, seedBytes, m))
      }),
    )
  })

  it('[QB12] is linear in the key', () => {
    fc.assert(
      fc.property(problem, ({ m, x, y, seedBytes }) => {
        const sum = x.map((bit, i) => bit ^ y[i]!)
        const ofY = toeplitzHash(y, seedBytes, m)
        expect(toeplitzHash(sum, seedBytes, m)).toEqual(toeplitzHash(x, seedBytes, m).map((bit, i) => bit ^ ofY[i]!))
      }),
    )
  })

  it('[QB12] of fewer bits is the beginning of that of more', () => {
    fc.assert(
      fc.property(problem, fc.nat(), ({ n, m, x, seedBytes }, cut) => {
        const fewer = 1 + (cut % m)
        const shorter = seedBytes.subarray(0, toeplitzSeedBytes(n, fewer))
        expect(toeplitzHash(x, shorter, fewer)).toEqual(toeplitzHash(x, seedBytes, m).subarray(0, fewer))
      }),
    )
  })

  it('[QB12] refuses a seed of another length', () => {
    expect(() => toeplitzHash(new Uint8Array(10), new Uint8Array(1), 4)).toThrow(RangeError)
  })

  it('[QB12] handles n = 100,000 as its parts say', () => {
    const random = seededRandom(1, 'large')
    const n = 100_000
    const m = 1000
    const seed = Uint8Array.from({ length: toeplitzSeedBytes(n, m) }, () => random() * 256)
    const x = Uint8Array.from({ length: n }, () => (random() < 0.5 ? 0 : 1))
    const rows = toeplitzHash(x, seed, m)
    for (const j of [0, 1, 31, 32, 500, 999]) {
      expect(rows[j]).toBe(x.reduce((y, bit, i) => y ^ (bit & bitAt(seed, n - 1 + j - i)), 0))
    }
  })

  it('[QB12] is the direct product also where it takes the transform', () => {
    const random = seededRandom(2, 'large')
    const [n, m] = [50_003, 20_001]
    const seed = Uint8Array.from({ length: toeplitzSeedBytes(n, m) }, () => random() * 256)
    const x = Uint8Array.from({ length: n }, () => (random() < 0.5 ? 0 : 1))
    const rows = toeplitzHash(x, seed, m)
    expect(rows).toHaveLength(m)
    for (const j of [0, 1, 7, 8, 10_000, m - 1]) {
      expect(rows[j]).toBe(x.reduce((y, bit, i) => y ^ (bit & bitAt(seed, n - 1 + j - i)), 0))
    }
  })
})
