/**
 * What goes down, joined: the events of one turn of the event loop leave in one write per connection, and what goes to
 * many is encoded once and joined once for all who get the same. A system call per message and member is what fan-out
 * costs otherwise.
 */
import type { EncodedEvent } from '../room/encoded-event.ts'
import type { Tally } from '../tally.ts'

/** Larger frames are handed over as they are, which costs less than copying them. */
const copiedBytes = 16_384
const joinedBytes = 1_048_576

/** A sequence of events, as the last one and what came before. Connections that got the same ones share it. */
export class Sequence {
  readonly #before: Sequence | undefined
  readonly #last: EncodedEvent | undefined
  readonly length: number
  /** Of what was sent to the last member, and most often goes to the next one too. */
  #lastNext: Sequence | undefined
  #next: Map<EncodedEvent, Sequence> | undefined
  #pieces: Buffer[] | undefined

  private constructor(before?: Sequence, last?: EncodedEvent) {
    this.#before = before
    this.#last = last
    this.length = before ? before.length + 1 : 0
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

  /** The frames of these events, as few buffers. Big ones are not copied: a list of keys goes to many, each in its turn. */
  get pieces(): Buffer[] {
    this.#pieces ??= joinSmall(this.events.map(({ frame }) => frame))
    return this.#pieces
  }
}

/** The same bytes, neighbours joined while they are small. */
export function joinSmall(frames: readonly Buffer[]): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  let bytes = 0
  const join = (to: number) => {
    if (to === from) return
    pieces.push(to - from === 1 ? frames[from]! : Buffer.concat(frames.slice(from, to)))
    from = to
    bytes = 0
  }
  for (const [i, frame] of frames.entries()) {
    if (frame.length > copiedBytes) {
      join(i)
      join(i + 1)
    } else {
      bytes += frame.length
      if (bytes > joinedBytes) join(i + 1)
    }
  }
  join(frames.length)
  return pieces
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
  readonly #tally: Tally

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** Where every sequence of this turn begins. */
  get start(): Sequence {
    return this.#empty
  }

  /** `events` have left to one connection. */
  sent(events: number): void {
    this.#tally.delivered += events
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
