/** How long to wait before the next try to connect. */

const firstMs = 1_000
const longestMs = 10_000

/**
 * Doubles with each failure; half of it is chance, so that the clients of a restarted relay do not come all at once.
 *
 * @param failures - tries that have failed in a row, from 0
 * @param chance - from 0 to 1
 * @returns milliseconds, from 500 to 10,000
 */
export function backoffMs(failures: number, chance: number): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** failures)
  return ceiling / 2 + (ceiling / 2) * chance
}
