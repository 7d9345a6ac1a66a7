/**
 * The correcting side: decodes the difference of two syndromes. If that fails it asks for the links it is least sure of and
 * decodes again, and for bits when the links run out; these are blind increments (Martinez-Mateo, Elkouss, Martin, Quantum Inf. Comput. 12, 791, 2012), chosen
 * as in the symmetric protocol (Kiktenko et al., Phys. Rev. Appl. 8, 044017, 2017).
 */
import { ByteWriter } from '../../bytes.ts'
import { parseParities } from '../cascade/bit-stream.ts'
import { punctured, syndromeOf } from './code.ts'
import { beliefUnit, certain, DecoderRoom, decode } from './decoder.ts'
import { iterations, maxIncrements, type OneWayPlan } from './plan.ts'
import { frameBits } from './teller.ts'

export class OneWayAsker {
  readonly #plan: OneWayPlan
  readonly #bits: Uint8Array
  /** Parities of all checks of our frame. */
  readonly #ours: Uint8Array
  readonly #prior: Int16Array
  readonly #room: DecoderRoom
  /** Checks in which the two frames differ; of a linked pair the sum of both stands in the second. */
  #difference: Uint8Array | undefined
  #corrected: Uint8Array | undefined
  #asked: number[] = []
  #increments = 0
  #leakedBits = 0

  /** @param frame - packed as `packWords` does; copied */
  constructor(plan: OneWayPlan, frame: Uint32Array) {
    const { code, n, qber } = plan
    this.#plan = plan
    this.#bits = frameBits(code, frame)
    this.#ours = syndromeOf(code, this.#bits)
    this.#prior = new Int16Array(n + code.links)
    this.#prior.fill(Math.round(beliefUnit * Math.log((1 - qber) / qber)), 0, n)
    this.#room = new DecoderRoom(code)
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
    const { code } = this.#plan
    const said = parseParities(message)
    if (!said || this.#difference || said.count !== code.checks - code.links) return false
    this.#leakedBits += said.count
    const differs = punctured(code, this.#ours).map((parity) => parity ^ said.bits.bit())
    const difference = new Uint8Array(code.checks)
    difference.set(differs.subarray(code.links), 2 * code.links)
    for (let link = 0; link < code.links; link++) difference[code.secondOfLink[link]!] = differs[link]!
    this.#difference = difference
    this.#decode()
    return true
  }

  /** The places to be revealed next: links, and bits when they run out. undefined if corrected, or given up. */
  ask(): Uint8Array | undefined {
    const { n, increment } = this.#plan
    const isOver = !this.#difference || this.#corrected !== undefined || this.#increments >= maxIncrements
    if (isOver || this.#asked.length > 0) return undefined
    const links = this.#leastCertain(n, this.#prior.length).slice(0, increment)
    const bits = links.length < increment ? this.#leastCertain(0, n).slice(0, increment - links.length) : []
    if (links.length + bits.length < increment) return undefined
    this.#increments++
    this.#asked = [...bits, ...links].sort((a, b) => a - b)
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
    const { code, n } = this.#plan
    const said = parseParities(answer)
    const asked = this.#asked
    this.#asked = []
    if (!said || asked.length === 0 || said.count !== asked.length) return false
    this.#leakedBits += said.count
    for (const at of asked) {
      const ours = at < n ? this.#bits[at]! : this.#ours[code.firstOfLink[at - n]!]!
      this.#prior[at] = said.bits.bit() === ours ? certain : -certain
    }
    this.#decode()
    return true
  }

  wipe(): void {
    this.#bits.fill(0)
    this.#ours.fill(0)
    this.#corrected?.fill(0)
    this.#room.wipe()
  }

  /** Places that are not revealed yet, the most doubtful first. */
  #leastCertain(from: number, to: number): number[] {
    const { belief } = this.#room
    const hidden: number[] = []
    for (let at = from; at < to; at++) if (Math.abs(this.#prior[at]!) < certain) hidden.push(at)
    return hidden.sort((a, b) => Math.abs(belief[a]!) - Math.abs(belief[b]!))
  }

  #decode(): void {
    const { code, n } = this.#plan
    if (!decode(code, this.#difference!, this.#prior, iterations, this.#room)) return
    const { belief } = this.#room
    this.#corrected = this.#bits.map((bit, at) => (at < n && belief[at]! < 0 ? bit ^ 1 : bit))
  }
}
