/** Distances in standard deviations between counts and the law, for tests. */
import type { ChannelStatistics } from './statistics.ts'

/** Everything counted, by its path, but for what a setting fixes and what is a multiple of another count. */
export function leavesOf(statistics: ChannelStatistics): Map<string, number> {
  const leaves = new Map<string, number>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'number') leaves.set(path, value)
    else for (const [name, inner] of Object.entries(value as object)) walk(inner, `${path}/${name}`)
  }
  walk(statistics, '')
  for (const path of leaves.keys()) if (/\/(pulses|meanPhotons|deadPulses)$/.test(path)) leaves.delete(path)
  return leaves
}

/**
 * The worst of all counts against their means. Of N pulses a count with mean m has the variance m (1 - m/N); one more
 * keeps the tails of tiny means in bounds.
 *
 * @param bunching - how much larger the variance is than that of independent pulses
 */
export function worstSigmas(counted: ChannelStatistics, expected: ChannelStatistics, bunching = 1): [string, number] {
  let worst: [string, number] = ['', 0]
  const means = leavesOf(expected)
  for (const [path, count] of leavesOf(counted)) {
    const mean = means.get(path)!
    const variance = mean * (1 - mean / expected.pulses) * bunching + 1
    const distance = Math.abs(count - mean) / Math.sqrt(variance)
    if (!(distance <= worst[1])) worst = [path, distance]
  }
  return worst
}

/** Standard deviations between a counted share and a probability. */
export function sigmas(count: number, of: number, probability: number): number {
  return Math.abs(count / of - probability) / Math.sqrt((probability * (1 - probability)) / of)
}

/** Standard deviations between two counted shares. */
export function sigmasApart(a: number, ofA: number, b: number, ofB: number): number {
  const pooled = (a + b) / (ofA + ofB)
  return Math.abs(a / ofA - b / ofB) / Math.sqrt(pooled * (1 - pooled) * (1 / ofA + 1 / ofB))
}

/**
 * Chi-square of two rows of counts having one law, as standard deviations above its mean: chi-square with k degrees of
 * freedom has mean k and variance 2 k. Columns with fewer than 10 counts in both are left out.
 */
export function chiSquareSigmas(a: readonly number[], b: readonly number[]): number {
  const columns = a.map((count, i) => [count, b[i]!] as const).filter(([x, y]) => x + y >= 10)
  const [sumA, sumB] = columns.reduce(([x, y], [p, q]) => [x + p, y + q], [0, 0])
  const chiSquare = columns.reduce((sum, [x, y]) => {
    const meanX = ((x + y) * sumA) / (sumA + sumB)
    const meanY = ((x + y) * sumB) / (sumA + sumB)
    return sum + (x - meanX) ** 2 / meanX + (y - meanY) ** 2 / meanY
  }, 0)
  const freedom = columns.length - 1
  return (chiSquare - freedom) / Math.sqrt(2 * freedom)
}
