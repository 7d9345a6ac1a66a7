/**
 * Offers to link another device: what one device of a person left for the next, sealed under a key that is in the link
 * alone. In memory, handed out once, and gone after ten minutes: nobody can come for it later.
 */
import {
  type Answer,
  type Base64Url,
  type DeviceId,
  type LinkId,
  limits,
  type OfferLink,
  type RoomAddress,
} from '@qsec/protocol'
import type { Seat } from './connection.ts'
import { refuse } from './refuse.ts'
import type { Room } from './room.ts'

export interface LinkOffer {
  readonly device: DeviceId
  readonly sealed: Base64Url
  readonly expiresMs: number
}

export class DeviceLinks {
  readonly #now: () => number
  readonly #lifetimeMs: number
  readonly #atMost: number
  /** By room and id; the oldest first. */
  readonly #offers = new Map<string, LinkOffer>()

  constructor(now: () => number, options: { lifetimeMs: number; atMost: number }) {
    this.#now = now
    this.#lifetimeMs = options.lifetimeMs
    this.#atMost = options.atMost
  }

  get size(): number {
    return this.#offers.size
  }

  /** `full`: the relay holds as many as it may; `device-full`: it does of this device, or the id is another's. */
  offer(room: RoomAddress, id: LinkId, device: DeviceId, sealed: Base64Url): 'offered' | 'device-full' | 'full' {
    this.sweep()
    const key = keyOf(room, id)
    const earlier = this.#offers.get(key)
    // An id follows from 32 random bytes: nobody else can have drawn it. Whoever was told of it does not take it over.
    if (earlier && earlier.device !== device) return 'device-full'
    if (!earlier) {
      const own = [...this.#offers.values()].filter((offer) => offer.device === device)
      if (own.length >= limits.deviceLinksPerDevice) return 'device-full'
      if (this.#offers.size >= this.#atMost) return 'full'
    }
    this.#offers.delete(key)
    this.#offers.set(key, { device, sealed, expiresMs: this.#now() + this.#lifetimeMs })
    return 'offered'
  }

  withdraw(room: RoomAddress, id: LinkId, device: DeviceId): void {
    const key = keyOf(room, id)
    if (this.#offers.get(key)?.device === device) this.#offers.delete(key)
  }

  /** Hands the offer out, to one alone. */
  take(room: RoomAddress, id: LinkId): LinkOffer | undefined {
    this.sweep()
    const key = keyOf(room, id)
    const offer = this.#offers.get(key)
    this.#offers.delete(key)
    return offer
  }

  countIn(room: RoomAddress): number {
    this.sweep()
    return [...this.#offers.keys()].filter((key) => key.startsWith(`${room}/`)).length
  }

  /** Lets go of what is over. */
  sweep(): void {
    const nowMs = this.#now()
    for (const [key, { expiresMs }] of this.#offers) if (expiresMs <= nowMs) this.#offers.delete(key)
  }
}

function keyOf(room: RoomAddress, id: LinkId): string {
  return `${room}/${id}`
}

export function offerLink(room: Room, seat: Seat, { id, sealed }: OfferLink): Answer<object> {
  const { links } = room.core
  if (sealed === undefined) {
    links.withdraw(room.address, id, seat.device)
    return { ok: true }
  }
  const outcome = links.offer(room.address, id, seat.device, sealed)
  if (outcome === 'device-full')
    return refuse('rate-limited', 'This device offers several links already. End one first.')
  if (outcome === 'full') return refuse('unavailable', 'The relay holds too many links now. Try again in ten minutes.')
  room.log('LINK_OFFERED', { bytes: bytesIn(sealed) })
  return { ok: true }
}

/** What was offered, if whoever offered it is in the room still. */
export function takeOffer(links: DeviceLinks, room: Room | undefined, id: LinkId): Base64Url | undefined {
  const offer = room && links.take(room.address, id)
  if (!offer || !room.members.has(offer.device)) return undefined
  room.log('LINK_TAKEN', { bytes: bytesIn(offer.sealed) })
  room.seats.get(offer.device)?.connection.emit('link_taken', { room: room.address, id })
  return offer.sealed
}

function bytesIn(text: Base64Url): number {
  return Math.floor((text.length * 3) / 4)
}
