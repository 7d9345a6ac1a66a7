/**
 * Pieces of sealed files that one member has given and that others who are here may want next, in memory alone: so a file
 * that many take at the same time leaves its sender once. Bounded for a room, for all of them, and in time.
 */
import type { Base64Url, DeviceId, RoomAddress } from '@qsec/protocol'
import type { RelayLimits } from '../limits.ts'

type Limits = Pick<RelayLimits, 'filesHeldMs' | 'filesHeldBytesPerRoom' | 'filesHeldBytesInAll'>

interface Held {
  room: RoomAddress
  name: string
  piece: Base64Url
  by: DeviceId
  atMs: number
  /** Who has it: its giver, and all that it was handed to. */
  taken: Set<DeviceId>
}

export class HeldPieces {
  readonly #limits: Limits
  readonly #now: () => number
  /** By room and name; those that were put down first come first. */
  readonly #held = new Map<string, Held>()
  readonly #bytesOf = new Map<RoomAddress, number>()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  /** @param now - milliseconds that only ever go up */
  constructor(limits: Limits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  get bytes(): number {
    return this.#bytes
  }

  bytesOf(room: RoomAddress): number {
    return this.#bytesOf.get(room) ?? 0
  }

  /** Keeps a piece that `by` gave to `to`. */
  put(room: RoomAddress, name: string, from: { piece: Base64Url; by: DeviceId; to: readonly DeviceId[] }): void {
    const { piece, by, to } = from
    const key = keyOf(room, name)
    this.#drop(this.#held.get(key))
    this.#held.set(key, { room, name, piece, by, atMs: this.#now(), taken: new Set([by, ...to]) })
    this.#count(room, piece.length)
    this.#shrink(room)
    this.#wake()
  }

  get(room: RoomAddress, name: string): Readonly<Held> | undefined {
    return this.#held.get(keyOf(room, name))
  }

  /** Hands it to `device`. Nothing is kept any longer than until all of `present` have it. */
  take(room: RoomAddress, name: string, device: DeviceId, present: Iterable<DeviceId>): void {
    const held = this.#held.get(keyOf(room, name))
    if (!held) return
    held.taken.add(device)
    for (const one of present) if (!held.taken.has(one)) return
    this.#drop(held)
  }

  forget(room: RoomAddress): void {
    for (const held of this.#held.values()) if (held.room === room) this.#drop(held)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#held.clear()
    this.#bytesOf.clear()
    this.#bytes = 0
  }

  #shrink(room: RoomAddress): void {
    const { filesHeldBytesPerRoom, filesHeldBytesInAll } = this.#limits
    for (const held of this.#held.values()) {
      if (this.bytesOf(room) <= filesHeldBytesPerRoom) break
      if (held.room === room) this.#drop(held)
    }
    for (const held of this.#held.values()) {
      if (this.#bytes <= filesHeldBytesInAll) break
      this.#drop(held)
    }
  }

  #drop(held: Held | undefined): void {
    if (!held || !this.#held.delete(keyOf(held.room, held.name))) return
    this.#count(held.room, -held.piece.length)
  }

  #count(room: RoomAddress, bytes: number): void {
    this.#bytes += bytes
    const left = this.bytesOf(room) + bytes
    if (left > 0) this.#bytesOf.set(room, left)
    else this.#bytesOf.delete(room)
  }

  /** One timer, for whatever was put down first. */
  #wake(): void {
    if (this.#timer) return
    const first = this.#held.values().next().value
    if (!first) return
    const inMs = Math.max(0, first.atMs + this.#limits.filesHeldMs - this.#now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      for (const held of this.#held.values()) {
        if (this.#now() - held.atMs < this.#limits.filesHeldMs) break
        this.#drop(held)
      }
      this.#wake()
    }, inMs)
    this.#timer.unref()
  }
}

function keyOf(room: RoomAddress, name: string): string {
  return `${room}/${name}`
}
