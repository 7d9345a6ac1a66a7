import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asymptoticSixStateRate,
  asymptoticSixStateThreshold,
  asymptoticThreshold,
  repeaterlessBound,
} from './asymptotic.ts'
import { asymptoticOptimalIntensity, asymptoticVacuumWeakBounds } from './asymptotic-decoy.ts'
import { binaryEntropy, binaryEntropyUncapped } from './entropy.ts'
import { asymptoticGllpRate } from './gllp.ts'
import {
  modelAsymptoticRate,
  modelDecoyInfinite,
  modelGllp,
  modelSinglePhoton,
  modelVacuumWeak,
} from './model-asymptotic.ts'
import { modelPhotons, modelPulse, modelTransmittance } from './model-channel.ts'
import { parameterSets } from './parameter-sets.ts'
import type { SecurityParameters } from './parameters.ts'
import { reachKm } from './reach.ts'

const { gys, kth } = parameterSets

const logarithmic = (from: number, to: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(from), max: Math.log(to), noNaN: true }).map(Math.exp)

const randomChannel = fc
  .record({
    misalignment: fc.double({ min: 0, max: 0.1, noNaN: true }),
    darkYield: logarithmic(1e-9, 1e-4),
    detectorEfficiency: fc.double({ min: 0.01, max: 1, noNaN: true }),
    afterPulseProbability: fc.constantFrom(0, 0.04),
    signalIntensity: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    weak: fc.double({ min: 0.02, max: 0.9, noNaN: true }),
  })
  .map(
    ({ weak, ...values }): SecurityParameters => ({ ...gys, ...values, decoyIntensity: weak * values.signalIntensity }),
  )
const distance = fc.double({ min: 0, max: 150, noNaN: true })

describe('limits of long keys', () => {
  it('[QB70] thresholds: 11.0 % (Shor and Preskill 2000), 12.6 % with six states (Lo 2001)', () => {
    expect(asymptoticThreshold()).toBeCloseTo(0.11, 3)
    expect(asymptoticSixStateThreshold()).toBeCloseTo(0.126, 3)
    expect(asymptoticSixStateRate(0)).toBe(1)
  })

  it('[QB70] GYS reaches 142 km with infinite decoys, 140.6 km with vacuum and weak (Ma et al. 2005)', () => {
    expect(reachKm((km) => modelDecoyInfinite(gys, km).ratePerPulse)).toBeCloseTo(142, 0)
    expect(reachKm((km) => modelVacuumWeak(gys, km).ratePerPulse)).toBeCloseTo(140.6, 1)
    expect(reachKm((km) => 1 - km / 12.5)).toBeCloseTo(12.5, 5)
    expect(reachKm(() => 0)).toBe(0)
    expect(reachKm(() => 1, 300)).toBe(300)
  })

  it('[QB70] the best signal intensity of GYS is 0.48, and 0.54 with ideal codes (Ma et al. 2005)', () => {
    expect(asymptoticOptimalIntensity(0.033, 1.22)).toBeCloseTo(0.48, 2)
    expect(asymptoticOptimalIntensity(0.033, 1)).toBeCloseTo(0.54, 2)
    expect(asymptoticOptimalIntensity(0.2, 1.22)).toBe(0)
  })

  it('[QB70] at the best intensity the rate is a maximum while dark counts are few', () => {
    const best = asymptoticOptimalIntensity(gys.misalignment, gys.fEc)
    const at = (signalIntensity: number): number => modelDecoyInfinite({ ...gys, signalIntensity }, 40).ratePerPulse
    expect(at(best)).toBeGreaterThan(at(best * 1.1))
    expect(at(best)).toBeGreaterThan(at(best * 0.9))
  })

  it('[QB73] the threshold falls with the leak of the code', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (f, more) => {
          expect(asymptoticThreshold(f + more)).toBeLessThan(asymptoticThreshold(f))
        },
      ),
    )
  })

  it('[QB20] the uncapped entropy is symmetric and 0 outside of probabilities', () => {
    expect(binaryEntropyUncapped(0.3)).toBe(binaryEntropy(0.3))
    expect(binaryEntropyUncapped(0.7)).toBeCloseTo(binaryEntropy(0.3), 14)
    expect(binaryEntropyUncapped(1)).toBe(0)
    expect(binaryEntropyUncapped(1.5)).toBe(0)
    expect(binaryEntropyUncapped(-0.5)).toBe(0)
  })

  it('[QB20] the repeaterless bound is log2(1 / (1 - eta)), 1.44 eta far away', () => {
    expect(repeaterlessBound(0.5)).toBeCloseTo(1, 14)
    expect(repeaterlessBound(1e-9)).toBeCloseTo(1e-9 / Math.LN2, 17)
    expect(repeaterlessBound(1)).toBe(Number.POSITIVE_INFINITY)
  })

  it('[QB74] no rate passes the one above it: GLLP, decoys, single photons, no repeater', () => {
    fc.assert(
      fc.property(randomChannel, distance, (random, km) => {
        const channel = { ...random, siftedShare: 1 }
        const gllp = modelGllp(channel, km).ratePerPulse
        const weak = modelVacuumWeak(channel, km).ratePerPulse
        const infinite = modelDecoyInfinite(channel, km).ratePerPulse
        const limit = repeaterlessBound(modelTransmittance(channel, km))
        for (const rate of [gllp, weak, infinite]) expect(rate).toBeGreaterThanOrEqual(0)
        expect(gllp).toBeLessThanOrEqual(infinite + 1e-15)
        expect(weak).toBeLessThanOrEqual(infinite * (1 + 1e-9) + 1e-15)
        expect(infinite).toBeLessThanOrEqual(modelAsymptoticRate(channel, km) + 1e-15)
        expect(modelAsymptoticRate(channel, km)).toBeLessThanOrEqual(limit)
      }),
    )
  })

  it('[QB73] rates do not rise with errors, loss, leak or dark counts', () => {
    const rates = [modelAsymptoticRate, ...[modelGllp, modelDecoyInfinite, modelVacuumWeak].map(rateOf)]
    fc.assert(
      fc.property(randomChannel, distance, (channel, km) => {
        for (const rate of rates) {
          const before = rate(channel, km) * (1 + 1e-9) + 1e-16
          expect(rate({ ...channel, misalignment: channel.misalignment + 0.01 }, km)).toBeLessThanOrEqual(before)
          expect(rate({ ...channel, fEc: channel.fEc + 0.1 }, km)).toBeLessThanOrEqual(before)
          expect(rate({ ...channel, darkYield: channel.darkYield * 2 }, km)).toBeLessThanOrEqual(before)
          expect(rate(channel, km + 5)).toBeLessThanOrEqual(before)
        }
      }),
    )
  })

  it('[QB75] vacuum and weak tend to infinite decoys as the weak one fades', () => {
    fc.assert(
      fc.property(randomChannel, distance, (channel, km) => {
        const { gain, qber } = modelSinglePhoton(channel, km)
        let above = Number.POSITIVE_INFINITY
        for (const share of [0.3, 0.1, 0.03, 0.01, 0.001]) {
          const found = modelVacuumWeak({ ...channel, decoyIntensity: share * channel.signalIntensity }, km)
          const missing = gain - found.singlePhotonYield
          expect(missing).toBeLessThanOrEqual(above + 1e-9 * gain)
          above = missing
        }
        const last = modelVacuumWeak({ ...channel, decoyIntensity: 1e-3 * channel.signalIntensity }, km)
        expect(last.singlePhotonYield / gain).toBeGreaterThan(0.99)
        expect(last.singlePhotonErrorRate / qber).toBeLessThan(1.02)
      }),
    )
  })

  it('[QB72] the bounds of vacuum and weak contain the true Y1 and e1', () => {
    fc.assert(
      fc.property(randomChannel, distance, (channel, km) => {
        const { gain, qber } = modelSinglePhoton(channel, km)
        const { singlePhotonYield, singlePhotonErrorRate } = modelVacuumWeak(channel, km)
        expect(singlePhotonYield).toBeLessThanOrEqual(gain * (1 + 1e-9))
        if (qber <= 0.5) expect(singlePhotonErrorRate).toBeGreaterThanOrEqual(qber * (1 - 1e-9))
      }),
    )
  })

  it('[QB72] gains are what the photon numbers add up to', () => {
    fc.assert(
      fc.property(randomChannel, distance, fc.constantFrom('added', 'either'), (channel, km, law) => {
        const eta = modelTransmittance(channel, km)
        const mu = channel.signalIntensity
        const total = { click: 0, error: 0 }
        for (let n = 0, weight = Math.exp(-mu); n < 40; n++, weight *= mu / n) {
          const { click, error } = modelPhotons(channel, eta, n, law)
          total.click += weight * click
          total.error += weight * error
        }
        const pulse = modelPulse(channel, eta, mu, law)
        expect(total.click / pulse.click).toBeCloseTo(1, 10)
        expect(total.error / pulse.error).toBeCloseTo(1, 10)
      }),
    )
  })

  it('[QB79] blocking single photons unseen in the signal shows in the decoy', () => {
    // Pulses of two photons and more always arrive, single ones just often enough that Q_mu stays as it was.
    fc.assert(
      fc.property(randomChannel, fc.double({ min: 20, max: 150, noNaN: true }), (channel, km) => {
        const eta = modelTransmittance(channel, km)
        const { signalIntensity: mu, decoyIntensity: nu, darkYield } = channel
        const honest = (n: number): number => modelPhotons(channel, eta, n, 'added').click
        const poisson = (mean: number, yieldOf: (n: number) => number): number => {
          let gain = 0
          for (let n = 0, weight = Math.exp(-mean); n < 40; n++, weight *= mean / n) gain += weight * yieldOf(n)
          return gain
        }
        const without = poisson(mu, (n) => (n === 1 ? 0 : n === 0 ? honest(0) : 1))
        const single = (poisson(mu, honest) - without) / (mu * Math.exp(-mu))
        const attacked = (n: number): number => (n === 0 ? honest(0) : n === 1 ? single : 1)
        fc.pre(single >= 0 && single < honest(1))
        const bound = (yieldOf: (n: number) => number): number =>
          asymptoticVacuumWeakBounds({
            signalIntensity: mu,
            weakIntensity: nu,
            signalGain: poisson(mu, yieldOf),
            weakGain: poisson(nu, yieldOf),
            weakErrorGain: 0,
            darkYield,
          }).singlePhotonYield
        expect(poisson(mu, attacked) / poisson(mu, honest)).toBeCloseTo(1, 9)
        expect(bound(attacked)).toBeLessThan(bound(honest))
      }),
    )
  })

  it('[QB22] without light, or with nothing but multi-photon pulses, GLLP keeps nothing', () => {
    const input = { intensity: 0.5, gain: 0.01, qber: 0.01, fEc: 1.22, siftedShare: 0.5 }
    expect(asymptoticGllpRate(input)).toMatchObject({ ratePerPulse: 0 })
    expect(asymptoticGllpRate(input).untaggedShare).toBeLessThan(0)
    expect(asymptoticGllpRate({ ...input, gain: 0 }).ratePerPulse).toBe(0)
    expect(modelVacuumWeak({ ...kth, darkYield: 0.1 }, 300)).toMatchObject({ ratePerPulse: 0 })
  })
})

type Model = (parameters: SecurityParameters, km: number) => { ratePerPulse: number }

function rateOf(model: Model): (parameters: SecurityParameters, km: number) => number {
  return (parameters, km) => model(parameters, km).ratePerPulse
}
