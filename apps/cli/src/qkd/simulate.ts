/** `qsec qkd simulate`: both ends of a run in this process. The key is thrown away unseen. */
import {
  authenticationBits,
  type ChannelParameters,
  channelParameters,
  maxClicks,
  maxPulses,
  minPulses,
  type SessionResult,
  type Source,
  type Stage,
  secureRandom,
  simulatedSender,
  simulateRun,
} from '@qsec/qkd'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { numberOf, seedOf, wholeOf } from './numbers.ts'
import { simulationWords } from './simulate-words.ts'

/** What --json prints. Null stands for what the run did not come to. */
export interface Simulation {
  seed: number | null
  pulses: number
  detected: number | null
  sifted: number | null
  sampled: number | null
  /** Of the sample; a ratio. */
  qber: number | null
  qberInterval: [lo: number, hi: number] | null
  leakedBits: number
  /** Both ends checked that their keys are equal, and they are. */
  verified: boolean
  secretBits: number
  /** Less the bits of authentication key, which are spent in any case. */
  netSecretBits: number
  aborted: boolean
  reason: string | null
  stages: Stage[]
  ms: number
}

export const simulate: Command = {
  help: `qsec qkd simulate [options]: a BB84 run on a simulated channel, both ends in this process.

  --pulses N         pulses sent, ${minPulses} to ${maxPulses} (default 1e6)
  --distance KM      fibre of 0.2 dB/km, 0 to 1000 (default 25)
  --eve SHARE        intercept-resend on this share of the pulses, 0 to 1 (default 0)
  --seed N           replays a run; its key is for looking at only (default: secure chance)
  --efficiency P     that an arriving photon clicks, 1e-6 to 1 (default 0.16)
  --dark P           dark counts per detector and gate, 0 to 0.1 (default 1e-5)
  --misalignment P   a photon in the wrong detector, 0 to 0.5 (default 0.015)
  --source KIND      single (default), or weak:MU for weak pulses with MU photons in the mean
  --sample SHARE     sifted bits compared in the open, 0.02 to 0.5 (default 0.2)
  --threshold Q      QBER above which no key is made, 1e-6 to 0.25 (default 0.11)
  --json             one JSON document

A run that ends without a key is a result, not a failure: "aborted" is true, "reason" says why, the exit code is 0.
"netSecretBits" is the key less the ${authenticationBits} bits of authentication key that a run uses up. The key is never printed.

Examples:
  qsec qkd simulate --pulses 1e6 --distance 25
  qsec qkd simulate --pulses 1e6 --distance 25 --eve 0.5 --seed 7 --json | jq .reason
  qsec qkd simulate --source weak:0.1 --efficiency 0.5 --distance 10`,

  async run(args) {
    const { values } = readFlags('qkd simulate', args, {
      pulses: { type: 'string', default: '1e6' },
      distance: { type: 'string', default: '25' },
      eve: { type: 'string', default: '0' },
      seed: { type: 'string' },
      efficiency: { type: 'string', default: '0.16' },
      dark: { type: 'string', default: '1e-5' },
      misalignment: { type: 'string', default: '0.015' },
      source: { type: 'string', default: 'single' },
      sample: { type: 'string', default: '0.2' },
      threshold: { type: 'string', default: '0.11' },
      json: { type: 'boolean', default: false },
    })
    const fraction = numberOf('--eve', values.eve, 0, 1)
    const channel = channelParameters({
      distanceKm: numberOf('--distance', values.distance, 0, 1000),
      detectorEfficiency: numberOf('--efficiency', values.efficiency, 1e-6, 1),
      darkCountProbability: numberOf('--dark', values.dark, 0, 0.1),
      misalignment: numberOf('--misalignment', values.misalignment, 0, 0.5),
      source: sourceOf(values.source),
      eve: fraction > 0 ? { attack: 'intercept-resend', fraction } : { attack: 'none' },
    })
    const pulses = wholeOf('--pulses', values.pulses, minPulses, maxPulses)
    // As much below the limit as keeps chance from passing it.
    const mostPulses = Math.floor((0.95 * maxClicks) / simulatedSender(channel).expectedClicks(1))
    if (pulses > mostPulses) {
      throw new UsageError(
        `--pulses must be at most ${mostPulses} on this channel, for no more than ${maxClicks} clicks.`,
      )
    }
    const simulation = simulated(pulses, channel, {
      sampleFraction: numberOf('--sample', values.sample, 0.02, 0.5),
      threshold: numberOf('--threshold', values.threshold, 1e-6, 0.25),
      seed: values.seed === undefined ? null : seedOf(values.seed),
    })
    say(values.json ? JSON.stringify(simulation) : simulationWords(simulation))
    return 0
  },
}

interface Choices {
  sampleFraction: number
  threshold: number
  seed: number | null
}

function simulated(pulses: number, channel: ChannelParameters, { seed, ...choices }: Choices): Simulation {
  const startMs = performance.now()
  const random = secureRandom((byteLength) => crypto.getRandomValues(new Uint8Array(byteLength)))
  const chance = seed === null ? { random } : { seed }
  const { alice, bob } = simulateRun({ pulses, channel, ...choices, chance })
  const ms = Math.round(performance.now() - startMs)
  const failed = [alice, bob].find((end) => end.aborted && end.reason === 'internal-error')
  if (failed) throw new CommandFailed('The run broke off by a mistake of ours: internal-error.', { cause: failed })
  return {
    seed,
    pulses,
    detected: bob.detected ?? null,
    sifted: bob.sifted ?? null,
    sampled: bob.sampled ?? null,
    qber: bob.qber ?? null,
    qberInterval: bob.qberInterval ?? null,
    leakedBits: bob.leakedBits ?? 0,
    verified: haveOneKey(alice, bob),
    secretBits: bob.aborted ? 0 : bob.secretBits,
    netSecretBits: bob.aborted ? -authenticationBits : bob.netSecretBits,
    aborted: bob.aborted,
    reason: bob.aborted ? bob.reason : null,
    stages: bob.stages ?? [],
    ms,
  }
}

function haveOneKey(alice: SessionResult, bob: SessionResult): boolean {
  if (alice.aborted || bob.aborted) return false
  const equal = Buffer.compare(alice.key, bob.key) === 0
  alice.key.fill(0)
  bob.key.fill(0)
  return equal
}

function sourceOf(text: string): Source {
  if (text === 'single') return { kind: 'single-photon' }
  const mean = /^weak:(.+)$/.exec(text)?.[1]
  if (mean === undefined) throw new UsageError('--source must be single or weak:MU, such as weak:0.1.')
  return { kind: 'weak-coherent', meanPhotons: numberOf('--source weak:', mean, 1e-6, 4) }
}
