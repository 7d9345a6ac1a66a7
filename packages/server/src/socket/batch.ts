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
  readonly #next = new Map<EncodedEvent, Sequence>()
  #joined: Buffer | undefined

  private constructor(before?: Sequence, last?: EncodedEvent) {
    this.#before = before
    this.#last = last
  }

  static empty(): Sequence {
    return new Sequence()
  }

  with(event: EncodedEvent): Sequence {
    let longer = this.#next.get(event)
    if (!longer) {
      longer = new Sequence(this, event)
      this.#next.set(event, longer)
    }
    return longer
  }

  get events(): EncodedEvent[] {
    const events: EncodedEvent[] = []
    for (let at: Sequence | undefined = this; at !== undefined; at = at.#before) if (at.#last) events.push(at.#last)
    return events.reverse()
  }

  get joined(): Buffer {
    this.#joined ??= Buffer.concat(this.events.map(({ frame }) => frame))
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
  #outlets = new Set<Outlet>()
  #immediate: NodeJS.Immediate | undefined

  /** Where every sequence of this turn begins. */
  get start(): Sequence {
    return this.#empty
  }

  add(outlet: Outlet): void {
    this.#outlets.add(outlet)
    this.#immediate ??= setImmediate(() => {
      this.#immediate = undefined
      const outlets = this.#outlets
      this.#outlets = new Set()
      this.#empty = Sequence.empty()
      for (const one of outlets) one.flush()
    })
  }
}
