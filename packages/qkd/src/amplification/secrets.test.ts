import { expect, it } from 'vitest'
import { seededRandom } from '../random.ts'
import type { Blocks } from './blocks.ts'
import { toeplitzProduct } from './toeplitz-product.ts'
import { TypescriptBlocks } from './typescript-blocks.ts'
import * as layout from './wasm/layout.ts'
import { moduleBytes } from './wasm/module.ts'
import { type BlockExports, WasmBlocks } from './wasm-blocks.ts'

function randomBytes(length: number): Uint8Array {
  const random = seededRandom(1, 'secrets')
  return Uint8Array.from({ length }, () => random() * 256)
}

const n = 300_000
const m = 300_000
const input = randomBytes(n / 8)
const seed = randomBytes((n + m) / 8)
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

/** Passes on and remembers every array that it was handed. */
function watched(inner: Blocks, failing = false): { blocks: Blocks; seen: Set<Uint8Array>; wiped: () => boolean } {
  const seen = new Set<Uint8Array>()
  let wiped = false
  const blocks: Blocks = {
    reserve: (count) => inner.reserve(count),
    clear: (block) => inner.clear(block),
    load: (block, bytes, from, count) => {
      seen.add(bytes)
      inner.load(block, bytes, from, count)
    },
    sum: (target, a, b) => inner.sum(target, a, b),
    addProduct: (target, a, b) => inner.addProduct(target, a, b),
    unload: (block, from, bytes, at, count) => {
      seen.add(bytes)
      if (failing) throw new Error('no memory')
      inner.unload(block, from, bytes, at, count)
    },
    wipe: () => {
      wiped = true
      inner.wipe()
    },
  }
  return { blocks, seen, wiped: () => wiped }
}

it('[QA10] overwrites its copies of input and output, also when it fails', () => {
  for (const failing of [false, true]) {
    const { blocks, seen, wiped } = watched(new TypescriptBlocks(), failing)
    const run = (): Uint8Array => toeplitzProduct(blocks, input, n, seed, m)
    if (failing) expect(run).toThrow('no memory')
    else expect(isZero(run())).toBe(false)
    expect(seen.size).toBe(3)
    for (const bytes of seen) expect(bytes === seed || isZero(bytes)).toBe(true)
    expect(wiped()).toBe(true)
  }
})

it('[QA10] overwrites the blocks and work space of the TypeScript backend', () => {
  const buffers: ArrayBuffer[] = []
  const blocks = new TypescriptBlocks((bytes) => {
    const buffer = new ArrayBuffer(bytes)
    buffers.push(buffer)
    return buffer
  })
  toeplitzProduct(blocks, input, n, seed, m)
  expect(buffers.length).toBeGreaterThan(8)
  for (const buffer of buffers) expect(isZero(new Uint8Array(buffer))).toBe(true)
})

it('[QA10] overwrites the blocks and work space of the vector backend', () => {
  const exports = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(false)))
    .exports as unknown as BlockExports
  const blocks = new WasmBlocks(() => exports)
  const product = toeplitzProduct(blocks, input, n, seed, m)
  expect(Buffer.compare(product, toeplitzProduct(new TypescriptBlocks(), input, n, seed, m))).toBe(0)
  const memory = new Uint8Array(exports.memory.buffer)
  expect(memory.length).toBeGreaterThanOrEqual(layout.firstBlock + 7 * layout.blockBytes)
  expect(isZero(memory.subarray(layout.tablesEnd))).toBe(true)
})

it('[QA10] gives up a memory that grew large, and goes on in a new one', () => {
  const module = new WebAssembly.Module(moduleBytes(false))
  let instances = 0
  const blocks = new WasmBlocks(() => {
    instances++
    return new WebAssembly.Instance(module).exports as unknown as BlockExports
  })
  const before = toeplitzProduct(blocks, input, n, seed, m)
  blocks.reserve(300)
  blocks.wipe()
  expect(Buffer.compare(toeplitzProduct(blocks, input, n, seed, m), before)).toBe(0)
  expect(instances).toBe(2)
})
