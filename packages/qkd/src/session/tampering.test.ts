import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticationKeyBytes } from '../authentication.ts'
import { secureRandom, seededRandom } from '../random.ts'
import { startBob } from '../run.ts'
import {
  noisyPair,
  oneDecoyRun,
  type SmallRun,
  siftedRun,
  siftedRunOf,
  singlePhotonRun,
  smallEnds,
  testSetRun,
} from '../small-runs.ts'
import { type JoinedRun, joinEnds } from '../two-ends.ts'
import { encodeFrame, type Kind, kinds } from './messages.ts'

const seed = 3

type Meddler = (message: Uint8Array, index: number) => readonly Uint8Array[]

function meddling(run: SmallRun): (meddler: Meddler) => JoinedRun {
  return (meddler) => {
    let index = 0
    return joinEnds(smallEnds(run, seed), { onMessage: (message) => meddler(message, index++) })
  }
}

function expectNoKey({ alice, bob }: JoinedRun, note = ''): void {
  expect(alice.aborted, `alice ${note}`).toBe(true)
  expect(bob.aborted, `bob ${note}`).toBe(true)
  expect('key' in alice || 'key' in bob).toBe(false)
}

/** Runs with decoys take ten times as long as the others, so that fewer are disturbed. */
const disturbed = [
  { run: singlePhotonRun, everywhere: true, times: 60 },
  { run: siftedRun, everywhere: true, times: 60 },
  { run: testSetRun, everywhere: false, times: 30 },
  { run: oneDecoyRun, everywhere: false, times: 15 },
]

describe.each(disturbed)('a run with someone in between: $run.name', ({ run, everywhere, times }) => {
  const honest = joinEnds(smallEnds(run, seed))
  const count = honest.messages.length
  const meddle = meddling(run)

  it('[QB36] left alone it gives a key', () => {
    expect(honest.alice.aborted || honest.bob.aborted).toBe(false)
  })

  it('[QB36] a caller may use the buffer of a message again once it was handled', () => {
    const handled: Uint8Array[] = []
    const done = meddle((message) => {
      // No step sends more than a few messages, so all but the last eight have been handled by now.
      for (const earlier of handled.splice(0, Math.max(0, handled.length - 8))) earlier.fill(0xee)
      handled.push(message)
      return [message]
    })
    expect(done.alice.aborted || done.bob.aborted).toBe(false)
  })

  if (everywhere)
    it('[QB36] one changed bit in header, middle or end of any message ends it at both ends', () => {
      for (let which = 0; which < count; which++) {
        const { bytes, kind } = honest.messages[which]!
        for (const at of [0, 1, 17, 21, 22, 23, bytes >> 1, bytes - 1]) {
          const done = meddle((message, index) => {
            if (index === which) message[Math.min(at, bytes - 1)]! ^= 1 << (which & 7)
            return [message]
          })
          expectNoKey(done, `byte ${at} of ${kind} ${which}`)
        }
      }
    })

  it('[QB36] one changed byte anywhere ends it at both ends', () => {
    fc.assert(
      fc.property(fc.nat(count - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, at, mask) => {
        const done = meddle((message, index) => {
          if (index === which) message[at % message.length]! ^= mask
          return [message]
        })
        expectNoKey(done)
      }),
      { numRuns: times },
    )
  })

  it('[QB37] a cut, lengthened or lost message ends it at both ends', () => {
    fc.assert(
      fc.property(fc.nat(count - 2), fc.nat(), fc.constantFrom('cut', 'lengthen', 'lose'), (which, at, how) => {
        const done = meddle((message, index) => {
          if (index !== which) return [message]
          if (how === 'lose') return []
          return [how === 'cut' ? message.subarray(0, at % message.length) : Uint8Array.of(...message, at & 255)]
        })
        expectNoKey(done)
      }),
      { numRuns: times },
    )
  })

  it('[QB37] with the very last message lost, Bob has no key and Alice is told that hers is void', () => {
    const told = meddle((message, index) => (index === count - 1 ? [] : [message]))
    expect(told.bob).toMatchObject({ aborted: true, reason: 'cancelled', by: 'us' })
    const refused = meddle((message, index) => (index === count - 1 ? [message.subarray(1)] : [message]))
    expect(refused.alice).toMatchObject({ aborted: true, by: 'peer', withdrawn: true })
  })

  it('[QB38] a message said twice ends it at both ends; once the keys are there it is ignored', () => {
    const twice = (which: number): JoinedRun =>
      meddle((message, index) => (index === which ? [message, message] : [message]))
    for (let which = 0; which < count - 2; which += everywhere ? 1 : 5) expectNoKey(twice(which), `${which} twice`)
    for (const which of [count - 2, count - 1]) {
      const { alice, bob } = twice(which)
      expect(!alice.aborted && !bob.aborted && Buffer.from(alice.key).equals(bob.key), `${which} twice`).toBe(true)
    }
  })

  it('[QB38] a message that comes again much later, or two that change places, end it at both ends', () => {
    fc.assert(
      fc.property(fc.nat(count - 4), fc.nat(), (which, later) => {
        let kept: Uint8Array | undefined
        // The receiver of message `which` gets it again in place of a later one of the same direction.
        const target = which + 1 + (later % (count - which - 2))
        fc.pre(honest.messages[target]!.direction === honest.messages[which]!.direction)
        const done = meddle((message, index) => {
          if (index === which) kept = message.slice()
          return index === target ? [kept!] : [message]
        })
        expectNoKey(done)
      }),
      { numRuns: Math.ceil(times / 3) },
    )
    for (let which = 0; which < count - 1; which++) {
      if (honest.messages[which]!.direction !== honest.messages[which + 1]!.direction) continue
      let held: Uint8Array | undefined
      const done = meddle((message, index) => {
        if (index === which) {
          held = message
          return []
        }
        return index === which + 1 ? [message, held!] : [message]
      })
      expectNoKey(done, `${which}`)
    }
  })

  it('[QB39] a message of another run, another version or turned back to its sender ends it', () => {
    const from = (field: 'run' | 'version' | 'direction', which: number): JoinedRun =>
      meddle((message, index) => {
        if (index === which) message[{ version: 0, run: 5, direction: 17 }[field]]! ^= 1
        return [message]
      })
    expect(from('run', 1).alice).toMatchObject({ reason: 'foreign-run', by: 'us' })
    expect(from('version', 1).alice).toMatchObject({ reason: 'unknown-version', by: 'us' })
    expect(from('direction', 1).alice).toMatchObject({ reason: 'out-of-sequence', by: 'us' })
    expect(from('run', 1).bob).toMatchObject({ reason: 'foreign-run', by: 'peer' })
  })

  it('[QB42] shares and clicks other than those committed to are refused before they are used', () => {
    for (const [kind, end] of [
      ['reveal', 'bob'],
      ['clicks', 'alice'],
      ['sample', 'bob'],
    ] as const) {
      const which = honest.messages.findIndex((message) => message.kind === kind)
      if (which < 0) continue
      const done = meddle((message, index) => {
        if (index === which) message[23]! ^= 1
        return [message]
      })
      expect(done[end], kind).toMatchObject({ reason: 'commitment-broken', by: 'us' })
    }
  })

  it('[QB39] ends with different authentication keys never get a key', () => {
    const random = chance(1)
    const keyOf = (byte: number): Uint8Array => new Uint8Array(authenticationKeyBytes).fill(byte)
    const done = joinEnds({ alice: run.alice(random, keyOf(1)), bob: run.bob(random, keyOf(2)) })
    expectNoKey(done)
    expect([done.alice, done.bob]).toContainEqual(
      expect.objectContaining({ reason: 'authentication-failed', by: 'us' }),
    )
  })

  it('[QB40] nothing that comes from the network is thrown back', () => {
    const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]))
    const runId = new Uint8Array(16).fill(3)
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.uint8Array({ maxLength: 200 })), { maxLength: 4 }), (said) => {
        const { alice, bob } = smallEnds(run, 2)
        said.forEach(([name, body], i) => {
          bob.handle(encodeFrame(runId, 'alice', i, name, body))
          alice.handle(encodeFrame(runId, 'bob', i, name, body))
          bob.handle(body)
        })
        for (const end of [alice, bob]) expect(end.handle(new Uint8Array(0)).send.length).toBeLessThanOrEqual(1)
        expect(bob.handle(undefined as unknown as Uint8Array).send).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('bodies that are too long for one message', () => {
  const long = siftedRunOf('long', noisyPair(900_000, 0.01), { sampleFraction: 0.1 })
  const honest = joinEnds(smallEnds(long, seed))
  const parts = honest.messages.flatMap(({ kind }, index) => (kind === 'more' ? [index] : []))

  it('[QS5] go in parts below 128 KiB', () => {
    expect(honest.alice.aborted || honest.bob.aborted).toBe(false)
    expect(parts.length).toBeGreaterThan(0)
    for (const { bytes } of honest.messages) expect(bytes).toBeLessThanOrEqual(128 * 1024)
  })

  it('[QS5] a part that is changed, cut, lost or comes twice leaves neither end with a key', () => {
    const which = parts[0]!
    const spoilt: ((part: Uint8Array) => Uint8Array[])[] = [
      (part) => [part.map((byte, i) => (i === part.length - 1 ? byte ^ 1 : byte))],
      (part) => [part.subarray(0, -1)],
      () => [],
      (part) => [part, part],
    ]
    for (const spoil of spoilt) {
      expectNoKey(meddling(long)((message, index) => (index === which ? spoil(message) : [message])))
    }
  })

  it('[QS5] parts without end are refused before they fill the memory', () => {
    const { bob } = smallEnds(long, 1)
    const runId = new Uint8Array(16).fill(3)
    const part = new Uint8Array(96 * 1024)
    let heard = 0
    while (heard < 1000 && !bob.handle(encodeFrame(runId, 'alice', heard, 'more', part)).done) heard++
    expect(heard).toBeLessThan(100)
  })
})

describe('ends by themselves', () => {
  const common = { runId: new Uint8Array(16).fill(3), authenticationKey: new Uint8Array(authenticationKeyBytes) }

  it('[QB40] a machine that fails during a run ends it with its cause; one that fails at once is an error', () => {
    const failing = secureRandom(() => {
      throw new Error('no entropy')
    })
    const { first } = singlePhotonRun.alice(chance(1))
    const bob = startBob({ ...common, random: failing })
    const { done } = bob.handle(first.send[0]!)
    expect(done).toMatchObject({ aborted: true, reason: 'internal-error', by: 'us' })
    expect(done?.aborted && String(done.cause)).toContain('no entropy')
    expect(() => singlePhotonRun.alice(failing)).toThrow('no entropy')
  })

  it('[QB40] an end that is over answers nothing, and cancelling ends both', () => {
    const { alice, bob } = smallEnds(singlePhotonRun, 1)
    const cancelled = bob.cancel()
    expect(cancelled.done).toMatchObject({ aborted: true, reason: 'cancelled', by: 'us' })
    expect(bob.cancel()).toEqual({ send: [] })
    expect(bob.handle(alice.first.send[0]!)).toEqual({ send: [] })
    expect(alice.handle(cancelled.send[0]!)).toMatchObject({
      send: [],
      done: { aborted: true, reason: 'cancelled', by: 'peer', withdrawn: false },
    })
  })
})

function chance(number: number): ReturnType<typeof secureRandom> {
  const source = seededRandom(number, 'chance')
  return secureRandom((length) => Uint8Array.from({ length }, () => source() * 256))
}
