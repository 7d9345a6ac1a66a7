/**
 * The field of the transform, GF(2^16) = GF(2)[x] / (x^16 + x^12 + x^3 + x + 1), where x is primitive, and the Cantor
 * basis in it: b_0 = 1, b_i^2 + b_i = b_(i-1) (Cantor, J. Comb. Theory A 50, 285, 1989).
 */

export const fieldPolynomial = 0x1100b

/** Its first 2^k elements span the subfield of 2^k elements where k is 1, 2, 4, 8 or 16. */
export const cantorBasis: readonly number[] = [
  0x0001, 0x015e, 0x001a, 0x1cf2, 0x169a, 0xbbac, 0xfde2, 0x468a, 0x0712, 0x1b76, 0xad6c, 0x4640, 0xa79e, 0xf2b4,
  0xf77a, 0x7fe2,
]

/** The point with number `index`: the sum of the basis elements at its set bits. */
export function point(index: number): number {
  let sum = 0
  for (let j = 0; index >> j !== 0; j++) if ((index >> j) & 1) sum ^= cantorBasis[j]!
  return sum
}

/** For public factors and tables; its time depends on what is multiplied. */
export function multiply(a: number, b: number): number {
  let product = 0
  for (let rest = b, shifted = a; rest !== 0; rest >>= 1) {
    if (rest & 1) product ^= shifted
    shifted <<= 1
    if (shifted & 0x10000) shifted ^= fieldPolynomial
  }
  return product
}

export interface Logarithms {
  /** log[0] is so large that every sum with it points at the zeros of `exp`. */
  log: Int32Array
  exp: Uint16Array
}

const order = 65535
let logarithms: Logarithms | undefined

/** a b = exp[log[a] + log[b]] for all a and b, without a case for 0. Made on first use. */
export function logarithmTables(): Logarithms {
  if (logarithms) return logarithms
  const log = new Int32Array(65536)
  const exp = new Uint16Array(4 * order + 1)
  for (let power = 0, element = 1; power < order; power++) {
    exp[power] = element
    exp[power + order] = element
    log[element] = power
    element <<= 1
    if (element & 0x10000) element ^= fieldPolynomial
  }
  log[0] = 2 * order
  logarithms = { log, exp }
  return logarithms
}
