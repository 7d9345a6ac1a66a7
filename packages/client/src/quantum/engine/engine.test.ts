import { describe, expect, it, vi } from 'vitest'
import { openNodeQuantum } from '../../node.ts'
import { platformRandom } from '../../platform-random.ts'
import type { Clock, QuantumEngine } from '../../ports.ts'
import * as bb84 from './bb84.ts'
import { connect, describeEngine, end, newRun, shortly } from './engine.contract.ts'
import { localEngine } from './local.ts'
import { serveEngine, type WorkerScope } from './serve.ts'
import { type EngineWorker, workerEngine } from './worker.ts'

// Whole runs: a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 })

const realTime: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** A clock whose alarms ring when the test says so. */
function handTurned(): Clock & { ring(): void; alarms(): number[] } {
  let alarms: { delayMs: number; run: () => void }[] = []
  return {
    nowMs: () => 0,
    after(delayMs, run) {
      const alarm = { delayMs, run }
      alarms.push(alarm)
      return () => {
        alarms = alarms.filter((one) => one !== alarm)
      }
    },
    alarms: () => alarms.map(({ delayMs }) => delayMs),
    ring() {
      const ringing = alarms
      alarms = []
      for (const { run } of ringing) run()
    },
  }
}

interface FakeWorker extends EngineWorker {
  terminated: boolean
  /** What left the worker, as its scope posted it. */
  readonly posted: { key?: Uint8Array }[]
}

/** A worker without a thread: the real script's parts behind a real message channel, which copies and transfers. */
function fakeWorker(options: { deaf?: boolean } = {}): FakeWorker {
  const { port1: outside, port2: inside } = new MessageChannel()
  const posted: FakeWorker['posted'] = []
  const scope: WorkerScope = {
    onmessage: null,
    postMessage(message, transfer) {
      posted.push(message)
      inside.postMessage(message, transfer)
    },
  }
  serveEngine(scope, localEngine({ thread: 'worker', random: platformRandom, load: async () => bb84 }))
  if (!options.deaf) inside.onmessage = (event) => scope.onmessage?.(event as MessageEvent)
  const worker: FakeWorker = {
    terminated: false,
    posted,
    onmessage: null,
    onmessageerror: null,
    onerror: null,
    postMessage: (message, transfer) => outside.postMessage(message, transfer),
    terminate() {
      worker.terminated = true
      outside.close()
    },
  }
  outside.onmessage = (event) => worker.onmessage?.(event as MessageEvent)
  return worker
}

const inFakeWorker = (): QuantumEngine => workerEngine({ start: fakeWorker, clock: realTime })

describeEngine('in the process', openNodeQuantum, { thread: 'process', amplifier: 'wasm' }, { describe, it })
describeEngine('behind a message channel', inFakeWorker, { thread: 'worker', amplifier: 'wasm' }, { describe, it })

describe('on the thread of the caller', () => {
  it('[QK10] lets others have their turn before each message', async () => {
    let turns = 0
    const engine = localEngine({
      thread: 'page',
      random: platformRandom,
      load: async () => bb84,
      pause: async () => {
        turns++
      },
    })
    const { alice, bob } = connect({ alice: engine, bob: engine })
    await Promise.all([alice.done, bob.done])
    expect(turns).toBeGreaterThanOrEqual(alice.steps.length + bob.steps.length)
    engine.close()
  })

  it('[QK11] code that cannot be had ends the run with a reason', async () => {
    const load = () => Promise.reject(new Error('offline'))
    const engine = localEngine({ thread: 'page', random: platformRandom, load })
    const options = newRun()
    const result = await end(engine, options).done
    expect(result).toMatchObject({ aborted: true, reason: 'engine-failed', by: 'us' })
    expect(options.authenticationKey.every((byte) => byte === 0)).toBe(true)
    engine.close()
  })
})

describe('in a worker', () => {
  it('[QK12] it starts with the first run, ends when nothing was asked for a while or it is closed, and starts again', async () => {
    const started: FakeWorker[] = []
    const clock = handTurned()
    const engine = workerEngine({
      clock,
      start() {
        started.push(fakeWorker())
        return started.at(-1)!
      },
      idleMs: 7,
      silentMs: 3,
    })
    expect(started).toHaveLength(0)
    const one = end(engine, newRun())
    expect(clock.alarms()).toEqual([3])
    one.run.cancel()
    await one.done
    expect([started.length, started[0]!.terminated, clock.alarms()]).toEqual([1, false, [7]])
    clock.ring()
    expect(started[0]!.terminated).toBe(true)
    one.run.handle(new Uint8Array(1)) // nobody is there for a run of before
    const two = end(engine, newRun())
    two.run.cancel()
    expect(await two.done).toMatchObject({ reason: 'cancelled' })
    expect(started).toHaveLength(2)
    engine.close()
    expect([started[1]!.terminated, clock.alarms()]).toEqual([true, []])
  })

  it('[QK13] one that crashes ends every run with a reason, tells the peer, and the next run has a new one', async () => {
    const workers: FakeWorker[] = []
    const faults: unknown[] = []
    const engine = workerEngine({
      clock: handTurned(),
      start() {
        workers.push(fakeWorker())
        return workers.at(-1)!
      },
      onFault: (error) => faults.push(error),
    })
    const other = openNodeQuantum()
    // Bob's worker dies in the middle of reconciliation.
    let crashed = false
    const { alice, bob } = connect({ alice: other, bob: engine }, {}, (from, message) => {
      if (!crashed && from === 'alice' && bob.steps.at(-1)?.progress?.phase === 'reconciliation') {
        crashed = true
        workers[0]!.onerror!({ message: 'out of memory' } as ErrorEvent)
      }
      return message
    })
    const idle = end(engine, newRun())
    const [theirs, ours] = await Promise.all([alice.done, bob.done])
    expect(ours).toMatchObject({ aborted: true, reason: 'engine-failed', by: 'us', withdrawn: false })
    expect(theirs).toMatchObject({ aborted: true, reason: 'internal-error', by: 'peer' })
    expect(await idle.done).toMatchObject({ reason: 'engine-failed' })
    expect([workers[0]!.terminated, String(faults)]).toEqual([true, 'Error: quantum worker: out of memory'])
    const again = connect({ alice: other, bob: engine })
    expect(await Promise.all([again.alice.done, again.bob.done])).toMatchObject([
      { aborted: false },
      { aborted: false },
    ])
    expect(workers).toHaveLength(2)
    for (const one of [engine, other]) one.close()
  })

  it('[QK14] one that cannot be started, does not start, or falls silent, ends the run with a reason', async () => {
    const clock = handTurned()
    const starts: (() => EngineWorker)[] = [
      () => {
        throw new TypeError('refused by the policy')
      },
      () => {
        const worker = fakeWorker({ deaf: true })
        queueMicrotask(() => worker.onerror!({} as ErrorEvent))
        return worker
      },
      () => {
        queueMicrotask(() => clock.ring())
        return fakeWorker({ deaf: true })
      },
      () => {
        const worker = fakeWorker({ deaf: true })
        queueMicrotask(() => worker.onmessageerror!({} as MessageEvent))
        return worker
      },
    ]
    const faults: unknown[] = []
    const engine = workerEngine({ clock, start: () => starts.shift()!(), onFault: (error) => faults.push(error) })
    for (let i = 0; i < 4; i++) {
      const options = newRun()
      const one = end(engine, options)
      expect(await one.done).toMatchObject({ aborted: true, reason: 'engine-failed' })
      expect(options.authenticationKey.every((byte) => byte === 0)).toBe(true)
      one.run.handle(new Uint8Array(1))
      one.run.release()
    }
    await shortly()
    expect(faults.map(String)).toEqual([
      'TypeError: refused by the policy',
      'Error: quantum worker: its script did not start',
      'Error: quantum worker: silent for 30000 ms',
      'Error: quantum worker: a message could not be read',
    ])
    engine.close()
  })

  it('[QK15] a key leaves its worker by transfer: nothing of it stays there', async () => {
    const workers: FakeWorker[] = []
    const start = () => {
      workers.push(fakeWorker())
      return workers.at(-1)!
    }
    const engine = workerEngine({ clock: realTime, start })
    const { alice, bob } = connect({ alice: engine, bob: engine })
    const [ours, theirs] = await Promise.all([alice.done, bob.done])
    if (ours.aborted || theirs.aborted) throw new Error('the run made no key')
    expect(ours.key.length).toBeGreaterThan(250)
    const keys = workers[0]!.posted.flatMap(({ key }) => (key ? [key] : []))
    expect(keys.map(({ length }) => length)).toEqual([0, 0])
    engine.close()
  })
})
