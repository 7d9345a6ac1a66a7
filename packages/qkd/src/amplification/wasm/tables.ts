/** The constants that the module finds at the beginning of its memory (layout.ts). */
import { cantorBasis, multiply } from '../field.ts'
import * as layout from './layout.ts'
import { fromTower, toTower } from './tower.ts'

let made: Uint8Array<ArrayBuffer> | undefined

/** From address 0 on. Made on first use; public, and not to be written to. */
export function tables(): Uint8Array<ArrayBuffer> {
  if (made) return made
  made = new Uint8Array(layout.tablesEnd)
  made.set(halfByteTables(toTower), layout.toTowerTables)
  made.set(halfByteTables(fromTower), layout.fromTowerTables)
  writeFactorTables(new Uint32Array(made.buffer, layout.factorTables, (2048 * layout.factorTableBytes) / 4))
  writeLaneFactors(new Uint32Array(made.buffer, layout.laneFactors, 32 * layout.laneFactorsPerGroup * 64))
  return made
}

// The images of v 16^p for half bytes v, p = 0 to 3: four tables of their low bytes, four of their high ones.
function halfByteTables(map: (value: number) => number): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(layout.factorTableBytes)
  for (let entry = 0; entry < 64; entry++) {
    const image = map((entry & 15) << (4 * (entry >> 4)))
    both[entry] = image
    both[64 + entry] = image >> 8
  }
  return both
}

// Factor number k is point(2k); its tables are the sums of those of basis elements, a word at a time.
function writeFactorTables(words: Uint32Array): void {
  const wordsEach = layout.factorTableBytes / 4
  for (let bit = 0; bit < 11; bit++) {
    const factor = cantorBasis[bit + 1]!
    const ofBit = new Uint32Array(halfByteTables((value) => toTower(multiply(factor, fromTower(value)))).buffer)
    const count = wordsEach << bit
    for (let i = 0; i < count; i++) words[count + i] = words[i]! ^ ofBit[i % wordsEach]!
  }
}

// Bits 4 to 8 of 16 l for the 32 lanes l of a word.
const laneBits = [0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000]

// At level i of the last four, lane l of group g and the block of 2^(i+1) that begins at `first` among 16 values have
// the factor with number (16 (128 g + l) + first) >> i. Its bits are those of this sum, which has no carries.
function writeLaneFactors(words: Uint32Array): void {
  const images = cantorBasis.map(toTower)
  for (let at = 0; at < words.length; at += 4) {
    const coordinate = (at >> 2) & 15
    const slot = (at >> 6) % layout.laneFactorsPerGroup
    const group = Math.floor((at >> 6) / layout.laneFactorsPerGroup)
    const { level, first } = laneFactor(slot)
    for (let word = 0; word < 4; word++) {
      const uniform = (2048 * group + 512 * word + first) >> level
      let lanes = 0
      for (let bit = 0; bit < 16; bit++) {
        if (!((images[bit]! >> coordinate) & 1)) continue
        lanes ^= laneBits[bit + level - 4] ?? 0
        if ((uniform >> bit) & 1) lanes ^= -1
      }
      words[at + word] = lanes
    }
  }
}

/** Slot 0 is level 3; 1, 2 are level 2; 3 to 6 level 1; 7 to 14 level 0. */
export function laneFactor(slot: number): { level: number; first: number } {
  const level = 3 - (31 - Math.clz32(slot + 1))
  return { level, first: (slot + 1 - (8 >> level)) << (level + 1) }
}
