/**
 * What people ask of the room beyond what it does by itself: put somebody out, lock, make a link. A wish is a state of the
 * room that somebody wants. It is tried until it holds, whoever's commit brings it about, or until it cannot.
 */
import type { CommitIntent, Group } from '../crypto/index.ts'
import type { Clock } from '../ports.ts'
import type { CommitNote } from './commit-note.ts'
import { RoomRefusal } from './refusal.ts'

const wishLifetimeMs = 60_000

export interface Step {
  intent: CommitIntent
  note?: Partial<CommitNote>
}

/** What is to be committed for the wish in this state of the room; `done`: it holds. Throws `RoomRefusal`: it cannot. */
export type Wish = (group: Group) => Step | 'done'

interface Open {
  wish: Wish
  resolve(): void
  reject(refusal: RoomRefusal): void
  cancel(): void
}

export class Wishes {
  readonly #clock: Clock
  #open: Open[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves once it holds. Rejects with a `RoomRefusal`. */
  add(wish: Wish): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Open = { wish, resolve, reject, cancel: () => undefined }
      entry.cancel = this.#clock.after(wishLifetimeMs, () => this.#end(entry, 'no-answer'))
      this.#open.push(entry)
    })
  }

  /** The first one that needs a commit now. Those that hold, or cannot, end here. */
  next(group: Group): Step | undefined {
    for (const entry of [...this.#open]) {
      try {
        const step = entry.wish(group)
        if (step !== 'done') return step
        this.#close(entry)
        entry.resolve()
      } catch (error) {
        if (!(error instanceof RoomRefusal)) throw error
        this.#close(entry)
        entry.reject(error)
      }
    }
    return undefined
  }

  /** The group did not take the first wish. */
  refuse(code: string): void {
    const [first] = this.#open
    if (first) this.#end(first, code)
  }

  close(): void {
    for (const entry of [...this.#open]) this.#end(entry, 'not-in-room')
  }

  #end(entry: Open, code: string): void {
    this.#close(entry)
    entry.reject(new RoomRefusal(code))
  }

  #close(entry: Open): void {
    entry.cancel()
    this.#open = this.#open.filter((one) => one !== entry)
  }
}
