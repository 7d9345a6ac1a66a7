/** Reading and joining what pictures are made of. */

/** What is left of a picture without its metadata, and its pixels. */
export interface Bare {
  bytes: Uint8Array<ArrayBuffer>
  width: number
  height: number
}

/** Bytes with an end behind which there is nothing: reading past it is noticed by whoever looks at `length` first. */
export class View {
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get length(): number {
    return this.bytes.length
  }

  u8(at: number): number {
    return at < this.length ? this.#view.getUint8(at) : 0
  }

  u16(at: number, little = false): number {
    return at + 2 <= this.length ? this.#view.getUint16(at, little) : 0
  }

  u24Little(at: number): number {
    return this.u8(at) | (this.u8(at + 1) << 8) | (this.u8(at + 2) << 16)
  }

  u32(at: number, little = false): number {
    return at + 4 <= this.length ? this.#view.getUint32(at, little) : 0
  }

  text(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, Math.min(at + length, this.length)))
  }
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
