/** A message of Cascade's asking side: the halves of one pass whose parities it wants. */
import { ByteReader, ByteWriter } from '../bytes.ts'

/** Half-open ranges of places of one pass, ascending and disjoint: start, end, start, end... */
export interface CascadeQuestion {
  pass: number
  ranges: readonly number[]
}

export function encodeQuestion(question: CascadeQuestion): Uint8Array {
  const writer = new ByteWriter().u8(question.pass)
  let previous = 0
  for (const bound of question.ranges) {
    writer.varint(bound - previous)
    previous = bound
  }
  return writer.finish()
}

/** undefined unless there is at least one range and all lie in [0, n), ascending, disjoint and not empty. */
export function parseQuestion(bytes: Uint8Array, n: number, passes: number): CascadeQuestion | undefined {
  const reader = new ByteReader(bytes)
  const pass = reader.u8()
  const ranges: number[] = []
  let previous = 0
  while (reader.left > 0) {
    const start = previous + reader.varint()
    const width = reader.varint()
    previous = start + width
    if (width < 1 || previous > n) return undefined
    ranges.push(start, previous)
  }
  return reader.finish() && pass < passes && ranges.length > 0 ? { pass, ranges } : undefined
}
