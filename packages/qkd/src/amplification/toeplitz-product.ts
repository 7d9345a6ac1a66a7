/**
 * The Toeplitz product as a window of the product of two long polynomials: bits n-1 .. n+m-2 of x s, block by block.
 *
 * Input and output stay in memory as blocks, four bytes for each of theirs; of the seed only what one diagonal of tiles
 * needs. So 10^8 bits take about 100 MB.
 */
import { addToeplitz, spareBlocks } from './block-toeplitz.ts'
import type { Blocks } from './blocks.ts'
import { type Partition, partition, segmentStart } from './partition.ts'

// Larger tiles save products and cost room: two diagonals of segments, and as much again for the recursion.
const usualTileSide = 64

/**
 * y_j = XOR over i of x_i s_(n-1+j-i), all packed; for sizes that were checked. The blocks come back wiped.
 *
 * @param tileSide - blocks a side of the tiles that go through Karatsuba's recursion at once
 */
export function toeplitzProduct(
  blocks: Blocks,
  input: Uint8Array,
  inputBits: number,
  seed: Uint8Array,
  outputBits: number,
  tileSide: number = usualTileSide,
): Uint8Array {
  const x = withoutSpareBits(input, inputBits)
  const firstByte = x.length - 1
  const window = new Uint8Array(((inputBits + outputBits - 2) >> 3) - firstByte + 1)
  try {
    fillWindow(blocks, x, seed, window, tileSide)
    return shifted(window, (inputBits - 1) & 7, outputBits)
  } finally {
    x.fill(0)
    window.fill(0)
    blocks.wipe()
  }
}

// Bytes from number x.length - 1 on of the product.
function fillWindow(blocks: Blocks, x: Uint8Array, seed: Uint8Array, window: Uint8Array, tileSide: number): void {
  const cutting = partition(x.length, window.length)
  const { inputs, outputs, inputBlockBytes, outputBlockBytes } = cutting
  const room = layOut(cutting, tileSide)
  blocks.reserve(room.total)
  for (const [i, block] of room.inputs.entries()) blocks.load(block, x, i * inputBlockBytes, inputBlockBytes)
  for (const block of room.outputs) blocks.clear(block)

  let loaded = -inputs
  for (let tile = 1 - Math.ceil(inputs / tileSide); tile < Math.ceil(outputs / tileSide); tile++) {
    const last = Math.min(outputs - 1, tile * tileSide + tileSide - 1)
    while (loaded < last) {
      loaded++
      const start = segmentStart(cutting, x.length, loaded)
      blocks.load(room.segment(loaded), seed, start, inputBlockBytes + outputBlockBytes)
    }
    addDiagonalOfTiles(blocks, room, tile)
  }
  for (const [k, block] of room.outputs.entries()) {
    const at = k * outputBlockBytes
    blocks.unload(block, inputBlockBytes, window, at, Math.min(outputBlockBytes, window.length - at))
  }
}

interface Room {
  tileSide: number
  inputs: number[]
  outputs: number[]
  /** The segments of two neighbouring diagonals of tiles have room at one time. */
  segment: (diagonal: number) => number
  spare: number
  total: number
}

function layOut({ inputs, outputs }: Partition, tileSide: number): Room {
  const ring = Math.min(2 * tileSide, inputs + outputs - 1)
  const firstSegment = inputs + outputs
  const spare = firstSegment + ring
  return {
    tileSide,
    inputs: Array.from({ length: inputs }, (_, i) => i),
    outputs: Array.from({ length: outputs }, (_, k) => inputs + k),
    segment: (diagonal) => firstSegment + ((diagonal + inputs) % ring),
    spare,
    total: spare + spareBlocks(Math.min(tileSide, inputs, outputs)),
  }
}

// All tiles whose number down less that across is `tile`: they share their segments.
function addDiagonalOfTiles(blocks: Blocks, room: Room, tile: number): void {
  const { tileSide } = room
  for (let across = Math.max(0, -tile); across * tileSide < room.inputs.length; across++) {
    const y = room.outputs.slice((across + tile) * tileSide, (across + tile + 1) * tileSide)
    if (y.length === 0) break
    const x = room.inputs.slice(across * tileSide, (across + 1) * tileSide)
    const first = tile * tileSide - x.length + 1
    const s = Array.from({ length: x.length + y.length - 1 }, (_, d) => room.segment(first + d))
    addToeplitz(blocks, y, s, x, room.spare)
  }
}

function withoutSpareBits(packed: Uint8Array, bits: number): Uint8Array {
  const copy = packed.slice(0, (bits + 7) >> 3)
  copy[copy.length - 1]! &= 0xff >> (-bits & 7)
  return copy
}

// Bits from number `by` (0 to 7) on. What a read beyond the end gives is cut off or shifted out.
function shifted(bytes: Uint8Array, by: number, bits: number): Uint8Array {
  const result = new Uint8Array((bits + 7) >> 3)
  let byte = bytes[0]!
  for (let i = 0; i < result.length; i++) {
    const next = bytes[i + 1]!
    result[i] = (byte | (next << 8)) >> by
    byte = next
  }
  result[result.length - 1]! &= 0xff >> (-bits & 7)
  return result
}
