/**
 * The correcting side: decodes the difference of two syndromes. If that fails it asks for the bits it is least sure of
 * and decodes again; these are blind increments (Martinez-Mateo, Elkouss, Martin, Quantum Inf. Comput. 12, 791, 2012), with
 * positions chosen as in the symmetric protocol (Kiktenko et al., Phys. Rev. Appl. 8, 044017, 2017).
 */
import { ByteWriter } from '../../bytes.ts'
import { type BitReader, parseParities } from '../cascade/bit-stream.ts'
import { syndromeOf } from './code.ts'
import { decode } from './decoder.ts'
import { iterations, maxIncrements, type OneWayPlan } from './plan.ts'
import { frameBits } from './teller.ts'

// Surer than anything that decoding can say against it.
const certain = 1e4

export class OneWayAsker {
  readonly #plan: OneWayPlan
  readonly #bits: Uint8Array
  readonly #prior: Float32Array
  /** Checks in which the two frames differ. */
  #difference: Uint8Array | undefined
  #belief: Float32Array
  #corrected: Uint8Array | undefined
  #asked: number[] = []
  #increments = 0
  #leakedBits = 0

  /** @param frame - packed as `packWords` does; copied */
  constructor(plan: OneWayPlan, frame: Uint32Array) {
    this.#plan = plan
    this.#bits = frameBits(plan.code, frame)
    this.#prior = new Float32Array(plan.n).fill(Math.log((1 - plan.qber) / plan.qber))
    this.#belief = this.#prior
  }

  get leakedBits(): number {
    return this.#leakedBits
  }

  get increments(): number {
    return this.#increments
  }

  /** The frame, packed, once all checks hold. Verification is still to come: another frame may pass the same checks. */
  get corrected(): Uint32Array | undefined {
    if (!this.#corrected) return undefined
    const words = new Uint32Array((this.#plan.n + 31) >> 5)
    this.#corrected.forEach((bit, at) => {
      words[at >> 5]! |= bit << (at & 31)
    })
    return words
  }

  /** False if the message is no syndrome. */
  hearSyndrome(message: Uint8Array): boolean {
    const said = parseParities(message)
    if (!said || this.#difference || said.count !== this.#plan.code.checks) return false
    this.#leakedBits += said.count
    this.#difference = syndromeOf(this.#plan.code, this.#bits).map((parity) => parity ^ said.bits.bit())
    this.#decode()
    return true
  }

  /** The positions to be told next; undefined when the frame is corrected, or given up. */
  ask(): Uint8Array | undefined {
    if (!this.#difference || this.#corrected || this.#asked.length > 0 || this.#increments >= maxIncrements)
      return undefined
    this.#increments++
    const unknown = Array.from(this.#bits.keys()).filter(
      (at) => this.#prior[at]! < certain && this.#prior[at]! > -certain,
    )
    if (unknown.length < this.#plan.increment) return undefined
    unknown.sort((a, b) => Math.abs(this.#belief[a]!) - Math.abs(this.#belief[b]!))
    this.#asked = unknown.slice(0, this.#plan.increment).sort((a, b) => a - b)
    const writer = new ByteWriter()
    let previous = -1
    for (const at of this.#asked) {
      writer.varint(at - previous - 1)
      previous = at
    }
    return writer.finish()
  }

  /** False if the answer has not as many bits as were asked for. */
  hear(answer: Uint8Array): boolean {
    const said = parseParities(answer)
    const asked = this.#asked
    this.#asked = []
    if (!said || asked.length === 0 || said.count !== asked.length) return false
    this.#leakedBits += said.count
    this.#learn(asked, said.bits)
    this.#decode()
    return true
  }

  wipe(): void {
    this.#bits.fill(0)
    this.#corrected?.fill(0)
  }

  #learn(positions: number[], bits: BitReader): void {
    for (const at of positions) this.#prior[at] = bits.bit() === this.#bits[at]! ? certain : -certain
  }

  #decode(): void {
    const { holds, errors, belief } = decode(this.#plan.code, this.#difference!, this.#prior, iterations)
    this.#belief = belief
    if (holds) this.#corrected = errors.map((error, at) => error ^ this.#bits[at]!)
  }
}
