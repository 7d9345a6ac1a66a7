/** The two kinds of chance. Their brands keep a repeatable number from ever standing where a secret is drawn. */
import { sha256 } from './sha256.ts'

/** Unpredictable bytes: the only source of key bits, bases, hash points and seeds of a live run. */
export type SecureRandom = ((byteLength: number) => Uint8Array) & { readonly __type: 'SecureRandom' }

/** Repeatable numbers in [0, 1) with 53 random bits: channel noise, public permutations, tests. */
export type SeededRandom = (() => number) & { readonly __type: 'SeededRandom' }

/** Marks the platform's generator as such. Whoever calls this vouches for it. */
export function secureRandom(fill: (byteLength: number) => Uint8Array): SecureRandom {
  return fill as SecureRandom
}

// crypto.getRandomValues refuses more than 65,536 bytes at once.
const maxDrawBytes = 32768

/** Any number of secure bytes, drawn in portions that every platform grants. */
export function secureBytes(random: SecureRandom, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  for (let at = 0; at < byteLength; at += maxDrawBytes) {
    const portion = random(Math.min(maxDrawBytes, byteLength - at))
    if (portion.length !== Math.min(maxDrawBytes, byteLength - at)) {
      throw new RangeError(`secureBytes: asked ${Math.min(maxDrawBytes, byteLength - at)}, got ${portion.length} bytes`)
    }
    bytes.set(portion, at)
    portion.fill(0)
  }
  return bytes
}

/**
 * xoshiro128** (Blackman and Vigna, ACM Trans. Math. Softw. 47, 36, 2021), two draws per number.
 *
 * @param seed - bytes both ends agreed on, or a whole number for tests
 * @param purpose - separates the streams that one seed feeds
 */
export function seededRandom(seed: Uint8Array | number, purpose = ''): SeededRandom {
  const seedBytes = typeof seed === 'number' ? asciiBytes(`${seed}`) : seed
  const digest = sha256(asciiBytes(`qsec/qkd/seeded/${purpose}/`), seedBytes)
  const view = new DataView(digest.buffer)
  let a = view.getUint32(0)
  let b = view.getUint32(4)
  let c = view.getUint32(8)
  let d = view.getUint32(12) | 1 // the all-zero state is the one xoshiro cannot leave
  const next = (): number => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return result
  }
  return (() => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992) as SeededRandom
}

/** A whole number in [0, bound), bound at most 2^32; the bias of 53 bits is below 2^-21. */
export function seededInteger(random: SeededRandom, bound: number): number {
  return Math.floor(random() * bound)
}

/** Fisher-Yates: entry i tells which position stands at place i. */
export function seededPermutation(length: number, random: SeededRandom): Uint32Array {
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = i
  for (let i = length - 1; i > 0; i--) {
    const j = seededInteger(random, i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}

/** Bytes of a text that holds ASCII only. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
