import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SeededRandom, seededRandom } from '../random.ts'
import { type BasisCounts, type DecoyInput, type DecoyLength, photonNumberProbability, sum } from './decoy-counts.ts'
import { lim2014 } from './lim2014.ts'
import { modelPhotons, modelTransmittance } from './model-channel.ts'
import { modelDecoyCounts } from './model-decoy.ts'
import { decoySetting, modelLim2014, modelRusca2018TwoDecoys } from './model-lim2014.ts'
import { modelRusca2018 } from './model-rusca2018.ts'
import { parameterSets } from './parameter-sets.ts'
import type { SecurityParameters } from './parameters.ts'
import { rusca2018 } from './rusca2018.ts'

const fixed = parameterSets['lim2014-fixed']
const rusca = parameterSets.rusca2018
const bounds = { lim2014, rusca2018 }
const models = { lim2014: modelLim2014, rusca2018: modelRusca2018 }
const names = ['lim2014', 'rusca2018'] as const

const unit = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true })
const setting = fc
  .record({
    misalignment: unit(0, 0.03),
    darkYield: unit(-9, -5).map((x) => 10 ** x),
    afterPulseProbability: fc.constantFrom(0, 0.04),
    signalIntensity: unit(0.2, 0.9),
    weak: unit(0.05, 0.9),
    signalProbability: unit(0.05, 0.95),
    share: unit(0.05, 0.95),
    keyBasisProbability: unit(0.1, 0.95),
    blockBits: unit(4, 11).map((x) => 10 ** x),
  })
  .map(
    ({ weak, share, ...values }): SecurityParameters => ({
      ...fixed,
      ...values,
      decoyIntensity: 2e-4 + weak * (values.signalIntensity - 4e-4),
      decoyProbability: share * (1 - values.signalProbability),
    }),
  )
const distance = unit(0, 150)

/** Counts that contradict each other as an attacker's may. */
const anyCount = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 10_000_000 }))
const anyBasis = (k: number): fc.Arbitrary<BasisCounts> => {
  const list = fc.array(anyCount, { minLength: k, maxLength: k })
  return fc.record({ clicks: list, errors: list })
}
function anyInput(name: (typeof names)[number]): fc.Arbitrary<DecoyInput> {
  const k = name === 'lim2014' ? 3 : 2
  return fc
    .record({
      key: anyBasis(k),
      test: anyBasis(k),
      leakedBits: anyCount,
      parameters: setting,
      epsSec: unit(1e-20, 0.1),
    })
    .map(({ parameters, ...rest }) => ({ ...rest, epsCor: 1e-15, ...lightOf(name, parameters) }))
}

function lightOf(
  name: (typeof names)[number],
  p: SecurityParameters,
): Pick<DecoyInput, 'intensities' | 'probabilities'> {
  const { signalIntensity, decoyIntensity, weakestIntensity, signalProbability, decoyProbability } = p
  return name === 'lim2014'
    ? {
        intensities: [signalIntensity, decoyIntensity, weakestIntensity],
        probabilities: [signalProbability, decoyProbability, 1 - signalProbability - decoyProbability],
      }
    : {
        intensities: [signalIntensity, decoyIntensity],
        probabilities: [signalProbability, 1 - signalProbability],
      }
}

describe('finite keys with decoy states', () => {
  it('[QB71] lim2014 gives the numbers of an independent computation, 50 and 100 km', () => {
    const near = modelLim2014({ ...fixed, blockBits: 1e7 }, 50)
    expect(near.pulses).toBeCloseTo(3447248547.5819187, 3)
    expect(near.result.vacuumBits).toBe(0)
    expect(near.result.singlePhotonBits).toBeCloseTo(5772494.798345558, 4)
    expect(near.result.testSinglePhotonBits).toBeCloseTo(37728.306876215414, 4)
    expect(near.result.testSinglePhotonErrors).toBeCloseTo(6248.419363377805, 5)
    expect(near.result.phaseErrorRate).toBeCloseTo(0.18390456464605448, 10)
    expect(Math.floor(near.result.balanceBits)).toBe(-109867)
    expect(near.result.length).toBe(0)
    const far = modelLim2014({ ...fixed, blockBits: 1e8 }, 100)
    expect(far.result.phaseErrorRate).toBeCloseTo(0.059196022299411795, 10)
    expect(far.result.length).toBe(20364262)
    expect(far.ratePerPulse).toBeCloseTo(5.938002263447618e-5, 12)
  })

  it('[QB71] rusca2018 gives the numbers of an independent computation, 10 and 0 dB', () => {
    const parameters = {
      ...rusca,
      signalIntensity: 0.5,
      decoyIntensity: 0.15,
      signalProbability: 0.7,
      keyBasisProbability: 0.9,
    }
    const far = modelRusca2018({ ...parameters, blockBits: 1e7 }, 50)
    expect(far.liveShare).toBeCloseTo(0.33869997649320666, 12)
    expect(far.pulses).toBeCloseTo(1866880171.4051132, 3)
    expect(far.result.vacuumBitsAtMost).toBeCloseTo(88230.53991237906, 5)
    expect(far.result.singlePhotonBits).toBeCloseTo(5756236.278011595, 4)
    expect(far.result.testSinglePhotonBits).toBeCloseTo(51915.888698070805, 4)
    expect(far.result.testSinglePhotonErrors).toBeCloseTo(1992.259288022595, 5)
    expect(far.result.length).toBe(3267386)
    expect(far.keyBitsPerSecond).toBeCloseTo(1750185.175270672, 3)
    const near = modelRusca2018({ ...parameters, blockBits: 1e8 }, 0)
    expect(near.result.length).toBe(46964804)
    expect(near.keyBitsPerSecond).toBeCloseTo(3600191.2522708867, 3)
  })

  it('[QB71] the leak of a real run counts bit by bit', () => {
    const { key, test, leakedBits, result } = modelLim2014(fixed, 50)
    const input = { key, test, ...lightOf('lim2014', fixed), leakedBits, epsSec: 1e-10, epsCor: 1e-15 }
    expect(lim2014(input).length).toBe(result.length)
    expect(lim2014({ ...input, leakedBits: leakedBits + 1000 }).length).toBe(result.length - 1000)
    expect(lim2014({ ...input, epsCor: 1e-16 }).balanceBits).toBeCloseTo(result.balanceBits - Math.log2(10), 6)
  })

  it('[QB71] secrecy per bit: epsSec is kappa times the length', () => {
    const { epsSec, result } = modelLim2014(parameterSets.lim2014, 50)
    expect(result.length).toBeGreaterThan(1e6)
    expect(epsSec / (1e-15 * result.length)).toBeCloseTo(1, 6)
  })

  it('[QB71] intensities in the wrong order or without probability are refused', () => {
    const { key, test } = modelLim2014(fixed, 50)
    const input = { key, test, ...lightOf('lim2014', fixed), leakedBits: 0, epsSec: 1e-10, epsCor: 1e-15 }
    expect(() => lim2014({ ...input, intensities: [0.3, 0.2, 0.15] })).toThrow(RangeError)
    expect(() => lim2014({ ...input, intensities: [0.5, 0.1, 0.1] })).toThrow(RangeError)
    expect(() => lim2014({ ...input, probabilities: [0.5, 0.5, 0] })).toThrow(RangeError)
    expect(() => rusca2018(input)).toThrow(RangeError)
    expect(() => rusca2018({ ...input, intensities: [0.1, 0.5] })).toThrow(RangeError)
  })

  for (const name of names) {
    it(`[QB72] ${name}: bounds contain the true counts of the analytic channel`, () => {
      fc.assert(
        fc.property(setting, distance, (parameters, km) => {
          const law = name === 'lim2014' ? 'either' : 'added'
          const { result, key, test } = models[name](parameters, km)
          const light = lightOf(name, parameters)
          const eta = modelTransmittance(parameters, km)
          const truly = (n: 0 | 1, basis: BasisCounts): { clicks: number; errors: number } => {
            // All clicks of the basis over clicks per pulse are the pulses behind them.
            const perPulse = light.intensities.map((mean, k) => {
              const { pulse } = decoySetting(parameters, km, law)
              return light.probabilities[k]! * pulse(mean).click
            })
            const pulses = sum(basis.clicks) / sum(perPulse)
            const { click, error } = modelPhotons(parameters, eta, n, law)
            const tau = photonNumberProbability(light, n)
            return { clicks: pulses * tau * click, errors: pulses * tau * error }
          }
          const slack = 1 + 1e-9
          expect(result.vacuumBits).toBeLessThanOrEqual(truly(0, key).clicks * slack)
          expect(result.singlePhotonBits).toBeLessThanOrEqual(truly(1, key).clicks * slack)
          expect(result.testSinglePhotonBits).toBeLessThanOrEqual(truly(1, test).clicks * slack)
          expect(result.testSinglePhotonErrors * slack).toBeGreaterThanOrEqual(truly(1, test).errors)
          if ('vacuumBitsAtMost' in result) {
            expect((result.vacuumBitsAtMost as number) * slack).toBeGreaterThanOrEqual(truly(0, key).clicks)
          }
        }),
      )
    })

    it(`[QB72] ${name}: of simulated runs at most an eps share has true counts outside`, () => {
      const epsSec = 0.05
      const parameters = { ...(name === 'lim2014' ? fixed : rusca), keyBasisProbability: 0.5 }
      const random = seededRandom(11, name)
      const runs = 1500
      let outside = 0
      for (let i = 0; i < runs; i++) if (!containsTruth(name, parameters, epsSec, random)) outside++
      expect(outside / runs).toBeLessThanOrEqual(epsSec)
    })

    it(`[QB73] ${name}: the length moves the right way with errors, leak, dark counts, loss and epsilons`, () => {
      fc.assert(
        fc.property(setting, distance, (parameters, km) => {
          const model = models[name]
          const { length } = model(parameters, km).result
          const lengthOf = (change: Partial<SecurityParameters>, further = 0): number =>
            model({ ...parameters, ...change }, km + further).result.length
          expect(lengthOf({ misalignment: parameters.misalignment + 0.005 })).toBeLessThanOrEqual(length)
          expect(lengthOf({ fEc: parameters.fEc + 0.05 })).toBeLessThanOrEqual(length)
          expect(lengthOf({ darkYield: parameters.darkYield * 2 })).toBeLessThanOrEqual(length)
          expect(lengthOf({}, 3)).toBeLessThanOrEqual(length)
          expect(lengthOf({ epsSec: 1e-12 })).toBeLessThanOrEqual(length)
          expect(lengthOf({ epsCor: 1e-18 })).toBeLessThanOrEqual(length)
          expect(lengthOf({ blockBits: parameters.blockBits * 2 })).toBeGreaterThanOrEqual(length)
        }),
      )
    })

    it(`[QB73] ${name}: more of the same counts give more key per bit`, () => {
      fc.assert(
        fc.property(setting, distance, unit(1.01, 100), (parameters, km, times) => {
          const { key, test, leakedBits, result } = models[name](parameters, km)
          fc.pre(result.length > 0)
          const scaled = (counts: readonly number[]): number[] => counts.map((count) => count * times)
          const basis = (of: BasisCounts): BasisCounts => ({ clicks: scaled(of.clicks), errors: scaled(of.errors) })
          const grown = bounds[name]({
            ...lightOf(name, parameters),
            key: basis(key),
            test: basis(test),
            leakedBits: leakedBits * times,
            epsSec: 1e-10,
            epsCor: 1e-15,
          })
          expect(grown.balanceBits / times).toBeGreaterThan(result.balanceBits)
        }),
      )
    })

    it(`[QB22] ${name}: whatever the counts, lengths are whole, finite, and never above the clicks`, () => {
      fc.assert(
        fc.property(anyInput(name), (input) => {
          const found: DecoyLength = bounds[name](input)
          for (const value of Object.values(found)) expect(Number.isFinite(value)).toBe(true)
          expect(found.phaseErrorRate).toBeLessThanOrEqual(0.5)
          expect(Number.isInteger(found.length)).toBe(true)
          expect(found.length).toBeGreaterThanOrEqual(0)
          expect(found.length).toBeLessThanOrEqual(sum(input.key.clicks))
          expect(found.length > 0).toBe(found.singlePhotonBits > 0 && found.balanceBits >= 1)
        }),
        { numRuns: 500 },
      )
    })

    it(`[QB22] ${name}: counts that are no numbers give no key`, () => {
      const { key, test } = models[name](name === 'lim2014' ? fixed : rusca, 20)
      const light = lightOf(name, name === 'lim2014' ? fixed : rusca)
      const input = { ...light, key, test, leakedBits: 0, epsSec: 1e-10, epsCor: 1e-15 }
      const spoilt = (value: number): BasisCounts => ({ clicks: key.clicks.map(() => value), errors: key.errors })
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0]) {
        expect(bounds[name]({ ...input, key: spoilt(value) }).length).toBe(0)
        expect(bounds[name]({ ...input, test: spoilt(value) }).length).toBe(0)
      }
      expect(bounds[name]({ ...input, leakedBits: Number.NaN }).length).toBe(0)
    })

    it(`[QB73] ${name}: with the names of the bases swapped, counts are swapped`, () => {
      fc.assert(
        fc.property(setting, distance, (parameters, km) => {
          const { keyBasisProbability: p } = parameters
          const common = { ...decoySetting(parameters, km, 'either'), ...lightOf(name, parameters) }
          const one = modelDecoyCounts(common)
          const blockBits = sum(one.test.clicks)
          const other = modelDecoyCounts({ ...common, keyBasisProbability: 1 - p, blockBits })
          expect(other.pulses / one.pulses).toBeCloseTo(1, 9)
          for (const [k, count] of one.key.clicks.entries()) expect(other.test.clicks[k]! / count).toBeCloseTo(1, 9)
          for (const [k, count] of one.test.errors.entries()) expect(other.key.errors[k]! / count).toBeCloseTo(1, 9)
        }),
      )
    })
  }

  it('[QB73] the key of two decoys needs no errors of the key basis, that of one decoy falls with them', () => {
    const { key, test, leakedBits } = modelRusca2018({ ...rusca, blockBits: 1e8 }, 50)
    const input = { ...lightOf('rusca2018', rusca), key, test, leakedBits, epsSec: 1e-9, epsCor: 1e-15 }
    const noisier = { ...key, errors: key.errors.map((m) => 2 * m) }
    expect(rusca2018({ ...input, key: noisier }).length).toBeLessThan(rusca2018(input).length)
    const two = modelRusca2018TwoDecoys({ ...rusca, blockBits: 1e8 }, 50)
    const other = { ...two, ...lightOf('lim2014', rusca), epsSec: 1e-9 }
    const spoilt = { ...two.key, errors: two.key.errors.map((m) => 2 * m) }
    expect(lim2014({ ...other, key: spoilt })).toEqual(lim2014(other))
  })
})

/** One run by chance: pulses by photon number and intensity, 0, 1 and more; true if every bound holds for what came. */
function containsTruth(
  name: (typeof names)[number],
  parameters: SecurityParameters,
  epsSec: number,
  random: SeededRandom,
): boolean {
  const law = name === 'lim2014' ? 'either' : 'added'
  const light = lightOf(name, parameters)
  const eta = modelTransmittance(parameters, 20)
  const pulses = 3e6
  const basis = (): BasisCounts & { single: number; singleErrors: number; vacuum: number } => {
    const found = { clicks: [] as number[], errors: [] as number[], single: 0, singleErrors: 0, vacuum: 0 }
    for (const [k, mean] of light.intensities.entries()) {
      const sent = (pulses / 4) * light.probabilities[k]!
      const { click, error } = decoySetting(parameters, 20, law).pulse(mean)
      const draw = (n: 0 | 1): { right: number; wrong: number; expected: { click: number; error: number } } => {
        const weight = sent * Math.exp(-mean) * (n === 0 ? 1 : mean)
        const one = modelPhotons(parameters, eta, n, law)
        const expected = { click: weight * one.click, error: weight * one.error }
        return {
          right: poisson(expected.click - expected.error, random),
          wrong: poisson(expected.error, random),
          expected,
        }
      }
      const empty = draw(0)
      const single = draw(1)
      const multiWrong = sent * error - empty.expected.error - single.expected.error
      const multiRight = sent * click - empty.expected.click - single.expected.click - multiWrong
      const wrong = empty.wrong + single.wrong + poisson(multiWrong, random)
      found.clicks.push(wrong + empty.right + single.right + poisson(multiRight, random))
      found.errors.push(wrong)
      found.vacuum += empty.right + empty.wrong
      found.single += single.right + single.wrong
      found.singleErrors += single.wrong
    }
    return found
  }
  const key = basis()
  const test = basis()
  const result = bounds[name]({ ...light, key, test, leakedBits: 0, epsSec, epsCor: 1e-15 })
  return (
    result.vacuumBits <= key.vacuum &&
    result.singlePhotonBits <= key.single &&
    result.testSinglePhotonBits <= test.single &&
    result.testSinglePhotonErrors >= test.singleErrors
  )
}

function poisson(mean: number, random: SeededRandom): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  let count = 0
  for (let left = random(); left > Math.exp(-mean); left *= random()) count++
  return count
}
