/**
 * GF(2^16) as a tower of quadratic steps, y_1^2 + y_1 = 1, y_2^2 + y_2 = y_1, y_4^2 + y_4 = y_1 y_2,
 * y_8^2 + y_8 = y_1 y_2 y_4. Coordinate c belongs to the product of the y_k for the set bits k of c, so the first 2^k
 * coordinates are those of a subfield: a factor from GF(256) acts on the low and the high byte alike.
 */
import { multiply } from '../field.ts'

/** y_1, y_2, y_4, y_8 in the field's own coordinates. */
export const generators: readonly number[] = [0x015e, 0x001a, 0x1680, 0xed2e]

const basis = Array.from({ length: 16 }, (_, c) =>
  generators.reduce((product, generator, k) => ((c >> k) & 1 ? multiply(product, generator) : product), 1),
)

export function fromTower(coordinates: number): number {
  return basis.reduce((sum, element, c) => ((coordinates >> c) & 1 ? sum ^ element : sum), 0)
}

const images = invert(basis)

export function toTower(element: number): number {
  return images.reduce((sum, image, bit) => ((element >> bit) & 1 ? sum ^ image : sum), 0)
}

// Gauss-Jordan elimination on columns: `columns` maps coordinates to elements, the result the other way round.
function invert(columns: readonly number[]): number[] {
  const left = [...columns]
  const right = columns.map((_, c) => 1 << c)
  for (let bit = 0; bit < 16; bit++) {
    const pivot = left.findIndex((column, c) => c >= bit && (column >> bit) & 1)
    for (const side of [left, right]) [side[bit], side[pivot]] = [side[pivot]!, side[bit]!]
    for (let c = 0; c < 16; c++) {
      if (c === bit || !((left[c]! >> bit) & 1)) continue
      left[c]! ^= left[bit]!
      right[c]! ^= right[bit]!
    }
  }
  return right
}

/** For the first `size` coordinates of y times the last basis element among them: which coordinates add up to each. */
export function multiplyByLast(size: number): number[][] {
  const products = Array.from({ length: size }, (_, c) => toTower(multiply(basis[c]!, basis[size - 1]!)))
  return Array.from({ length: size }, (_, bit) => products.flatMap((product, c) => ((product >> bit) & 1 ? [c] : [])))
}
