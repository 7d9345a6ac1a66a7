/** A commit without its group secret, in virtual time. */
import type { DeviceId } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { SimClock, seeded } from '../sync/testing/sim-clock.ts'
import type { RoomCore } from './core.ts'
import { MissingShare } from './missing-share.ts'
import { Timers } from './timers.ts'

const ana = 'ana' as DeviceId

function waiting(present: DeviceId[]) {
  const clock = new SimClock(seeded(1))
  const calls: string[] = []
  const stream = { blocked: true, cursor: { seq: 6 } }
  const core = { timers: new Timers(clock), connected: true, present: new Set(present), stream }
  const share = new MissingShare({
    core: core as unknown as RoomCore,
    ask: (committer, psk) => void calls.push(`${committer} ${psk}`),
    rejoin: () => void calls.push('rejoin'),
  })
  share.onMissing(7, 'a secret', ana)
  return { clock, calls, core, stream, share }
}

it('[GP47] who lacks a share asks the committer every 5 s while it is here, and gives up after 20 s', async () => {
  const { clock, calls, share } = waiting([ana])
  for (let i = 0; i < 10; i++) share.onMissing(7, 'a secret', ana) // each try of the same frame says so again
  await clock.run(20_900)
  expect(calls).toEqual(Array(4).fill('ana a secret'))
  expect(share.waits).toBe(true)
  await clock.run(60_000)
  expect(calls.slice(4)).toEqual(['rejoin'])
  expect(share.waits).toBe(false)
})

it('[GP48] with the committer away it gives up after 10 s, and never asks another; without a connection it waits', async () => {
  const away = waiting([])
  await away.clock.run(10_900)
  expect(away.calls).toEqual([])
  await away.clock.run(200)
  expect(away.calls).toEqual(['rejoin'])
  const offline = waiting([ana])
  offline.core.connected = false
  await offline.clock.run(600_000)
  expect(offline.calls).toEqual([])
  offline.core.connected = true
  await offline.clock.run(5_000)
  expect(offline.calls).toEqual(['ana a secret'])
})

it('[GP49] once the commit has opened nothing more is asked for, and the next one that lacks its share begins anew', async () => {
  const { clock, calls, stream, share } = waiting([ana])
  await clock.run(1_000)
  stream.cursor.seq = 7
  stream.blocked = false
  await clock.run(60_000)
  expect(calls).toEqual(['ana a secret'])
  stream.cursor.seq = 8
  stream.blocked = true
  share.onMissing(9, 'another', ana)
  await clock.run(1_000)
  expect(calls.at(-1)).toBe('ana another')
})
