/**
 * Between the powers of x and the novel basis X_k = product over the set bits j of k of s_j(x), in which the additive
 * transform works (Lin, Chung, Han, FOCS 2014). In a Cantor basis s_16, s_8, s_4, s_2, s_1 have two terms each, and
 * s_(i+j) is s_i of s_j; so the change is a Taylor expansion at x^t + x, then the same on rows and on columns of a
 * square (Gao and Mateer, IEEE Trans. Inf. Theory 56, 6265, 2010). Additions only: bits of a coefficient never mix.
 */

/** A square of 256 by 256 coefficients of one or two bytes, row after row, the first in the lowest bits of a word. */
export interface Coefficients {
  bytesEach: 1 | 2
  words: Int32Array<ArrayBuffer>
  /** Receives the transposed square. */
  spare: Int32Array<ArrayBuffer>
}

export function coefficients(bytesEach: 1 | 2, allocate: (bytes: number) => ArrayBuffer): Coefficients {
  const [words, spare] = [0, 0].map(() => new Int32Array(allocate(65536 * bytesEach)))
  return { bytesEach, words: words!, spare: spare! }
}

export function toNovelBasis(square: Coefficients): void {
  const { words, spare } = square
  const rowWords = words.length / 256
  for (let step = 128; step >= 1; step >>= 1) expandAll(square, step, false)
  convert(words, 0, rowWords, 256)
  transpose(square, words, spare)
  convert(spare, 0, rowWords, 256)
  transpose(square, spare, words)
}

export function fromNovelBasis(square: Coefficients): void {
  const { words, spare } = square
  const rowWords = words.length / 256
  transpose(square, words, spare)
  revert(spare, 0, rowWords, 256)
  transpose(square, spare, words)
  revert(words, 0, rowWords, 256)
  for (let step = 1; step <= 128; step <<= 1) expandAll(square, step, true)
}

// One level of the expansion at x^256 + x, for all blocks of 512 step coefficients.
function expandAll({ bytesEach, words }: Coefficients, step: number, back: boolean): void {
  const stepBytes = bytesEach * step
  for (let block = 0; block < words.length; block += 128 * stepBytes) {
    if (stepBytes >= 4) expand(words, block, stepBytes / 4, 256, back)
    else expandWithinWords(words, block, 64 * stepBytes, 8 * stepBytes, back)
  }
}

// f = f0 + x^(t u) (f1 + x^((t-1) u) f2)  ->  (f0 + x^u (f1 + f2)) + (x^t + x)^u (f1 + f2 + x^((t-1) u) f2),
// u being `step` words.
function expand(words: Int32Array, at: number, step: number, t: number, back: boolean): void {
  const half = at + t * step
  if (back) xorRange(words, at + step, half, (t - 1) * step)
  xorRange(words, half, half + (t - 1) * step, step)
  if (!back) xorRange(words, at + step, half, (t - 1) * step)
}

// The same where u is only 8 or 16 bits: `size` is that of either half in words.
function expandWithinWords(words: Int32Array, at: number, size: number, stepBits: number, back: boolean): void {
  const half = at + size
  if (!back) words[half]! ^= words[half + size - 1]! >>> (32 - stepBits)
  let below = 0
  for (let i = 0; i < size; i++) {
    const word = words[half + i]!
    words[at + i]! ^= (word << stepBits) | (below >>> (32 - stepBits))
    below = word
  }
  if (back) words[half]! ^= words[half + size - 1]! >>> (32 - stepBits)
}

// The change for n coefficients of `size` words each, n = 256, 16 or 4.
function convert(words: Int32Array, at: number, size: number, n: number): void {
  if (n === 2) return
  const t = Math.sqrt(n)
  for (let step = t >> 1; step >= 1; step >>= 1) {
    for (let block = 0; block < n; block += 2 * t * step) expand(words, at + block * size, step * size, t, false)
  }
  convert(words, at, size * t, t)
  for (let row = 0; row < n; row += t) convert(words, at + row * size, size, t)
}

function revert(words: Int32Array, at: number, size: number, n: number): void {
  if (n === 2) return
  const t = Math.sqrt(n)
  for (let row = 0; row < n; row += t) revert(words, at + row * size, size, t)
  revert(words, at, size * t, t)
  for (let step = 1; step < t; step <<= 1) {
    for (let block = 0; block < n; block += 2 * t * step) expand(words, at + block * size, step * size, t, true)
  }
}

function xorRange(words: Int32Array, to: number, from: number, count: number): void {
  for (let i = 0; i < count; i++) words[to + i]! ^= words[from + i]!
}

function transpose({ bytesEach }: Coefficients, from: Int32Array, to: Int32Array): void {
  if (bytesEach === 1) transposeBytes(from, to)
  else transposePairs(from, to)
}

// Tiles of four by four bytes.
function transposeBytes(from: Int32Array, to: Int32Array): void {
  for (let row = 0; row < 256; row += 4) {
    for (let column = 0; column < 64; column++) {
      const at = 64 * row + column
      const [a, b, c, d] = [from[at]!, from[at + 64]!, from[at + 128]!, from[at + 192]!]
      const evenLow = (a & 0x00ff00ff) | ((b & 0x00ff00ff) << 8)
      const oddLow = ((a >>> 8) & 0x00ff00ff) | (b & 0xff00ff00)
      const evenHigh = (c & 0x00ff00ff) | ((d & 0x00ff00ff) << 8)
      const oddHigh = ((c >>> 8) & 0x00ff00ff) | (d & 0xff00ff00)
      const target = 256 * column + (row >> 2)
      to[target] = (evenLow & 0xffff) | (evenHigh << 16)
      to[target + 64] = (oddLow & 0xffff) | (oddHigh << 16)
      to[target + 128] = (evenLow >>> 16) | (evenHigh & 0xffff0000)
      to[target + 192] = (oddLow >>> 16) | (oddHigh & 0xffff0000)
    }
  }
}

// Tiles of two by two coefficients of 16 bits.
function transposePairs(from: Int32Array, to: Int32Array): void {
  for (let row = 0; row < 256; row += 2) {
    for (let column = 0; column < 128; column++) {
      const [a, b] = [from[128 * row + column]!, from[128 * row + 128 + column]!]
      const target = 256 * column + (row >> 1)
      to[target] = (a & 0xffff) | (b << 16)
      to[target + 128] = (a >>> 16) | (b & 0xffff0000)
    }
  }
}
