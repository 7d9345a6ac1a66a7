import { type Incarnation, utf8 } from '@qsec/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hash } from './testing/fake-groups.ts'
import { startOfLife, Transcript } from './transcript.ts'

const begin = (start = 'epoch') => Transcript.begin(hash, 10, utf8(start))
const texts = fc.array(fc.string(), { minLength: 1, maxLength: 12 })

function seen(frames: readonly string[], transcript = begin()): Transcript {
  frames.forEach((text, i) => {
    transcript.add(11 + i, utf8(text))
  })
  return transcript
}

it('[SN26] who saw the same frames in the same epoch has the same hash at each place', () => {
  fc.assert(
    fc.property(texts, (frames) => {
      const [a, b] = [seen(frames), seen(frames.slice(0, -1))]
      expect(a.agrees(10 + frames.length - 1, b.last)).toBe(true)
      expect(a.agrees(10, begin().last)).toBe(true)
    }),
  )
})

it('[SN27] another frame, order, place or epoch makes another hash from there on', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (frames, pick) => {
      const at = pick % frames.length
      const other = seen(frames.map((text, i) => (i === at ? `${text}!` : text)))
      expect(seen(frames).agrees(10 + frames.length, other.last)).toBe(false)
      expect(seen(frames, begin('another')).agrees(10 + frames.length, seen(frames).last)).toBe(false)
    }),
  )
  const moved = begin()
  moved.add(12, utf8('a'))
  expect(moved.last).not.toEqual(seen(['a']).last)
})

it('[SN28] it says nothing about places that it does not know, nor after a gap', () => {
  const gap = new Transcript(hash, 10, new Uint8Array())
  seen(['a', 'b'], gap)
  expect(gap.last).toHaveLength(0)
  expect(gap.agrees(11, seen(['a']).last)).toBeUndefined()
  expect(seen(['a']).agrees(12, hash(utf8('?')))).toBeUndefined()
  const loaded = new Transcript(hash, 11, seen(['a']).last)
  expect(loaded.agrees(11, seen(['a']).last)).toBe(true)
})

it('[SM6] the number at which a life of the relay begins is not compared, also not by who is loaded there; what follows is', () => {
  const begins = { inc: 'second life' as Incarnation, seq: 1_024 }
  const start = startOfLife(hash, utf8('epoch'), begins)
  const here = begin().inLife(begins.seq, start)
  const loaded = Transcript.stored(hash, begins, here.last, utf8('epoch'))
  const earlier = begin().inLife(
    begins.seq,
    startOfLife(hash, utf8('epoch'), { ...begins, inc: 'first' as Incarnation }),
  )
  for (const one of [here, loaded]) {
    expect(one.agrees(begins.seq, earlier.last)).toBeUndefined()
    one.add(1_025, utf8('a'))
    earlier.add(1_025, utf8('a'))
    expect(one.agrees(1_025, earlier.last)).toBe(false)
  }
  expect(loaded.last).toEqual(here.last)
  const further = Transcript.stored(hash, { ...begins, seq: 1_025 }, here.last, utf8('epoch'))
  expect(further.agrees(1_025, loaded.last)).toBe(true)
})
