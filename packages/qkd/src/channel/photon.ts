/**
 * A pulse that may click, and its form in flight. Whoever reads this reads the key: outside the channel it is bytes.
 *
 * In flight: the gap to the pulse before (varint, at least 1), then one byte, highest bit first: between the bases (1),
 * photons (5), basis (1), bit (1). The intensity does not travel: its light has been thinned before, and what is left
 * tells the receiver no more than real light would.
 */
import { ByteReader, ByteWriter } from '../bytes.ts'

/** Z and X are the bases of the two ends; only Eve makes states half-way between them. */
export const between = 2

export interface PhotonState {
  /** 0 is Z, 1 is X, 2 is `between`. */
  basis: number
  bit: number
  /** That would click in a detector without noise, 0 to 31; 0 stands for a dark count alone. */
  photons: number
}

export interface Photon extends PhotonState {
  pulseIndex: number
}

/** Of means up to 4, more has a probability below 1e-17. */
export const maxPhotonsPerPulse = 31
/** One relay message holds a portion with room to spare. */
const portionBytes = 65536

export class PhotonWriter {
  readonly #portions: Uint8Array[] = []
  #writer = new ByteWriter()
  #previous = -1

  write({ pulseIndex, basis, bit, photons }: Photon): void {
    if (this.#writer.length > portionBytes - 8) this.#cut()
    this.#writer.varint(pulseIndex - this.#previous)
    this.#writer.u8((photons << 2) | bit | (basis === between ? 128 : basis << 1))
    this.#previous = pulseIndex
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
  each: (pulseIndex: number, state: PhotonState) => void,
): boolean {
  let pulseIndex = -1
  for (const portion of portions) {
    const reader = new ByteReader(portion)
    while (reader.left > 0) {
      const gap = reader.varint()
      const state = reader.u8()
      const basis = (state >> 1) & 1
      pulseIndex += gap
      if (gap < 1 || pulseIndex >= pulses) return false
      if (state >= 128 && basis !== 0) return false
      each(pulseIndex, { basis: state >= 128 ? between : basis, bit: state & 1, photons: (state >> 2) & 31 })
    }
    if (!reader.finish()) return false
  }
  return true
}
