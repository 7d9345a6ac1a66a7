/**
 * Round trips of low-round mode, over many batches: how many the worst of them takes, and what the saving leaks.
 *
 *     node bench/qkd/rounds.ts [--quick] [--json] [--batches 1000] [--seed 1]
 *
 * Batches of 1, 4 and 16 frames of 10^4 to 10^5 bits at 1 to 11 %. These are the rounds of reconciliation; a whole session
 * takes about seven more.
 */
import { parseArgs } from 'node:util'
import { type ReconcileResult, reconcile } from '../../packages/qkd/src/index.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    batches: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})

const rates = [0.01, 0.0127, 0.015, 0.02, 0.03, 0.04, 0.05, 0.065, 0.08, 0.11]
const shapes = [10_000, 30_000, 100_000].flatMap((bits) => [1, 4, 16].map((batch) => ({ bits, batch })))
const wanted = Number(values.batches ?? (values.quick ? 180 : 1000))
const perCell = Math.ceil(wanted / (rates.length * shapes.length))

interface Row {
  bits: number
  batch: number
  batches: number
  frames: number
  roundsMean: number
  roundsMax: number
  leastEfficiency: number
  mostEfficiency: number
  wrongFrames: number
}

const rows: Row[] = []
for (const { bits, batch } of shapes) {
  const results = rates.map((qber): ReconcileResult => {
    const options = { bits, qber, batch, variant: 'swift', mode: 'low-round', seed: Number(values.seed) } as const
    return reconcile({ ...options, frames: batch * perCell })
  })
  rows.push({
    bits,
    batch,
    batches: perCell * rates.length,
    frames: perCell * rates.length * batch,
    roundsMean: results.reduce((sum, { roundsMean }) => sum + roundsMean, 0) / rates.length,
    roundsMax: Math.max(...results.map(({ roundsMax }) => roundsMax)),
    leastEfficiency: Math.min(...results.map(({ fEc }) => fEc)),
    mostEfficiency: Math.max(...results.map(({ fEc }) => fEc)),
    wrongFrames: results.reduce((sum, { fer, frames }) => sum + Math.round(fer * frames), 0),
  })
}

if (values.json) console.log(JSON.stringify({ node: process.version, rates, rows }, undefined, 2))
else {
  console.log('| n | frames of a batch | batches | rounds, mean | rounds, most | f_EC, least to most | wrong frames |')
  console.log('| --- | --- | --- | --- | --- | --- | --- |')
  for (const row of rows) {
    const efficiency = `${row.leastEfficiency.toFixed(3)} to ${row.mostEfficiency.toFixed(3)}`
    const counts = `${row.roundsMean.toFixed(0)} | ${row.roundsMax} | ${efficiency} | ${row.wrongFrames} of ${row.frames}`
    console.log(`| ${row.bits} | ${row.batch} | ${row.batches} | ${counts} |`)
  }
}
