/** `qsec qkd distill` between two hosts: each reads its own file of sifted bits, and both end with the same key. */
import { rm } from 'node:fs/promises'
import {
  type AbortReason,
  authenticationKeyBytes,
  type KeyLabel,
  loadWasmAmplifier,
  maxSiftedBits,
  type PackedBits,
  type ReconciliationMode,
  type Session,
  type SessionResult,
  type SessionSuccess,
  type Stage,
  startSiftedAlice,
  startSiftedBob,
} from '@qsec/qkd'
import { CommandFailed } from '../../command.ts'
import { readBits } from '../bit-files.ts'
import { writeSecret } from '../files.ts'
import { packBytes } from '../packing.ts'
import { AuthStock, shortage } from './auth-stock.ts'
import { type Address, keepConnected, keepListening } from './connect.ts'
import { Conversation } from './conversation.ts'
import { maxSegments } from './greeting.ts'
import type { Balance } from './ledger.ts'

export interface HostChoices {
  side: 'connecting' | 'listening'
  address: Address
  in: string
  test: string | undefined
  raw: boolean
  authKey: string
  out: string
  mode: ReconciliationMode
  sampleFraction: number
  threshold: number
  epsSec: number
  epsCor: number
  taggedShare: number
  label: KeyLabel
  replenishBits: number
  patienceMs: number
}

/** What --json prints. Null stands for what the run did not come to. */
export interface HostDistillation {
  role: 'alice' | 'bob'
  run: string
  label: KeyLabel
  bits: number
  sampled: number | null
  mismatches: number | null
  qber: number | null
  interval: [lo: number, hi: number] | null
  threshold: number | null
  leakedBits: number
  corrected: number
  framesGivenUp: number
  secretBits: number
  /** Less what authentication cost. */
  netSecretBits: number
  deliveredBits: number
  replenishedBits: number
  epsilon: SessionSuccess['epsilon'] | null
  aborted: boolean
  reason: AbortReason | null
  /** The other end said that it kept the key, too. */
  acknowledged: boolean
  stages: Stage[]
  file: string | null
  /** Of the authentication key, in bits; produced = delivered + consumed + stored + expired. */
  auth: Balance
  ms: number
}

/** Ends of which the photons are the cause; all others mean that somebody or something disturbed the run. */
const results: readonly AbortReason[] = [
  'too-few-detections',
  'qber-above-threshold',
  'reconciliation-failed',
  'verification-failed',
  'no-secret-key-left',
]

/**
 * @param stop - aborts the run at both ends
 * @param tell - lines for people while it runs
 */
export async function distillWithHost(
  choices: HostChoices,
  stop: AbortSignal,
  tell: (line: string) => void,
): Promise<HostDistillation> {
  const startMs = performance.now()
  const sifted = await packedBits('--in', choices.in, choices.raw)
  const test = choices.test === undefined ? undefined : await packedBits('--test', choices.test, choices.raw)
  const amplifier = await loadWasmAmplifier()
  const stock = await AuthStock.open(choices.authKey, authenticationKeyBytes)
  try {
    const leftBytes = stock.ledger.end - stock.ledger.spentTo
    if (leftBytes < authenticationKeyBytes) throw new CommandFailed(shortage(leftBytes))
    if (choices.replenishBits > 0 && stock.ledger.segments.length >= maxSegments) {
      throw new CommandFailed('--replenish: this key was replenished too often. Share a new one by hand.')
    }
    let deliveredBits = 0
    const greetingKey = await stock.greetingKey()
    const { epsSec, epsCor, threshold, taggedShare, label, sampleFraction, mode } = choices
    const start = (run: Parameters<ConstructorParameters<typeof Conversation>[0]['start']>[0]): Session => {
      const held = { ...run, amplifier, sifted, test, label }
      if (choices.side === 'connecting') {
        return startSiftedAlice({ ...held, epsSec, epsCor, threshold, taggedShare, sampleFraction, mode })
      }
      const least = Math.ceil(taggedShare * sifted.count)
      return startSiftedBob({
        ...held,
        // What this end was told to hold to; it may be held to more.
        accepts: (offer) =>
          offer.threshold <= threshold && offer.epsSec <= epsSec && offer.epsCor <= epsCor && offer.taggedBits >= least,
      })
    }
    const keep = async (run: string, { key }: SessionSuccess, replenish: number): Promise<void> => {
      // A key that is spent on authentication whole would deliver nothing.
      const stored = Math.min(replenish, key.length >> 1)
      await writeSecret('--out', choices.out, key.subarray(stored))
      try {
        await stock.produced(run, key.length - stored, key.subarray(0, stored))
      } catch (error) {
        await rm(choices.out, { force: true })
        throw error
      }
      deliveredBits = 8 * (key.length - stored)
    }
    const onRefused = (reason: string): void => tell(`Refused a connection: ${refusals[reason] ?? reason}.`)
    const conversation = new Conversation({
      ...{ side: choices.side, stock, greetingKey, start, keep, onRefused: atMost(5, onRefused) },
      ...{ patienceMs: choices.patienceMs, replenish: choices.replenishBits >> 3 },
    })
    const stopped = (): void => conversation.stop(new CommandFailed('Stopped. No key was kept.'))
    stop.addEventListener('abort', stopped, { once: true })
    if (stop.aborted) stopped()
    const { run, result, acknowledged } = await carried(choices, conversation, tell)
    stop.removeEventListener('abort', stopped)
    if (result.aborted && !results.includes(result.reason)) throw new CommandFailed(broken(result))
    const facts = factsOf(choices, run, result, deliveredBits)
    const ms = Math.round(performance.now() - startMs)
    return { ...facts, bits: sifted.count, acknowledged, auth: stock.balance, ms }
  } finally {
    for (const bits of [sifted, test]) bits?.bytes.fill(0)
    await stock.close()
  }
}

const refusals: Readonly<Record<string, string>> = {
  'other-key': 'it does not have our --auth-key',
  'no-greeting': 'it is no qsec distill',
  busy: 'it is in another run',
}

async function carried(
  { side, address }: HostChoices,
  conversation: Conversation,
  tell: (line: string) => void,
): ReturnType<() => Conversation['end']> {
  if (side === 'connecting') {
    void keepConnected(address, conversation)
    return conversation.end
  }
  const { at, stop } = await keepListening(address, conversation)
  tell(`Listening on ${at.host}:${at.port}.`)
  try {
    return await conversation.end
  } finally {
    stop()
  }
}

async function packedBits(flag: string, file: string, raw: boolean): Promise<PackedBits> {
  const bits = await readBits(flag, file, raw)
  if (bits.length > maxSiftedBits) throw new CommandFailed(`${flag}: the file has more than ${maxSiftedBits} bits.`)
  const packed = { bytes: packBytes(bits), count: bits.length }
  bits.fill(0)
  return packed
}

function factsOf(
  { side, out }: HostChoices,
  run: string,
  result: SessionResult,
  deliveredBits: number,
): Omit<HostDistillation, 'bits' | 'acknowledged' | 'auth' | 'ms'> {
  const secretBits = result.aborted ? 0 : result.secretBits
  return {
    role: side === 'connecting' ? 'alice' : 'bob',
    run,
    label: result.label ?? 'simulated',
    sampled: result.sampled ?? null,
    mismatches: result.mismatches ?? null,
    qber: result.qber ?? null,
    interval: result.qberInterval ?? null,
    threshold: result.threshold ?? null,
    leakedBits: result.leakedBits ?? 0,
    corrected: result.corrected ?? 0,
    framesGivenUp: result.framesGivenUp ?? 0,
    secretBits,
    netSecretBits: secretBits - 8 * authenticationKeyBytes,
    deliveredBits,
    replenishedBits: secretBits - deliveredBits,
    epsilon: result.aborted ? null : result.epsilon,
    aborted: result.aborted,
    reason: result.aborted ? result.reason : null,
    stages: result.stages ?? [],
    file: result.aborted ? null : out,
  }
}

function broken({ reason, by }: { reason: AbortReason; by: 'us' | 'peer' }): string {
  if (reason === 'parameters-refused') {
    return by === 'peer'
      ? 'The other end refused what was proposed: other bits, or limits that it does not want. Nothing was kept.'
      : 'The other end proposed other bits than --in holds, or limits beyond those of this command line. Nothing was kept.'
  }
  const who = by === 'peer' ? 'The other end broke off' : 'Broke off'
  return `${who}: ${reason}. The messages of this run cannot be trusted, and nothing was kept.`
}

function atMost(times: number, say: (word: string) => void): (word: string) => void {
  let left = times
  return (word) => {
    if (left-- > 0) say(word)
  }
}
