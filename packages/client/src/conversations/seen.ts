/** What has been heard already: a sender says it again, under the same id, when the relay may have lost it. */
import type { DeviceId, MessageId } from '@qsec/protocol'
import type { Storage, StorageChange } from '../ports.ts'

/** Ids kept, of all conversations: far more than anybody has unconfirmed. */
const idsAtMost = 4_096

const here: Uint8Array<ArrayBuffer> = new Uint8Array([1])

export class Seen {
  readonly #prefix: string
  /** Storage keys by sender and id, the oldest first. */
  readonly #keys = new Map<string, string>()
  #next = 0

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async load(storage: Storage): Promise<void> {
    for (const { key } of await storage.list(`${this.#prefix}/`)) {
      const [order = '', name = ''] = key.slice(this.#prefix.length + 1).split('.')
      this.#keys.set(name, key)
      this.#next = Number(order) + 1
    }
  }

  has(from: DeviceId, id: MessageId): boolean {
    return this.#keys.has(`${from}${id}`)
  }

  /** What to store for it. */
  add(from: DeviceId, id: MessageId): StorageChange[] {
    const name = `${from}${id}`
    const key = `${this.#prefix}/${String(this.#next++).padStart(15, '0')}.${name}`
    this.#keys.set(name, key)
    const over = [...this.#keys].slice(0, Math.max(0, this.#keys.size - idsAtMost))
    for (const [old] of over) this.#keys.delete(old)
    return [{ type: 'put', key, value: here }, ...over.map(([, old]): StorageChange => ({ type: 'delete', key: old }))]
  }
}
