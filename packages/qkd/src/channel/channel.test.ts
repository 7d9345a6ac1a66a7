import { describe, expect, it } from 'vitest'
import { bitAt } from '../bits.ts'
import { type SeededRandom, seededRandom } from '../random.ts'
import { channelErrorRate, clickProbability, expectedQber, multiPhotonProbability, transmittance } from './model.ts'
import { type ChannelParameters, channelParameters, defaultChannel, describeOptics, parseOptics } from './parameters.ts'
import { simulatedReceiver, simulatedSender } from './simulated.ts'

const coherent = { kind: 'weak-coherent', meanPhotons: 0.5 } as const
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
}

/** Bits through both ends of the simulated channel. */
function fly(channel: ChannelParameters, pulses: number, seed: number): Counts {
  const random = seededRandom(seed, 'test')
  const bits = randomBytes(random, Math.ceil(pulses / 8))
  const aliceBases = randomBytes(random, Math.ceil(pulses / 8))
  const bobBases = randomBytes(random, Math.ceil(pulses / 8))
  const runSeed = randomBytes(random, 32)
  const sender = simulatedSender(channel)
  const receiver = simulatedReceiver(sender.description)!
  const clicks = receiver.measure(runSeed, pulses, sender.emit(runSeed, pulses, bits, aliceBases), bobBases)!
  const counts: Counts = {
    pulses,
    clicks: clicks.pulseIndex.length,
    sifted: 0,
    errors: 0,
    onesInOtherBasis: 0,
    wrongInOtherBasis: 0,
    otherBasis: 0,
  }
  clicks.pulseIndex.forEach((pulse, i) => {
    if (clicks.basis[i] === bitAt(aliceBases, pulse)) {
      counts.sifted++
      if (clicks.outcome[i] !== bitAt(bits, pulse)) counts.errors++
    } else {
      counts.otherBasis++
      counts.onesInOtherBasis += clicks.outcome[i]!
      if (clicks.outcome[i] !== bitAt(bits, pulse)) counts.wrongInOtherBasis++
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

/** Standard deviations between a counted share and a probability. */
function sigmas(count: number, of: number, probability: number): number {
  return Math.abs(count / of - probability) / Math.sqrt((probability * (1 - probability)) / of)
}

function sigmasApart(a: number, ofA: number, b: number, ofB: number): number {
  const pooled = (a + b) / (ofA + ofB)
  return Math.abs(a / ofA - b / ofB) / Math.sqrt(pooled * (1 - pooled) * (1 / ofA + 1 / ofB))
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

  it('[QB6] refuses portions that no sender makes', () => {
    const receiver = simulatedReceiver(describeOptics(defaultChannel))!
    const measure = (...bytes: number[]): unknown =>
      receiver.measure(new Uint8Array(32), 16, [Uint8Array.from(bytes)], new Uint8Array(2))
    expect(measure(1, 4, 3, 5)).toBeDefined()
    expect(measure(1)).toBeUndefined() // a gap without a state
    expect(measure(0, 4)).toBeUndefined() // two photons in one pulse's place
    expect(measure(17, 4)).toBeUndefined() // beyond the last pulse
    expect(measure(0x81, 0, 4)).toBeUndefined() // a gap not in its shortest form
    expect(measure(255, 255, 255, 255, 4)).toBeUndefined()
  })

  it('[QB6] names the parameter that is out of range', () => {
    expect(() => channelParameters({ distanceKm: Number.NaN })).toThrow('distanceKm')
    expect(() => channelParameters({ eve: { attack: 'intercept-resend', fraction: 1.5 } })).toThrow('eve.fraction')
    expect(() => channelParameters({ source: { kind: 'weak-coherent', meanPhotons: 0 } })).toThrow('meanPhotons')
  })
})
