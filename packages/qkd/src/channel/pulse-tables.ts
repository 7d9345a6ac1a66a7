/**
 * What the per-pulse engine looks up. A slot of the alias table over the settings has two parts, below and from its cut;
 * each part has a click threshold and an alias table of what clicked. Thresholds are rounded up, and that table has an
 * entry "nothing after all" for what was rounded, so that no probability is too large, however rare the clicks.
 */
import { aliasSlots, aliasTable } from './alias.ts'
import { nothing, patternOf, settingCount } from './cells.ts'
import { recordOf, recordOfSetting } from './record.ts'

const slotBits = 5
/** Of a 32-bit number, below the bits that choose the slot. */
export const lowBits: number = 32 - slotBits
const lowMask = 2 ** lowBits - 1

export interface PulseTables {
  /** Of each slot, in units of 2^-27 of it: below is its first part, from there its second. */
  cuts: Int32Array
  /** Of each part: a low number below this clicks. */
  thresholds: Int32Array
  partSetting: Uint32Array
  /** The record of a pulse of the part that does not click. */
  partRecord: Uint8Array
  /** For each part an alias table of this size, one after the other. */
  detailBits: number
  detailWords: Uint32Array
  /** 0 stands for "nothing after all"; no cell of a click is 0. */
  detailCell: Uint32Array
  detailRecord: Uint8Array
}

export function pulseTables(law: Float64Array): PulseTables {
  const settings = new Float64Array(settingCount)
  const clickCells: number[][] = Array.from(settings, () => [])
  law.forEach((probability, cell) => {
    settings[cell >> 8]! += probability
    if (patternOf(cell) !== nothing && probability > 0) clickCells[cell >> 8]!.push(cell)
  })
  const slots = aliasSlots(settings, slotBits)
  const most = clickCells.reduce((size, cells) => Math.max(size, cells.length), 0)
  const detailBits = Math.max(2, Math.ceil(Math.log2(most + 1)))
  const partCount = 2 * settingCount
  const tables: PulseTables = {
    cuts: Int32Array.from(slots.cuts),
    thresholds: new Int32Array(partCount),
    partSetting: new Uint32Array(partCount),
    partRecord: new Uint8Array(partCount),
    detailBits,
    detailWords: new Uint32Array(partCount << detailBits),
    detailCell: new Uint32Array(partCount << detailBits),
    detailRecord: new Uint8Array(partCount << detailBits),
  }
  for (let part = 0; part < partCount; part++) {
    const slot = part >> 1
    const isFirst = part % 2 === 0
    const setting = isFirst ? slot : slots.aliases[slot]!
    tables.partSetting[part] = setting
    tables.partRecord[part] = recordOfSetting(setting)
    const start = isFirst ? 0 : slots.cuts[slot]!
    const width = isFirst ? slots.cuts[slot]! : lowMask + 1 - start
    const cells = clickCells[setting]!
    if (width === 0 || cells.length === 0) {
      tables.thresholds[part] = start
      continue
    }
    const exact = width * cells.reduce((sum, cell) => sum + law[cell]! / settings[setting]!, 0)
    const clicking = Math.min(width, Math.ceil(exact))
    // At the very end of the last part the sum would be 2^27, which no low number reaches anyway.
    tables.thresholds[part] = start + clicking
    const weights = new Float64Array(2 ** detailBits)
    cells.forEach((cell, i) => {
      weights[i + 1] = (width * law[cell]!) / settings[setting]!
    })
    weights[0] = Math.max(0, clicking - exact)
    const offset = part << detailBits
    tables.detailWords.set(aliasTable(weights).words, offset)
    tables.detailCell.set(cells, offset + 1)
    tables.detailRecord[offset] = recordOfSetting(setting)
    tables.detailRecord.set(cells.map(recordOf), offset + 1)
  }
  return tables
}
