/** A storage that forgets, for tests and for devices that are to leave no trace; with switches for faults. */
import { type StorageChange, StorageError } from '../ports.ts'
import { checkChanges, checkKey, checkPrefix, closedError } from './keys.ts'
import type { RekeyableStorage } from './rekeyable.ts'
import type { Entry } from './sealed.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface MemoryStorage extends RekeyableStorage {
  /** How many times `apply` has changed something: a test that crashes after every write counts by it. */
  readonly applied: number
  /** Lets the next `apply` reject with this code and change nothing. */
  failNextApply(code?: StorageError['code']): void
  /** What a crash at this moment would leave behind, as a storage of its own. */
  clone(): MemoryStorage
}

export function openMemoryStorage(): MemoryStorage {
  return new Memory(new Map())
}

class Memory implements MemoryStorage {
  applied = 0
  #entries: Map<string, Bytes>
  #vault: Bytes | undefined
  #fault: StorageError['code'] | undefined
  #closed = false

  constructor(entries: Map<string, Bytes>, vault?: Bytes) {
    this.#entries = entries
    this.#vault = vault
  }

  async get(key: string): Promise<Bytes | undefined> {
    this.#check()
    checkKey(key)
    return this.#entries.get(key)?.slice()
  }

  async list(prefix: string): Promise<{ key: string; value: Bytes }[]> {
    this.#check()
    checkPrefix(prefix)
    const keys = [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort()
    return keys.map((key) => ({ key, value: this.#entries.get(key)!.slice() }))
  }

  async keys(prefix: string): Promise<string[]> {
    this.#check()
    checkPrefix(prefix)
    return [...this.#entries.keys()].filter((key) => key.startsWith(prefix)).sort()
  }

  async apply(changes: readonly StorageChange[]): Promise<void> {
    this.#check()
    checkChanges(changes)
    this.#failIfAsked()
    for (const change of changes) this.#change(change)
    this.applied++
  }

  async vault(): Promise<Bytes | undefined> {
    this.#check()
    return this.#vault?.slice()
  }

  async fence(): Promise<void> {
    this.#check()
  }

  async replaceAll(entries: readonly Entry[], vault: Bytes | undefined): Promise<void> {
    this.#check()
    this.#failIfAsked()
    this.#entries = new Map(entries.map(({ key, value }) => [key, value.slice()]))
    this.#vault = vault?.slice()
    this.applied++
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  failNextApply(code: StorageError['code'] = 'failed'): void {
    this.#fault = code
  }

  clone(): MemoryStorage {
    // Values are replaced, never changed in place, so both copies may share them.
    return new Memory(new Map(this.#entries), this.#vault)
  }

  #change(change: StorageChange): void {
    switch (change.type) {
      case 'put':
        this.#entries.set(change.key, change.value.slice())
        return
      case 'delete':
        this.#entries.delete(change.key)
        return
      case 'delete-prefix':
        for (const key of this.#entries.keys()) if (key.startsWith(change.prefix)) this.#entries.delete(key)
    }
  }

  #failIfAsked(): void {
    if (!this.#fault) return
    const code = this.#fault
    this.#fault = undefined
    throw new StorageError(code, 'storage: a fault that the test asked for')
  }

  #check(): void {
    if (this.#closed) throw closedError()
  }
}
