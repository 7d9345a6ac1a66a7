/**
 * Bob's clicks on the wire. He first commits to all of them, then says pulse numbers and bases in portions; outcomes
 * never travel. Alice says her bases only when the last portion is in and fits the commitment.
 */
import { packBits, unpackBits } from '../bits.ts'
import { ByteReader, ByteWriter } from '../bytes.ts'
import { asciiBytes } from '../random.ts'
import { sha256 } from '../sha256.ts'
import type { Clicks } from './photons.ts'

export type AnnouncedClicks = Pick<Clicks, 'pulseIndex' | 'basis'>

/** At most three bytes of gap and one bit of basis each, so that a portion stays below 64 KiB. */
const clicksPerPortion = 20000

/** Gaps as varints, then the bases packed. */
export function encodeClicks(clicks: AnnouncedClicks): Uint8Array[] {
  const portions: Uint8Array[] = []
  for (let from = 0; from < clicks.pulseIndex.length; from += clicksPerPortion) {
    const pulseIndex = clicks.pulseIndex.subarray(from, from + clicksPerPortion)
    const writer = new ByteWriter()
    let previous = from === 0 ? -1 : clicks.pulseIndex[from - 1]!
    for (const index of pulseIndex) {
      writer.varint(index - previous)
      previous = index
    }
    portions.push(writer.bytes(packBits(clicks.basis.subarray(from, from + clicksPerPortion))).finish())
  }
  return portions
}

/** undefined unless the portions hold exactly so many clicks, ascending and below the number of pulses. */
export function parseClicks(
  portions: readonly Uint8Array[],
  count: number,
  pulses: number,
): AnnouncedClicks | undefined {
  const pulseIndex = new Uint32Array(count)
  const basis = new Uint8Array(count)
  let previous = -1
  for (const [p, portion] of portions.entries()) {
    const from = p * clicksPerPortion
    const here = Math.min(clicksPerPortion, count - from)
    const reader = new ByteReader(portion)
    for (let i = 0; i < here; i++) {
      const gap = reader.varint()
      previous += gap
      if (gap < 1 || previous >= pulses) return undefined
      pulseIndex[from + i] = previous
    }
    const bases = unpackBits(reader.rest(), here)
    if (!bases || !reader.finish()) return undefined
    basis.set(bases, from)
  }
  return { pulseIndex, basis }
}

export function portionCount(clicks: number): number {
  return Math.ceil(clicks / clicksPerPortion)
}

export function commitToClicks(runId: Uint8Array, portions: readonly Uint8Array[]): Uint8Array {
  return sha256(asciiBytes('qsec/qkd/commit/clicks/'), runId, ...portions.map((portion) => sha256(portion)))
}
