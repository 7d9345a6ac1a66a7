/**
 * What every quantum engine promises, as plain functions: a test runner wraps them by `describeEngine`, and a page without
 * one runs them by contract-in-page.ts. So this file imports no runner.
 */
import { authenticationKeyBytes, runIdBytes } from '@qsec/qkd'
import { platformRandom } from '../../platform-random.ts'
import type { BeginRun, QuantumEngine, QuantumRun, RunPlace, RunResult, RunStep } from '../../ports.ts'

export type OpenEngine = () => QuantumEngine

export interface EngineCase {
  name: string
  run(open: OpenEngine, place: RunPlace): Promise<void>
}

/** The functions of a test runner that a suite needs; Vitest's fit. */
export interface Suite {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/** @param place - what runs have to say of where they were computed */
export function describeEngine(name: string, open: OpenEngine, place: RunPlace, suite: Suite): void {
  suite.describe(name, () => {
    for (const one of engineCases) suite.it(one.name, () => one.run(open, place))
  })
}

/** One end of a run, with everything that came from its engine. */
export interface End {
  readonly run: QuantumRun
  readonly steps: RunStep[]
  /** Resolves at the end of the run. */
  readonly done: Promise<RunResult>
}

/** Both ends of one run, each other's messages passed on, through `pass` where it is given. */
export function connect(
  engines: { alice: QuantumEngine; bob: QuantumEngine },
  options: Partial<Record<'alice' | 'bob', Partial<BeginRun>>> = {},
  pass: (
    from: 'alice' | 'bob',
    message: Uint8Array<ArrayBuffer>,
    count: number,
  ) => Uint8Array<ArrayBuffer> | undefined = (_from, message) => message,
): { alice: End; bob: End } {
  const common = newRun()
  const begin = (role: 'alice' | 'bob'): BeginRun => ({ ...copyOf(common), ...options[role], role })
  const alice: End = end(engines.alice, begin('alice'), (message, count) => {
    const passed = pass('alice', message, count)
    if (passed) bob.run.handle(passed)
  })
  const bob: End = end(engines.bob, begin('bob'), (message, count) => {
    const passed = pass('bob', message, count)
    if (passed) alice.run.handle(passed)
  })
  return { alice, bob }
}

export function end(
  engine: QuantumEngine,
  options: BeginRun,
  send: (message: Uint8Array<ArrayBuffer>, count: number) => void = () => undefined,
): End {
  const steps: RunStep[] = []
  let count = 0
  const done = Promise.withResolvers<RunResult>()
  const run = engine.begin(options, (step) => {
    steps.push(step)
    if (step.done) done.resolve(step.done)
    for (const message of step.send) send(message, count++)
  })
  return { run, steps, done: done.promise }
}

export function newRun(): BeginRun {
  const [runId, authenticationKey] = [platformRandom(runIdBytes), platformRandom(authenticationKeyBytes)]
  return { role: 'alice', runId, authenticationKey }
}

function copyOf({ role, runId, authenticationKey }: BeginRun): BeginRun {
  return { role, runId: runId.slice(), authenticationKey: authenticationKey.slice() }
}

/** Long enough for a step that must not come. */
export const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100))

const stages = ['proposal', 'photons', 'sifting', 'estimation', 'reconciliation', 'amplification']

export const engineCases: readonly EngineCase[] = [
  {
    name: '[QK1] two ends get one key, are told every stage on the way, and where it was computed',
    async run(open, place) {
      const [a, b] = [open(), open()]
      const { alice, bob } = connect({ alice: a, bob: b })
      const [ours, theirs] = await Promise.all([alice.done, bob.done])
      holds(!ours.aborted && !theirs.aborted, 'a run without faults makes a key')
      holds(ours.keyBits >= 2_000 && ours.key.length * 8 === ours.keyBits, 'the key is as long as is said')
      same(ours.key, theirs.key)
      holds(JSON.stringify(ours).includes('"keyBits"') && !JSON.stringify(ours).includes('"key"'), 'the key is hidden')
      for (const { steps } of [alice, bob]) {
        const told = steps.flatMap(({ progress }) => (progress ? [progress.phase] : []))
        const order = told.map((phase) => stages.indexOf(phase))
        same(order, [...order].sort())
        same(new Set(told).size, stages.length)
        same(steps.filter(({ done }) => done).length, 1)
        for (const step of steps) same(step.place, place)
      }
      a.close()
      b.close()
    },
  },
  {
    name: '[QK2] an eavesdropper is found by both ends, and no key leaves',
    async run(open) {
      const engine = open()
      const { alice, bob } = connect({ alice: engine, bob: engine }, { alice: { eavesdropper: true } })
      for (const result of await Promise.all([alice.done, bob.done])) {
        same(result.aborted && result.reason, 'qber-above-threshold')
        holds(!('key' in result), 'an aborted run has no key')
        holds(result.qber! > 0.2, 'the error rate is that of an eavesdropper')
      }
      engine.close()
    },
  },
  {
    name: '[QK3] a cancelled run ends here at once, and at the peer by its last word',
    async run(open) {
      const engine = open()
      // What Bob says after his first message is lost: Alice waits.
      const { alice, bob } = connect({ alice: engine, bob: engine }, {}, (from, message, count) =>
        from === 'bob' && count > 0 ? undefined : message,
      )
      while (alice.steps.length < 2) await shortly()
      alice.run.cancel()
      for (const [result, by] of [
        [await alice.done, 'us'],
        [await bob.done, 'peer'],
      ] as const) {
        same(result.aborted && [result.reason, result.by, result.withdrawn], ['cancelled', by, false])
      }
      same(alice.steps.at(-1)!.send.length, 1)
      engine.close()
    },
  },
  {
    name: '[QK4] an authentication key handed over is gone here; where the two differ, no end gets a key',
    async run(open) {
      const engine = open()
      const mine = newRun()
      const given = mine.authenticationKey
      const one = end(engine, mine)
      await untilSome(one.steps)
      holds(
        given.every((byte) => byte === 0),
        'the bytes handed over are overwritten or gone',
      )
      one.run.release()
      const other = { bob: { authenticationKey: platformRandom(authenticationKeyBytes) } }
      const { alice, bob } = connect({ alice: engine, bob: engine }, other)
      const reasons = (await Promise.all([alice.done, bob.done])).map((result) => result.aborted && result.reason)
      same(reasons, ['authentication-failed', 'authentication-failed'])
      engine.close()
    },
  },
  {
    name: '[QK5] garbage, and a changed byte on the way, end a run without a key at either end, and throw at nobody',
    async run(open) {
      const engine = open()
      for (const garbage of [new Uint8Array(), new Uint8Array(5), platformRandom(60)]) {
        const one = end(engine, newRun())
        one.run.handle(garbage)
        holds((await one.done).aborted, 'garbage ends the run')
      }
      for (const at of [1, 5, 12]) {
        const { alice, bob } = connect({ alice: engine, bob: engine }, {}, (from, message, count) => {
          if (from === 'alice' && count === at) message[message.length - 20]! ^= 1
          return message
        })
        for (const result of await Promise.all([alice.done, bob.done])) holds(result.aborted, `changed message ${at}`)
      }
      engine.close()
    },
  },
  {
    name: '[QK6] an id or key of another length is refused before anything is begun',
    async run(open) {
      const engine = open()
      const steps: RunStep[] = []
      for (const wrong of [{ runId: new Uint8Array(15) }, { authenticationKey: platformRandom(111) }]) {
        const options = { ...newRun(), ...wrong }
        throws(RangeError, () => engine.begin(options, (step) => steps.push(step)))
        same(Math.max(...options.authenticationKey), 0)
      }
      await shortly()
      same(steps.length, 0)
      engine.close()
    },
  },
  {
    name: '[QK7] no step comes before begin returns, nor after release or close; a closed engine begins nothing',
    async run(open) {
      const engine = open()
      let begun = false
      let early = 0
      const first = engine.begin(newRun(), () => {
        if (!begun) early++
      })
      begun = true
      const released = end(engine, newRun())
      released.run.release()
      released.run.handle(new Uint8Array(3))
      released.run.release()
      await shortly()
      same([early, released.steps.length], [0, 0])
      const open1 = end(engine, newRun())
      first.cancel()
      engine.close()
      open1.run.cancel()
      engine.close()
      await shortly()
      same(open1.steps.filter(({ done }) => done).length, 0)
      throws(Error, () => engine.begin(newRun(), () => undefined))
    },
  },
  {
    name: '[QK8] each call brings one step; a run that is over says nothing more, unless the peer refuses the last message',
    async run(open) {
      const engine = open()
      const { alice, bob } = connect({ alice: engine, bob: engine }, {}, (from, message) => {
        // Bob gets Alice's very last message spoilt, when she has her key already.
        if (from === 'alice' && alice.steps.at(-1)?.done) message[message.length - 1]! ^= 1
        return message
      })
      const [ours, theirs] = await Promise.all([alice.done, bob.done])
      same([ours.aborted, theirs.aborted && theirs.reason], [false, 'confirmation-failed'])
      while (alice.steps.filter(({ done }) => done).length < 2) await shortly()
      const last = alice.steps.at(-1)!.done!
      same(last.aborted && last.withdrawn, true)
      const before = alice.steps.length
      for (let i = 0; i < 3; i++) alice.run.handle(new Uint8Array(i))
      while (alice.steps.length < before + 3) await shortly()
      for (const step of alice.steps.slice(before)) same([step.send.length, step.done], [0, undefined])
      engine.close()
    },
  },
  {
    name: '[QK9] runs at one time do not disturb each other',
    async run(open) {
      const engine = open()
      const runs = [1, 2, 3].map((i) => connect({ alice: engine, bob: engine }, { alice: { eavesdropper: i === 2 } }))
      const ended = await Promise.all(runs.map(({ alice, bob }) => Promise.all([alice.done, bob.done])))
      same(
        ended.map(([ours, theirs]) => [ours.aborted, theirs.aborted]),
        [
          [false, false],
          [true, true],
          [false, false],
        ],
      )
      const keys = ended.flatMap(([ours]) => (ours.aborted ? [] : [ours.key.join()]))
      same(new Set(keys).size, 2)
      engine.close()
    },
  },
]

async function untilSome(steps: readonly RunStep[]): Promise<void> {
  while (steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
}

function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${what}`)
}

function same(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, plain))
  if (a !== b) throw new Error(`got ${a?.slice(0, 300)}, expected ${b?.slice(0, 300)}`)
}

function plain(_key: string, value: unknown): unknown {
  if (value === undefined) return 'undefined'
  return value instanceof Uint8Array ? [...value] : value
}

function throws(kind: new (message?: string) => Error, call: () => unknown): void {
  try {
    call()
  } catch (error) {
    if (error instanceof kind) return
    throw error
  }
  throw new Error(`did not throw a ${kind.name}`)
}
