/** `qsec qkd amplify`: Toeplitz hashing at a size, its speed, and a check of what came out. */
import { type Amplifier, loadWasmAmplifier, maxAmplifiedBits, typescriptAmplifier } from '@qsec/qkd'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { fitsRows } from './amplify-check.ts'
import { nameOf, wholeOf } from './numbers.ts'
import { chance } from './packing.ts'
import { cpuMs, rounded } from './reconcile.ts'

const backendNames = ['wasm', 'typescript'] as const
/** Up to here the other backend computes it all again; beyond, rows are checked one by one. */
const comparedWholeUpTo = 2_000_000
const rounds = 5
const enoughMs = 3000

export const amplify: Command = {
  help: `qsec qkd amplify [options]: privacy amplification of random bits by a random Toeplitz matrix.

  --bits N         bits in, 1 to ${maxAmplifiedBits} (default 1e6)
  --out N          bits out, 1 to --bits (default half of them)
  --backend NAME   wasm (default where it runs) or typescript
  --json           {"bits", "out", "backend", "mbitPerSecond", "checked"}

Speed is bits in per CPU time, the median of up to ${rounds} rounds. The result is checked against the plain product in 64 rows
chosen by chance, and up to ${comparedWholeUpTo / 1e6} million bits also against the other backend; "checked" is true, or the command fails.

Examples:
  qsec qkd amplify --bits 1000000 --out 500000
  qsec qkd amplify --bits 1e7 --out 2e6 --backend typescript --json`,

  async run(args) {
    const { values } = readFlags('qkd amplify', args, {
      bits: { type: 'string', default: '1e6' },
      out: { type: 'string' },
      backend: { type: 'string' },
      json: { type: 'boolean', default: false },
    })
    const bits = wholeOf('--bits', values.bits, 1, maxAmplifiedBits)
    const out = values.out === undefined ? Math.ceil(bits / 2) : wholeOf('--out', values.out, 1, bits)
    const [backend, other] = await backends(values.backend)
    const input = chance((bits + 7) >> 3)
    const seed = chance((bits + out + 6) >> 3)
    const { output, mbitPerSecond } = timed(backend, input, bits, seed, out)
    const agrees =
      bits > comparedWholeUpTo || !other || Buffer.compare(other.amplify(input, bits, seed, out), output) === 0
    if (!agrees || !fitsRows(input, bits, seed, out, output)) {
      throw new CommandFailed(
        `The ${backend.name} backend computed something else than the product. Please report this.`,
      )
    }
    const facts = { bits, out, backend: backend.name, mbitPerSecond, checked: true }
    say(values.json ? JSON.stringify(facts) : words(facts))
    return 0
  },
}

/** The one asked for, and the other one if there is one. */
async function backends(asked: string | undefined): Promise<[Amplifier, Amplifier | undefined]> {
  const name = asked === undefined ? undefined : nameOf('--backend', asked, backendNames)
  const wasm = await loadWasmAmplifier()
  if (name === 'wasm' && !wasm) throw new UsageError('--backend wasm does not run on this machine.')
  return name !== 'typescript' && wasm ? [wasm, typescriptAmplifier] : [typescriptAmplifier, wasm]
}

function timed(
  backend: Amplifier,
  input: Uint8Array,
  bits: number,
  seed: Uint8Array,
  out: number,
): { output: Uint8Array; mbitPerSecond: number | null } {
  const speeds: number[] = []
  let output = new Uint8Array(0)
  const startMs = cpuMs()
  for (let round = 0; round < rounds && (round === 0 || cpuMs() - startMs < enoughMs); round++) {
    const roundMs = cpuMs()
    output = new Uint8Array(backend.amplify(input, bits, seed, out))
    speeds.push(bits / (cpuMs() - roundMs) / 1000)
  }
  speeds.sort((a, b) => a - b)
  return { output, mbitPerSecond: rounded(speeds[speeds.length >> 1]!) }
}

function words(facts: { bits: number; out: number; backend: string; mbitPerSecond: number | null }): string {
  const { bits, out, backend, mbitPerSecond } = facts
  return `${bits} bits to ${out} by ${backend}: ${mbitPerSecond ?? '?'} Mbit/s of CPU time, result checked.`
}
