/**
 * Error verification: a short universal hash of each corrected frame at a public point that is drawn after the last
 * correction (role in the proof: Tomamichel, Lim, Gisin, Renner, Nat. Commun. 3, 634, 2012).
 */
import { PolynomialHash } from './polynomial-hash.ts'

/** Bits of a frame that the comparison says in the clear. */
export const verificationBits = 64
const hashBytes = verificationBits / 8

/**
 * @param frame - corrected bits, packed; unused bits 0
 * @param point - sixteen random bytes, public
 * @returns the first 64 bits of the hash
 */
export function verificationHash(frame: Uint8Array, point: Uint8Array): Uint8Array {
  return verificationHashes([frame], point)
}

/** Hashes of many frames at one point, one after the other. */
export function verificationHashes(frames: readonly Uint8Array[], point: Uint8Array): Uint8Array {
  const hash = new PolynomialHash(point)
  const hashes = new Uint8Array(hashBytes * frames.length)
  for (const [i, frame] of frames.entries()) hashes.set(hash.digestWith(frame).subarray(0, hashBytes), hashBytes * i)
  hash.wipe()
  return hashes
}

/** Which frames have the same hash in both lists, 1 or 0 for each. */
export function equalFrames(ours: Uint8Array, theirs: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: ours.length / hashBytes }, (_, frame) => {
    for (let i = frame * hashBytes; i < (frame + 1) * hashBytes; i++) if (ours[i] !== theirs[i]) return 0
    return 1
  })
}

/**
 * Probability that two different frames of n bits pass: (blocks of frame, length and count) / 2^64. It holds for any
 * number of frames: if keys differ then some frame does, and that one has to pass.
 */
export function verificationFailureProbability(n: number): number {
  return (Math.ceil(n / 128) + 2) / 2 ** verificationBits
}
