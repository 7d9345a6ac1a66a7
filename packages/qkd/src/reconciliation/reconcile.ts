/**
 * Both ends of reconciliation in one process, on made-up frames: what the bench and the command line show. Every parity
 * goes through the same messages as between two machines.
 */
import { seededRandom } from '../random.ts'
import { binaryEntropy } from '../security/entropy.ts'
import { CascadeAsker } from './cascade/asker.ts'
import { type CascadeMode, type CascadePlan, cascadePlan } from './cascade/plan.ts'
import { CascadeTeller } from './cascade/teller.ts'
import type { CascadeVariant } from './cascade/variants.ts'
import { countBits } from './cascade/words.ts'
import { type FramePair, noisyPair } from './noise.ts'
import { OneWayAsker } from './one-way/asker.ts'
import { type OneWayPlan, oneWayPlan } from './one-way/plan.ts'
import { OneWayTeller } from './one-way/teller.ts'

export interface ReconcileOptions {
  /** Bits of a frame. */
  bits: number
  /** Rate of the errors, and what both ends believe it to be. */
  qber: number
  /** A variant of Cascade, or `ldpc`, for which the mode is `one-way` and nothing else. */
  variant?: CascadeVariant | 'ldpc'
  mode?: CascadeMode
  /** Frames in all; 16 if left out. */
  frames?: number
  /** Frames that go in lockstep; 16 if left out. Each batch has permutations of its own. */
  batch?: number
  seed?: number
  /** CPU time of this process so far, in milliseconds. Without it there is no speed in the result. */
  cpuMs?: () => number
}

export interface ReconcileResult {
  variant: CascadeVariant | 'ldpc'
  mode: CascadeMode | 'one-way'
  bits: number
  qber: number
  frames: number
  /** Parities said over n h(Q), Q being the rate that the frames really had. Failed frames count with what they said. */
  fEc: number
  /** Share of frames that are not equal afterwards. */
  fer: number
  /** Round trips of a batch. */
  roundsMean: number
  roundsMax: number
  /** All messages of all batches, both directions. */
  bytes: number
  messages: number
  /** Median over batches, CPU of both ends, permutations included; undefined without a clock. */
  mbitPerSecond: number | undefined
}

export function reconcile(options: ReconcileOptions): ReconcileResult {
  const { bits, qber, variant = 'lean', mode = 'throughput', frames = 16, batch = 16, seed = 1, cpuMs } = options
  const total = { errors: 0, leaked: 0, failed: 0, rounds: 0, roundsMax: 0, bytes: 0, messages: 0 }
  const speeds: number[] = []
  const batches = Math.ceil(frames / batch)
  const codeSeed = Uint8Array.of(0x71) // a code hides nothing, so one serves all
  for (let index = 0; index < batches; index++) {
    const count = Math.min(batch, frames - index * batch)
    const random = seededRandom(seed, `frames ${index}`)
    const pairs = Array.from({ length: count }, () => noisyPair(bits, qber, random))
    const planSeed = Uint8Array.of(seed >>> 24, seed >>> 16, seed >>> 8, seed, index >>> 8, index)
    const startMs = cpuMs?.()
    const done =
      variant === 'ldpc'
        ? runOneWay(oneWayPlan({ n: bits, qber, seed: codeSeed }), pairs)
        : runCascade(cascadePlan({ n: bits, frames: count, qber, seed: planSeed, variant, mode }), pairs)
    if (cpuMs && startMs !== undefined) speeds.push((bits * count) / (cpuMs() - startMs) / 1000)
    total.errors += pairs.reduce((sum, { errors }) => sum + errors, 0)
    total.leaked += done.leakedBits
    total.rounds += done.rounds
    total.roundsMax = Math.max(total.roundsMax, done.rounds)
    total.bytes += done.bytes
    total.messages += done.messages
    total.failed += done.frames.filter((frame, i) => frame.some((word, at) => word !== pairs[i]!.alice[at])).length
  }
  speeds.sort((a, b) => a - b)
  const needed = bits * frames * binaryEntropy(total.errors / (bits * frames))
  return {
    variant,
    mode: variant === 'ldpc' ? 'one-way' : mode,
    bits,
    qber,
    frames,
    fEc: total.leaked / needed,
    fer: total.failed / frames,
    roundsMean: total.rounds / batches,
    roundsMax: total.roundsMax,
    bytes: total.bytes,
    messages: total.messages,
    mbitPerSecond: speeds[speeds.length >> 1],
  }
}

export interface ReconciliationRun {
  /** Bob's frames as corrected. */
  frames: Uint32Array[]
  leakedBits: number
  /** Errors turned in each frame. */
  flips: number[]
  rounds: number
  messages: number
  bytes: number
}

/** @param onMessage - sees every message, in order */
export function runCascade(
  plan: CascadePlan,
  pairs: readonly Pick<FramePair, 'alice' | 'bob'>[],
  onMessage?: (from: 'alice' | 'bob', message: Uint8Array) => void,
): ReconciliationRun {
  const teller = new CascadeTeller(
    plan,
    pairs.map(({ alice }) => alice),
  )
  const asker = new CascadeAsker(
    plan,
    pairs.map(({ bob }) => bob),
  )
  let messages = 0
  let bytes = 0
  const carry = (from: 'alice' | 'bob', message: Uint8Array | undefined): Uint8Array => {
    if (!message) throw new Error('cascade: an honest question was refused')
    messages++
    bytes += message.length
    onMessage?.(from, message)
    return message
  }
  let holds = asker.hearTop(carry('alice', teller.top()))
  for (let question = asker.ask(); holds && question; question = asker.ask()) {
    holds = asker.hear(carry('alice', teller.answer(carry('bob', question))))
  }
  if (!holds) throw new Error('cascade: an honest answer was refused')
  return {
    frames: asker.frames,
    leakedBits: teller.leakedBits,
    flips: asker.flips,
    rounds: asker.rounds,
    messages,
    bytes,
  }
}

/** One frame after the other; frames that were given up are as they were. Rounds are those of the slowest frame. */
export function runOneWay(
  plan: OneWayPlan,
  pairs: readonly Pick<FramePair, 'alice' | 'bob'>[],
  onMessage?: (from: 'alice' | 'bob', message: Uint8Array) => void,
): ReconciliationRun {
  const run: ReconciliationRun = { frames: [], leakedBits: 0, flips: [], rounds: 0, messages: 0, bytes: 0 }
  const carry = (from: 'alice' | 'bob', message: Uint8Array | undefined): Uint8Array => {
    if (!message) throw new Error('one-way: an honest question was refused')
    run.messages++
    run.bytes += message.length
    onMessage?.(from, message)
    return message
  }
  for (const { alice, bob } of pairs) {
    const teller = new OneWayTeller(plan, alice)
    const asker = new OneWayAsker(plan, bob)
    let holds = asker.hearSyndrome(carry('alice', teller.syndrome()))
    for (let question = asker.ask(); holds && question; question = asker.ask()) {
      holds = asker.hear(carry('alice', teller.answer(carry('bob', question))))
    }
    if (!holds) throw new Error('one-way: an honest answer was refused')
    const corrected = asker.corrected ?? bob
    run.frames.push(corrected)
    run.flips.push(corrected.reduce((sum, word, at) => sum + countBits(word ^ bob[at]!), 0))
    run.leakedBits += teller.leakedBits
    run.rounds = Math.max(run.rounds, asker.increments)
  }
  return run
}
