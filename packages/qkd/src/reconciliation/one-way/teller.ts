/** The side that says its syndrome, and then bits that the other side could not decide. */
import { ByteReader } from '../../bytes.ts'
import { BitWriter, encodeParities } from '../cascade/bit-stream.ts'
import { bitOf } from '../cascade/words.ts'
import { type LdpcCode, syndromeOf } from './code.ts'
import { maxIncrements, type OneWayPlan } from './plan.ts'

export class OneWayTeller {
  readonly #plan: OneWayPlan
  readonly #bits: Uint8Array
  readonly #revealed: Uint8Array
  readonly #out: BitWriter = new BitWriter()
  #increments = 0
  #leakedBits = 0

  /** @param frame - packed as `packWords` does; copied */
  constructor(plan: OneWayPlan, frame: Uint32Array) {
    this.#plan = plan
    this.#bits = frameBits(plan.code, frame)
    this.#revealed = new Uint8Array(plan.n)
  }

  /** Parities and bits said so far. */
  get leakedBits(): number {
    return this.#leakedBits
  }

  syndrome(): Uint8Array {
    for (const parity of syndromeOf(this.#plan.code, this.#bits)) this.#out.bit(parity)
    return this.#say()
  }

  /** Says as many bits as an increment holds; undefined if other positions are asked for, or any of them again. */
  answer(question: Uint8Array): Uint8Array | undefined {
    if (++this.#increments > maxIncrements) return undefined
    const reader = new ByteReader(question)
    const positions: number[] = []
    let position = -1
    while (reader.left > 0 && positions.length <= this.#plan.increment) {
      position += 1 + reader.varint()
      if (position >= this.#plan.n || this.#revealed[position] === 1) return undefined
      positions.push(position)
    }
    if (!reader.finish() || positions.length !== this.#plan.increment) return undefined
    for (const at of positions) {
      this.#revealed[at] = 1
      this.#out.bit(this.#bits[at]!)
    }
    return this.#say()
  }

  wipe(): void {
    this.#bits.fill(0)
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
