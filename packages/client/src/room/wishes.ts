/**
 * What people ask of the room beyond what it does by itself: put somebody out, lock, make a link. A wish is a state of the
 * room that somebody wants. It is tried until it holds, whoever's commit brings it about, or until it cannot. It outlasts
 * a lost connection, and can be taken back until a commit for it is on its way.
 */
import type { CommitIntent, Group } from '../crypto/index.ts'
import type { Clock } from '../ports.ts'
import type { WishKind, WishView } from '../snapshot.ts'
import type { CommitNote } from './commit-note.ts'
import { RoomRefusal } from './refusal.ts'

/** Nobody expects any more what they asked for so long ago. */
export const wishLifetimeMs: number = 24 * 3_600_000

export interface Step {
  intent: CommitIntent
  note?: Partial<CommitNote>
}

/** What is to be committed for the wish in this state of the room; `done`: it holds. Throws `RoomRefusal`: it cannot. */
export type Wish = (group: Group) => Step | 'done'

/** What is known of the way to the relay. */
export interface WishWay {
  connected: boolean
  /** A commit of this device is on its way, or not decided about. */
  committing: boolean
}

interface Open {
  id: number
  kind: WishKind
  wish: Wish
  /** A commit was made for it, which may be on its way. */
  committed: boolean
  resolve(): void
  reject(refusal: RoomRefusal): void
  stopClock(): void
}

export class Wishes {
  readonly #clock: Clock
  readonly #onChange: () => void
  #open: Open[] = []
  #nextId = 1

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock
    this.#onChange = onChange
  }

  /** Resolves once it holds. Rejects with a `RoomRefusal`. */
  add(kind: WishKind, wish: Wish): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Open = {
        id: this.#nextId++,
        kind,
        wish,
        committed: false,
        resolve,
        reject,
        stopClock: this.#clock.after(wishLifetimeMs, () => this.#end(entry, 'wish-expired')),
      }
      this.#open.push(entry)
      this.#onChange()
    })
  }

  views({ connected, committing }: WishWay): WishView[] {
    return this.#open.map(({ id, kind, committed }) => ({
      id,
      kind,
      waitsFor: !connected ? 'connection' : committed && committing ? 'room' : 'turn',
      mayCancel: !(committed && committing),
    }))
  }

  /** Takes it back: who asked is told `wish-cancelled`. Throws `wish-on-its-way` where it may come about all the same. */
  cancel(id: number, { committing }: Pick<WishWay, 'committing'>): void {
    const entry = this.#open.find((one) => one.id === id)
    if (!entry) return // it holds, or has ended
    if (entry.committed && committing) throw new RoomRefusal('wish-on-its-way')
    this.#end(entry, 'wish-cancelled')
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

  /** A commit for the first wish is made, and will be sent. */
  committed(): void {
    for (const [i, entry] of this.#open.entries()) entry.committed = i === 0
    this.#onChange()
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
    entry.stopClock()
    this.#open = this.#open.filter((one) => one !== entry)
    this.#onChange()
  }
}
