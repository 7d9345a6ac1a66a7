/**
 * A pass or a check as both ends see it: its places, cut into leaves whose parity is known. Each parity that is said cuts
 * a leaf, and no leaf is ever joined again, so nothing is said twice.
 */
export interface Partition {
  /** Whole units of so many places are cut first, single places last. */
  readonly grain: number
  /** Whether a leaf of more than one place begins here. */
  isLeaf(start: number): boolean
  endOf(start: number): number
  cut(bound: number): void
  /** Parity of a part of one leaf. */
  parity(start: number, end: number): number
}

/** The asking side's view: it also knows which leaves differ from the other side's. */
export interface OddPartition extends Partition {
  readonly oddCount: number
  /** Takes out odd leaves, ascending and so many at most, and gives each to `take`. */
  takeOdd(most: number, take: (start: number, end: number) => void): void
  /** The bit at this place turns; the leaf around it becomes odd, or even again. */
  turn(place: number): void
  positionOf(place: number): number
  wipe(): void
}

/** Where part `index` of a leaf begins when it is cut into `parts`. */
export function boundOf(start: number, end: number, index: number, parts: number, grain: number): number {
  const unit = end - start > grain ? grain : 1
  return start + unit * Math.floor(((end - start) * index) / (unit * parts))
}

/** Parts into which a leaf of more than one place is cut, at most `ways`. */
export function partsOf(start: number, end: number, ways: number, grain: number): number {
  const width = end - start
  return Math.min(ways, width > grain ? width / grain : width)
}
