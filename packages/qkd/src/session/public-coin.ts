/**
 * Public chance that neither end can steer (Blum's coin flipping, 1981): Alice commits to her share, Bob says his,
 * Alice opens hers. Both hash the two together.
 */
import { equalBytes } from '../authentication.ts'
import { asciiBytes } from '../random.ts'
import { sha256 } from '../sha256.ts'

export const shareBytes = 32
export const commitmentBytes = 32

/** What the coin is for; keeps one commitment from serving twice in a run. */
export type CoinPurpose = 'channel' | 'sample'

export function commit(runId: Uint8Array, purpose: CoinPurpose, share: Uint8Array): Uint8Array {
  return sha256(asciiBytes(`qsec/qkd/commit/${purpose}/`), runId, share)
}

export function opens(runId: Uint8Array, purpose: CoinPurpose, commitment: Uint8Array, share: Uint8Array): boolean {
  return equalBytes(commit(runId, purpose, share), commitment)
}

export function publicSeed(
  runId: Uint8Array,
  purpose: CoinPurpose,
  ofAlice: Uint8Array,
  ofBob: Uint8Array,
): Uint8Array {
  return sha256(asciiBytes(`qsec/qkd/seed/${purpose}/`), runId, ofAlice, ofBob)
}
