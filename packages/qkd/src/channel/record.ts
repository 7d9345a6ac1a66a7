/**
 * One byte per pulse, as the per-pulse engine writes it: intensity (2 bits), Alice's basis, her bit, Bob's basis,
 * whether he had a click, whether it was a double one, his bit. Highest bit first.
 */
import { cellContent, isDouble, isWrong, nothing } from './cells.ts'

export const clickFlag = 4

export function recordOf(cell: number): number {
  const { aliceBit, pattern } = cellContent(cell)
  if (pattern === nothing) return recordOfSetting(cell >> 8)
  const bobBit = isWrong(pattern) ? 1 - aliceBit : aliceBit
  return recordOfSetting(cell >> 8) | clickFlag | (isDouble(pattern) ? 2 : 0) | bobBit
}

export function recordOfSetting(setting: number): number {
  return setting << 3
}

export interface PulseRecord {
  /** 0 is the signal. */
  intensity: number
  aliceBasis: 'z' | 'x'
  aliceBit: number
  bobBasis: 'z' | 'x'
  outcome: { click: false } | { click: true; double: boolean; bobBit: number }
}

export function readRecord(record: number): PulseRecord {
  return {
    intensity: record >> 6,
    aliceBasis: record & 32 ? 'x' : 'z',
    aliceBit: (record >> 4) & 1,
    bobBasis: record & 8 ? 'x' : 'z',
    outcome: record & clickFlag ? { click: true, double: (record & 2) !== 0, bobBit: record & 1 } : { click: false },
  }
}
