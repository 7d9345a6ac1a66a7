/** Faults of a simulated KME, for tests: each hits some calls, by count or by seeded chance. */
import { type SeededRandom, seededRandom } from '@qsec/qkd'
import type { CallName, KmeReply } from './answer.ts'
import type { Pool } from './pool.ts'

export const faultNames = [
  'busy-503',
  'busy-429',
  'not-found-404',
  'delay',
  'cut-before',
  'cut-after',
  'truncated',
  'content-type',
  'wrong-size',
  'duplicate-id',
  'reordered',
  'extra-key',
  'missing-key',
  'bad-base64',
  'mismatch',
] as const
export type FaultName = (typeof faultNames)[number]

export interface FaultPlan {
  fault: FaultName
  /** Which call; all of them if left out. */
  call?: CallName
  /** How many calls at most; no bound if left out. */
  count?: number
  /** Of a call being hit; 1 if left out. */
  probability?: number
  seed?: number
  /** For `delay`. */
  delayMs?: number
}

export class Faults {
  readonly #plans: { plan: FaultPlan; left: number; random: SeededRandom }[] = []

  add(plan: FaultPlan): void {
    const random = seededRandom(plan.seed ?? 1, `kme/${plan.fault}`)
    this.#plans.push({ plan, left: plan.count ?? Number.POSITIVE_INFINITY, random })
  }

  clear(): void {
    this.#plans.length = 0
  }

  /** What hits this call. */
  drawn(call: CallName): FaultPlan[] {
    return this.#plans
      .filter((entry) => {
        if (entry.plan.call !== undefined && entry.plan.call !== call) return false
        if (entry.left <= 0 || entry.random() >= (entry.plan.probability ?? 1)) return false
        entry.left--
        return true
      })
      .map(({ plan }) => plan)
  }
}

/** A key as it goes on the wire, for a fault to spoil. */
export interface WireKey {
  key_ID: string
  key: string
  key_extension: { qsec_source: 'simulated' }
}

export function wireKeys(reply: Extract<KmeReply, { keys: unknown }>): WireKey[] {
  return reply.keys.map(({ keyId, bytes }) => ({
    key_ID: keyId,
    key: Buffer.from(bytes).toString('base64'),
    key_extension: { qsec_source: 'simulated' },
  }))
}

/** Spoils the keys of a container as the fault says; faults of other kinds leave them as they are. */
export function spoilKeys(keys: WireKey[], fault: FaultName, pool: Pool): WireKey[] {
  const first = keys[0]!
  switch (fault) {
    case 'wrong-size':
      return [{ ...first, key: withBytes(first.key, (bytes) => bytes.subarray(1)) }, ...keys.slice(1)]
    case 'duplicate-id':
      return keys.length === 1
        ? [first, first]
        : keys.map((key, i) => (i === 1 ? { ...key, key_ID: first.key_ID } : key))
    case 'reordered':
      return keys.toReversed()
    case 'extra-key':
      return [...keys, { ...first, key_ID: pool.newKeyId() }]
    case 'missing-key':
      return keys.slice(1)
    case 'bad-base64':
      return [{ ...first, key: `*${first.key.slice(1)}` }, ...keys.slice(1)]
    case 'mismatch':
      return [{ ...first, key: withBytes(first.key, flipped) }, ...keys.slice(1)]
    default:
      return keys
  }
}

function withBytes(key: string, change: (bytes: Buffer) => Uint8Array): string {
  return Buffer.from(change(Buffer.from(key, 'base64'))).toString('base64')
}

function flipped(bytes: Buffer): Uint8Array {
  bytes[0]! ^= 1
  return bytes
}
