/**
 * Min-sum decoding, check by check (layered; normalised by 0.8): finds the errors whose checks are the given ones.
 *
 * @see Chen and Fossorier, IEEE Trans. Commun. 50, 406 (2002); Hocevar, SiPS 2004
 */
import type { LdpcCode } from './code.ts'

const normalisation = 0.8

export interface Decoded {
  /** Whether every check holds. */
  holds: boolean
  /** 1 where an error is believed. */
  errors: Uint8Array
  /** How sure each bit is; small is doubtful. */
  belief: Float32Array
}

/** @param prior - log of the odds that a bit is right; very large where it is known */
export function decode(code: LdpcCode, syndrome: Uint8Array, prior: Float32Array, iterations: number): Decoded {
  const { from, bits, checks } = code
  const belief = prior.slice()
  const said = new Float32Array(bits.length)
  for (let iteration = 0; iteration < iterations; iteration++) {
    let broken = 0
    for (let check = 0; check < checks; check++) {
      const begin = from[check]!
      const end = from[check + 1]!
      let least = Number.POSITIVE_INFINITY
      let second = Number.POSITIVE_INFINITY
      let leastAt = -1
      let sign = syndrome[check]!
      let parity = sign
      for (let at = begin; at < end; at++) {
        const bit = bits[at]!
        const whole = belief[bit]!
        if (whole < 0) parity ^= 1
        const without = whole - said[at]!
        belief[bit] = without
        const size = Math.abs(without)
        if (without < 0) sign ^= 1
        if (size < least) {
          second = least
          least = size
          leastAt = at
        } else if (size < second) second = size
      }
      broken += parity
      const scaledLeast = normalisation * least
      const scaledSecond = normalisation * Math.min(second, 1e6)
      for (let at = begin; at < end; at++) {
        const bit = bits[at]!
        const without = belief[bit]!
        const size = at === leastAt ? scaledSecond : scaledLeast
        const negative = sign ^ (without < 0 ? 1 : 0)
        const message = negative === 1 ? -size : size
        said[at] = message
        belief[bit] = without + message
      }
    }
    if (broken === 0 && iteration > 0 && holds(code, syndrome, belief)) return result(true, belief)
  }
  return result(holds(code, syndrome, belief), belief)
}

function holds(code: LdpcCode, syndrome: Uint8Array, belief: Float32Array): boolean {
  for (let check = 0; check < code.checks; check++) {
    let parity = syndrome[check]!
    for (let at = code.from[check]!; at < code.from[check + 1]!; at++) if (belief[code.bits[at]!]! < 0) parity ^= 1
    if (parity === 1) return false
  }
  return true
}

function result(ok: boolean, belief: Float32Array): Decoded {
  return { holds: ok, errors: Uint8Array.from(belief, (value) => (value < 0 ? 1 : 0)), belief }
}
