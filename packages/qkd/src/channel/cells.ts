/**
 * Everything that can be told of one pulse, as one small number: the unit in which the engines count.
 *
 * Bits of a cell, highest first: intensity (2), Alice's basis, her bit, Bob's basis, pattern (3), photons (3),
 * Eve's reading (2). The five bits on top are the setting of a pulse, known before it flies.
 */

export const cellCount = 8192
export const settingCount = 32

/** What the detectors said, against Alice's bit; of a double click the coin is part of it. */
export const nothing = 0
export const right = 1
export const wrong = 2
export const doubleRight = 3
export const doubleWrong = 4
export const patternCount = 5

/** Photon numbers are told apart up to this one, which stands for itself and all above. */
export const mostTold = 7

export function settingOf(intensity: number, aliceBasis: number, aliceBit: number, bobBasis: number): number {
  return (intensity << 3) | (aliceBasis << 2) | (aliceBit << 1) | bobBasis
}

export function cellOf(setting: number, pattern: number, photons: number, reading: number): number {
  return (setting << 8) | (pattern << 5) | (Math.min(photons, mostTold) << 2) | reading
}

export interface CellContent {
  intensity: number
  /** 0 is Z, 1 is X. */
  aliceBasis: number
  aliceBit: number
  bobBasis: number
  pattern: number
  photons: number
  reading: number
}

export function cellContent(cell: number): CellContent {
  return {
    intensity: cell >> 11,
    aliceBasis: (cell >> 10) & 1,
    aliceBit: (cell >> 9) & 1,
    bobBasis: (cell >> 8) & 1,
    pattern: patternOf(cell),
    photons: (cell >> 2) & 7,
    reading: cell & 3,
  }
}

export function patternOf(cell: number): number {
  return (cell >> 5) & 7
}

export function withPattern(cell: number, pattern: number): number {
  return (cell & ~(7 << 5)) | (pattern << 5)
}

export function isDouble(pattern: number): boolean {
  return pattern >= doubleRight
}

export function isWrong(pattern: number): boolean {
  return pattern === wrong || pattern === doubleWrong
}
