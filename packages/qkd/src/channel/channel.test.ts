import { describe, expect, it } from 'vitest'
import { bitAt } from '../bits.ts'
import { type SeededRandom, seededRandom } from '../random.ts'
import { expectedQber } from './attack-formulas.ts'
import { sigmas, sigmasApart } from './compare.ts'
import { expectedStatistics } from './expected.ts'
import { channelErrorRate, clickProbability, multiPhotonProbability, transmittance } from './model.ts'
import {
  type ChannelParameters,
  channelParameters,
  defaultChannel,
  describeOptics,
  type Eve,
  parseOptics,
} from './parameters.ts'
import { simulatedReceiver, simulatedSender } from './simulated.ts'

const coherent = { kind: 'weak-coherent', meanPhotons: 0.5 } as const
const twoDecoys = {
  ...coherent,
  decoys: [
    { meanPhotons: 0.1, probability: 0.3 },
    { meanPhotons: 0, probability: 0.2 },
  ],
}
const near = { distanceKm: 0, detectorEfficiency: 0.3 }

function randomBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random() * 256)
}

interface Counts {
  pulses: number
  clicks: number
  sifted: number
  errors: number
  onesInOtherBasis: number
  wrongInOtherBasis: number
  otherBasis: number
  byIntensity: { clicks: number; sifted: number; errors: number; wrongInOtherBasis: number }[]
}

/** Bits through both ends of the simulated channel. */
function fly(channel: ChannelParameters, pulses: number, seed: number, intensities?: Uint8Array): Counts {
  const random = seededRandom(seed, 'test')
  const bits = randomBytes(random, Math.ceil(pulses / 8))
  const aliceBases = randomBytes(random, Math.ceil(pulses / 8))
  const bobBases = randomBytes(random, Math.ceil(pulses / 8))
  const runSeed = randomBytes(random, 32)
  const sender = simulatedSender(channel)
  const receiver = simulatedReceiver(sender.description)!
  const clicks = receiver.measure(
    runSeed,
    pulses,
    sender.emit(runSeed, pulses, bits, aliceBases, intensities),
    bobBases,
  )!
  const counts: Counts = {
    pulses,
    clicks: clicks.pulseIndex.length,
    sifted: 0,
    errors: 0,
    onesInOtherBasis: 0,
    wrongInOtherBasis: 0,
    otherBasis: 0,
    byIntensity: [0, 1, 2].map(() => ({ clicks: 0, sifted: 0, errors: 0, wrongInOtherBasis: 0 })),
  }
  clicks.pulseIndex.forEach((pulse, i) => {
    const isWrong = clicks.outcome[i] !== bitAt(bits, pulse)
    const ofIntensity = counts.byIntensity[intensities?.[pulse] ?? 0]!
    ofIntensity.clicks++
    if (clicks.basis[i] === bitAt(aliceBases, pulse)) {
      counts.sifted++
      ofIntensity.sifted++
      if (isWrong) counts.errors++
      if (isWrong) ofIntensity.errors++
    } else {
      counts.otherBasis++
      counts.onesInOtherBasis += clicks.outcome[i]!
      if (isWrong) counts.wrongInOtherBasis++
      if (isWrong) ofIntensity.wrongInOtherBasis++
    }
  })
  return counts
}

/** The same, pulse by pulse and photon by photon, from the definitions alone. */
function flyEveryPulse(channel: ChannelParameters, pulses: number, seed: number): Counts {
  const random = seededRandom(seed, 'reference')
  const coin = (): 0 | 1 => (random() < 0.5 ? 0 : 1)
  const fibre = 10 ** ((-channel.attenuationDbPerKm * channel.distanceKm) / 10)
  const counts: Counts = {
    pulses,
    clicks: 0,
    sifted: 0,
    errors: 0,
    onesInOtherBasis: 0,
    wrongInOtherBasis: 0,
    otherBasis: 0,
    byIntensity: [0, 1, 2].map(() => ({ clicks: 0, sifted: 0, errors: 0, wrongInOtherBasis: 0 })),
  }
  for (let pulse = 0; pulse < pulses; pulse++) {
    let photons = 1
    if (channel.source.kind === 'weak-coherent') {
      photons = -1
      for (let product = 1; product > Math.exp(-channel.source.meanPhotons); photons++) product *= 1 - random()
    }
    const sent = { basis: coin(), bit: coin() }
    let state = sent
    if (channel.eve.attack === 'intercept-resend' && random() < channel.eve.fraction) {
      const basis = coin()
      state = { basis, bit: basis === sent.basis ? sent.bit : coin() }
    }
    const bobBasis = coin()
    const clicks = [random() < channel.darkCountProbability, random() < channel.darkCountProbability]
    for (let i = 0; i < photons; i++) {
      if (random() >= fibre || random() >= channel.detectorEfficiency) continue
      const flipped = random() < (bobBasis === state.basis ? channel.misalignment : 0.5)
      clicks[flipped ? 1 - state.bit : state.bit] = true
    }
    if (!clicks[0] && !clicks[1]) continue
    const outcome = clicks[0] && clicks[1] ? coin() : clicks[1] ? 1 : 0
    counts.clicks++
    if (bobBasis === sent.basis) {
      counts.sifted++
      if (outcome !== sent.bit) counts.errors++
    } else {
      counts.otherBasis++
      counts.onesInOtherBasis += outcome
      if (outcome !== sent.bit) counts.wrongInOtherBasis++
    }
  }
  return counts
}

describe('the simulated channel', () => {
  const cases: [name: string, channel: Partial<ChannelParameters>, fractions: number[]][] = [
    ['single photons, default', {}, [0, 0.3, 1]],
    ['single photons, dark and crooked', { ...near, darkCountProbability: 0.02, misalignment: 0.08 }, [0, 0.5, 1]],
    ['weak pulses', { ...near, source: coherent, misalignment: 0.03 }, [0, 0.25, 1]],
    ['bright pulses, many double clicks', { ...near, source: { kind: 'weak-coherent', meanPhotons: 4 } }, [0, 0.7, 1]],
  ]
  for (const [name, given, fractions] of cases) {
    for (const fraction of fractions) {
      it(`[QB1] QBER is (1-f) e + f (1/4 + e/2) within 5 sigma: ${name}, f = ${fraction}`, () => {
        const channel = channelParameters({ ...given, eve: { attack: 'intercept-resend', fraction } })
        const e = channelErrorRate(channel)
        const law = (1 - fraction) * e + fraction * (0.25 + e / 2)
        expect(expectedQber(channel)).toBeCloseTo(law, 12)
        const counts = fly(channel, Math.round(40_000 / clickProbability(channel)), 11)
        expect(sigmas(counts.errors, counts.sifted, law)).toBeLessThan(5)
      })
    }

    it(`[QB2] clicks follow the same law as a simulation of every pulse: ${name}`, () => {
      const channel = channelParameters({ ...given, eve: { attack: 'intercept-resend', fraction: 0.4 } })
      const ours = fly(channel, 400_000, 3)
      const every = flyEveryPulse(channel, 400_000, 4)
      expect(sigmas(ours.clicks, ours.pulses, clickProbability(channel))).toBeLessThan(5)
      expect(sigmasApart(ours.clicks, ours.pulses, every.clicks, every.pulses)).toBeLessThan(5)
      expect(sigmasApart(ours.errors, ours.sifted, every.errors, every.sifted)).toBeLessThan(5)
      expect(sigmas(ours.onesInOtherBasis, ours.otherBasis, 0.5)).toBeLessThan(5)
      expect(sigmas(ours.wrongInOtherBasis, ours.otherBasis, 0.5)).toBeLessThan(5)
      expect(sigmas(ours.sifted, ours.clicks, 0.5)).toBeLessThan(5)
    })
  }

  it('[QB3] an attack on no pulse changes no byte', () => {
    const seed = new Uint8Array(32)
    const bits = new Uint8Array(1250).fill(0xa5)
    const fly0 = simulatedSender(channelParameters({ eve: { attack: 'intercept-resend', fraction: 0 } }))
    const none = simulatedSender(channelParameters())
    expect(fly0.emit(seed, 10_000, bits, bits)).toEqual(none.emit(seed, 10_000, bits, bits))
  })

  it('[QB3] what the receiver is told is the same with and without Eve', () => {
    const eve = channelParameters({ eve: { attack: 'intercept-resend', fraction: 1 } })
    expect(describeOptics(eve)).toEqual(describeOptics(defaultChannel))
  })

  it('[QB4] traffic grows with clicks, not with pulses', () => {
    const bits = new Uint8Array(125_000)
    const bytes = (distanceKm: number): number =>
      simulatedSender(channelParameters({ distanceKm }))
        .emit(new Uint8Array(32), 1_000_000, bits, bits)
        .reduce((sum, portion) => sum + portion.length, 0)
    expect(bytes(25)).toBeLessThan(110_000)
    expect(bytes(75)).toBeLessThan(16_000)
  })

  it('[QB5] only eta times mu enters: half the efficiency and twice the light click alike', () => {
    const dim = channelParameters({ ...near, source: coherent })
    const bright = channelParameters({ ...near, detectorEfficiency: 0.15, source: { ...coherent, meanPhotons: 1 } })
    expect(clickProbability(dim)).toBeCloseTo(clickProbability(bright), 14)
    expect(channelErrorRate(dim)).toBeCloseTo(channelErrorRate(bright), 14)
  })

  it('[QB5] checkpoints: 10 dB pass a tenth, mean 0.5 holds 9.02 % of pulses with two photons or more', () => {
    expect(transmittance(channelParameters({ distanceKm: 50, detectorEfficiency: 1 }))).toBeCloseTo(0.1, 12)
    expect(multiPhotonProbability(coherent)).toBeCloseTo(0.090204, 6)
    expect(multiPhotonProbability({ kind: 'single-photon' })).toBe(0)
  })

  it('[QB6] accepts its own description and refuses every other', () => {
    const description = describeOptics(channelParameters({ source: coherent }))
    expect(parseOptics(description)).toMatchObject({ source: coherent, distanceKm: 25 })
    expect(parseOptics(description.subarray(1))).toBeUndefined()
    expect(parseOptics(Uint8Array.of(...description, 0))).toBeUndefined()
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1, 1e9]) {
      for (let field = 0; field < 6; field++) {
        const spoilt = description.slice()
        new DataView(spoilt.buffer).setFloat64(1 + 8 * field, bad)
        expect(parseOptics(spoilt), `field ${field} = ${bad}`).toBeUndefined()
      }
    }
  })

  it('[QB100] version 1 of a description is still read and written; decoys and detectors with memory make version 2', () => {
    const version1 = describeOptics(channelParameters({ source: coherent }))
    expect([version1[0], version1.length]).toEqual([1, 49])
    expect(describeOptics(defaultChannel)[0]).toBe(0)
    expect(parseOptics(describeOptics(defaultChannel))).toEqual({ ...defaultChannel, eve: undefined })
    const optics = channelParameters({
      source: twoDecoys,
      xBasisProbability: 0.9,
      pulseRateHz: 1e9,
      deadTimeNs: 100,
      afterPulseProbability: 0.04,
    })
    const version2 = describeOptics(optics)
    expect(version2[0]).toBe(2)
    expect(version2.length).toBeLessThan(256) // one byte says its length in a proposal
    expect(parseOptics(version2)).toEqual({ ...optics, eve: undefined })
    for (let cut = 0; cut < version2.length; cut++) expect(parseOptics(version2.subarray(0, cut))).toBeUndefined()
    expect(parseOptics(Uint8Array.of(...version2, 0))).toBeUndefined()
    for (const bad of [Number.NaN, -1, 1e16]) {
      for (let field = 0; field < 10; field++) {
        const spoilt = version2.slice()
        new DataView(spoilt.buffer).setFloat64(2 + 8 * field, bad)
        expect(parseOptics(spoilt), `field ${field} = ${bad}`).toBeUndefined()
      }
    }
    const tooMany = version2.slice()
    tooMany[82] = 200
    expect(parseOptics(tooMany)).toBeUndefined()
  })

  it('[QB100] intensities thin the light before it travels: per intensity, clicks and errors are those of the law', () => {
    const seed = 12
    const eves: Eve[] = [
      { attack: 'none' },
      { attack: 'intercept-resend', fraction: 0.5, xBasisProbability: 0.2 },
      { attack: 'breidbart', fraction: 0.8 },
      { attack: 'photon-number-splitting', fraction: 1, controlsDetector: false },
      { attack: 'photon-number-splitting', fraction: 0.7, controlsDetector: true },
      { attack: 'beam-splitting', fraction: 1, memory: true },
      { attack: 'optimal-individual', fraction: 1, disturbance: 0.1 },
    ]
    const detector = { darkCountProbability: 1e-3, misalignment: 0.03, deadTimeNs: 30, afterPulseProbability: 0.1 }
    for (const eve of eves) {
      const channel = channelParameters({
        distanceKm: 10,
        detectorEfficiency: 0.3,
        source: twoDecoys,
        ...detector,
        eve,
      })
      const pulses = 400_000
      const random = seededRandom(seed, 'intensities')
      const intensities = Uint8Array.from({ length: pulses }, () => {
        const u = random()
        return u < 0.3 ? 1 : u < 0.5 ? 2 : 0
      })
      const expected = expectedStatistics(channel, pulses)
      const counts = fly(channel, pulses, seed, intensities)
      const label = `seed ${seed} ${JSON.stringify(eve)}`
      expected.intensities.forEach(({ z, x }, k) => {
        const seen = counts.byIntensity[k]!
        const spread = 1.1 // after-pulses bunch
        for (const [count, mean] of [
          [seen.clicks, z.detected + x.detected],
          [seen.sifted, z.sifted + x.sifted],
          [seen.errors, z.errors + x.errors],
          [seen.wrongInOtherBasis, z.otherBasisErrors + x.otherBasisErrors],
        ] as const) {
          expect(Math.abs(count - mean) / Math.sqrt(mean), `${label} intensity ${k}`).toBeLessThan(5 * spread)
        }
      })
    }
  })

  it('[QB100] refuses intensities that the source does not have, or too few', () => {
    const sender = simulatedSender(channelParameters({ ...near, source: twoDecoys }))
    const bits = new Uint8Array(125)
    const emit = (intensities: Uint8Array): unknown => sender.emit(new Uint8Array(32), 1000, bits, bits, intensities)
    expect(emit(new Uint8Array(1000).fill(2))).toBeDefined()
    expect(() => emit(new Uint8Array(1000).fill(3))).toThrow('intensit')
    expect(() => emit(new Uint8Array(999))).toThrow('intensit')
  })

  it('[QB6] refuses portions that no sender makes', () => {
    const receiver = simulatedReceiver(describeOptics(defaultChannel))!
    const measure = (...bytes: number[]): unknown =>
      receiver.measure(new Uint8Array(32), 16, [Uint8Array.from(bytes)], new Uint8Array(2))
    expect(measure(1, 4, 3, 5)).toBeDefined()
    expect(measure(1)).toBeUndefined() // a gap without a state
    expect(measure(0, 4)).toBeUndefined() // two photons in one pulse's place
    expect(measure(17, 4)).toBeUndefined() // beyond the last pulse
    expect(measure(1, 132)).toBeDefined() // half-way between the bases
    expect(measure(1, 134)).toBeUndefined() // and in one of them
    expect(measure(0x81, 0, 4)).toBeUndefined() // a gap not in its shortest form
    expect(measure(255, 255, 255, 255, 4)).toBeUndefined()
  })

  it('[QB6] names the parameter that is out of range', () => {
    const weakWith = (...decoys: unknown[]): Partial<ChannelParameters> => ({
      source: { ...coherent, decoys } as never,
    })
    const fair = { meanPhotons: 0.1, probability: 0.2 }
    const refused: [name: string, channel: Partial<ChannelParameters>][] = [
      ['source', { source: { kind: 'laser' } as never }],
      ['source', { source: undefined as never }],
      ['decoys', weakWith(fair, fair, fair)],
      ['decoys', { source: { ...coherent, decoys: 'two' } as never }],
      ['decoys: meanPhotons', weakWith({ ...fair, meanPhotons: -1 })],
      ['decoys: meanPhotons', weakWith({ ...fair, meanPhotons: Number.NaN })],
      ['decoys: probability', weakWith({ ...fair, probability: 0 })],
      ['decoys: probability', weakWith(fair, { ...fair, probability: 0.8 })],
      ['decoys: probability', weakWith({ ...fair, probability: Number.NaN })],
      ['xBasisProbability', { xBasisProbability: 1.1 }],
      ['pulseRateHz', { pulseRateHz: 0 }],
      ['deadTimeNs', { deadTimeNs: -1 }],
      ['deadTimeNs', { deadTimeNs: 1e9, pulseRateHz: 1e9 }],
      ['deadTimeNs', { deadTimeNs: Number.NaN }],
      ['afterPulseProbability', { afterPulseProbability: 0.6 }],
      ['afterPulseProbability', { afterPulseProbability: Number.NaN }],
      ['misalignment', { misalignment: 0.51 }],
      ['darkCountProbability', { darkCountProbability: -1e-9 }],
      ['detectorEfficiency', { detectorEfficiency: 1.5 }],
      ['attenuationDbPerKm', { attenuationDbPerKm: Number.POSITIVE_INFINITY }],
    ]
    for (const [name, channel] of refused) {
      expect(() => channelParameters(channel), name).toThrow(RangeError)
      expect(() => channelParameters(channel), name).toThrow(`${name} is`)
    }
    expect(() => channelParameters({ distanceKm: Number.NaN })).toThrow('distanceKm')
    expect(() => channelParameters({ eve: { attack: 'intercept-resend', fraction: 1.5 } })).toThrow('eve.fraction')
    expect(() => channelParameters({ source: { kind: 'weak-coherent', meanPhotons: 0 } })).toThrow('meanPhotons')
  })
})
