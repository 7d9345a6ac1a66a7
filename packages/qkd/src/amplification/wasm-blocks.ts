/** Blocks in WebAssembly with vectors of 128 bits. Neither addresses nor branches depend on the data. */
import type { Blocks } from './blocks.ts'
import * as layout from './wasm/layout.ts'
import { tables } from './wasm/tables.ts'

/** What the module exports (wasm/module.ts). */
export interface BlockExports {
  memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  toNovelBasis(square: number): void
  fromNovelBasis(square: number): void
  split(): void
  join(): void
  splitSlices(block: number): void
  joinSlices(block: number): void
  addProduct(target: number, a: number, b: number): void
  sum(target: number, a: number, b: number): void
  overlap(start: number, end: number): void
}

const pageBytes = 65536
/** A module's memory never shrinks, so one that grew beyond this is given up after use. */
const keptBytes = 1 << 25
const bothPlanes = [0, layout.planeBytes]

interface Machine {
  run: BlockExports
  memory: Uint8Array<ArrayBuffer>
}

export class WasmBlocks implements Blocks {
  readonly #instantiate: () => BlockExports
  #kept: Machine | undefined

  constructor(instantiate: () => BlockExports) {
    this.#instantiate = instantiate
  }

  reserve(count: number): void {
    const machine = this.#machine()
    const missing = addressOf(count) - machine.memory.length
    if (missing <= 0) return
    machine.run.memory.grow(missing / pageBytes)
    machine.memory = new Uint8Array(machine.run.memory.buffer)
  }

  clear(block: number): void {
    this.#machine().memory.fill(0, addressOf(block), addressOf(block + 1))
  }

  load(block: number, bytes: Uint8Array, from: number, count: number): void {
    const first = Math.max(0, from)
    const last = Math.min(bytes.length, from + count)
    const { run, memory } = this.#machine()
    memory.fill(0, layout.planes, layout.planes + layout.planeBytes)
    if (first < last) memory.set(bytes.subarray(first, last), layout.planes + first - from)
    run.toNovelBasis(layout.planes)
    run.split()
    run.splitSlices(addressOf(block))
  }

  sum(target: number, a: number, b: number): void {
    this.#machine().run.sum(addressOf(target), addressOf(a), addressOf(b))
  }

  addProduct(target: number, a: number, b: number): void {
    this.#machine().run.addProduct(addressOf(target), addressOf(a), addressOf(b))
  }

  unload(block: number, from: number, bytes: Uint8Array, at: number, count: number): void {
    const { run, memory } = this.#machine()
    run.joinSlices(addressOf(block))
    run.join()
    for (const plane of bothPlanes) run.fromNovelBasis(layout.planes + plane)
    run.overlap(from, from + count)
    bytes.set(memory.subarray(layout.planes + from, layout.planes + from + count), at)
  }

  wipe(): void {
    this.#kept?.memory.fill(0, layout.planes)
    if (this.#kept && this.#kept.memory.length > keptBytes) this.#kept = undefined
  }

  #machine(): Machine {
    if (this.#kept) return this.#kept
    const run = this.#instantiate()
    const memory = new Uint8Array(run.memory.buffer)
    memory.set(tables())
    this.#kept = { run, memory }
    return this.#kept
  }
}

function addressOf(block: number): number {
  return layout.firstBlock + block * layout.blockBytes
}
