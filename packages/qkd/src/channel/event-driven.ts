/**
 * The engine that skips to the clicks. If P is the probability of a click, the gap to the next one is
 * 1 + floor(ln U / ln(1-P)), and what clicked is drawn from the law given a click. Exact, since fresh gates do not
 * know of each other; dead gates are left out, after-pulses are inserted. All pulses that did not click are drawn at
 * the end as one multinomial number, since they are independent given that.
 *
 * The generator is written out, as is the look-up in the alias tables (see alias.ts). Where clicks are frequent the
 * gap comes from such a table too, which holds gaps up to some length and a last entry for "longer: go on from there".
 */

import { seededRandom } from '../random.ts'
import { aliasTable } from './alias.ts'
import { spread } from './binomial.ts'
import { nothing, patternOf } from './cells.ts'
import { afterPulseCells, deadLaw, emptyFlight, type Flight, type FlightPlan, remembers, silentPart } from './flight.ts'
import { clickShare } from './law.ts'
import { xoshiroState } from './xoshiro.ts'

// Counters have 32 bits, and so has the rest of a segment.
const segmentPulses = 2 ** 30
/** Below this, clicks are so rare that a logarithm costs nothing. */
const leastTabled = 2 ** -10
/** A table that holds this many mean gaps leaves 2 % for "longer". */
const meanGapsTabled = 4

export function flyEventDriven(plan: FlightPlan, pulses: number, seed: Uint8Array | number): Flight {
  const { law } = plan
  const flight = emptyFlight()
  const clickCells = Uint32Array.from(law.keys()).filter((cell) => patternOf(cell) !== nothing && law[cell]! > 0)
  const click = Math.min(1, clickShare(law))
  const clicksOf = new Uint32Array(Math.max(4, 2 ** Math.ceil(Math.log2(clickCells.length))))
  const atEnd = seededRandom(seed, 'event-driven rest')
  const after = seededRandom(seed, 'event-driven after-pulses')
  const afterPulseCell = afterPulseCells(plan, after)
  const silent = silentPart(law)
  const dead = deadLaw(law)

  const hasMemory = remembers(plan)
  const { deadPulses: deadPerClick, afterPulseProbability } = plan
  let deadLeft = 0
  let afterPulseNext = false

  const cellTable = aliasTable(click > 0 ? Array.from(clickCells, (cell) => law[cell]!) : [1])
  const cellWords = cellTable.words
  const cellBits = cellTable.bits
  const cellShift = 32 - cellBits
  const cellLow = 2 ** cellShift - 1
  const cellIndex = 2 ** cellBits - 1

  const tabled = click >= leastTabled
  const gapTable = aliasTable(tabled ? gapLaw(click) : [1])
  const gapWords = gapTable.words
  const gapBits = gapTable.bits
  const gapShift = 32 - gapBits
  const gapLow = 2 ** gapShift - 1
  const longer = 2 ** gapBits - 1
  const logNoClick = Math.log1p(-click)

  let [a, b, c, d] = xoshiroState(seed, 'event-driven')
  for (let done = 0; done < pulses; done += segmentPulses) {
    const segment = Math.min(segmentPulses, pulses - done)
    let left = segment
    let deadHere = 0
    let inserted = 0
    while (left > 0) {
      if (deadLeft > 0) {
        const skipped = Math.min(deadLeft, left)
        left -= skipped
        deadLeft -= skipped
        deadHere += skipped
        continue
      }
      if (afterPulseNext) {
        left--
        inserted++
        flight.tally[afterPulseCell()]!++
      } else {
        let product = Math.imul(b, 5)
        let number = Math.imul((product << 7) | (product >>> 25), 9)
        let shifted = b << 9
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = (d << 11) | (d >>> 21)
        if (tabled) {
          const slot = number >>> gapShift
          const word = gapWords[slot]!
          const alias = word & longer
          // The slot itself where the number is below the cut, without a branch that nobody could foresee.
          const gap = alias ^ ((alias ^ slot) & (((number & gapLow) - (word >>> gapBits)) >> 31))
          if (gap === longer) {
            left -= longer
            continue
          }
          left -= gap + 1
        } else {
          const high = number >>> 5
          product = Math.imul(b, 5)
          number = Math.imul((product << 7) | (product >>> 25), 9)
          shifted = b << 9
          c ^= a
          d ^= b
          b ^= c
          a ^= d
          c ^= shifted
          d = (d << 11) | (d >>> 21)
          // 1 - u lies in (0, 1], so that the logarithm is finite.
          const u = (high * 67108864 + (number >>> 6)) / 9007199254740992
          const gap = click > 0 ? Math.floor(Math.log(1 - u) / logNoClick) : left
          left = gap >= left ? -1 : left - gap - 1
        }
        // Beyond the end of the segment: the next one starts afresh, since gaps have no memory.
        if (left < 0) break
        product = Math.imul(b, 5)
        number = Math.imul((product << 7) | (product >>> 25), 9)
        shifted = b << 9
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = (d << 11) | (d >>> 21)
        const slot = number >>> cellShift
        const word = cellWords[slot]!
        const alias = word & cellIndex
        clicksOf[alias ^ ((alias ^ slot) & (((number & cellLow) - (word >>> cellBits)) >> 31))]!++
      }
      if (hasMemory) {
        deadLeft = deadPerClick
        afterPulseNext = afterPulseProbability > 0 && after() < afterPulseProbability
      }
    }

    let clicks = 0
    for (let i = 0; i < clickCells.length; i++) {
      flight.tally[clickCells[i]!]! += clicksOf[i]!
      clicks += clicksOf[i]!
    }
    clicksOf.fill(0)
    flight.afterPulses += inserted
    flight.deadPulses += deadHere
    spread(deadHere, dead, flight.tally, atEnd)
    spread(segment - clicks - inserted - deadHere, silent, flight.tally, atEnd)
  }
  return flight
}

/** Probabilities of 0, 1, 2, ... gates without a click before the next, and last of "at least as many as entries". */
function gapLaw(click: number): Float64Array {
  const bits = Math.min(12, Math.max(2, Math.ceil(Math.log2(meanGapsTabled / click))))
  const longer = 2 ** bits - 1
  const logNoClick = Math.log1p(-click)
  return Float64Array.from({ length: longer + 1 }, (_, gap) =>
    gap === 0 ? click : gap < longer ? click * Math.exp(gap * logNoClick) : Math.exp(longer * logNoClick),
  )
}
