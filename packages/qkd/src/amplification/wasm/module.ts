/** The module that computes on blocks: what it is made of. Its bytes depend on nothing but the sources here. */
import { type Code, call, count, get, int, plus, set, shiftLeft32, times } from './instructions.ts'
import * as layout from './layout.ts'
import { defineNovelBasis } from './novel-basis.ts'
import { definePlanes } from './planes.ts'
import { defineBlockArithmetic, defineButterfly } from './products.ts'
import { Program } from './program.ts'
import { defineSlices } from './slices.ts'
import { laneFactor } from './tables.ts'

const packetBytes = 256

/** @param relaxed - with the look-up of relaxed SIMD, which spares a check of the index and gives the same bytes */
export function moduleBytes(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const program = new Program()
  defineNovelBasis(program)
  definePlanes(program, relaxed)
  defineBlockArithmetic(program)
  defineLastLevels(program)
  return program.bytes(layout.firstBlock >> 16)
}

/** Defines splitSlices(block), from the planes to a block, and joinSlices(block), which spoils the block. */
function defineLastLevels(program: Program): void {
  const { slice, unslice } = defineSlices(program)
  for (const back of [false, true]) {
    const butterfly = defineButterfly(program, back)
    program.define(
      1,
      (f, block) => {
        const group = f.int()
        const packets = f.int()
        const factors = f.int()
        const levels = lastLevels.map(([k, distance, slot]) => {
          const [a, b] = [k, k + distance].map((packet) => plus(get(packets), int(packet * packetBytes)))
          return call(butterfly, a!, b!, plus(get(factors), int(slot * packetBytes)))
        })
        const inPlane = shiftLeft32(get(group), int(11))
        const body: Code[] = back
          ? [...levels.toReversed(), call(unslice, inPlane, get(packets))]
          : [call(slice, inPlane, get(packets)), ...levels]
        const addresses = [
          ...set(packets, plus(block, shiftLeft32(get(group), int(12)))),
          ...set(
            factors,
            plus(int(layout.laneFactors), times(get(group), int(layout.laneFactorsPerGroup * packetBytes))),
          ),
        ]
        f.do(count(group, int(0), int(32), int(1), [...addresses, ...body.flat()]))
      },
      back ? 'joinSlices' : 'splitSlices',
    )
  }
}

// Packet, distance of its partner, slot of the factor.
const lastLevels = Array.from({ length: layout.laneFactorsPerGroup }, (_, slot) => {
  const { level, first } = laneFactor(slot)
  return Array.from({ length: 1 << level }, (_, k): [number, number, number] => [first + k, 1 << level, slot])
}).flat()
