/** Steps of a run that both ends take alike, from the same public numbers to the same verdict. */

import type { Amplifier } from '../amplification/amplifier.ts'
import { packBits } from '../bits.ts'
import { chooseSample, countDifferences, wilsonInterval } from '../estimation.ts'
import { seededRandom } from '../random.ts'
import { type CascadePlan, cascadePlan } from '../reconciliation/cascade/plan.ts'
import { verificationBits } from '../verification.ts'
import { confirmationBits, type Estimate, isHopeless, netSecretBits } from './accounting.ts'
import { minSifted, type RunParameters, sampleSize } from './parameters.ts'
import { type Outgoing, Refusal, type RunContext, stage } from './path.ts'

/** More rounds of questions than any frame needs; a peer that asks on ends here. */
export const maxRounds = 1000
export const permutationSeedBytes = 16
export const pointBytes = 16

export function recordStart(context: RunContext, parameters: RunParameters): void {
  context.statistics.pulses = parameters.pulses
  context.statistics.threshold = parameters.threshold
}

export function recordDetections(context: RunContext, parameters: RunParameters, detected: number): void {
  context.statistics.detected = detected
  stage(context, 'detected', parameters.pulses, detected)
}

/** @param lastWords - what lets the peer see for itself that there is too little */
export function recordSifting(context: RunContext, detected: number, sifted: number, lastWords: Outgoing[] = []): void {
  context.statistics.sifted = sifted
  stage(context, 'sifted', detected, sifted)
  if (sifted < minSifted) throw new Refusal('too-few-detections', lastWords)
}

export function sampleFlags(sifted: number, parameters: RunParameters, seed: Uint8Array): Uint8Array {
  return chooseSample(sifted, sampleSize(sifted, parameters.sampleFraction), seededRandom(seed, 'sample positions'))
}

/** Compares the two samples; ends the run if they differ too often or nothing could be left. */
export function estimate(
  context: RunContext,
  parameters: RunParameters,
  multiPhotonProbability: number,
  sifted: number,
  ours: Uint8Array,
  theirs: Uint8Array,
  lastWords: Outgoing[] = [],
): Estimate {
  const sampled = ours.length
  const mismatches = countDifferences(ours, theirs)
  const qber = mismatches / sampled
  const found: Estimate = { n: sifted - sampled, sampled, qber, multiPhotonProbability }
  Object.assign(context.statistics, { sampled, mismatches, qber, qberInterval: wilsonInterval(mismatches, sampled) })
  stage(context, 'sampled', sifted, found.n)
  if (qber > parameters.threshold) throw new Refusal('qber-above-threshold', lastWords)
  if (isHopeless(parameters, found)) throw new Refusal('no-secret-key-left', lastWords)
  return found
}

/** Round trips are what a run over a relay takes its time for. */
export function reconciliationPlan(found: Estimate, seed: Uint8Array): CascadePlan {
  return cascadePlan({ n: found.n, qber: found.qber, seed, variant: 'swift', mode: 'low-round' })
}

export function recordReconciliation(context: RunContext, n: number, leakedBits: number, corrected: number): void {
  context.statistics.leakedBits = leakedBits
  context.statistics.corrected = corrected
  stage(context, 'reconciled', n, n - leakedBits)
  stage(context, 'verified', n - leakedBits, n - leakedBits - verificationBits)
}

export interface Distilled {
  key: Uint8Array
  /** What Bob shows Alice, and Alice then Bob, to prove that they have the same. */
  proofOfBob: Uint8Array
  proofOfAlice: Uint8Array
}

/** Both proofs are cut from the same output as the key, so they tell nothing of it. */
export function distil(amplifier: Amplifier, frame: Uint8Array, seed: Uint8Array, keyBits: number): Distilled {
  const packed = packBits(frame)
  const output = amplifier.amplify(packed, frame.length, seed, distilledBits(keyBits))
  packed.fill(0)
  const keyBytes = keyBits / 8
  const proofBytes = confirmationBits / 8
  const distilled = {
    key: output.slice(0, keyBytes),
    proofOfBob: output.slice(keyBytes, keyBytes + proofBytes),
    proofOfAlice: output.slice(keyBytes + proofBytes),
  }
  output.fill(0)
  return distilled
}

export function distilledBits(keyBits: number): number {
  return keyBits + 2 * confirmationBits
}

export function recordKey(context: RunContext, leftBits: number, keyBits: number): void {
  context.statistics.secretBits = keyBits
  context.statistics.netSecretBits = netSecretBits(keyBits)
  stage(context, 'amplified', leftBits, distilledBits(keyBits))
  stage(context, 'confirmed', distilledBits(keyBits), keyBits)
  stage(context, 'authenticated', keyBits, netSecretBits(keyBits))
}
