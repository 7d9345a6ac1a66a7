/**
 * The state of xoshiro128** (Blackman and Vigna, ACM Trans. Math. Softw. 47, 36, 2021) for loops that write the
 * generator out: a call per number would cost more than all the rest of a pulse.
 */
import { seededRandom } from '../random.ts'

export function xoshiroState(seed: Uint8Array | number, purpose: string): [number, number, number, number] {
  const random = seededRandom(seed, purpose)
  const word = (): number => Math.floor(random() * 2 ** 32) | 0
  // The all-zero state is the one that xoshiro cannot leave.
  return [word(), word(), word(), word() | 1]
}
