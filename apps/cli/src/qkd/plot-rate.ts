/** `qsec qkd plot rate`: the curves that papers show. */
import { analysisNames, rate } from '@qsec/qkd'
import type { Command } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { writeWhole } from './files.ts'
import { finiteOrNull, namesOf, required } from './numbers.ts'
import { rateOptions, rateRequest } from './rate-request.ts'
import { chartSvg, type Series } from './svg.ts'

export const plotRate: Command = {
  help: `qsec qkd plot rate --out FILE.svg [options]: secret bits per pulse against distance, logarithmic.

  --out FILE           the SVG; what is there is replaced
  --analysis NAMES     one or more, with commas (default asymptotic,repeaterless)
  --parameters, --distance, --block, --optimise   as for qsec qkd rate
  --json               {"file", "series": [{"name", "points": [[km, rate], …]}]}

Examples:
  qsec qkd plot rate --analysis gllp-vacuum-weak,gllp-decoy-infinite --parameters gys --distance 0:150:2 --out a.svg
  qsec qkd plot rate --analysis rusca2018,repeaterless --parameters rusca2018 --block 1e7 --optimise --out b.svg`,

  async run(args) {
    const { values } = readFlags('qkd plot rate', args, {
      ...rateOptions,
      analysis: { type: 'string', default: 'asymptotic,repeaterless' },
      out: { type: 'string' },
    })
    const out = pathFromHere(required('--out', values.out))
    const names = namesOf('--analysis', values.analysis, analysisNames)
    const request = await rateRequest(values)
    const series = names.map((analysis): Series => {
      const points = rate({ analysis, ...request })
      return { name: analysis, points: points.map(({ distanceKm, ratePerPulse }) => [distanceKm, ratePerPulse]) }
    })
    const set = typeof request.parameters === 'string' ? request.parameters : 'own parameters'
    const svg = chartSvg({
      title: `Secret bits per pulse against distance (${set})`,
      description: series.map(reachWords).join(' '),
      xLabel: 'distance in km',
      yLabel: 'secret bits per pulse',
      yScale: 'log',
      series,
    })
    await writeWhole('--out', out, svg)
    const shown = series.map(({ name, points }) => ({ name, points: points.map((at) => at.map(finiteOrNull)) }))
    say(values.json ? JSON.stringify({ file: out, series: shown }) : `${series.length} curves in ${out}`)
    return 0
  },
}

function reachWords({ name, points }: Series): string {
  const above = points.filter(([, y]) => y > 0)
  const [first, last] = [above[0], above.at(-1)]
  if (!first || !last) return `${name}: no key at any of these distances.`
  const value = (y: number): string => (Number.isFinite(y) ? y.toExponential(2) : 'without bound')
  return `${name}: ${value(first[1])} at ${first[0]} km, ${value(last[1])} at ${last[0]} km, the last with a key.`
}
