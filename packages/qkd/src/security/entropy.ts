/** h(x) = -x log2 x - (1-x) log2(1-x) of an error rate: 0 for x <= 0, and 1 from x = 1/2 on. */
export function binaryEntropy(x: number): number {
  if (x <= 0) return 0
  if (x >= 0.5) return 1
  return -x * Math.log2(x) - (1 - x) * Math.log2(1 - x)
}
