/** What was said and what happened, in the order of this device. Each item is stored under its own key. */
import { type DeviceId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import type { SystemEvent } from '../snapshot.ts'
import { parseStored } from './device-store.ts'

export interface MessageItem {
  type: 'message'
  order: number
  /** The message's own id, the same on every device. */
  id: string
  device: DeviceId
  text: string
  atMs: number
  /** `atMs` is the relay's: the author's clock said what cannot be. */
  doubtful?: true
  /** Its place in the room's order; absent while an own message has none. */
  seq?: number
}
export interface SystemItem {
  type: 'system'
  order: number
  atMs: number
  event: SystemEvent<DeviceId>
}
export type Item = MessageItem | SystemItem
/** What a relay alone can bring about, as often as it likes. */
type Cheap = Extract<SystemEvent<DeviceId>, { type: 'unreadable' | 'relay-restarting' }>

const storedItem = v.variant('type', [
  v.object({
    type: v.literal('message'),
    order: v.number(),
    id: v.string(),
    device: v.custom<DeviceId>((input) => typeof input === 'string'),
    text: v.string(),
    atMs: v.number(),
    doubtful: v.exactOptional(v.literal(true)),
    seq: v.exactOptional(v.number()),
  }),
  v.object({
    type: v.literal('system'),
    order: v.number(),
    atMs: v.number(),
    event: v.custom<SystemEvent<DeviceId>>((input) => typeof input === 'object' && input !== null && 'type' in input),
  }),
])

export class Timeline {
  readonly #prefix: string
  #items: Item[] = []
  #nextOrder = 0
  readonly #ids = new Set<string>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async load(storage: Storage): Promise<void> {
    for (const { value } of await storage.list(`${this.#prefix}/`)) {
      const item = parseStored<Item>(storedItem, value)
      if (item) this.#items.push(item)
    }
    this.#nextOrder = (this.#items.at(-1)?.order ?? -1) + 1
    for (const item of this.#items) if (item.type === 'message') this.#ids.add(`${item.device}/${item.id}`)
  }

  get items(): readonly Item[] {
    return this.#items
  }

  has(device: DeviceId, id: string): boolean {
    return this.#ids.has(`${device}/${id}`)
  }

  say(message: Omit<MessageItem, 'type' | 'order'>): StorageChange[] {
    this.#ids.add(`${message.device}/${message.id}`)
    return this.#append({ type: 'message', order: this.#nextOrder++, ...message })
  }

  /** A flood of frames that cannot be opened, or of farewells of the relay, is told once, until something else is there. */
  tell(event: SystemEvent<DeviceId>, atMs: number): StorageChange[] {
    if (isCheap(event) && this.#toldJustNow(event)) return []
    return this.#append({ type: 'system', order: this.#nextOrder++, atMs, event })
  }

  /**
   * A message has its place: it moves behind what was ordered before it. The relay orders it twice where it died and its
   * author says it again; the last place counts, for it is the one that everybody learns.
   */
  ordered(device: DeviceId, id: string, seq: number): StorageChange[] {
    const at = this.#items.findIndex((item) => item.type === 'message' && item.device === device && item.id === id)
    const item = this.#items[at]
    if (item?.type !== 'message' || item.seq === seq) return []
    const placed: MessageItem = { ...item, seq, order: this.#nextOrder++ }
    this.#items.splice(at, 1)
    this.#items.push(placed)
    return [{ type: 'delete', key: this.#key(item) }, this.#put(placed)]
  }

  remove(device: DeviceId, id: string): StorageChange[] {
    const item = this.#items.find((one) => one.type === 'message' && one.device === device && one.id === id)
    if (!item) return []
    this.#items = this.#items.filter((one) => one !== item)
    this.#ids.delete(`${device}/${id}`)
    return [{ type: 'delete', key: this.#key(item) }]
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
    return [this.#put(item)]
  }

  #key(item: Item): string {
    return `${this.#prefix}/${String(item.order).padStart(14, '0')}`
  }

  #put(item: Item): StorageChange {
    return { type: 'put', key: this.#key(item), value: utf8(JSON.stringify(item)) }
  }
}

function isCheap(event: SystemEvent<DeviceId>): event is Cheap {
  return event.type === 'unreadable' || event.type === 'relay-restarting'
}

function isSame(one: Cheap, other: Cheap): boolean {
  if (one.type !== 'unreadable' || other.type !== 'unreadable') return one.type === other.type
  return one.reason === other.reason && one.from === other.from
}
