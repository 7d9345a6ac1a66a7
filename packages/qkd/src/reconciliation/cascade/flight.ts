/**
 * Leaves of one frame that are being searched, all of one pass, level by level. Both ends hold the same list: after each
 * answer the asker says which parts differ, and both go on with those.
 */
import type { BitReader, BitWriter } from './bit-stream.ts'
import { BlockLeaves } from './block-leaves.ts'
import { boundOf, type Partition, partsOf } from './partition.ts'

export class Flight<P extends Partition> {
  partition: P | undefined
  count = 0
  /** Parts into which each leaf is cut at this level. */
  ways = 2
  /** Blocks cut in two are what nearly all time is spent on; they have loops of their own. */
  halves = false
  starts: Int32Array = new Int32Array(64)
  ends: Int32Array = new Int32Array(64)
  /** Places found to be in error, of the asker alone. */
  found: Int32Array = new Int32Array(64)
  foundCount = 0
  #spareStarts: Int32Array = new Int32Array(64)
  #spareEnds: Int32Array = new Int32Array(64)

  begin(partition: P): void {
    this.partition = partition
    this.count = 0
    this.foundCount = 0
  }

  add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts)
      this.ends = grown(this.ends)
    }
    this.starts[this.count] = start
    this.ends[this.count++] = end
  }

  addFound(place: number): void {
    if (this.foundCount === this.found.length) this.found = grown(this.found)
    this.found[this.foundCount++] = place
  }

  /** Both ends call this before each level. */
  nextLevel(ways: number): void {
    this.ways = ways
    this.halves = ways === 2 && this.partition instanceof BlockLeaves
  }

  /** Parities that this level asks for. */
  asked(): number {
    if (this.halves) return this.count
    let asked = 0
    for (let i = 0; i < this.count; i++) asked += this.#parts(i) - 1
    return asked
  }

  /** Differences that the teller waits for after a level. Leaves that were cut into single places need none. */
  differences(): number {
    return this.asked()
  }

  /** The teller's half of a level: cuts the leaves and says the parities of all parts but the last of each. */
  say(out: BitWriter): void {
    const partition = this.partition!
    if (this.halves) {
      sayHalves(this, partition as unknown as BlockLeaves, out)
      return
    }
    let kept = 0
    for (let i = 0; i < this.count; i++) {
      const start = this.starts[i]!
      const end = this.ends[i]!
      const parts = this.#parts(i)
      let from = start
      for (let part = 1; part < parts; part++) {
        const to = boundOf(start, end, part, parts, partition.grain)
        out.bit(partition.parity(from, to))
        partition.cut(to)
        from = to
      }
      if (parts === end - start) continue
      this.starts[kept] = start
      this.ends[kept++] = end
    }
    this.count = kept
  }

  /** The teller hears which parts differ. */
  follow(differences: BitReader): void {
    const partition = this.partition!
    if (this.halves) {
      followHalves(this, differences)
      return
    }
    const { starts, ends, count } = this.#restart()
    for (let i = 0; i < count; i++) {
      const parts = partsOf(starts[i]!, ends[i]!, this.ways, partition.grain)
      let last = 1
      let from = starts[i]!
      for (let part = 1; part <= parts; part++) {
        const to = boundOf(starts[i]!, ends[i]!, part, parts, partition.grain)
        const differs = part < parts ? differences.bit() : last
        last ^= differs
        if (differs === 1 && to - from > 1) this.add(from, to)
        from = to
      }
    }
  }

  /** The asker's half of a level: compares, cuts, notes errors found, and writes down which parts differ. */
  hear(parities: BitReader, differences: BitWriter): void {
    const partition = this.partition!
    if (this.halves) {
      hearHalves(this, partition as unknown as BlockLeaves, parities, differences)
      return
    }
    const { starts, ends, count } = this.#restart()
    for (let i = 0; i < count; i++) {
      const start = starts[i]!
      const end = ends[i]!
      const parts = partsOf(start, end, this.ways, partition.grain)
      const isLast = parts === end - start
      let last = 1
      let from = start
      for (let part = 1; part <= parts; part++) {
        const to = boundOf(start, end, part, parts, partition.grain)
        let differs = last
        if (part < parts) {
          differs = partition.parity(from, to) ^ parities.bit()
          last ^= differs
          partition.cut(to)
          if (!isLast) differences.bit(differs)
        }
        if (differs === 1) {
          if (to - from > 1) this.add(from, to)
          else this.addFound(from)
        }
        from = to
      }
    }
  }

  #parts(i: number): number {
    return partsOf(this.starts[i]!, this.ends[i]!, this.ways, this.partition!.grain)
  }

  /** Empties the list and returns what was in it. */
  #restart(): { starts: Int32Array; ends: Int32Array; count: number } {
    const before = { starts: this.starts, ends: this.ends, count: this.count }
    this.starts = this.#spareStarts
    this.ends = this.#spareEnds
    this.#spareStarts = before.starts
    this.#spareEnds = before.ends
    this.count = 0
    return before
  }
}

function sayHalves(
  flight: { starts: Int32Array; ends: Int32Array; count: number },
  leaves: BlockLeaves,
  out: BitWriter,
) {
  const { starts, ends, count } = flight
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
    if (end - start === 2) continue
    starts[kept] = start
    ends[kept++] = end
  }
  out.count = at
  flight.count = kept
}

function followHalves(flight: { starts: Int32Array; ends: Int32Array; count: number }, differences: BitReader) {
  const { starts, ends, count } = flight
  const { bytes } = differences
  let at = differences.at
  let kept = 0
  for (let i = 0; i < count; i++) {
    let start = starts[i]!
    let end = ends[i]!
    const middle = (start + end) >> 1
    if (((bytes[at >> 3]! >> (at & 7)) & 1) === 1) end = middle
    else start = middle
    at++
    starts[kept] = start
    ends[kept] = end
    if (end - start > 1) kept++
  }
  differences.at = at
  flight.count = kept
}

function hearHalves(flight: Flight<Partition>, leaves: BlockLeaves, parities: BitReader, differences: BitWriter) {
  const { starts, ends, count } = flight
  const cuts = leaves.starts
  const { prefix } = leaves
  if (flight.found.length < flight.foundCount + count) {
    const more = new Int32Array(2 * (flight.foundCount + count))
    more.set(flight.found)
    flight.found = more
  }
  const { found } = flight
  let { foundCount } = flight
  const { bytes } = parities
  let at = parities.at
  differences.reserve(count)
  const said = differences.bytes
  let sayAt = differences.count
  let kept = 0
  for (let i = 0; i < count; i++) {
    let start = starts[i]!
    let end = ends[i]!
    const middle = (start + end) >> 1
    cuts[middle >> 5]! |= 1 << (middle & 31)
    const mine = (prefix[start >> 5]! >>> (start & 31)) ^ (prefix[middle >> 5]! >>> (middle & 31))
    const differs = ((bytes[at >> 3]! >>> (at & 7)) ^ mine) & 1
    at++
    if (end - start > 2) {
      said[sayAt >> 3]! |= differs << (sayAt & 7)
      sayAt++
    }
    if (differs === 1) end = middle
    else start = middle
    if (end - start > 1) {
      starts[kept] = start
      ends[kept++] = end
    } else {
      found[foundCount++] = start
    }
  }
  parities.at = at
  differences.count = sayAt
  flight.count = kept
  flight.foundCount = foundCount
}

function grown(list: Int32Array): Int32Array {
  const longer = new Int32Array(2 * list.length)
  longer.set(list)
  return longer
}
