/**
 * Speed of privacy amplification: Mbit of input per second, medians of five rounds, for sizes, ratios and backends.
 *
 *     node bench/qkd/amplify.ts [--quick] [--json] [--sizes 100000,1000000,10000000] [--ratios 0.125,0.25,0.5]
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
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    ratios: { type: 'string', default: '0.125,0.25,0.5' },
    backends: { type: 'string', default: 'wasm,typescript' },
    rounds: { type: 'string' },
  },
})

const rounds = Number(options.rounds ?? (options.quick ? 3 : 5))
const sizes = numbers(options.sizes ?? (options.quick ? '1000000' : '100000,1000000,10000000'))
const ratios = numbers(options.ratios)
// Short products are repeated within a round, and long enough before the first for the code to be compiled.
const bitsPerRound = 20_000_000

const wasm = await loadWasmAmplifier()
const backends = [wasm, typescriptAmplifier].filter(
  (backend): backend is Amplifier => backend !== undefined && options.backends.split(',').includes(backend.name),
)

const results: Measured[] = []
for (const inputBits of sizes) {
  for (const ratio of ratios) {
    for (const backend of backends) results.push(measure(backend, inputBits, ratio))
  }
}
if (options.json) console.log(JSON.stringify({ node: process.version, arch: process.arch, rounds, results }, null, 2))
else {
  // Ready for docs/qkd-amplification.md: a row for each size, in each cell one number for each ratio.
  console.log(`Output ${ratios.join(', ')} of the input; Mbit of input per second of CPU time, then ms.\n`)
  console.log(`| n | ${backends.map(({ name }) => `${name} | ${name}, ms`).join(' | ')} |`)
  console.log(`| --- | ${backends.map(() => '--- | ---').join(' | ')} |`)
  for (const size of sizes) {
    const cells = backends.map(({ name }) => {
      const of = results.filter((one) => one.inputBits === size && one.backend === name)
      const list = (digits: (one: Measured) => number): string => of.map(digits).join(', ')
      return `${list((one) => Math.round(one.mbitPerSecondCpu))} | ${list((one) => Number(one.cpuMs.toPrecision(3)))}`
    })
    console.log(`| ${size.toExponential(0).replace('e+', 'e')} | ${cells.join(' | ')} |`)
  }
}

function numbers(list: string): number[] {
  return list.split(',').map(Number)
}

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
