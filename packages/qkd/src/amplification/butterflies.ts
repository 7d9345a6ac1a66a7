/**
 * The additive Fourier transform of 65,536 coefficients in the novel basis, in place (Lin, Chung, Han, FOCS 2014):
 * at level i every block of 2^(i+1) splits in halves a and b, a += w b, b += a, w the point with number c >> i, c where
 * the block starts. The values come out in the order of the points' numbers. Two of them share a word, the first in its
 * low half.
 */
import { logarithmTables, multiply, point } from './field.ts'

// From here up a block uses its factor often enough to bring a table of the factor's products, 1 KiB, into the cache.
const firstTabledLevel = 7

export function toValues(words: Int32Array): void {
  for (let level = 15; level >= firstTabledLevel; level--) {
    for (let block = 0; block < 32768 >> level; block++) splitByTable(words, block, level)
  }
  for (let level = firstTabledLevel - 1; level >= 1; level--) splitByLogarithm(words, level)
  splitPairs(words)
}

export function fromValues(words: Int32Array): void {
  joinPairs(words)
  for (let level = 1; level < firstTabledLevel; level++) joinByLogarithm(words, level)
  for (let level = firstTabledLevel; level < 16; level++) {
    for (let block = 0; block < 32768 >> level; block++) joinByTable(words, block, level)
  }
}

let tables: Uint16Array | undefined

// A block's factor is the point with twice its number. Its products with y are at [512 block + y], with 256 y at
// [512 block + 256 + y], for all bytes y. Made on first use, each as a sum of two before.
function productTables(): Uint16Array {
  if (tables) return tables
  tables = new Uint16Array(512 << (15 - firstTabledLevel))
  for (let bit = 0; bit < 15 - firstTabledLevel; bit++) {
    const first = 512 << bit
    const factor = point(2 << bit)
    for (let y = 0; y < 256; y++) {
      tables[first + y] = multiply(factor, y)
      tables[first + 256 + y] = multiply(factor, y << 8)
    }
    for (let i = 512; i < first; i++) tables[first + i] = tables[first + (i & 511)]! ^ tables[i]!
  }
  return tables
}

function splitByTable(words: Int32Array, block: number, level: number): void {
  const products = productTables()
  const low = 512 * block
  const high = low + 256
  const start = block << level
  const half = 1 << (level - 1)
  for (let i = start; i < start + half; i++) {
    const b = words[i + half]!
    const first = products[low + (b & 255)]! ^ products[high + ((b >>> 8) & 255)]!
    const second = products[low + ((b >>> 16) & 255)]! ^ products[high + (b >>> 24)]!
    const a = words[i]! ^ first ^ (second << 16)
    words[i] = a
    words[i + half] = b ^ a
  }
}

function joinByTable(words: Int32Array, block: number, level: number): void {
  const products = productTables()
  const low = 512 * block
  const high = low + 256
  const start = block << level
  const half = 1 << (level - 1)
  for (let i = start; i < start + half; i++) {
    const a = words[i]!
    const b = words[i + half]! ^ a
    const first = products[low + (b & 255)]! ^ products[high + ((b >>> 8) & 255)]!
    const second = products[low + ((b >>> 16) & 255)]! ^ products[high + (b >>> 24)]!
    words[i + half] = b
    words[i] = a ^ first ^ (second << 16)
  }
}

let logarithmsOfFactors: Int32Array | undefined

// Of the points with even numbers, which are the factors of all levels.
function factorLogarithms(): Int32Array {
  const { log } = logarithmTables()
  logarithmsOfFactors ??= Int32Array.from({ length: 32768 }, (_, k) => log[point(2 * k)]!)
  return logarithmsOfFactors
}

function splitByLogarithm(words: Int32Array, level: number): void {
  const { log, exp } = logarithmTables()
  const factors = factorLogarithms()
  const half = 1 << (level - 1)
  for (let block = 0; block < 32768 >> level; block++) {
    const factor = factors[block]!
    const end = block * 2 * half + half
    for (let i = end - half; i < end; i++) {
      const b = words[i + half]!
      const a = words[i]! ^ exp[log[b & 0xffff]! + factor]! ^ (exp[log[b >>> 16]! + factor]! << 16)
      words[i] = a
      words[i + half] = b ^ a
    }
  }
}

function joinByLogarithm(words: Int32Array, level: number): void {
  const { log, exp } = logarithmTables()
  const factors = factorLogarithms()
  const half = 1 << (level - 1)
  for (let block = 0; block < 32768 >> level; block++) {
    const factor = factors[block]!
    const end = block * 2 * half + half
    for (let i = end - half; i < end; i++) {
      const a = words[i]!
      const b = words[i + half]! ^ a
      words[i + half] = b
      words[i] = a ^ exp[log[b & 0xffff]! + factor]! ^ (exp[log[b >>> 16]! + factor]! << 16)
    }
  }
}

// Level 0, where a and b share a word.
function splitPairs(words: Int32Array): void {
  const { log, exp } = logarithmTables()
  const factors = factorLogarithms()
  for (let i = 0; i < 32768; i++) {
    const word = words[i]!
    const split = word ^ exp[log[word >>> 16]! + factors[i]!]!
    words[i] = split ^ (split << 16)
  }
}

function joinPairs(words: Int32Array): void {
  const { log, exp } = logarithmTables()
  const factors = factorLogarithms()
  for (let i = 0; i < 32768; i++) {
    const word = words[i]!
    const joined = word ^ (word << 16)
    words[i] = joined ^ exp[log[joined >>> 16]! + factors[i]!]!
  }
}
