/**
 * Leaves of one frame that are being searched, all of one pass, level by level. Both ends hold the same list: after each
 * answer the asker says which parts differ, and both go on with those.
 */
import type { BitReader, BitWriter } from './bit-stream.ts'
import { BlockLeaves } from './block-leaves.ts'
import { followHalves, hearHalves, type LeafList, sayHalves } from './halves.ts'
import { wrongOfPair } from './known-places.ts'
import { boundOf, type Partition, partsOf } from './partition.ts'

export class Flight<P extends Partition> implements LeafList {
  partition: P | undefined
  /** The partition, if it is a block pass. */
  #leaves: BlockLeaves | undefined
  other: BlockLeaves | undefined
  count = 0
  starts: Int32Array = new Int32Array(64)
  ends: Int32Array = new Int32Array(64)
  /** Places found to be in error. */
  found: Int32Array = new Int32Array(64)
  foundCount = 0
  /** Parts into which each leaf is cut at this level, at most. */
  #ways = 2
  /** Blocks cut in two have loops of their own. */
  #halves = false
  #spare: { starts: Int32Array; ends: Int32Array } = {
    starts: new Int32Array(64),
    ends: new Int32Array(64),
  }

  /** @param other - a pass that is looked at for places known to be right, which saves questions */
  begin(partition: P, other: BlockLeaves | undefined): void {
    this.partition = partition
    this.#leaves = partition instanceof BlockLeaves ? partition : undefined
    this.other = this.#leaves ? other : undefined
    this.count = 0
    this.foundCount = 0
  }

  /** Takes in a leaf that differs. False if only one place of it can be wrong, which is found thereby. */
  take(start: number, end: number): boolean {
    const wrong = this.#wrongOf(start, end)
    if (wrong >= 0) {
      this.addFound(wrong)
      return false
    }
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts)
      this.ends = grown(this.ends)
    }
    this.starts[this.count] = start
    this.ends[this.count++] = end
    return true
  }

  addFound(place: number): void {
    if (this.foundCount === this.found.length) this.found = grown(this.found)
    this.found[this.foundCount++] = place
  }

  /** Both ends call this before each level. */
  nextLevel(ways: number): void {
    this.#ways = ways
    this.#halves = ways === 2 && this.#leaves !== undefined
  }

  /** Parities that this level asks for. */
  asked(): number {
    if (this.#halves) return this.count
    let asked = 0
    for (let i = 0; i < this.count; i++) asked += this.#parts(i) - 1
    return asked
  }

  /** The teller's half of a level: cuts the leaves and says the parities of all parts but the last of each. */
  say(out: BitWriter): void {
    const partition = this.partition!
    if (this.#halves) {
      sayHalves(this, this.#leaves!, out)
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

  /** Differences that the teller waits for after a level. Leaves that were cut into single places need none. */
  differences(): number {
    return this.asked()
  }

  /** The teller hears which parts differ. */
  follow(differences: BitReader): void {
    if (this.#halves) {
      followHalves(this, this.#leaves!, differences)
      return
    }
    const { starts, ends, count } = this.#restart()
    const { grain } = this.partition!
    for (let i = 0; i < count; i++) {
      const start = starts[i]!
      const end = ends[i]!
      const parts = partsOf(start, end, this.#ways, grain)
      let last = 1
      let from = start
      for (let part = 1; part <= parts; part++) {
        const to = boundOf(start, end, part, parts, grain)
        const differs = part < parts ? differences.bit() : last
        last ^= differs
        if (differs === 1) this.#settle(from, to)
        from = to
      }
    }
  }

  /** The asker's half of a level: compares, cuts, notes errors found, and writes down which parts differ. */
  hear(parities: BitReader, differences: BitWriter): void {
    const partition = this.partition!
    if (this.#halves) {
      hearHalves(this, this.#leaves!, parities, differences)
      return
    }
    const { starts, ends, count } = this.#restart()
    for (let i = 0; i < count; i++) {
      const start = starts[i]!
      const end = ends[i]!
      const parts = partsOf(start, end, this.#ways, partition.grain)
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
        if (differs === 1) this.#settle(from, to)
        from = to
      }
    }
  }

  #parts(i: number): number {
    return partsOf(this.starts[i]!, this.ends[i]!, this.#ways, this.partition!.grain)
  }

  /** The place that must be wrong in a leaf that differs; -1 if a question is needed to tell. */
  #wrongOf(start: number, end: number): number {
    if (end - start === 1) return start
    return this.other && end - start === 2 ? wrongOfPair(this.#leaves!, this.other, start) : -1
  }

  /** Takes in a part that differs. Of a pair that needs no question both places are known now. */
  #settle(start: number, end: number): void {
    if (!this.take(start, end) && end - start === 2) this.partition!.cut(start + 1)
  }

  /** Empties the list and returns what was in it. */
  #restart(): { starts: Int32Array; ends: Int32Array; count: number } {
    const { starts, ends, count } = this
    this.starts = this.#spare.starts
    this.ends = this.#spare.ends
    this.#spare = { starts, ends }
    this.count = 0
    return { starts, ends, count }
  }
}

function grown(list: Int32Array): Int32Array {
  const longer = new Int32Array(2 * list.length)
  longer.set(list)
  return longer
}
