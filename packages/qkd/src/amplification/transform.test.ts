import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import { addToeplitz, spareBlocks } from './block-toeplitz.ts'
import type { Blocks } from './blocks.ts'
import { fromValues, toValues } from './butterflies.ts'
import { cantorBasis, logarithmTables, multiply, point } from './field.ts'
import { type Coefficients, coefficients, fromNovelBasis, toNovelBasis } from './novel-basis.ts'
import { partition, segmentStart } from './partition.ts'
import { toeplitzProduct } from './toeplitz-product.ts'
import { TypescriptBlocks } from './typescript-blocks.ts'

const random = seededRandom(5, 'transform')
const element = (): number => Math.floor(random() * 65536)

function power(base: number, exponent: number): number {
  let result = 1
  for (let rest = exponent, square = base; rest > 0; rest >>= 1, square = multiply(square, square)) {
    if (rest & 1) result = multiply(result, square)
  }
  return result
}

const newCoefficients = (bytesEach: 1 | 2): Coefficients => coefficients(bytesEach, (bytes) => new ArrayBuffer(bytes))

describe('the field', () => {
  it('[QA11] has x as a generator, and logarithms that multiply, zero included', () => {
    const { log, exp } = logarithmTables()
    expect(new Set(exp.subarray(0, 65535)).size).toBe(65535)
    for (const [a, b] of [
      [0, 0],
      [0, 7],
      [65535, 65535],
      ...Array.from({ length: 200 }, () => [element(), element()]),
    ]) {
      expect(exp[log[a!]! + log[b!]!]).toBe(multiply(a!, b!))
    }
  })

  it('[QA11] has a Cantor basis: b_0 = 1, b_i^2 + b_i = b_(i-1), and the points are all elements', () => {
    expect(cantorBasis[0]).toBe(1)
    for (let i = 1; i < 16; i++)
      expect(multiply(cantorBasis[i]!, cantorBasis[i]!) ^ cantorBasis[i]!).toBe(cantorBasis[i - 1])
    expect(new Set(Array.from({ length: 65536 }, (_, c) => point(c))).size).toBe(65536)
  })
})

describe('the transform', () => {
  it('[QA12] gives the values of a polynomial at the points, in their order', () => {
    const square = newCoefficients(2)
    const elements = new Uint16Array(square.words.buffer)
    const exponents = [0, 1, 255, 256, 257, 4097, 40_000, 65_535]
    for (const exponent of exponents) elements[exponent] = element()
    const terms = exponents.map((exponent) => [exponent, elements[exponent]!] as const)
    toNovelBasis(square)
    toValues(square.words)
    for (const c of [0, 1, 2, 255, 256, 65_535, element(), element()]) {
      const direct = terms.reduce((sum, [exponent, factor]) => sum ^ multiply(factor, power(point(c), exponent)), 0)
      expect(elements[c]).toBe(direct)
    }
  })

  it('[QA12] is undone by its inverse', () => {
    const square = newCoefficients(2)
    const elements = new Uint16Array(square.words.buffer)
    for (let i = 0; i < 65536; i++) elements[i] = element()
    const before = elements.slice()
    toNovelBasis(square)
    const between = elements.slice()
    toValues(square.words)
    fromValues(square.words)
    expect(elements.every((value, i) => value === between[i])).toBe(true)
    fromNovelBasis(square)
    expect(elements.every((value, i) => value === before[i])).toBe(true)
  })

  it('[QA12] changes coefficients of one byte as it changes those of two', () => {
    const [bytes, pairs] = [newCoefficients(1), newCoefficients(2)]
    const [narrow, wide] = [new Uint8Array(bytes.words.buffer), new Uint16Array(pairs.words.buffer)]
    for (let i = 0; i < 65536; i++) wide[i] = narrow[i] = element() & 255
    const before = narrow.slice()
    toNovelBasis(bytes)
    toNovelBasis(pairs)
    expect(narrow.every((value, i) => value === wide[i])).toBe(true)
    fromNovelBasis(bytes)
    expect(narrow.every((value, i) => value === before[i])).toBe(true)
  })
})

// Blocks of one element each.
function numbers(values: number[]): Blocks {
  const none = (): never => {
    throw new Error('not of use here')
  }
  return {
    reserve: none,
    load: none,
    unload: none,
    wipe: none,
    clear: (block) => {
      values[block] = 0
    },
    sum: (target, a, b) => {
      values[target] = values[a]! ^ values[b]!
    },
    addProduct: (target, a, b) => {
      values[target]! ^= multiply(values[a]!, values[b]!)
    },
  }
}

describe('blocks', () => {
  it('[QA13] Karatsuba over blocks equals the product row by row, for every shape, within its room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (height, width) => {
        const count = 2 * (height + width) - 1
        const values = Array.from({ length: count }, element)
        const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i)
        const [y, x, s] = [range(0, height), range(height, width), range(height + width, height + width - 1)]
        const direct = y.map((target, k) =>
          x.reduce(
            (sum, factor, i) => sum ^ multiply(values[s[k - i + width - 1]!]!, values[factor]!),
            values[target]!,
          ),
        )
        addToeplitz(numbers(values), y, s, x, count)
        expect(values.slice(0, height)).toEqual(direct)
        expect(values.length).toBeLessThanOrEqual(count + spareBlocks(Math.min(height, width)))
      }),
    )
  })

  it('[QA13] tiles of any size give the same product', () => {
    const [n, m] = [2_300_001, 1_500_003]
    const [x, seed] = [n, n + m - 1].map((bits) => Uint8Array.from({ length: (bits + 7) >> 3 }, element))
    const inOne = toeplitzProduct(new TypescriptBlocks(), x!, n, seed!, m)
    for (const side of [1, 2, 3, 5])
      expect(Buffer.compare(toeplitzProduct(new TypescriptBlocks(), x!, n, seed!, m, side), inOne)).toBe(0)
  })

  it('[QA13] a cutting covers input and output, keeps segments below 65,536 bytes and shares them by diagonals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400_000 }),
        fc.integer({ min: 1, max: 400_000 }),
        (inputBytes, outputBytes) => {
          const cutting = partition(inputBytes, outputBytes)
          const { inputBlockBytes, outputBlockBytes, inputs, outputs } = cutting
          expect(inputBlockBytes + outputBlockBytes).toBeLessThan(65536)
          expect(inputs * inputBlockBytes).toBeGreaterThanOrEqual(inputBytes)
          expect(outputs * outputBlockBytes).toBeGreaterThanOrEqual(outputBytes)
          for (const [i, k] of [
            [0, 0],
            [inputs - 1, 0],
            [0, outputs - 1],
            [inputs - 1, outputs - 1],
          ] as const) {
            const start = inputBytes - 1 - inputBlockBytes + k * outputBlockBytes - i * inputBlockBytes
            expect(segmentStart(cutting, inputBytes, k - i)).toBe(start)
          }
        },
      ),
    )
  })
})
