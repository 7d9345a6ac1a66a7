/** What the two engines share: their input, their result, and how a detector that remembers changes a gate. */
import { aliasTable, drawAlias } from './alias.ts'
import {
  cellCount,
  doubleRight,
  doubleWrong,
  isDouble,
  nothing,
  patternOf,
  right,
  withPattern,
  wrong,
} from './cells.ts'
import { pulseLaw } from './law.ts'
import { type ChannelParameters, deadPulsesOf } from './parameters.ts'

export interface FlightPlan {
  /** Probability of each cell at an open, fresh gate. */
  law: Float64Array
  deadPulses: number
  afterPulseProbability: number
}

export interface Flight {
  /** How many pulses fell on each cell; sums to all pulses. Of a pulse that did not click, the bit stands for nothing. */
  tally: Float64Array
  deadPulses: number
  afterPulses: number
}

export function flightPlan(channel: ChannelParameters): FlightPlan {
  return {
    law: pulseLaw(channel),
    deadPulses: deadPulsesOf(channel),
    afterPulseProbability: channel.afterPulseProbability,
  }
}

export function emptyFlight(): Flight {
  return { tally: new Float64Array(cellCount), deadPulses: 0, afterPulses: 0 }
}

/** Whether a click changes anything of the gates after it. */
export function remembers(plan: FlightPlan): boolean {
  return plan.deadPulses > 0 || plan.afterPulseProbability > 0
}

/** Draws the cell of a gate in which a detector, either with the same probability, clicks by itself. */
export function afterPulseCells(plan: FlightPlan, random: () => number): () => number {
  if (plan.afterPulseProbability === 0) return () => 0
  const all = aliasTable(plan.law)
  return () => {
    const cell = drawAlias(all, random)
    const onRight = random() < 0.5
    const coin = random() < 0.5 ? doubleRight : doubleWrong
    return withPattern(cell, withAfterPulse(patternOf(cell), onRight, coin))
  }
}

function withAfterPulse(pattern: number, onRight: boolean, coin: number): number {
  const same = onRight ? right : wrong
  if (pattern === nothing || pattern === same) return same
  return isDouble(pattern) ? pattern : coin
}

/** The law of a gate with an after-pulse: what `afterPulseCells` draws. */
export function afterPulseLaw(law: Float64Array): Float64Array {
  const after = new Float64Array(cellCount)
  for (const onRight of [true, false]) {
    for (const coin of [doubleRight, doubleWrong]) {
      law.forEach((probability, cell) => {
        after[withPattern(cell, withAfterPulse(patternOf(cell), onRight, coin))]! += probability / 4
      })
    }
  }
  return after
}

/** The law of a gate that is dead: what is sent is as ever, and nothing clicks. */
export function deadLaw(law: Float64Array): Float64Array {
  const dead = new Float64Array(cellCount)
  law.forEach((probability, cell) => {
    dead[withPattern(cell, nothing)]! += probability
  })
  return dead
}

/** The cells of a gate in which nothing clicked, with their share of all fresh gates. */
export function silentPart(law: Float64Array): Float64Array {
  return law.map((probability, cell) => (patternOf(cell) === nothing ? probability : 0))
}
