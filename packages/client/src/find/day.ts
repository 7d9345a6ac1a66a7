/** The first message of a day, found by halves: of a history of 50,000 messages ten blocks are opened. */
import { refKey, type Timeline } from '../room/timeline.ts'

export interface DayStart {
  key: string
  atMs: number
  /** False: there is none on that day, and this is the next one. */
  onDay: boolean
}

/**
 * Messages stand as they were ordered, and each has its author's time: one that was written offline stands later than its
 * day. Blocks of a hundred are in order all the same, but for days on which nearly nothing else was said.
 *
 * @param fromMs - the beginning of the day, and `untilMs` that of the next one
 * @returns undefined where nothing was written on that day or later
 */
export async function firstOfDay(timeline: Timeline, fromMs: number, untilMs: number): Promise<DayStart | undefined> {
  let [low, high] = [0, timeline.count]
  while (low < high) {
    const middle = (low + high) >> 1
    const block = await timeline.itemsAt(middle)
    if (!block) break // what is stored became less meanwhile
    const latest = Math.max(...block.items.map(({ atMs }) => atMs))
    if (latest < fromMs) low = Math.max(block.to, low + 1)
    else high = Math.min(block.from, middle)
  }
  let next: DayStart | undefined
  for (let at = low; at < timeline.count; ) {
    const block = await timeline.itemsAt(at)
    if (!block) break
    for (const item of block.items) {
      if (item.type !== 'message' || item.atMs < fromMs) continue
      if (item.atMs < untilMs) return { key: refKey(item), atMs: item.atMs, onDay: true }
      next ??= { key: refKey(item), atMs: item.atMs, onDay: false }
    }
    if (next) return next
    at = Math.max(block.to, at + 1)
  }
  return undefined
}
