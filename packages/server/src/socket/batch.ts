/**
 * What goes down, joined: the events of one turn of the event loop leave in one write per connection, and what goes to
 * many is encoded once and joined once for all who get the same. A system call per message and member is what fan-out
 * costs otherwise.
 */
import type { EncodedEvent } from '../room/encoded-event.ts'

/** A sequence of events, as the last one and what came before. Connections that got the same ones share it. */
export class Sequence {
  readonly #before: Sequence | undefined
  readonly #last: EncodedEvent | undefined
  /** Of what was sent to the last member, and most often goes to the next one too. */
  #lastNext: Sequence | undefined
  #next: Map<EncodedEvent, Sequence> | undefined
  #joined: Buffer | undefined

  private constructor(before?: Sequence, last?: EncodedEvent) {
    this.#before = before
    this.#last = last
  }

  static empty(): Sequence {
    return new Sequence()
  }

  with(event: EncodedEvent): Sequence {
    if (this.#lastNext !== undefined && this.#lastNext.#last === event) return this.#lastNext
    this.#next ??= new Map()
    let longer = this.#next.get(event)
    if (!longer) {
      longer = new Sequence(this, event)
      this.#next.set(event, longer)
    }
    this.#lastNext = longer
    return longer
  }

  get events(): EncodedEvent[] {
    const events: EncodedEvent[] = []
    for (let at: Sequence | undefined = this; at !== undefined; at = at.#before) if (at.#last) events.push(at.#last)
    return events.reverse()
  }

  get joined(): Buffer {
    if (!this.#joined) {
      const frames = this.events.map(({ frame }) => frame)
      this.#joined = frames.length === 1 ? frames[0]! : Buffer.concat(frames)
    }
    return this.#joined
  }
}

export interface Outlet {
  /** Sends what has gathered. */
  flush(): void
}

/** Flushes the outlets that have something, once in each turn of the event loop. */
export class Batch {
  #empty = Sequence.empty()
  #outlets: Outlet[] = []
  #immediate: NodeJS.Immediate | undefined

  /** Where every sequence of this turn begins. */
  get start(): Sequence {
    return this.#empty
  }

  /** Once for each outlet and turn. */
  add(outlet: Outlet): void {
    this.#outlets.push(outlet)
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined
      const outlets = this.#outlets
      this.#outlets = []
      this.#empty = Sequence.empty()
      for (const one of outlets) one.flush()
    })
  }
}
