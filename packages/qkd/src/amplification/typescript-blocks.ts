/** Blocks in plain TypeScript: elements of 16 bits, two in a word, by tables of products and logarithms. */
import type { Blocks } from './blocks.ts'
import { fromValues, toValues } from './butterflies.ts'
import { logarithmTables } from './field.ts'
import { type Coefficients, coefficients, fromNovelBasis, toNovelBasis } from './novel-basis.ts'

/** Its time depends on the data through tables that fill a cache: other code on the same core could watch. */
export class TypescriptBlocks implements Blocks {
  readonly #allocate: (bytes: number) => ArrayBuffer
  readonly #bytes: Coefficients
  readonly #elements: Coefficients
  #blocks: Int32Array<ArrayBuffer>[] = []

  constructor(allocate: (bytes: number) => ArrayBuffer = (bytes) => new ArrayBuffer(bytes)) {
    this.#allocate = allocate
    this.#bytes = coefficients(1, allocate)
    this.#elements = coefficients(2, allocate)
  }

  reserve(count: number): void {
    while (this.#blocks.length < count) this.#blocks.push(new Int32Array(this.#allocate(2 * 65536)))
  }

  clear(block: number): void {
    this.#blocks[block]!.fill(0)
  }

  load(block: number, bytes: Uint8Array, from: number, count: number): void {
    const square = this.#bytes
    const first = Math.max(0, from)
    const last = Math.min(bytes.length, from + count)
    square.words.fill(0)
    const coefficients = new Uint8Array(square.words.buffer)
    if (first < last) coefficients.set(bytes.subarray(first, last), first - from)
    toNovelBasis(square)
    const words = this.#blocks[block]!
    new Uint16Array(words.buffer).set(coefficients)
    toValues(words)
  }

  sum(target: number, a: number, b: number): void {
    const sum = this.#blocks[target]!
    const left = this.#blocks[a]!
    const right = this.#blocks[b]!
    for (let i = 0; i < 32768; i++) sum[i] = left[i]! ^ right[i]!
  }

  addProduct(target: number, a: number, b: number): void {
    const { log, exp } = logarithmTables()
    const sum = this.#blocks[target]!
    const left = this.#blocks[a]!
    const right = this.#blocks[b]!
    for (let i = 0; i < 32768; i++) {
      const [x, y] = [left[i]!, right[i]!]
      const low = exp[log[x & 0xffff]! + log[y & 0xffff]!]!
      sum[i]! ^= low ^ (exp[log[x >>> 16]! + log[y >>> 16]!]! << 16)
    }
  }

  unload(block: number, from: number, bytes: Uint8Array, at: number, count: number): void {
    const square = this.#elements
    fromValues(this.#blocks[block]!)
    square.words.set(this.#blocks[block]!)
    fromNovelBasis(square)
    const elements = new Uint16Array(square.words.buffer)
    for (let i = 0; i < count; i++) bytes[at + i] = elements[from + i]! ^ (elements[from + i - 1]! >> 8)
  }

  wipe(): void {
    for (const block of this.#blocks) block.fill(0)
    this.#blocks = []
    for (const square of [this.#bytes, this.#elements]) {
      square.words.fill(0)
      square.spare.fill(0)
    }
  }
}
