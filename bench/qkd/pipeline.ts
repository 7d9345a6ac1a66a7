/**
 * From sifted bits to the final key: a whole session of both ends in one process, CPU time of both together, by stage.
 *
 *     node bench/qkd/pipeline.ts [--quick] [--json] [--bits 1000000] [--qber 0.01,0.03,0.05] [--modes throughput,low-round]
 *                                [--runs 5]
 *
 * Everything a session does counts: comparing a tenth of the bits, reconciliation, verification, amplification, both proofs,
 * all tags, packing and parsing of every message. Medians of so many runs after two that warm up, each with other bits.
 */
import { parseArgs } from 'node:util'
import {
  type Amplifier,
  describeMessage,
  joinEnds,
  loadWasmAmplifier,
  type ReconciliationMode,
  type Session,
  startSiftedAlice,
  startSiftedBob,
  typescriptAmplifier,
} from '../../packages/qkd/src/index.ts'
import { seededRandom } from '../../packages/qkd/src/random.ts'
import { noisyPair } from '../../packages/qkd/src/reconciliation/noise.ts'
import { replayedRandom } from '../../packages/qkd/src/simulate-run.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    bits: { type: 'string', default: '1000000' },
    qber: { type: 'string' },
    modes: { type: 'string', default: 'throughput,low-round' },
    runs: { type: 'string' },
  },
})
const bits = Number(values.bits)
const runs = Number(values.runs ?? (values.quick ? 3 : 5))
const warmUps = 2
const rates = (values.qber ?? (values.quick ? '0.03' : '0.01,0.03,0.05')).split(',').map(Number)
const modes = values.modes.split(',') as ReconciliationMode[]
const wasm = await loadWasmAmplifier()
const amplifiers = [wasm, typescriptAmplifier].filter((one): one is Amplifier => one !== undefined)

const stages = ['comparison', 'reconciliation', 'verification and amplification'] as const
type StageName = (typeof stages)[number]

interface Row {
  mode: ReconciliationMode
  amplifier: string
  qber: number
  sifted: number
  keyBits: number
  roundTrips: number
  cpuMs: number
  slowestMs: number
  stageMs: Record<StageName, number>
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** By what is said: the kinds of message that a step answered, and sent. */
function stageOf(kinds: readonly (string | undefined)[]): StageName {
  if (kinds.some((kind) => kind === 'reconciled' || kind === 'amplify' || kind === 'confirm' || kind === 'confirmed')) {
    return 'verification and amplification'
  }
  return kinds.some((kind) => kind === 'topParities' || kind === 'ask' || kind === 'parities')
    ? 'reconciliation'
    : 'comparison'
}

/** Books the CPU time of each step on its stage. */
function clocked(session: Session, spent: Record<StageName, number>): Session {
  return {
    ...session,
    first: session.first,
    handle(message) {
      const before = cpuMs()
      const step = session.handle(message)
      const used = cpuMs() - before
      const said = [message, ...step.send].map((one) => describeMessage(one)?.kind)
      spent[stageOf(said)] += used
      return step
    },
    cancel: () => session.cancel(),
  }
}

function runOnce(mode: ReconciliationMode, amplifier: Amplifier, qber: number, seed: number): Omit<Row, 'slowestMs'> {
  const random = replayedRandom(seed, 'bench')
  const pair = noisyPair(bits, qber, seededRandom(seed, 'sifted bits'))
  const common = { runId: random(16), authenticationKey: random(112), amplifier }
  const packed = (words: Uint32Array) => ({ bytes: new Uint8Array(words.buffer, 0, (bits + 7) >> 3), count: bits })
  const spent: Record<StageName, number> = { comparison: 0, reconciliation: 0, 'verification and amplification': 0 }
  const before = cpuMs()
  const alice = startSiftedAlice({ ...common, random: replayedRandom(seed, 'alice'), sifted: packed(pair.alice), mode })
  const bob = startSiftedBob({ ...common, random: replayedRandom(seed, 'bob'), sifted: packed(pair.bob) })
  spent.comparison += cpuMs() - before
  const done = joinEnds({ alice: clocked(alice, spent), bob: clocked(bob, spent) })
  if (done.alice.aborted || done.bob.aborted) throw new Error(`pipeline: a run at Q = ${qber} gave no key`)
  return {
    mode,
    amplifier: amplifier.name,
    qber,
    sifted: bits,
    keyBits: done.alice.keyBits,
    roundTrips: done.roundTrips,
    cpuMs: cpuMs() - before,
    stageMs: spent,
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!
}

const rows: Row[] = []
for (const amplifier of amplifiers) {
  for (const mode of modes) {
    for (const qber of rates) {
      const measured = Array.from({ length: runs + warmUps }, (_, i) => runOnce(mode, amplifier, qber, i)).slice(
        warmUps,
      )
      const stageMs = Object.fromEntries(
        stages.map((stage) => [stage, median(measured.map((one) => one.stageMs[stage]))]),
      ) as Record<StageName, number>
      rows.push({
        ...measured[0]!,
        roundTrips: Math.max(...measured.map((one) => one.roundTrips)),
        cpuMs: median(measured.map((one) => one.cpuMs)),
        slowestMs: Math.max(...measured.map((one) => one.cpuMs)),
        stageMs,
      })
    }
  }
}

if (values.json) console.log(JSON.stringify({ node: process.version, arch: process.arch, runs, rows }, undefined, 2))
else {
  console.log(
    '| mode | amplifier | Q | key bits | rounds, most | CPU ms (slowest) | comparison | reconciliation | rest |',
  )
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const row of rows) {
    const parts = stages.map((stage) => row.stageMs[stage].toFixed(1)).join(' | ')
    const whole = `${row.cpuMs.toFixed(1)} (${row.slowestMs.toFixed(1)})`
    const what = `${row.mode} | ${row.amplifier} | ${+(100 * row.qber).toFixed(2)} % | ${row.keyBits} | ${row.roundTrips}`
    console.log(`| ${what} | ${whole} | ${parts} |`)
  }
}
