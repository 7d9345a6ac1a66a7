import { type Base64Url, type DeviceId, type Incarnation, limits, type MessageId, toBase64Url } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RingLimits } from './ring.ts'
import { RingBudget } from './ring-budget.ts'
import { type CommitMark, Stream } from './stream.ts'

const inc = toBase64Url(new Uint8Array(16)) as string as Incarnation
const ana = 'ana' as DeviceId
const ben = 'ben' as DeviceId
const cleo = 'cleo' as DeviceId
const ct = 'AAAA' as Base64Url
const roomy: RingLimits = { ringFrames: 100, ringBytes: limits.ringBytes, ringAgeMs: 1_000 }

function stream(
  change: {
    epoch?: number
    lastSeq?: number
    restarted?: boolean
    begunBy?: CommitMark
    ring?: Partial<RingLimits>
  } = {},
) {
  const { ring, ...from } = change
  const budget = new RingBudget(limits.ringBytesInAll)
  return new Stream({ inc, epoch: 0, lastSeq: 0, restarted: false, ...from }, { ...roomy, ...ring }, budget)
}

let ids = 0
const id = () => `id${ids++}` as MessageId

function say(to: Stream, device: DeviceId, n: number, change: { id?: MessageId; epoch?: number; atMs?: number } = {}) {
  const message = { device, id: id(), epoch: to.position.epoch, n, ...change }
  const verdict = to.judgeMessage(message)
  if (verdict.type === 'free') to.append({ atMs: 0, ...message, ct, event: 'encrypted_message' })
  return verdict
}

function commit(to: Stream, device: DeviceId, change: { id?: MessageId; epoch?: number; joined?: DeviceId[] } = {}) {
  const made = { device, id: id(), epoch: to.position.epoch, ...change }
  const verdict = to.judgeCommit(made)
  if (verdict.type === 'free') to.commit({ joined: [], ...made, ct, atMs: 0, bundles: [], removed: [] })
  return verdict
}

describe('messages', () => {
  it('[RL1] sequence numbers are dense, and each device counts its own frames from 0', () => {
    const s = stream()
    expect([say(s, ana, 0), say(s, ben, 0), say(s, ana, 1)].map((v) => v.type)).toEqual(['free', 'free', 'free'])
    expect(s.after({ inc, seq: 0 })?.map((frame) => frame.seq)).toEqual([1, 2, 3])
  })

  it('[RL2] a frame out of its order is refused with the counter that is due', () => {
    const s = stream()
    say(s, ana, 0)
    expect(say(s, ana, 2)).toEqual({ type: 'out-of-order', n: 1 })
    expect(say(s, ana, 0)).toEqual({ type: 'out-of-order', n: 1 })
    expect(say(s, ben, 1)).toEqual({ type: 'out-of-order', n: 0 })
    expect(s.position.seq).toBe(1)
  })

  it('[RL3] a frame of any other epoch is refused', () => {
    const s = stream({ epoch: 4 })
    expect(say(s, ana, 0, { epoch: 3 })).toEqual({ type: 'stale-epoch' })
    expect(say(s, ana, 0, { epoch: 5 })).toEqual({ type: 'stale-epoch' })
    expect(say(s, ana, 0, { epoch: 4 })).toEqual({ type: 'free' })
  })

  it('[RL4] a known id keeps its place, whatever else the retry says; another device cannot take it', () => {
    const s = stream()
    const mine = id()
    say(s, ana, 0, { id: mine })
    commit(s, ben)
    expect(say(s, ana, 0, { id: mine, epoch: 0 })).toEqual({ type: 'known', seq: 1 })
    expect(say(s, cleo, 0, { id: mine })).toEqual({ type: 'free' })
  })
})

describe('commits', () => {
  it('[RL5] of two commits for one epoch the first wins; the loser and a retry are told so', () => {
    const s = stream()
    const winner = id()
    expect(commit(s, ana, { id: winner })).toEqual({ type: 'free' })
    expect(commit(s, ben, { epoch: 0 })).toEqual({ type: 'stale-epoch' })
    expect(commit(s, ana, { id: winner, epoch: 0 })).toEqual({ type: 'known', inc, seq: 1 })
    expect(s.position).toMatchObject({ epoch: 1, seq: 1 })
  })

  it('[KN30] a stream that has restarted knows the commit that began its epoch, until that epoch is over', () => {
    const begunBy = { device: ana, id: id(), inc: 'before' as Incarnation, seq: 40 }
    const retry = { id: begunBy.id, epoch: 6 }
    const s = stream({ epoch: 7, lastSeq: 1_064, restarted: true, begunBy })
    expect(commit(s, ana, retry)).toEqual({ type: 'known', inc: 'before', seq: 40 })
    expect(commit(s, ben, retry)).toEqual({ type: 'stale-epoch' })
    expect(commit(s, ana, { ...retry, epoch: 5 })).toEqual({ type: 'stale-epoch' })
    expect(commit(s, ana, { epoch: 6 })).toEqual({ type: 'stale-epoch' })
    commit(s, ben)
    expect(s.begunBy).toMatchObject({ device: ben, inc, seq: 1_065 })
    expect(commit(s, ana, retry)).toEqual({ type: 'stale-epoch' })
    s.withdraw()
    expect(s.begunBy).toEqual(begunBy)
    expect(commit(s, ana, retry)).toEqual({ type: 'known', inc: 'before', seq: 40 })
  })

  it('[RL6] counters begin again with each epoch', () => {
    const s = stream()
    say(s, ana, 0)
    commit(s, ben)
    expect(say(s, ana, 0)).toEqual({ type: 'free' })
  })

  it('[RL7] it stands at once with nobody else there, waits for others, and is withdrawn when all of them refuse', () => {
    const s = stream()
    commit(s, ana)
    expect(s.outcome([ana])).toBe('stands')
    expect(s.outcome([ana, ben])).toBe('waits')
    expect(s.refuse(ben)).toBe(true)
    expect(s.refuse(ben)).toBe(false)
    expect(s.outcome([ana, ben, cleo])).toBe('waits')
    expect(s.outcome([ana, ben])).toBe('withdrawn')
    // Those who refused have left: nobody is there to judge, and they may come back before the time is over.
    expect(s.outcome([ana])).toBe('waits')
  })

  it('[RL7] a device that the commit welcomes cannot judge it', () => {
    const s = stream()
    commit(s, ana, { joined: [cleo] })
    expect(s.outcome([ana, cleo])).toBe('stands')
    s.refuse(ben)
    expect(s.outcome([ana, ben, cleo])).toBe('withdrawn')
  })

  it('[RL8] a withdrawn commit opens its epoch again: counters go on, its number stays used, its maker waits', () => {
    const s = stream()
    say(s, ana, 0)
    say(s, ben, 0)
    commit(s, ana)
    expect(s.withdraw()).toMatchObject({ seq: 3, epoch: 0, committer: ana })
    expect(s.position).toMatchObject({ epoch: 0, seq: 3 })
    expect(say(s, ben, 1)).toEqual({ type: 'free' })
    expect(commit(s, ana)).toEqual({ type: 'withdrawn' })
    expect(commit(s, ben)).toEqual({ type: 'free' })
    s.stand()
    expect(commit(s, ana)).toEqual({ type: 'free' })
  })

  it('[RL9] what stands is never withdrawn', () => {
    const s = stream()
    commit(s, ana)
    s.stand()
    expect(s.refuse(ben)).toBe(false)
    expect(s.outcome([ana, ben])).toBe('waits')
    expect(s.withdraw()).toBeUndefined()
    expect(s.position.epoch).toBe(1)
  })

  it('[RL10] nobody commits on top of an own commit that does not stand; on top of another is to confirm it', () => {
    const s = stream()
    commit(s, ana)
    expect(commit(s, ana)).toEqual({ type: 'unsettled' })
    expect(s.confirms(ana)).toBe(false)
    expect(s.confirms(ben)).toBe(true)
  })
})

describe('resuming', () => {
  it('[RL11] gives every frame after the cursor, or none at all', () => {
    const s = stream({ ring: { ringFrames: 3 } })
    for (let n = 0; n < 5; n++) say(s, ana, n)
    expect(s.after({ inc, seq: 2 })?.map((frame) => frame.seq)).toEqual([3, 4, 5])
    expect(s.after({ inc, seq: 1 })).toBeUndefined()
    expect(s.after({ inc, seq: 5 })).toEqual([])
    expect(s.after({ inc, seq: 6 })).toBeUndefined()
    expect(s.after({ inc: 'other' as Incarnation, seq: 5 })).toBeUndefined()
  })

  it('[RL12] after a restart it begins above the old numbers, in the old epoch, with counters that devices set', () => {
    const s = stream({ epoch: 7, lastSeq: 1_024, restarted: true })
    expect(s.position).toMatchObject({ epoch: 7, firstSeq: 1_025, seq: 1_024 })
    expect(s.after({ inc, seq: 1_023 })).toBeUndefined()
    expect(say(s, ana, 12)).toEqual({ type: 'free' })
    expect(say(s, ana, 14)).toEqual({ type: 'out-of-order', n: 13 })
    commit(s, ben)
    expect(say(s, ana, 14)).toEqual({ type: 'out-of-order', n: 0 })
  })

  it('[RL13] the ring is bounded by bytes and age', () => {
    const small = stream({ ring: { ringBytes: 500 } })
    for (let n = 0; n < 5; n++) say(small, ana, n)
    expect(small.after({ inc, seq: 3 })).toHaveLength(2)
    expect(small.after({ inc, seq: 2 })).toBeUndefined()
    const aged = stream()
    say(aged, ana, 0, { atMs: 0 })
    say(aged, ana, 1, { atMs: 900 })
    aged.dropOlderThan(1_500)
    expect(aged.after({ inc, seq: 1 })).toHaveLength(1)
    expect(aged.after({ inc, seq: 0 })).toBeUndefined()
  })

  it('[RL99] who repeats a frame that the ring had no place for is told its place, for ten minutes', () => {
    const small = stream({ ring: { ringFrames: 3 } })
    const ids = Array.from({ length: 300 }, id)
    for (const [n, one] of ids.entries()) say(small, ana, n, { id: one, atMs: n })
    // Sent again under the counter that is due, by a device that had no answer.
    const again = (n: number, device = ana) => say(small, device, device === ana ? 300 : 0, { id: ids[n]! })
    expect(again(299)).toEqual({ type: 'known', seq: 300 })
    expect(again(290)).toEqual({ type: 'known', seq: 291 })
    expect(again(41)).toEqual({ type: 'known', seq: 42 })
    small.dropOlderThan(600_000 + 250)
    expect(again(250)).toEqual({ type: 'known', seq: 251 })
    expect(again(249)).toEqual({ type: 'free' })
    // 256 are known at most, and none under another's name.
    const other = stream({ ring: { ringFrames: 3 } })
    for (const [n, one] of ids.entries()) say(other, ana, n, { id: one })
    expect(say(other, ben, 0, { id: ids[290]! })).toEqual({ type: 'free' })
    expect(say(other, ana, 300, { id: ids[39]! })).toEqual({ type: 'free' })
  })

  it('[RL14] all rings together keep to one budget; the oldest frame of any goes first', () => {
    const budget = new RingBudget(1_000)
    const [a, b] = [1, 2].map(() => new Stream({ inc, epoch: 0, lastSeq: 0, restarted: false }, roomy, budget))
    say(a!, ana, 0)
    for (let n = 0; n < 4; n++) say(b!, ana, n)
    expect(a!.isEmpty).toBe(true)
    expect(b!.after({ inc, seq: 0 })).toHaveLength(4)
    expect(budget.bytes).toBeLessThanOrEqual(1_000)
    b!.end()
    expect(budget.bytes).toBe(0)
  })

  it('[RL14] frames that a busy ring dropped by itself do not pile up behind a quiet one', () => {
    const budget = new RingBudget(1_000_000)
    const quiet = new Stream({ inc, epoch: 0, lastSeq: 0, restarted: false }, roomy, budget)
    const busy = new Stream({ inc, epoch: 0, lastSeq: 0, restarted: false }, { ...roomy, ringFrames: 2 }, budget)
    say(quiet, ana, 0)
    for (let n = 0; n < 10_000; n++) say(busy, ana, n)
    expect(budget.bytes).toBe(3 * 204)
    expect(busy.after({ inc, seq: 9_998 })).toHaveLength(2)
  })
})

/** What a client believes of its own frames, and a relay that is asked at random. */
type Step =
  | { do: 'say'; device: number; n: number; epochOff: number; retry: boolean }
  | { do: 'commit'; device: number; epochOff: number; retry: boolean }
  | { do: 'stand' }
  | { do: 'refuse'; device: number }

const devices = [ana, ben, cleo]
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      device: fc.nat(2),
      n: fc.nat(4),
      epochOff: fc.constantFrom(0, 0, 0, -1, 1),
      retry: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      device: fc.nat(2),
      epochOff: fc.constantFrom(0, 0, -1),
      retry: fc.boolean(),
    }),
  },
  fc.record({ do: fc.constant('stand' as const) }),
  fc.record({ do: fc.constant('refuse' as const), device: fc.nat(2) }),
)

it('[RL15] whatever comes in: numbers are dense, at most one commit stands for an epoch, no frame is taken twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (steps, ringFrames) => {
      const s = stream({ ring: { ringFrames } })
      const taken = new Map<string, number>()
      const standing = new Map<number, number>()
      const counters = new Map<string, number>()
      let life = 0 // of the present epoch: a reopened one goes on with the counters that it had
      const lives = new Map<number, number>([[0, 0]])
      const lastId = new Map<number, MessageId>()
      const keep = (pending: { epoch: number; seq: number } | undefined) => {
        if (!pending) return
        expect(standing.has(pending.epoch)).toBe(false)
        standing.set(pending.epoch, pending.seq)
      }
      for (const one of steps) {
        const before = s.position
        if (one.do === 'say' || one.do === 'commit') {
          const device = devices[one.device]!
          const frameId = (one.retry && lastId.get(one.device)) || id()
          const known = taken.get(device + frameId)
          const epoch = Math.max(0, before.epoch + one.epochOff)
          const verdict =
            one.do === 'say'
              ? s.judgeMessage({ device, id: frameId, epoch, n: one.n })
              : s.judgeCommit({ device, id: frameId, epoch })
          if (verdict.type === 'known') expect(verdict.seq).toBe(known)
          if (verdict.type !== 'free') {
            expect(s.position).toEqual(before)
            continue
          }
          expect(epoch).toBe(before.epoch)
          if (s.confirms(device)) keep(s.stand())
          const common = { device, id: frameId, epoch, ct, atMs: 0 }
          const frame =
            one.do === 'say'
              ? s.append({ ...common, n: one.n, event: 'encrypted_message' })
              : s.commit({ ...common, bundles: [], joined: [], removed: [] })
          expect(frame.seq).toBe(before.seq + 1)
          taken.set(device + frameId, frame.seq)
          lastId.set(one.device, frameId)
          if (one.do === 'say') {
            const key = `${lives.get(epoch)}/${device}`
            expect(one.n).toBe(counters.get(key) ?? 0)
            counters.set(key, one.n + 1)
          } else {
            life += 1
            lives.set(epoch + 1, life)
          }
        } else if (one.do === 'stand') {
          keep(s.stand())
        } else {
          const device = devices[one.device]!
          if (s.confirms(device)) s.refuse(device)
          const { pending } = s
          if (s.outcome(devices) === 'withdrawn') {
            s.withdraw()
            expect(s.position).toEqual({ ...before, epoch: pending!.epoch })
          }
        }
        const held = s.after({ inc, seq: Math.max(0, s.position.seq - ringFrames) })
        expect(held?.map((frame) => frame.seq)).toEqual(
          Array.from({ length: Math.min(ringFrames, s.position.seq) }, (_, i) => s.position.seq - held!.length + 1 + i),
        )
      }
    }),
    { numRuns: 300 },
  )
})
