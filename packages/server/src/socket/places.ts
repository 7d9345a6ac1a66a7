/**
 * Places for connections, by address. Many people sit behind one address, and one of them may flood the relay. So that
 * this keeps none of the others out, who has shown nothing yet gives way to who comes after, and members of rooms share
 * the places among their rooms, by age.
 */

/** A connection, as far as its place goes. */
type Place = object

export interface RoomOfPlace {
  readonly madeMs: number
}

interface Limits {
  connectionsPerAddress: number
  /** Connections that have no seat as a member, where members take up all others. */
  strangersPerAddress: number
}

class Address {
  /** In the order of their coming. */
  readonly strangers = new Set<Place>()
  readonly members = new Map<RoomOfPlace, Set<Place>>()

  get size(): number {
    return this.strangers.size + this.seated
  }

  get seated(): number {
    let seated = 0
    for (const places of this.members.values()) seated += places.size
    return seated
  }
}

export class Places {
  readonly #limits: Limits
  readonly #end: (place: Place) => void
  readonly #addresses = new Map<string, Address>()
  readonly #roomOf = new Map<Place, RoomOfPlace>()

  /** `end` ends a connection. */
  constructor(limits: Limits, end: (place: Place) => void) {
    this.#limits = limits
    this.#end = end
  }

  of(address: string): number {
    return this.#addresses.get(address)?.size ?? 0
  }

  /** A new connection, of which nothing is known. Another one of that address may have to end for it. */
  enter(address: string, place: Place): void {
    const at = this.#addresses.get(address) ?? new Address()
    this.#addresses.set(address, at)
    at.strangers.add(place)
    const { connectionsPerAddress, strangersPerAddress } = this.#limits
    const places = Math.max(strangersPerAddress, connectionsPerAddress - at.seated)
    for (const oldest of at.strangers) {
      if (at.strangers.size <= places) break
      this.leave(address, oldest)
      this.#end(oldest)
    }
  }

  /** The connection belongs to a member of `room` now. False: there is no place for it. */
  seat(address: string, place: Place, room: RoomOfPlace): boolean {
    const at = this.#addresses.get(address)
    if (!at || this.#roomOf.has(place)) return true
    if (at.seated >= this.#limits.connectionsPerAddress && !this.#makeWay(address, at, room)) return false
    at.strangers.delete(place)
    this.#roomOf.set(place, room)
    const places = at.members.get(room) ?? new Set()
    at.members.set(room, places.add(place))
    return true
  }

  /** The connection is a stranger's again. */
  unseat(address: string, place: Place): void {
    const room = this.#roomOf.get(place)
    const at = this.#addresses.get(address)
    if (!room || !at) return
    this.#take(at, place, room)
    at.strangers.add(place)
  }

  leave(address: string, place: Place): void {
    const at = this.#addresses.get(address)
    if (!at) return
    at.strangers.delete(place)
    const room = this.#roomOf.get(place)
    if (room) this.#take(at, place, room)
    if (at.size === 0) this.#addresses.delete(address)
  }

  /** Ends one connection of another room, where it has more than its part. */
  #makeWay(address: string, at: Address, room: RoomOfPlace): boolean {
    const from = hog(at.members, room)
    const newest = from && [...from].at(-1)
    if (!newest) return false
    this.leave(address, newest)
    this.#end(newest)
    return true
  }

  #take(at: Address, place: Place, room: RoomOfPlace): void {
    this.#roomOf.delete(place)
    const places = at.members.get(room)
    places?.delete(place)
    if (places?.size === 0) at.members.delete(room)
  }
}

/**
 * Each room may have as many places as all younger ones together: neither a crowd of new rooms nor an old one that sends
 * crowds takes all from the others. Gives the places of a room that has more, or undefined.
 */
function hog(members: ReadonlyMap<RoomOfPlace, Set<Place>>, room: RoomOfPlace): Set<Place> | undefined {
  const youngestFirst = [...members].filter(([other]) => other !== room).sort(([a], [b]) => b.madeMs - a.madeMs)
  const own = members.get(room)?.size ?? 0
  const younger = youngestFirst.filter(([other]) => other.madeMs >= room.madeMs)
  const places = younger.reduce((sum, [, { size }]) => sum + size, 0)
  if (places > own) return younger[0]![1]
  let belowIt = own + places
  for (const [, older] of youngestFirst.slice(younger.length)) {
    if (older.size > belowIt + 1) return older
    belowIt += older.size
  }
  return undefined
}
