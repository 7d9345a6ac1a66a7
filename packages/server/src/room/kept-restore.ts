/** A room that keeps its sealed frames, as the relay finds it on disk at its start. */
import type { DeviceId, Incarnation, PairId, RoomAddress } from '@qsec/protocol'
import type { Change } from '../store/changes.ts'
import { forgetKept, forgetKeptStream, type KeptRows, setKeepDays, toFrame, toWelcome } from '../store/kept.ts'
import { frameOverhead, type StoredCommit } from '../stream/frame.ts'
import type { Continued } from '../stream/stream.ts'
import type { Channel, PendingExtras } from './channel.ts'
import { adopt, channelsOf, Keeping, keepFromNow } from './keeping.ts'
import type { Room } from './room.ts'
import { standAfter, standSoon } from './settle.ts'

/** Kept streams by room and pair (empty: the room's own). */
export class KeptOnDisk {
  readonly #rows: Map<string, KeptRows>
  /** No older copy of the database has taken its place, in which numbers are free that were given out already. */
  readonly isUnbroken: boolean

  constructor(rows: readonly KeptRows[], isUnbroken: boolean) {
    this.isUnbroken = isUnbroken
    this.#rows = new Map(rows.map((row) => [`${row.stream.room} ${row.stream.pair}`, row]))
  }

  of(room: RoomAddress, pair: PairId | undefined): KeptRows | undefined {
    return this.#rows.get(`${room} ${pair ?? ''}`)
  }
}

/**
 * Where a stream goes on. Undefined where frames are missing in the midst of it, or where it has come further than they
 * tell: then it begins a new incarnation, as without them.
 */
export function continueFrom(
  rows: KeptRows | undefined,
  at: { epoch: number; seqMark: number },
): Continued | undefined {
  if (!rows) return undefined
  const { stream, frames, devices } = rows
  const first = frames[0]?.seq ?? stream.last_seq + 1
  const lastSeq = Math.max(stream.last_seq, frames.at(-1)?.seq ?? 0)
  const whole = frames.every((frame, i) => frame.seq === first + i) && frames.length === lastSeq - first + 1
  if (!whole || lastSeq < at.seqMark) return undefined
  const counters = devices.filter(({ epoch, n }) => epoch === at.epoch && n > 0)
  return {
    inc: stream.inc as Incarnation,
    firstSeq: stream.first_seq,
    lastSeq,
    next: new Map(counters.map(({ device, n }) => [device as DeviceId, n])),
    free: stream.free_epoch === at.epoch,
  }
}

/**
 * Takes up what the disk has of the room's streams. Yields what has to be written: where the operator no longer allows
 * keeping, everything goes; where a stream could not go on, what is left of its old life does.
 */
export function restoreKept(room: Room, days: number | null, disk: KeptOnDisk): Change[] {
  if (days === null) return []
  const allowed = Math.min(days, room.core.limits.keepDaysAtMost)
  if (allowed === 0) {
    room.log('KEEP_SEALED_OFF', { by: 'operator' })
    room.core.store.eraseSoon()
    return [setKeepDays(room.address, undefined), forgetKept(room.address)]
  }
  room.keeping = new Keeping(room, allowed)
  const changes: Change[] = allowed === days ? [] : [setKeepDays(room.address, allowed)]
  for (const channel of channelsOf(room)) {
    adopt(room, channel)
    const rows = disk.of(room.address, channel.pair)
    if (rows && rows.stream.inc === channel.stream.inc) restoreStream(room, channel, rows)
    else {
      if (rows) room.log('KEPT_LOST', { count: rows.frames.length })
      changes.push(forgetKeptStream(channel), ...keepFromNow(channel))
    }
  }
  room.keeping.sweep()
  return changes
}

function restoreStream(room: Room, channel: Channel, { frames, devices, invited }: KeptRows): void {
  for (const row of frames) channel.kept!.add({ ...toFrame(row), bytes: row.bytes + frameOverhead })
  for (const { device, seq } of devices) channel.kept!.restorePlace(device as DeviceId, seq)
  const last = frames.findLast(({ event }) => event === 'commit')
  const commit = last?.verdict === '' ? (toFrame(last) as StoredCommit) : undefined
  const sealed: Pick<PendingExtras, 'welcomes' | 'answers'> = { welcomes: new Map(), answers: new Map() }
  const counted = new Set<string>()
  for (const row of invited) {
    const device = row.device as DeviceId
    const welcome = toWelcome(row)
    const part = `${row.seq} ${row.part}`
    if (!counted.has(part)) channel.kept!.addWelcomes(row.seq, welcome.ct.length)
    counted.add(part)
    channel.heldSinceMs.set(device, row.at_ms)
    if (welcome.seq !== commit?.seq) {
      channel.held.set(device, welcome)
      if (!channel.pair && row.answers) room.answered.set(device, row.answers)
    } else {
      sealed.welcomes.set(device, welcome.ct)
      if (row.answers) sealed.answers.set(device, row.answers)
    }
  }
  if (commit) restoreCommit(room, channel, commit, sealed)
}

/** A commit that did not stand when the relay went down does so now: nobody's refusal of it is known any more. */
function restoreCommit(
  room: Room,
  channel: Channel,
  commit: StoredCommit,
  sealed: Pick<PendingExtras, 'welcomes' | 'answers'>,
): void {
  channel.stream.restorePending(commit)
  channel.extras = {
    ...sealed,
    bundles: commit.bundles,
    removed: commit.removed.flatMap((device) => room.gone.get(device) ?? []),
    unseated: [],
    joinKeysBefore: undefined,
    expectedBefore: undefined,
    leaderBefore: undefined,
    devicesBefore: undefined,
    hash: '' as PendingExtras['hash'],
    timer: standAfter(room, channel, commit.seq, room.core.limits.commitStandsMs),
  }
  standSoon(room, channel, commit.seq)
}
