/** When a device renews its own keys in a conversation, in virtual time and with real groups. */
import { type PairId, toBase64Url } from '@qsec/protocol'
import { expect, it } from 'vitest'
import { commit, createConversationGroup, type Group, join, makeKeyPackage, receive, seal } from '../crypto/index.ts'
import { nowMs, random, World } from '../crypto/test-world.ts'
import { Timers } from '../room/timers.ts'
import { SimClock, seeded } from '../sync/testing/sim-clock.ts'
import type { Conversation } from './conversation.ts'
import type { ConversationHost } from './host.ts'
import { hasPath, Mending } from './mending.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

async function talk() {
  const world = new World()
  const [ana, ben] = [await world.device(), await world.device()]
  const empty = await createConversationGroup(ana, { with: ben.person, nowMs, random })
  const made = await makeKeyPackage(ben, { nowMs })
  const done = await commit(empty, { add: [made.keyPackage] }, { bundles: world.bundles, nowMs })
  if (!done.ok || !done.welcome) throw new Error('no conversation')
  const bens = await join(ben, made.secret, done.welcome, {
    expect: { purpose: 'conversation', address: world.address },
    requireInvitePsk: false,
    bundles: world.bundles,
  })
  if (!bens.ok) throw new Error(bens.reason)

  const running = new Set<Promise<void>>()
  const clock = new SimClock(seeded(1), async () => {
    while (running.size > 0) await Promise.all(running)
  })
  const timers = new Timers(clock)
  const present = new Set([ana.device, ben.device])
  const run = (job: () => Promise<void> | void) => {
    const work = Promise.resolve(job())
    running.add(work)
    return work.finally(() => running.delete(work))
  }
  const frames: Uint8Array[] = []
  const state = { group: done.next as Group, inStep: true }
  const conversation: Conversation = {
    ...{ id: toBase64Url(empty.groupId) as string as PairId, with: ben.person, atMs: 0 },
    ...{ have: new Map(), pathMs: 0, receiptOwed: false, isUsed: true, lost: false },
    stream: {
      get group() {
        return state.group
      },
      get epoch() {
        return state.group.epoch
      },
      get inStep() {
        return state.inStep
      },
      ...{ pending: undefined, unsettled: false, rows: [] },
      /** It comes back at once, and counts. */
      async holdPending({ frame, next, note }: { frame: Uint8Array; next: Group; note: string }) {
        expect(hasPath(note)).toBe(true)
        expect(JSON.parse(note)).toMatchObject({ welcomes: [], removed: [] })
        frames.push(frame)
        state.group = next
        Object.assign(conversation, { pathMs: clock.nowMs(), isUsed: false })
        timers.clear(`path ${conversation.id}`)
      },
    } as Partial<Conversation['stream']> as Conversation['stream'],
  }
  const host = {
    ...{ identity: ana, clock: { ...clock, nowMs: () => clock.nowMs() }, random, timers, run },
    bundles: { source: world.bundles },
    members: () => bens.group.members,
    ...{ isInStep: () => true, present: () => present },
  } as unknown as ConversationHost
  const mending = new Mending(host)
  const look = () => mending.look(conversation)
  look()
  return { world, ana, ben, bens: bens.group, clock, conversation, state, present, frames, look }
}

it('[PP17] a device renews its keys in a conversation minutes after it began, then daily while the two talk', async () => {
  const { clock, conversation, frames, look, state, bens, world } = await talk()
  await clock.run(5 * minuteMs)
  expect(frames).toHaveLength(1)
  look()
  await clock.run(3 * dayMs)
  expect(frames).toHaveLength(1) // nothing was said
  conversation.isUsed = true
  look()
  await clock.run(minuteMs)
  expect(frames).toHaveLength(2)
  conversation.isUsed = true
  look()
  await clock.run(dayMs - 2 * minuteMs)
  expect(frames).toHaveLength(2)
  await clock.run(2 * minuteMs)
  expect(frames).toHaveLength(3)
  // The other one follows all of it.
  let theirs = bens
  for (const frame of frames) {
    const got = await receive(theirs, frame, { bundles: world.bundles })
    if (got.kind !== 'commit') throw new Error(got.kind)
    theirs = got.group
  }
  const said = await seal(theirs, Uint8Array.of(7))
  expect(await receive(state.group, said.frame, { bundles: world.bundles })).toMatchObject({ kind: 'application' })
})

it('[PP18] it renews nothing for who is away, nor while it lags behind, and catches up afterwards', async () => {
  const { clock, ben, present, state, frames, look } = await talk()
  present.delete(ben.device)
  await clock.run(dayMs)
  expect(frames).toEqual([])
  present.add(ben.device)
  state.inStep = false
  look()
  await clock.run(5 * minuteMs)
  expect(frames).toEqual([])
  state.inStep = true
  await clock.run(minuteMs)
  expect(frames).toHaveLength(1)
})
