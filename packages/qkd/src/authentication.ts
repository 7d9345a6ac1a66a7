/**
 * Wegman-Carter authentication (J. Comput. Syst. Sci. 22, 265, 1981) of the running transcript: tag = H_r(M) XOR pad.
 * One point r serves the whole run, each pad one tag. Forging one tag succeeds with at most blocks / 2^128.
 */
import { PolynomialHash } from './polynomial-hash.ts'

const tagBytes = 16
export const tagsPerRun = 6
/** r and six pads: 896 bits. */
export const authenticationKeyBytes: number = tagBytes * (1 + tagsPerRun)
export const authenticationBits: number = 8 * authenticationKeyBytes

export class TranscriptAuthenticator {
  readonly #key: Uint8Array
  readonly #hash: PolynomialHash
  readonly #spent = new Set<number>()
  #forgery = 0

  /** @param key - 112 bytes, fresh for this run and known to both ends alone; copied */
  constructor(key: Uint8Array) {
    if (key.length !== authenticationKeyBytes) {
      throw new RangeError(`authenticationKey: ${key.length} bytes, not ${authenticationKeyBytes}`)
    }
    this.#key = key.slice()
    this.#hash = new PolynomialHash(this.#key.subarray(0, tagBytes))
  }

  /** Sum over the tags made and checked so far of their forging probabilities. */
  get forgeryProbability(): number {
    return this.#forgery
  }

  /** Adds a message that went or came. Both ends must do this in the same order. */
  absorb(message: Uint8Array): void {
    this.#hash.absorb(message)
  }

  /**
   * The tag over everything absorbed, then `last`. Throws if this pad was used before, which can only be our mistake.
   *
   * @param pad - 0 to 5
   */
  tag(pad: number, last: Uint8Array): Uint8Array {
    if (this.#spent.has(pad)) throw new Error(`authentication pad ${pad} used twice`)
    this.#spent.add(pad)
    this.#forgery += (this.#hash.blocks + Math.ceil(last.length / 16) + 2) / 2 ** 128
    const tag = this.#hash.digestWith(last)
    for (let i = 0; i < tagBytes; i++) tag[i]! ^= this.#key[tagBytes * (1 + pad) + i]!
    return tag
  }

  wipe(): void {
    this.#key.fill(0)
    this.#hash.wipe()
  }
}

/** Compares without telling by its time where the first difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}
