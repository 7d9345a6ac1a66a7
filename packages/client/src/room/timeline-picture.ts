/** Draws the items that are held. A view stays the same object while nothing in it changes, and is not drawn again. */
import type { DeviceId } from '@qsec/protocol'
import type { PersonView, TimelineItem } from '../snapshot.ts'
import type { Item, MessageItem, Timeline } from './timeline.ts'
import { itemView, type ViewInput, viewOf } from './view.ts'

interface Drawn {
  view: TimelineItem
  /** The message that it quotes, as it was then. */
  quoted: MessageItem | undefined
}

export class TimelinePicture {
  #drawn = new WeakMap<Item, Drawn>()
  #views: TimelineItem[] = []
  #revision = -1
  #stale = true

  /** Names or members changed: every item may look different. */
  redraw(): void {
    this.#stale = true
  }

  draw(input: ViewInput, timeline: Timeline): readonly TimelineItem[] {
    const { items } = timeline
    if (this.#stale || this.#revision !== timeline.revision) {
      const authors = this.#stale ? new Map<DeviceId, PersonView>() : undefined
      this.#views = sameOr(
        this.#views,
        items.map((item) => this.#view(input, timeline, item, authors)),
      )
      this.#revision = timeline.revision
      this.#stale = false
      return this.#views
    }
    // Nothing came and nobody changed: own messages that are on their way may have got further.
    let views: TimelineItem[] | undefined
    for (let at = items.length - 1; at >= 0; at--) {
      const before = this.#views[at]!
      if (isFinished(before)) continue
      const view = this.#make(input, timeline, items[at]!)
      if (JSON.stringify(view) === JSON.stringify(before)) continue
      views ??= [...this.#views]
      views[at] = view
    }
    this.#views = views ?? this.#views
    return this.#views
  }

  /** @param authors - given where people may look different: those asked for so far */
  #view(
    input: ViewInput,
    timeline: Timeline,
    item: Item,
    authors: Map<DeviceId, PersonView> | undefined,
  ): TimelineItem {
    const kept = this.#drawn.get(item)
    if (!kept || !isFinished(kept.view)) return this.#make(input, timeline, item)
    if (kept.quoted !== quotedBy(timeline, item)) return this.#make(input, timeline, item)
    if (!authors) return kept.view
    if (item.type === 'system' || item.replyTo || item.reactions || item.mentions) {
      return this.#make(input, timeline, item)
    }
    let author = authors.get(item.device)
    if (!author) {
      author = viewOf(input, item.device)
      authors.set(item.device, author)
    }
    const same = kept.view.kind === 'message' && kept.view.author === author
    return same ? kept.view : this.#make(input, timeline, item)
  }

  #make(input: ViewInput, timeline: Timeline, item: Item): TimelineItem {
    const quoted = quotedBy(timeline, item)
    const view = itemView(input, item, quoted)
    this.#drawn.set(item, { view, quoted })
    return view
  }
}

function quotedBy(timeline: Timeline, item: Item): MessageItem | undefined {
  return item.type === 'message' && item.replyTo ? timeline.peek(item.replyTo) : undefined
}

/** Whether it stays as it is until somebody changes it. */
function isFinished(view: TimelineItem): boolean {
  if (view.kind === 'system') return true
  return (view.state === 'received' || view.state === 'delivered') && view.change === undefined
}

/** The old list where the new one holds the same things. */
function sameOr<T>(before: T[], after: T[]): T[] {
  return before.length === after.length && after.every((one, i) => one === before[i]) ? before : after
}
