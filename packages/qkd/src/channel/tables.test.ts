import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { aliasTable, drawAlias } from './alias.ts'
import { binomial, spread } from './binomial.ts'
import { sigmas } from './compare.ts'
import { photonNumberLaw } from './photon-numbers.ts'

describe('chance of the engines', () => {
  it('[QB90] an alias table holds its law to 2^-31', () => {
    const random = seededRandom(5, 'weights')
    for (const size of [1, 2, 3, 7, 64, 100, 1000, 4096]) {
      const weights = Float64Array.from({ length: size }, (_, i) => (i % 5 === 4 ? 0 : random() ** 8))
      const sum = weights.reduce((a, b) => a + b, 0)
      const { bits, words } = aliasTable(weights)
      const held = new Float64Array(2 ** bits)
      words.forEach((word, slot) => {
        const own = (word >>> bits) / 2 ** 32
        held[slot]! += own
        held[word & (2 ** bits - 1)]! += 2 ** -bits - own
      })
      held.forEach((probability, i) => {
        const wanted = (weights[i] ?? 0) / sum
        // A slot's rounding goes to its alias, which may serve many slots.
        expect(Math.abs(probability - wanted), `${size}: ${i}`).toBeLessThan(2 ** -31 * Math.max(1, size))
        if (wanted === 0) expect(probability, `${size}: ${i}`).toBe(0)
      })
    }
  })

  it('[QB90] and is drawn from by that law', () => {
    const random = seededRandom(6, 'draws')
    const table = aliasTable([0.5, 0, 0.3, 0.15, 0.05])
    const counts = new Float64Array(8)
    for (let i = 0; i < 100_000; i++) counts[drawAlias(table, random)]!++
    expect(sigmas(counts[0]!, 100_000, 0.5)).toBeLessThan(5)
    expect(sigmas(counts[2]!, 100_000, 0.3)).toBeLessThan(5)
    expect(sigmas(counts[4]!, 100_000, 0.05)).toBeLessThan(5)
    expect(counts[1]).toBe(0)
  })

  it('[QB90] binomial numbers have their law when small', () => {
    const random = seededRandom(7, 'binomial')
    const draws = 60_000
    for (const [trials, p] of [
      [1, 0.3],
      [5, 0.5],
      [12, 0.03],
      [12, 0.97],
    ] as const) {
      const counts = new Float64Array(trials + 1)
      for (let i = 0; i < draws; i++) counts[binomial(trials, p, random)]!++
      let ways = 1
      for (let k = 0; k <= trials; k++) {
        const probability = ways * p ** k * (1 - p) ** (trials - k)
        if (probability * draws > 20)
          expect(sigmas(counts[k]!, draws, probability), `${trials} ${p} ${k}`).toBeLessThan(5)
        ways *= (trials - k) / (k + 1)
      }
    }
  })

  it('[QB90] and their mean and spread when large', () => {
    const random = seededRandom(8, 'binomial')
    for (const [trials, p] of [
      [1000, 0.001],
      [1e6, 0.3],
      [2 ** 30, 0.5],
      [2 ** 30, 1e-8],
      [2 ** 30, 1 - 1e-7],
    ] as const) {
      const draws = 2000
      const mean = trials * p
      const variance = mean * (1 - p)
      let sum = 0
      let squares = 0
      for (let i = 0; i < draws; i++) {
        const off = binomial(trials, p, random) - mean
        sum += off
        squares += off * off
      }
      expect(Math.abs(sum / draws) / Math.sqrt(variance / draws), `${trials} ${p}`).toBeLessThan(5)
      const fourth = (3 + (1 - 6 * p * (1 - p)) / variance - 1) / draws
      expect(Math.abs(squares / draws / variance - 1) / Math.sqrt(fourth), `${trials} ${p}`).toBeLessThan(5)
    }
  })

  it('[QB90] nothing is lost when trials are spread, and nothing falls where there is no weight', () => {
    const random = seededRandom(9, 'spread')
    const weights = Float64Array.of(0, 1e-18, 0.5, 0, 0.5, 1e-12, 0)
    const into = new Float64Array(7)
    spread(1e9, weights, into, random)
    expect(into.reduce((a, b) => a + b, 0)).toBe(1e9)
    expect([into[0], into[3], into[6]]).toEqual([0, 0, 0])
  })

  it('[QB90] photon numbers are Poisson: mean, spread, and e^-mu for none', () => {
    const law = photonNumberLaw({ kind: 'weak-coherent', meanPhotons: 0.5 }, 3.5)
    const mean = law.reduce((sum, p, n) => sum + p * n, 0)
    expect(law.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14)
    expect(mean).toBeCloseTo(3.5, 12)
    expect(law.reduce((sum, p, n) => sum + p * (n - mean) ** 2, 0)).toBeCloseTo(3.5, 12)
    expect(photonNumberLaw({ kind: 'weak-coherent', meanPhotons: 0.5 }, 0)).toEqual([1])
  })
})
