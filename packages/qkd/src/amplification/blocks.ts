/**
 * Arithmetic on numbered blocks: polynomials modulo x^65536 + x over GF(2^16), held as their values at all 65,536
 * points. What a way of computing has to offer; everything above it is shared.
 */
export interface Blocks {
  /** Makes room for blocks 0 .. count - 1. Their content is not defined. */
  reserve(count: number): void
  clear(block: number): void
  /** Takes the bytes [from, from + count) as coefficients from x^0 up; what lies outside of `bytes` is 0. */
  load(block: number, bytes: Uint8Array, from: number, count: number): void
  /** target = a + b; the target may be a or b. */
  sum(target: number, a: number, b: number): void
  /** target += a b. */
  addProduct(target: number, a: number, b: number): void
  /**
   * Writes the bytes of the sum over v of c_v 256^v, without carries, from number `from` on into [at, at + count) of
   * `bytes`; c are the coefficients, all of degree at most 14 as polynomials, and `from` >= 1. Spoils the block.
   */
  unload(block: number, from: number, bytes: Uint8Array, at: number, count: number): void
  /** Overwrites everything that depended on what was loaded, and gives the room back. */
  wipe(): void
}
