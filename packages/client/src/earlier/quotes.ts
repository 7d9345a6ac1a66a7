/**
 * Earlier messages that members shared with this device: blocks of quotations, each by one sharer. They lie apart from the
 * timeline, so that nothing takes them for messages that this device received and checked itself.
 */
import { type DeviceId, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import type { QuotedMessage } from '../quantum/earlier-content.ts'
import { parseStored } from '../room/device-store.ts'

/** Blocks kept; a further share is refused until one is removed. */
export const blocksAtMost = 16

export interface QuoteBlock {
  order: number
  share: string
  /** The sharer's device. */
  from: DeviceId
  /** When the first of them came, by this device's clock. */
  atMs: number
  total: number
  /** So many of `total` have come. */
  next: number
  state: 'coming' | 'complete' | 'stopped'
  /** The sharer is still to be told how far it has come. */
  owes: boolean
  /** What has come, without those that this device has itself. Oldest first, as the sharer has them. */
  messages: readonly QuotedMessage[]
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const storedHead = v.object({
  order: count,
  share: v.string(),
  from: v.string(),
  atMs: v.number(),
  total: count,
  next: count,
  state: v.picklist(['coming', 'complete', 'stopped']),
  owes: v.boolean(),
})
const storedPart = v.array(
  v.object({ id: v.string(), person: v.string(), name: v.string(), atMs: v.number(), text: v.string() }),
)

export class Quotes {
  readonly #prefix: string
  #blocks: readonly QuoteBlock[] = []

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async load(storage: Storage): Promise<void> {
    const parts = new Map<number, QuotedMessage[]>()
    const heads: Omit<QuoteBlock, 'messages'>[] = []
    for (const { key, value } of await storage.list(`${this.#prefix}/`)) {
      const [order, part] = key.slice(this.#prefix.length + 1).split('/')
      if (part === 'head') {
        const head = parseStored(storedHead, value)
        if (head) heads.push({ ...head, from: head.from as DeviceId })
      } else {
        const messages = parseStored(storedPart, value) ?? []
        parts.set(Number(order), [...(parts.get(Number(order)) ?? []), ...messages])
      }
    }
    this.#blocks = heads.map((head) => ({ ...head, messages: parts.get(head.order) ?? [] }))
  }

  get blocks(): readonly QuoteBlock[] {
    return this.#blocks
  }

  of(from: DeviceId, share: string): QuoteBlock | undefined {
    return this.#blocks.find((block) => block.from === from && block.share === share)
  }

  begin(from: DeviceId, share: string, total: number, atMs: number): QuoteBlock {
    const order = (this.#blocks.at(-1)?.order ?? -1) + 1
    const block: QuoteBlock = { order, share, from, atMs, total, next: 0, state: 'coming', owes: false, messages: [] }
    this.#blocks = [...this.#blocks, block]
    return block
  }

  /** Takes in what comes next; `kept` of `taken` messages are shown. */
  add(block: QuoteBlock, taken: number, kept: readonly QuotedMessage[]): StorageChange[] {
    const next = block.next + taken
    const part = this.#key(block, String(block.next).padStart(3, '0'))
    const state = next === block.total ? ('complete' as const) : block.state
    return [
      ...this.change({ ...block, next, state, owes: true, messages: [...block.messages, ...kept] }),
      { type: 'put', key: part, value: utf8(JSON.stringify(kept)) },
    ]
  }

  /** Puts the block in the place of what it was; what to store. */
  change(block: QuoteBlock): StorageChange[] {
    this.#blocks = this.#blocks.map((one) => (one.order === block.order ? block : one))
    const { messages: _apart, ...head } = block
    return [{ type: 'put', key: this.#key(block, 'head'), value: utf8(JSON.stringify(head)) }]
  }

  remove(block: QuoteBlock): StorageChange[] {
    this.#blocks = this.#blocks.filter(({ order }) => order !== block.order)
    return [{ type: 'delete-prefix', prefix: `${this.#key(block)}/` }]
  }

  #key({ order }: QuoteBlock, ...rest: string[]): string {
    return [this.#prefix, String(order).padStart(6, '0'), ...rest].join('/')
  }
}
