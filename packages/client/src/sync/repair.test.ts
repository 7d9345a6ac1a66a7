/** One stream that gets from other members what its relay has lost, told in full. */
import type { Incarnation } from '@qsec/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import type { StreamFrame } from './session.ts'
import { inc, type Peer, Solo } from './testing/solo.ts'

const later = 'life1' as Incarnation
let ana: Solo
let ben: Peer

/** Ana, who has applied one frame, comes back to a relay that has begun anew, in `epoch`. */
async function comesBack(change: { epoch?: number; seq?: number } = {}): Promise<void> {
  ana.calls.length = 0
  await ana.resumes({ inc: later, firstSeq: 101, seq: 100, recovered: false, ...change })
}

const given = (frames: StreamFrame[], giver = 'ben', more = false) =>
  ana.do((stream) => stream.given(frames, giver, more))
const garbage = (frame: StreamFrame): StreamFrame => ({ ...frame, ct: new Uint8Array([1, 2, 3]) })

beforeEach(async () => {
  ana = await Solo.begin(['ana', 'ben', 'cleo'], {}, { repairs: true })
  ben = ana.peer()
  await ana.resumes()
  await ana.hears(await ben.says('first', { seq: 1 }))
})

describe('repair', () => {
  it('[GP30] what members give is applied where the old life ended, and only then the new one begins', async () => {
    await comesBack({ seq: 101 })
    expect(ana.stream.hole).toEqual({ inc, from: 2, to: 100, certain: false, relayInc: later })
    const [two, three] = [await ben.says('two', { seq: 2 }), await ben.says('three', { seq: 3 })]
    const newer = await ben.says('newer', { seq: 101, inc: later })
    await ana.hears(newer)
    expect(await given([two, three])).toEqual({ applied: 2, refused: false })
    expect(ana.calls).toEqual(['hole', 'ben: two (2)', 'ben: three (3)'])
    expect(await ana.do((stream) => stream.endRepair())).toEqual({})
    expect(ana.stream.hole).toBeUndefined()
    expect(ana.stream.cursor).toEqual({ inc: later, seq: 100 })
    await ana.resumes({ inc: later, firstSeq: 101, seq: 101 })
    await ana.hears(newer)
    expect(ana.calls.at(-1)).toBe('ben: newer (101)')
  })

  it('[GP31] meanwhile nothing is sealed, sent or committed; what was said goes once it is over', async () => {
    await comesBack()
    await ana.says('mine')
    expect([ana.sent.length, ana.stream.inStep, ana.stream.blocked]).toEqual([0, false, true])
    await given([await ben.says('two', { seq: 2 })])
    expect(ana.sent.length).toBe(0)
    await ana.do((stream) => stream.endRepair())
    await ana.resumes({ inc: later, firstSeq: 101, seq: 100 })
    expect(ana.sent.map(({ id }) => id)).toEqual(['mine'])
  })

  it('[GP32] a lie changes nothing; another member is believed once its frame opens', async () => {
    await comesBack()
    const [two, three] = [await ben.says('two', { seq: 2 }), await ben.says('three', { seq: 3 })]
    const lies: StreamFrame[] = [
      garbage(two),
      { ...two, epoch: 7 },
      { ...two, kind: 'commit' },
      { ...three, seq: 2, epoch: -1 },
    ]
    for (const [i, lie] of lies.entries()) {
      const { group, cursor } = ana.stream
      expect(await given([lie, three], `liar${i}`)).toEqual({ applied: 0, refused: true })
      expect([ana.stream.group, ana.stream.cursor]).toEqual([group, cursor])
    }
    expect(ana.calls).toEqual(['hole'])
    expect(await given([two, three], 'cleo')).toEqual({ applied: 2, refused: false })
    expect(ana.calls.slice(1)).toEqual(['ben: two (2)', 'ben: three (3)'])
  })

  it('[GP33] what two members give alike is what was ordered, readable or not; what one gives, once nobody gives another', async () => {
    await comesBack()
    const two = garbage(await ben.says('two', { seq: 2 }))
    const three = await ben.says('three', { seq: 3 })
    expect(await given([two, three], 'ben')).toMatchObject({ refused: true })
    expect(await given([two, three], 'cleo')).toMatchObject({ refused: false })
    expect(ana.calls.slice(1, 2)).toEqual(['refused 2: bad-frame'])
    const four = garbage(await ben.says('four', { seq: 4 }))
    const at = ana.stream.cursor.seq + 1
    expect(await given([{ ...four, seq: at }], 'ben')).toMatchObject({ refused: true })
    expect(await ana.do((stream) => stream.believeDoubted())).toBe(true)
    expect(ana.stream.cursor.seq).toBe(at)
    expect(await ana.do((stream) => stream.believeDoubted())).toBe(false)
  })

  it('[GP34] commits are followed; of two for one epoch the one that the relay went on with', async () => {
    await comesBack({ epoch: 2 })
    expect(ana.stream.hole?.certain).toBe(true)
    const other = ana.peer('cleo')
    const withdrawn = other.commits({ seq: 2 })
    const between = await ben.says('still in 1', { seq: 3 })
    const stands = ben.commits({ seq: 4 })
    const after = await ben.says('in 2', { seq: 5 })
    // A commit at the end of what was given waits for what comes behind it.
    await given([withdrawn], 'ben', true)
    expect(ana.stream.epoch).toBe(1)
    await given([between, stands, after])
    expect(ana.calls.slice(1)).toEqual([
      'refused 2: withdrawn',
      'ben: still in 1 (3)',
      'commit 4 begins 2',
      'adopted 4',
      'ben: in 2 (5)',
    ])
    await ana.do((stream) => stream.endRepair())
    await ana.resumes({ inc: later, firstSeq: 101, seq: 100, epoch: 2 })
    expect(ana.stream.inStep).toBe(true)
  })

  it('[GP35] where nobody has a missing commit the device falls out, and not before it has asked', async () => {
    await comesBack({ epoch: 2 })
    expect(ana.calls).toEqual(['hole'])
    await ana.do((stream) => stream.endRepair())
    await ana.resumes({ inc: later, firstSeq: 101, seq: 100, epoch: 2 })
    expect(ana.calls.at(-1)).toBe('fallen out: missed-commit')
  })

  it('[GP36] a hole in the ring is filled from others, and what the relay sent meanwhile follows by itself', async () => {
    ana.calls.length = 0
    const frames = []
    for (let seq = 2; seq <= 5; seq++) frames.push(await ben.says(`s${seq}`, { seq }))
    await ana.resumes({ seq: 4, recovered: false })
    await ana.resumes({ seq: 4, recovered: false }) // asked twice, for an answer can be older than the question
    expect(ana.stream.hole).toEqual({ inc, from: 2, to: 4, certain: true, relayInc: inc })
    await ana.hears(frames[3]!)
    await given(frames.slice(0, 3))
    expect(ana.calls.filter((call) => call.startsWith('ben'))).toEqual([
      'ben: s2 (2)',
      'ben: s3 (3)',
      'ben: s4 (4)',
      'ben: s5 (5)',
    ])
    expect(await ana.do((stream) => stream.endRepair())).toEqual({})
    await ana.resumes({ seq: 5 })
    expect(ana.stream.inStep).toBe(true)
  })

  it('[GP37] what nobody has is skipped and told by its numbers, and what is behind it is still asked for', async () => {
    await ana.resumes({ seq: 9, recovered: false })
    await ana.resumes({ seq: 9, recovered: false })
    expect(await ana.do((stream) => stream.skipTo({ inc, seq: 5 }))).toEqual({ lost: { fromSeq: 2, toSeq: 4 } })
    expect(ana.stream.hole).toMatchObject({ from: 5, to: 9 })
    expect(await ana.do((stream) => stream.endRepair())).toEqual({ lost: { fromSeq: 5, toSeq: 9 } })
    expect(ana.stream.cursor).toEqual({ inc, seq: 9 })
  })

  it('[GP41] a frame of a later epoch is believed of nobody, and no place is one that what is missing cannot have', async () => {
    await comesBack()
    const ahead = { ...garbage(await ben.says('two', { seq: 2 })), epoch: 7 }
    for (const liar of ['ben', 'cleo', 'ben']) {
      expect(await given([ahead], liar)).toEqual({ applied: 0, refused: true })
    }
    expect(await ana.do((stream) => stream.believeDoubted())).toBe(false)
    const far = 2 ** 52
    for (const next of [
      { inc, seq: 101 },
      { inc, seq: far },
      { inc: 'life9' as Incarnation, seq: far },
    ]) {
      expect(await ana.do((stream) => stream.skipTo(next))).toBeUndefined()
    }
    expect(ana.calls).toEqual(['hole'])
    await ana.do((stream) => stream.endRepair())
    // Within one life of the relay there is nothing in another one.
    for (const _ of [1, 2]) await ana.resumes({ inc: later, seq: 109, recovered: false })
    for (const next of [
      { inc: later, seq: 110 },
      { inc: 'life9' as Incarnation, seq: 105 },
    ]) {
      expect(await ana.do((stream) => stream.skipTo(next))).toBeUndefined()
    }
    expect(ana.stream.cursor).toEqual({ inc: later, seq: 100 })
  })

  it('[GP38] a connection that breaks leaves nothing behind that only a member vouched for', async () => {
    await comesBack()
    const three = await ben.says('three', { seq: 3 })
    await given([garbage(three)])
    await given([{ ...three, seq: 4, ct: new Uint8Array([9]) }])
    await ana.do((stream) => stream.disconnected())
    expect(ana.stream.hole).toBeUndefined()
    await comesBack()
    await ana.do((stream) => stream.endRepair())
    expect(ana.calls.filter((call) => call.startsWith('refused'))).toEqual([])
  })

  it('[GP39] an own message that the lost life had ordered goes again all the same, and comes back as one', async () => {
    await ana.says('mine', 'confirmed')
    const [sent] = ana.sent
    await comesBack()
    await given([ana.echo(sent!, 2)])
    expect(ana.calls).toContain('own mine (2)')
    await ana.do((stream) => stream.endRepair())
    ana.forgetSent()
    await ana.resumes({ inc: later, firstSeq: 101, seq: 100 })
    expect(ana.sent.map(({ id }) => id)).toEqual(['mine'])
    expect(ana.sent[0]!.frame).not.toEqual(sent!.frame) // sealed anew: see CX11
  })

  it('[GP40] an own commit that went down with the relay is adopted in its place, by nobody’s leave', async () => {
    const { id } = await ana.commits()
    await comesBack({ epoch: 2 })
    const two = await ben.says('two', { seq: 2 })
    await ana.do((stream) => stream.accepted(id, { inc, seq: 3 }))
    expect(ana.stream.epoch).toBe(1)
    await given([two])
    expect(ana.calls.slice(1)).toEqual(['ben: two (2)', 'own commit 3 begins 2'])
    expect(ana.stream.unsettled).toBe(false)
    expect(ana.stream.cursor.seq).toBe(3)
  })
})

describe('heartbeats', () => {
  it('[HB10] who is behind and hears nothing for 2 s asks; who hears the rest in time does not', async () => {
    ana.calls.length = 0
    await ana.do((stream) => stream.heard({ inc, seq: 2, epoch: 1 }))
    await ana.clock.run(1_000)
    await ana.hears(await ben.says('late', { seq: 2 }))
    await ana.clock.run(5_000)
    expect(ana.calls).toEqual(['ben: late (2)'])
    await ana.do((stream) => stream.heard({ inc, seq: 3, epoch: 1 }))
    await ana.clock.run(1_999)
    expect(ana.calls).not.toContain('gap')
    await ana.clock.run(2)
    expect(ana.calls.at(-1)).toBe('gap')
  })

  it('[HB11] one that agrees changes nothing, and one with another epoch at the same place makes the device ask', async () => {
    ana.calls.length = 0
    expect(await ana.do((stream) => stream.heard({ inc, seq: 1, epoch: 1 }))).toBe(false)
    await ana.clock.run(5_000)
    expect(ana.calls).toEqual([])
    await ana.do((stream) => stream.heard({ inc, seq: 1, epoch: 2 }))
    await ana.clock.run(2_001)
    expect(ana.calls).toEqual(['gap'])
  })

  it('[HB12] a relay that is behind what it said is not honest; another life of it is asked about', async () => {
    await ana.hears(await ben.says('two', { seq: 2 }))
    expect(await ana.do((stream) => stream.heard({ inc, seq: 1, epoch: 1 }))).toBe(true)
    expect(await ana.do((stream) => stream.heard({ inc: later, seq: 1, epoch: 1 }))).toBe(false)
    expect(ana.calls.at(-1)).toBe('gap')
    await ana.do((stream) => stream.disconnected())
    expect(await ana.do((stream) => stream.heard({ inc, seq: 1, epoch: 1 }))).toBe(false)
  })
})
