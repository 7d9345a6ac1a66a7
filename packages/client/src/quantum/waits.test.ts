import { expect, it } from 'vitest'
import { Waits } from './waits.ts'

/** A clock that a test moves on by hand. */
function clockByHand() {
  let nowMs = 0
  let alarms: { atMs: number; run: () => void }[] = []
  return {
    nowMs: () => nowMs,
    after(delayMs: number, run: () => void) {
      const alarm = { atMs: nowMs + delayMs, run }
      alarms.push(alarm)
      return () => {
        alarms = alarms.filter((one) => one !== alarm)
      }
    },
    pass(ms: number) {
      nowMs += ms
      const due = alarms.filter(({ atMs }) => atMs <= nowMs)
      alarms = alarms.filter(({ atMs }) => atMs > nowMs)
      for (const { run } of due) run()
    },
    alarms: () => alarms.length,
  }
}

/** Whether it has ended by now. */
function watch(promise: Promise<void>): () => Promise<boolean> {
  let ended = false
  void promise.then(() => {
    ended = true
  })
  return async () => {
    await Promise.resolve()
    return ended
  }
}

it('[QK21] a wait ends with what it waits for, told or found by itself, with its time, or with the room', async () => {
  const clock = clockByHand()
  const waits = new Waits(clock)
  let here = false
  const told = watch(waits.until(() => here, 60_000))
  waits.look()
  expect(await told()).toBe(false)
  here = true
  waits.look()
  expect(await told()).toBe(true)

  here = false
  const found = watch(waits.until(() => here, 60_000))
  clock.pass(499)
  here = true
  expect(await found()).toBe(false)
  clock.pass(1)
  expect(await found()).toBe(true)

  const over = watch(waits.until(() => false, 700))
  clock.pass(699)
  expect(await over()).toBe(false)
  clock.pass(1)
  expect(await over()).toBe(true)

  const closed = watch(waits.until(() => false, 60_000))
  waits.close()
  expect(await closed()).toBe(true)
  expect(await watch(waits.until(() => false, 60_000))()).toBe(true)
  expect(clock.alarms()).toBe(0)
})
