/**
 * Keeps a room's sealed frames on disk until every device has them, where the room asked for it: what is written, what is
 * deleted and when, and what the bounds are.
 *
 * Every frame of the room's stream and of its pairs' is kept, those of BB84 too: they share one order, and a stream with a
 * hole cannot be resumed. Both ends of a run are there, so its frames are gone seconds later.
 */
import type { Answer, DeviceId, Have, KeepSealed, KeepSealedAnswer } from '@qsec/protocol'
import { describeFault } from '../report.ts'
import type { Change } from '../store/changes.ts'
import {
  deleteFrames,
  deletePlace,
  deleteWelcomesBefore,
  forgetKept,
  putFrames,
  putKeptStream,
  putPlace,
  setKeepDays,
} from '../store/kept.ts'
import { frameBytes, type StoredFrame } from '../stream/frame.ts'
import { Kept } from '../stream/kept.ts'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { Arrivals } from './kept-messages.ts'
import { channelFor } from './messages.ts'
import { refuse, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

const dayMs = 86_400_000

export class Keeping {
  readonly #room: Room
  /** Frames older than this go, whoever has them. */
  days: number
  readonly arrivals: Arrivals
  #timer: NodeJS.Timeout | undefined

  constructor(room: Room, days: number) {
    this.#room = room
    this.days = days
    this.arrivals = new Arrivals(room)
  }

  /** Notes a frame that is on disk, and makes room where the bounds ask for it. */
  kept(channel: Channel, frame: StoredFrame): void {
    channel.kept?.add({ ...frame, bytes: frameBytes(frame) })
  }

  /** `device` has every frame of `channel` up to `seq`. */
  reached(channel: Channel, device: DeviceId, seq: number): void {
    const last = channel.stream.position.seq
    if (channel.kept?.reached(device, Math.min(seq, last))) this.#pruneSoon()
  }

  /** Who counts has changed. */
  membersChanged(): void {
    this.#pruneSoon()
  }

  #pruneSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#room.later(() => this.#prune())
    }, this.#room.core.limits.keptPruneMs)
  }

  /** Lets go of what has become too old. */
  sweep(): void {
    this.#room.later(() => this.#prune(true))
  }

  /** Deletes what every device has, and what is too old. */
  async #prune(sweeping = false): Promise<void> {
    const room = this.#room
    if (room.ended || room.keeping !== this) return
    const oldestMs = room.core.now() - this.days * dayMs
    const changes: Change[] = sweeping ? welcomesBefore(room, oldestMs) : []
    const drops: { kept: Kept; delivered: number; expired: number }[] = []
    for (const channel of channelsOf(room)) {
      const { kept, stream } = channel
      if (!kept) continue
      const settled = (stream.pending?.seq ?? Number.POSITIVE_INFINITY) - 1
      const devices = channel.devices ?? [...room.members.keys()]
      const delivered = Math.min(kept.deliveredTo(devices), settled)
      const expired = Math.min(kept.lastBefore(oldestMs), settled)
      const upTo = Math.max(delivered, expired)
      if (kept.oldest && kept.oldest.seq <= upTo) {
        changes.push(deleteFrames(channel, upTo))
        drops.push({ kept, delivered, expired })
      }
      for (const [device, seq] of kept.takeMoved()) changes.push(putPlace(channel, device, seq))
      for (const device of kept.known) {
        if (devices.includes(device)) continue
        kept.forget(device)
        changes.push(deletePlace(channel, device))
      }
    }
    if (changes.length === 0) return
    try {
      await room.core.store.durable(...changes)
    } catch (error) {
      // Nothing is lost by keeping it longer: the next time comes with the next place, or the sweep.
      room.core.report({ level: 'warn', event: 'kept-not-deleted', room: room.address, ...describeFault(error) })
      return
    }
    let expiredFrames = 0
    for (const { kept, delivered, expired } of drops) {
      kept.dropUpTo(delivered)
      expiredFrames += kept.dropUpTo(expired)
    }
    if (expiredFrames > 0) room.log('KEPT_EXPIRED', { count: expiredFrames })
    if (drops.length > 0 || sweeping) room.core.store.eraseSoon()
  }

  /** Over the bounds, of this room or of all, the oldest frames of the largest stream go. */
  shrink(): void {
    const { core } = this.#room
    const own = channelsOf(this.#room).flatMap(({ kept }) => kept ?? [])
    const bytes = own.reduce((sum, kept) => sum + kept.bytes + kept.welcomeBytes, 0)
    const over = [
      ...dropOver(own, bytes - core.limits.keptBytesPerRoom),
      ...dropOver([...core.kept.streams], core.kept.bytes - core.limits.keptBytesInAll),
    ]
    for (const { kept, seq, count } of over) {
      core.store.log(kept.name.room, 'KEPT_DROPPED', { count })
      core.store
        .durable(deleteFrames(kept.name, seq))
        .catch((error) => core.report({ level: 'warn', event: 'kept-not-deleted', ...describeFault(error) }))
    }
    if (over.length > 0) core.store.eraseSoon()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (const channel of channelsOf(this.#room)) {
      channel.kept?.end()
      channel.kept = undefined
      channel.stream.placeElsewhere = undefined
    }
  }
}

/** Every stream of the room. */
export function channelsOf(room: Room): Channel[] {
  return [room.main, ...room.pairs.values()]
}

/** From here on the disk is told of every frame of `channel`. */
export function adopt(room: Room, channel: Channel, kept: Kept = new Kept(channel, room.core.kept)): void {
  channel.kept = kept
  channel.stream.placeElsewhere = (device, id) => kept.seqOf(device, id)
}

/** What the disk has to know for a stream to go on after a restart, the frames that wait in memory with it. */
export function keepFromNow(channel: Channel): Change[] {
  const { stream } = channel
  const { inc, seq, firstSeq, epoch } = stream.position
  const next = new Map([...stream.counters].map(([device, n]) => [device, { epoch, n }]))
  const place = { inc, firstSeq, lastSeq: seq, freeEpoch: stream.countersAreFree ? epoch : -1 }
  return [putKeptStream(channel, place), putFrames(channel, stream.recent, next)]
}

/** What the members have agreed on: the relay does it, and tells everybody that it does. */
export async function takeKeepSealed(room: Room, seat: Seat, event: KeepSealed): Promise<Answer<KeepSealedAnswer>> {
  const { limits, store, now } = room.core
  const days = Math.min(event.days, limits.keepDaysAtMost)
  if (days === (room.keeping?.days ?? 0)) return { ok: true, days }
  if (Math.abs(now() - room.keepSwitchedMs) < limits.keepSwitchMs) {
    return refuse('rate-limited', 'This was changed a moment ago. Try again in some seconds.')
  }
  const begun = days > 0 && !room.keeping ? channelsOf(room) : []
  try {
    await store.durable(
      setKeepDays(room.address, days > 0 ? days : undefined),
      ...(days > 0 ? begun.flatMap((channel) => keepFromNow(channel)) : [forgetKept(room.address)]),
    )
  } catch {
    return unavailable()
  }
  room.keepSwitchedMs = now()
  if (days === 0) stopKeeping(room)
  else if (room.keeping) room.keeping.days = days
  else {
    const keeping = new Keeping(room, days)
    room.keeping = keeping
    for (const channel of begun) {
      adopt(room, channel)
      for (const frame of channel.stream.recent) keeping.kept(channel, frame)
    }
    keeping.shrink()
  }
  room.log(days > 0 ? 'KEEP_SEALED_ON' : 'KEEP_SEALED_OFF', { days: days > 0 ? days : undefined, device: seat.device })
  const members = [...room.seats.values()].filter(({ role }) => role === 'member')
  room.send(members, { name: 'keep_sealed', payload: { room: room.address, days } })
  return { ok: true, days }
}

function stopKeeping(room: Room): void {
  room.keeping?.end()
  room.keeping = undefined
  room.core.store.eraseSoon()
}

/** How far a device says that it is. Nothing hangs on it but how long the relay keeps what it keeps. */
export function takeHave(room: Room, seat: Seat, event: Have): Answer<object> {
  const { keeping } = room
  if (!keeping) return { ok: true }
  if (event.at?.inc === room.main.stream.inc) keeping.reached(room.main, seat.device, event.at.seq)
  for (const { pair, inc, seq } of event.pairs ?? []) {
    const channel = channelFor(seat, pair)
    if (channel?.stream.inc === inc) keeping.reached(channel, seat.device, seq)
  }
  return { ok: true }
}

/** Welcomes that nobody came for go with the frames of their time. */
function welcomesBefore(room: Room, atMs: number): Change[] {
  let found = false
  for (const channel of channelsOf(room)) {
    for (const [device, keptMs] of channel.heldSinceMs) {
      if (keptMs >= atMs) continue
      channel.heldSinceMs.delete(device)
      const seq = channel.held.get(device)?.seq
      channel.held.delete(device)
      if (seq !== undefined) noteWelcomesGone(channel, seq)
      found = true
    }
  }
  return found ? [deleteWelcomesBefore(room.address, atMs)] : []
}

/** Counts the Welcomes of a commit no more once nobody waits for one. */
export function noteWelcomesGone(channel: Channel, seq: number): void {
  if (![...channel.held.values()].some((welcome) => welcome.seq === seq)) channel.kept?.dropWelcomes(seq)
}

/** Drops oldest frames of the largest streams until `bytes` are free. */
function dropOver(streams: readonly Kept[], bytes: number): { kept: Kept; seq: number; count: number }[] {
  const dropped = new Map<Kept, { kept: Kept; seq: number; count: number }>()
  for (let left = bytes; left > 0; ) {
    const largest = streams.reduce((one, other) => (other.bytes > one.bytes ? other : one))
    const { oldest } = largest
    if (!oldest) break
    // A sixteenth at a time, so that a room at its bound does not look for the largest with every frame.
    const share = Math.max(left, Math.floor(largest.bytes / 16))
    const before = largest.bytes
    const entry = dropped.get(largest) ?? { kept: largest, seq: 0, count: 0 }
    while (largest.oldest && before - largest.bytes < share) {
      entry.seq = largest.oldest.seq
      entry.count += largest.dropUpTo(entry.seq)
    }
    dropped.set(largest, entry)
    left -= before - largest.bytes
  }
  return [...dropped.values()]
}
