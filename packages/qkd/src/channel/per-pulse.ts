/**
 * The engine that makes every pulse, one byte each. One 32-bit number decides a pulse's setting and whether it clicks:
 * its top five bits choose a slot of an alias table over the settings, the rest falls below the slot's cut or not, and
 * within either part below the part's click threshold or not. Only a click costs a second number.
 *
 * Photon numbers of pulses that did not click are drawn at the end, all at once.
 */

import { seededRandom } from '../random.ts'
import { spread } from './binomial.ts'
import { settingCount } from './cells.ts'
import { afterPulseCells, deadLaw, emptyFlight, type Flight, type FlightPlan, remembers, silentPart } from './flight.ts'
import { lowBits as lowBitsOfSlot, type PulseTables, pulseTables } from './pulse-tables.ts'
import { clickFlag, recordOf } from './record.ts'
import { xoshiroState } from './xoshiro.ts'

// The loops below are a quarter slower with imported constants than with ones of this file.
const lowBits = lowBitsOfSlot
const lowMask = 2 ** lowBits - 1

const chunkPulses = 65536
// Counters have 32 bits.
const chunksPerFlush = 2 ** 14

/** Called with each portion of records, in order; the array is used again afterwards. */
export type OnRecords = (records: Uint8Array, firstPulse: number) => void

export function flyPerPulse(
  plan: FlightPlan,
  pulses: number,
  seed: Uint8Array | number,
  onRecords?: OnRecords,
): Flight {
  const flight = emptyFlight()
  const tables = pulseTables(plan.law)
  const counted = emptyCounters(tables)
  const state = Int32Array.from(xoshiroState(seed, 'per-pulse'))
  const atEnd = seededRandom(seed, 'per-pulse rest')
  const after = seededRandom(seed, 'per-pulse after-pulses')
  const afterPulseCell = afterPulseCells(plan, after)

  const hasMemory = remembers(plan)
  const { deadPulses: deadPerClick, afterPulseProbability } = plan
  let deadLeft = 0
  let afterPulseNext = false
  const rememberClick = (): void => {
    deadLeft = deadPerClick
    afterPulseNext = afterPulseProbability > 0 && after() < afterPulseProbability
  }

  const chunk = new Uint8Array(chunkPulses)
  for (let first = 0, chunks = 1; first < pulses; first += chunkPulses, chunks++) {
    const size = Math.min(chunkPulses, pulses - first)
    for (let i = 0; i < size; ) {
      if (deadLeft > 0) {
        const end = Math.min(size, i + deadLeft)
        deadLeft -= end - i
        passDeadGates(tables, state, chunk, i, end, counted.sentDead)
        i = end
      } else if (afterPulseNext) {
        const cell = afterPulseCell()
        flight.tally[cell]!++
        flight.afterPulses++
        chunk[i++] = recordOf(cell)
        rememberClick()
      } else {
        i = passOpenGates(tables, state, chunk, i, size, counted.sent, counted.details, hasMemory)
        // Of a stretch that ends with a click, the last record shows one.
        if (hasMemory && (chunk[i - 1]! & clickFlag) !== 0) rememberClick()
      }
    }
    onRecords?.(chunk.subarray(0, size), first)
    if (chunks % chunksPerFlush === 0) settle(plan.law, tables, counted, flight, atEnd)
  }
  settle(plan.law, tables, counted, flight, atEnd)
  return flight
}

/** Gates that may click: fills records from `i` on and tells where it stopped, at `end` or after a click. */
function passOpenGates(
  tables: PulseTables,
  state: Int32Array,
  records: Uint8Array,
  from: number,
  end: number,
  sent: Uint32Array,
  details: Uint32Array,
  stopAfterClick: boolean,
): number {
  const { cuts, thresholds, partRecord, detailBits, detailWords, detailRecord } = tables
  const detailShift = 32 - detailBits
  const detailLow = 2 ** detailShift - 1
  const detailIndex = 2 ** detailBits - 1
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let i = from
  while (i < end) {
    let product = Math.imul(b, 5)
    let number = Math.imul((product << 7) | (product >>> 25), 9)
    let shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    const slot = number >>> lowBits
    const low = number & lowMask
    const part = (slot << 1) | ((cuts[slot]! - 1 - low) >>> 31)
    sent[part]!++
    if (low >= thresholds[part]!) {
      records[i++] = partRecord[part]!
      continue
    }
    product = Math.imul(b, 5)
    number = Math.imul((product << 7) | (product >>> 25), 9)
    shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    const offset = part << detailBits
    const entry = number >>> detailShift
    const word = detailWords[offset | entry]!
    const alias = word & detailIndex
    const detail = offset | (alias ^ ((alias ^ entry) & (((number & detailLow) - (word >>> detailBits)) >> 31)))
    details[detail]!++
    const record = detailRecord[detail]!
    records[i++] = record
    if (stopAfterClick && (record & clickFlag) !== 0) break
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
  return i
}

/** Gates that cannot click; their pulses are sent as ever. */
function passDeadGates(
  { cuts, partRecord }: PulseTables,
  state: Int32Array,
  records: Uint8Array,
  from: number,
  end: number,
  sentDead: Uint32Array,
): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  for (let i = from; i < end; i++) {
    const product = Math.imul(b, 5)
    const number = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    const slot = number >>> lowBits
    const part = (slot << 1) | ((cuts[slot]! - 1 - (number & lowMask)) >>> 31)
    sentDead[part]!++
    records[i] = partRecord[part]!
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}

interface Counters {
  /** Pulses by part, in open and in dead gates. */
  sent: Uint32Array
  sentDead: Uint32Array
  /** Entries drawn from the tables of what clicked. */
  details: Uint32Array
}

function emptyCounters({ partSetting, detailCell }: PulseTables): Counters {
  return {
    sent: new Uint32Array(partSetting.length),
    sentDead: new Uint32Array(partSetting.length),
    details: new Uint32Array(detailCell.length),
  }
}

/**
 * Moves what was counted to the tally, and draws photon numbers and readings for the pulses of which only the setting
 * is known.
 */
function settle(
  law: Float64Array,
  { partSetting, detailBits, detailCell }: PulseTables,
  { sent, sentDead, details }: Counters,
  flight: Flight,
  random: () => number,
): void {
  const silentOf = new Float64Array(settingCount)
  const deadOf = new Float64Array(settingCount)
  partSetting.forEach((setting, part) => {
    silentOf[setting]! += sent[part]!
    deadOf[setting]! += sentDead[part]!
    flight.deadPulses += sentDead[part]!
  })
  details.forEach((count, detail) => {
    const cell = detailCell[detail]!
    if (count === 0 || cell === 0) return
    flight.tally[cell]! += count
    silentOf[partSetting[detail >> detailBits]!]! -= count
  })
  const silent = silentPart(law)
  const dead = deadLaw(law)
  for (let setting = 0; setting < settingCount; setting++) {
    const from = setting << 8
    const to = (setting + 1) << 8
    const into = flight.tally.subarray(from, to)
    spread(silentOf[setting]!, silent.subarray(from, to), into, random)
    spread(deadOf[setting]!, dead.subarray(from, to), into, random)
  }
  sent.fill(0)
  sentDead.fill(0)
  details.fill(0)
}
