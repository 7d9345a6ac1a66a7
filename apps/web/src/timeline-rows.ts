/** From the timeline to the rows that are drawn: which part, day dividers, runs of one author, repeated events folded. */
import type { MessageView, SystemEvent, SystemView, TimelineItem } from './client-gate.ts'
import { dayKey } from './words/time.ts'

export type Row =
  | { row: 'day'; key: string; atMs: number }
  | { row: 'message'; key: string; message: MessageView; startsRun: boolean; endsRun: boolean }
  | { row: 'system'; key: string; atMs: number; event: SystemEvent; times: number }

/** Messages of one author within this time stand together. */
const runMs = 5 * 60_000

/** Index of the oldest item to draw so that the newest `messages` messages stand on the page. */
export function tailStart(items: readonly TimelineItem[], messages: number): number {
  let left = messages
  for (let i = items.length - 1; i >= 0; i--) {
    if (items[i]!.kind === 'message') left--
    if (left === 0) return i
  }
  return 0
}

export function rowsOf(items: readonly TimelineItem[]): Row[] {
  const rows: Row[] = []
  let day: string | undefined
  for (const item of items) {
    const itsDay = dayKey(item.atMs)
    if (itsDay !== day) {
      rows.push({ row: 'day', key: `day ${item.key}`, atMs: item.atMs })
      day = itsDay
    }
    if (item.kind === 'message') addMessage(rows, item)
    else addSystem(rows, item)
  }
  return rows
}

function addMessage(rows: Row[], message: MessageView): void {
  const last = rows.at(-1)
  const goesOn =
    last?.row === 'message' &&
    last.message.author.device === message.author.device &&
    Math.abs(message.atMs - last.message.atMs) < runMs
  if (goesOn) last.endsRun = false
  rows.push({ row: 'message', key: message.key, message, startsRun: !goesOn, endsRun: true })
}

function addSystem(rows: Row[], { key, atMs, event }: SystemView): void {
  const last = rows.at(-1)
  const folded = last?.row === 'system' ? fold(last, event) : undefined
  if (folded === undefined) rows.push({ row: 'system', key, atMs, event, times: 1 })
  else rows[rows.length - 1] = folded
}

/** Both as one line, where they say the same or differ in the people only. */
function fold(last: Extract<Row, { row: 'system' }>, next: SystemEvent): Row | undefined {
  const before = last.event
  switch (next.type) {
    case 'keys-refreshed':
      return before.type === next.type && before.label === next.label ? { ...last, times: last.times + 1 } : undefined
    case 'relay-restarted':
    case 'relay-restarting':
      return before.type === next.type ? { ...last, times: last.times + 1 } : undefined
    case 'unreadable':
      return before.type === next.type && before.reason === next.reason && before.from?.device === next.from?.device
        ? { ...last, times: last.times + 1 }
        : undefined
    case 'joined':
    case 'let-in':
      return before.type === next.type && before.by.device === next.by.device
        ? { ...last, event: { ...next, people: [...before.people, ...next.people] } }
        : undefined
    case 'created':
    case 'you-joined':
    case 'left':
    case 'removed':
    case 'rejoined':
    case 'device-added':
    case 'device-removed':
    case 'eavesdropper-switched':
    case 'eavesdropper-detected':
    case 'gap':
    case 'caught-up':
    case 'split-view':
    case 'room-locked':
    case 'admit-by-set':
    case 'capacity-set':
    case 'quantum-policy-set':
    case 'keep-sealed-set':
    case 'admin-set':
    case 'owner-set':
    case 'room-ended':
    case 'successor':
    case 'earlier-given':
    case 'keys-changed':
    case 'compared':
      return undefined
  }
}
