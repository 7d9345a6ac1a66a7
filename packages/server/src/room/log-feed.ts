/**
 * New lines of a room's log, on their way to its members. They ride with frames, in the same write, so that they cost a
 * busy room no system call a member; where no frame comes they leave alone, after `logPushMs` at the latest.
 */
import { limits, type RoomLogLine } from '@qsec/protocol'
import type { Seat } from './connection.ts'
import type { Room } from './room.ts'

export class LogFeed {
  readonly #room: Room
  #lines: RoomLogLine[] = []
  /** When the oldest of them may ride. */
  #ridesAt = 0
  #timer: NodeJS.Timeout | undefined

  constructor(room: Room) {
    this.#room = room
  }

  add(lines: readonly RoomLogLine[]): void {
    for (const { role, logs } of this.#room.seats.values()) {
      if (role !== 'member' || logs.sent !== undefined) continue
      logs.early = [...logs.early, ...lines].slice(-limits.logLines)
    }
    this.#lines = [...this.#lines, ...lines].slice(-limits.logLines)
    if (this.#timer) return
    const { logPushMs } = this.#room.core.limits
    this.#ridesAt = performance.now() + logPushMs / 2
    this.#timer = setTimeout(() => this.#push(), logPushMs)
  }

  /** Frames leave in this turn of the event loop. */
  ride(): void {
    if (this.#timer && performance.now() >= this.#ridesAt) this.#push()
  }

  /** Lines that nobody has got so far are not handed out any more. */
  forget(): void {
    for (const { logs } of this.#room.seats.values()) logs.early = []
    this.end()
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lines = []
  }

  #push(): void {
    const lines = this.#lines
    this.end()
    // Members who have the same lines get the same event, encoded once.
    const upTo = new Map<number, Seat[]>()
    for (const seat of this.#room.seats.values()) {
      const { sent } = seat.logs
      if (seat.role !== 'member' || sent === undefined) continue
      if (upTo.has(sent)) upTo.get(sent)!.push(seat)
      else upTo.set(sent, [seat])
    }
    for (const [sent, seats] of upTo) {
      const logs = lines.filter((line) => line.id > sent)
      const last = logs.at(-1)
      if (!last) continue
      for (const seat of seats) seat.logs.sent = last.id
      this.#room.send(seats, { name: 'room_logs', payload: { room: this.#room.address, logs } })
    }
  }
}
