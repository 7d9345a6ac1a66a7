/** `qsec qkd rate`: what the published analyses grant, as numbers. */
import { analysisNames, parameterSetNames, type RatePoint, rate } from '@qsec/qkd'
import type { Command } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { finiteOrNull, nameOf } from './numbers.ts'
import { rateOptions, rateRequest } from './rate-request.ts'

export const rateCommand: Command = {
  help: `qsec qkd rate [options]: secret bits per pulse against distance.

  --analysis NAME      ${analysisNames.slice(0, 6).join(', ')},
                       ${analysisNames.slice(6).join(', ')} (default asymptotic)
  --parameters NAME    ${parameterSetNames.join(', ')} (default gys), or a file
  --distance KM        25, a list 0,50,100 or a range from:to:step (default 0:150:10)
  --block N            sifted bits of the key basis per key, 1 to 1e15; infinite analyses pay no heed to it
  --optimise           looks for the best intensities and biases anew at every distance
  --json               [{"distanceKm", "ratePerPulse", "keyBits", "parameters"}]

A file of parameters is one JSON object of numbers, named as "parameters" of the output names them; attenuationDbPerKm,
detectorEfficiency, misalignment and darkYield must be there, the rest has defaults. "keyBits" is absent where keys are
infinitely long. A rate without bound (repeaterless, no loss) is null.

Examples:
  qsec qkd rate --analysis gllp-decoy-infinite --parameters gys --distance 0:150:10
  qsec qkd rate --analysis lim2014 --parameters lim2014 --distance 50 --block 1e7 --optimise --json
  qsec qkd rate --analysis rusca2018 --parameters my-link.json --distance 0:100:5 --json`,

  async run(args) {
    const options = { ...rateOptions, analysis: { type: 'string', default: 'asymptotic' } } as const
    const { values } = readFlags('qkd rate', args, options)
    const analysis = nameOf('--analysis', values.analysis, analysisNames)
    const points = rate({ analysis, ...(await rateRequest(values)) })
    if (values.json) {
      say(JSON.stringify(points.map((point) => ({ ...point, ratePerPulse: finiteOrNull(point.ratePerPulse) }))))
    } else {
      say(
        [
          `${analysis}: secret bits per pulse`,
          '',
          '        km      rate per pulse      key bits',
          ...points.map(row),
        ].join('\n'),
      )
    }
    return 0
  },
}

function row({ distanceKm, ratePerPulse, keyBits }: RatePoint): string {
  const rateText = Number.isFinite(ratePerPulse) ? ratePerPulse.toExponential(4) : 'without bound'
  return `${String(distanceKm).padStart(10)}  ${rateText.padStart(18)}  ${String(keyBits ?? '').padStart(12)}`.trimEnd()
}
