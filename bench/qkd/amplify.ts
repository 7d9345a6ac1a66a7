/**
 * Speed of privacy amplification: Mbit of input per second, medians of five rounds, for sizes, ratios and backends.
 *
 *     node bench/qkd/amplify.ts [--json] [--sizes 100000,1000000,10000000] [--ratios 0.125,0.25,0.5]
 *                               [--backends wasm,typescript] [--rounds 5]
 *
 * The wall clock also measures what else the machine does; CPU time is steadier, and counts the engine's own threads.
 */
import { parseArgs } from 'node:util'
import type { Amplifier } from '../../packages/qkd/src/amplification/amplifier.ts'
import { typescriptAmplifier } from '../../packages/qkd/src/amplification/typescript-amplifier.ts'
import { loadWasmAmplifier } from '../../packages/qkd/src/amplification/wasm-amplifier.ts'

interface Measured {
  backend: string
  inputBits: number
  ratio: number
  wallMs: number
  cpuMs: number
  mbitPerSecondWall: number
  mbitPerSecondCpu: number
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '100000,1000000,10000000' },
    ratios: { type: 'string', default: '0.125,0.25,0.5' },
    backends: { type: 'string', default: 'wasm,typescript' },
    rounds: { type: 'string', default: '5' },
  },
})

const numbers = (list: string): number[] => list.split(',').map(Number)
const rounds = Number(options.rounds)
// Short products are repeated within a round, and long enough before the first for the code to be compiled.
const bitsPerRound = 20_000_000

const wasm = await loadWasmAmplifier()
const backends = [wasm, typescriptAmplifier].filter(
  (backend): backend is Amplifier => backend !== undefined && options.backends.split(',').includes(backend.name),
)

const results: Measured[] = []
for (const inputBits of numbers(options.sizes)) {
  for (const ratio of numbers(options.ratios)) {
    for (const backend of backends) results.push(measure(backend, inputBits, ratio))
  }
}
if (options.json) console.log(JSON.stringify({ node: process.version, arch: process.arch, rounds, results }, null, 2))
else console.table(results)

function measure(backend: Amplifier, inputBits: number, ratio: number): Measured {
  const outputBits = Math.round(inputBits * ratio)
  const input = noise((inputBits + 7) >> 3, 1)
  const seed = noise((inputBits + outputBits + 6) >> 3, 2)
  const repeats = Math.max(1, Math.round(bitsPerRound / inputBits))
  const round = (): { wallMs: number; cpuMs: number } => {
    const wall = performance.now()
    const cpu = process.cpuUsage()
    for (let i = 0; i < repeats; i++) backend.amplify(input, inputBits, seed, outputBits)
    const used = process.cpuUsage(cpu)
    return {
      wallMs: (performance.now() - wall) / repeats,
      cpuMs: (used.user + used.system) / 1000 / repeats,
    }
  }
  round()
  const measured = Array.from({ length: rounds }, round)
  const wallMs = median(measured.map((one) => one.wallMs))
  const cpuMs = median(measured.map((one) => one.cpuMs))
  return {
    backend: backend.name,
    inputBits,
    ratio,
    wallMs: rounded(wallMs),
    cpuMs: rounded(cpuMs),
    mbitPerSecondWall: rounded(inputBits / wallMs / 1000),
    mbitPerSecondCpu: rounded(inputBits / cpuMs / 1000),
  }
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

// xorshift32 (Marsaglia, J. Stat. Softw. 8 (14), 2003): speed does not depend on the bits, so any will do.
function noise(length: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state
  })
}
