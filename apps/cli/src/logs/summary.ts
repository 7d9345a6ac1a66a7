/** What the lines of a room log add up to. Pure: lines in, numbers out. */
import type { LogLine } from './line.ts'

export interface LogSummary {
  room: string
  lines: number
  /** Milliseconds since 1970; null where the log is empty. */
  firstAtMs: number | null
  lastAtMs: number | null
  /** How many lines each tag has, most frequent first. */
  tags: { tag: string; count: number }[]
  /** Devices: those that are members, and all that the lines name. */
  members: { now: number; ever: number }
  /** Frames to the whole room. Receipts and names are among them: sealed, they all look alike to the relay. */
  messages: { count: number; bytes: number }
  /** Sealed bytes of every kind that went through the relay. */
  relayedBytes: number
  /** Sessions as the devices claim them; `lastQber` is a ratio. */
  bb84: { accepted: number; rejected: number; lastQber: number | null }
}

export class LogFold {
  readonly #room: string
  readonly #tags = new Map<string, number>()
  readonly #inside = new Set<string>()
  readonly #ever = new Set<string>()
  readonly #messages = { count: 0, bytes: 0 }
  readonly #bb84: LogSummary['bb84'] = { accepted: 0, rejected: 0, lastQber: null }
  #lines = 0
  #relayedBytes = 0
  #firstAtMs: number | null = null
  #lastAtMs: number | null = null

  constructor(room: string) {
    this.#room = room
  }

  add(line: LogLine): void {
    this.#lines++
    this.#tags.set(line.tag, (this.#tags.get(line.tag) ?? 0) + 1)
    this.#firstAtMs ??= line.created_at
    this.#lastAtMs = line.created_at
    const bytes = typeof line.fields.bytes === 'number' ? line.fields.bytes : 0
    this.#relayedBytes += bytes
    const device = String(line.fields.device)
    switch (line.tag) {
      case 'USER_JOIN':
        this.#inside.add(device)
        this.#ever.add(device)
        return
      case 'USER_LEAVE':
        this.#inside.delete(device)
        return
      case 'ROOM_TERMINATED':
        this.#inside.clear()
        return
      case 'MSG_RELAYED':
        // A line can tell of several frames.
        this.#messages.count += typeof line.fields.count === 'number' ? line.fields.count : 1
        this.#messages.bytes += bytes
        return
      case 'BB84_SESSION_DERIVED':
        this.#bb84[line.fields.accepted === true ? 'accepted' : 'rejected']++
        if (typeof line.fields.qber === 'number') this.#bb84.lastQber = line.fields.qber
    }
  }

  get summary(): LogSummary {
    const tags = [...this.#tags].map(([tag, count]) => ({ tag, count }))
    return {
      room: this.#room,
      lines: this.#lines,
      firstAtMs: this.#firstAtMs,
      lastAtMs: this.#lastAtMs,
      tags: tags.sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag)),
      members: { now: this.#inside.size, ever: this.#ever.size },
      messages: { ...this.#messages },
      relayedBytes: this.#relayedBytes,
      bb84: { ...this.#bb84 },
    }
  }
}
