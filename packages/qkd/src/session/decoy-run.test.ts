import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { typescriptAmplifier } from '../amplification/typescript-amplifier.ts'
import { ByteWriter } from '../bytes.ts'
import { expectedStatistics } from '../channel/expected.ts'
import { type ChannelParameters, channelParameters } from '../channel/parameters.ts'
import { secureRandom, seededRandom } from '../random.ts'
import { startAlice, startBob } from '../run.ts'
import { lim2014 } from '../security/lim2014.ts'
import { rusca2018 } from '../security/rusca2018.ts'
import { type SimulateOptions, simulateRun } from '../simulate-run.ts'
import { oneDecoyRun, smallEnds } from '../small-runs.ts'
import { type JoinedRun, joinEnds } from '../two-ends.ts'
import { type DecoyPlan, decoyPlan, defaultOneDecoy, defaultTwoDecoys, drawBases, drawChoices } from './decoy-plan.ts'
import { encodeFrame } from './messages.ts'
import { encodeParameters, runParameters } from './parameters.ts'
import type { SessionSuccess } from './result.ts'

// Whole runs, many of them: on a machine that is busy with other work they take longer than the usual five seconds.
vi.setConfig({ testTimeout: 30_000 })

const plans: [string, DecoyPlan][] = [
  ['one decoy', defaultOneDecoy],
  ['two decoys', defaultTwoDecoys],
]

function lightOf({ intensities, probabilities }: DecoyPlan): ChannelParameters['source'] {
  const [meanPhotons, ...others] = intensities as [number, ...number[]]
  return {
    kind: 'weak-coherent',
    meanPhotons,
    decoys: others.map((mean, i) => ({ meanPhotons: mean, probability: probabilities[i + 1]! })),
  }
}

/** Ten dB less loss than 25 km to detectors of 16 %, so that fewer pulses do. */
const near = { distanceKm: 10, detectorEfficiency: 0.8, misalignment: 0.01 }

function run(plan: DecoyPlan, seed: number, channel: Partial<ChannelParameters> = near, pulses = 600_000): JoinedRun {
  const options: Omit<SimulateOptions, 'chance'> = { pulses, channel: { ...channel, source: lightOf(plan) } }
  return simulateRun({ ...options, chance: { seed } })
}

function successes({ alice, bob }: JoinedRun): [SessionSuccess, SessionSuccess] {
  if (alice.aborted || bob.aborted) throw new Error('aborted')
  return [alice, bob]
}

describe.each(plans)('a run with %s', (_, plan) => {
  it('[QS7] gives both ends the same key, of the length that the bounds over its counts allow', () => {
    const done = run(plan, 1)
    const [alice, bob] = successes(done)
    expect(bob.key).toEqual(alice.key)
    expect(bob).toEqual(alice)
    const { keyClicks, testClicks, testErrors } = alice.decoy!
    const bound = plan.intensities.length === 2 ? rusca2018 : lim2014
    const { intensities, probabilities } = plan
    const { length } = bound({
      intensities,
      probabilities,
      // More errors never make the key longer, so that all of them at one intensity bound what was counted.
      key: { clicks: keyClicks, errors: keyClicks.map(() => 0) },
      test: { clicks: testClicks, errors: testErrors },
      leakedBits: alice.leakedBits,
      epsSec: 1e-10,
      epsCor: 1e-15,
    })
    expect(alice.keyBits).toBeGreaterThan(1000)
    expect(alice.keyBits).toBeLessThanOrEqual(length - 128)
    expect(alice.sampled).toBe(testClicks.reduce((sum, count) => sum + count))
    expect(alice.sifted).toBe(alice.sampled + keyClicks.reduce((sum, count) => sum + count))
    alice.stages.forEach((stage, i) => {
      if (i > 0) expect(stage.bitsIn, stage.name).toBe(alice.stages[i - 1]!.bitsOut)
    })
  })

  it('[QS7] gives no key where single photons are split off, though signal and QBER look as before', () => {
    // 20 dB more loss than the fibre has to have, in which she hides.
    const far = { distanceKm: 25, detectorEfficiency: 0.3, misalignment: 0.01, darkCountProbability: 1e-6 }
    const eve = { attack: 'photon-number-splitting', fraction: 1, controlsDetector: true } as const
    const quiet = run(plan, 2, far, 4_000_000)
    const attacked = run(plan, 2, { ...far, eve }, 4_000_000)
    const [honest] = successes(quiet)
    expect(honest.keyBits).toBeGreaterThan(0)
    for (const end of [attacked.alice, attacked.bob]) {
      expect(end).toMatchObject({ aborted: true, reason: 'no-secret-key-left' })
      expect('key' in end).toBe(false)
      expect(end.qber!).toBeLessThan(honest.qber + 0.01)
    }
    const signal = (done: JoinedRun): number => done.alice.decoy!.keyClicks[0]!
    expect(Math.abs(signal(attacked) - signal(quiet))).toBeLessThan(5 * Math.sqrt(2 * signal(quiet)))
  })

  it('[QS7] a small share intercepted shortens the key, all of it leaves none', () => {
    const [quiet] = successes(run(plan, 3))
    const [some, bob] = successes(run(plan, 3, { ...near, eve: { attack: 'intercept-resend', fraction: 0.04 } }))
    expect(some.keyBits).toBeLessThan(quiet.keyBits)
    expect(some.key).toEqual(bob.key)
    const { alice } = run(plan, 3, { ...near, eve: { attack: 'intercept-resend', fraction: 1 } })
    expect(alice).toMatchObject({ aborted: true, reason: 'qber-above-threshold' })
  })

  it('[QS9] the counts are those of the law within 5 sigma, and the bounds contain its single photons', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0.001, max: 0.03, noNaN: true }),
        (seed, distanceKm, misalignment) => {
          const given = { distanceKm, misalignment, detectorEfficiency: 0.8, darkCountProbability: 1e-5 }
          const pulses = 150_000
          const { alice } = run(plan, seed, given, pulses)
          const { keyClicks, testClicks, testErrors } = alice.decoy!
          const p = plan.keyBasisProbability
          const channel = channelParameters({ ...given, source: lightOf(plan), xBasisProbability: 1 - p })
          const law = expectedStatistics(channel, pulses)
          law.intensities.forEach(({ z, x }, k) => {
            for (const [count, mean] of [
              [keyClicks[k]!, z.sifted],
              [testClicks[k]!, x.sifted],
              [testErrors[k]!, x.errors],
            ] as const) {
              expect(Math.abs(count - mean)).toBeLessThan(5 * Math.sqrt(mean + 1))
            }
          })
          const bound = plan.intensities.length === 2 ? rusca2018 : lim2014
          const found = bound({
            intensities: plan.intensities,
            probabilities: plan.probabilities,
            key: { clicks: keyClicks, errors: law.intensities.map(({ z }) => Math.ceil(z.errors)) },
            test: { clicks: testClicks, errors: testErrors },
            leakedBits: 0,
            epsSec: 1e-10,
            epsCor: 1e-15,
          })
          const singles = (basis: 'z' | 'x', what: 'sifted' | 'errors'): number =>
            law.truth.intensities.reduce((sum, truth) => sum + truth[basis][what][1]!, 0)
          const spread = (mean: number): number => 5 * Math.sqrt(mean + 1)
          expect(found.singlePhotonBits).toBeLessThan(singles('z', 'sifted') + spread(singles('z', 'sifted')))
          expect(found.testSinglePhotonBits).toBeLessThan(singles('x', 'sifted') + spread(singles('x', 'sifted')))
          expect(found.testSinglePhotonErrors).toBeGreaterThan(singles('x', 'errors') - spread(singles('x', 'errors')))
        },
      ),
      { numRuns: 8 },
    )
  })
})

describe('what is said in a run with decoys', () => {
  it('[QS10] all bits of the test basis and none of the key basis; intensities only after the last click', () => {
    const bodies = new Map<string, Uint8Array>()
    const order: string[] = []
    const { alice } = joinEnds(smallEnds(oneDecoyRun, 1), {
      onMessage: (message, description) => {
        order.push(description!.kind)
        bodies.set(description!.kind, message.slice(23, description!.tagged ? -16 : undefined))
        return [message]
      },
    })
    const sampled = alice.sampled!
    expect(bodies.get('testOfBob')!.length).toBe((sampled + 7) >> 3)
    expect(bodies.get('testOfAlice')!.length).toBe((sampled + 7) >> 3)
    expect(order).not.toContain('sample')
    expect(order.lastIndexOf('clicks')).toBeLessThan(order.indexOf('sifted'))
    const expected = ((alice.detected! + 7) >> 3) + ((alice.sifted! + 3) >> 2)
    expect(bodies.get('sifted')!.length).toBe(expected)
  })

  it('[QS10] a decoy run does not hang on the amplifier', () => {
    const options = { pulses: 300_000, channel: { ...near, source: lightOf(defaultOneDecoy) } }
    const plain = simulateRun({ ...options, chance: { seed: 4 } })
    const given = simulateRun({ ...options, chance: { seed: 4 }, amplifier: typescriptAmplifier })
    expect(plain.alice).toEqual(given.alice)
  })
})

describe('the plan of intensities', () => {
  const source = seededRandom(1, 'plan')
  const random = secureRandom((length) => Uint8Array.from({ length }, () => source() * 256))
  const common = { runId: new Uint8Array(16), authenticationKey: new Uint8Array(112), random }

  it('[QS8] choices come as often as the plan says, within 5 sigma', () => {
    const choices = drawChoices(random, 100_000, [0.11, 0.54, 0.35])
    for (const [k, share] of [0.11, 0.54, 0.35].entries()) {
      const count = choices.filter((choice) => choice === k).length
      expect(Math.abs(count - 100_000 * share)).toBeLessThan(5 * Math.sqrt(100_000 * share * (1 - share)) + 2)
    }
    const bases = drawBases(random, 100_000, 0.7)
    const test = bases.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    expect(Math.abs(test - 30_000)).toBeLessThan(5 * Math.sqrt(21_000))
  })

  const wrong: [string, Partial<DecoyPlan>][] = [
    ['no decoy', { intensities: [0.4], probabilities: [1] }],
    ['four', { intensities: [0.4, 0.3, 0.05, 0.01], probabilities: [0.25, 0.25, 0.25, 0.25] }],
    ['brighter than 2', { intensities: [2.5, 0.1], probabilities: [0.5, 0.5] }],
    ['decoy as bright', { intensities: [0.4, 0.4], probabilities: [0.5, 0.5] }],
    ['decoys together as bright', { intensities: [0.4, 0.3, 0.1], probabilities: [0.4, 0.3, 0.3] }],
    ['vacuum alone', { intensities: [0.4, 0], probabilities: [0.5, 0.5] }],
    ['not a number', { intensities: [0.4, Number.NaN], probabilities: [0.5, 0.5] }],
    ['rare', { intensities: [0.4, 0.1], probabilities: [0.995, 0.005] }],
    ['not together 1', { intensities: [0.4, 0.1], probabilities: [0.5, 0.4] }],
    ['one basis', { keyBasisProbability: 0.995 }],
    ['nearly the other basis', { keyBasisProbability: 0.2 }],
    ['basis not a number', { keyBasisProbability: Number.NaN }],
  ]

  it.each(wrong)('[QS8] out of bounds it starts no run and is refused when proposed: %s', (_, change) => {
    const decoy = { ...defaultOneDecoy, ...change }
    expect(() => runParameters({ decoy })).toThrow('decoy')
    const { first } = oneDecoyRun.alice(random)
    const proposal = first.send[0]!
    const propose = (plan: DecoyPlan): unknown => {
      const parameters = encodeParameters(new ByteWriter(), { ...runParameters({ pulses: 60_000 }), decoy: plan })
      // Optics and commitment as proposed.
      const optics = proposal.slice(
        23 + encodeParameters(new ByteWriter(), runParameters({ decoy: defaultOneDecoy })).length,
      )
      const body = parameters.bytes(optics).finish()
      return startBob({ ...common, accepts: () => true }).handle(encodeFrame(common.runId, 'alice', 0, 'propose', body))
        .done
    }
    expect(propose(defaultOneDecoy)).toBeUndefined()
    expect(propose(decoy)).toMatchObject({ aborted: true, reason: 'parameters-refused' })
    // Within bounds, but not the light that the source has.
    const other = decoyPlan({ ...defaultOneDecoy, intensities: [0.5, 0.1] })
    expect(propose(other)).toMatchObject({ aborted: true, reason: 'parameters-refused' })
  })

  it('[QS8] a source with decoys that make no plan is refused by name', () => {
    const start = (decoys: { meanPhotons: number; probability: number }[]) => () =>
      startAlice({ ...common, channel: { source: { kind: 'weak-coherent', meanPhotons: 0.5, decoys } } })
    expect(start([{ meanPhotons: 0.1, probability: 0.3 }])).not.toThrow()
    expect(start([{ meanPhotons: 0.6, probability: 0.3 }])).toThrow('decoy')
    expect(start([{ meanPhotons: 0, probability: 0.3 }])).toThrow('decoy')
    expect(start([{ meanPhotons: 0.1, probability: 0.001 }])).toThrow('decoy')
  })
})
