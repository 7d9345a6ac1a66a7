/** The side that says its syndrome, and then the links and bits that the other side asks for. */
import { ByteReader } from '../../bytes.ts'
import { BitWriter, encodeParities } from '../cascade/bit-stream.ts'
import { bitOf } from '../cascade/words.ts'
import { type LdpcCode, punctured, syndromeOf } from './code.ts'
import { maxIncrements, type OneWayPlan } from './plan.ts'

export class OneWayTeller {
  readonly #plan: OneWayPlan
  readonly #bits: Uint8Array
  /** Parities of all checks. */
  readonly #syndrome: Uint8Array
  readonly #revealed: Uint8Array
  readonly #out: BitWriter = new BitWriter()
  #increments = 0
  #leakedBits = 0

  /** @param frame - packed as `packWords` does; copied */
  constructor(plan: OneWayPlan, frame: Uint32Array) {
    this.#plan = plan
    this.#bits = frameBits(plan.code, frame)
    this.#syndrome = syndromeOf(plan.code, this.#bits)
    this.#revealed = new Uint8Array(plan.n + plan.code.links)
  }

  /** Parities and bits said so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  syndrome(): Uint8Array {
    for (const parity of punctured(this.#plan.code, this.#syndrome)) this.#out.bit(parity)
    return this.#say()
  }

  /** Reveals as many places as an increment holds; undefined if others are asked for, or any of them again. */
  answer(question: Uint8Array): Uint8Array | undefined {
    if (++this.#increments > maxIncrements) return undefined
    const { code, n, increment } = this.#plan
    const reader = new ByteReader(question)
    const asked: number[] = []
    let place = -1
    while (reader.left > 0 && asked.length <= increment) {
      place += 1 + reader.varint()
      if (place >= this.#revealed.length || this.#revealed[place] === 1) return undefined
      asked.push(place)
    }
    if (!reader.finish() || asked.length !== increment) return undefined
    for (const at of asked) {
      this.#revealed[at] = 1
      this.#out.bit(at < n ? this.#bits[at]! : this.#syndrome[code.firstOfLink[at - n]!]!)
    }
    return this.#say()
  }

  wipe(): void {
    this.#bits.fill(0)
    this.#syndrome.fill(0)
  }

  /** The one door through which parities leave, and the one place where they are counted. */
  #say(): Uint8Array {
    this.#leakedBits += this.#out.count
    return encodeParities(this.#out)
  }
}

/** One byte per bit. */
export function frameBits(code: LdpcCode, frame: Uint32Array): Uint8Array {
  if (frame.length !== (code.n + 31) >> 5) throw new RangeError(`one-way: a frame of ${code.n} bits was planned`)
  const words = Int32Array.from(frame)
  const bits = Uint8Array.from({ length: code.n }, (_, at) => bitOf(words, at))
  words.fill(0)
  return bits
}
