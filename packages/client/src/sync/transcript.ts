/** The hash chain over what a device saw in one epoch: two members who saw the same have the same chain. */
import { type Cursor, concatBytes, equalBytes, utf8, Writer } from '@qsec/protocol'

type Bytes = Uint8Array<ArrayBuffer>
type Hash = (bytes: Uint8Array) => Bytes

const nothing = new Uint8Array()

/** Hashes kept, to compare with what others say of the same place. */
const placesAtMost = 1_024

/** How the transcript of an epoch begins in a later life of the relay, behind `at`. */
export function startOfLife(hash: Hash, epochStart: Uint8Array, { inc, seq }: Cursor): Bytes {
  const place = new Writer().text(inc, 1).u53(seq).done()
  return concatBytes(utf8('qsec/transcript/v1/life'), hash(epochStart), place)
}

export class Transcript {
  readonly #hash: Hash
  readonly #seen = new Map<number, Bytes>()
  #last: Bytes

  /** `last`: the hash at `seq`; empty where this device has missed some of the epoch. */
  constructor(hash: Hash, seq: number, last: Bytes) {
    this.#hash = hash
    this.#last = last
    if (last.length > 0) this.#seen.set(seq, last)
  }

  /** The chain of an epoch that begins at `seq` with `start`, which all of its members know. */
  static begin(hash: Hash, seq: number, start: Uint8Array): Transcript {
    return new Transcript(hash, seq, hash(start))
  }

  /**
   * The chain of an epoch in a later life of the relay, which begins behind `seq` with `start`. What was seen before is
   * still compared, for what says so can come late. What stands at `seq` itself is not: two lives begin there where the
   * first had no frame.
   */
  inLife(seq: number, start: Uint8Array): Transcript {
    const next = new Transcript(this.#hash, seq, nothing)
    for (const [at, hash] of this.#seen) if (at < seq) next.#seen.set(at, hash)
    next.#last = this.#hash(start)
    return next
  }

  /**
   * The chain as it was stored with its place. Where that is the beginning of a life of the relay, it is not compared there,
   * as in `inLife`: a life before it can have begun at the same number, and what is said of that can still come.
   */
  static stored(hash: Hash, at: Cursor, last: Bytes, epochStart: Uint8Array): Transcript {
    if (last.length === 0 || !equalBytes(last, hash(startOfLife(hash, epochStart, at)))) {
      return new Transcript(hash, at.seq, last)
    }
    const stored = new Transcript(hash, at.seq, nothing)
    stored.#last = last
    return stored
  }

  /** Empty where this device has missed some of the epoch. */
  get last(): Bytes {
    return this.#last
  }

  add(seq: number, ct: Uint8Array): void {
    if (this.#last.length === 0) return
    this.#last = this.#hash(new Writer().raw(this.#last).u53(seq).raw(this.#hash(ct)).done())
    this.#seen.set(seq, this.#last)
    if (this.#seen.size > placesAtMost) this.#seen.delete(this.#seen.keys().next().value!)
  }

  /** Whether `hash` is what this device saw at `seq`: undefined where it does not know. */
  agrees(seq: number, hash: Uint8Array): boolean | undefined {
    const own = this.#seen.get(seq)
    return own && equalBytes(own, hash)
  }
}
