/**
 * What was said and what happened, in the order of this device. Each item is stored under its own key, and the newest of
 * them are held: `items` goes from some item to the newest one. What came before is read from storage when it is asked for.
 */
import type { DeviceId, MessageId } from '@qsec/protocol'
import type { Amendable, Amendment } from '../messages/amend.ts'
import { amended } from '../messages/amend.ts'
import type { MessageRef } from '../messages/content.ts'
import { Early } from '../messages/early.ts'
import type { Storage, StorageChange } from '../ports.ts'
import type { SystemEvent } from '../snapshot.ts'
import { type Place, TimelineRows } from './timeline-rows.ts'

export interface MessageItem extends Amendable {
  type: 'message'
  order: number
  /** The message's own id, the same on every device. */
  id: string
  atMs: number
  /** `atMs` is the relay's: the author's clock said what cannot be. */
  doubtful?: true
  /** Its place in the room's order; absent while an own message has none. */
  seq?: number
  replyTo?: MessageRef
  /** Said in the conversation with one person: nobody else has it, and nothing of the room's stream changes it. */
  privately?: Privately
  /** It disappears: so many seconds after it was seen. `goesMs`: when, by the clock of `Vanishing`. */
  lifetime?: { seconds: number; goesMs?: number }
}

export interface Privately {
  /** Fingerprint of the other person's keys, whoever of the two said it. */
  person: string
  /** A device of that person. */
  device: DeviceId
  /** What is certain of an own one: a device of the other has it, or none ever will. */
  outcome?: 'delivered' | 'not-delivered'
  /** A change of it that this device made will reach nobody: what the other has of it reads otherwise. */
  stale?: true
}
export interface SystemItem {
  type: 'system'
  order: number
  atMs: number
  event: SystemEvent<DeviceId>
}
export type Item = MessageItem | SystemItem
type Watcher = (item: Item, change: 'came' | 'changed' | 'gone') => void
/** What a relay alone can bring about, as often as it likes. */
type Cheap = Extract<SystemEvent<DeviceId>, { type: 'unreadable' | 'relay-restarting' }>

/** So many are held at first, and so many more with each `loadEarlier`, or a few more. */
export const pageItems = 200
/** Messages that are quoted by others, and not among those held. */
const quotedAtMost = 1_000

export class Timeline {
  readonly #rows: TimelineRows
  readonly #early: Early
  #items: Item[] = []
  /** Of all that is stored, in order. */
  #places: Place[] = []
  readonly #orders = new Map<string, number>()
  readonly #held = new Map<string, MessageItem>()
  readonly #quoted = new Map<string, MessageItem>()
  readonly #watchers = new Set<Watcher>()
  #nextOrder = 0
  #revision = 0
  #cameLater = false

  constructor(prefix: string) {
    this.#rows = new TimelineRows(prefix)
    this.#early = new Early(`${prefix}-early`)
  }

  /** @param newest - how many items are held at first */
  async load(storage: Storage, newest: number = pageItems): Promise<void> {
    this.#places = await this.#rows.load(storage)
    this.#nextOrder = (this.#places.at(-1)?.order ?? -1) + 1
    for (const { order, message } of this.#places) if (message) this.#orders.set(message, order)
    await this.#early.load(storage)
    const first = this.#places[0] ? await this.#rows.block(this.#places[0].order) : []
    this.#cameLater = first.some(isComing)
    await this.loadEarlier(newest)
  }

  get items(): readonly Item[] {
    return this.#items
  }

  /** Rises with every change of what is held. */
  get revision(): number {
    return this.#revision
  }

  /** How many items stand in storage before those that are held. */
  get earlier(): number {
    return this.#places.length - this.#items.length
  }

  /** How many there are in all. */
  get count(): number {
    return this.#places.length
  }

  /** How many of them are messages. */
  get messageCount(): number {
    return this.#orders.size
  }

  /** This device came in after others had talked. */
  get cameLater(): boolean {
    return this.#cameLater
  }

  has(device: DeviceId, id: string): boolean {
    return this.#orders.has(refKey({ device, id }))
  }

  /** Whether one stands before the other. False where one of them is not here. */
  isBefore(one: MessageRef, other: MessageRef): boolean {
    const [a, b] = [this.#orders.get(refKey(one)), this.#orders.get(refKey(other))]
    return a !== undefined && b !== undefined && a < b
  }

  /** The ids of all messages, whoever's. */
  ids(): Set<string> {
    return new Set(Array.from(this.#orders.keys(), (message) => message.slice(message.indexOf('/') + 1)))
  }

  /** A message that is held, or quoted by one; undefined where it is neither, see `find`. */
  peek(ref: { device: DeviceId; id: string }): MessageItem | undefined {
    return this.#held.get(refKey(ref)) ?? this.#quoted.get(refKey(ref))
  }

  async find(ref: { device: DeviceId; id: string }): Promise<MessageItem | undefined> {
    const order = this.#orders.get(refKey(ref))
    if (order === undefined) return undefined
    const item = this.peek(ref) ?? (await this.#rows.read({ order, message: refKey(ref) }))
    return item?.type === 'message' ? item : undefined
  }

  /** What is stored side by side with the item at that index, and from which index to which that is. */
  async itemsAt(index: number): Promise<{ items: readonly Item[]; from: number; to: number } | undefined> {
    const place = this.#places[index]
    if (!place) return undefined
    const items = await this.#rows.block(place.order)
    const first = this.#rows.firstOfBlock(place.order)
    return { items, from: this.#firstAt(first), to: this.#firstAt(this.#rows.endOfBlock(place.order)) }
  }

  /** Hears of every item that comes, changes or goes. The returned function ends that. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** The newest messages that hold, newest first, as far back as anybody asks. */
  async *newest(): AsyncGenerator<MessageItem> {
    const heldFrom = this.#items[0]?.order ?? this.#nextOrder
    for (const item of this.#items.toReversed()) if (item.type === 'message') yield item
    for (let at = this.#firstAt(heldFrom) - 1; at >= 0; ) {
      const block = await this.#rows.block(this.#places[at]!.order)
      const older = block.filter(({ order }) => order < heldFrom).reverse()
      for (const item of older) if (item.type === 'message') yield item
      at = this.#firstAt((older.at(-1) ?? this.#places[at]!).order) - 1
    }
  }

  // --- what is held ----------------------------------------------------------------------------------------------

  /** Holds so many more of the earlier items, or a few more than that. */
  async loadEarlier(count: number = pageItems): Promise<void> {
    const wanted = this.#items.length + count
    while (this.#items.length < wanted && this.earlier > 0) await this.#hold(this.#places[this.earlier - 1]!.order)
  }

  /**
   * Holds some more on the way back to that message: a long way is gone in steps, and what comes meanwhile has its turn.
   *
   * @returns `here` once all from it on is held, `none` where there is no such message
   */
  async loadTowards(ref: { device: DeviceId; id: string }): Promise<'here' | 'further' | 'none'> {
    const order = this.#orders.get(refKey(ref))
    if (order === undefined) return 'none'
    const isHeld = (): boolean => this.earlier === 0 || (this.#items[0]?.order ?? this.#nextOrder) <= order
    const wanted = this.#items.length + pageItems
    while (!isHeld() && this.#items.length < wanted) await this.#hold(this.#places[this.earlier - 1]!.order)
    return isHeld() ? 'here' : 'further'
  }

  /** Holds the newest page only. */
  forgetEarlier(): void {
    const dropped = this.#items.splice(0, Math.max(0, this.#items.length - pageItems))
    if (dropped.length === 0) return
    const quoted = new Set(this.#items.flatMap((item) => (isReply(item) ? refKey(item.replyTo) : [])))
    for (const item of dropped) {
      if (item.type !== 'message') continue
      this.#held.delete(refKey(item))
      if (quoted.has(refKey(item))) this.#quoted.set(refKey(item), item)
    }
    this.#revision++
  }

  /** Reads a message that another one quotes, so that it can be shown there. */
  async recall(ref: MessageRef): Promise<void> {
    if (this.peek(ref)) return
    const item = await this.find(ref)
    if (!item) return
    this.#quoted.set(refKey(ref), item)
    if (this.#quoted.size > quotedAtMost) this.#quoted.delete(this.#quoted.keys().next().value!)
    this.#revision++
  }

  /** Takes the block in which that order stands, as far as it comes before what is held. */
  async #hold(order: number): Promise<void> {
    const block = await this.#rows.block(order)
    // Meanwhile something may have moved: what is stored last counts.
    const before = this.#items[0]?.order ?? this.#nextOrder
    const older = block.filter((item) => item.order < before)
    this.#items = [...older, ...this.#items]
    for (const item of older) if (item.type === 'message') this.#held.set(refKey(item), item)
    this.#dropUnread(before, older)
    this.#revision++
    for (const item of older) if (isReply(item)) await this.recall(item.replyTo)
  }

  /** A damaged row is no item: its place is forgotten, so that nothing waits for it. */
  #dropUnread(before: number, block: readonly Item[]): void {
    const from = this.#firstAt(block[0]?.order ?? Number.POSITIVE_INFINITY)
    const end = this.#firstAt(before)
    const start = block.length > 0 ? from : this.#blockStart(end)
    const read = new Set(block.map(({ order }) => order))
    const kept = this.#places.slice(start, end).filter(({ order }) => read.has(order))
    if (kept.length < end - start) this.#places.splice(start, end - start, ...kept)
  }

  #blockStart(end: number): number {
    const last = this.#places[end - 1]
    return last ? this.#firstAt(this.#rows.firstOfBlock(last.order)) : end
  }

  // --- changes ---------------------------------------------------------------------------------------------------

  say(message: Omit<MessageItem, 'type' | 'order'>): StorageChange[] {
    const early = this.#early.take(message.device, message.id)
    const item: MessageItem = { type: 'message', order: this.#nextOrder++, ...message }
    const changed = early.amendments.reduce((before, one) => amended(before, one), item)
    return [...early.changes, ...this.#append(changed)]
  }

  /** A flood of frames that cannot be opened, or of farewells of the relay, is told once, until something else is there. */
  tell(event: SystemEvent<DeviceId>, atMs: number): StorageChange[] {
    if (isCheap(event) && this.#toldJustNow(event)) return []
    const item: SystemItem = { type: 'system', order: this.#nextOrder++, atMs, event }
    this.#cameLater ||= isComing(item)
    return this.#append(item)
  }

  /** What somebody changes of a message; of one that is not here it is kept for when it comes. */
  async amend(amendment: Amendment): Promise<StorageChange[]> {
    const { of } = amendment.content
    const item = await this.find(of)
    if (!item) return this.has(of.device, of.id) ? [] : this.#early.add(amendment)
    const next = amended(item, amendment)
    return next === item ? [] : this.#replace(next)
  }

  /** Words of an own message that nobody else has yet. */
  async reword(ref: MessageRef, text: string, mentions: readonly string[]): Promise<StorageChange[]> {
    const item = await this.find(ref)
    if (!item) return []
    const { mentions: _before, ...rest } = item
    return this.#replace({ ...rest, text, ...(mentions.length > 0 ? { mentions } : {}) })
  }

  /**
   * A message has its place: it moves behind what was ordered before it. The relay orders it twice where it died and its
   * author says it again; the last place counts, for it is the one that everybody learns.
   */
  async ordered(device: DeviceId, id: string, seq: number): Promise<StorageChange[]> {
    const item = await this.find({ device, id })
    if (!item || item.seq === seq) return []
    const gone = this.#take(item)
    return [...gone, ...this.#append({ ...item, seq, order: this.#nextOrder++ })]
  }

  /** What became of an own private message; undefined: it is on its way again. */
  async settle(ref: MessageRef, outcome: Privately['outcome']): Promise<StorageChange[]> {
    const item = await this.find(ref)
    if (!item?.privately || item.privately.outcome === outcome) return []
    const { outcome: _before, ...to } = item.privately
    return this.#replace({ ...item, privately: { ...to, ...(outcome ? { outcome } : {}) } })
  }

  /** Whether what the other has of a private message is what stands here. */
  async stale(ref: MessageRef, stale: boolean): Promise<StorageChange[]> {
    const item = await this.find(ref)
    if (!item?.privately || (item.privately.stale === true) === stale) return []
    const { stale: _before, ...to } = item.privately
    return this.#replace({ ...item, privately: { ...to, ...(stale ? { stale } : {}) } })
  }

  /** How long a message lives; `goesMs` where that is settled. */
  async give(ref: MessageRef, lifetime: NonNullable<MessageItem['lifetime']>): Promise<StorageChange[]> {
    const item = await this.find(ref)
    return item ? this.#replace({ ...item, lifetime }) : []
  }

  /** Nothing of the message is left, nor of changes that came before it. */
  async vanish({ device, id }: MessageRef): Promise<StorageChange[]> {
    return [...(await this.remove(device, id)), ...this.#early.take(device, id).changes]
  }

  async remove(device: DeviceId, id: string): Promise<StorageChange[]> {
    const item = await this.find({ device, id })
    return item ? this.#take(item) : []
  }

  /** Whether it stands among such ones at the end, behind which nothing else came. */
  #toldJustNow(event: Cheap): boolean {
    for (const item of this.#items.toReversed()) {
      if (item.type !== 'system' || !isCheap(item.event)) return false
      if (isSame(item.event, event)) return true
    }
    return false
  }

  #append(item: Item): StorageChange[] {
    this.#items.push(item)
    this.#places.push(this.#rows.placeOf(item))
    if (item.type === 'message') {
      this.#orders.set(refKey(item), item.order)
      this.#held.set(refKey(item), item)
    }
    return this.#changed(item, 'came', this.#rows.put(item))
  }

  #replace(item: MessageItem): StorageChange[] {
    const at = this.#heldAt(item.order)
    if (at >= 0) {
      this.#items[at] = item
      this.#held.set(refKey(item), item)
    }
    if (this.#quoted.has(refKey(item))) this.#quoted.set(refKey(item), item)
    return this.#changed(item, 'changed', this.#rows.put(item))
  }

  #changed(item: Item, how: Parameters<Watcher>[1], change: StorageChange): StorageChange[] {
    this.#revision++
    for (const watcher of this.#watchers) watcher(item, how)
    return [change]
  }

  #take(item: MessageItem): StorageChange[] {
    const at = this.#heldAt(item.order)
    if (at >= 0) this.#items.splice(at, 1)
    this.#held.delete(refKey(item))
    this.#quoted.delete(refKey(item))
    this.#orders.delete(refKey(item))
    this.#places.splice(this.#firstAt(item.order), 1)
    return this.#changed(item, 'gone', { type: 'delete', key: this.#rows.key(item) })
  }

  #heldAt(order: number): number {
    const at = firstAt(this.#items, order)
    return this.#items[at]?.order === order ? at : -1
  }

  #firstAt(order: number): number {
    return firstAt(this.#places, order)
  }
}

/** The contents that made the message what it is now, but for its own. */
export function changesOf({ edited, deleted, reactions = [] }: MessageItem): string[] {
  return [edited, deleted, ...reactions].flatMap((one) => (one ? [one.id] : []))
}

export function refKey({ device, id }: { device: DeviceId; id: string }): string {
  return `${device}/${id}`
}

/** A message's key, as screens have it, taken apart. */
export function refIn(key: string): MessageRef {
  const at = key.indexOf('/')
  return { device: key.slice(0, at) as DeviceId, id: key.slice(at + 1) as MessageId }
}

function isReply(item: Item): item is MessageItem & { replyTo: MessageRef } {
  return item.type === 'message' && item.replyTo !== undefined
}

function isComing(item: Item): boolean {
  return item.type === 'system' && item.event.type === 'you-joined' && item.event.earlierUnreadable
}

/** The first index at which `order` or a later one stands. */
function firstAt(list: readonly { order: number }[], order: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.order < order) low = middle + 1
    else high = middle
  }
  return low
}

function isCheap(event: SystemEvent<DeviceId>): event is Cheap {
  return event.type === 'unreadable' || event.type === 'relay-restarting'
}

function isSame(one: Cheap, other: Cheap): boolean {
  if (one.type !== 'unreadable' || other.type !== 'unreadable') return one.type === other.type
  return one.reason === other.reason && one.from === other.from
}
