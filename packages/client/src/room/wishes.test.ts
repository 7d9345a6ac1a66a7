import { expect, it } from 'vitest'
import type { Group } from '../crypto/index.ts'
import { type Wish, Wishes, wishLifetimeMs } from './wishes.ts'

const group = {} as Group
const online = { connected: true, committing: false }
const offline = { connected: false, committing: false }

/** Wishes, a clock that is moved on by hand, and a wish that holds once `holds` is set. */
function setUp() {
  let nowMs = 0
  const alarms = new Set<{ atMs: number; run: () => void }>()
  const clock = {
    nowMs: () => nowMs,
    after(delayMs: number, run: () => void) {
      const alarm = { atMs: nowMs + delayMs, run }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
  }
  const pass = (ms: number) => {
    nowMs += ms
    for (const alarm of [...alarms]) if (alarm.atMs <= nowMs && alarms.delete(alarm)) alarm.run()
  }
  const state = { holds: false }
  const wish: Wish = () => (state.holds ? 'done' : { intent: {} })
  return { wishes: new Wishes(clock, () => undefined), pass, state, wish, alarms }
}

it('[WL1] a wish outlasts hours without a connection, says that it waits for one, and holds in the end', async () => {
  const { wishes, pass, state, wish, alarms } = setUp()
  const done = wishes.add('settings', wish)
  pass(wishLifetimeMs / 2)
  expect(wishes.views(offline)).toEqual([{ id: 1, kind: 'settings', waitsFor: 'connection', mayCancel: true }])
  expect(wishes.next(group)).toEqual({ intent: {} })
  expect(wishes.views(online)).toMatchObject([{ waitsFor: 'turn' }])
  wishes.committed()
  expect(wishes.views({ ...online, committing: true })).toMatchObject([{ waitsFor: 'room', mayCancel: false }])
  state.holds = true
  expect(wishes.next(group)).toBeUndefined()
  await done
  expect([wishes.views(online), alarms.size]).toEqual([[], 0])
})

it('[WL2] a wish ends after a day, when the device is out of the room, and by nothing else that passes', async () => {
  const { wishes, pass, wish } = setUp()
  const old = expect(wishes.add('end', wish)).rejects.toMatchObject({ code: 'wish-expired' })
  pass(wishLifetimeMs - 1)
  const young = expect(wishes.add('end', wish)).rejects.toMatchObject({ code: 'not-in-room' })
  pass(1)
  await old
  expect(wishes.views(online)).toHaveLength(1)
  wishes.close()
  await young
})

it('[WL3] a wish is taken back alone, and is tried no more; not while a commit for it is on its way', async () => {
  const { wishes, wish } = setUp()
  const first = expect(wishes.add('put-out', wish)).rejects.toMatchObject({ code: 'wish-cancelled' })
  const second = expect(wishes.add('end', wish)).rejects.toMatchObject({ code: 'wish-cancelled' })
  wishes.committed()
  expect(() => wishes.cancel(1, { committing: true })).toThrow(expect.objectContaining({ code: 'wish-on-its-way' }))
  wishes.cancel(2, { committing: true })
  await second
  expect(wishes.views(online)).toMatchObject([{ id: 1 }])
  wishes.cancel(1, { committing: false }) // the order went against it
  await first
  expect(wishes.next(group)).toBeUndefined()
  wishes.cancel(1, { committing: false })
})
