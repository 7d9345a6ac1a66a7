/**
 * What this device passed over and does not have: numbers that the relay could not bring, and frames that did not open. A
 * receipt names them beside how far the device is, and so never claims what was not applied.
 */
import { readExactly, Writer } from '@qsec/protocol'

/** Sequence numbers, both ends among them. */
export type Lack = readonly [from: number, to: number]

/** Above so many the two that lie closest together become one: it then names numbers that the device has, never too few. */
export const lacksAtMost = 16

const version = 1

/** In ascending order, none touching the next. */
export function withLack(lacks: readonly Lack[], from: number, to: number): readonly Lack[] {
  if (to < from) return lacks
  const merged: [number, number][] = []
  for (const [low, high] of [...lacks, [from, to] as const].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1)
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else merged.push([low, high])
  }
  while (merged.length > lacksAtMost) {
    const distances = merged.slice(1).map(([low], i) => low - merged[i]![1])
    const at = distances.indexOf(Math.min(...distances))
    merged.splice(at, 2, [merged[at]![0], merged[at + 1]![1]])
  }
  return merged
}

export function isLacked(lacks: readonly Lack[], seq: number): boolean {
  return lacks.some(([from, to]) => from <= seq && seq <= to)
}

export function encodeLacks(lacks: readonly Lack[]): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version)
  for (const [from, to] of lacks) writer.u53(from).u53(to)
  return writer.done()
}

/** Undefined where the bytes are damaged or of another version. */
export function decodeLacks(bytes: Uint8Array): readonly Lack[] | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== version) return undefined
    const lacks: Lack[] = []
    while (!reader.atEnd) lacks.push([reader.u53(), reader.u53()])
    return lacks
  })
}
