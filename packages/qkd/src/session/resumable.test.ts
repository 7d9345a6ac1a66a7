import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replayedRandom } from '../simulate-run.ts'
import { oneDecoyRun, type SmallRun, siftedRun, singlePhotonRun, testSetRun } from '../small-runs.ts'
import type { Role } from './messages.ts'
import type { SessionResult } from './result.ts'
import { type ResumableSession, resumeSession, type StartSession, startResumable } from './resumable.ts'

interface Crash {
  end: Role
  /** After so many messages handled by both ends. */
  afterMessages: number
  /** How many messages old the state is that comes back. */
  age: number
}

interface Played {
  alice: SessionResult | undefined
  bob: SessionResult | undefined
  handled: number
}

/** A line that remembers nothing: each end asks the other for the message with the index it waits for. */
function play(run: SmallRun, seed: number, crashes: readonly Crash[] = []): Played {
  const start: Record<Role, StartSession> = { alice: (random) => run.alice(random), bob: (random) => run.bob(random) }
  const random = { alice: replayedRandom(seed, 'alice'), bob: replayedRandom(seed, 'bob') }
  const ends: Record<Role, ResumableSession> = {
    alice: startResumable(random.alice, start.alice),
    bob: startResumable(random.bob, start.bob),
  }
  const saved: Record<Role, Uint8Array[]> = { alice: [ends.alice.save()], bob: [ends.bob.save()] }
  const results: Partial<Record<Role, SessionResult>> = {}
  /** What an end took for the message of each number. */
  const taken: Record<Role, Uint8Array[]> = { alice: [], bob: [] }
  let handled = 0
  for (let moved = true; moved && handled < 3000; ) {
    moved = false
    for (const [to, from] of [
      ['bob', 'alice'],
      ['alice', 'bob'],
    ] as const) {
      const next = ends[from].said[ends[to].heard]
      if (!next) continue
      moved = true
      const at = ends[to].heard
      if (at < taken[to].length && results[to] === undefined) {
        expect(Buffer.compare(next, taken[to][at]!), `${to} heard another message ${at}`).toBe(0)
      }
      taken[to][at] = next
      const { done } = ends[to].handle(next)
      if (done) results[to] = done
      handled++
      // Only what a crash will come back to, since saving takes its time.
      const isWanted = crashes.some(
        ({ end, afterMessages, age }) =>
          end === to && afterMessages >= handled && afterMessages - handled <= 4 * (age + 1),
      )
      if (isWanted) saved[to].push(ends[to].save())
      for (const crash of crashes) {
        if (crash.afterMessages !== handled) continue
        const states = saved[crash.end]
        states.length = Math.max(1, states.length - crash.age)
        const resumed = resumeSession(states.at(-1)!, random[crash.end], start[crash.end])
        if (!resumed.ok) throw new Error(resumed.reason)
        ends[crash.end] = resumed.session
        if (resumed.done) results[crash.end] = resumed.done
        else delete results[crash.end]
      }
    }
  }
  return { alice: results.alice, bob: results.bob, handled }
}

/** Both have one key, or both found that there is none. */
function expectSame({ alice, bob }: Played, note = ''): void {
  expect(alice, note).toBeDefined()
  expect(bob, note).toBeDefined()
  expect(keyOf(alice), note).toBe(keyOf(bob))
  if (alice?.aborted) expect(alice.reason, note).toBe('no-secret-key-left')
}

function keyOf(result: SessionResult | undefined): string | undefined {
  return result && !result.aborted ? Buffer.from(result.key).toString('hex') : undefined
}

describe.each([singlePhotonRun, siftedRun, testSetRun, oneDecoyRun])('a saved session: $name', (run) => {
  const honest = play(run, 3)
  const key = keyOf(honest.alice)
  // Beginning and end message by message; the rounds in between are all alike.
  const between = run === oneDecoyRun ? 20 : 7
  const places = Array.from({ length: honest.handled }, (_, i) => i + 1).filter(
    (at) => at % between === 0 || (run !== oneDecoyRun && (at < 6 || at > honest.handled - 6)),
  )

  it('[QS11] taken up after any message it goes on exactly, also from the state before that message', () => {
    expect(key).toBeDefined()
    expect(keyOf(honest.bob)).toBe(key)
    for (const afterMessages of places) {
      for (const age of [0, 1]) {
        const crashes = (['alice', 'bob'] as const).map((end) => ({ end, afterMessages, age }))
        const done = play(run, 3, crashes)
        const keys = [keyOf(done.alice), keyOf(done.bob)]
        // From the older state on chance that was not drawn yet is another one, so that later messages may differ.
        if (age === 0) expect(keys, `after ${afterMessages}`).toEqual([key, key])
        else expectSame(done, `after ${afterMessages}, from the state before`)
      }
    }
  })

  it('[QS11] however often and wherever both ends crash, the keys are the same', () => {
    const crash = fc.record({
      end: fc.constantFrom<Role>('alice', 'bob'),
      afterMessages: fc.integer({ min: 1, max: honest.handled }),
      age: fc.integer({ min: 0, max: 1 }),
    })
    fc.assert(
      fc.property(fc.nat(), fc.array(crash, { maxLength: 5 }), (seed, crashes) => {
        // Two crashes of one end at one time would make its state two messages old.
        const once = crashes.filter(
          (a, i) => crashes.findIndex((b) => a.end === b.end && Math.abs(a.afterMessages - b.afterMessages) < 4) === i,
        )
        expectSame(play(run, seed, once))
      }),
      { numRuns: run === oneDecoyRun ? 5 : 15 },
    )
  })
})

describe('saved states', () => {
  const start: StartSession = (random) => siftedRun.alice(random)

  it('[QS12] one that is too old never leads to two different keys', () => {
    const handled = play(siftedRun, 5).handled
    fc.assert(
      fc.property(
        fc.constantFrom<Role>('alice', 'bob'),
        fc.integer({ min: 2, max: handled }),
        fc.integer({ min: 2, max: 20 }),
        (end, afterMessages, age) => {
          let done: Played
          try {
            done = play(siftedRun, 5, [{ end, afterMessages, age }])
          } catch (error) {
            // The line found that another message was said for the same number: the peer, who has heard one, never asks again.
            expect(String(error)).toContain('heard another message')
            return
          }
          const keys = [keyOf(done.alice), keyOf(done.bob)].filter((key) => key !== undefined)
          expect(new Set(keys).size).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('[QS13] what is no state, or the state of another session, is refused', () => {
    const random = replayedRandom(1, 'alice')
    const session = startResumable(random, start)
    const saved = session.save()
    expect(resumeSession(saved, random, start)).toMatchObject({ ok: true })
    expect(resumeSession(saved, random, (chance) => testSetRun.alice(chance))).toEqual({
      ok: false,
      reason: 'other-session',
    })
    for (const wrong of [new Uint8Array(0), saved.subarray(1), saved.subarray(0, -1), Uint8Array.of(...saved, 0)]) {
      expect(resumeSession(wrong, random, start)).toEqual({ ok: false, reason: 'malformed' })
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(resumeSession(bytes, random, start).ok).toBe(false)
      }),
    )
  })

  it('[QS13] a cancelled session stays so, and a wiped one holds nothing', () => {
    const random = replayedRandom(1, 'alice')
    const session = startResumable(random, start)
    session.cancel()
    expect(resumeSession(session.save(), random, start)).toMatchObject({
      ok: true,
      done: { aborted: true, reason: 'cancelled' },
    })
    session.wipe()
    expect(session.said).toEqual([])
    expect(session.save().length).toBeLessThan(60)
  })

  it('[QS13] it can be logged: chance and messages do not show', () => {
    const session = startResumable(replayedRandom(1, 'alice'), start)
    const saved = Buffer.from(session.save())
    const printed = `${inspect(session, { depth: 9 })} ${JSON.stringify(session)} ${String(session)}`
    for (let at = 6; at + 8 < 40; at++) {
      expect(printed).not.toContain(saved.subarray(at, at + 8).toString('hex'))
      expect(printed.replaceAll(/\s/g, '')).not.toContain(Array.from(saved.subarray(at, at + 8)).join(','))
    }
  })
})
