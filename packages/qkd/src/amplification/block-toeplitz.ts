/**
 * The product of a Toeplitz matrix of blocks and a column of blocks, by Karatsuba's way: with halves,
 * (M U; L M) (x0; x1) = (P + (U+M) x1; P + (L+M) x0), P = M (x0+x1), three products of half the size instead of four.
 */
import type { Blocks } from './blocks.ts'

// A square of this many blocks a side is the least that is split: below it the sums cost what the products save.
const leastSplit = 4

/** How many blocks `addToeplitz` needs at `spare` for a matrix of at most `side` blocks a side. */
export function spareBlocks(side: number): number {
  return 2 * side
}

/**
 * y_k += sum over i of s_(k-i) x_i.
 *
 * @param s - blocks s_(-(x.length-1)) .. s_(y.length-1)
 * @param spare - the first of the blocks that may be written over
 */
export function addToeplitz(blocks: Blocks, y: number[], s: number[], x: number[], spare: number): void {
  const height = y.length
  const width = x.length
  if (height > width) {
    addToeplitz(blocks, y.slice(0, width), s.slice(0, 2 * width - 1), x, spare)
    addToeplitz(blocks, y.slice(width), s.slice(width), x, spare)
  } else if (width > height) {
    addToeplitz(blocks, y, s.slice(width - height), x.slice(0, height), spare)
    addToeplitz(blocks, y, s.slice(0, width - 1), x.slice(height), spare)
  } else if (width < leastSplit) addPlainly(blocks, y, s, x)
  else if (width & 1) addBorders(blocks, y, s, x, spare)
  else addByHalves(blocks, y, s, x, spare)
}

function addPlainly(blocks: Blocks, y: number[], s: number[], x: number[]): void {
  y.forEach((target, k) => {
    x.forEach((factor, i) => {
      blocks.addProduct(target, s[k - i + x.length - 1]!, factor)
    })
  })
}

// The last column and the last row by themselves leave a square of even size.
function addBorders(blocks: Blocks, y: number[], s: number[], x: number[], spare: number): void {
  const last = x.length - 1
  addToeplitz(blocks, y.slice(0, last), s.slice(1, -1), x.slice(0, last), spare)
  addPlainly(blocks, y, s.slice(0, last + 1), x.slice(last))
  addPlainly(blocks, y.slice(last), s.slice(last + 1), x.slice(0, last))
}

function addByHalves(blocks: Blocks, y: number[], s: number[], x: number[], spare: number): void {
  const half = x.length / 2
  const [y0, y1] = [y.slice(0, half), y.slice(half)]
  const [x0, x1] = [x.slice(0, half), x.slice(half)]
  const middle = s.slice(half, 3 * half - 1)
  const own = Array.from({ length: 2 * half }, (_, i) => spare + i)
  const next = spare + 2 * half

  const sums = own.slice(0, 2 * half - 1)
  for (const [i, sum] of sums.entries()) blocks.sum(sum, middle[i]!, s[i]!)
  addToeplitz(blocks, y0, sums, x1, next)
  for (const [i, sum] of sums.entries()) blocks.sum(sum, middle[i]!, s[2 * half + i]!)
  addToeplitz(blocks, y1, sums, x0, next)

  const product = own.slice(0, half)
  const inputs = own.slice(half)
  for (const block of product) blocks.clear(block)
  for (const [i, input] of inputs.entries()) blocks.sum(input, x0[i]!, x1[i]!)
  addToeplitz(blocks, product, middle, inputs, next)
  for (const [i, block] of product.entries()) {
    blocks.sum(y0[i]!, y0[i]!, block)
    blocks.sum(y1[i]!, y1[i]!, block)
  }
}
