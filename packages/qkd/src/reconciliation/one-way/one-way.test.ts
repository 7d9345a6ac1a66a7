import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededInteger, seededRandom } from '../../random.ts'
import { countParities } from '../cascade/bit-stream.ts'
import { noisyPair } from '../noise.ts'
import { reconcile, runOneWay } from '../reconcile.ts'
import { OneWayAsker } from './asker.ts'
import { punctured, syndromeOf } from './code.ts'
import { maxIncrements, oneWayPlan } from './plan.ts'
import { OneWayTeller } from './teller.ts'

const seed = Uint8Array.of(1)

describe('one-way reconciliation', () => {
  it('[QR10] corrects frames at every rate with a syndrome and few increments', () => {
    for (const qber of [0.02, 0.05, 0.08]) {
      const result = reconcile({ bits: 4096, qber, variant: 'ldpc', frames: 6, batch: 1 })
      expect(result.mode).toBe('one-way')
      expect(result.fer).toBe(0)
      expect(result.fEc).toBeGreaterThan(1)
      expect(result.fEc).toBeLessThan(1.6)
      expect(result.roundsMax).toBeLessThanOrEqual(maxIncrements)
    }
  })

  it('[QB17] the leak is what the transcript says, syndrome and increments together', () => {
    const plan = oneWayPlan({ n: 2048, qber: 0.05, seed })
    const random = seededRandom(3, 'one-way')
    let counted = 0
    const pairs = [noisyPair(2048, 0.05, random), noisyPair(2048, 0.055, random)]
    const run = runOneWay(plan, pairs, (from, message) => {
      if (from === 'alice') counted += countParities(message)
    })
    expect(run.leakedBits).toBe(counted)
    expect(counted).toBeGreaterThanOrEqual(2 * (plan.code.checks - plan.code.links))
  })

  it('[QR11] gives up a frame that is too far off, and says so', () => {
    const plan = oneWayPlan({ n: 1024, qber: 0.01, seed })
    const { alice, bob } = noisyPair(1024, 0.2, seededRandom(1, 'far off'))
    const teller = new OneWayTeller(plan, alice)
    const asker = new OneWayAsker(plan, bob)
    expect(asker.hearSyndrome(teller.syndrome())).toBe(true)
    for (let question = asker.ask(); question; question = asker.ask()) {
      expect(asker.hear(teller.answer(question)!)).toBe(true)
    }
    expect(asker.corrected).toBeUndefined()
    expect(asker.increments).toBe(maxIncrements)
  })

  it('[QE4] at Q = 5 % one message and a few increments correct 10,000 bits with less than 1.16 n h(Q)', () => {
    const result = reconcile({ bits: 10_000, qber: 0.05, variant: 'ldpc', frames: 8, batch: 1 })
    expect(result.fer).toBe(0)
    expect(result.fEc).toBeLessThan(1.16)
    expect(result.messages / 8).toBeLessThan(8)
  })

  it('[QE5] of two checks that share a punctured bit the sum is said, then the first; every other parity by itself', () => {
    const { code } = oneWayPlan({ n: 1024, qber: 0.05, seed })
    const random = seededRandom(5, 'frame')
    const syndrome = syndromeOf(
      code,
      Uint8Array.from({ length: 1024 }, () => seededInteger(random, 2)),
    )
    const said = punctured(code, syndrome)
    expect(said.length).toBe(code.checks - code.links)
    const rest = new Set(Array.from({ length: code.checks }, (_, check) => check))
    for (let link = 0; link < code.links; link++) {
      const checks = [code.firstOfLink[link]!, code.secondOfLink[link]!] as const
      expect(said[link]).toBe(syndrome[checks[0]]! ^ syndrome[checks[1]]!)
      for (const check of checks) {
        const places = code.places.subarray(code.from[check], code.from[check + 1])
        expect(places.filter((place) => place >= code.n)).toEqual(Int32Array.of(code.n + link))
        expect(rest.delete(check)).toBe(true)
      }
    }
    expect(Array.from(said.subarray(code.links))).toEqual([...rest].map((check) => syndrome[check]))
  })

  it('[QR12] a code is the same for the same seed, and a syndrome is linear', () => {
    const { code } = oneWayPlan({ n: 1024, qber: 0.05, seed })
    // A plan of another size comes between, so that nothing is only remembered.
    for (let n = 1025; n < 1030; n++) oneWayPlan({ n, qber: 0.05, seed })
    expect(oneWayPlan({ n: 1024, qber: 0.05, seed }).code).toEqual(code)
    expect(oneWayPlan({ n: 1024, qber: 0.05, seed: Uint8Array.of(2) }).code).not.toEqual(code)
    fc.assert(
      fc.property(fc.nat(), (number) => {
        const random = seededRandom(number, 'words')
        const x = Uint8Array.from({ length: 1024 }, () => seededInteger(random, 2))
        const y = Uint8Array.from({ length: 1024 }, () => seededInteger(random, 2))
        const sum = syndromeOf(
          code,
          x.map((bit, i) => bit ^ y[i]!),
        )
        const ofY = syndromeOf(code, y)
        expect(sum).toEqual(syndromeOf(code, x).map((bit, i) => bit ^ ofY[i]!))
      }),
      { numRuns: 20 },
    )
  })

  it('[QB19] refuses what is no syndrome, no increment, or comes twice', () => {
    const plan = oneWayPlan({ n: 1024, qber: 0.05, seed })
    const { alice, bob } = noisyPair(1024, 0.2, seededRandom(1, 'far off'))
    const teller = new OneWayTeller(plan, alice)
    const asker = new OneWayAsker(plan, bob)
    const syndrome = teller.syndrome()
    expect(asker.hear(syndrome)).toBe(false)
    expect(asker.hearSyndrome(syndrome.subarray(1))).toBe(false)
    expect(asker.hearSyndrome(syndrome)).toBe(true)
    expect(asker.hearSyndrome(syndrome)).toBe(false)
    const question = asker.ask()!
    expect(teller.answer(question.subarray(0, -1))).toBeUndefined() // too few
    expect(teller.answer(Uint8Array.from([...question, 0]))).toBeUndefined() // too many
    expect(teller.answer(Uint8Array.from(question, () => 127))).toBeUndefined() // beyond the frame
    const answer = teller.answer(question)!
    expect(teller.answer(question)).toBeUndefined() // the same bits again
    expect(asker.hear(answer)).toBe(true)
    expect(() => oneWayPlan({ n: 100, qber: 0.05, seed })).toThrow('n = ')
    expect(() => oneWayPlan({ n: 4096, qber: 0.3, seed })).toThrow('qber')
  })
})
