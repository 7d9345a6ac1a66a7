/** Rooms whose quantum engine is slow, or breaks down: the chat goes on, and the keys come. */
import type { ClientEnv, QuantumEngine } from '@qsec/client'
import { openNodeQuantum } from '@qsec/client/node'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { events, hasText, openWorld, until, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await openWorld()
})
afterEach(() => world.close())

type Begin = QuantumEngine['begin']

/** What surrounds a device whose engine begins its runs by way of `begin`. */
function withEngine(begin: (real: Begin) => Begin): ClientEnv {
  return {
    ...world.env(),
    openQuantum() {
      const engine = openNodeQuantum()
      return { begin: begin((options, onStep) => engine.begin(options, onStep)), close: () => engine.close() }
    },
  }
}

/** Bob's key comes half a second after it was made: later than what Alice sends under it. */
const slow: (real: Begin) => Begin = (real) => (options, onStep) =>
  real(options, (step) => {
    if (step.done && options.role === 'bob') setTimeout(() => onStep(step), 500)
    else onStep(step)
  })

it('[QK16] a share that arrives before the engine has handed over the key of its pad waits for it', async () => {
  const ana = await world.create('Ana', undefined, withEngine(slow))
  const ben = await world.join('Ben', ana.snapshot.invitePath!, withEngine(slow))
  await until(ben, (s) => s.phase.at === 'member')
  const rooms = [ana, ben]
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 20_000)))
  for (const room of rooms) expect(events(room.snapshot)).not.toContain('rejoined')
})

it('[QK17] an engine that breaks down: both sides see why there is no key, the chat goes on, and the next run makes one', async () => {
  let breaks = true
  const fragile: (real: Begin) => Begin = (real) => (options, onStep) => {
    const run = real(options, (step) => {
      if (!breaks || step.progress?.phase !== 'reconciliation') return onStep(step)
      run.release()
      onStep({
        send: [new Uint8Array(1)],
        done: { aborted: true, reason: 'engine-failed', by: 'us', withdrawn: false },
      })
    })
    return run
  }
  const ana = await world.create('Ana', undefined, withEngine(fragile))
  const ben = await world.join('Ben', ana.snapshot.invitePath!)
  await until(ben, (s) => s.phase.at === 'member')
  const rooms = [ana, ben]
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.outcome === 'failed', 20_000)))
  for (const room of rooms) {
    expect(room.snapshot.quantum).toMatchObject({
      label: 'post-quantum',
      links: [{ state: 'aborted', reason: expect.any(String) }],
    })
  }
  await ana.send('still here')
  await until(ben, hasText('still here'))
  breaks = false
  await Promise.all(rooms.map((room) => until(room, (s) => s.quantum.label === 'quantum (simulated)', 30_000)))
  for (const room of rooms) expect(room.snapshot.quantum.outcome).toBe('completed')
})
