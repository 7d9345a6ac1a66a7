import { describe, expect, it } from 'vitest'
import { seededInteger, seededRandom } from '../random.ts'
import { binaryEntropy } from '../security/entropy.ts'
import { verificationHash } from '../verification.ts'
import { cascadePlan } from './cascade/plan.ts'
import type { CascadeVariant } from './cascade/variants.ts'
import { type FramePair, noisyPair } from './noise.ts'
import { type ReconciliationRun, runCascade } from './reconcile.ts'

const seed = 2024

function pairsOf(n: number, qber: number, frames: number, purpose: string): FramePair[] {
  const random = seededRandom(seed, purpose)
  return Array.from({ length: frames }, () => noisyPair(n, qber, random))
}

function run(variant: CascadeVariant, n: number, believed: number, pairs: FramePair[]): ReconciliationRun {
  const plan = cascadePlan({ n, frames: pairs.length, qber: believed, seed: Uint8Array.of(7), variant })
  return runCascade(plan, pairs)
}

const isRight = (frame: Uint32Array, pair: FramePair): boolean => frame.every((word, at) => word === pair.alice[at])

describe('Cascade and what comes after it', () => {
  it('[QE10] unequal frames are taken for equal no more often than the verification bound says (short tags)', () => {
    // Blocks far too long for the errors leave many frames wrong.
    const pairs = pairsOf(512, 0.06, 700, 'unequal frames')
    const { frames } = run('original', 512, 0.012, pairs)
    const random = seededRandom(seed, 'points')
    const tagBits = 6
    const first = (words: Uint32Array, point: Uint8Array): number =>
      verificationHash(new Uint8Array(words.buffer), point)[0]! & (2 ** tagBits - 1)
    let wrong = 0
    let passed = 0
    frames.forEach((frame, i) => {
      const { alice } = pairs[i]!
      const point = Uint8Array.from({ length: 16 }, () => seededInteger(random, 256))
      const isTaken = first(frame, point) === first(alice, point)
      if (isRight(frame, pairs[i]!)) expect(isTaken).toBe(true)
      else {
        wrong++
        if (isTaken) passed++
      }
    })
    expect(wrong, `seed ${seed}`).toBeGreaterThan(150)
    const bound = (512 / 128 + 2) / 2 ** tagBits
    expect(passed, `seed ${seed}: ${passed} of ${wrong}`).toBeLessThanOrEqual(bound * wrong)
  })

  it('[QE11] mean leak of the frames that come out right is not below n h(Q) beyond statistics', () => {
    for (const [variant, qber] of [
      ['original', 0.03],
      ['lean', 0.08],
    ] as const) {
      let leaked = 0
      let needed = 0
      let right = 0
      for (const pair of pairsOf(2000, qber, 60, `one by one ${variant}`)) {
        const done = run(variant, 2000, qber, [pair])
        if (!isRight(done.frames[0]!, pair)) continue
        right++
        leaked += done.leakedBits
        needed += 2000 * binaryEntropy(pair.errors / 2000)
      }
      expect(right).toBeGreaterThan(40)
      // h is concave, so the mean of h is the smaller; five standard errors of a frame's leak are about 4 %.
      expect(leaked / needed, `${variant}, seed ${seed}`).toBeGreaterThan(0.96)
    }
  })

  it('[QE12] flipping the same places at both ends leaves parities, rounds and corrected places as they were', () => {
    for (const variant of ['lean', 'swift', 'opt8'] as const) {
      const pairs = pairsOf(3000, 0.05, 3, variant)
      const random = seededRandom(seed, `flips ${variant}`)
      const flipped = pairs.map(({ alice, bob, errors }) => {
        const mask = alice.map(() => seededInteger(random, 2 ** 32))
        const flip = (words: Uint32Array): Uint32Array => words.map((word, at) => word ^ mask[at]!)
        return { alice: flip(alice), bob: flip(bob), errors }
      })
      const corrected = (done: ReconciliationRun, of: FramePair[]): Uint32Array[] =>
        done.frames.map((frame, i) => {
          const turned = frame.map((word, at) => (word ^ of[i]!.bob[at]!) >>> 0)
          turned[turned.length - 1]! &= (1 << (3000 & 31)) - 1 // beyond the frame there is nothing
          return turned
        })
      const before = run(variant, 3000, 0.05, pairs)
      const after = run(variant, 3000, 0.05, flipped)
      expect(after.leakedBits).toBe(before.leakedBits)
      expect(after.rounds).toBe(before.rounds)
      expect(corrected(after, flipped)).toEqual(corrected(before, pairs))
    }
  })
})
