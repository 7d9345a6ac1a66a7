/** Properties of qkd.md §8 that no other test of the protocol holds by its own title. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticationBits } from './authentication.ts'
import { bitAt, bytesOfWords, packWords, selectBits, unpackBits, wordsOf } from './bits.ts'
import { chooseSample, sampleMask } from './estimation.ts'
import { seededPermutation, seededRandom } from './random.ts'
import { agreeingBases, keep } from './sifting.ts'
import { simulateRun } from './simulate-run.ts'
import { oneDecoyRun, siftedRun, singlePhotonRun, smallEnds } from './small-runs.ts'
import { joinEnds } from './two-ends.ts'
import { verificationHash, verificationHashes } from './verification.ts'

const bitsOf = (count: number, random: () => number): Uint8Array =>
  Uint8Array.from({ length: count }, () => (random() < 0.5 ? 0 : 1))

describe('sifting', () => {
  const clicks = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.nat()).map(([pulses, seed]) => {
    const random = seededRandom(seed, 'clicks')
    const pulseIndex = Uint32Array.from({ length: pulses }, (_, i) => i).filter(() => random() < 0.4)
    const bases = Uint8Array.from({ length: (pulses + 7) >> 3 }, () => random() * 256)
    return {
      random,
      bases,
      pulseIndex,
      basis: bitsOf(pulseIndex.length, random),
      outcome: bitsOf(pulseIndex.length, random),
    }
  })

  it('[QS14] the order in which clicks are announced does not change the sifted key', () => {
    fc.assert(
      fc.property(clicks, ({ random, bases, pulseIndex, basis, outcome }) => {
        const order = seededPermutation(pulseIndex.length, random)
        const shuffled = (values: Uint8Array): Uint8Array => Uint8Array.from(order, (at) => values[at]!)
        const places = Uint32Array.from(order, (at) => pulseIndex[at]!)
        const agree = agreeingBases(bases, places, shuffled(basis))
        const kept = Array.from(places).filter((_, i) => agree[i] === 1)
        const bits = keep(shuffled(outcome), agree)
        const sorted = kept.map((place, i) => [place, bits[i]!] as const).sort(([a], [b]) => a - b)
        const inOrder = agreeingBases(bases, pulseIndex, basis)
        expect(sorted.map(([, bit]) => bit)).toEqual(Array.from(keep(outcome, inOrder)))
      }),
    )
  })

  it('[QS14] kept places have equal bases, and all others different ones', () => {
    fc.assert(
      fc.property(clicks, ({ bases, pulseIndex, basis }) => {
        agreeingBases(bases, pulseIndex, basis).forEach((agrees, i) => {
          expect(agrees === 1).toBe(bitAt(bases, pulseIndex[i]!) === basis[i])
        })
      }),
    )
  })

  it('[QS14] key and test set are disjoint and together everything, packed as one bit per byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), fc.nat(), (count, part, seed) => {
        const sampled = part % (count + 1)
        const flags = chooseSample(count, sampled, seededRandom(seed))
        const mask = sampleMask(count, sampled, seededRandom(seed))
        const bits = bitsOf(count, seededRandom(seed, 'bits'))
        const words = packWords(bits)
        for (const wanted of [0, 1] as const) {
          const some = keep(bits, flags, wanted)
          expect(selectBits(words, mask, count, wanted)).toEqual(packWords(some))
        }
        expect(keep(flags, flags).every((flag) => flag === 1)).toBe(true)
        expect(keep(flags, flags, 0).every((flag) => flag === 0)).toBe(true)
        expect(unpackBits(bytesOfWords(words, count), count)).toEqual(bits)
        expect(wordsOf(bytesOfWords(words, count), count)).toEqual(words)
      }),
    )
  })
})

describe('verification', () => {
  it('[QS15] keys that differ in one bit collide no more often than the bound says, of a hash cut to 8 bits', () => {
    const random = seededRandom(5, 'collisions')
    const trials = 5000
    const frame = Uint8Array.from({ length: 64 }, () => random() * 256)
    let collisions = 0
    for (let trial = 0; trial < trials; trial++) {
      const point = Uint8Array.from({ length: 16 }, () => random() * 256)
      const other = frame.slice()
      other[Math.floor(random() * 64)]! ^= 1 << Math.floor(random() * 8)
      const hashes = verificationHashes([frame, other], point)
      if (hashes[0] === hashes[8]) collisions++
    }
    // Four blocks, length and count.
    const bound = (4 + 2) / 2 ** 8
    expect(collisions / trials).toBeLessThan(bound)
    // And it is a hash: about as often as chance.
    expect(Math.abs(collisions - trials / 256)).toBeLessThan(5 * Math.sqrt(trials / 256))
  })

  it('[QS15] equal keys always pass', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (frame, point) => {
          expect(verificationHash(frame.slice(), point)).toEqual(verificationHash(frame, point))
        },
      ),
    )
  })
})

describe('end to end', () => {
  it('[QS16] every run ends in exactly one of key with label and eps, or abort with reason, and both agree', () => {
    const runs = [singlePhotonRun, siftedRun, oneDecoyRun]
    fc.assert(
      fc.property(fc.constantFrom(...runs), fc.nat(), (run, seed) => {
        const { alice, bob } = joinEnds(smallEnds(run, seed))
        expect(alice.aborted).toBe(bob.aborted)
        for (const end of [alice, bob]) {
          if (end.aborted) {
            expect(end.reason).toMatch(/^[a-z-]+$/)
            expect('key' in end || 'epsilon' in end || 'keyBits' in end).toBe(false)
          } else {
            expect(end.label).toBe('simulated')
            expect(end.epsilon.total).toBeGreaterThan(0)
            expect(end.epsilon.total).toBeLessThan(0.01)
            expect(end.key.length).toBe(end.keyBits / 8)
            expect('reason' in end).toBe(false)
          }
        }
      }),
      { numRuns: 25 },
    )
  })

  it('[QS16] raising the intercepted share never raises the mean net key over the same seeds, with decoys too', () => {
    const decoys = [{ meanPhotons: 0.12, probability: 0.72 }]
    const sources = [
      { source: { kind: 'single-photon' } as const, pulses: 60_000, shares: [0, 0.06, 0.2, 1] },
      {
        source: { kind: 'weak-coherent', meanPhotons: 0.39, decoys } as const,
        pulses: 400_000,
        shares: [0, 0.03, 0.06, 1],
      },
    ]
    for (const { source, pulses, shares } of sources) {
      const means = shares.map((fraction) => {
        const channel = { source, distanceKm: 0, detectorEfficiency: 1, misalignment: 0.01 }
        const nets = [1, 2].map((seed) => {
          const eve =
            fraction === 0 ? ({ attack: 'none' } as const) : ({ attack: 'intercept-resend', fraction } as const)
          const { alice } = simulateRun({ pulses, channel: { ...channel, eve }, chance: { seed } })
          // The authentication key is spent in any case.
          return alice.aborted ? -authenticationBits : alice.netSecretBits
        })
        return nets.reduce((sum, net) => sum + net) / nets.length
      })
      expect(means).toEqual(means.toSorted((a, b) => b - a))
      expect(means[0]).toBeGreaterThan(1000)
      expect(means.at(-1)).toBe(-authenticationBits)
    }
  })
})
