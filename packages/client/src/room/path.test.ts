import { expect, it } from 'vitest'
import { SimClock, seeded } from '../sync/testing/sim-clock.ts'
import type { RoomCore } from './core.ts'
import type { Membership } from './membership.ts'
import { considerPath, relieve } from './path.ts'
import { Timers } from './timers.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

/** A device that has just come in, in a room of `members`: when it renews its path, in ms from then on. */
function comesIn(seed: number, members: number) {
  const random = seeded(seed)
  const clock = new SimClock(random)
  const startMs = clock.nowMs()
  const renewed: number[] = []
  const room = { busy: false, members }
  const core = {
    stream: {
      unproven: false,
      epoch: 1,
      get group() {
        return { members: Array.from({ length: room.members }) }
      },
    },
    self: { pathMs: 0 },
    timers: new Timers(clock),
    get nowMs() {
      return clock.nowMs()
    },
    env: { random: (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256)) },
    later: async (job: () => unknown) => void (await job()),
  }
  const membership = {
    async propose(intent: object, note: object) {
      expect([intent, note]).toEqual([{}, { path: true }])
      if (room.busy) return false
      renewed.push(clock.nowMs() - startMs)
      core.self.pathMs = clock.nowMs() // as the room notes at the commit's echo
      consider()
      return true
    },
  }
  const consider = () => considerPath(core as unknown as RoomCore, membership as unknown as Membership)
  consider()
  return { clock, renewed, room, consider, core, membership }
}

it('[PP30] a device renews its own path within five minutes of coming in, and daily from then on', async () => {
  const first = new Set<number>()
  for (let seed = 1; seed <= 20; seed++) {
    const { clock, renewed } = comesIn(seed, 3)
    await clock.run(5 * minuteMs)
    expect(renewed, `seed ${seed}`).toHaveLength(1)
    first.add(renewed[0]!)
    await clock.run(3 * dayMs)
    expect(renewed, `seed ${seed}`).toHaveLength(4)
  }
  expect(first.size).toBeGreaterThan(10) // spread: who came together does not commit together
})

it('[PP31] alone it renews nothing, and where the room is busy it tries again until it has', async () => {
  const { clock, renewed, room, consider } = comesIn(7, 1)
  await clock.run(dayMs)
  expect(renewed).toEqual([])
  room.members = 2
  room.busy = true
  consider()
  await clock.run(5 * minuteMs)
  expect(renewed).toEqual([])
  room.busy = false
  await clock.run(minuteMs)
  expect(renewed).toHaveLength(1)
})

it('[PP32] a clock that was years ahead puts it off by no more than a day', async () => {
  const { clock, renewed, core, consider } = comesIn(9, 2)
  core.timers.clear('path')
  core.self.pathMs = clock.nowMs() + 3_650 * dayMs
  consider()
  await clock.run(dayMs)
  expect(renewed).toHaveLength(1)
})

it('[PP34] whoever heard that a commit was withdrawn begins the next epoch within ten seconds, or as soon as it can, once', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { clock, renewed, room, core, membership } = comesIn(seed, 3)
    core.self.pathMs = clock.nowMs()
    room.busy = true // as without a connection
    relieve(core as unknown as RoomCore, membership as unknown as Membership)
    await clock.run(minuteMs)
    expect(renewed, `seed ${seed}`).toEqual([])
    room.busy = false
    await clock.run(11_000)
    expect(renewed, `seed ${seed}`).toHaveLength(1)
    await clock.run(minuteMs)
    expect(renewed, `seed ${seed}`).toHaveLength(1)
    room.busy = true
    relieve(core as unknown as RoomCore, membership as unknown as Membership)
    core.stream.epoch++ // somebody else was faster
    await clock.run(11_000)
    room.busy = false
    await clock.run(minuteMs)
    expect(renewed, `seed ${seed}`).toHaveLength(1)
  }
})
