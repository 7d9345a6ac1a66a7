/**
 * What another pass knows of the places of a small leaf. A place that is a leaf of its own there is right, since its parity
 * agrees. Of a pair that differs the other place is then the wrong one, and no parity has to be said to find that out:
 * half of what was leaked above n h(Q) went into such questions. Both ends know all leaves, so nothing is sent.
 */
import type { BlockLeaves } from './block-leaves.ts'

/** Which of two places that differ together is wrong, if the other pass knows one of them; -1 if it knows neither. */
export function wrongOfPair(leaves: BlockLeaves, other: BlockLeaves, start: number): number {
  if (other.isSingle(other.placeOf(leaves.positionOf(start)))) return start + 1
  return other.isSingle(other.placeOf(leaves.positionOf(start + 1))) ? start : -1
}

/**
 * The pass that a search in another one looks at: the first one, and for the first one that which was searched last. A
 * single place agrees even where other leaves of its pass do not yet.
 */
export function otherPass<L extends BlockLeaves>(passes: readonly L[], pass: number, searched: number): L | undefined {
  if (pass > 0) return passes[0]
  return searched > 0 ? passes[searched] : undefined
}
