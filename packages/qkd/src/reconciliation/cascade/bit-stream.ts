/** Bits on their way into a message and out of it, least significant first. The fields are open to the inner loops. */
import { ByteReader } from '../../bytes.ts'

export class BitWriter {
  bytes: Uint8Array = new Uint8Array(1024)
  /** Bits written. */
  count = 0

  /** Makes room, so that a loop may write so many bits into `bytes` itself. The bits after `count` are always 0. */
  reserve(bits: number): void {
    const needed = (this.count + bits + 7) >> 3
    if (needed <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.bytes.length, needed))
    grown.set(this.bytes)
    this.bytes.fill(0)
    this.bytes = grown
  }

  bit(value: number): void {
    this.reserve(1)
    this.bytes[this.count >> 3]! |= value << (this.count & 7)
    this.count++
  }

  /** Bytes that hold a bit so far. */
  get byteLength(): number {
    return (this.count + 7) >> 3
  }

  /** Copies what was written to a place in a message, and begins anew. */
  takeInto(message: Uint8Array, at: number): void {
    const { bytes, byteLength } = this
    for (let i = 0; i < byteLength; i++) {
      message[at + i] = bytes[i]!
      bytes[i] = 0
    }
    this.count = 0
  }
}

/** Whole bytes on their way into a message, with room that is used again. */
export class ByteBuffer {
  #bytes: Uint8Array = new Uint8Array(1024)
  length = 0

  u8(value: number): this {
    if (this.length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.length++] = value
    return this
  }

  /** Groups of seven bits, lowest first, as `ByteReader` reads them. */
  varint(value: number): this {
    let rest = value
    for (; rest > 127; rest >>>= 7) this.u8((rest & 127) | 128)
    return this.u8(rest)
  }

  bytes(value: Uint8Array): this {
    if (this.length + value.length > this.#bytes.length) this.#grow(value.length)
    this.#bytes.set(value, this.length)
    this.length += value.length
    return this
  }

  takeInto(message: Uint8Array, at: number): void {
    const bytes = this.#bytes
    for (let i = 0; i < this.length; i++) message[at + i] = bytes[i]!
    this.length = 0
  }

  #grow(more: number): void {
    const grown = new Uint8Array(2 * this.#bytes.length + more)
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** Reads bits whose number was checked before; beyond the end there are zeros. */
export class BitReader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  bit(): number {
    const value = (this.bytes[this.at >> 3]! >> (this.at & 7)) & 1
    this.at++
    return value
  }
}

/** An answer: how many parities, then the parities. */
export function encodeParities(bits: BitWriter): Uint8Array {
  const { count, byteLength } = bits
  let head = 1
  for (let rest = count >>> 7; rest > 0; rest >>>= 7) head++
  const message = new Uint8Array(head + byteLength)
  for (let i = 0; i < head; i++) message[i] = ((count >>> (7 * i)) & 127) | (i < head - 1 ? 128 : 0)
  bits.takeInto(message, head)
  return message
}

/** undefined if the bytes do not hold exactly so many bits as they say, or an unused bit is set. */
export function parseParities(bytes: Uint8Array): { count: number; bits: BitReader } | undefined {
  const reader = new ByteReader(bytes)
  const count = reader.varint()
  const packed = reader.rest()
  return reader.finish() && isPacked(packed, count) ? { count, bits: new BitReader(packed) } : undefined
}

/** How many parities an answer says: the leak, counted from what went over the line. 0 for what is no answer. */
export function countParities(answer: Uint8Array): number {
  return parseParities(answer)?.count ?? 0
}

export function isPacked(packed: Uint8Array, bitCount: number): boolean {
  if (packed.length !== (bitCount + 7) >> 3) return false
  const spare = packed.length * 8 - bitCount
  return spare === 0 || packed[packed.length - 1]! >> (8 - spare) === 0
}
