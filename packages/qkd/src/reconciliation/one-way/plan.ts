/** What both ends of one-way reconciliation know beforehand. All public. */
import { seededRandom } from '../../random.ts'
import { binaryEntropy } from '../../security/entropy.ts'
import { type CodeShape, type LdpcCode, ldpcCode } from './code.ts'

export interface OneWayPlan {
  readonly n: number
  readonly qber: number
  readonly code: LdpcCode
  /** Places that each increment reveals: links, and bits of the frame when they run out. */
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
export const maxIncrements = 24
export const iterations = 60

// In units of n h(Q): what is said at first, and in all when every link is revealed. docs/qkd-reconciliation.md has what they
// were weighed against. The codes for few errors are worse.
const firstEfficiency = (qber: number): number => 1.085 + 0.0008 / qber
const wholeEfficiency = (qber: number): number => 1.28 + 0.004 / qber
const incrementShare = 0.025

// Shares of columns of each degree, and the error rate up to which they serve. Found by following mutual information (ten Brink,
// Kramer, Ashikhmin, IEEE Trans. Commun. 52, 670, 2004) from random shares on, towards the least leak.
const profiles: readonly { upTo: number; degrees: CodeShape['degrees'] }[] = [
  { upTo: 0.014, degrees: shares([2, 0.082], [3, 0.743], [8, 0.045], [20, 0.13]) },
  { upTo: 0.024, degrees: shares([2, 0.143], [3, 0.677], [7, 0.057], [20, 0.123]) },
  { upTo: 0.04, degrees: shares([2, 0.198], [3, 0.598], [6, 0.092], [20, 0.113]) },
  { upTo: 0.064, degrees: shares([2, 0.297], [3, 0.534], [10, 0.098], [20, 0.071]) },
  { upTo: 0.094, degrees: shares([2, 0.363], [3, 0.47], [7, 0.062], [17, 0.106]) },
  { upTo: 0.11, degrees: shares([2, 0.421], [3, 0.422], [6, 0.043], [15, 0.114]) },
]

function shares(...list: [degree: number, share: number][]): CodeShape['degrees'] {
  return list.map(([degree, share]) => ({ degree, share }))
}

const cached = new Map<string, LdpcCode>()
const maxCached = 4

/** Throws a RangeError that names what is out of range. */
export function oneWayPlan({ n, qber, seed }: OneWayOptions): OneWayPlan {
  if (!Number.isInteger(n) || n < 1024 || n > 2 ** 20) throw new RangeError(`one-way: n = ${n}`)
  if (!(qber >= 0.002 && qber <= 0.11)) throw new RangeError(`one-way: qber = ${qber}`)
  const key = `${n}/${qber}/${seed.join()}`
  let code = cached.get(key)
  if (!code) {
    code = ldpcCode(shapeOf(n, qber), seededRandom(seed, 'ldpc code'))
    if (cached.size >= maxCached) cached.delete(cached.keys().next().value!)
    cached.set(key, code)
  }
  return { n, qber, code, increment: Math.ceil(incrementShare * n * binaryEntropy(qber)) }
}

// Fewer rows leave columns of high degree no choice, smaller circulants make short cycles.
const rowsWanted = 50
const leastCirculant = 12

function shapeOf(n: number, qber: number): CodeShape {
  const entropy = binaryEntropy(qber)
  const wanted = Math.round(rowsWanted / (firstEfficiency(qber) * entropy))
  const columns = Math.max(48, Math.min(wanted, Math.floor(n / leastCirculant)))
  const bitsPerRow = Math.ceil(n / columns)
  const first = Math.max(3, Math.ceil((firstEfficiency(qber) * n * entropy) / bitsPerRow))
  const whole = Math.ceil((wholeEfficiency(qber) * n * entropy) / bitsPerRow)
  const linkedPairs = Math.max(1, Math.min(first, whole - first))
  const { degrees } = profiles.find(({ upTo }) => qber <= upTo) ?? profiles.at(-1)!
  return { n, columns, rows: first + linkedPairs, linkedPairs, degrees }
}
