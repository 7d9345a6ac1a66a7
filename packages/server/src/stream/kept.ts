/**
 * What the disk holds of one stream: an index of the frames that some device has not got yet, and how far each device is.
 * Pure: it neither reads nor writes.
 */
import type { DeviceId, MessageId, PairId, RoomAddress } from '@qsec/protocol'

export interface KeptFrame {
  seq: number
  device: DeviceId
  id: MessageId
  /** What it counts for in the limits. */
  bytes: number
  atMs: number
}

/** The bytes of all kept streams together. */
export class KeptTotal {
  readonly streams: Set<Kept> = new Set()
  bytes = 0
  /** Of frames that wait for the disk, as they came. */
  waitingBytes = 0
}

export class Kept {
  readonly name: { room: RoomAddress; pair: PairId | undefined }
  readonly #total: KeptTotal
  // A plain array with a moving start, as in the ring.
  #frames: KeptFrame[] = []
  #start = 0
  #bytes = 0
  readonly #ids = new Map<string, number>()
  readonly #places = new Map<DeviceId, number>()
  readonly #moved = new Set<DeviceId>()
  /** Bytes of the Welcomes that are on disk, by the place of their commit. */
  readonly #welcomes = new Map<number, number>()

  constructor({ room, pair }: Kept['name'], total: KeptTotal) {
    this.name = { room, pair }
    this.#total = total
    total.streams.add(this)
  }

  get length(): number {
    return this.#frames.length - this.#start
  }

  /** Of the frames. */
  get bytes(): number {
    return this.#bytes
  }

  /** Of Welcomes that are not delivered. */
  get welcomeBytes(): number {
    let bytes = 0
    for (const one of this.#welcomes.values()) bytes += one
    return bytes
  }

  get oldest(): KeptFrame | undefined {
    return this.#frames[this.#start]
  }

  /** Notes a frame that is on disk. They come in the order of their numbers, without a hole. */
  add(frame: KeptFrame): void {
    const { seq, device, id, bytes, atMs } = frame
    this.#frames.push({ seq, device, id, bytes, atMs })
    this.#ids.set(idKey(device, id), seq)
    this.#count(bytes)
  }

  /** Notes that the Welcomes of the commit at `seq` are on disk. */
  addWelcomes(seq: number, bytes: number): void {
    this.#welcomes.set(seq, (this.#welcomes.get(seq) ?? 0) + bytes)
    this.#total.bytes += bytes
  }

  /** Those Welcomes are gone. */
  dropWelcomes(seq: number): void {
    this.#total.bytes -= this.#welcomes.get(seq) ?? 0
    this.#welcomes.delete(seq)
  }

  /** The place of a frame that is still here. */
  seqOf(device: DeviceId, id: MessageId): number | undefined {
    return this.#ids.get(idKey(device, id))
  }

  /** Whether every frame from `seq` + 1 on is here. */
  reaches(seq: number): boolean {
    return this.oldest !== undefined && this.oldest.seq <= seq + 1
  }

  /** `device` has every frame up to `seq`. True where that is news. */
  reached(device: DeviceId, seq: number): boolean {
    if (seq <= (this.#places.get(device) ?? 0)) return false
    this.#places.set(device, seq)
    this.#moved.add(device)
    return true
  }

  /** What the disk says about a device. */
  restorePlace(device: DeviceId, seq: number): void {
    if (seq > 0) this.#places.set(device, seq)
  }

  forget(device: DeviceId): void {
    this.#places.delete(device)
    this.#moved.delete(device)
  }

  /** Devices whose place is known. */
  get known(): DeviceId[] {
    return [...this.#places.keys()]
  }

  /** The last frame that all of `devices` have; one that never said so has none. */
  deliveredTo(devices: Iterable<DeviceId>): number {
    let seq = Number.POSITIVE_INFINITY
    for (const device of devices) seq = Math.min(seq, this.#places.get(device) ?? 0)
    return seq === Number.POSITIVE_INFINITY ? 0 : seq
  }

  /** The last frame from before `atMs`; 0: there is none. */
  lastBefore(atMs: number): number {
    let seq = 0
    for (let i = this.#start; i < this.#frames.length && this.#frames[i]!.atMs < atMs; i++) seq = this.#frames[i]!.seq
    return seq
  }

  /** Lets go of every frame up to `seq`. Yields how many those were. */
  dropUpTo(seq: number): number {
    let dropped = 0
    for (let frame = this.oldest; frame && frame.seq <= seq; frame = this.oldest) {
      this.#start += 1
      dropped += 1
      this.#ids.delete(idKey(frame.device, frame.id))
      this.#count(-frame.bytes)
    }
    if (this.#start > 64 && this.#start * 2 > this.#frames.length) {
      this.#frames = this.#frames.slice(this.#start)
      this.#start = 0
    }
    return dropped
  }

  /** The places that changed since this was asked last. */
  takeMoved(): [DeviceId, number][] {
    const moved = [...this.#moved].map((device): [DeviceId, number] => [device, this.#places.get(device)!])
    this.#moved.clear()
    return moved
  }

  end(): void {
    this.#count(-this.#bytes)
    for (const seq of [...this.#welcomes.keys()]) this.dropWelcomes(seq)
    this.#total.streams.delete(this)
    this.#frames = []
    this.#start = 0
    this.#ids.clear()
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    this.#total.bytes += bytes
  }
}

function idKey(device: DeviceId, id: MessageId): string {
  return `${device}${id}`
}
