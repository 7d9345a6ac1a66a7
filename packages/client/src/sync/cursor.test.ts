import type { Cursor, Incarnation } from '@qsec/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heldBytesAtMost, heldFramesAtMost, Inbox } from './cursor.ts'

const inc = 'now' as Incarnation
const later = 'later' as Incarnation
const at = (seq: number, life = inc): Cursor => ({ inc: life, seq })
const frame = (seq: number, life: string = inc, bytes = 1) => ({ inc: life, seq, ct: new Uint8Array(bytes) })

type Frame = ReturnType<typeof frame>

/** Applies what is due. */
function drain(inbox: Inbox<Frame>): number[] {
  const applied: number[] = []
  for (let next = inbox.next; next; next = inbox.next) {
    applied.push(next.seq)
    inbox.applied()
  }
  return applied
}

describe('inbox', () => {
  it('[SN1] frames come out once each and without a hole, in whatever order they arrive', () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 120 })
    fc.assert(
      fc.property(arrivals, (seqs) => {
        const inbox = new Inbox<Frame>(at(0))
        const applied = seqs.flatMap((seq) => {
          inbox.take(frame(seq))
          return drain(inbox)
        })
        expect(applied).toEqual(Array.from({ length: applied.length }, (_, i) => i + 1))
        const heard = new Set(seqs)
        expect(heard.has(applied.length + 1)).toBe(false)
        expect(inbox.hasGap).toBe(Math.max(0, ...seqs) > applied.length)
      }),
    )
  })

  it('[SN2] a frame says how it fits: due, early, duplicate, or of a life of the relay that is not known yet', () => {
    const inbox = new Inbox<Frame>(at(5))
    expect([6, 8, 8, 5, 1].map((seq) => inbox.take(frame(seq)))).toEqual([
      'due',
      'early',
      'duplicate',
      'duplicate',
      'duplicate',
    ])
    expect(inbox.take(frame(7, later))).toBe('strange')
    expect(drain(inbox)).toEqual([6])
  })

  it('[SN3] a frame that was not applied stays the next one, and those behind it wait', () => {
    const inbox = new Inbox<Frame>(at(0))
    for (const seq of [1, 2, 3]) inbox.take(frame(seq))
    expect(inbox.next?.seq).toBe(1)
    expect(inbox.take(frame(1))).toBe('duplicate')
    expect(inbox.cursor).toEqual(at(0))
    expect(drain(inbox)).toEqual([1, 2, 3])
  })

  it('[SN4] a gap is known until it is filled, also where what lies behind it was dropped', () => {
    const inbox = new Inbox<Frame>(at(0))
    expect(inbox.hasGap).toBe(false)
    inbox.heardOf(2)
    expect(inbox.hasGap).toBe(true)
    inbox.take(frame(1))
    expect(inbox.hasGap).toBe(false) // something can be done first
    drain(inbox)
    expect(inbox.hasGap).toBe(true)
    inbox.take(frame(2))
    drain(inbox)
    expect(inbox.hasGap).toBe(false)
  })

  it('[SN5] what is held is bounded by frames and by bytes; the one that is due always has room', () => {
    const many = new Inbox<Frame>(at(0))
    for (let seq = 2; seq < heldFramesAtMost + 50; seq++) many.take(frame(seq))
    expect(many.at(heldFramesAtMost + 1)).toBeDefined()
    expect(many.at(heldFramesAtMost + 2)).toBeUndefined()
    expect(many.take(frame(1))).toBe('due')
    expect(drain(many)).toHaveLength(heldFramesAtMost + 1)
    expect(many.hasGap).toBe(true)

    const large = new Inbox<Frame>(at(0))
    large.take(frame(2, inc, heldBytesAtMost))
    large.take(frame(3, later))
    large.take(frame(4))
    expect([large.at(2), large.at(4)].map((held) => held !== undefined)).toEqual([true, false])
    large.take(frame(1, inc, 100))
    drain(large)
    large.take(frame(4, inc, heldBytesAtMost))
    expect(large.at(4)).toBeDefined()
  })

  it('[SN6] at another place what fits there stays, in order, and the rest is gone', () => {
    const inbox = new Inbox<Frame>(at(0))
    for (const seq of [3, 5, 6]) inbox.take(frame(seq))
    for (const seq of [12, 11]) inbox.take(frame(seq, later))
    inbox.moveTo(at(4))
    expect(drain(inbox)).toEqual([5, 6])
    expect(inbox.take(frame(3))).toBe('duplicate')

    inbox.take(frame(9))
    inbox.take(frame(11, later))
    inbox.moveTo(at(10, later))
    expect(inbox.at(9)).toBeUndefined()
    expect(drain(inbox)).toEqual([11])
  })
})
