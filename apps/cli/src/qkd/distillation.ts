/** The steps from sifted bits to a key, both ends side by side. Every bit that is said is taken off the length. */
import {
  type Amplifier,
  type CascadeVariant,
  chooseSample,
  countDifferences,
  loadWasmAmplifier,
  type Stage,
  seededRandom,
  tomamichel2012,
  typescriptAmplifier,
  verificationBits,
  wilsonInterval,
} from '@qsec/qkd'
import { chance, packBytes } from './packing.ts'
import { reconcileFrames } from './reconcile-frames.ts'

export interface DistillChoices {
  sampleFraction: number
  threshold: number
  variant: CascadeVariant
  epsSec: number
  epsCor: number
  /** Share of the bits that count as known to an eavesdropper. */
  taggedShare: number
}

/** What --json prints, beside the name of the file. */
export interface Distillation {
  bits: number
  sampled: number
  mismatches: number
  qber: number
  /** 95 %, Wilson; for display only. */
  interval: [lo: number, hi: number]
  threshold: number
  /** Parities said in the clear. */
  leakedBits: number
  corrected: number
  /** Frames that still differed: said in full, and counted so. */
  framesRevealed: number
  secretBits: number
  epsilon: { secrecy: number; correctness: number }
  aborted: boolean
  reason: 'too-few-bits' | 'qber-above-threshold' | 'no-secret-key-left' | null
  stages: Stage[]
  ms: number
}

export interface Distilled {
  facts: Distillation
  /** What each end got by itself. */
  keys?: { alice: Uint8Array; bob: Uint8Array }
}

/** As a run of the engine has it: fewer can never make a key. */
const leastBits = 100

export async function distillKey(alice: Uint8Array, bob: Uint8Array, choices: DistillChoices): Promise<Distilled> {
  const startMs = performance.now()
  const { sampleFraction, threshold, epsSec, epsCor } = choices
  const sampled = Math.round(alice.length * sampleFraction)
  const flags = chooseSample(alice.length, sampled, seededRandom(chance(32), 'sample positions'))
  const side = (bits: Uint8Array, flag: 0 | 1): Uint8Array => bits.filter((_, i) => flags[i] === flag)
  const mismatches = countDifferences(side(alice, 1), side(bob, 1))
  const n = alice.length - sampled
  const facts: Distillation = {
    bits: alice.length,
    sampled,
    mismatches,
    qber: mismatches / sampled,
    interval: wilsonInterval(mismatches, sampled),
    threshold,
    leakedBits: 0,
    corrected: 0,
    framesRevealed: 0,
    secretBits: 0,
    epsilon: { secrecy: epsSec, correctness: epsCor },
    aborted: true,
    reason: null,
    stages: [{ name: 'sampled', bitsIn: alice.length, bitsOut: n }],
    ms: 0,
  }
  const ends = (reason: Distillation['reason'], keys?: Distilled['keys']): Distilled => {
    const ended = { ...facts, aborted: reason !== null, reason, ms: Math.round(performance.now() - startMs) }
    return keys ? { facts: ended, keys } : { facts: ended }
  }
  if (alice.length < leastBits) return ends('too-few-bits')
  if (facts.qber > threshold) return ends('qber-above-threshold')
  if (keyBitsOf(facts, n, { leakedBits: 0, hashBits: verificationBits }, choices) <= 0)
    return ends('no-secret-key-left')

  const [ours, theirs] = [side(alice, 0), side(bob, 0)]
  const found = reconcileFrames(ours, theirs, facts.qber, choices.variant)
  facts.leakedBits = found.leakedBits
  facts.corrected = found.corrected
  facts.framesRevealed = found.framesRevealed
  const left = n - found.leakedBits - found.hashBits
  facts.stages.push({ name: 'reconciled', bitsIn: n, bitsOut: n - found.leakedBits })
  facts.stages.push({ name: 'verified', bitsIn: n - found.leakedBits, bitsOut: left })
  const keyBits = keyBitsOf(facts, n, found, choices)
  if (keyBits <= 0) return ends('no-secret-key-left')

  const amplifier = (await loadWasmAmplifier()) ?? typescriptAmplifier
  const seed = chance((n + keyBits + 6) >> 3)
  const keys = { alice: hashed(amplifier, ours, seed, keyBits), bob: hashed(amplifier, theirs, seed, keyBits) }
  for (const secret of [ours, theirs]) secret.fill(0)
  facts.secretBits = keyBits
  facts.stages.push({ name: 'amplified', bitsIn: left, bitsOut: keyBits })
  return ends(null, keys)
}

/** Whole bytes; 0 when nothing may be kept. */
function keyBitsOf(
  facts: Distillation,
  n: number,
  said: { leakedBits: number; hashBits: number },
  choices: DistillChoices,
): number {
  const { epsSec, epsCor, taggedShare } = choices
  const { length } = tomamichel2012({
    n,
    k: facts.sampled,
    qber: facts.qber,
    leakedBits: said.leakedBits,
    epsSec,
    epsCor,
    form: 'supplement',
    // In the worst case all of them are left after the sample was taken.
    taggedBits: Math.ceil(taggedShare * facts.bits),
  })
  // log2(2/epsCor) inside the bound already pays for that many bits of the hashes.
  const bits = Math.floor(length - Math.max(0, said.hashBits - Math.log2(2 / epsCor)))
  return bits >= 8 ? bits - (bits % 8) : 0
}

function hashed(amplifier: Amplifier, bits: Uint8Array, seed: Uint8Array, keyBits: number): Uint8Array {
  const packed = packBytes(bits)
  const key = amplifier.amplify(packed, bits.length, seed, keyBits)
  packed.fill(0)
  return key
}
