import type { MessageId } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seeded } from './testing/sim-clock.ts'
import { inFlightAtMost, SendWindow, type Sent } from './window.ts'

const id = (i: number) => `m${i}` as MessageId

/** A window in an epoch of which the relay knows nothing but that it has begun. */
function begun(): SendWindow {
  const window = new SendWindow()
  window.beginEpoch()
  return window
}

function takeAll(window: SendWindow, from: number, count: number): (Sent | undefined)[] {
  return Array.from({ length: count }, (_, i) => window.take(id(from + i), 0))
}

describe('send window', () => {
  it('[SN22] in a new epoch counters rise from 0, with a bounded number of frames on their way', () => {
    const window = begun()
    const sent = takeAll(window, 0, inFlightAtMost + 1)
    expect(sent.map((one) => one?.n)).toEqual([...Array(inFlightAtMost).keys(), undefined])
    expect(window.isOut(id(3))).toBe(true)
    expect(window.back(id(3), sent[3]!)).toBe(true)
    expect(window.isOut(id(3))).toBe(false)
    expect(window.take(id(99), 0)?.n).toBe(inFlightAtMost)
  })

  it('[SN23] after a refusal nothing goes until every answer is in, then one alone, then many', () => {
    const window = begun()
    const [a, b] = takeAll(window, 0, 2)
    window.back(id(0), a!)
    window.expects(0)
    expect(window.take(id(2), 0)).toBeUndefined()
    window.back(id(1), b!)
    window.expects(0)
    expect(window.take(id(0), 0)?.n).toBe(0)
    expect(window.take(id(1), 0)).toBeUndefined()
    window.back(id(0), a!)
    window.ordered({ ...a!, n: 0 }, 1)
    expect(takeAll(window, 1, 2).map((sent) => sent?.n)).toEqual([1, 2])
  })

  it('[SN24] an answer of an earlier run says nothing about the counters', () => {
    const window = begun()
    const sent = window.take(id(0), 0)!
    window.beginEpoch()
    expect(window.back(id(0), sent)).toBe(false)
    expect(window.take(id(0), 0)?.n).toBe(0)
  })

  it('[SN25] whatever is lost, refused, repeated or restarted, the relay never takes a frame ahead of an earlier one', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const lives = run(seed)
        for (const taken of lives) expect(taken).toEqual([...taken].sort((a, b) => a - b))
        expect(new Set(lives.flat()).size).toBe(frames)
      }),
      { numRuns: 500 },
    )
  })
})

const frames = 60

/** Sends `frames` frames through a relay that counts; what it took, in its order, in each of its lives. */
function run(seed: number): number[][] {
  const random = seeded(seed)
  const chance = (probability: number) => random() < probability
  const fresh = chance(0.5)
  let window = fresh ? begun() : new SendWindow()
  const lives: number[][] = [[]]
  const acknowledged = new Set<number>()
  // Unknown to it: it has restarted.
  let due: number | undefined = fresh || chance(0.5) ? 0 : undefined
  let faults = 200

  let heardSeq = 0
  const relay = (i: number, n: number): { ok: true; seq: number } | { ok: false; n?: number } => {
    const taken = lives.at(-1)!
    if (taken.includes(i)) return { ok: true, seq: seqOf(i) }
    if (faults-- > 0 && chance(0.1)) return { ok: false }
    due ??= n
    if (n !== due) return { ok: false, n: due }
    due++
    taken.push(i)
    return { ok: true, seq: seqOf(i) }
  }
  const seqOf = (i: number) => lives.slice(0, -1).flat().length + lives.at(-1)!.indexOf(i) + 1

  while (acknowledged.size < frames) {
    const out: { i: number; sent: Sent }[] = []
    for (let i = 0; i < frames && out.length < 50; i++) {
      if (acknowledged.has(i)) continue
      const sent = window.take(id(i), heardSeq)
      if (!sent) break
      out.push({ i, sent })
    }
    const answers = out.map(({ i, sent }) => {
      const lost = faults-- > 0 && chance(0.1)
      const answer = lost && chance(0.5) ? undefined : relay(i, sent.n)
      if (!lost && chance(0.05)) relay(i, sent.n)
      return { i, sent, answer: lost ? undefined : answer }
    })
    if (faults-- > 0 && chance(0.05)) {
      due = undefined // the relay restarts
      lives.push([])
      window.beginUnsure()
      heardSeq = lives.flat().length
    } else if (faults-- > 0 && chance(0.06)) {
      window = new SendWindow() // the device restarts, and is told first where the relay is
      heardSeq = lives.flat().length
      answers.length = 0
    } else if (faults-- > 0 && chance(0.1)) window.beginConnection()
    while (answers.length > 0) {
      const at = Math.floor(random() * answers.length)
      const [{ i, sent, answer }] = answers.splice(at, 1) as [(typeof answers)[number]]
      const current = window.back(id(i), sent)
      if (answer?.ok) {
        if (current) window.ordered(sent, answer.seq)
        acknowledged.add(i)
      } else if (current) {
        window.doubt()
        if (answer?.n !== undefined) window.expects(answer.n)
      } else if (lives.at(-1)!.includes(i) && chance(0.5)) acknowledged.add(i) // its echo came
    }
  }
  return lives
}
