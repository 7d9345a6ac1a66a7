/**
 * The newest frames of a stream as they came, for members who missed them: MLS ciphertexts, which this device itself can
 * open no more. Bounded by age, bytes and number. What is kept is known without reading it: a copy's key says it all but its content.
 */
import { type Cursor, type Incarnation, limits, readExactly, Writer } from '@qsec/protocol'
import type { Clock, Storage, StorageChange } from '../ports.ts'
import type { StreamFrame } from './session.ts'

export interface CopyLimits {
  ageMs: number
  bytes: number
  frames: number
}

export const copyLimits: Readonly<CopyLimits> = { ageMs: 7 * 86_400_000, bytes: 50_000_000, frames: 16_384 }

/** One frame that is kept; without bytes it is a place to which the stream moved without one. */
interface Kept {
  /** In which it came. */
  order: number
  inc: Incarnation
  seq: number
  bytes: number
  /** By this device's clock. */
  keptMs: number
}

export interface CopyParts {
  /** Storage keys begin with it. */
  prefix: string
  storage: Storage
  clock: Clock
  limits?: CopyLimits
}

const version = 1
const kinds = ['message', 'commit'] as const

export class Copies {
  readonly #parts: CopyParts
  readonly #limits: CopyLimits
  /** In their order. The first `#start` of them are gone. */
  #kept: Kept[]
  #start = 0
  #bytes = 0
  readonly #places = new Map<string, Kept>()
  #changes: StorageChange[] = []

  private constructor(parts: CopyParts, kept: Kept[]) {
    this.#parts = parts
    this.#limits = parts.limits ?? copyLimits
    this.#kept = kept
    for (const one of kept) this.#count(one)
  }

  static async load(parts: CopyParts): Promise<Copies> {
    const keys = await parts.storage.keys(`${parts.prefix}/`)
    const copies = new Copies(
      parts,
      keys.flatMap((key) => placeIn(key.slice(parts.prefix.length + 1)) ?? []),
    )
    copies.#drop()
    return copies
  }

  /** Frames kept, and their bytes. */
  get size(): { frames: number; bytes: number } {
    return { frames: this.#kept.length - this.#start, bytes: this.#bytes }
  }

  /** Keeps a frame: it is stored with the changes that `take` gives next. */
  add(frame: StreamFrame): void {
    if (frame.kind !== 'message' && frame.kind !== 'commit') return
    const { inc, seq } = frame
    if (this.#places.has(placeOf(inc, seq))) return
    this.#keep(inc, seq, encode(frame))
  }

  #keep(inc: Incarnation, seq: number, value: Uint8Array<ArrayBuffer>): void {
    const keptMs = this.#parts.clock.nowMs()
    const kept = { order: (this.#kept.at(-1)?.order ?? -1) + 1, inc, seq, bytes: value.length, keptMs }
    this.#kept.push(kept)
    this.#count(kept)
    this.#changes.push({ type: 'put', key: this.#key(kept), value })
    this.#drop()
  }

  /** The stream goes on at `cursor`: whoever stood there too learns from it what came behind. */
  mark({ inc, seq }: Cursor): void {
    this.#keep(inc, seq, new Uint8Array())
  }

  /** What is to be stored since it was last asked. */
  take(): StorageChange[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  /**
   * The frames from `from` on without a hole, up to `to`, and no more than one packet carries. `next` is the place of the
   * nearest frame behind them that is kept here; undefined also where this device has never been in `inc`.
   */
  async read(inc: Incarnation, from: number, to: number): Promise<{ frames: StreamFrame[]; next?: Cursor }> {
    const frames: StreamFrame[] = []
    let bytes = 0
    for (let seq = from; seq <= to && frames.length < limits.gapFrames; seq++) {
      const kept = this.#places.get(placeOf(inc, seq))
      if (!kept || (frames.length > 0 && bytes + kept.bytes > limits.gapBytes)) break
      const frame = decode(inc, seq, await this.#parts.storage.get(this.#key(kept)))
      if (!frame) break
      frames.push(frame)
      bytes += kept.bytes
    }
    const next = this.#after(inc, from + frames.length)
    return { frames, ...(next ? { next } : {}) }
  }

  /** The lowest place of `inc` at or behind `seq`, else where the device went on after `inc`. */
  #after(inc: Incarnation, seq: number): Cursor | undefined {
    let lowest: Kept | undefined
    let last: number | undefined
    for (let i = this.#start; i < this.#kept.length; i++) {
      const one = this.#kept[i]!
      if (one.inc !== inc) continue
      last = i
      if (one.bytes > 0 && one.seq >= seq && (!lowest || one.seq < lowest.seq)) lowest = one
    }
    const next = lowest ?? (last === undefined ? undefined : this.#kept.slice(last + 1).find(({ bytes }) => bytes > 0))
    return next && { inc: next.inc, seq: next.seq }
  }

  #count(kept: Kept): void {
    if (kept.bytes > 0) this.#places.set(placeOf(kept.inc, kept.seq), kept)
    this.#bytes += kept.bytes
  }

  /** Lets the oldest go until all limits hold. */
  #drop(): void {
    const { ageMs, bytes, frames } = this.#limits
    const oldestMs = this.#parts.clock.nowMs() - ageMs
    for (;;) {
      const oldest = this.#kept[this.#start]
      if (!oldest) break
      const tooMany = this.size.frames > frames || this.#bytes > bytes
      if (!tooMany && oldest.keptMs >= oldestMs) break
      this.#start++
      this.#bytes -= oldest.bytes
      if (oldest.bytes > 0) this.#places.delete(placeOf(oldest.inc, oldest.seq))
      this.#changes.push({ type: 'delete', key: this.#key(oldest) })
    }
    // The array is moved now and then, not for each frame.
    if (this.#start > 64 && 2 * this.#start > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#start)
      this.#start = 0
    }
  }

  #key({ order, inc, seq, bytes, keptMs }: Kept): string {
    return `${this.#parts.prefix}/${String(order).padStart(16, '0')}.${inc}.${seq}.${bytes}.${keptMs}`
  }
}

function placeOf(inc: string, seq: number): string {
  return `${inc} ${seq}`
}

/** What a key says; undefined where it was written by something else. */
function placeIn(name: string): Kept | undefined {
  const [order = '', inc = '', ...numbers] = name.split('.')
  const [seq = Number.NaN, bytes = Number.NaN, keptMs = Number.NaN] = numbers.map(Number)
  const kept = { order: Number(order), inc: inc as Incarnation, seq, bytes, keptMs }
  return [kept.order, seq, bytes, keptMs].every(Number.isSafeInteger) ? kept : undefined
}

function encode({ kind, epoch, id, device, atMs, ct }: StreamFrame): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(version)
    .u8(kinds.indexOf(kind as (typeof kinds)[number]))
    .u53(epoch)
    .text(id, 1)
    .text(device, 1)
    .u53(atMs)
    .bytes(ct, 4)
    .done()
}

function decode(inc: Incarnation, seq: number, bytes: Uint8Array | undefined): StreamFrame | undefined {
  if (!bytes) return undefined
  const read = readExactly(bytes, (reader) => {
    if (reader.u8() !== version) return undefined
    const kind = kinds[reader.u8()]
    const [epoch, id, device, atMs] = [reader.u53(), reader.text(1), reader.text(1), reader.u53()]
    const ct = reader.bytes(4)
    return kind && { kind, inc, seq, epoch, id, device, ct, atMs }
  })
  return read
}
