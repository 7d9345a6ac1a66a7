/** A small binary codec: fixed-width big-endian numbers and length-prefixed byte strings, read strictly. */
import { concatBytes, fromUtf8, utf8 } from './bytes.ts'

export class Writer {
  readonly #parts: Uint8Array[] = []

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    return this
  }

  u8(value: number): this {
    return this.#uint(value, 1)
  }

  u16(value: number): this {
    return this.#uint(value, 2)
  }

  u32(value: number): this {
    return this.#uint(value, 4)
  }

  /** A whole number up to 2^53 - 1, in eight bytes. */
  u53(value: number): this {
    return this.#uint(value, 8)
  }

  /** Bytes behind their length in `prefixBytes` bytes. */
  bytes(value: Uint8Array, prefixBytes: 1 | 2 | 4): this {
    return this.#uint(value.length, prefixBytes).raw(value)
  }

  text(value: string, prefixBytes: 1 | 2 | 4): this {
    return this.bytes(utf8(value), prefixBytes)
  }

  done(): Uint8Array<ArrayBuffer> {
    return concatBytes(...this.#parts)
  }

  #uint(value: number, width: number): this {
    if (!Number.isSafeInteger(value) || value < 0 || value >= 2 ** Math.min(53, 8 * width)) {
      throw new RangeError(`codec: ${value} does not fit in ${width} bytes`)
    }
    const out = new Uint8Array(width)
    for (let i = width - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256
    this.#parts.push(out)
    return this
  }
}

/** What a Reader throws on bytes of a wrong shape. `readExactly` turns it into undefined. */
export class CodecError extends Error {
  override readonly name = 'CodecError'
}

export class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  raw(length: number): Uint8Array<ArrayBuffer> {
    if (length > this.#bytes.length - this.#at) throw new CodecError('codec: the bytes end too early')
    this.#at += length
    return this.#bytes.slice(this.#at - length, this.#at)
  }

  u8(): number {
    return this.#uint(1)
  }

  u16(): number {
    return this.#uint(2)
  }

  u32(): number {
    return this.#uint(4)
  }

  u53(): number {
    return this.#uint(8)
  }

  bytes(prefixBytes: 1 | 2 | 4): Uint8Array<ArrayBuffer> {
    return this.raw(this.#uint(prefixBytes))
  }

  text(prefixBytes: 1 | 2 | 4): string {
    const text = fromUtf8(this.bytes(prefixBytes))
    if (text === undefined) throw new CodecError('codec: no valid UTF-8')
    return text
  }

  /** What is left, to the end. */
  rest(): Uint8Array<ArrayBuffer> {
    return this.raw(this.#bytes.length - this.#at)
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  #uint(width: number): number {
    let value = 0
    for (const byte of this.raw(width)) value = value * 256 + byte
    if (!Number.isSafeInteger(value)) throw new CodecError('codec: a number above 2^53')
    return value
  }
}

/**
 * What `read` makes of all of `bytes`; undefined where they are malformed or something is left over.
 * Trailing bytes are refused, since whoever compares hashes must be sure that one meaning has one spelling.
 */
export function readExactly<T>(bytes: Uint8Array, read: (reader: Reader) => T | undefined): T | undefined {
  try {
    const reader = new Reader(bytes)
    const value = read(reader)
    return reader.atEnd ? value : undefined
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}
