import { expect, it } from 'vitest'
import { dateOr, writtenAt } from './times.ts'

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
