/**
 * Members hand each other frames that the relay has lost (protocol.md §4, Repair). The relay asks those who are connected one
 * after the other, passes on what the first one gives, and keeps nothing but who has said that it has none.
 */
import { randomBytes, randomInt } from 'node:crypto'
import {
  type Answer,
  type Cursor,
  type DeviceId,
  type GapFrame,
  type GapGive,
  type GapWant,
  type MessageId,
  toBase64Url,
} from '@qsec/protocol'
import type { Seat } from './connection.ts'
import { refuse } from './refuse.ts'
import type { Room } from './room.ts'

export interface RepairLimits {
  /** A member that has not answered by then is passed over. */
  gapAnswerMs: number
  /** Requests of one device: on average, and in a burst. Each can move `gapBytes`. */
  gapWantsPerSecond: number
  gapWantsAtOnce: number
}

/** Incarnations of which is remembered who lacks what. */
const livesAtMost = 4

interface Want {
  id: MessageId
  asker: Seat
  event: GapWant
  asked: Set<DeviceId>
  /** Who is asked now. */
  giver: DeviceId | undefined
  /** The nearest place that a member without the frames has named. */
  next: Cursor | undefined
  timer: NodeJS.Timeout | undefined
}

/** The requests of one room that are under way. */
export class Repairs {
  readonly #wants = new Map<MessageId, Want>()
  /**
   * For incarnations that are over, from where on each device has said to have nothing: so a room whose relay has restarted
   * is quiet soon, however many are in it.
   */
  readonly #lacks = new Map<string, Map<DeviceId, number>>()
  readonly #tokens = new Map<DeviceId, { left: number; atMs: number }>()

  get size(): number {
    return this.#wants.size
  }

  of(id: MessageId): Want | undefined {
    return this.#wants.get(id)
  }

  /** False: this device has asked too often. */
  mayAsk(device: DeviceId, limits: RepairLimits, nowMs: number): boolean {
    const { left, atMs } = this.#tokens.get(device) ?? { left: limits.gapWantsAtOnce, atMs: nowMs }
    const tokens = Math.min(
      limits.gapWantsAtOnce,
      left + (Math.max(0, nowMs - atMs) * limits.gapWantsPerSecond) / 1_000,
    )
    this.#tokens.set(device, { left: Math.max(0, tokens - 1), atMs: nowMs })
    return tokens >= 1
  }

  /** One request of a device at a time: a new one takes the place of the last. */
  begin(want: Want): void {
    for (const one of this.#wants.values()) if (one.asker.device === want.asker.device) this.end(one)
    this.#wants.set(want.id, want)
  }

  end(want: Want): void {
    clearTimeout(want.timer)
    this.#wants.delete(want.id)
  }

  noteLack(inc: string, device: DeviceId, from: number): void {
    const lacks = this.#lacksOf(inc)
    lacks.set(device, Math.min(from, lacks.get(device) ?? from))
  }

  /** Who asks from there on has none of those, and all before: perhaps more than it said earlier. */
  noteAsking(inc: string, device: DeviceId, from: number): void {
    this.#lacksOf(inc).set(device, from)
  }

  #lacksOf(inc: string): Map<DeviceId, number> {
    let lacks = this.#lacks.get(inc)
    if (!lacks) {
      lacks = new Map()
      this.#lacks.set(inc, lacks)
      if (this.#lacks.size > livesAtMost) this.#lacks.delete(this.#lacks.keys().next().value!)
    }
    return lacks
  }

  /** The device has been given some, or may have learned more while it was away. */
  forget(device: DeviceId): void {
    for (const lacks of this.#lacks.values()) lacks.delete(device)
  }

  lacks(inc: string, device: DeviceId, from: number): boolean {
    return (this.#lacks.get(inc)?.get(device) ?? Number.POSITIVE_INFINITY) <= from
  }

  close(): void {
    for (const want of [...this.#wants.values()]) this.end(want)
  }
}

export function takeGapWant(room: Room, seat: Seat, event: GapWant): Answer<object> {
  const { repairs, core } = room
  if (!repairs.mayAsk(seat.device, core.limits, performance.now())) {
    return refuse('rate-limited', 'This device has asked the others for very much. Wait a moment.')
  }
  if (isOver(room, event)) repairs.noteAsking(event.inc, seat.device, event.from)
  const id = toBase64Url(randomBytes(16)) as string as MessageId
  const want: Want = {
    id,
    asker: seat,
    event,
    asked: new Set(event.not),
    giver: undefined,
    next: undefined,
    timer: undefined,
  }
  repairs.begin(want)
  askNext(room, want)
  return { ok: true }
}

/** No frame is added to the incarnation any more. */
function isOver(room: Room, { inc }: { inc: string }): boolean {
  return inc !== room.main.stream.inc
}

/** Asks one more member, or tells the asker that nobody has the frames. */
function askNext(room: Room, want: Want): void {
  clearTimeout(want.timer)
  const { repairs } = room
  const { asker, event } = want
  if (room.seats.get(asker.device) !== asker) {
    repairs.end(want) // it has gone
    return
  }
  const givers = [...room.seats.values()].filter(
    ({ role, device }) =>
      role === 'member' &&
      device !== asker.device &&
      !want.asked.has(device) &&
      !(isOver(room, event) && repairs.lacks(event.inc, device, event.from)),
  )
  if (givers.length === 0) {
    tell(room, want, [])
    return
  }
  const giver = givers[randomInt(givers.length)]!
  want.asked.add(giver.device)
  want.giver = giver.device
  const { inc, from, to } = event
  giver.connection.emit('gap_want', { room: room.address, want: want.id, inc, from, to })
  want.timer = setTimeout(() => askNext(room, want), room.core.limits.gapAnswerMs)
}

export function takeGapGive(room: Room, seat: Seat, event: GapGive): Answer<object> {
  const want = room.repairs.of(event.want)
  // One that comes too late is no fault; one of somebody who was never asked is, but looks the same from here.
  if (want?.giver !== seat.device) return refuse('no-access', 'Nobody waits for this any more.')
  const { frames, next } = event
  const [first] = frames
  if (first && (first.seq !== want.event.from || frames.at(-1)!.seq > want.event.to)) {
    askNext(room, want)
    return refuse('bad-request', 'frames: not the ones that were wanted')
  }
  if (first) {
    tell(room, want, frames, seat.device, next)
    return { ok: true }
  }
  // That it has frames of the present incarnation tells the asker nothing new.
  const hint = next && (next.inc === want.event.inc || isOver(room, next)) ? next : undefined
  if (hint) want.next = nearer(want.event, want.next, hint)
  else if (isOver(room, want.event)) room.repairs.noteLack(want.event.inc, seat.device, want.event.from)
  askNext(room, want)
  return { ok: true }
}

/** Of two places behind what is wanted: the one of the same incarnation, then the lower one, then the first heard of. */
function nearer({ inc, from }: GapWant, one: Cursor | undefined, other: Cursor): Cursor | undefined {
  const same = other.inc === inc
  if (same && other.seq <= from) return one
  if (!one) return other
  if (!same || one.inc !== inc) return same ? other : one
  return other.seq < one.seq ? other : one
}

function tell(room: Room, want: Want, frames: GapFrame[], device?: DeviceId, next = want.next): void {
  const { repairs, address } = room
  repairs.end(want)
  const { asker, event } = want
  if (device) repairs.forget(asker.device)
  asker.connection.emit('gap_give', {
    room: address,
    inc: event.inc,
    from: event.from,
    ...(device ? { device } : {}),
    frames,
    ...(next ? { next } : {}),
  })
}
