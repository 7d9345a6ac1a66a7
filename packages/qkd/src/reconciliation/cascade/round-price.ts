/**
 * What a round trip is worth in low-round mode, in bits that may be leaked to save one. A leaf cut into 2^k parts takes one
 * round instead of k and leaks 2^k - 1 parities instead of k. The price rises as rounds go by, so that most frames pay
 * little, and the slow ones still end in time.
 *
 * No logarithms: both ends must come to the same, and those may differ in the last digit.
 */

/** Errors to expect in a frame for each bit of the price at the beginning; it is about 1/1000 of what a frame leaks. */
const errorsPerBit = 128
/** From this round on the price doubles every so many rounds. */
const rises = [
  { from: 20, doublesEvery: 8 },
  { from: 36, doublesEvery: 2 },
]
const mostDoublings = 24
/** Very fine cuts of a large leaf save a round or two at hundreds of bits, so they wait until the end is near. */
const mostParts = [
  { before: 46, parts: 16 },
  { before: 54, parts: 64 },
  { before: Number.POSITIVE_INFINITY, parts: 256 },
]

/** @param round - round trips before this one */
function roundPrice(expectedErrors: number, round: number): number {
  let doublings = 0
  for (const { from, doublesEvery } of rises) doublings += Math.floor(Math.max(0, round - from) / doublesEvery)
  return (1 + expectedErrors / errorsPerBit) * 2 ** Math.min(doublings, mostDoublings)
}

/** Parts, a power of two, into which each of so many leaves of a frame is cut. */
export function partsAtPrice(expectedErrors: number, leaves: number, round: number): number {
  const price = roundPrice(expectedErrors, round)
  let parts = 2
  // Twice as many parts leak (2 parts - 1) - (parts - 1) - 1 bits more of each leaf, and save one round.
  const most = mostParts.find(({ before }) => round < before)!.parts
  while (parts < most && leaves * (parts - 1) <= price) parts *= 2
  return parts
}
