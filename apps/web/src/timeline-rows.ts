/** From the timeline to the rows that are drawn: day dividers, the unread divider, runs of one author, repeated events folded. */
import type { MessageView, SystemEvent, TimelineItem } from './client-gate.ts'
import { dayKey } from './words/time.ts'

export type Row =
  | { row: 'day'; key: string; atMs: number }
  | { row: 'unread'; key: string }
  | { row: 'message'; key: string; message: MessageView; startsRun: boolean; endsRun: boolean }
  | { row: 'system'; key: string; atMs: number; event: SystemEvent; times: number }

/** Messages of one author within this time stand together. */
const runMs = 5 * 60_000

const days = new WeakMap<TimelineItem, string>()

function dayOf(item: TimelineItem): string {
  let day = days.get(item)
  if (day === undefined) {
    day = dayKey(item.atMs)
    days.set(item, day)
  }
  return day
}

/**
 * Makes rows, again and again of nearly the same items. What did not change stays the same object, and where only the end
 * is new, only the end is made.
 */
export class Rows {
  #items: readonly TimelineItem[] = []
  #unread: string | undefined
  #rows: Row[] = []
  /** Of each row the index of its first item. */
  #from: number[] = []
  #byKey = new Map<string, Row>()

  /** @param unread - key of the item above which the unread divider stands */
  of(items: readonly TimelineItem[], unread?: string): readonly Row[] {
    if (items === this.#items && unread === this.#unread) return this.#rows
    // The item before the first that is new may end a run that went on, or be folded with what comes.
    const same = unread === this.#unread ? sameLength(this.#items, items) - 1 : 0
    const cut = same > 0 ? rowOf(this.#from, same) : 0
    const start = this.#from[cut] ?? 0
    const rows = this.#rows.slice(0, cut)
    const from = this.#from.slice(0, cut)
    for (let at = cut > 0 ? start : 0; at < items.length; at++) this.#add(rows, from, items, at, unread)
    this.#items = items
    this.#unread = unread
    this.#rows = rows
    this.#from = from
    if (cut === 0) this.#byKey = new Map(rows.map((row) => [row.key, row]))
    else for (const row of rows.slice(cut)) this.#byKey.set(row.key, row)
    return rows
  }

  #add(rows: Row[], from: number[], items: readonly TimelineItem[], at: number, unread: string | undefined): void {
    const item = items[at]!
    const before = items[at - 1]
    const put = (row: Row): void => {
      const known = this.#byKey.get(row.key)
      rows.push(known && isSame(known, row) ? known : row)
      from.push(at)
    }
    if (!before || dayOf(before) !== dayOf(item)) put({ row: 'day', key: `day ${item.key}`, atMs: item.atMs })
    if (item.key === unread) put({ row: 'unread', key: 'unread' })
    if (item.kind === 'message') {
      const startsRun = !goesOn(before, item) || item.key === unread
      const next = items[at + 1]
      const endsRun = next?.kind !== 'message' || !goesOn(item, next) || next.key === unread
      put({ row: 'message', key: item.key, message: item, startsRun, endsRun })
      return
    }
    const last = rows.at(-1)
    const folded = last?.row === 'system' ? fold(last, item.event) : undefined
    if (folded === undefined) put({ row: 'system', key: item.key, atMs: item.atMs, event: item.event, times: 1 })
    else rows[rows.length - 1] = folded
  }
}

export function rowsOf(items: readonly TimelineItem[], unread?: string): readonly Row[] {
  return new Rows().of(items, unread)
}

/** Index of the oldest row to draw so that the newest `messages` messages stand on the page. */
export function tailStart(rows: readonly Row[], messages: number): number {
  let left = messages
  for (let i = rows.length - 1; i >= 0; i--) {
    if (rows[i]!.row === 'message') left--
    if (left === 0) return i
  }
  return 0
}

function goesOn(before: TimelineItem | undefined, message: MessageView): boolean {
  return (
    before?.kind === 'message' &&
    before.author.device === message.author.device &&
    before.privately?.person === message.privately?.person &&
    Math.abs(message.atMs - before.atMs) < runMs &&
    dayOf(before) === dayOf(message)
  )
}

function sameLength(before: readonly TimelineItem[], after: readonly TimelineItem[]): number {
  const most = Math.min(before.length, after.length)
  let same = 0
  while (same < most && before[same] === after[same]) same++
  return same
}

/** The first of the rows that came from the item, or into which it was folded. */
function rowOf(from: readonly number[], item: number): number {
  let [low, high] = [0, from.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (from[middle]! <= item) low = middle + 1
    else high = middle
  }
  let row = Math.max(0, low - 1)
  while (row > 0 && from[row - 1] === from[row]) row--
  return row
}

function isSame(one: Row, other: Row): boolean {
  if (one.row === 'day' && other.row === 'day') return one.atMs === other.atMs
  if (one.row === 'unread' && other.row === 'unread') return true
  if (one.row === 'system' && other.row === 'system') return one.event === other.event && one.times === other.times
  return (
    one.row === 'message' &&
    other.row === 'message' &&
    one.message === other.message &&
    one.startsRun === other.startsRun &&
    one.endsRun === other.endsRun
  )
}

/** Both as one line, where they say the same or differ in the people only. */
function fold(last: Extract<Row, { row: 'system' }>, next: SystemEvent): Row | undefined {
  const before = last.event
  switch (next.type) {
    case 'keys-refreshed':
      return before.type === next.type && before.label === next.label ? { ...last, times: last.times + 1 } : undefined
    case 'relay-restarted':
    case 'relay-restored':
    case 'relay-restarting':
      return before.type === next.type ? { ...last, times: last.times + 1 } : undefined
    case 'unreadable':
      return before.type === next.type && before.reason === next.reason && before.from?.device === next.from?.device
        ? { ...last, times: last.times + 1 }
        : undefined
    case 'gone-unseen':
      return before.type === next.type && before.from.device === next.from.device
        ? { ...last, times: last.times + 1 }
        : undefined
    case 'joined':
    case 'let-in':
      return before.type === next.type && before.by.device === next.by.device
        ? { ...last, event: { ...next, people: [...before.people, ...next.people] } }
        : undefined
    default:
      return alone(next.type)
  }
}

/** Those that are never folded, named one by one, so that a new event has to be thought of. */
type AloneType =
  | 'created'
  | 'you-joined'
  | 'left'
  | 'removed'
  | 'rejoined'
  | 'device-added'
  | 'device-removed'
  | 'eavesdropper-switched'
  | 'eavesdropper-detected'
  | 'gap'
  | 'caught-up'
  | 'split-view'
  | 'room-locked'
  | 'admit-by-set'
  | 'capacity-set'
  | 'quantum-policy-set'
  | 'keep-sealed-set'
  | 'lifetime-set'
  | 'title-set'
  | 'admin-set'
  | 'owner-set'
  | 'room-ended'
  | 'successor'
  | 'earlier-given'
  | 'log-deleted'
  | 'keys-changed'
  | 'compared'

function alone(_: AloneType): undefined {
  return undefined
}
