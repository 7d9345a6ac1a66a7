/**
 * Items of the timeline in storage, each under a key that tells its order and, of a message, whose it is: so the keys alone
 * say what there is, and a hundred neighbours are read by one prefix.
 */
import { type DeviceId, type MessageId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { fileClaims } from '../files/content.ts'
import type { Storage, StorageChange } from '../ports.ts'
import type { SystemEvent } from '../snapshot.ts'
import { parseStored } from './device-store.ts'
import type { Item } from './timeline.ts'

/** Where an item stands. */
export interface Place {
  order: number
  /** Of a message: `device/id`. */
  message?: string
}

const orderDigits = 14
/** Orders that differ in their last digits alone are one block. */
const blockDigits = 2
const blockOrders = 10 ** blockDigits

const deviceId = v.custom<DeviceId>((input) => typeof input === 'string')
const versioned = { version: v.number(), id: v.string() }
const storedItem: v.GenericSchema<unknown, Item> = v.variant('type', [
  v.object({
    type: v.literal('message'),
    order: v.number(),
    id: v.string(),
    device: deviceId,
    text: v.string(),
    atMs: v.number(),
    doubtful: v.exactOptional(v.literal(true)),
    seq: v.exactOptional(v.number()),
    replyTo: v.exactOptional(
      v.object({ device: deviceId, id: v.custom<MessageId>((input) => typeof input === 'string') }),
    ),
    privately: v.exactOptional(
      v.object({
        person: v.string(),
        device: deviceId,
        outcome: v.exactOptional(v.picklist(['delivered', 'not-delivered'])),
        stale: v.exactOptional(v.literal(true)),
      }),
    ),
    lifetime: v.exactOptional(v.object({ seconds: v.number(), goesMs: v.exactOptional(v.number()) })),
    person: v.exactOptional(v.string(), ''),
    mentions: v.exactOptional(v.array(v.string())),
    files: v.exactOptional(fileClaims),
    edited: v.exactOptional(v.object({ ...versioned, atMs: v.number() })),
    deleted: v.exactOptional(v.object({ id: v.string() })),
    reactions: v.exactOptional(
      v.array(v.object({ ...versioned, person: v.string(), device: deviceId, signs: v.array(v.string()) })),
    ),
  }),
  v.object({
    type: v.literal('system'),
    order: v.number(),
    atMs: v.number(),
    event: v.custom<SystemEvent<DeviceId>>((input) => typeof input === 'object' && input !== null && 'type' in input),
  }),
])

export class TimelineRows {
  readonly #prefix: string
  #storage: Storage | undefined

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Where everything stands that is stored, in order. */
  async load(storage: Storage): Promise<Place[]> {
    this.#storage = storage
    const keys = await storage.keys(`${this.#prefix}/`)
    const places = keys.map((key) => this.#placeIn(key))
    return places.some((place) => place === undefined) ? await this.#renew(storage) : places.flatMap((one) => one ?? [])
  }

  /** The hundred orders among which `order` is, as far as they are there and can be read. */
  async block(order: number): Promise<Item[]> {
    const prefix = `${this.#prefix}/${digits(order).slice(0, -blockDigits)}`
    const rows = (await this.#storage?.list(prefix)) ?? []
    return rows.flatMap(({ value }) => parseStored<Item>(storedItem, value) ?? [])
  }

  firstOfBlock(order: number): number {
    return order - (order % blockOrders)
  }

  /** The first order behind that block. */
  endOfBlock(order: number): number {
    return this.firstOfBlock(order) + blockOrders
  }

  async read(place: Place): Promise<Item | undefined> {
    return parseStored<Item>(storedItem, await this.#storage?.get(this.#keyOf(place)))
  }

  placeOf(item: Item): Place {
    const { order } = item
    return item.type === 'message' ? { order, message: `${item.device}/${item.id}` } : { order }
  }

  key(item: Item): string {
    return this.#keyOf(this.placeOf(item))
  }

  put(item: Item): StorageChange {
    return { type: 'put', key: this.key(item), value: utf8(JSON.stringify(item)) }
  }

  #keyOf({ order, message }: Place): string {
    return `${this.#prefix}/${digits(order)}/${message ?? 'event'}`
  }

  #placeIn(key: string): Place | undefined {
    const [order, ...message] = key.slice(this.#prefix.length + 1).split('/')
    if (message.length === 0) return undefined
    return { order: Number(order), ...(message.length === 2 ? { message: message.join('/') } : {}) }
  }

  /** Rows of versions that named them by their order alone get their keys of today. */
  async #renew(storage: Storage): Promise<Place[]> {
    const rows = await storage.list(`${this.#prefix}/`)
    const items = rows.flatMap(({ value }) => parseStored<Item>(storedItem, value) ?? [])
    await storage.apply([{ type: 'delete-prefix', prefix: `${this.#prefix}/` }, ...items.map((item) => this.put(item))])
    return items.map((item) => this.placeOf(item))
  }
}

function digits(order: number): string {
  return String(order).padStart(orderDigits, '0')
}
