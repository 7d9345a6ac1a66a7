import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('[TR30] a delay is kept also where it is longer than a timer can count, and can be taken back', () => {
    const daysMs = 86_400_000
    let rung = 0
    systemClock.after(60 * daysMs, () => rung++)
    const takeBack = systemClock.after(60 * daysMs, () => rung++)
    vi.advanceTimersByTime(59 * daysMs)
    expect(rung).toBe(0)
    takeBack()
    vi.advanceTimersByTime(daysMs)
    expect(rung).toBe(1)
  })
})
