/**
 * Sum-product decoding, check by check (layered), in whole numbers: finds the errors whose checks are the given ones.
 * Sizes of beliefs are turned to `-ln tanh(x / 2)` and back by tables, in steps of 1/8, so that a check is a sum. That is
 * as fast as min-sum, which waits for branches, and decodes with less leak.
 *
 * @see Gallager, IRE Trans. Inf. Theory 8, 21 (1962); Hocevar, SiPS 2004
 */
import type { LdpcCode } from './code.ts'

/** Beliefs are log odds in these units. */
export const beliefUnit = 8
/** A belief that nothing outweighs. */
export const certain = 4000
const mostBelief = 8000
const mostMessage = 80
/** Without fewer broken checks for so long, decoding is given up. */
const patience = 12

const sumUnit = 4096
const sizes = 1024
const sums = 32_768
const spread = (x: number): number => -Math.log(Math.tanh(x / 2))
const toSum: Int32Array = Int32Array.from({ length: sizes }, (_, size) =>
  Math.round(sumUnit * spread(Math.max(size, 0.25) / beliefUnit)),
)
const toSize: Uint8Array = Uint8Array.from({ length: sums }, (_, sum) =>
  Math.min(mostMessage, Math.round(beliefUnit * spread(Math.max(sum, 0.25) / sumUnit))),
)

/** Room for one decoding; `belief` is its result, negative where an error is believed. */
export class DecoderRoom {
  readonly belief: Int16Array
  readonly said: Int8Array
  readonly without: Int32Array
  readonly parts: Int32Array

  constructor({ n, links, checks, from, places }: LdpcCode) {
    let widest = 0
    for (let check = 0; check < checks; check++) widest = Math.max(widest, from[check + 1]! - from[check]!)
    this.belief = new Int16Array(n + links)
    this.said = new Int8Array(places.length)
    this.without = new Int32Array(widest)
    this.parts = new Int32Array(widest)
  }

  wipe(): void {
    for (const list of [this.belief, this.said, this.without, this.parts]) list.fill(0)
  }
}

/** @returns whether every check holds in the end */
export function decode(
  code: LdpcCode,
  syndrome: Uint8Array,
  prior: Int16Array,
  iterations: number,
  room: DecoderRoom,
): boolean {
  room.belief.set(prior)
  room.said.fill(0)
  let least = code.checks + 1
  let since = 0
  for (let iteration = 0; iteration < iterations && since < patience; iteration++) {
    const broken = sweep(code, syndrome, room)
    since = broken < least ? 0 : since + 1
    least = Math.min(least, broken)
    if (broken === 0 && holds(code, syndrome, room.belief)) return true
  }
  return false
}

/** One round of messages; returns how many checks were broken when their turn came. */
function sweep({ from, places, checks }: LdpcCode, syndrome: Uint8Array, room: DecoderRoom): number {
  const { belief, said, without, parts } = room
  let broken = 0
  for (let check = 0; check < checks; check++) {
    const begin = from[check]!
    const width = from[check + 1]! - begin
    let sum = 0
    let sign = syndrome[check]!
    let parity = sign
    for (let i = 0; i < width; i++) {
      const whole = belief[places[begin + i]!]!
      const rest = whole - said[begin + i]!
      const negative = rest >> 31
      const size = (rest ^ negative) - negative
      const part = toSum[size < sizes ? size : sizes - 1]!
      parity ^= whole >>> 31
      sign ^= negative
      without[i] = rest
      parts[i] = part
      sum += part
    }
    broken += parity & 1
    const turned = -(sign & 1)
    for (let i = 0; i < width; i++) {
      const rest = without[i]!
      const others = sum - parts[i]!
      const negative = turned ^ (rest >> 31)
      const message = (toSize[others < sums ? others : sums - 1]! ^ negative) - negative
      said[begin + i] = message
      belief[places[begin + i]!] = Math.max(-mostBelief, Math.min(mostBelief, rest + message))
    }
  }
  return broken
}

function holds({ from, places, checks }: LdpcCode, syndrome: Uint8Array, belief: Int16Array): boolean {
  for (let check = 0; check < checks; check++) {
    let parity = syndrome[check]!
    for (let at = from[check]!; at < from[check + 1]!; at++) parity ^= belief[places[at]!]! >>> 31
    if ((parity & 1) === 1) return false
  }
  return true
}
