import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { sha256 } from '../sha256.ts'
import type { Eve } from './attack.ts'
import { cellCount, cellOf, doubleRight, doubleWrong, nothing, right, settingOf, wrong } from './cells.ts'
import { chiSquareSigmas, sigmas, sigmasApart, worstSigmas } from './compare.ts'
import { noReading, rightReading, wrongReading } from './eve-law.ts'
import { expectedStatistics, observedEffect } from './expected.ts'
import { type ChannelParameters, channelParameters, deadPulsesOf } from './parameters.ts'
import { readRecord } from './record.ts'
import { simulateChannel } from './simulate-channel.ts'
import { type BasisStatistics, type ChannelStatistics, statisticsOf } from './statistics.ts'
import { tracePulses } from './trace.ts'

const engines = ['per-pulse', 'event-driven'] as const
const vacuumAndWeak = [
  { meanPhotons: 0.1, probability: 0.3 },
  { meanPhotons: 0, probability: 0.1 },
]
const decoys = { kind: 'weak-coherent', meanPhotons: 0.5, decoys: vacuumAndWeak } as const
const near = { distanceKm: 10, detectorEfficiency: 0.3, misalignment: 0.03, darkCountProbability: 1e-3 }
const bright = { ...near, distanceKm: 0, source: { kind: 'weak-coherent', meanPhotons: 3.5 } } as const

const channels: [name: string, channel: Partial<ChannelParameters>][] = [
  ['single photons, default', {}],
  ['single photons, biased bases', { ...near, xBasisProbability: 0.1 }],
  ['every pulse clicks', { distanceKm: 0, detectorEfficiency: 1, misalignment: 0, darkCountProbability: 0 }],
  ['one decoy', { ...near, source: { ...decoys, decoys: [vacuumAndWeak[0]!] } }],
  ['two decoys, biased bases', { ...near, source: decoys, xBasisProbability: 0.3 }],
  ['bright pulses, many double clicks', bright],
  ['far away, dark counts alone', { distanceKm: 1000, darkCountProbability: 1e-4 }],
  ['dead time', { ...near, source: decoys, deadTimeNs: 70 }],
  ['after-pulses', { ...near, source: decoys, afterPulseProbability: 0.2 }],
  ['dead time and after-pulses, double clicks', { ...bright, deadTimeNs: 30, afterPulseProbability: 0.15 }],
]
const attacks: Eve[] = [
  { attack: 'intercept-resend', fraction: 0.6 },
  { attack: 'intercept-resend', fraction: 1, xBasisProbability: 0.8 },
  { attack: 'breidbart', fraction: 0.7 },
  { attack: 'photon-number-splitting', fraction: 0.8, controlsDetector: false },
  { attack: 'photon-number-splitting', fraction: 1, controlsDetector: true },
  { attack: 'beam-splitting', fraction: 0.9, memory: true },
  { attack: 'beam-splitting', fraction: 1, memory: false },
  { attack: 'optimal-individual', fraction: 0.5, disturbance: 0.1 },
]
for (const eve of attacks) {
  channels.push([`two decoys, ${JSON.stringify(eve)}`, { ...near, source: decoys, xBasisProbability: 0.4, eve }])
  channels.push([`bright pulses, ${JSON.stringify(eve)}`, { ...bright, eve }])
}

/** Variance of clicks in runs of after-pulses, against that of single ones. */
function bunching(channel: Partial<ChannelParameters>): number {
  const p = channel.afterPulseProbability ?? 0
  return (1 + p) / (1 - p)
}

/** The slow motion, counted by the same cells as the engines. */
function traceStatistics(given: Partial<ChannelParameters>, pulses: number, seed: number): ChannelStatistics {
  const tally = new Float64Array(cellCount)
  let deadPulses = 0
  let afterPulses = 0
  // Whether she will measure in the right basis is told by a coin if she must not wait for it.
  const basisOfEve = seededRandom(seed, 'unwitnessed')
  for (const pulse of tracePulses(given, pulses, seed)) {
    const aliceBasis = pulse.aliceBasis === 'x' ? 1 : 0
    const setting = settingOf(pulse.intensity, aliceBasis, pulse.aliceBit, pulse.bobBasis === 'x' ? 1 : 0)
    const isRight = pulse.bobBit === pulse.aliceBit
    const isDouble = pulse.clicks[0] && pulse.clicks[1]
    const pattern =
      pulse.bobBit === undefined ? nothing : isDouble ? (isRight ? doubleRight : doubleWrong) : isRight ? right : wrong
    if (pulse.gate === 'dead') deadPulses++
    if (pulse.afterPulse) afterPulses++
    let reading: number = noReading
    if (pulse.eve.did === 'measured') {
      if (pulse.eve.basis === pulse.aliceBasis) reading = rightReading
      else if (pulse.eve.basis === 'between') reading = pulse.eve.bit === pulse.aliceBit ? rightReading : wrongReading
    } else if (pulse.eve.did === 'cloned') {
      reading = pulse.eve.guess === pulse.aliceBit ? rightReading : wrongReading
    } else if (pulse.eve.did !== 'nothing' && pulse.eve.kept > 0) {
      const sure = given.eve?.attack !== 'beam-splitting' || given.eve.memory
      reading = sure || basisOfEve() < 0.5 ? rightReading : noReading
    }
    tally[cellOf(setting, pattern, pulse.photons, reading)]!++
  }
  return statisticsOf(channelParameters(given), { tally, deadPulses, afterPulses })
}

function categories({ intensities }: ChannelStatistics): number[] {
  const inBasis = (basis: BasisStatistics): number[] => [
    basis.sifted - basis.errors,
    basis.errors,
    basis.detected - basis.sifted - basis.otherBasisErrors,
    basis.otherBasisErrors,
  ]
  return intensities.flatMap(({ z, x }) => [...inBasis(z), ...inBasis(x)])
}

describe('bulk simulation', () => {
  for (const [name, channel] of channels) {
    it(`[QB91] both engines and a simulation photon by photon meet the law in every count: ${name}`, () => {
      for (const [statistics, pulses] of [
        [simulateChannel({ channel, pulses: 2_000_000, seed: 21, engine: 'per-pulse' }), 2_000_000],
        [simulateChannel({ channel, pulses: 2_000_000, seed: 22, engine: 'event-driven' }), 2_000_000],
        [traceStatistics(channel, 120_000, 23), 120_000],
      ] as const) {
        const expected = expectedStatistics(channel, pulses)
        const [where, distance] = worstSigmas(statistics, expected, bunching(channel))
        expect(distance, where).toBeLessThan(5)
        expect(statistics.pulses).toBe(pulses)
        expect(statistics.total.sent).toBe(pulses)
      }
    })

    it(`[QB91] engines agree in intensity, basis and error, and favour no bit (chi-square): ${name}`, () => {
      const [a, b] = engines.map((engine) => simulateChannel({ channel, pulses: 1_000_000, seed: 31, engine }))
      expect(chiSquareSigmas(categories(a!), categories(b!))).toBeLessThan(5)
      for (const { total } of [a!, b!]) {
        expect(sigmas(total.aliceOnes, total.detected, 0.5)).toBeLessThan(5)
        expect(sigmas(total.bobOnes, total.detected, 0.5)).toBeLessThan(5)
      }
    })
  }

  it('[QB92] the same seed gives the same bytes and counts, another gives others', () => {
    for (const channel of [{}, { ...bright, source: decoys, deadTimeNs: 50, afterPulseProbability: 0.1 }]) {
      const fly = (seed: number): [string, ChannelStatistics] => {
        const digests: string[] = []
        const onRecords = (records: Uint8Array): unknown => digests.push(`${sha256(records)}`)
        const statistics = simulateChannel({ channel, pulses: 200_000, seed, engine: 'per-pulse', onRecords })
        return [digests.join(), statistics]
      }
      expect(fly(1)).toEqual(fly(1))
      expect(fly(1)[0]).not.toBe(fly(2)[0])
      const skip = (seed: number): ChannelStatistics =>
        simulateChannel({ channel, pulses: 200_000, seed, engine: 'event-driven' })
      expect(skip(1)).toEqual(skip(1))
      expect(skip(1)).not.toEqual(skip(2))
    }
  })

  it('[QB92] an attack on no pulse changes no byte and no count', () => {
    const unattacked = { ...near, source: decoys }
    for (const eve of attacks.map((one) => ({ ...one, fraction: 0 }) as Eve)) {
      const records = (channel: Partial<ChannelParameters>): string[] => {
        const digests: string[] = []
        const onRecords = (portion: Uint8Array): unknown => digests.push(`${sha256(portion)}`)
        simulateChannel({ channel, pulses: 100_000, seed: 3, engine: 'per-pulse', onRecords })
        return digests
      }
      expect(records({ ...unattacked, eve }), eve.attack).toEqual(records(unattacked))
      for (const engine of engines) {
        const counts = (channel: Partial<ChannelParameters>): unknown =>
          simulateChannel({ channel, pulses: 100_000, seed: 3, engine })
        expect(counts({ ...unattacked, eve }), eve.attack).toEqual(counts(unattacked))
      }
      const traced = (channel: Partial<ChannelParameters>): unknown => [...tracePulses(channel, 2000, 3)]
      expect(traced({ ...unattacked, eve }), eve.attack).toEqual(traced(unattacked))
    }
  })

  it('[QB93] records are what is counted, in order and complete', () => {
    const channel = { ...near, source: decoys, xBasisProbability: 0.3, deadTimeNs: 40, afterPulseProbability: 0.1 }
    const counted = { pulses: 0, clicks: 0, sifted: 0, errors: 0, doubles: 0, x: 0, ones: 0, signals: 0 }
    const pulses = 300_000
    const statistics = simulateChannel({
      channel,
      pulses,
      seed: 4,
      engine: 'per-pulse',
      onRecords(records, firstPulse) {
        expect(firstPulse).toBe(counted.pulses)
        counted.pulses += records.length
        for (const byte of records) {
          const { intensity, aliceBasis, aliceBit, bobBasis, outcome } = readRecord(byte)
          if (intensity === 0) counted.signals++
          if (aliceBasis === 'x') counted.x++
          counted.ones += aliceBit
          if (!outcome.click) continue
          counted.clicks++
          if (outcome.double) counted.doubles++
          if (aliceBasis !== bobBasis) continue
          counted.sifted++
          if (outcome.bobBit !== aliceBit) counted.errors++
        }
      },
    })
    const { total, intensities } = statistics
    expect(counted).toMatchObject({
      pulses,
      clicks: total.detected,
      sifted: total.sifted,
      errors: total.errors,
      doubles: total.doubleClicks,
      x: intensities.reduce((sum, { x }) => sum + x.sent, 0),
      signals: intensities[0]!.z.sent + intensities[0]!.x.sent,
    })
    expect(sigmas(counted.ones, pulses, 0.5)).toBeLessThan(5)
  })

  it('[QB94] only eta times mu enters: half the efficiency and twice the light give the same gains and QBER', () => {
    const doubled = {
      kind: 'weak-coherent' as const,
      meanPhotons: 1,
      decoys: vacuumAndWeak.map(({ meanPhotons, probability }) => ({ meanPhotons: 2 * meanPhotons, probability })),
    }
    const dim = { ...near, source: decoys, deadTimeNs: 20, afterPulseProbability: 0.05 }
    const strong = { ...dim, detectorEfficiency: near.detectorEfficiency / 2, source: doubled }
    const [a, b] = [expectedStatistics(dim), expectedStatistics(strong)].map(observedEffect)
    expect(b!.qber).toBeCloseTo(a!.qber, 12)
    a!.gains.forEach((gain, k) => {
      expect(b!.gains[k]).toBeCloseTo(gain, 12)
    })
    for (const engine of engines) {
      const [one, two] = [dim, strong].map((channel) =>
        simulateChannel({ channel, pulses: 2_000_000, seed: engine === 'per-pulse' ? 5 : 6, engine }),
      )
      expect(chiSquareSigmas(categories(one!), categories(two!))).toBeLessThan(5)
      expect(sigmasApart(one!.total.detected, one!.pulses, two!.total.detected, two!.pulses)).toBeLessThan(5)
      expect(sigmasApart(one!.total.errors, one!.total.sifted, two!.total.errors, two!.total.sifted)).toBeLessThan(5)
    }
  })

  it('[QB94] swapping the bases swaps their statistics', () => {
    const eve = (xBasisProbability: number): Eve => ({ attack: 'intercept-resend', fraction: 0.7, xBasisProbability })
    const one = { ...near, source: decoys, xBasisProbability: 0.2, eve: eve(0.9) }
    const other = { ...one, xBasisProbability: 0.8, eve: eve(0.1) }
    const swapped = (statistics: ChannelStatistics): ChannelStatistics => ({
      ...statistics,
      intensities: statistics.intensities.map(({ z, x, ...rest }) => ({ ...rest, z: x, x: z })),
    })
    expectedStatistics(one).intensities.forEach(({ z }, k) => {
      for (const [field, value] of Object.entries(z)) {
        const mirrored = expectedStatistics(other).intensities[k]!.x[field as keyof BasisStatistics]
        expect(mirrored, field).toBeCloseTo(value, 14)
      }
    })
    for (const engine of engines) {
      const [a, b] = [one, other].map((channel) => simulateChannel({ channel, pulses: 2_000_000, seed: 7, engine }))
      expect(chiSquareSigmas(categories(a!), categories(swapped(b!)))).toBeLessThan(5)
    }
  })

  it('[QB95] dead time: the live share is 1 / (1 + R P t_D), and nothing clicks in it', () => {
    for (const [deadTimeNs, pulseRateHz] of [
      [100, 1e9],
      [1000, 1e8],
      [25, 3e7],
    ] as const) {
      const channel = { ...near, deadTimeNs, pulseRateHz }
      const dead = deadPulsesOf(channelParameters(channel))
      const open = expectedStatistics(near).total.detected
      for (const engine of engines) {
        const { pulses, deadPulses, total } = simulateChannel({ channel, pulses: 3_000_000, seed: 8, engine })
        const live = 1 / (1 + dead * open)
        expect(Math.abs(pulses - deadPulses - pulses * live) / ((dead + 1) * Math.sqrt(total.detected))).toBeLessThan(5)
        expect(sigmas(total.detected, pulses - deadPulses, open)).toBeLessThan(5)
      }
    }
    expect(deadPulsesOf(channelParameters({ pulseRateHz: 1e9, deadTimeNs: 100 }))).toBe(100)
    let quiet = 0
    for (const pulse of tracePulses({ ...near, deadTimeNs: 30 }, 20_000, 9)) {
      if (pulse.gate === 'dead') expect(pulse.clicks).toEqual([false, false])
      expect(pulse.gate).toBe(quiet > 0 ? 'dead' : 'open')
      quiet = pulse.bobBit === undefined ? quiet - 1 : 3
    }
  })

  it('[QB95] after-pulses: each click brings another with p_ap, of a random bit', () => {
    for (const channel of [
      { ...near, afterPulseProbability: 0.04 },
      { ...near, source: decoys, afterPulseProbability: 0.3, deadTimeNs: 50 },
    ]) {
      for (const engine of engines) {
        const { afterPulses, total } = simulateChannel({ channel, pulses: 3_000_000, seed: 10, engine })
        expect(sigmas(afterPulses, total.detected, channel.afterPulseProbability)).toBeLessThan(5)
      }
    }
    // To first order the gain of Lim et al. 2014: D (1 + p_ap).
    const rare = { ...near, distanceKm: 100, darkCountProbability: 1e-5 }
    const gain = expectedStatistics(rare).total.detected
    const after = expectedStatistics({ ...rare, afterPulseProbability: 0.04 }).total.detected
    expect(after / gain).toBeCloseTo(1 / 0.96, 3)
    expect(Math.abs(after / gain - 1.04)).toBeLessThan(0.04 ** 2 + 0.001)
  })

  it('[QB91] a run longer than a segment of 2^30 pulses meets the law as well', () => {
    const channel = { distanceKm: 100, source: decoys, deadTimeNs: 1e5, afterPulseProbability: 0.02 }
    const pulses = 2 ** 31 + 12_345
    const statistics = simulateChannel({ channel, pulses, seed: 11, engine: 'event-driven' })
    expect(statistics.total.sent).toBe(pulses)
    const [where, distance] = worstSigmas(statistics, expectedStatistics(channel, pulses), 1.1)
    expect(distance, where).toBeLessThan(5)
  })

  it('[QB96] refuses sizes, seeds and engines out of bounds, by name', () => {
    const run = (options: object): unknown =>
      simulateChannel({ pulses: 1000, seed: 1, engine: 'per-pulse', ...options } as never)
    expect(run({})).toMatchObject({ pulses: 1000 })
    for (const pulses of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2e12]) {
      expect(() => run({ pulses }), `${pulses}`).toThrow(RangeError)
      expect(() => run({ pulses }), `${pulses}`).toThrow('pulses')
      expect(() => [...tracePulses({}, pulses, 1)], `${pulses}`).toThrow('pulses')
    }
    for (const pulses of [0, Number.NaN, -5]) expect(() => expectedStatistics({}, pulses)).toThrow('pulses')
    for (const seed of [Number.NaN, 0.5, '7', undefined]) expect(() => run({ seed })).toThrow('seed')
    expect(() => run({ engine: 'warp' })).toThrow('engine')
    expect(() => run({ channel: { distanceKm: -1 } })).toThrow('distanceKm')
  })
})
