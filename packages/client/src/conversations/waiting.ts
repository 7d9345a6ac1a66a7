/** What is to be said to persons with whom there is no conversation yet: stored until one is begun. */
import { fromBase64Url, type MessageId, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import type { Storage, StorageChange } from '../ports.ts'
import { parseStored } from '../room/device-store.ts'

interface Row {
  key: string
  person: string
  id: MessageId
  content: Uint8Array<ArrayBuffer>
}

const storedRow = v.object({ person: v.string(), id: v.string(), content: v.string() })

export class Waiting {
  readonly #prefix: string
  #rows: Row[] = []
  #next = 0

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  async load(storage: Storage): Promise<void> {
    for (const { key, value } of await storage.list(`${this.#prefix}/`)) {
      const read = parseStored(storedRow, value)
      const content = read && fromBase64Url(read.content)
      if (content) this.#rows.push({ key, person: read.person, id: read.id as MessageId, content })
      this.#next = Number(key.slice(this.#prefix.length + 1)) + 1
    }
  }

  get persons(): Set<string> {
    return new Set(this.#rows.map(({ person }) => person))
  }

  has(person: string): boolean {
    return this.#rows.some((row) => row.person === person)
  }

  of(person: string): readonly { id: MessageId; content: Uint8Array<ArrayBuffer> }[] {
    return this.#rows.filter((row) => row.person === person)
  }

  /** What to store for it. */
  add(person: string, id: MessageId, content: Uint8Array<ArrayBuffer>): StorageChange {
    const key = `${this.#prefix}/${String(this.#next++).padStart(15, '0')}`
    this.#rows.push({ key, person, id, content })
    return { type: 'put', key, value: utf8(JSON.stringify({ person, id, content: toBase64Url(content) })) }
  }

  /** Hands over what waits for `person`; each with the change that takes it off the disk. */
  take(person: string): { id: MessageId; content: Uint8Array<ArrayBuffer>; change: StorageChange }[] {
    const taken = this.#rows.filter((row) => row.person === person)
    this.#rows = this.#rows.filter((row) => row.person !== person)
    return taken.map(({ key, id, content }) => ({ id, content, change: { type: 'delete', key } }))
  }

  /** Takes out those of which `is` says so; what to store for it. */
  forget(is: (row: { id: MessageId; content: Uint8Array<ArrayBuffer> }) => boolean): StorageChange[] {
    const gone = this.#rows.filter(is)
    this.#rows = this.#rows.filter((row) => !gone.includes(row))
    return gone.map(({ key }) => ({ type: 'delete', key }))
  }

  /** Nobody will hear it any more. */
  drop(person: string): StorageChange[] {
    return this.take(person).map(({ change }) => change)
  }
}
