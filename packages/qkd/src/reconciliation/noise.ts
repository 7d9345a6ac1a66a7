/** Pairs of frames that differ at random places, for measurements and tests. */
import { type SeededRandom, seededInteger } from '../random.ts'

export interface FramePair {
  /** Packed as `packWords` does. */
  alice: Uint32Array
  bob: Uint32Array
  errors: number
}

export function noisyPair(n: number, qber: number, random: SeededRandom): FramePair {
  const alice = Uint32Array.from({ length: (n + 31) >> 5 }, () => seededInteger(random, 2 ** 32))
  if ((n & 31) !== 0) alice[alice.length - 1]! &= (1 << (n & 31)) - 1
  const bob = alice.slice()
  let errors = 0
  // The gap to the next error is geometric.
  const logKept = Math.log1p(-qber)
  const gap = (): number => (qber > 0 ? Math.floor(Math.log(1 - random()) / logKept) : n)
  for (let at = gap(); at < n; at += 1 + gap()) {
    bob[at >> 5]! ^= 1 << (at & 31)
    errors++
  }
  return { alice, bob, errors }
}
