import { limits, type RoomLogLine } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { LogFeed } from './log-feed.ts'
import type { Room } from './room.ts'

const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: from + i }) as unknown as RoomLogLine)

it('[PP46] lines that wait for the log to be read are bounded, the newest stay, and who has the log gets none twice', () => {
  const waits = { role: 'member', logs: { sent: undefined as number | undefined, early: [] as RoomLogLine[] } }
  const has = { role: 'member', logs: { sent: 5 as number | undefined, early: [] as RoomLogLine[] } }
  const room = { seats: new Map(Object.entries({ waits, has })), core: { limits: { logPushMs: 1_000 } } }
  const feed = new LogFeed(room as unknown as Room)
  for (let i = 0; i < 40; i++) feed.add(lines(1 + i * 50, 50))
  feed.end()
  expect(waits.logs.early).toHaveLength(limits.logLines)
  expect(waits.logs.early.at(-1)?.id).toBe(2_000)
  expect(has.logs.early).toEqual([])
})
