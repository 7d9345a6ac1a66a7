/** Writing and strict reading of bytes. A reader never throws: it remembers that something was wrong. */

export class ByteWriter {
  #bytes: Uint8Array = new Uint8Array(256)
  #length = 0

  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    this.#room(1)
    this.#bytes[this.#length++] = value
    return this
  }

  u16(value: number): this {
    return this.u8(value >>> 8).u8(value & 255)
  }

  u32(value: number): this {
    return this.u16(value >>> 16).u16(value & 65535)
  }

  f64(value: number): this {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setFloat64(0, value)
    return this.bytes(bytes)
  }

  /** Groups of seven bits, lowest first; value below 2^28. */
  varint(value: number): this {
    let rest = value
    while (rest > 127) {
      this.u8((rest & 127) | 128)
      rest >>>= 7
    }
    return this.u8(rest)
  }

  bytes(value: Uint8Array): this {
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes.fill(0)
    this.#bytes = grown
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0
  #failed = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  u8(): number {
    if (this.left < 1) {
      this.#failed = true
      return 0
    }
    return this.#bytes[this.#at++]!
  }

  u16(): number {
    return this.u8() * 256 + this.u8()
  }

  u32(): number {
    return this.u16() * 65536 + this.u16()
  }

  f64(): number {
    const bytes = this.bytes(8)
    return bytes.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0) : Number.NaN
  }

  /** Below 2^28, shortest form only. */
  varint(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.u8()
      value |= (byte & 127) << shift
      if (byte < 128) {
        if (byte === 0 && shift > 0) this.#failed = true
        return value
      }
    }
    this.#failed = true
    return 0
  }

  /** A view, not a copy; empty if there are fewer. */
  bytes(byteLength: number): Uint8Array {
    if (this.left < byteLength) {
      this.#failed = true
      return new Uint8Array(0)
    }
    this.#at += byteLength
    return this.#bytes.subarray(this.#at - byteLength, this.#at)
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.left)
  }

  /** True if everything was there and nothing is left over. */
  finish(): boolean {
    return !this.#failed && this.left === 0
  }
}
