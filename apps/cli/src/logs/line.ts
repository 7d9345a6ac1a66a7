/** Reads a line of the room log back: `[TAG] key=value …` (packages/server/src/store/log-line.ts spells it). */
import type { RoomLogLine } from '@qsec/protocol'

type FieldValue = string | number | boolean

export interface LogLine extends RoomLogLine {
  /** Empty where the line has none of ours. */
  tag: string
  fields: Readonly<Record<string, FieldValue>>
}

/** Fingerprints, ids and codes: they stay text even where all of their characters are digits. */
const textFields = new Set(['room', 'device', 'leader', 'from', 'to', 'peer', 'claimed_by', 'removed_by', 'reason'])

export function readLine(line: RoomLogLine): LogLine {
  const [, tag = '', data = ''] = /^\[([A-Z0-9_]+)\]\s?(.*)$/s.exec(line.message) ?? []
  const pairs = data.split(' ').flatMap((pair): [string, FieldValue][] => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at), readValue(pair.slice(0, at), pair.slice(at + 1))]] : []
  })
  return { ...line, tag, fields: Object.fromEntries(pairs) }
}

function readValue(key: string, spelled: string): FieldValue {
  if (!textFields.has(key)) {
    if (spelled === 'true' || spelled === 'false') return spelled === 'true'
    if (/^-?\d+(\.\d+)?$/.test(spelled)) return Number(spelled)
  }
  return spelled.replace(/\\u\{([0-9a-f]{1,6})\}/g, (whole, hex: string) => {
    const codePoint = Number.parseInt(hex, 16)
    return codePoint <= 0x10_ff_ff ? String.fromCodePoint(codePoint) : whole
  })
}
