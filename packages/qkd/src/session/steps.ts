/** Steps of a run that both ends take alike, from the same public numbers to the same verdict. */
import { wilsonInterval } from '../estimation.ts'
import { verificationBits } from '../verification.ts'
import { confirmationBits, isHopeless, netSecretBits, type Said } from './accounting.ts'
import { type KeyParameters, minSifted, type RunParameters } from './parameters.ts'
import { type Outgoing, Refusal, type RunContext, stage } from './path.ts'
import { bitsGivenUp, type FrameCut, type RawKey } from './raw-key.ts'

/** More rounds of questions than any batch needs; a peer that asks on ends here. */
export const maxRounds = 20_000
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

/** Ends the run if the compared bits differ too often, or nothing could be left. */
export function recordEstimate(
  context: RunContext,
  parameters: KeyParameters,
  counts: { sifted: number; sampled: number; mismatches: number },
  raw: Pick<RawKey, 'n' | 'qber' | 'intensities' | 'keyBits'>,
  lastWords: Outgoing[] = [],
): void {
  const { sifted, sampled, mismatches } = counts
  const { n, qber } = raw
  Object.assign(context.statistics, { sampled, mismatches, qber, qberInterval: wilsonInterval(mismatches, sampled) })
  stage(context, 'sampled', sifted, n)
  if (qber > parameters.threshold) throw new Refusal('qber-above-threshold', lastWords)
  if (isHopeless(raw.keyBits, n, qber, raw.intensities)) throw new Refusal('no-secret-key-left', lastWords)
}

/** @returns all that was said, frames that were given up included */
export function recordVerification(
  context: RunContext,
  raw: RawKey,
  cut: FrameCut,
  kept: Uint8Array,
  parities: number,
  errors: readonly number[],
): Said {
  const givenUp = bitsGivenUp(raw, cut, kept)
  const leakedBits = parities + total(givenUp)
  const hashBits = verificationBits * cut.count
  context.statistics.leakedBits = leakedBits
  context.statistics.corrected = total(errors)
  context.statistics.framesGivenUp = kept.length - total(kept)
  stage(context, 'reconciled', raw.n, raw.n - leakedBits)
  stage(context, 'verified', raw.n - leakedBits, raw.n - leakedBits - hashBits)
  return { leakedBits, hashBits, keyErrors: errors.map((count, k) => count + givenUp[k]!) }
}

export interface Distilled {
  key: Uint8Array
  /** What Bob shows Alice, and Alice then Bob, to prove that they have the same. */
  proofOfBob: Uint8Array
  proofOfAlice: Uint8Array
}

/** Both proofs are cut from the same output as the key, so they tell nothing of it. */
export function distil(
  { amplifier, secrets }: RunContext,
  input: { packed: Uint8Array; bits: number },
  seed: Uint8Array,
  keyBits: number,
): Distilled {
  const output = amplifier.amplify(input.packed, input.bits, seed, distilledBits(keyBits))
  const keyBytes = keyBits / 8
  const proofBytes = confirmationBits / 8
  const distilled = {
    key: secrets.keep(output.slice(0, keyBytes)),
    proofOfBob: output.slice(keyBytes, keyBytes + proofBytes),
    proofOfAlice: output.slice(keyBytes + proofBytes),
  }
  output.fill(0)
  return distilled
}

export function distilledBits(keyBits: number): number {
  return keyBits + 2 * confirmationBits
}

export function recordKey(context: RunContext, { leakedBits, hashBits }: Said, n: number, keyBits: number): void {
  context.statistics.secretBits = keyBits
  context.statistics.netSecretBits = netSecretBits(keyBits)
  stage(context, 'amplified', n - leakedBits - hashBits, distilledBits(keyBits))
  stage(context, 'confirmed', distilledBits(keyBits), keyBits)
  stage(context, 'authenticated', keyBits, netSecretBits(keyBits))
}

function total(counts: readonly number[] | Uint8Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}
