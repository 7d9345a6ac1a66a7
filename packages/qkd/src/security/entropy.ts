/**
 * h(x) = -x log2 x - (1-x) log2(1-x) of an error rate: 0 for x <= 0, and 1 from x = 1/2 on, because a bound on an error
 * rate that has passed 1/2 knows nothing more.
 */
export function binaryEntropy(x: number): number {
  if (x <= 0) return 0
  if (x >= 0.5) return 1
  return -x * Math.log2(x) - (1 - x) * Math.log2(1 - x)
}

/** h(x) of a probability, symmetric about 1/2; 0 outside of (0, 1). */
export function binaryEntropyUncapped(x: number): number {
  return x >= 1 ? 0 : binaryEntropy(Math.min(x, 1 - x))
}
