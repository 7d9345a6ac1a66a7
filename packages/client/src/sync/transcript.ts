/** The hash chain over what a device saw in one epoch: two members who saw the same have the same chain. */
import { equalBytes, Writer } from '@qsec/protocol'

type Bytes = Uint8Array<ArrayBuffer>
type Hash = (bytes: Uint8Array) => Bytes

/** Hashes kept, to compare with what others say of the same place. */
const placesAtMost = 1_024

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
