/** `qsec qkd plot f_ec`: what the variants of Cascade say in the clear, over the least that must be said. */
import { type CascadeVariant, reconcile } from '@qsec/qkd'
import type { Command } from '../command.ts'
import { pathFromHere, readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { writeWhole } from './files.ts'
import { finiteOrNull, listOf, namesOf, required, seedOf, wholeOf } from './numbers.ts'
import { batchOf, maxFrameBits, maxFrames, variantNames } from './reconcile.ts'
import { percent } from './simulate-words.ts'
import { chartSvg, type Series } from './svg.ts'

export const plotEfficiency: Command = {
  help: `qsec qkd plot f_ec --out FILE.svg [options]: efficiency of error correction against QBER.

  --out FILE        the SVG; what is there is replaced
  --variant NAMES   one or more of ${variantNames.join(', ')}
                    (default original,opt7,lean)
  --qber LIST       error rates, with commas (default 0.01,0.02,0.03,0.05,0.08,0.11)
  --bits N          bits of a frame, 8 to ${maxFrameBits} (default 1e4)
  --frames N        frames per point, 1 to ${maxFrames} (default 32)
  --seed N          replays errors and permutations (default 1)
  --json            {"file", "series": [{"name", "points": [[qber, fEc], …]}]}

Examples:
  qsec qkd plot f_ec --out f_ec.svg
  qsec qkd plot f_ec --variant lean,opt8 --bits 1e5 --qber 0.01,0.02,0.05 --out long.svg --json`,

  async run(args) {
    const { values } = readFlags('qkd plot f_ec', args, {
      out: { type: 'string' },
      variant: { type: 'string', default: 'original,opt7,lean' },
      qber: { type: 'string', default: '0.01,0.02,0.03,0.05,0.08,0.11' },
      bits: { type: 'string', default: '1e4' },
      frames: { type: 'string', default: '32' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    })
    const out = pathFromHere(required('--out', values.out))
    const variants = namesOf('--variant', values.variant, variantNames)
    const rates = listOf('--qber', values.qber, 0, 0.5, 1000)
    const bits = wholeOf('--bits', values.bits, 8, maxFrameBits)
    const frames = wholeOf('--frames', values.frames, 1, maxFrames)
    const seed = seedOf(values.seed)
    const efficiency = (variant: CascadeVariant, qber: number): number =>
      reconcile({ variant, qber, bits, frames, seed, batch: batchOf(bits) }).fEc
    const series = variants.map(
      (variant): Series => ({ name: variant, points: rates.map((qber) => [qber, efficiency(variant, qber)]) }),
    )
    const svg = chartSvg({
      title: `Efficiency of Cascade, frames of ${bits} bits`,
      description: series.map(pointWords).join(' '),
      xLabel: 'QBER',
      yLabel: 'f_EC: parities said over n h(QBER)',
      yScale: 'linear',
      series,
    })
    await writeWhole('--out', out, svg)
    const shown = series.map(({ name, points }) => ({ name, points: points.map((at) => at.map(finiteOrNull)) }))
    say(values.json ? JSON.stringify({ file: out, series: shown }) : `${series.length} curves in ${out}`)
    return 0
  },
}

function pointWords({ name, points }: Series): string {
  const each = points.map(([qber, fEc]) => `${Number.isFinite(fEc) ? fEc.toFixed(3) : 'none'} at ${percent(qber)}`)
  return `${name}: ${each.join(', ')}.`
}
