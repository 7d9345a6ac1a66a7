/**
 * One room at the relay: who belongs, who waits, who is connected, and its streams. The members that count are those
 * of the MLS tree, which the relay cannot see; these here decide only who gets frames and may send some.
 */
import type { Base64Url, DeviceId, Incarnation, PairId, RoomAddress, RoomKind } from '@qsec/protocol'
import { roomKind } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import type { LogFields } from '../store/log-line.ts'
import type { CommitMark, Continued } from '../stream/stream.ts'
import { Allowances } from './allowances.ts'
import { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import type { Core } from './core.ts'
import { EncodedEvent } from './encoded-event.ts'
import type { RelayEvent } from './events.ts'
import { Files } from './files.ts'
import type { Identity } from './identity.ts'
import type { Keeping } from './keeping.ts'
import { LogFeed } from './log-feed.ts'
import { Mailbox } from './mailbox.ts'
import { Members } from './members.ts'
import { Pushes } from './pushes.ts'
import type { Restored } from './reopen.ts'
import { Repairs } from './repair.ts'

export interface JoinRequest {
  keyPackage: string
  atMs: number
}

export class Room {
  readonly core: Core
  readonly address: RoomAddress
  readonly kind: RoomKind
  /** A device of the person who owns the room, as far as the relay was told: who made it, or was handed it. */
  leader: DeviceId
  /** Persons who have a place; undefined: as many as the relay allows. */
  expected: number | undefined
  joinKeys: readonly string[]
  /** ROOM_READY was logged. */
  ready = false
  ended = false
  readonly members: Members = new Members()
  /** Left or removed. Their leaves can outlive them in the MLS tree, so their bundles are still handed out. */
  readonly gone: Map<DeviceId, Identity> = new Map()
  /** Newcomers: connected ones, and those whose request waits for somebody to come. */
  readonly waiting: Map<DeviceId, Identity> = new Map()
  /** Strangers who ask to be let in without a link. Until then they hear nothing of the room. */
  readonly knocking: Map<DeviceId, Identity> = new Map()
  /** Those of them who were turned away, and when. */
  readonly dismissed: Map<DeviceId, number> = new Map()
  readonly requests: Map<DeviceId, JoinRequest> = new Map()
  /** The KeyPackage that a held Welcome answers: announcing it again asks for nothing new. */
  readonly answered: Map<DeviceId, string> = new Map()
  readonly seats: Map<DeviceId, Seat> = new Map()
  readonly allowances: Allowances
  readonly madeMs: number
  /** The room's stream. Replaced where the relay was set back and its members know a later epoch. */
  main: Channel
  readonly pairs: Map<PairId, Channel> = new Map()
  readonly mailbox: Mailbox = new Mailbox()
  readonly repairs: Repairs = new Repairs()
  readonly files: Files
  readonly pushes: Pushes = new Pushes(this)
  /** Present while sealed frames are kept on disk until every device has them. */
  keeping: Keeping | undefined
  keepSwitchedMs = 0
  /** Present while the room may be further on than this relay, whose database was put back from a backup. */
  restored: Restored | undefined
  /** Incarnations since then that were given up for what members had from before. */
  astray: ReadonlySet<Incarnation> = new Set()
  logDeletedMs = 0
  readonly logFeed: LogFeed = new LogFeed(this)
  /** When a member was last connected, or this relay began. */
  memberSeenMs: number
  #userListTimer: NodeJS.Timeout | undefined
  #allPubkeys: { of: readonly unknown[]; event: { deref(): EncodedEvent | undefined } } = {
    of: [],
    event: { deref: () => undefined },
  }

  constructor(
    core: Core,
    from: {
      address: RoomAddress
      leader: DeviceId
      expected: number | undefined
      joinKeys: readonly string[]
      epoch: number
      seqMark?: number
      begunBy?: CommitMark | undefined
      continued?: Continued | undefined
      /** Default: now. */
      madeMs?: number
    },
  ) {
    this.core = core
    this.address = from.address
    this.kind = roomKind(from.address)
    this.leader = from.leader
    this.expected = from.expected
    this.joinKeys = from.joinKeys
    this.memberSeenMs = core.now()
    this.madeMs = from.madeMs ?? core.now()
    this.allowances = new Allowances(core.limits)
    this.files = new Files(this)
    this.main = new Channel(core, {
      room: from.address,
      epoch: from.epoch,
      begunBy: from.begunBy,
      continued: from.continued,
      ...(from.seqMark === undefined ? {} : { seqMark: from.seqMark }),
    })
  }

  log(tag: string, fields: LogFields): void {
    this.core.store.log(this.address, tag, fields)
  }

  /** Runs `task` in the room's next turn. Nobody waits for it, so its fault is reported here. */
  later(task: () => void | Promise<void>): void {
    this.mailbox.run(task).catch((error: unknown) => {
      this.core.report({ level: 'error', event: 'room-task-failed', room: this.address, ...describeFault(error) })
    })
  }

  /** Somebody who asks to be let in, by a link or by knocking. */
  newcomer(device: DeviceId): Identity | undefined {
    return this.waiting.get(device) ?? this.knocking.get(device)
  }

  /** Who has come as `device` before, in whatever part. */
  known(device: DeviceId): Identity | undefined {
    return this.members.get(device) ?? this.newcomer(device) ?? this.gone.get(device)
  }

  /** The bundle as the room holds it of one of `devices`, where it does: bundles are long, and one copy serves. */
  heldBundle(bundle: Base64Url, devices: readonly DeviceId[]): Base64Url {
    return devices.map((device) => this.known(device)?.bundle).find((held) => held === bundle) ?? bundle
  }

  /** The person who owns the room, as far as the relay was told; undefined where nothing is known of its device. */
  get ownerPerson(): string | undefined {
    return (this.members.get(this.leader) ?? this.gone.get(this.leader))?.person
  }

  /** Persons who hold a place: members and those who wait. */
  persons(): Set<string> {
    return new Set([...this.members.values(), ...this.waiting.values()].map((identity) => identity.person))
  }

  /** Whether `identity` would be one person or device too many. */
  isFullFor(identity: Identity): boolean {
    if (this.members.size + this.waiting.size >= this.core.limits.devicesPerRoom) return true
    const persons = this.persons()
    return !persons.has(identity.person) && persons.size >= (this.expected ?? this.core.limits.capacity)
  }

  /** Connections that get the frames of `channel` as they come. */
  listeners(channel: Channel): Seat[] {
    if (!channel.devices) return [...this.seats.values()].filter((seat) => seat.channels.has(channel))
    return channel.devices
      .map((device) => this.seats.get(device))
      .filter((seat): seat is Seat => seat?.channels.has(channel) === true)
  }

  send(seats: Iterable<Seat>, { name, payload }: RelayEvent): void {
    this.sendEncoded(seats, new EncodedEvent(name, payload))
  }

  sendEncoded(seats: Iterable<Seat>, event: EncodedEvent): void {
    for (const seat of seats) seat.connection.emitEncoded(event)
  }

  /** The request of `device` as members may see it: not while a pending commit answers it. */
  visibleRequest(device: DeviceId): JoinRequest | undefined {
    const request = this.requests.get(device)
    return request && this.main.extras?.answers.get(device) === request.keyPackage ? undefined : request
  }

  /** Tells everybody in the room who is here, soon, and once for all that happens until then. */
  userListChanged(): void {
    this.#userListTimer ??= setTimeout(() => {
      this.#userListTimer = undefined
      this.send(this.seats.values(), { name: 'user_list', payload: this.userList() })
    }, this.core.limits.userListMs)
  }

  userList(): Extract<RelayEvent, { name: 'user_list' }>['payload'] {
    return {
      room: this.address,
      members: [...this.members.keys()].map((device) => ({ device, present: this.seats.has(device) })),
      waiting: [...this.requests.keys()].filter((device) => this.visibleRequest(device)),
      ...(this.expected === undefined ? {} : { expected: this.expected }),
      ...(this.core.push && this.pushes.size > 0 ? { wakes: true as const } : {}),
    }
  }

  /**
   * Public keys of all members and of all who wait with a request. In a large room these are megabytes that everybody
   * gets who is let in: they are encoded again only once somebody has changed, and kept no longer than memory is plenty.
   */
  allPubkeys(): EncodedEvent {
    const all = [...this.members.values(), ...this.#asking(this.waiting, this.knocking)]
    const shown = all.flatMap((identity) => [identity, this.visibleRequest(identity.device)])
    const { of, event: known } = this.#allPubkeys
    const event = known.deref()
    if (event && of.length === shown.length && of.every((one, i) => one === shown[i])) return event
    const { name, payload } = this.pubkeyList(all)
    const made = new EncodedEvent(name, payload)
    this.#allPubkeys = { of: shown, event: new WeakRef(made) }
    return made
  }

  /**
   * Public keys of those who ask to be added, members that fell out among them, for a member: of who has come since, commits
   * bring them, and it can fetch what it lacks. All of them at each of its connections would be 1.8 GB for a room of 500
   * whenever the relay starts again.
   */
  askersPubkeys(): EncodedEvent {
    const { name, payload } = this.pubkeyList(this.#asking(this.members, this.waiting, this.knocking))
    return new EncodedEvent(name, payload)
  }

  #asking(...among: ReadonlyMap<DeviceId, Identity>[]): Identity[] {
    return among.flatMap((some) => [...some.values()].filter(({ device }) => this.visibleRequest(device)))
  }

  /** Public keys of `devices`. */
  pubkeyList(devices: readonly Identity[]): Extract<RelayEvent, { name: 'pubkey_list' }> {
    return {
      name: 'pubkey_list',
      payload: {
        room: this.address,
        devices: devices.map(({ device, bundle }) => {
          const request = this.visibleRequest(device)
          return { device, bundle, ...(request ? { request: request.keyPackage as typeof bundle } : {}) }
        }),
      },
    }
  }

  /** Tells members, and those whose Welcome has left, about new keys of `devices`. */
  pubkeysChanged(devices: readonly Identity[]): void {
    if (devices.length === 0) return
    const receivers = [...this.seats.values()].filter((seat) => seat.role !== 'waiting')
    this.send(receivers, this.pubkeyList(devices))
  }

  /** Takes the device's connection out of the room; the connection itself stays. */
  unseat(device: DeviceId): void {
    const seat = this.seats.get(device)
    if (!seat) return
    this.vacate(seat)
    seat.channels.clear()
    seat.connection.onUnseated()
  }

  /** Nobody is in `seat` any more. */
  vacate(seat: Seat): void {
    this.seats.delete(seat.device)
    if (seat.role !== 'waiting') this.memberSeenMs = this.core.now()
    this.files.changed(seat.device)
  }

  endPair(channel: Channel): void {
    if (channel.pair) this.pairs.delete(channel.pair)
    for (const seat of this.seats.values()) seat.channels.delete(channel)
    if (channel.kept) this.core.store.eraseSoon()
    channel.end()
  }

  conversationOf([first, second]: readonly [string, string]): Channel | undefined {
    return [...this.pairs.values()].find(({ persons }) => persons?.[0] === first && persons[1] === second)
  }

  pairsOf(device: DeviceId): Channel[] {
    return [...this.pairs.values()].filter((channel) => channel.devices?.includes(device))
  }

  /** Nothing of the room is left in memory after this. */
  end(): void {
    this.ended = true
    if (this.#userListTimer) clearTimeout(this.#userListTimer)
    this.repairs.close()
    this.files.close()
    this.logFeed.end()
    for (const device of [...this.seats.keys()]) this.unseat(device)
    this.keeping?.end()
    if (this.keeping) this.core.store.eraseSoon()
    for (const channel of [...this.pairs.values()]) this.endPair(channel)
    this.main.end()
    this.core.onEnded(this)
  }
}
