import { expect, it } from 'vitest'
import { dateOr, endOfLink, isLive, mayLive, writtenAt } from './times.ts'

const minute = 60_000
const now = 1_800_000_000_000
const made = now - 86_400_000

it('[ID40] a message has its author’s time, unless that lies ahead of its arrival or before its device', () => {
  for (const said of [now, now - 60 * minute, made, made - 9 * minute, now + 9 * minute]) {
    expect(writtenAt(said, now, now, made)).toEqual({ atMs: said })
  }
  for (const said of [0, 1, made - 11 * minute, now + 11 * minute, Number.MAX_SAFE_INTEGER]) {
    expect(writtenAt(said, now, now, made)).toEqual({ atMs: now, doubtful: true })
  }
})

it('[ID40] one clock that is wrong, the relay’s or this device’s, makes no message of an honest one doubtful', () => {
  expect(writtenAt(now, 0, now, made)).toEqual({ atMs: now })
  expect(writtenAt(now, now, 0, made)).toEqual({ atMs: now })
})

it('[ID41] every time that is shown is a date', () => {
  expect(dateOr(now, 5)).toBe(now)
  for (const at of [8.64e15 + 1, Number.MAX_SAFE_INTEGER]) {
    expect(dateOr(at, now)).toBe(now)
    expect(() => new Date(writtenAt(at, at, now, made).atMs).toISOString()).not.toThrow()
  }
})

it('[ID42] a link ends by both clocks before another takes its place, and none lives for years', () => {
  const [week, decade] = [7 * 86_400_000, 3_650 * 86_400_000]
  const right = { nowMs: now, relayMs: now }
  const ahead = { nowMs: now + decade, relayMs: now }
  const behind = { nowMs: now - decade, relayMs: now }
  for (const clocks of [right, ahead, behind]) {
    expect(mayLive(now + week, clocks)).toBe(true)
    expect(mayLive(now - decade - 1, clocks)).toBe(false)
  }
  expect(mayLive(now - 1, right)).toBe(false)
  expect([right, ahead, behind].map((clocks) => isLive(now + week, clocks))).toEqual([true, false, true])
  expect(isLive(now + decade, right) || mayLive(now + decade, right)).toBe(false)
  // Neither a clock of ours nor one of the relay's that is ahead makes a link that outlives a week.
  for (const clocks of [ahead, { nowMs: now, relayMs: now + decade }]) expect(endOfLink(week, clocks)).toBe(now + week)
})
