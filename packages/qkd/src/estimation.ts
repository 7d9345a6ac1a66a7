/** Parameter estimation: which sifted bits are compared in the open, and what they say about the rest. */
import { type SeededRandom, seededInteger } from './random.ts'

/**
 * A sample without replacement (Floyd's method: Bentley and Floyd, Commun. ACM 30, 754, 1987).
 *
 * @returns one flag per sifted bit, exactly `sampled` of them 1
 */
export function chooseSample(sifted: number, sampled: number, random: SeededRandom): Uint8Array {
  const mask = sampleMask(sifted, sampled, random)
  return Uint8Array.from({ length: sifted }, (_, at) => (mask[at >> 5]! >>> (at & 31)) & 1)
}

/** The same sample as a mask, one bit per sifted bit. */
export function sampleMask(sifted: number, sampled: number, random: SeededRandom): Uint32Array {
  if (sampled < 0 || sampled > sifted) throw new RangeError(`sampleMask: ${sampled} of ${sifted}`)
  const mask = new Uint32Array((sifted + 31) >> 5)
  for (let last = sifted - sampled; last < sifted; last++) {
    const drawn = seededInteger(random, last + 1)
    const at = ((mask[drawn >> 5]! >>> (drawn & 31)) & 1) === 1 ? last : drawn
    mask[at >> 5]! |= 1 << (at & 31)
  }
  return mask
}

export function countDifferences(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`countDifferences: ${a.length} and ${b.length} bits`)
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++
  return count
}

/**
 * Wilson's score interval for a share of errors (J. Am. Stat. Assoc. 22, 209, 1927). For display only: a key length
 * uses the sampling bound in security/tomamichel2012.ts.
 *
 * @param z - standard deviations; 1.96 covers the true rate in about 95 % of samples
 */
export function wilsonInterval(errors: number, sampled: number, z = 1.96): [lo: number, hi: number] {
  if (sampled <= 0) return [0, 1]
  const rate = errors / sampled
  const shrink = 1 + (z * z) / sampled
  const centre = (rate + (z * z) / (2 * sampled)) / shrink
  const half = (z / shrink) * Math.sqrt((rate * (1 - rate)) / sampled + (z * z) / (4 * sampled * sampled))
  return [errors === 0 ? 0 : Math.max(0, centre - half), errors === sampled ? 1 : Math.min(1, centre + half)]
}
