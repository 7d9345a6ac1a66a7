/**
 * Polynomial hash over GF(2^128): blocks m_1..m_L give acc = (acc XOR m_i) * r. Two different texts of at most L
 * blocks, each closed by its length, collide for at most L of the 2^128 points (Carter and Wegman, J. Comput. Syst.
 * Sci. 18, 143, 1979).
 */
import { bytesOf, elementOf, type FieldElement, multiplierBy } from './gf128.ts'

export class PolynomialHash {
  readonly #by: ReturnType<typeof multiplierBy>
  readonly #acc: FieldElement = new Uint32Array(4)
  #blocks = 0

  /** @param point - r, sixteen bytes */
  constructor(point: Uint8Array) {
    this.#by = multiplierBy(elementOf(point))
  }

  /** Blocks taken in so far: L of the collision bound. */
  get blocks(): number {
    return this.#blocks
  }

  /** Takes in a text: one block with its length in bytes, then its bytes, the last block filled with zeros. */
  absorb(bytes: Uint8Array): void {
    this.#acc[0]! ^= bytes.length
    this.#close()
    for (let i = 0; i < bytes.length; i += 16) {
      const end = Math.min(16, bytes.length - i)
      for (let j = 0; j < end; j++) this.#acc[j >> 2]! ^= bytes[i + j]! << (8 * (j & 3))
      this.#close()
    }
  }

  /** The hash of everything so far followed by `last`, without changing the running state. */
  digestWith(last: Uint8Array): Uint8Array {
    const kept = Uint32Array.from(this.#acc)
    const keptBlocks = this.#blocks
    this.absorb(last)
    // The number of blocks closes the text, so that no text is the beginning of another.
    this.#acc[0]! ^= this.#blocks
    this.#close()
    const digest = bytesOf(this.#acc)
    this.#acc.set(kept)
    this.#blocks = keptBlocks
    kept.fill(0)
    return digest
  }

  wipe(): void {
    this.#acc.fill(0)
    this.#by.wipe()
  }

  #close(): void {
    this.#by.multiply(this.#acc)
    this.#blocks++
  }
}
