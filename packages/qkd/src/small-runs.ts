/** The smallest runs of every kind that still leave a key, for tests. Each call starts the same two ends anew. */
import { authenticationKeyBytes } from './authentication.ts'
import { packBits } from './bits.ts'
import { type SecureRandom, seededRandom } from './random.ts'
import { startAlice, startBob } from './run.ts'
import { type DecoyPlan, defaultOneDecoy, defaultTwoDecoys } from './session/decoy-plan.ts'
import type { ReconciliationMode } from './session/parameters.ts'
import type { Session } from './session/result.ts'
import type { PackedBits, SiftedAliceOptions } from './sifted-run.ts'
import { startSiftedAlice, startSiftedBob } from './sifted-run.ts'
import { replayedRandom } from './simulate-run.ts'

export interface SmallRun {
  name: string
  alice: (random: SecureRandom, authenticationKey?: Uint8Array) => Session
  bob: (random: SecureRandom, authenticationKey?: Uint8Array) => Session
}

const runId: Uint8Array = new Uint8Array(16).fill(3)
const key: Uint8Array = Uint8Array.from({ length: authenticationKeyBytes }, (_, i) => (i * 37 + 11) & 255)

/** About 2,400 sifted bits without errors in a channel without loss. */
export const singlePhotonRun: SmallRun = photonRun('single photons', {
  pulses: 5600,
  sampleFraction: 0.4,
  channel: { distanceKm: 0, detectorEfficiency: 1, misalignment: 0.004 },
})

export const oneDecoyRun: SmallRun = decoyRun('one decoy', defaultOneDecoy, 60_000)
export const twoDecoysRun: SmallRun = decoyRun('two decoys', defaultTwoDecoys, 60_000)
export const siftedRun: SmallRun = siftedRunOf('sifted bits', noisyPair(2600, 0.005), { sampleFraction: 0.4 })
export const testSetRun: SmallRun = siftedRunOf(
  'sifted bits and a test set',
  noisyPair(2000, 0.005),
  {},
  noisyPair(1000, 0.005),
)

export function smallEnds(run: SmallRun, seed: number): { alice: Session; bob: Session } {
  return { alice: run.alice(replayedRandom(seed, 'alice')), bob: run.bob(replayedRandom(seed, 'bob')) }
}

export interface BitPair {
  alice: PackedBits
  bob: PackedBits
}

/** Bits of which every (1/qber)-th differs, at places that a seed decides. */
export function noisyPair(count: number, qber: number, seed = 1): BitPair {
  const random = seededRandom(seed, `pair ${count}`)
  const alice = Uint8Array.from({ length: count }, () => (random() < 0.5 ? 0 : 1))
  const bob = alice.map((bit) => (random() < qber ? 1 - bit : bit))
  return { alice: { bytes: packBits(alice), count }, bob: { bytes: packBits(bob), count } }
}

export function siftedRunOf(
  name: string,
  pair: BitPair,
  choices: Partial<SiftedAliceOptions> & { mode?: ReconciliationMode },
  test?: BitPair,
): SmallRun {
  return {
    name,
    alice: (random, authenticationKey = key) =>
      startSiftedAlice({ runId, authenticationKey, random, sifted: pair.alice, test: test?.alice, ...choices }),
    bob: (random, authenticationKey = key) =>
      startSiftedBob({ runId, authenticationKey, random, sifted: pair.bob, test: test?.bob }),
  }
}

function decoyRun(name: string, { intensities, probabilities }: DecoyPlan, pulses: number): SmallRun {
  const [meanPhotons, ...others] = intensities as [number, ...number[]]
  const decoys = others.map((mean, i) => ({ meanPhotons: mean, probability: probabilities[i + 1]! }))
  return photonRun(name, {
    pulses,
    epsSec: 1e-3,
    epsCor: 1e-6,
    channel: {
      source: { kind: 'weak-coherent', meanPhotons, decoys },
      distanceKm: 0,
      detectorEfficiency: 1,
      darkCountProbability: 1e-6,
      misalignment: 0.004,
    },
  })
}

function photonRun(
  name: string,
  options: Omit<Parameters<typeof startAlice>[0], 'runId' | 'authenticationKey' | 'random'>,
): SmallRun {
  return {
    name,
    alice: (random, authenticationKey = key) => startAlice({ ...options, runId, authenticationKey, random }),
    bob: (random, authenticationKey = key) => startBob({ runId, authenticationKey, random, accepts: () => true }),
  }
}
