/** A level of search that cuts blocks in two, which is what nearly all time is spent on. Chance decides few branches here. */
import type { BitReader, BitWriter } from './bit-stream.ts'
import type { BlockLeaves } from './block-leaves.ts'
import { wrongOfPair } from './known-places.ts'

/** Leaves that differ. */
export interface LeafList {
  count: number
  starts: Int32Array
  ends: Int32Array
  /** A pass that is looked at for places known to be right. */
  other: BlockLeaves | undefined
  /** Notes a place that is found to be in error. */
  addFound(place: number): void
}

/** The teller's half: cuts, and says the parity of each first part. */
export function sayHalves(list: LeafList, leaves: BlockLeaves, out: BitWriter): void {
  const { starts, ends, count } = list
  const cuts = leaves.starts
  const { prefix } = leaves
  out.reserve(count)
  const { bytes } = out
  let at = out.count
  let kept = 0
  for (let i = 0; i < count; i++) {
    const start = starts[i]!
    const end = ends[i]!
    const middle = (start + end) >> 1
    cuts[middle >> 5]! |= 1 << (middle & 31)
    const parity = ((prefix[start >> 5]! >>> (start & 31)) ^ (prefix[middle >> 5]! >>> (middle & 31))) & 1
    bytes[at >> 3]! |= parity << (at & 7)
    at++
    starts[kept] = start
    ends[kept] = end
    kept += end - start === 2 ? 0 : 1
  }
  out.count = at
  list.count = kept
}

/** The teller hears which part differs of each leaf that had more than two places. */
export function followHalves(list: LeafList, leaves: BlockLeaves, differences: BitReader): void {
  const { starts, ends, count } = list
  const { bytes } = differences
  let at = differences.at
  let kept = 0
  for (let i = 0; i < count; i++) {
    const start = starts[i]!
    const end = ends[i]!
    const middle = (start + end) >> 1
    const first = -((bytes[at >> 3]! >> (at & 7)) & 1)
    at++
    const nextStart = middle - ((middle - start) & first)
    const nextEnd = end - ((end - middle) & first)
    starts[kept] = nextStart
    ends[kept] = nextEnd
    kept += nextEnd - nextStart === 1 ? 0 : 1
  }
  differences.at = at
  list.count = kept
  if (list.other) settlePairs(list, leaves, list.other)
}

/** The asker's half: compares, cuts, says which parts differ, and notes the errors that are found. */
export function hearHalves(list: LeafList, leaves: BlockLeaves, parities: BitReader, differences: BitWriter): void {
  const { starts, ends, count } = list
  const cuts = leaves.starts
  const { prefix } = leaves
  const { bytes } = parities
  let at = parities.at
  differences.reserve(count)
  const said = differences.bytes
  let sayAt = differences.count
  let kept = 0
  for (let i = 0; i < count; i++) {
    const start = starts[i]!
    const end = ends[i]!
    const middle = (start + end) >> 1
    cuts[middle >> 5]! |= 1 << (middle & 31)
    const ours = (prefix[start >> 5]! >>> (start & 31)) ^ (prefix[middle >> 5]! >>> (middle & 31))
    const differs = ((bytes[at >> 3]! >>> (at & 7)) ^ ours) & 1
    at++
    if (end - start > 2) {
      said[sayAt >> 3]! |= differs << (sayAt & 7)
      sayAt++
    }
    const nextStart = middle - ((middle - start) & -differs)
    const nextEnd = end - ((end - middle) & -differs)
    starts[kept] = nextStart
    ends[kept] = nextEnd
    if (nextEnd - nextStart > 1) kept++
    else list.addFound(nextStart)
  }
  parities.at = at
  differences.count = sayAt
  list.count = kept
  if (list.other) settlePairs(list, leaves, list.other)
}

/** Takes pairs off the list whose wrong place is known without a question; both their places are known then. */
function settlePairs(list: LeafList, leaves: BlockLeaves, other: BlockLeaves): void {
  const { starts, ends, count } = list
  let kept = 0
  for (let i = 0; i < count; i++) {
    const start = starts[i]!
    const end = ends[i]!
    starts[kept] = start
    ends[kept] = end
    const wrong = end - start === 2 ? wrongOfPair(leaves, other, start) : -1
    if (wrong < 0) kept++
    else {
      leaves.cut(start + 1)
      list.addFound(wrong)
    }
  }
  list.count = kept
}
