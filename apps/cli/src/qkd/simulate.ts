/** `qsec qkd simulate`: both ends of a run in this process. The key is thrown away unseen. */
import {
  authenticationBits,
  type ChannelParameters,
  channelParameters,
  type DecoyStatistics,
  loadWasmAmplifier,
  maxClicks,
  maxPulses,
  minPulses,
  type ReconciliationMode,
  type SessionResult,
  type Stage,
  secureRandom,
  simulatedSender,
  simulateRun,
} from '@qsec/qkd'
import { type Command, CommandFailed, UsageError } from '../command.ts'
import { readFlags } from '../flags.ts'
import { say } from '../output.ts'
import { nameOf, numberOf, seedOf, wholeOf } from './numbers.ts'
import { attackNames, eveOf, lightOf } from './simulate-light.ts'
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
  /** Of runs with decoys alone: clicks and errors that the bounds were made from, by intensity. */
  decoy?: DecoyStatistics
  stages: Stage[]
  ms: number
}

export const simulate: Command = {
  help: `qsec qkd simulate [options]: a BB84 run on a simulated channel, both ends in this process.

  --pulses N         pulses sent, ${minPulses} to ${maxPulses} (default 1e6, with decoys 1.2e7)
  --distance KM      fibre of 0.2 dB/km, 0 to 1000 (default 25)
  --eve SHARE        an attack on this share of the pulses, 0 to 1 (default 0)
  --attack NAME      which: ${attackNames.join(', ')}
                     (default intercept-resend)
  --seed N           replays a run; its key is for looking at only (default: secure chance)
  --efficiency P     that an arriving photon clicks, 1e-6 to 1 (default 0.16)
  --dark P           dark counts per detector and gate, 0 to 0.1 (default 1e-5)
  --misalignment P   a photon in the wrong detector, 0 to 0.5 (default 0.015)
  --source KIND      single (default), one-decoy, two-decoys, or weak:MU: weak pulses with MU photons in the mean
  --decoy MEAN:SHARE with weak:MU, once or twice: this mean for this share of the pulses, as 0.12:0.7
  --key-basis P      with decoys: how often either end takes the key basis, 0.3 to 0.99
  --sample SHARE     sifted bits compared in the open, 0.02 to 0.5 (default 0.2); with decoys the whole test basis
  --mode NAME        of error correction: low-round (default), throughput or one-way
  --threshold Q      QBER above which no key is made, 1e-6 to 0.25 (default 0.11)
  --json             one JSON document

A run that ends without a key is a result, not a failure: "aborted" is true, "reason" says why, the exit code is 0.
"netSecretBits" is the key less the ${authenticationBits} bits of authentication key that a run uses up. The key is never printed.

With decoys the key has the length of Rusca et al. 2018 (one) or Lim et al. 2014 (two) over the counts of the run, and
"decoy" holds these counts; sampled and qber are those of the test basis. Weak pulses without decoys leave no key at
usual intensities, since every pulse of several photons counts as known.

Examples:
  qsec qkd simulate --pulses 1e6 --distance 25
  qsec qkd simulate --source one-decoy --distance 25
  qsec qkd simulate --source two-decoys --eve 1 --attack photon-number-splitting --json | jq .reason
  qsec qkd simulate --pulses 1e6 --distance 25 --eve 0.5 --seed 7 --json | jq .reason
  qsec qkd simulate --source weak:0.1 --efficiency 0.5 --distance 10`,

  async run(args) {
    const { values } = readFlags('qkd simulate', args, {
      pulses: { type: 'string' },
      distance: { type: 'string', default: '25' },
      eve: { type: 'string', default: '0' },
      seed: { type: 'string' },
      efficiency: { type: 'string', default: '0.16' },
      dark: { type: 'string', default: '1e-5' },
      misalignment: { type: 'string', default: '0.015' },
      source: { type: 'string', default: 'single' },
      attack: { type: 'string', default: 'intercept-resend' },
      decoy: { type: 'string', multiple: true },
      'key-basis': { type: 'string' },
      mode: { type: 'string', default: 'low-round' },
      sample: { type: 'string', default: '0.2' },
      threshold: { type: 'string', default: '0.11' },
      json: { type: 'boolean', default: false },
    })
    const light = lightOf(values.source, values.decoy ?? [], values['key-basis'])
    const channel = channelParameters({
      distanceKm: numberOf('--distance', values.distance, 0, 1000),
      detectorEfficiency: numberOf('--efficiency', values.efficiency, 1e-6, 1),
      darkCountProbability: numberOf('--dark', values.dark, 0, 0.1),
      misalignment: numberOf('--misalignment', values.misalignment, 0, 0.5),
      source: light.source,
      eve: eveOf(values.attack, numberOf('--eve', values.eve, 0, 1)),
    })
    const usualPulses = light.hasDecoys ? '1.2e7' : '1e6'
    const pulses = wholeOf('--pulses', values.pulses ?? usualPulses, minPulses, maxPulses)
    // As much below the limit as keeps chance from passing it.
    const mostPulses = Math.floor((0.95 * maxClicks) / simulatedSender(channel).expectedClicks(1))
    if (pulses > mostPulses) {
      throw new UsageError(
        `--pulses must be at most ${mostPulses} on this channel, for no more than ${maxClicks} clicks.`,
      )
    }
    const simulation = await simulated(pulses, channel, {
      sampleFraction: numberOf('--sample', values.sample, 0.02, 0.5),
      threshold: numberOf('--threshold', values.threshold, 1e-6, values.mode === 'one-way' ? 0.11 : 0.25),
      mode: nameOf('--mode', values.mode, modes),
      keyBasisProbability: light.keyBasisProbability,
      seed: values.seed === undefined ? null : seedOf(values.seed),
    })
    say(values.json ? JSON.stringify(simulation) : simulationWords(simulation))
    return 0
  },
}

interface Choices {
  sampleFraction: number
  threshold: number
  mode: ReconciliationMode
  keyBasisProbability: number | undefined
  seed: number | null
}

const modes: readonly ReconciliationMode[] = ['low-round', 'throughput', 'one-way']

async function simulated(
  pulses: number,
  channel: ChannelParameters,
  { seed, ...choices }: Choices,
): Promise<Simulation> {
  const startMs = performance.now()
  const random = secureRandom((byteLength) => crypto.getRandomValues(new Uint8Array(byteLength)))
  const chance = seed === null ? { random } : { seed }
  const { alice, bob } = simulateRun({ pulses, channel, ...choices, chance, amplifier: await loadWasmAmplifier() })
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
    ...(bob.decoy ? { decoy: bob.decoy } : {}),
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
