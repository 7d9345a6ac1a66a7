/**
 * Every variant of Cascade at several lengths and error rates, both ends in one process, one thread.
 *
 *     node bench/qkd/reconcile.ts [--quick] [--json] [--variant lean] [--bits 100000] [--frames 160]
 *
 * f_EC, share of wrong frames, rounds of a batch, messages and bytes of a batch, and Mbit/s: median over batches of the CPU
 * time of both ends, garbage collection and compilation included, after one run for warming up. Each batch has fresh
 * permutations. Batches are 16 frames, of a million bits four; one-way takes frame by frame.
 */
import { parseArgs } from 'node:util'
import { type CascadeVariant, cascadeVariants, type ReconcileResult, reconcile } from '../../packages/qkd/src/index.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    variant: { type: 'string' },
    bits: { type: 'string' },
    qber: { type: 'string' },
    frames: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

const variants = (values.variant?.split(',') ?? [...Object.keys(cascadeVariants), 'ldpc']) as (
  | CascadeVariant
  | 'ldpc'
)[]
const lengths = values.bits?.split(',').map(Number) ?? (values.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000])
const rates =
  values.qber?.split(',').map(Number) ?? (values.quick ? [0.01, 0.05] : [0.01, 0.02, 0.03, 0.05, 0.08, 0.11])

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const results: ReconcileResult[] = []
if (!values.json) console.log('| variant | n | Q | f_EC | wrong frames | rounds (most) | messages | bytes | Mbit/s |')
if (!values.json) console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
for (const variant of variants) {
  const mode = variant === 'swift' ? 'low-round' : 'throughput'
  for (const bits of lengths) {
    const batch = bits > 500_000 ? 4 : 16
    const frames = values.frames ? Number(values.frames) : framesFor(variant, bits, batch)
    for (const qber of rates) {
      if (variant === 'ldpc' && (bits > 100_000 || qber > 0.11)) continue // a second for each million bits
      const options = {
        bits,
        qber,
        variant,
        mode,
        batch: variant === 'ldpc' ? 1 : batch,
        seed: Number(values.seed),
      } as const
      reconcile({ ...options, frames: variant === 'ldpc' ? 2 : (bits > 500_000 ? 1 : 3) * batch, seed: 0 })
      const result = reconcile({ ...options, frames, cpuMs })
      results.push(result)
      if (!values.json) console.log(row(result, Math.ceil(frames / options.batch)))
    }
  }
}
if (values.json) console.log(JSON.stringify({ node: process.version, arch: process.arch, results }, undefined, 2))

/** So many that the whole table takes one to three minutes. */
function framesFor(variant: CascadeVariant | 'ldpc', bits: number, batch: number): number {
  if (variant === 'ldpc') return Math.ceil((values.quick ? 160_000 : 640_000) / bits)
  if (values.quick) return 5 * batch
  return (bits > 500_000 ? 3 : 10) * batch
}

function row(result: ReconcileResult, batches: number): string {
  const cells = [
    result.variant,
    result.bits.toExponential(0).replace('e+', 'e'),
    `${+(100 * result.qber).toFixed(2)} %`,
    result.fEc.toFixed(4),
    `${Math.round(result.fer * result.frames)} of ${result.frames}`,
    `${result.roundsMean.toFixed(0)} (${result.roundsMax})`,
    (result.messages / batches).toFixed(0),
    (result.bytes / batches).toFixed(0),
    result.mbitPerSecond!.toFixed(1),
  ]
  return `| ${cells.join(' | ')} |`
}
