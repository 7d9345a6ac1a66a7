/** What both ends of one-way reconciliation know beforehand. All public. */
import { seededRandom } from '../../random.ts'
import { binaryEntropy } from '../../security/entropy.ts'
import { type LdpcCode, ldpcCode } from './code.ts'

export interface OneWayPlan {
  readonly n: number
  readonly qber: number
  readonly code: LdpcCode
  /** Bits that each increment says in the clear. */
  readonly increment: number
}

export interface OneWayOptions {
  /** Bits of a frame, 1024 to 2^20. */
  n: number
  /** Estimate of Q, 0.002 to 0.11. */
  qber: number
  seed: Uint8Array
}

/** Increments after which a frame is given up. */
export const maxIncrements = 12
export const iterations = 80

// The syndrome in units of n h(Q), and each increment. docs/qkd-reconciliation.md has what they were weighed against.
const firstEfficiency = (entropy: number): number => 1.14 + 0.01 / entropy
const incrementShare = 0.03

const cached = new Map<string, LdpcCode>()
const maxCached = 4

/** Throws a RangeError that names what is out of range. */
export function oneWayPlan({ n, qber, seed }: OneWayOptions): OneWayPlan {
  if (!Number.isInteger(n) || n < 1024 || n > 2 ** 20) throw new RangeError(`one-way: n = ${n}`)
  if (!(qber >= 0.002 && qber <= 0.11)) throw new RangeError(`one-way: qber = ${qber}`)
  const entropy = binaryEntropy(qber)
  const key = `${n}/${qber}/${seed.join()}`
  let code = cached.get(key)
  if (!code) {
    code = ldpcCode(n, firstEfficiency(entropy) * entropy, seededRandom(seed, 'ldpc code'))
    if (cached.size >= maxCached) cached.delete(cached.keys().next().value!)
    cached.set(key, code)
  }
  return { n, qber, code, increment: Math.ceil(incrementShare * n * entropy) }
}
