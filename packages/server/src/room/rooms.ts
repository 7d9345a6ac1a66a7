/** All rooms of this relay. They are read once at the start, so that looking one up takes the same time found or not. */
import type { Base64Url, DeviceId, Incarnation, MessageId, PairId, RoomAddress, RoomLogLine } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import { type Change, deleteAllPushes, deletePair, deleteRequest, markRestored } from '../store/changes.ts'
import type { StoredRooms } from '../store/store.ts'
import type { CommitMark, Continued } from '../stream/stream.ts'
import { Channel } from './channel.ts'
import { personsOf } from './conversations.ts'
import type { Core } from './core.ts'
import { readIdentity } from './identity.ts'
import { continueFrom, KeptOnDisk, restoreKept } from './kept-restore.ts'
import { forgetRequest } from './knocks.ts'
import { Restored } from './reopen.ts'
import { Room } from './room.ts'

export class Rooms {
  readonly #core: Core
  readonly #rooms = new Map<RoomAddress, Room>()

  constructor(core: Omit<Core, 'onEnded'>) {
    this.#core = { ...core, onEnded: (room) => this.#rooms.delete(room.address) }
  }

  get size(): number {
    return this.#rooms.size
  }

  get(address: RoomAddress): Room | undefined {
    return this.#rooms.get(address)
  }

  all(): Iterable<Room> {
    return this.#rooms.values()
  }

  /** A new room, in the list from now on, empty until `found` has written it. */
  create(from: ConstructorParameters<typeof Room>[1]): Room {
    const room = new Room(this.#core, from)
    this.#rooms.set(room.address, room)
    return room
  }

  /** Takes up the rooms of an earlier life of this relay: new incarnations, higher sequence numbers, the same epochs. */
  async restore(stored: StoredRooms): Promise<void> {
    const kept = new KeptOnDisk(stored.kept, this.#core.store.isUnbroken)
    const { isSetBack } = this.#core.store
    const changes: Change[] = isSetBack ? [markRestored()] : []
    const membersOf = Map.groupBy(stored.members, (row) => row.room)
    const requestsOf = Map.groupBy(stored.requests, (row) => row.room)
    const pushesOf = Map.groupBy(stored.pushes, (row) => row.room)
    const streamsOf = Map.groupBy(stored.streams, (row) => row.room)
    // Who switched it off wants to hold no addresses either.
    if (!this.#core.push && stored.pushes.length > 0) changes.push(deleteAllPushes())
    for (const row of stored.rooms) {
      const streams = streamsOf.get(row.address) ?? []
      const main = streams.find((stream) => stream.pair === '')
      const room = this.create({
        address: row.address as RoomAddress,
        leader: row.leader as DeviceId,
        expected: row.expected ?? undefined,
        joinKeys: JSON.parse(row.join_keys) as string[],
        epoch: main?.epoch ?? 0,
        seqMark: main?.seq_mark ?? 0,
        begunBy: main && begunBy(main),
        continued: goesOn(row.keep_days, main, kept),
        madeMs: row.created_at,
      })
      room.ready = row.ready === 1
      if (isSetBack || row.restored > 0) {
        const epoch = isSetBack ? (main?.epoch ?? 0) : row.restored - 1
        room.restored = new Restored(epoch, this.#core.limits.restoredHoldMs)
      }
      room.astray = new Set(JSON.parse(row.astray) as Incarnation[])
      for (const { device, endpoint, at_ms } of this.#core.push ? (pushesOf.get(row.address) ?? []) : []) {
        room.pushes.restore(device as DeviceId, endpoint, at_ms)
      }
      for (const { bundle, state } of membersOf.get(row.address) ?? []) {
        const identity = readIdentity(bundle as Base64Url)
        if (identity) (state === 'member' ? room.members : room.gone).set(identity.device, identity)
      }
      for (const { bundle, key_package, requested_at, kind } of requestsOf.get(row.address) ?? []) {
        const identity = readIdentity(bundle as Base64Url)
        if (!identity) continue
        const { device } = identity
        if (kind === 'dismissed') {
          room.dismissed.set(device, requested_at)
          continue
        }
        room.requests.set(device, { keyPackage: key_package, atMs: requested_at })
        if (!room.members.has(device)) (kind === 'knock' ? room.knocking : room.waiting).set(device, identity)
      }
      for (const stream of streams) {
        if (stream.pair === '') continue
        const pair = stream.pair as PairId
        const isConversation = stream.devices !== ''
        const ends = isConversation ? (JSON.parse(stream.devices) as string[]) : [stream.device_a, stream.device_b]
        const devices = (ends as DeviceId[]).filter((end) => !isConversation || room.members.has(end))
        const persons = isConversation ? personsOf(room, devices) : undefined
        if (isConversation && !persons) {
          changes.push(deletePair(room.address, pair)) // a database that somebody has changed
          continue
        }
        const place = { room: room.address, pair, devices, persons, epoch: stream.epoch, seqMark: stream.seq_mark }
        const continued = goesOn(row.keep_days, stream, kept)
        room.pairs.set(pair, new Channel(this.#core, { ...place, begunBy: begunBy(stream), continued }))
      }
      changes.push(...restoreKept(room, row.keep_days, kept))
    }
    if (changes.length > 0) await this.#core.store.durable(...changes)
    await this.#renewLife()
  }

  /** Hands new lines of the room log to the members who are here. */
  onLogLines(address: RoomAddress, lines: RoomLogLine[]): void {
    this.#rooms.get(address)?.logFeed.add(lines)
  }

  /** Lets go of what has become too old: frames, and requests that nobody answered. */
  sweep(): void {
    const { now, store, report, links, limits: own } = this.#core
    const nowMs = now()
    const oldest = nowMs - own.joinRequestMs
    links.sweep()
    if (this.#core.kept.streams.size > 0) void this.#renewLife()
    for (const room of this.#rooms.values()) {
      for (const channel of [room.main, ...room.pairs.values()]) channel.stream.dropOlderThan(nowMs)
      room.keeping?.sweep()
      room.allowances.sweep(performance.now())
      room.files.sweep()
      room.pushes.sweep()
      for (const [device, request] of room.requests) {
        if (request.atMs < oldest && room.visibleRequest(device)) forgetRequest(room, device)
      }
      for (const [device, atMs] of room.dismissed) {
        if (atMs >= oldest) continue
        room.dismissed.delete(device)
        store
          .durable(deleteRequest(room.address, device))
          .catch(() => report({ level: 'warn', event: 'request-not-deleted', room: room.address }))
      }
    }
  }

  /** Once everything that was asked for so far is done. */
  async idle(): Promise<void> {
    await Promise.all([...this.#rooms.values()].map((room) => room.mailbox.run(() => undefined)))
  }

  /** A disk that is full now keeps no relay from serving; it is tried again with the next sweep. */
  async #renewLife(): Promise<void> {
    const { store, report } = this.#core
    try {
      await store.renewLife()
    } catch (error) {
      report({ level: 'warn', event: 'life-not-renewed', ...describeFault(error) })
    }
  }

  /** Stops every timer; nothing is written. */
  close(): void {
    for (const room of [...this.#rooms.values()]) room.end()
  }
}

/** Where the stream goes on as if this relay had never been away, if its frames are kept. */
function goesOn(
  keepDays: number | null,
  stream: StoredRooms['streams'][number] | undefined,
  kept: KeptOnDisk,
): Continued | undefined {
  if (keepDays === null || !stream || !kept.isUnbroken) return undefined
  const rows = kept.of(stream.room as RoomAddress, (stream.pair || undefined) as PairId | undefined)
  return continueFrom(rows, { epoch: stream.epoch, seqMark: stream.seq_mark })
}

/** The commit that began the stream's epoch. A database of an earlier version knows none. */
function begunBy(row: StoredRooms['streams'][number]): CommitMark | undefined {
  if (row.commit_id === '') return undefined
  return {
    device: row.commit_device as DeviceId,
    id: row.commit_id as MessageId,
    inc: row.commit_inc as Incarnation,
    seq: row.commit_seq,
  }
}
