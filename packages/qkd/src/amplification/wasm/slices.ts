/**
 * From planes of bytes to slices of bits: a group of 2,048 values becomes 16 packets of 128 lanes, lane l of packet k
 * the value 16 l + k, and a packet 16 vectors, vector c with coordinate c of all lanes.
 */
import {
  and,
  type Code,
  call,
  count,
  get,
  int,
  type Local,
  left64,
  load,
  plus,
  right64,
  shiftLeft32,
  splat,
  store,
  xor,
} from './instructions.ts'
import { planeBytes, planes, scratch } from './layout.ts'
import { transposed } from './novel-basis.ts'
import type { Procedure, Program } from './program.ts'

/** Defines slice(group, packets) and its inverse: `group` is where it starts in a plane, `packets` an address. */
export function defineSlices(program: Program): { slice: number; unslice: number } {
  const [slice, unslice] = [false, true].map((back) => {
    const bits = program.define(1, (f, plane) => writeBits(f, back, plane))
    const bytes = program.define(1, (f, packets) => writeBytes(f, back, packets))
    return program.define(2, (f, group, packets) => {
      for (const plane of [0, 1]) {
        const from = plus(group, int(planes + plane * planeBytes))
        const to = plus(packets, int(plane * 128))
        f.do(...(back ? [call(bytes, to), call(bits, from)] : [call(bits, from), call(bytes, to)]))
      }
    })
  })
  return { slice: slice!, unslice: unslice! }
}

// Eight vectors, each 16 values' bytes -> eight vectors, vector p with bit p of them; to row o of table p in scratch.
function writeBits(f: Procedure, back: boolean, plane: Code): void {
  const o = f.int() // 16 times the number of the eight
  const body = f.within(() => {
    const inPlane = plus(plane, shiftLeft32(get(o), int(3)))
    const read = (i: number): Code => (back ? load(get(o), scratch + 256 * i) : load(inPlane, 16 * i))
    const vectors = Array.from({ length: 8 }, (_, i) => f.let(read(i)))
    for (const [distance, mask] of [
      [4, 0x0f],
      [2, 0x33],
      [1, 0x55],
    ] as const) {
      for (let i = 0; i < 8; i++) if ((i & distance) === 0) exchange(f, vectors, i, i + distance, distance, mask)
    }
    for (const [i, vector] of vectors.entries()) {
      f.do(back ? store(inPlane, 16 * i, get(vector)) : store(get(o), scratch + 256 * i, get(vector)))
    }
  })
  f.do(count(o, int(0), int(256), int(16), body))
}

// The bits of `low` above the mask change places with those of `high` under it.
function exchange(f: Procedure, vectors: Local[], low: number, high: number, by: number, mask: number): void {
  const moved = f.let(and(xor(right64(get(vectors[low]!), by), get(vectors[high]!)), splat(mask)))
  vectors[high] = f.let(xor(get(vectors[high]!), get(moved)))
  vectors[low] = f.let(xor(get(vectors[low]!), left64(get(moved), by)))
}

function writeBytes(f: Procedure, back: boolean, packets: Code): void {
  const p = f.int()
  const body = f.within(() => {
    const table = shiftLeft32(get(p), int(4))
    const inPackets = plus(packets, get(p))
    const read = (i: number): Code => (back ? load(inPackets, 256 * i) : load(table, scratch + 16 * i))
    const columns = transposed(
      f,
      Array.from({ length: 16 }, (_, i) => f.let(read(i))),
    )
    for (const [i, column] of columns.entries()) {
      f.do(back ? store(table, scratch + 16 * i, get(column)) : store(inPackets, 256 * i, get(column)))
    }
  })
  f.do(count(p, int(0), int(128), int(16), body))
}
