import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Amplifier } from '../amplification/amplifier.ts'
import { typescriptAmplifier } from '../amplification/typescript-amplifier.ts'
import { authenticationKeyBytes } from '../authentication.ts'
import { packWords, unpackBits } from '../bits.ts'
import { type SiftedAliceOptions, type SiftedBobOptions, startSiftedAlice, startSiftedBob } from '../sifted-run.ts'
import { replayedRandom } from '../simulate-run.ts'
import { noisyPair, siftedRun, siftedRunOf, smallEnds } from '../small-runs.ts'
import { type JoinedRun, joinEnds } from '../two-ends.ts'
import { singlePhotonLength } from './accounting.ts'
import type { ReconciliationMode } from './parameters.ts'
import { bitsGivenUp, cutOf, differences, framesOf, joinFrames } from './raw-key.ts'
import type { SessionSuccess } from './result.ts'

const modes: readonly ReconciliationMode[] = ['throughput', 'low-round', 'one-way']
const common = { runId: new Uint8Array(16), authenticationKey: new Uint8Array(authenticationKeyBytes) }

function start(
  pair = noisyPair(20_000, 0.01),
  alice: Partial<SiftedAliceOptions> = {},
  bob: Partial<SiftedBobOptions> = {},
  seed = 1,
): JoinedRun {
  return joinEnds({
    alice: startSiftedAlice({ ...common, random: replayedRandom(seed, 'alice'), sifted: pair.alice, ...alice }),
    bob: startSiftedBob({ ...common, random: replayedRandom(seed, 'bob'), sifted: pair.bob, ...bob }),
  })
}

function successes({ alice, bob }: JoinedRun): [SessionSuccess, SessionSuccess] {
  if (alice.aborted || bob.aborted) throw new Error(`aborted: ${inspect([alice, bob])}`)
  return [alice, bob]
}

describe('a run on sifted bits', () => {
  it.each(modes)('[QS2] gives both ends the same key: %s', (mode) => {
    const [alice, bob] = successes(start(noisyPair(20_000, 0.02), { mode, sampleFraction: 0.2 }))
    expect(alice.keyBits).toBeGreaterThan(2000)
    expect(bob.key).toEqual(alice.key)
    expect(bob).toEqual(alice)
    expect(alice).toMatchObject({ label: 'simulated', sifted: 20_000, sampled: 4000, framesGivenUp: 0 })
    alice.stages.forEach((stage, i) => {
      if (i > 0) expect(stage.bitsIn, stage.name).toBe(alice.stages[i - 1]!.bitsOut)
    })
  })

  it('[QS2] many frames go in lockstep, and a million bits are one run', () => {
    const done = start(noisyPair(1_000_003, 0.015))
    const [alice, bob] = successes(done)
    expect(Buffer.compare(alice.key, bob.key)).toBe(0)
    expect(alice.keyBits).toBeGreaterThan(500_000)
    expect(done.roundTrips).toBeLessThan(90)
  })

  it('[QS2] whatever size, noise and mode, both have the same key or both abort for the same reason', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 6000 }),
        fc.double({ min: 0, max: 0.15, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.constantFrom<ReconciliationMode>('throughput', 'low-round'),
        fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
        fc.nat(),
        (count, qber, sampleFraction, mode, testCount, seed) => {
          const test = testCount === undefined ? undefined : noisyPair(testCount, qber, seed + 1)
          const choices = { mode, sampleFraction, test: test?.alice, epsSec: 1e-3, epsCor: 1e-6 }
          const { alice, bob } = start(noisyPair(count, qber, seed), choices, { test: test?.bob }, seed)
          expect(alice.aborted).toBe(bob.aborted)
          if (alice.aborted || bob.aborted) {
            expect(alice.aborted && bob.aborted && alice.reason === bob.reason).toBe(true)
            expect('key' in alice || 'key' in bob).toBe(false)
          } else expect(alice.key).toEqual(bob.key)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('[QS2] a test set is compared in place of a sample, and all sifted bits may become key', () => {
    const test = noisyPair(4000, 0.01, 9)
    const [withTest] = successes(start(undefined, { test: test.alice }, { test: test.bob }))
    expect(withTest).toMatchObject({ sifted: 20_000, sampled: 4000 })
    expect(withTest.stages.find(({ name }) => name === 'sampled')).toMatchObject({ bitsIn: 24_000, bitsOut: 20_000 })
  })

  it('[QS2] bits that count as known shorten the key by at least as many', () => {
    const [all] = successes(start())
    const [less] = successes(start(undefined, { taggedShare: 0.1 }))
    expect(less.keyBits).toBeLessThan(all.keyBits - 1500)
    expect(start(undefined, { taggedShare: 0.9 }).alice).toMatchObject({ reason: 'no-secret-key-left' })
  })

  it('[QS2] noise above the threshold ends it with the measured rate and no key', () => {
    for (const end of Object.values(start(noisyPair(5000, 0.2)))) {
      if (typeof end === 'number' || Array.isArray(end)) continue
      expect(end).toMatchObject({ aborted: true, reason: 'qber-above-threshold' })
      expect('key' in end).toBe(false)
    }
  })

  it('[QS3] options that make no run are refused by name before anything is said', () => {
    const pair = noisyPair(1000, 0)
    const alice = (more: object) => (): unknown =>
      startSiftedAlice({ ...common, random: replayedRandom(1, 'a'), sifted: pair.alice, ...more })
    for (const bad of [Number.NaN, -1, 2, Number.POSITIVE_INFINITY]) {
      for (const name of ['sampleFraction', 'threshold', 'epsSec', 'epsCor', 'taggedShare']) {
        expect(alice({ [name]: bad }), `${name} = ${bad}`).toThrow(name)
      }
    }
    expect(alice({ mode: 'slow' })).toThrow('mode')
    expect(alice({ mode: 'one-way', threshold: 0.2 })).toThrow('threshold')
    expect(alice({ label: 'quantum' })).toThrow('label')
    for (const count of [0, 99, 1.5, Number.NaN, 2 ** 24 + 1]) {
      expect(alice({ sifted: { ...pair.alice, count } }), `${count}`).toThrow(/sifted/)
    }
    expect(alice({ sifted: { bytes: pair.alice.bytes, count: 9000 } })).toThrow('too few bytes')
    expect(alice({ test: { bytes: new Uint8Array(0), count: 0 } })).toThrow(/test|comparedBits/)
    expect(() =>
      startSiftedBob({ ...common, random: replayedRandom(1, 'b'), sifted: { bytes: new Uint8Array(2), count: 9 } }),
    ).toThrow('sifted')
  })

  it('[QS3] Bob refuses what he does not hold, what is out of bounds, and what he does not want', () => {
    const pair = noisyPair(4000, 0.01)
    const refused = { aborted: true, reason: 'parameters-refused' }
    expect(start(pair, {}, { sifted: noisyPair(4001, 0.01).bob }).bob).toMatchObject(refused)
    expect(start(pair, { test: pair.alice }).bob).toMatchObject(refused)
    expect(start(pair, {}, { test: pair.bob }).bob).toMatchObject(refused)
    expect(start(pair, { threshold: 0.2 }).bob).toMatchObject(refused)
    expect(start(pair, {}, { accepts: () => false }).alice).toMatchObject(refused)
    fc.assert(
      // The parameters of the proposal, from behind the header on.
      fc.property(fc.integer({ min: 23, max: 57 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const { alice, bob } = smallEnds(siftedRun, 1)
        const proposal = alice.first.send[0]!.slice()
        proposal[at]! ^= mask
        const { done, send } = bob.handle(proposal)
        // Within bounds it may be accepted; the first tag then finds it out.
        if (done) expect(done).toMatchObject({ aborted: true, reason: 'parameters-refused' })
        else expect(alice.handle(send[0]!).done).toMatchObject({ reason: 'authentication-failed' })
      }),
      { numRuns: 60 },
    )
  })

  it('[QS4] a key is called hardware only if both ends call it so', () => {
    const labelled = (a: 'simulated' | 'hardware', b: 'simulated' | 'hardware'): string[] =>
      successes(start(undefined, { label: a }, { label: b })).map(({ label }) => label)
    expect(labelled('hardware', 'hardware')).toEqual(['hardware', 'hardware'])
    expect(labelled('hardware', 'simulated')).toEqual(['simulated', 'simulated'])
    expect(labelled('simulated', 'hardware')).toEqual(['simulated', 'simulated'])
    const [plain] = successes(start())
    expect(plain.label).toBe('simulated')
  })

  it('[QS4] a changed label in either message is found by the next tag', () => {
    for (const kind of ['proposeSifted', 'acceptSifted'] as const) {
      const pair = noisyPair(4000, 0.01)
      const label = 'hardware' as const
      const ends = {
        alice: startSiftedAlice({ ...common, random: replayedRandom(1, 'a'), sifted: pair.alice, label }),
        bob: startSiftedBob({ ...common, random: replayedRandom(1, 'b'), sifted: pair.bob, label }),
      }
      const { alice, bob } = joinEnds(ends, {
        onMessage: (message, description) => {
          // The label is the byte before the commitment, or the first of the answer.
          if (description?.kind === kind) message[kind === 'proposeSifted' ? message.length - 33 : 23]! ^= 1
          return [message]
        },
      })
      expect([alice.aborted, bob.aborted]).toEqual([true, true])
    }
  })

  it('[QS10] sample and key share no bit: what is said of the sample is the sample', () => {
    const pair = noisyPair(3000, 0)
    const said: Uint8Array[] = []
    const ends = {
      alice: startSiftedAlice({ ...common, random: replayedRandom(1, 'a'), sifted: pair.alice, sampleFraction: 0.3 }),
      bob: startSiftedBob({ ...common, random: replayedRandom(1, 'b'), sifted: pair.bob }),
    }
    joinEnds(ends, {
      onMessage: (message, description) => {
        if (description?.kind === 'estimate') said.push(message.slice(23, -16))
        return [message]
      },
    })
    const sample = unpackBits(said[0]!, 900)!
    const bits = unpackBits(pair.bob.bytes, 3000)!
    // In order, and from somewhere among them: as a subsequence.
    let at = 0
    for (const bit of sample) {
      while (at < bits.length && bits[at] !== bit) at++
      at++
    }
    expect(at).toBeLessThanOrEqual(bits.length)
  })
})

describe('what has to be forgotten', () => {
  /** Keeps hold of every buffer that goes through the amplifier. */
  function watched(buffers: Uint8Array[]): Amplifier {
    return {
      name: 'typescript',
      amplify(input, inputBits, seed, outputBits) {
        const output = typescriptAmplifier.amplify(input, inputBits, seed, outputBits)
        buffers.push(input, output)
        return output
      },
    }
  }

  it('[QS17] is zero when a run ends, with a key and without one; the bits of the caller stay', () => {
    const buffers: Uint8Array[] = []
    const amplifier = watched(buffers)
    const [alice] = successes(start(undefined, { amplifier }, { amplifier }))
    expect(buffers).toHaveLength(4)
    for (const buffer of buffers) expect(buffer.every((byte) => byte === 0)).toBe(true)
    expect(alice.key.some((byte) => byte !== 0)).toBe(true)

    const ofAborted: Uint8Array[] = []
    const pair = noisyPair(20_000, 0.01)
    const ends = {
      alice: startSiftedAlice({
        ...{ ...common, random: replayedRandom(1, 'a'), sifted: pair.alice, amplifier: watched(ofAborted) },
      }),
      bob: startSiftedBob({ ...common, random: replayedRandom(1, 'b'), sifted: pair.bob }),
    }
    joinEnds(ends, { onMessage: (message, description) => (description?.kind === 'amplify' ? [] : [message]) })
    expect(ofAborted).toHaveLength(2)
    for (const buffer of ofAborted) expect(buffer.every((byte) => byte === 0)).toBe(true)
    // The caller's own bits are the caller's to erase.
    expect(pair.alice.bytes.some((byte) => byte !== 0)).toBe(true)
  })
})

describe('frames', () => {
  it('[QS6] cut to frames and joined again bits are the same, whatever the mode', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300_000 }), fc.constantFrom(...modes), fc.nat(), (n, mode, seed) => {
        const words = packWords(unpackBits(noisyPair(n, 0, seed).alice.bytes, n)!)
        const cut = cutOf({ n, mode })
        const frames = framesOf({ words }, cut)
        expect(cut.count * cut.frameBits).toBeGreaterThanOrEqual(n)
        const packed = frames.map((frame) => new Uint8Array(frame.buffer))
        const joined = joinFrames(packed, new Uint8Array(cut.count).fill(1), n, cut)
        expect(joined.bits).toBe(n)
        expect(Buffer.compare(joined.packed.subarray(0, (n + 7) >> 3), noisyPair(n, 0, seed).alice.bytes)).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('[QS6] a frame that was given up leaves the key, and every bit of it counts as said and as wrong', () => {
    const n = 300_000
    const cut = cutOf({ n, mode: 'throughput' })
    const intensityOf = Uint8Array.from({ length: n }, (_, i) => i % 3)
    const kept = new Uint8Array(cut.count).fill(1)
    kept[1] = 0
    const givenUp = bitsGivenUp({ n, intensityOf, intensities: 3 }, cut, kept)
    expect(givenUp.reduce((sum, count) => sum + count)).toBe(cut.frameBits)
    for (const count of givenUp) expect(Math.abs(count - cut.frameBits / 3)).toBeLessThan(2)
    const frames = Array.from({ length: cut.count }, (_, i) => new Uint8Array(cut.frameBits / 8).fill(i + 1))
    const joined = joinFrames(frames, kept, n, cut)
    expect(joined.bits).toBe(n - cut.frameBits)
    expect(joined.packed).not.toContain(2)
  })

  it('[QS6] differences are counted by intensity, and not in the zeros at the end', () => {
    const n = 50
    const words = new Uint32Array(2)
    const cut = { count: 2, frameBits: 32 }
    const raw = { words, n, intensities: 2, intensityOf: Uint8Array.from({ length: n }, (_, i) => (i < 40 ? 0 : 1)) }
    const frames = [Uint32Array.of(0b101), Uint32Array.of((1 << 10) | (1 << 31))]
    expect(differences(raw, frames, cut)).toEqual([2, 1])
  })

  it('[QS6] a frame given up costs the key at least its length', () => {
    const length = singlePhotonLength(
      { threshold: 0.11, epsSec: 1e-10, epsCor: 1e-15, mode: 'throughput' },
      { n: 300_000, sampled: 30_000, qber: 0.01, taggedBits: 0 },
    )
    const whole = length({ leakedBits: 30_000, hashBits: 192, keyErrors: [3000] })
    const without = length({ leakedBits: 130_000, hashBits: 192, keyErrors: [103_000] })
    expect(whole - without).toBe(100_000)
  })

  it('[QS6] a whole run goes on without a frame that the code could not correct', () => {
    // Half of the bits hold nearly all of the errors, so that the one-way code for their mean fails there.
    const quiet = unpackBits(noisyPair(65_536, 0.002, 1).alice.bytes, 65_536)!
    const bits = noisyPair(65_536, 0, 1)
    const theirs = quiet.map((bit, i) => (i >= 49_152 && i % 12 === 0 ? 1 - bit : bit))
    const bytes = new Uint8Array(bits.alice.bytes.length)
    theirs.forEach((bit, i) => {
      bytes[i >> 3]! |= bit << (i & 7)
    })
    const run = siftedRunOf(
      'uneven',
      { alice: noisyPair(65_536, 0.002, 1).alice, bob: { bytes, count: 65_536 } },
      { mode: 'one-way', test: noisyPair(20_000, 0.01, 4).alice },
      noisyPair(20_000, 0.01, 4),
    )
    const [alice, bob] = successes(joinEnds(smallEnds(run, 1)))
    expect(alice.framesGivenUp).toBe(1)
    expect(alice.key).toEqual(bob.key)
    expect(alice.leakedBits).toBeGreaterThan(16_384)
  })
})
