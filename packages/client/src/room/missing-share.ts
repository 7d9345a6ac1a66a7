/**
 * A commit waits for a group secret of which this device has no share: it asks the committer, as long as that is here, and
 * in the end has itself added again (protocol.md §6).
 */
import type { DeviceId } from '@qsec/protocol'
import type { RoomCore } from './core.ts'

/** The share may be right behind the commit, in another stream. */
const firstMs = 1_000
const againMs = 5_000
/** Steps of `againMs` until this device gives up, while the committer is here and while it is not. */
const stepsAtMost = { present: 4, absent: 2 }

export interface MissingShareParts {
  core: RoomCore
  ask(committer: DeviceId, psk: string): void
  rejoin(): void
}

export class MissingShare {
  readonly #parts: MissingShareParts
  #waiting: { seq: number; psk: string; committer: DeviceId; steps: number } | undefined

  constructor(parts: MissingShareParts) {
    this.#parts = parts
  }

  /** The next frame of the room waits for it still. */
  get waits(): boolean {
    const { stream } = this.#parts.core
    return this.#waiting !== undefined && stream?.blocked === true && stream.cursor.seq === this.#waiting.seq - 1
  }

  /** @param committer - by the commit's signature: anybody else could say any secret */
  onMissing(seq: number, psk: string, committer: DeviceId): void {
    if (this.#waiting?.seq !== seq || this.#waiting.psk !== psk) {
      this.#waiting = { seq, psk, committer, steps: 0 }
      this.#lookAfter(firstMs)
    }
  }

  #lookAfter(delayMs: number): void {
    this.#parts.core.timers.set('missing-share', delayMs, () => this.#look())
  }

  #look(): void {
    const { core, ask, rejoin } = this.#parts
    const waiting = this.#waiting
    if (!waiting || !this.waits) {
      this.#waiting = undefined
      return
    }
    const { committer, psk } = waiting
    const isHere = core.connected && core.present.has(committer)
    if (waiting.steps >= (isHere ? stepsAtMost.present : stepsAtMost.absent)) {
      this.#waiting = undefined
      rejoin()
      return
    }
    // Without a connection nobody can be asked, nor add this device again.
    if (core.connected) waiting.steps++
    if (isHere) ask(committer, psk)
    this.#lookAfter(againMs)
  }
}
