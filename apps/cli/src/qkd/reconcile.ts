/** `qsec qkd reconcile`: Cascade on made-up frames, both ends in this process. */
import { type CascadeMode, type CascadeVariant, cascadeVariants, type ReconcileResult, reconcile } from '@qsec/qkd'
import type { Command } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { finiteOrNull, nameOf, numberOf, seedOf, wholeOf } from './numbers.ts'
import { percent } from './simulate-words.ts'

export const variantNames: readonly CascadeVariant[] = Object.keys(cascadeVariants) as CascadeVariant[]
const modes: readonly CascadeMode[] = ['throughput', 'low-round']
/** What fits into memory with its permutations. */
export const maxFrameBits: number = 2 ** 24
const batchBitsAtMost = 2 ** 24
const warmUpBits = 5_000_000
export const maxFrames = 100_000

export const reconcileCommand: Command = {
  help: `qsec qkd reconcile [options]: error correction by Cascade on made-up frames.

  --bits N         bits of a frame, 8 to ${maxFrameBits} (default 1e5)
  --qber Q         rate of the errors, 0 to 0.5 (default 0.03)
  --variant NAME   ${variantNames.join(', ')} (default lean)
  --mode NAME      throughput (default), or low-round: fewer round trips, a little more leak
  --frames N       frames in all, 1 to ${maxFrames} (default 50); they go in lockstep, up to 16 at a time
  --seed N         replays errors and permutations (default 1)
  --json           {"variant", "bits", "qber", "frames", "fEc", "fer", "roundsMean", "mbitPerSecond"}

fEc is what was said in the clear over n h(Q), with Q as the frames truly had it, and null where they had no error.
fer is the share of frames that still differ. roundsMean counts round trips of a batch. Speed is CPU time of both ends.

Examples:
  qsec qkd reconcile --bits 100000 --qber 0.03 --variant opt7 --frames 50
  qsec qkd reconcile --bits 1e4 --qber 0.05 --variant swift --mode low-round --json`,

  async run(args) {
    const { values } = readFlags('qkd reconcile', args, {
      bits: { type: 'string', default: '1e5' },
      qber: { type: 'string', default: '0.03' },
      variant: { type: 'string', default: 'lean' },
      mode: { type: 'string', default: 'throughput' },
      frames: { type: 'string', default: '50' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    })
    const bits = wholeOf('--bits', values.bits, 8, maxFrameBits)
    const options = {
      bits,
      qber: numberOf('--qber', values.qber, 0, 0.5),
      variant: nameOf('--variant', values.variant, variantNames),
      mode: nameOf('--mode', values.mode, modes),
      frames: wholeOf('--frames', values.frames, 1, maxFrames),
      batch: batchOf(bits),
      seed: seedOf(values.seed),
    }
    // Other frames first, until the code is compiled; of long frames one batch is enough.
    const warmUpFrames = Math.max(1, Math.min(3 * options.batch, options.frames, Math.floor(warmUpBits / bits)))
    reconcile({ ...options, frames: warmUpFrames, seed: options.seed + 1 })
    const result = reconcile({ ...options, cpuMs })
    say(values.json ? JSON.stringify(reconciliationFacts(result)) : words(result))
    return 0
  },
}

/** Frames that go in lockstep. */
export function batchOf(bits: number): number {
  return Math.max(1, Math.min(16, Math.floor(batchBitsAtMost / bits)))
}

/** CPU time of this process so far, which what else the machine does hardly changes. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function reconciliationFacts(result: ReconcileResult): object {
  const { variant, bits, qber, frames, fEc, fer, roundsMean, mbitPerSecond = Number.NaN } = result
  return { variant, bits, qber, frames, fEc: finiteOrNull(fEc), fer, roundsMean, mbitPerSecond: rounded(mbitPerSecond) }
}

function words({
  variant,
  bits,
  qber,
  frames,
  fEc,
  fer,
  roundsMean,
  roundsMax,
  mbitPerSecond,
}: ReconcileResult): string {
  return [
    `Cascade ${variant}: ${frames} made-up frames of ${bits} bits, QBER ${percent(qber)}`,
    `  efficiency f_EC   ${Number.isFinite(fEc) ? fEc.toFixed(4) : 'none: the frames had no error'}`,
    `  frames wrong      ${Math.round(fer * frames)} of ${frames}`,
    `  round trips       ${roundsMean.toFixed(1)} per batch, ${roundsMax} at most`,
    `  speed             ${rounded(mbitPerSecond ?? Number.NaN) ?? '?'} Mbit/s of CPU time`,
  ].join('\n')
}

/** Four digits; null where the clock was too coarse. */
export function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}
