/**
 * A pulse that may click, and its form in flight. Whoever reads this reads the key: outside the channel it is bytes.
 *
 * In flight: the gap to the pulse before (varint, at least 1), then one byte, photons << 2 | basis << 1 | bit.
 */
import { ByteReader, ByteWriter } from '../bytes.ts'

export interface Photon {
  pulseIndex: number
  basis: number
  bit: number
  /** That would click in a detector without noise, 0 to 63; 0 stands for a dark count alone. */
  photons: number
}

export const maxPhotonsPerPulse = 63
/** One relay message holds a portion with room to spare. */
const portionBytes = 65536

export class PhotonWriter {
  readonly #portions: Uint8Array[] = []
  #writer = new ByteWriter()
  #previous = -1

  write(photon: Photon): void {
    if (this.#writer.length > portionBytes - 8) this.#cut()
    this.#writer.varint(photon.pulseIndex - this.#previous)
    this.#writer.u8((photon.photons << 2) | (photon.basis << 1) | photon.bit)
    this.#previous = photon.pulseIndex
  }

  /** At least one portion, even if no pulse may click. */
  finish(): Uint8Array[] {
    if (this.#writer.length > 0 || this.#portions.length === 0) this.#cut()
    return this.#portions
  }

  #cut(): void {
    this.#portions.push(this.#writer.finish())
    this.#writer = new ByteWriter()
  }
}

/** Calls back for each pulse; false if the portions are not what a PhotonWriter makes. */
export function readPhotons(
  portions: readonly Uint8Array[],
  pulses: number,
  each: (pulseIndex: number, basis: number, bit: number, photons: number) => void,
): boolean {
  let pulseIndex = -1
  for (const portion of portions) {
    const reader = new ByteReader(portion)
    while (reader.left > 0) {
      const gap = reader.varint()
      const state = reader.u8()
      pulseIndex += gap
      if (gap < 1 || pulseIndex >= pulses) return false
      each(pulseIndex, (state >> 1) & 1, state & 1, state >> 2)
    }
    if (!reader.finish()) return false
  }
  return true
}
