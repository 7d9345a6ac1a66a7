/**
 * How two hosts greet: each proves with HMAC-SHA256 over both greetings that it has the shared key, before either spends a
 * bit of it. That is a doorkeeper against strangers and no part of the authentication of a run, whose every byte stands
 * under Wegman-Carter tags.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Segment } from './ledger.ts'

export interface Greeting {
  /** Of the run, which the connecting host names; 32 hexadecimal digits. */
  run: string
  /** Where in the stock the key of this run begins, once it was spent here. */
  authFrom: number | null
  /** Session messages heard in this run, so that the other end knows which to say again. */
  heard: number
  /** Of our stock. */
  spentTo: number
  segments: readonly Segment[]
  /** Bytes of the new key that this end would add to the stock; the smaller number counts. */
  replenish: number
  nonce: string
}

export const proofBytes = 32
const protocol = 'qsec-distill/1'
/** How often a stock can have been replenished: as many segments fit into one greeting. */
export const maxSegments = 1000
const hexOf = (bytes: number): RegExp => new RegExp(`^[0-9a-f]{${2 * bytes}}$`)
const runShape = hexOf(16)
const nonceShape = hexOf(16)

export function encodeGreeting(greeting: Omit<Greeting, 'nonce'>): Uint8Array {
  const nonce = randomBytes(16).toString('hex')
  return new TextEncoder().encode(JSON.stringify({ protocol, ...greeting, nonce }))
}

/** undefined for what is no greeting of this protocol. */
export function parseGreeting(content: Uint8Array): Greeting | undefined {
  let given: Partial<Greeting> & { protocol?: unknown }
  try {
    given = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)) as typeof given
  } catch {
    return undefined
  }
  if (typeof given !== 'object' || given === null || given.protocol !== protocol) return undefined
  const { run, authFrom, heard, spentTo, segments, replenish, nonce } = given
  if (typeof run !== 'string' || !runShape.test(run)) return undefined
  if (typeof nonce !== 'string' || !nonceShape.test(nonce)) return undefined
  if (!isCount(heard) || !isCount(spentTo) || !isCount(replenish) || !(authFrom === null || isCount(authFrom)))
    return undefined
  if (!Array.isArray(segments) || segments.length > maxSegments || !segments.every(isSegment)) return undefined
  return { run, authFrom, heard, spentTo, segments, replenish, nonce }
}

/** Says that whoever has the key has seen both greetings. */
export function proofOf(
  key: Uint8Array,
  side: 'connecting' | 'listening',
  connecting: Uint8Array,
  listening: Uint8Array,
): Uint8Array {
  const mac = createHmac('sha256', key).update(`${protocol} ${side} ${connecting.length}\n`)
  return mac.update(connecting).update(listening).digest()
}

export function proofHolds(proof: Uint8Array, expected: Uint8Array): boolean {
  return proof.length === expected.length && timingSafeEqual(proof, expected)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSegment(value: unknown): value is Segment {
  if (typeof value !== 'object' || value === null) return false
  const { origin, bytes } = value as Partial<Segment>
  return typeof origin === 'string' && (origin === 'shared' || runShape.test(origin)) && isCount(bytes)
}
