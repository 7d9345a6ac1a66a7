import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { binaryEntropy } from '../security/entropy.ts'
import type { Eve } from './attack.ts'
import {
  breidbartGuess,
  canBlockEverySinglePhoton,
  clonerCrossing,
  eveInformationPerBit,
  expectedQber,
  interceptionNoticed,
} from './attack-formulas.ts'
import { sigmas } from './compare.ts'
import { attackEffect, observedEffect } from './expected.ts'
import {
  channelErrorRate,
  clickProbability,
  fibreTransmittance,
  mutualInformationPerBit,
  transmittance,
} from './model.ts'
import { type ChannelParameters, channelParameters } from './parameters.ts'
import { simulateChannel } from './simulate-channel.ts'
import { splittingPlan } from './splitting-plan.ts'

const engines = ['per-pulse', 'event-driven'] as const
/** One photon at a time, no dark counts: the world of the closed forms. */
const ideal = { distanceKm: 0, detectorEfficiency: 1, darkCountProbability: 0, misalignment: 0 }
const weak = { kind: 'weak-coherent', meanPhotons: 0.5 } as const
const withDecoys = {
  ...weak,
  decoys: [
    { meanPhotons: 0.1, probability: 0.25 },
    { meanPhotons: 0, probability: 0.25 },
  ],
}
const far = { ...ideal, source: withDecoys, distanceKm: 50, detectorEfficiency: 0.5 }

const intercept = (fraction: number, xBasisProbability?: number): Eve =>
  xBasisProbability === undefined
    ? { attack: 'intercept-resend', fraction }
    : { attack: 'intercept-resend', fraction, xBasisProbability }
const breidbart = (fraction: number): Eve => ({ attack: 'breidbart', fraction })
const cloner = (fraction: number, disturbance: number): Eve => ({ attack: 'optimal-individual', fraction, disturbance })
const splitting = (fraction: number, controlsDetector: boolean): Eve => ({
  attack: 'photon-number-splitting',
  fraction,
  controlsDetector,
})
const tapping = (fraction: number, memory: boolean): Eve => ({ attack: 'beam-splitting', fraction, memory })

/**
 * Vacuum and weak decoy bound on Y1 (Ma, Qi, Zhao, Lo, Phys. Rev. A 72, 012326, 2005), for endless runs; gains of the
 * signal, the weak decoy and the vacuum.
 */
function singlePhotonYieldBound([q, qWeak, y0]: readonly number[], mu: number, nu: number): number {
  const share = (nu * nu) / (mu * mu)
  const sum = qWeak! * Math.exp(nu) - q! * Math.exp(mu) * share - (1 - share) * y0!
  return (mu / (mu * nu - nu * nu)) * sum
}

describe('eavesdroppers', () => {
  it('[QB97] errors and information are those of the papers', () => {
    const effect = (eve: Eve) => attackEffect({ ...ideal, eve })
    expect(effect({ attack: 'none' })).toMatchObject({ qber: 0, eveInformationPerBit: 0 })
    expect(effect(intercept(1)).qber).toBeCloseTo(0.25, 12)
    expect(effect(intercept(1)).eveInformationPerBit).toBeCloseTo(0.5, 12)
    expect(effect(breidbart(1)).qber).toBeCloseTo(0.25, 12)
    expect(effect(breidbart(1)).eveInformationPerBit).toBeCloseTo(0.3991, 4)
    for (const disturbance of [0, 0.05, 0.11, 0.3, 0.5]) {
      const { qber, eveInformationPerBit: information } = effect(cloner(1, disturbance))
      const phi = (z: number): number => {
        const term = (x: number): number => (x <= 0 ? 0 : x * Math.log2(x))
        return term(1 + z) + term(1 - z)
      }
      expect(qber).toBeCloseTo(disturbance, 12)
      expect(information).toBeCloseTo(phi(2 * Math.sqrt(disturbance * (1 - disturbance))) / 2, 10)
    }
    expect(mutualInformationPerBit(clonerCrossing)).toBeCloseTo(eveInformationPerBit(cloner(1, clonerCrossing)), 12)
    expect(clonerCrossing).toBeCloseTo(0.1464, 4)
    expect(1 - binaryEntropy(1 - breidbartGuess)).toBeCloseTo(0.3991, 4)
    expect(interceptionNoticed(1, 40)).toBeCloseTo(1 - 0.75 ** 40, 14)
  })

  it('[QB97] closed forms and the full law agree, exactly for single photons and nearly for weak pulses', () => {
    const eves = [intercept(0.4), intercept(1, 0.2), breidbart(0.6), cloner(0.7, 0.12), tapping(1, true)]
    for (const eve of [...eves, tapping(0.5, false), splitting(0.9, true), splitting(1, false)]) {
      const single = channelParameters({
        distanceKm: 20,
        misalignment: 0.03,
        darkCountProbability: 0,
        xBasisProbability: 0.3,
        eve,
      })
      const exact = attackEffect(single)
      expect(exact.qber, JSON.stringify(eve)).toBeCloseTo(expectedQber(single), 10)
      expect(exact.eveInformationPerBit).toBeCloseTo(eveInformationPerBit(eve, single), 10)
      const pulses = channelParameters({ ...far, misalignment: 0.03, xBasisProbability: 0.3, eve })
      const signal = attackEffect({ ...pulses, source: weak })
      expect(Math.abs(signal.qber - expectedQber(pulses)), JSON.stringify(eve)).toBeLessThan(0.006)
      expect(Math.abs(signal.eveInformationPerBit - eveInformationPerBit(eve, pulses))).toBeLessThan(1e-9)
    }
  })

  for (const [name, channel] of [
    ['single photons', { distanceKm: 25, misalignment: 0.02 }],
    ['weak pulses with decoys', { ...far, misalignment: 0.02, darkCountProbability: 1e-4 }],
  ] as const) {
    it(`[QB97] the simulation meets QBER, information and yields of every attack within 5 sigma: ${name}`, () => {
      const eves: Eve[] = [intercept(0.5), intercept(1, 1), breidbart(1), cloner(0.8, 0.2), tapping(1, false)]
      for (const eve of [...eves, tapping(0.6, true), splitting(1, false), splitting(0.7, true)]) {
        const predicted = attackEffect({ ...channel, eve })
        for (const engine of engines) {
          const statistics = simulateChannel({ channel: { ...channel, eve }, pulses: 3_000_000, seed: 41, engine })
          const { total, truth } = statistics
          const seen = observedEffect(statistics)
          const label = `${engine} ${JSON.stringify(eve)} seed 41`
          expect(sigmas(total.errors, total.sifted, predicted.qber), label).toBeLessThan(5)
          seen.gains.forEach((gain, k) => {
            const { z, x } = statistics.intensities[k]!
            expect(sigmas(z.detected + x.detected, z.sent + x.sent, predicted.gains[k]!), label).toBeLessThan(5)
            expect(gain).toBe((z.detected + x.detected) / (z.sent + x.sent))
          })
          for (let n = 0; n < 4; n++) {
            const count = (field: 'sent' | 'detected'): number =>
              truth.intensities.reduce((sum, { z, x }) => sum + z[field][n]! + x[field][n]!, 0)
            if (!(count('sent') * predicted.yields[n]! >= 20)) continue
            if (predicted.yields[n] === 1) expect(seen.yields[n], label).toBe(1)
            else expect(sigmas(count('detected'), count('sent'), predicted.yields[n]!), label).toBeLessThan(5)
          }
          // Slope of the information in the counts behind it, generously.
          const slack = (5 * 3) / Math.sqrt(total.sifted)
          const difference = Math.abs(seen.eveInformationPerBit - predicted.eveInformationPerBit)
          expect(difference, label).toBeLessThan(slack)
        }
      }
    })
  }

  it('[QB97] mixture law: QBER is (1-f) e + f (1/4 + e/2) for random e and f within 5 sigma', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed, 'mixture')
      const misalignment = random() / 2
      const fraction = random()
      const channel = { distanceKm: 5, misalignment, eve: intercept(fraction) }
      const e = channelErrorRate(channelParameters(channel))
      const law = (1 - fraction) * e + fraction * (0.25 + e / 2)
      for (const engine of engines) {
        const { total } = simulateChannel({ channel, pulses: 300_000, seed, engine })
        expect(sigmas(total.errors, total.sifted, law), `seed ${seed}, e ${e}, f ${fraction}`).toBeLessThan(5)
      }
    }
  })

  it('[QB97] what Eve learns does not fall when she attacks more pulses or disturbs them more', () => {
    const attacks = [intercept, breidbart, (f: number) => cloner(f, 0.1), (f: number) => tapping(f, true)]
    for (const eve of [...attacks, (f: number) => splitting(f, true)]) {
      let before = -1
      for (let f = 0; f <= 1; f += 0.05) {
        const now = attackEffect({ ...far, eve: eve(f) }).eveInformationPerBit
        expect(now).toBeGreaterThanOrEqual(before - 1e-12)
        before = now
      }
    }
    let before = -1
    for (let disturbance = 0; disturbance <= 0.5; disturbance += 0.02) {
      const now = eveInformationPerBit(cloner(1, disturbance))
      expect(now).toBeGreaterThan(before)
      before = now
    }
  })

  it('[QB98] a fixed basis shows in the other one alone; Breidbart shows in what is sifted away', () => {
    const fixed = attackEffect({ ...ideal, eve: intercept(1, 1) })
    expect(fixed).toMatchObject({ qberInX: 0, qberInZ: 0.5 })
    const otherBasisErrors = (eve: Eve): number => {
      const { total } = simulateChannel({ channel: { ...ideal, eve }, pulses: 400_000, seed: 51, engine: 'per-pulse' })
      return total.otherBasisErrors / (total.detected - total.sifted)
    }
    expect(otherBasisErrors(intercept(1))).toBeCloseTo(0.5, 2)
    expect(otherBasisErrors(breidbart(1))).toBeCloseTo(0.25, 2)
  })

  it('[QB98] a tap changes nothing that anyone can count', () => {
    for (const memory of [true, false]) {
      const channel = { ...far, misalignment: 0.02, darkCountProbability: 1e-4 }
      const honest = attackEffect(channel)
      const tapped = attackEffect({ ...channel, eve: tapping(1, memory) })
      expect(tapped.qber).toBeCloseTo(honest.qber, 12)
      tapped.gains.forEach((gain, k) => {
        expect(gain).toBeCloseTo(honest.gains[k]!, 12)
      })
      tapped.yields.forEach((each, n) => {
        expect(each).toBeCloseTo(honest.yields[n]!, 6)
      })
      const known = 1 - Math.exp(-(1 - fibreTransmittance(channelParameters(channel))) * 0.5)
      expect(eveInformationPerBit(tapping(1, memory), channelParameters(channel))).toBeCloseTo(
        memory ? known : known / 2,
        12,
      )
    }
  })

  it('[QB99] blocking single photons keeps gain and QBER of the signal and drives the decoy bound on Y1 down', () => {
    let blocking = 0
    for (let seed = 1; seed <= 120; seed++) {
      const random = seededRandom(seed, 'splitting')
      const mu = 0.2 + 0.6 * random()
      const nu = mu * (0.05 + 0.4 * random())
      const channel = {
        ...far,
        source: {
          kind: 'weak-coherent' as const,
          meanPhotons: mu,
          decoys: [
            { meanPhotons: nu, probability: 0.2 },
            { meanPhotons: 0, probability: 0.1 },
          ],
        },
        distanceKm: 5 + 120 * random(),
        detectorEfficiency: 0.05 + 0.9 * random(),
        misalignment: 0.03,
        darkCountProbability: 1e-6,
      }
      const controlsDetector = random() < 0.5
      const eve = splitting(0.2 + 0.8 * random(), controlsDetector)
      const optics = channelParameters(channel)
      const plan = splittingPlan(optics, eve as never)
      const single = plan.singlesPassed * (controlsDetector ? 1 : optics.detectorEfficiency)
      if (single >= transmittance(optics) || plan.singlesPassed === 1) continue // a line without room to hide
      blocking++
      const honest = attackEffect(channel)
      const split = attackEffect({ ...channel, eve })
      const label = `seed ${seed}`
      expect(split.gains[0], label).toBeCloseTo(honest.gains[0]!, 12)
      const signal = { ...channel, source: { kind: 'weak-coherent' as const, meanPhotons: mu } }
      const moved = Math.abs(attackEffect({ ...signal, eve }).qber - attackEffect(signal).qber)
      expect(moved, label).toBeLessThan(0.005)
      expect(split.yields[1], label).toBeLessThan(honest.yields[1]!)
      const before = singlePhotonYieldBound(honest.gains, mu, nu)
      expect(before, label).toBeLessThanOrEqual(honest.yields[1]! * (1 + 1e-9))
      expect(singlePhotonYieldBound(split.gains, mu, nu), label).toBeLessThan(before)
    }
    expect(blocking).toBeGreaterThan(60)
  })

  it('[QB99] the same in counts: the signal looks as before, Y1 falls beyond statistics, and is truly low', () => {
    const channel = { ...far, misalignment: 0.02, darkCountProbability: 1e-5 }
    for (const engine of engines) {
      const [honest, split] = [{ attack: 'none' } as const, splitting(1, true)].map((eve) => {
        const statistics = simulateChannel({ channel: { ...channel, eve }, pulses: 20_000_000, seed: 61, engine })
        const signal = statistics.intensities[0]!
        const numbers = statistics.truth.intensities[0]!
        return {
          clicks: signal.z.detected + signal.x.detected,
          sent: signal.z.sent + signal.x.sent,
          qber: (signal.z.errors + signal.x.errors) / (signal.z.sifted + signal.x.sifted),
          bound: singlePhotonYieldBound(observedEffect(statistics).gains, 0.5, 0.1),
          y1: (numbers.z.detected[1]! + numbers.x.detected[1]!) / (numbers.z.sent[1]! + numbers.x.sent[1]!),
        }
      })
      const label = `${engine} seed 61`
      expect(sigmas(split!.clicks, split!.sent, honest!.clicks / honest!.sent), label).toBeLessThan(7)
      expect(Math.abs(split!.qber - honest!.qber), label).toBeLessThan(0.003)
      expect(honest!.bound / honest!.y1, label).toBeGreaterThan(0.85)
      expect(honest!.bound / honest!.y1, label).toBeLessThan(1.05)
      expect(split!.y1, label).toBeLessThan(0.1 * honest!.y1)
      expect(split!.bound, label).toBeLessThan(0.5 * honest!.bound)
    }
  })

  it('[QB99] without decoys every single photon can be blocked once the line loses enough', () => {
    const at = (distanceKm: number): ChannelParameters => channelParameters({ ...far, source: weak, distanceKm })
    expect(canBlockEverySinglePhoton(at(0))).toBe(false)
    expect(canBlockEverySinglePhoton(at(100))).toBe(true)
    const blocked = attackEffect({ ...at(100), eve: splitting(1, true) })
    expect(blocked.eveInformationPerBit).toBeCloseTo(1, 12)
    expect(blocked.yields[1]).toBe(0)
    expect(blocked.gains[0]).toBeCloseTo(clickProbability(at(100)), 12)
  })

  it('[QB96] refuses attacks that are out of bounds, by name', () => {
    const refused: [string, unknown][] = [
      ['eve is', null],
      ['eve is', { attack: 'sorcery', fraction: 1 }],
      ['eve.fraction', intercept(Number.NaN)],
      ['eve.fraction', breidbart(-0.1)],
      ['eve.fraction', cloner(1.01, 0.1)],
      ['eve.fraction', { attack: 'breidbart' }],
      ['eve.xBasisProbability', intercept(1, 2)],
      ['eve.xBasisProbability', intercept(1, Number.NaN)],
      ['eve.disturbance', cloner(1, 0.51)],
      ['eve.disturbance', cloner(1, Number.NaN)],
      ['eve.controlsDetector', { attack: 'photon-number-splitting', fraction: 1 }],
      ['eve.memory', { attack: 'beam-splitting', fraction: 1, memory: 'good' }],
    ]
    for (const [name, eve] of refused) {
      expect(() => channelParameters({ eve: eve as Eve }), name).toThrow(RangeError)
      expect(() => channelParameters({ eve: eve as Eve }), name).toThrow(name)
    }
    for (const eve of [intercept(0), breidbart(1), cloner(1, 0.5), splitting(0.5, true), tapping(1, false)]) {
      expect(channelParameters({ eve }).eve).toEqual(eve)
    }
  })
})
