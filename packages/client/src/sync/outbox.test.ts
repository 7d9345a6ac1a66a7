import { type Incarnation, type MessageId, refusalCodes } from '@qsec/protocol'
import { describe, expect, it } from 'vitest'
import {
  afterRefusal,
  again,
  forNewIncarnation,
  isDone,
  isPast,
  needsSeal,
  type OutboxRow,
  orderedAt,
  toSend,
  unsealed,
} from './outbox.ts'

const inc = 'now' as Incarnation
const old = 'before' as Incarnation
const frame = new Uint8Array([1])

function row(order: number, change: Partial<OutboxRow> = {}): OutboxRow {
  const content = new Uint8Array([order])
  return { order, id: `m${order}` as MessageId, kind: 'message', content, until: 'confirmed', ...change }
}

describe('outbox rows', () => {
  it('[SN7] a refused or ordered row never holds up the next', () => {
    const rows = [row(0, { refused: 'too-large' }), row(1, { ordered: { inc, seq: 4 } }), row(2), row(3)]
    expect(toSend(rows).map(({ order }) => order)).toEqual([2, 3])
  })

  it('[SN8] every refusal has a consequence, and only four are about the frame itself', () => {
    const types = Object.fromEntries(refusalCodes.map((code) => [code, afterRefusal(code, 3).type]))
    const about = refusalCodes.filter((code) => types[code] === 'refused')
    expect(about).toEqual(['bad-request', 'exists', 'room-full', 'too-large'])
    expect(types).toMatchObject({ 'stale-epoch': 'reseal', 'rate-limited': 'later', 'not-logged-in': 'rejoin-relay' })
    expect(afterRefusal('out-of-order', 3)).toEqual({ type: 'resend', n: 3 })
  })

  it('[SN9] within its epoch a frame goes again as it is; in the next its row is sealed anew, unless it was ordered', () => {
    const sealed = row(0, { sealed: { epoch: 4, frame } })
    expect([needsSeal(row(0), 4), needsSeal(sealed, 4), needsSeal(sealed, 5)]).toEqual([true, false, true])
    expect(needsSeal(orderedAt(sealed, { inc, seq: 1 }), 5)).toBe(false)
    expect(needsSeal({ ...sealed, refused: 'too-large' }, 5)).toBe(false)
  })

  it('[SN10] a row is done when it is ordered and applied; one that wants a confirmation only where nobody can give it', () => {
    const ordered = row(0, { until: 'ordered', ordered: { inc, seq: 4 } })
    const confirmed = row(0, { ordered: { inc, seq: 4 } })
    const at = (seq: number) => ({ inc, seq })
    expect([isDone(ordered, at(3), false), isDone(ordered, at(4), false)]).toEqual([false, true])
    expect([isDone(confirmed, at(9), false), isDone(confirmed, at(9), true)]).toEqual([false, true])
    expect(isDone(row(0, { until: 'ordered' }), at(9), true)).toBe(false)
  })

  it('[SN11] a place in an earlier life of the relay is none in this one, and what goes again is sealed anew', () => {
    const lost = row(0, { ordered: { inc: old, seq: 4 }, sealed: { epoch: 1, frame } })
    expect(isPast(lost, { inc, seq: 9 })).toBe(false)
    expect(forNewIncarnation(lost, inc)).toEqual(row(0))
    expect(forNewIncarnation(row(0, { sealed: { epoch: 1, frame } }), inc)).toEqual(row(0)) // its answer may be lost
    const kept = row(0, { ordered: { inc, seq: 4 } })
    expect(forNewIncarnation(kept, inc)).toBe(kept)
  })

  it('[SN12] a refused row that is tried again goes to the end and is sealed anew', () => {
    const refused = row(0, { refused: 'bad-request', sealed: { epoch: 1, frame } })
    expect(again(refused, 7)).toEqual({ ...row(0), order: 7 })
  })

  it('[SN13] a refusal is forgotten when the row is ordered after all; an ordered frame is not unsealed', () => {
    expect(orderedAt(row(0, { refused: 'bad-request' }), { inc, seq: 4 })).toEqual(row(0, { ordered: { inc, seq: 4 } }))
    const ordered = row(0, { sealed: { epoch: 1, frame }, ordered: { inc, seq: 4 } })
    expect(unsealed(ordered)).toBe(ordered)
    expect(unsealed(row(0, { sealed: { epoch: 1, frame } }))).toEqual(row(0))
  })
})
