import { typescriptAmplifier } from '@qsec/qkd'
import { describe, expect, it } from 'vitest'
import { fitsRows } from './amplify-check.ts'
import { claimedRun } from './analyse-room.ts'
import { distancesOf, finiteOrNull, listOf, nameOf, numberOf, wholeOf } from './numbers.ts'
import { packBytes, packWords, unpackWords } from './packing.ts'
import { reconcileFrames } from './reconcile-frames.ts'
import { chartSvg } from './svg.ts'

const bitsOf = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(Math.random() * 2))

describe('numbers', () => {
  it('[CL20] reads what stands for a number, in its range', () => {
    expect(wholeOf('--n', '1e6', 1, 1e7)).toBe(1_000_000)
    expect(wholeOf('--n', '1000000', 1, 1e7)).toBe(1_000_000)
    expect(numberOf('--p', '.25', 0, 1)).toBe(0.25)
    expect(numberOf('--p', '1E-5', 0, 1)).toBe(1e-5)
    expect(listOf('--l', '0,0.5,1', 0, 1, 3)).toEqual([0, 0.5, 1])
  })

  it.each(['', ' ', 'NaN', 'Infinity', '1e999', '-1', '1.5', '0x10', '1,0', '١', '1e', '--1', 'secret'])(
    '[CL20] refuses %j and names the flag, not the value',
    (text) => {
      expect(() => wholeOf('--flag', text, 1, 1e7)).toThrow(/^--flag must be a whole number from 1 to 10000000\.$/)
      if (text !== '1.5')
        expect(() => numberOf('--flag', text, 0, 1)).toThrow(/^--flag must be a number from 0 to 1\.$/)
    },
  )

  it('[CL22] distances: one, a list, a range with both ends', () => {
    expect(distancesOf('--distance', '25')).toEqual([25])
    expect(distancesOf('--distance', '0,50.5')).toEqual([0, 50.5])
    expect(distancesOf('--distance', '0:150:50')).toEqual([0, 50, 100, 150])
    expect(distancesOf('--distance', '0:1:0.1').at(-1)).toBe(1)
    for (const wrong of ['', '0:10', '0:10:0', '10:0:1', '0:100000:1', '0:1:2:3', 'a:b:c', '0,-1', '0,,1']) {
      expect(() => distancesOf('--distance', wrong), wrong).toThrow(/^--distance /)
    }
  })

  it('[CL20] a name is one of those offered, whatever an object inherits', () => {
    expect(nameOf('--kind', 'a', ['a', 'b'])).toBe('a')
    for (const wrong of ['toString', '__proto__', '', 'A']) {
      expect(() => nameOf('--kind', wrong, ['a', 'b'])).toThrow('--kind must be one of a, b.')
    }
    expect([1, Number.POSITIVE_INFINITY, Number.NaN].map(finiteOrNull)).toEqual([1, null, null])
  })
})

describe('amplification', () => {
  it('[CL26] the check by rows takes the product, and nothing else', () => {
    for (const [n, m] of [
      [1, 1],
      [8, 3],
      [77, 77],
      [1000, 41],
    ] as const) {
      const x = packBytes(bitsOf(n))
      const s = packBytes(bitsOf(n + m - 1))
      const y = typescriptAmplifier.amplify(x, n, s, m)
      expect(fitsRows(x, n, s, m, y)).toBe(true)
      expect(
        fitsRows(x, n, s, m, packBytes(bitsOf(8 * y.length).map((_, j) => 1 - ((y[j >> 3]! >> (j & 7)) & 1)))),
      ).toBe(false)
    }
  })
})

describe('distillation', () => {
  it('[CL28] packs as the engine does', () => {
    const bits = bitsOf(77)
    expect(unpackWords(packWords(bits), 77)).toEqual(bits)
    expect(Buffer.from(packWords(bits).buffer).subarray(0, 10)).toEqual(Buffer.from(packBytes(bits)))
  })

  it('[CL28] corrects every frame; one that still differs counts in full', () => {
    const ours = bitsOf(20_000)
    const theirs = ours.map((bit, i) => (i % 40 === 0 ? 1 - bit : bit))
    const said = reconcileFrames(ours, theirs, 1 / 40, 'lean')
    expect(theirs).toEqual(ours)
    expect(said).toMatchObject({ hashBits: 64, corrected: 500, framesRevealed: 0 })
    expect(said.leakedBits).toBeGreaterThan(2000)
    expect(said.leakedBits).toBeLessThan(6000)
  })

  it('[CL28] says a frame in full that still differs, and counts all of it', () => {
    // So short and without checks, one frame in three stays wrong.
    for (let tries = 0; tries < 200; tries++) {
      const ours = bitsOf(9)
      const theirs = bitsOf(9)
      const said = reconcileFrames(ours, theirs, 0.5, 'original')
      expect(theirs).toEqual(ours)
      if (said.framesRevealed === 0) continue
      expect(said.leakedBits).toBeGreaterThan(9)
      return
    }
    throw new Error('no frame failed')
  })
})

describe('charts', () => {
  const chart = { title: 'A < B & "C"', description: 'words', xLabel: 'x', yLabel: 'y', yScale: 'log' } as const

  it('[CL27] tells title and description, and leaves out what has no logarithm', () => {
    const points: [number, number][] = [
      [0, 1],
      [10, 1e-3],
      [20, 0],
      [30, Number.POSITIVE_INFINITY],
      [40, Number.NaN],
    ]
    const svg = chartSvg({ ...chart, series: [{ name: 'a<b', points }] })
    expect(svg).toContain('<title id="title">A &#60; B &#38; &#34;C&#34;</title>')
    expect(svg).toContain('<desc id="desc">words</desc>')
    expect(svg.match(/<circle/g)).toHaveLength(2)
    expect(svg).not.toMatch(/NaN|Infinity|a<b/)
  })

  it('[CL27] draws nothing where there is nothing, and a single point', () => {
    for (const points of [[], [[5, 5]], [[5, 0]]] as [number, number][][]) {
      for (const yScale of ['log', 'linear'] as const) {
        expect(chartSvg({ ...chart, yScale, series: [{ name: 'a', points }] })).not.toMatch(/NaN|Infinity/)
      }
    }
  })
})

it('[CL24] a line of the log is a run only if it has all of its numbers', () => {
  const fields = { original: 100, matched: 48, mismatched: 2, qber: 0.04, threshold: 0.11, accepted: true, peer: 'B' }
  const line = {
    id: 1,
    message: '',
    created_at: 7,
    tag: 'BB84_SESSION_DERIVED',
    fields: { ...fields, claimed_by: 'A' },
  }
  const run = { bits: 100, mismatches: 2, sampled: 50, qber: 0.04, threshold: 0.11, accepted: true }
  expect(claimedRun(line)).toMatchObject({ ...run, atMs: 7, claimedBy: 'A', peer: 'B' })
  expect(claimedRun({ ...line, tag: 'MSG_RELAYED' })).toBeUndefined()
  for (const name of Object.keys(fields).filter((key) => key !== 'peer')) {
    expect(claimedRun({ ...line, fields: { ...fields, [name]: 'x' } }), name).toBeUndefined()
  }
})
