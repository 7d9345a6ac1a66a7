import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AnalysisName } from './analyses.ts'
import { type ParameterSetName, parameterSets } from './parameter-sets.ts'
import type { SecurityParameters } from './parameters.ts'
import { parseSecurityParameters } from './parse-parameters.ts'
import { rate } from './rate.ts'
import { reachKm } from './reach.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

function changed(name: ParameterSetName, change: Record<string, number | undefined>): SecurityParameters {
  const values = Object.entries({ ...parameterSets[name], ...change }).filter(([, value]) => value !== undefined)
  const parsed = parseSecurityParameters(Object.fromEntries(values))
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.parameters
}

function ratePerPulse(analysis: AnalysisName, parameters: SecurityParameters, km: number, blockBits = 1e9): number {
  return rate({ analysis, parameters, distancesKm: [km], optimise: true, blockBits })[0]!.ratePerPulse
}

describe('published figures are computed', () => {
  it('[QE6] no published rate, reach or Table II value stands in the source of the analyses', () => {
    const published = /\b(?:142|140\.6|135|1\.75|0?\.117|11\.7|30\.4|0?\.304|47\.8|0?\.478|35\.7|21\.5|12\.6|11\.0)\b/
    const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    expect(sources.length).toBeGreaterThan(20)
    for (const name of sources) {
      const code = readFileSync(`${folder}${name}`, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      expect(code.match(published)?.[0], name).toBeUndefined()
    }
    expect('reach: 140.6'.match(published)?.[0]).toBe('140.6')
  })

  it('[QE7] GYS with another fibre reaches as far as the same loss, and less far with more dark counts', () => {
    const reach = (change: Record<string, number>): number => {
      const parameters = changed('gys', { signalIntensity: 0.48, ...change })
      const at = (km: number): number =>
        rate({ analysis: 'gllp-decoy-infinite', parameters, distancesKm: [km] })[0]!.ratePerPulse
      return reachKm(at, 400)
    }
    const printed = reach({})
    for (const attenuationDbPerKm of [0.17, 0.2, 0.25]) {
      expect(reach({ attenuationDbPerKm })).toBeCloseTo((printed * 0.21) / attenuationDbPerKm, 1)
    }
    // Ten times the dark counts meet the same ratio of light to noise 10 dB earlier.
    expect(reach({ darkYield: 1.7e-5 })).toBeCloseTo(printed - 10 / 0.21, 0)
  })

  it('[QE7] Lim et al. 2014 with other losses, errors and epsilons moves as it must, on both sides of the printed figure', () => {
    const at = (change: Record<string, number | undefined>, km = 100): number =>
      ratePerPulse('lim2014', changed('lim2014', change), km)
    const printed = at({})
    expect(at({ misalignment: 0.004 })).toBeGreaterThan(printed)
    expect(at({ misalignment: 0.006 })).toBeLessThan(printed)
    expect(at({ darkYield: 1e-6 })).toBeGreaterThan(printed)
    expect(at({ darkYield: 1.4e-6 })).toBeLessThan(printed)
    // The optimiser ends within 1e-5 of the best.
    expect(at({ attenuationDbPerKm: 0.25 }, 80) / printed).toBeCloseTo(1, 4)
  })

  it('[QE8] Lim et al. 2014: blocks of 10^4 reach the printed 135 km with eps_sec = 1e-10, 130 km with kappa l', () => {
    const reach = (change: Record<string, number | undefined>): boolean[] =>
      [131, 134, 137].map((km) => ratePerPulse('lim2014', changed('lim2014', change), km, 1e4) > 0)
    expect(reach({ epsSecPerBit: undefined, epsSec: 1e-10 })).toEqual([true, true, false])
    expect(reach({})).toEqual([false, false, false])
  })
})

describe('intervals for display', () => {
  it('[QE9] feed no key length: nothing that computes one knows them', () => {
    const package_ = fileURLToPath(new URL('..', import.meta.url))
    const files = (readdirSync(package_, { recursive: true }) as string[]).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    const naming = (word: RegExp): string[] =>
      files
        .filter((name) => word.test(readFileSync(`${package_}${name}`, 'utf8')))
        .map((name) => name.replace(/\\/g, '/'))
    // Where it is made, named for others, and written into the statistics of a run.
    expect(naming(/wilsonInterval|clopper/i).sort()).toEqual(['estimation.ts', 'index.ts', 'session/steps.ts'])
    const steps = readFileSync(`${package_}session/steps.ts`, 'utf8')
    expect(steps.match(/wilsonInterval\(/g)).toHaveLength(1)
    expect(steps).toMatch(/qberInterval[^\n]*wilsonInterval\(/)
    // And nobody reads it from there: it is declared, and written once.
    expect(naming(/\bqberInterval\b/).sort()).toEqual(['session/result.ts', 'session/steps.ts'])
    expect(steps.match(/\bqberInterval\b/g)).toHaveLength(1)
  })
})
