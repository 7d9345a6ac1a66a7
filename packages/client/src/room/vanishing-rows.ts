/** When which message goes, in storage: one row for each message that disappears, and the clock by which they are due. */
import { utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import { parseStored } from './device-store.ts'
import type { ForwardTime } from './forward-clock.ts'

/** Times are those of `ForwardClock`. */
export type Mark =
  /** An own one that the relay has not taken. */
  | { state: 'unsent'; seconds: number }
  /** One that nobody has seen here. It goes at `latestMs` all the same. */
  | { state: 'unseen'; seconds: number; latestMs: number }
  | { state: 'runs'; goesMs: number }
  /** So that it does not come back. `owes`: something of it was on its way, and has to go from the outbox. */
  | { state: 'gone'; sinceMs: number; owes: boolean }

const stored: v.GenericSchema<unknown, Mark> = v.variant('state', [
  v.object({ state: v.literal('unsent'), seconds: v.number() }),
  v.object({ state: v.literal('unseen'), seconds: v.number(), latestMs: v.number() }),
  v.object({ state: v.literal('runs'), goesMs: v.number() }),
  v.object({ state: v.literal('gone'), sinceMs: v.number(), owes: v.boolean() }),
])
const storedTime = v.object({ tickMs: v.number(), wallMs: v.number() })

/** @param prefix - storage key below which the marks of a device lie */
export async function storedMarks(storage: Storage, prefix: string): Promise<Map<string, Mark>> {
  const rows = await storage.list(`${prefix}/`)
  return new Map(
    rows.flatMap(({ key, value }): [string, Mark][] => {
      const mark = parseStored(stored, value)
      return mark ? [[key.slice(prefix.length + 1), mark]] : []
    }),
  )
}

export async function storedTimeOf(storage: Storage, prefix: string): Promise<ForwardTime | undefined> {
  return parseStored(storedTime, await storage.get(timeKey(prefix)))
}

/** @param key - of the message, as screens have it */
export function markChange(prefix: string, key: string, mark: Mark): StorageChange {
  return { type: 'put', key: `${prefix}/${key}`, value: utf8(JSON.stringify(mark)) }
}

export function timeChange(prefix: string, time: ForwardTime): StorageChange {
  return { type: 'put', key: timeKey(prefix), value: utf8(JSON.stringify(time)) }
}

/** When a message with that mark goes; undefined: it is not settled, or it is gone. */
export function dueMs(mark: Mark): number | undefined {
  if (mark.state === 'runs') return mark.goesMs
  return mark.state === 'unseen' ? mark.latestMs : undefined
}

function timeKey(prefix: string): string {
  return `${prefix}-clock`
}
