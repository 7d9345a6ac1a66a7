import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { binaryEntropy } from '../security/entropy.ts'
import { CascadeAsker } from './cascade-asker.ts'
import { encodeQuestion, parseQuestion } from './cascade-question.ts'
import { cascadeSchedule, saidTopParities } from './cascade-schedule.ts'
import { CascadeTeller } from './cascade-teller.ts'

interface Outcome {
  equal: boolean
  leakedBits: number
  /** Counted from the bytes that went. */
  recount: number
  rounds: number
  questions: string[]
  correctedAt: number[]
  errors: number
}

function reconcile(ours: Uint8Array, theirs: Uint8Array, qber: number, seed = 1): Outcome {
  const schedule = cascadeSchedule(ours.length, qber, Uint8Array.of(seed & 255, seed >> 8))
  const teller = new CascadeTeller(schedule, ours)
  const asker = new CascadeAsker(schedule, theirs)
  const questions: string[] = []
  let recount = saidTopParities(schedule)
  expect(asker.hearTop(teller.top())).toBe(true)
  for (let question = asker.ask(); question; question = asker.ask()) {
    const bytes = encodeQuestion(question)
    const parsed = parseQuestion(bytes, ours.length, schedule.passes.length)!
    expect(parsed).toEqual(question)
    recount += parsed.ranges.length / 2
    questions.push(Buffer.from(bytes).toString('hex'))
    expect(asker.hear(teller.answer(parsed))).toBe(true)
  }
  expect(asker.leakedBits).toBe(teller.leakedBits)
  const frame = asker.frame
  return {
    equal: frame.every((bit, i) => bit === ours[i]),
    leakedBits: teller.leakedBits,
    recount,
    rounds: questions.length,
    questions,
    correctedAt: Array.from(frame.keys()).filter((i) => frame[i] !== theirs[i]),
    errors: theirs.reduce((sum, bit, i) => sum + (bit ^ ours[i]!), 0),
  }
}

function noisyPair(n: number, qber: number, seed: number): [Uint8Array, Uint8Array] {
  const random = seededRandom(seed, 'frame')
  const ours = Uint8Array.from({ length: n }, () => (random() < 0.5 ? 0 : 1))
  return [ours, ours.map((bit) => (random() < qber ? 1 - bit : bit))]
}

describe('Cascade', () => {
  for (const qber of [0.01, 0.03, 0.05, 0.1]) {
    it(`[QB16] corrects 20,000 bits at Q = ${qber}, leaks no less than n h(Q) and at most a quarter more`, () => {
      let leaked = 0
      let needed = 0
      let rounds = 0
      let failed = 0
      const frames = 15
      for (let seed = 0; seed < frames; seed++) {
        const [ours, theirs] = noisyPair(20_000, qber, seed)
        const outcome = reconcile(ours, theirs, qber, seed)
        if (!outcome.equal) failed++
        leaked += outcome.leakedBits
        needed += 20_000 * binaryEntropy(outcome.errors / 20_000)
        rounds += outcome.rounds
      }
      expect(failed).toBeLessThanOrEqual(1)
      expect(leaked / needed).toBeGreaterThan(1)
      expect(leaked / needed).toBeLessThan(1.25)
      expect(rounds / frames).toBeLessThan(68)
    })
  }

  it('[QB17] what it says it leaked is what a recount of the transcript finds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 600 }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        fc.nat(),
        (n, q, seed) => {
          const outcome = reconcile(...noisyPair(n, q, seed), q, seed)
          expect(outcome.leakedBits).toBe(outcome.recount)
        },
      ),
    )
  })

  it('[QB17] without errors only the top parities leak', () => {
    const [ours] = noisyPair(5000, 0, 1)
    const outcome = reconcile(ours, ours.slice(), 0.03)
    expect(outcome).toMatchObject({ equal: true, rounds: 0, correctedAt: [] })
    expect(outcome.leakedBits).toBe(saidTopParities(cascadeSchedule(5000, 0.03, Uint8Array.of(1, 0))))
  })

  it('[QB18] turning the same positions in both inputs changes neither questions nor corrections', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 800 }), fc.nat(), (n, seed) => {
        const [ours, theirs] = noisyPair(n, 0.05, seed)
        const random = seededRandom(seed, 'mask')
        const mask = ours.map(() => (random() < 0.5 ? 0 : 1))
        const plain = reconcile(ours, theirs, 0.05, 3)
        const masked = reconcile(
          ours.map((bit, i) => bit ^ mask[i]!),
          theirs.map((bit, i) => bit ^ mask[i]!),
          0.05,
          3,
        )
        expect(masked).toEqual(plain)
      }),
    )
  })

  it('[QB18] corrects a single error wherever it is', () => {
    const [ours] = noisyPair(257, 0, 9)
    for (let at = 0; at < 257; at++) {
      const outcome = reconcile(
        ours,
        ours.map((bit, i) => (i === at ? 1 - bit : bit)),
        0.02,
      )
      expect(outcome).toMatchObject({ equal: true, correctedAt: [at] })
    }
  })

  it('[QB19] comes to an end with answers that contradict each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), (n, seed) => {
        const random = seededRandom(seed, 'liar')
        const schedule = cascadeSchedule(n, 0.1, Uint8Array.of(1))
        const asker = new CascadeAsker(schedule, noisyPair(n, 0.1, seed)[1])
        const lie = (count: number): Uint8Array => {
          const bytes = Uint8Array.from({ length: (count + 7) >> 3 }, () => random() * 256)
          if (count & 7) bytes[bytes.length - 1]! &= (1 << (count & 7)) - 1
          return bytes
        }
        if (!asker.hearTop(lie(saidTopParities(schedule)))) return
        let rounds = 0
        for (let question = asker.ask(); question; question = asker.ask()) {
          if (!asker.hear(lie(question.ranges.length / 2))) return
          expect(++rounds).toBeLessThan(4 * n)
        }
      }),
    )
  })

  it('[QB19] refuses answers of the wrong length and answers without a question', () => {
    const schedule = cascadeSchedule(100, 0.1, Uint8Array.of(1))
    const asker = new CascadeAsker(schedule, new Uint8Array(100))
    expect(asker.hear(Uint8Array.of(0))).toBe(false)
    expect(asker.hearTop(new Uint8Array(1))).toBe(false)
  })

  it('[QB19] refuses questions outside the frame', () => {
    const ask = (...bytes: number[]): unknown => parseQuestion(Uint8Array.from(bytes), 100, 4)
    expect(ask(0, 10, 5, 0, 7)).toEqual({ pass: 0, ranges: [10, 15, 15, 22] })
    expect(ask(4, 10, 5)).toBeUndefined() // no such pass
    expect(ask(0)).toBeUndefined() // no range
    expect(ask(0, 10)).toBeUndefined() // half a range
    expect(ask(0, 10, 0)).toBeUndefined() // an empty range
    expect(ask(0, 99, 2)).toBeUndefined() // beyond the end
    expect(ask(0, 0x8a, 0, 5)).toBeUndefined() // a number not in its shortest form
  })
})
