/**
 * Where rows stand, of which most are not drawn: measured heights, and guesses where nothing was measured yet. All lengths
 * are CSS pixels.
 */
import type { Row } from '../../timeline-rows.ts'

export interface Range {
  /** Index of the first row. */
  from: number
  /** Index behind the last one. */
  to: number
}

const linePx = 22
const charactersOfLine = 62
const guessed = { day: 54, unread: 46, system: 30, message: 26, author: 24 }

function guess(row: Row): number {
  if (row.row !== 'message') return guessed[row.row]
  const { text, reactions, reply } = row.message
  let lines = 1
  if (text.length > charactersOfLine || text.includes('\n')) {
    lines = 0
    for (const line of text.slice(0, 8_000).split('\n')) lines += 1 + Math.floor(line.length / charactersOfLine)
  }
  const more = (reactions ? 34 : 0) + (reply ? 46 : 0) + (row.startsRun ? guessed.author : 0)
  return guessed.message + lines * linePx + more
}

export class Heights {
  #rows: readonly Row[] = []
  readonly #measured = new Map<string, number>()
  #heights = new Float64Array(0)
  /** Where each row begins; one more at the end. */
  #tops = new Float64Array(1)
  #at = new Map<string, number>()

  /** Takes other rows; what was measured of them before still counts. Where the end alone is new, the end alone is reckoned. */
  take(rows: readonly Row[]): void {
    const before = this.#rows
    if (rows === before) return
    const most = Math.min(rows.length, before.length)
    let same = 0
    while (same < most && rows[same] === before[same]) same++
    if (same === 0) this.#at.clear()
    else for (let i = same; i < before.length; i++) this.#at.delete(before[i]!.key)
    this.#rows = rows
    this.#grow(rows.length)
    for (let i = same; i < rows.length; i++) {
      const row = rows[i]!
      this.#at.set(row.key, i)
      this.#heights[i] = this.#measured.get(row.key) ?? guess(row)
    }
    this.#sum(same)
  }

  #grow(length: number): void {
    if (length <= this.#heights.length) return
    const room = Math.max(256, 2 * length)
    const [heights, tops] = [new Float64Array(room), new Float64Array(room + 1)]
    heights.set(this.#heights)
    tops.set(this.#tops)
    this.#heights = heights
    this.#tops = tops
  }

  /** True where it is another height than before. */
  measure(key: string, height: number): boolean {
    const at = this.#at.get(key)
    const before = this.#measured.get(key)
    this.#measured.set(key, height)
    if (at === undefined || Math.abs((before ?? this.#heights[at]!) - height) < 0.1) return false
    this.#heights[at] = height
    return true
  }

  /** After measuring. */
  settle(): void {
    this.#sum(0)
  }

  get whole(): number {
    return this.#tops[this.#rows.length]!
  }

  topOf(index: number): number {
    return this.#tops[Math.max(0, Math.min(index, this.#rows.length))]!
  }

  indexOf(key: string): number | undefined {
    return this.#at.get(key)
  }

  keyAt(index: number): string | undefined {
    return this.#rows[index]?.key
  }

  /** The row that stands at that height. */
  at(top: number): number {
    let [low, high] = [0, this.#rows.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#tops[middle + 1]! <= top) low = middle + 1
      else high = middle
    }
    return Math.min(low, Math.max(0, this.#rows.length - 1))
  }

  /** The rows between two heights. */
  between(top: number, bottom: number): Range {
    return { from: this.at(Math.max(0, top)), to: Math.min(this.#rows.length, this.at(bottom) + 1) }
  }

  #sum(from: number): void {
    const { length } = this.#rows
    for (let i = from; i < length; i++) this.#tops[i + 1] = this.#tops[i]! + this.#heights[i]!
  }
}
