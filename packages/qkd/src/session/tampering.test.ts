import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authenticationKeyBytes } from '../authentication.ts'
import { secureRandom, seededRandom } from '../random.ts'
import { startAlice, startBob } from '../run.ts'
import { type SimulatedRun, simulateRun } from '../simulate-run.ts'
import { encodeFrame, type Kind, kinds } from './messages.ts'

/** About 2,400 sifted bits without errors in a channel without loss: the smallest run that still leaves a key. */
const tiny = {
  pulses: 5600,
  sampleFraction: 0.4,
  channel: { distanceKm: 0, detectorEfficiency: 1, misalignment: 0.004 },
  chance: { seed: 3 },
}

type Meddler = (message: Uint8Array, index: number) => readonly Uint8Array[]

function meddle(meddler: Meddler): SimulatedRun {
  let index = 0
  return simulateRun({ ...tiny, onMessage: (message) => meddler(message, index++) })
}

function expectNoKey({ alice, bob }: SimulatedRun, note = ''): void {
  expect(alice.aborted, `alice ${note}`).toBe(true)
  expect(bob.aborted, `bob ${note}`).toBe(true)
}

const honest = simulateRun(tiny)
const count = honest.messages.length

describe('a run with someone in between', () => {
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

  it('[QB36] one changed bit in the header, the middle or the end of any message ends it at both ends', () => {
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
      { numRuns: 150 },
    )
  })

  it('[QB37] a cut, lengthened or lost message ends it at both ends', () => {
    fc.assert(
      fc.property(fc.nat(count - 1), fc.nat(), fc.constantFrom('cut', 'lengthen'), (which, at, how) => {
        const done = meddle((message, index) => {
          if (index !== which) return [message]
          return [how === 'cut' ? message.subarray(0, at % message.length) : Uint8Array.of(...message, at & 255)]
        })
        expectNoKey(done)
      }),
      { numRuns: 80 },
    )
    for (let which = 0; which < count - 1; which += 5) {
      expectNoKey(meddle((message, index) => (index === which ? [] : [message])))
    }
  })

  it('[QB37] with the very last message lost, Bob has no key and Alice is told that hers is void', () => {
    const told = meddle((message, index) => (index === count - 1 ? [] : [message]))
    expect(told.bob).toMatchObject({ aborted: true, reason: 'cancelled', by: 'us' })
    const refused = meddle((message, index) => (index === count - 1 ? [message.subarray(1)] : [message]))
    expect(refused.alice).toMatchObject({ aborted: true, by: 'peer', withdrawn: true })
  })

  it('[QB38] a message said twice, too early, or again much later ends it at both ends', () => {
    const twice = (which: number): SimulatedRun =>
      meddle((message, index) => (index === which ? [message, message] : [message]))
    for (let which = 0; which < count - 2; which++) expectNoKey(twice(which), `${which} twice`)
    // The last of either end comes again when the run is over and the keys are there: it is ignored.
    for (const which of [count - 2, count - 1]) {
      const { alice, bob } = twice(which)
      expect(!alice.aborted && !bob.aborted && Buffer.from(alice.key).equals(bob.key), `${which} twice`).toBe(true)
    }
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
      { numRuns: 40 },
    )
  })

  it('[QB38] neighbours in the wrong order end it at both ends', () => {
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
    const from = (field: 'run' | 'version' | 'direction', which: number): SimulatedRun =>
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
      const done = meddle((message, index) => {
        if (index === which) message[23]! ^= 1
        return [message]
      })
      expect(done[end], kind).toMatchObject({ reason: 'commitment-broken', by: 'us' })
    }
  })

  it('[QB39] ends with different authentication keys never get past sifting', () => {
    const source = seededRandom(1, 'chance')
    const random = secureRandom((length) => Uint8Array.from({ length }, () => source() * 256))
    const runId = new Uint8Array(16)
    const keyOf = (byte: number): Uint8Array => new Uint8Array(authenticationKeyBytes).fill(byte)
    const alice = startAlice({ ...tiny, runId, random, authenticationKey: keyOf(1) })
    const bob = startBob({ runId, random, authenticationKey: keyOf(2) })
    const toBob = [...alice.first.send]
    let reason: unknown
    while (toBob.length > 0) {
      const step = bob.handle(toBob.shift()!)
      if (step.done?.aborted) reason = step.done.reason
      for (const message of step.send) toBob.push(...alice.handle(message).send)
    }
    expect(reason).toBe('authentication-failed')
  })

  it('[QB40] nothing that comes from the network is thrown back', () => {
    const source = seededRandom(2, 'chance')
    const random = secureRandom((length) => Uint8Array.from({ length }, () => source() * 256))
    const runId = new Uint8Array(16)
    const authenticationKey = new Uint8Array(authenticationKeyBytes)
    const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]))
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, fc.uint8Array({ maxLength: 200 })), { maxLength: 4 }), (said) => {
        const alice = startAlice({ ...tiny, runId, random, authenticationKey })
        const bob = startBob({ runId, random, authenticationKey })
        said.forEach(([name, body], i) => {
          bob.handle(encodeFrame(runId, 'alice', i, name, body))
          alice.handle(encodeFrame(runId, 'bob', i, name, body))
          bob.handle(body)
        })
        for (const end of [alice, bob]) expect(end.handle(new Uint8Array(0)).send.length).toBeLessThanOrEqual(1)
        expect(bob.handle(undefined as unknown as Uint8Array).send).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('[QB40] a machine that fails during a run ends it with its cause; one that fails at once is an error', () => {
    const failing = secureRandom(() => {
      throw new Error('no entropy')
    })
    const common = { runId: new Uint8Array(16), authenticationKey: new Uint8Array(authenticationKeyBytes) }
    const bob = startBob({ ...common, random: failing })
    const alice = startAlice({ ...tiny, ...common, random: secureRandom((length) => new Uint8Array(length)) })
    const { done } = bob.handle(alice.first.send[0]!)
    expect(done).toMatchObject({ aborted: true, reason: 'internal-error', by: 'us' })
    expect(done?.aborted && String(done.cause)).toContain('no entropy')
    expect(() => startAlice({ ...tiny, ...common, random: failing })).toThrow('no entropy')
  })

  it('[QB40] an end that is over answers nothing, and cancelling ends both', () => {
    const random = secureRandom((length) => new Uint8Array(length))
    const common = { runId: new Uint8Array(16), authenticationKey: new Uint8Array(authenticationKeyBytes), random }
    const alice = startAlice({ ...tiny, ...common })
    const bob = startBob(common)
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
