/** Sifting: both sides say which basis they used for each click and keep the bits where they agree. */
import { bitAt } from './bits.ts'

/**
 * @param basesOfPulses - the sender's basis of every pulse, packed
 * @param pulseIndex - pulses that clicked, ascending
 * @param basis - the receiver's basis of each click, one byte each
 * @returns for each click 1 if the bases agree, else 0
 */
export function agreeingBases(basesOfPulses: Uint8Array, pulseIndex: Uint32Array, basis: Uint8Array): Uint8Array {
  if (pulseIndex.length !== basis.length) {
    throw new RangeError(`agreeingBases: ${pulseIndex.length} clicks, ${basis.length} bases`)
  }
  return basis.map((ours, i) => (ours === bitAt(basesOfPulses, pulseIndex[i]!) ? 1 : 0))
}

/** The bits whose flag is 1 (or, with `wanted` 0, those whose flag is 0), in order. */
export function keep(bits: Uint8Array, flags: Uint8Array, wanted: 0 | 1 = 1): Uint8Array {
  if (bits.length !== flags.length) throw new RangeError(`keep: ${bits.length} bits, ${flags.length} flags`)
  return bits.filter((_, i) => flags[i] === wanted)
}
