import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { type AnalysisName, analysisNames } from './analyses.ts'
import { modelTomamichel2012, robustnessBound } from './model-tomamichel2012.ts'
import { maximise } from './optimise.ts'
import { type ParameterSetName, parameterSetNames, parameterSets } from './parameter-sets.ts'
import { epsilonBudget } from './parameters.ts'
import { parseSecurityParameters } from './parse-parameters.ts'
import { type RatePoint, rate } from './rate.ts'

const distancesKm = Array.from({ length: 16 }, (_, i) => 10 * i)
const finite = ['tomamichel2012', 'lim2014', 'rusca2018', 'rusca2018-two-decoys'] as const
const anyAnalysis = fc.constantFrom(...analysisNames)
const anySet = fc.constantFrom(...parameterSetNames)
const anyDistance = fc.double({ min: 0, max: 250, noNaN: true })

function best(analysis: AnalysisName, parameters: ParameterSetName, distanceKm: number, blockBits?: number): RatePoint {
  return rate({
    analysis,
    parameters,
    distancesKm: [distanceKm],
    optimise: true,
    ...(blockBits ? { blockBits } : {}),
  })[0]!
}

describe('published figures', () => {
  it('[QB70] Lim et al. 2014: at 100 km blocks of 10^9 give about 1.75 times the rate of 10^7', () => {
    const ratio = best('lim2014', 'lim2014', 100, 1e9).ratePerPulse / best('lim2014', 'lim2014', 100, 1e7).ratePerPulse
    expect(Math.abs(ratio - 1.75)).toBeLessThan(0.05)
  })

  it('[QB70] Lim et al. 2014: blocks of 10^4 reach 130 km (the paper says 135)', () => {
    expect(best('lim2014', 'lim2014', 129.5, 1e4).ratePerPulse).toBeGreaterThan(0)
    expect(best('lim2014', 'lim2014', 131, 1e4).ratePerPulse).toBe(0)
  })

  it('[QB70] Rusca et al. 2018: one decoy beats two up to blocks of 10^8 once dead time does not rule', () => {
    for (const blockBits of [1e5, 1e6, 1e7, 1e8]) {
      for (const km of [100, 150, 200]) {
        const one = best('rusca2018', 'rusca2018', km, blockBits).ratePerPulse
        const two = best('rusca2018-two-decoys', 'rusca2018', km, blockBits).ratePerPulse
        expect(one, `${blockBits} ${km}`).toBeGreaterThan(two)
      }
    }
  })

  // Table II: n, Q, r, 1 - p_x (printed as p_x), Q_tol.
  for (const [n, qber, r, testBasis, tolerated, tolerance] of [
    [1e6, 0.01, 0.478, 0.125, 0.0173, 0.001],
    [1e6, 0.025, 0.357, 0.137, 0.0321, 0.001],
    [1e5, 0.01, 0.304, 0.22, 0.0214, 0.01],
    [1e5, 0.025, 0.215, 0.233, 0.0358, 0.01],
  ] as const) {
    it(`[QB70] Tomamichel et al. 2012, Table II, n = ${n}, Q = ${qber}, with the leak at Q`, () => {
      const set = { ...parameterSets.tomamichel2012, misalignment: qber }
      const at = (sampleRatio: number, toleranceMargin: number): ReturnType<typeof modelTomamichel2012> =>
        modelTomamichel2012({
          n,
          sampleRatio,
          qber,
          toleranceMargin,
          fEc: 1.1,
          budget: epsilonBudget(set),
          form: 'main',
          leakAt: 'channel',
        })
      const decode = ([x, y]: number[]): [number, number] => [10 ** (-4 + 4 * x!), 10 ** (-4 + 3 * y!)]
      const score = (place: number[]): number => at(...decode(place)).ratePerSignal
      const found = at(...decode(maximise(score, 2, { random: seededRandom(1) }).at))
      expect(Math.abs(found.ratePerSignal - r)).toBeLessThan(tolerance)
      expect(Math.abs(1 - found.keyBasisProbability - testBasis)).toBeLessThan(0.012)
      expect(Math.abs(found.toleratedQber - tolerated)).toBeLessThan(0.0002)
    })
  }

  it('[QB70] the bound on aborts gives 0.6 % at k = 20,408, Q = 1 %, Q_tol = 1.73 % (Table II)', () => {
    expect(robustnessBound(20_408, 0.01, 0.0173)).toBeCloseTo(0.006, 3)
    expect(robustnessBound(1000, 0.02, 0.02)).toBe(1)
    expect(robustnessBound(1000, 0, 0.02)).toBe(0)
  })
})

describe('rate', () => {
  it('[QB78] gives a point for every distance, with whole key bits where keys are finite', () => {
    for (const analysis of analysisNames) {
      for (const parameters of parameterSetNames) {
        const points = rate({ analysis, parameters, distancesKm })
        expect(points.map(({ distanceKm }) => distanceKm)).toEqual(distancesKm)
        for (const { ratePerPulse, keyBits } of points) {
          expect(ratePerPulse).toBeGreaterThanOrEqual(0)
          expect(keyBits === undefined).toBe(!finite.some((name) => name === analysis))
          if (keyBits !== undefined) expect(Number.isInteger(keyBits) && (keyBits > 0 || ratePerPulse === 0)).toBe(true)
        }
      }
    }
  })

  it('[QB73] rates of a curve do not rise with distance', () => {
    for (const analysis of analysisNames) {
      for (const parameters of parameterSetNames) {
        for (const optimise of [false, true]) {
          const rates = rate({ analysis, parameters, distancesKm: [0, 40, 80, 120], optimise }).map(
            (p) => p.ratePerPulse,
          )
          for (let i = 1; i < rates.length; i++) expect(rates[i]!).toBeLessThanOrEqual(rates[i - 1]! * (1 + 1e-6))
        }
      }
    }
  })

  it('[QB78] the parameters of a point, read back, give the point again', () => {
    fc.assert(
      fc.property(anyAnalysis, anySet, anyDistance, fc.boolean(), (analysis, set, distanceKm, optimise) => {
        const [point] = rate({ analysis, parameters: set, distancesKm: [distanceKm], optimise })
        const parsed = parseSecurityParameters(JSON.parse(JSON.stringify(point!.parameters)))
        expect(parsed).toMatchObject({ ok: true })
        if (!parsed.ok) return
        const [again] = rate({ analysis, parameters: parsed.parameters, distancesKm: [distanceKm] })
        expect(again).toEqual(point)
      }),
      { numRuns: 60 },
    )
  })

  it('[QB77] optimising gives the same again, alone or in a curve, and never less than without', () => {
    fc.assert(
      fc.property(anyAnalysis, anySet, anyDistance, (analysis, parameters, km) => {
        const [alone] = rate({ analysis, parameters, distancesKm: [km], optimise: true })
        expect(rate({ analysis, parameters, distancesKm: [10, km], optimise: true })[1]).toEqual(alone)
        const [plain] = rate({ analysis, parameters, distancesKm: [km] })
        expect(alone!.ratePerPulse).toBeGreaterThanOrEqual(plain!.ratePerPulse * (1 - 1e-6))
      }),
      { numRuns: 40 },
    )
  })

  it('[QB77] finds keys of small blocks that start nowhere near one', () => {
    expect(rate({ analysis: 'lim2014', parameters: 'lim2014', distancesKm: [129], blockBits: 1e4 })[0]!.keyBits).toBe(0)
    expect(best('lim2014', 'lim2014', 129, 1e4).keyBits).toBeGreaterThan(0)
  })

  it('[QB77] finds the highest of many peaks, at the wall or inside', () => {
    const peaks = (at: number[]): number =>
      at.reduce((total, x, i) => total - (x - 0.2 * i) ** 2 + 0.05 * Math.cos(30 * (x - 0.2 * i)), 0)
    for (const seed of [1, 2, 3, 4, 5]) {
      const { at, value } = maximise(peaks, 4, { random: seededRandom(seed) })
      expect(value).toBeCloseTo(0.2, 6)
      for (const [i, x] of at.entries()) expect(x).toBeCloseTo(0.2 * i, 3)
      expect(maximise(([x]) => x!, 1, { random: seededRandom(seed) }).at[0]).toBeCloseTo(1, 6)
    }
  })

  it('[QB74] optimised: finite keys stay below infinite ones, these below the repeaterless bound', () => {
    for (const parameters of ['lim2014', 'rusca2018', 'gys'] as const) {
      for (const km of [0, 60, 120]) {
        const set = { ...parameterSets[parameters], siftedShare: 1, deadTimeSeconds: 0 }
        const top = (analysis: AnalysisName, blockBits = 1e9): number =>
          rate({ analysis, parameters: set, distancesKm: [km], optimise: true, blockBits })[0]!.ratePerPulse
        const single = top('asymptotic')
        const decoy = top('gllp-decoy-infinite')
        // Empty pulses count in finite keys, and not in the infinite formula.
        const vacuum = set.darkYield
        expect(top('lim2014')).toBeLessThanOrEqual(decoy + vacuum)
        expect(top('rusca2018')).toBeLessThanOrEqual(decoy + vacuum)
        expect(top('tomamichel2012')).toBeLessThanOrEqual(single)
        expect(top('lim2014', 1e6)).toBeLessThanOrEqual(top('lim2014'))
        expect(decoy).toBeLessThanOrEqual(single)
        expect(single).toBeLessThanOrEqual(top('repeaterless'))
      }
    }
  })

  it('[QB78] names, distances and blocks out of range are refused in one line', () => {
    const good = { analysis: 'lim2014', parameters: 'gys', distancesKm: [1] } as const
    expect(() => rate({ ...good, analysis: 'toString' as AnalysisName })).toThrow(
      /^rate: analysis "toString" is not one of/,
    )
    expect(() => rate({ ...good, parameters: 'x' as ParameterSetName })).toThrow(
      /^rate: parameters "x" is not one of gys/,
    )
    expect(() => rate({ ...good, distancesKm: [1, -1] })).toThrow(/^rate: distance is -1 km/)
    expect(() => rate({ ...good, distancesKm: [Number.NaN] })).toThrow(RangeError)
    expect(() => rate({ ...good, blockBits: 0 })).toThrow(/^rate: blockBits is 0/)
  })
})

describe('tomamichel2012 on a model channel', () => {
  const point = fc.record({
    n: fc.integer({ min: 1000, max: 100_000_000 }),
    sampleRatio: fc.double({ min: 0.001, max: 2, noNaN: true }),
    qber: fc.double({ min: 0, max: 0.12, noNaN: true }),
    toleranceMargin: fc.double({ min: 1e-4, max: 0.05, noNaN: true }),
  })

  it('[QB73] the rate does not rise with errors, leak, smaller epsilons; never above the limit of long keys', () => {
    fc.assert(
      fc.property(point, (given) => {
        const of = (change: object): number =>
          modelTomamichel2012({
            ...given,
            fEc: 1.1,
            form: 'main',
            budget: { kind: 'fixed', epsSec: 1e-10, epsCor: 1e-15 },
            ...change,
          }).ratePerSignal
        const r = of({})
        expect(r).toBeGreaterThanOrEqual(0)
        expect(r).toBeLessThanOrEqual(1)
        expect(of({ fEc: 1.2 })).toBeLessThanOrEqual(r)
        expect(of({ form: 'supplement' })).toBeLessThanOrEqual(r)
        expect(of({ budget: { kind: 'fixed', epsSec: 1e-12, epsCor: 1e-15 } })).toBeLessThanOrEqual(r)
        expect(of({ budget: { kind: 'fixed', epsSec: 1e-10, epsCor: 1e-17 } })).toBeLessThanOrEqual(r)
        expect(of({ n: given.n * 3 })).toBeGreaterThanOrEqual(r * (1 - 1e-3))
      }),
    )
  })

  it('[QB71] the split of epsilons uses up the budget, and no other split gives more', () => {
    fc.assert(
      fc.property(point, fc.double({ min: 0.0001, max: 0.9, noNaN: true }), (given, share) => {
        const input = { ...given, fEc: 1.1, form: 'main' } as const
        const split = modelTomamichel2012({ ...input, budget: { kind: 'total-per-bit', epsPerBit: 1e-14 } })
        fc.pre(split.key.length > 1000)
        const total = split.epsSec + split.epsCor
        expect(total / (1e-14 * split.key.length)).toBeCloseTo(1, 2)
        const other = modelTomamichel2012({
          ...input,
          budget: { kind: 'fixed', epsSec: total * (1 - share), epsCor: total * share },
        })
        expect(other.key.balanceBits).toBeLessThanOrEqual(split.key.balanceBits + 0.01)
      }),
    )
  })
})

describe('parameters', () => {
  const channel = { attenuationDbPerKm: 0.2, detectorEfficiency: 0.1, misalignment: 0.01, darkYield: 1e-6 }

  it('[QB76] a channel is enough; every published set is read back as it is', () => {
    expect(parseSecurityParameters(channel)).toMatchObject({ ok: true, parameters: { ...channel, epsSec: 1e-10 } })
    for (const name of parameterSetNames) {
      const parameters = parameterSets[name]
      expect(parseSecurityParameters(JSON.parse(JSON.stringify(parameters)))).toEqual({ ok: true, parameters })
    }
  })

  for (const [what, change, problem] of [
    ['NaN', { misalignment: Number.NaN }, 'misalignment is NaN, not in [0, 0.5]'],
    ['a negative value', { attenuationDbPerKm: -0.2 }, 'attenuationDbPerKm is -0.2, not in [0, 100]'],
    ['a fraction above 1', { detectorEfficiency: 1.2 }, 'detectorEfficiency is 1.2, not in (0, 1]'],
    ['a fraction of 1 that must be less', { keyBasisProbability: 1 }, 'keyBasisProbability is 1, not in (0, 1)'],
    ['infinity', { pulseRateHz: Number.POSITIVE_INFINITY }, 'pulseRateHz is Infinity, not in (0, 1000000000000000]'],
    ['text', { fEc: '1.2' }, 'fEc is not a number'],
    ['an unknown key', { detectorEffciency: 0.1 }, '"detectorEffciency" is unknown'],
    ['a key of every object', { toString: 1 }, '"toString" is unknown'],
    ['a missing value', { darkYield: undefined }, 'darkYield is not a number'],
    ['two budgets', { epsSec: 1e-9, epsPerBit: 1e-14 }, 'epsSec, epsSecPerBit and epsPerBit exclude each other'],
    ['a budget twice', { epsPerBit: 1e-14, epsCor: 1e-15 }, 'epsCor is already a part of epsPerBit'],
    ['a decoy brighter than the signal', { signalIntensity: 0.1, decoyIntensity: 0.2 }, 'signalIntensity is not above'],
    ['a decoy below the weakest', { decoyIntensity: 1e-4, weakestIntensity: 2e-4 }, 'decoyIntensity is not above'],
    [
      'probabilities above 1',
      { signalProbability: 0.7, decoyProbability: 0.4 },
      'signalProbability + decoyProbability',
    ],
  ] as const) {
    it(`[QB76] refuses ${what} in one line that names it`, () => {
      const parsed = parseSecurityParameters({ ...channel, ...change })
      expect(parsed).toMatchObject({ ok: false, problem: expect.stringContaining(`parameters: ${problem}`) })
      expect(!parsed.ok && parsed.problem).not.toContain('\n')
    })
  }

  it('[QB76] refuses what is no object, and a channel with a hole', () => {
    for (const input of [null, undefined, 3, 'gys', [channel]]) {
      expect(parseSecurityParameters(input)).toEqual({ ok: false, problem: 'parameters: not an object of numbers' })
    }
    const { darkYield: _, ...hole } = channel
    expect(parseSecurityParameters(hole)).toEqual({ ok: false, problem: 'parameters: darkYield is missing' })
  })

  it('[QB76] takes or refuses anything without throwing', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(typeof parseSecurityParameters(input).ok).toBe('boolean')
      }),
    )
  })
})
