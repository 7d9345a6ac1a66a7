/** Storage in the browser: one IndexedDB database for all tabs of an origin, and beside the entries the data key. */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, type IDBPTransaction, openDB } from 'idb'
import { type Clock, type StorageChange, StorageError } from '../ports.ts'
import { checkChanges, checkKey, checkPrefix, closedError, endOfPrefix } from './keys.ts'
import type { RekeyableStorage } from './rekeyable.ts'
import type { DataKey, Entry } from './sealed.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface IndexedDbOptions {
  clock: Clock
  /** Name of the database. */
  name?: string
}

export interface IndexedDb {
  storage: RekeyableStorage
  /**
   * The AES-256-GCM key of this browser profile, which no script can export; made at the first call, one for all tabs.
   * It guards against what reads the database through the browser, not against whoever copies the disk.
   */
  dataKey(): Promise<DataKey>
  /** Puts a new one in the place of the old, which opened the entries until now. */
  renewDataKey(): Promise<DataKey>
  forgetDataKey(): Promise<void>
}

interface Schema extends DBSchema {
  entries: { key: string; value: Bytes }
  /** `data`: the key of this browser profile. `vault`: the key box in its place. `generation`: see `fence`. */
  keys: { key: string; value: DataKey | Bytes | number }
}

const schemaVersion = 1
const blockedForMs = 5_000

export async function openIndexedDb(options: IndexedDbOptions): Promise<IndexedDb> {
  const database = await openDatabase(options.name ?? 'qsec', options.clock)
  const storage = new IndexedDbStorage(database, await generationOf(database))
  return {
    storage,
    dataKey: () => dataKey(database),
    renewDataKey: () => renewDataKey(database),
    forgetDataKey: () => database.run((db) => db.delete('keys', 'data')),
  }
}

class Database {
  readonly db: IDBPDatabase<Schema>
  /** Why the connection is gone, once it is. */
  lost: StorageError | undefined

  constructor(db: IDBPDatabase<Schema>) {
    this.db = db
  }

  close(why: StorageError): void {
    this.lost ??= why
    this.db.close() // waits for the transactions that are under way
  }

  /** Runs one operation and speaks of its failure in the words of the port. */
  async run<T>(operation: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    if (this.lost) throw this.lost
    try {
      return await operation(this.db)
    } catch (cause) {
      throw this.#inOurWords(cause)
    }
  }

  #inOurWords(cause: unknown): StorageError {
    if (cause instanceof StorageError) return cause
    const name = cause instanceof Error || cause instanceof DOMException ? cause.name : ''
    switch (name) {
      case 'QuotaExceededError':
        return new StorageError('full', 'storage: the browser gives no more space: free some on this disk', { cause })
      case 'InvalidStateError': // the connection closed beneath us
        return this.lost ?? new StorageError('closed', 'storage: the browser closed it: reload the page', { cause })
      case 'NotReadableError':
        return new StorageError('damaged', 'storage: the browser cannot read its own database', { cause })
      default:
        return this.lost ?? new StorageError('failed', `storage: IndexedDB failed (${name || 'unknown'})`, { cause })
    }
  }
}

function openDatabase(name: string, clock: Clock): Promise<Database> {
  return new Promise((resolve, reject) => {
    let opened: Database | undefined
    let cancelWait: (() => void) | undefined
    let gaveUp = false
    openDB<Schema>(name, schemaVersion, {
      upgrade(db) {
        db.createObjectStore('entries')
        db.createObjectStore('keys')
      },
      blocked() {
        // An older tab gets `versionchange` and closes by itself, unless it hangs: then a person has to do it.
        cancelWait = clock.after(blockedForMs, () => {
          gaveUp = true
          reject(new StorageError('failed', 'storage: another tab holds an older version: close all other QSEC tabs'))
        })
      },
      blocking() {
        opened?.close(new StorageError('closed', 'storage: another tab replaced or deleted it: reload the page'))
      },
      terminated() {
        opened?.close(new StorageError('closed', 'storage: the browser closed it: reload the page'))
      },
    }).then(
      (db) => {
        cancelWait?.()
        if (gaveUp) return db.close()
        opened = new Database(db)
        resolve(opened)
      },
      (cause: unknown) => {
        cancelWait?.()
        reject(openError(cause))
      },
    )
  })
}

function openError(cause: unknown): StorageError {
  const newer = cause instanceof DOMException && cause.name === 'VersionError'
  return newer
    ? new StorageError('failed', 'storage: a newer QSEC wrote it: reload the page to get that version', { cause })
    : new StorageError('failed', 'storage: the browser does not open IndexedDB (private window, or no space?)', {
        cause,
      })
}

class IndexedDbStorage implements RekeyableStorage {
  readonly #database: Database
  #generation: number

  constructor(database: Database, generation: number) {
    this.#database = database
    this.#generation = generation
  }

  // A transaction begins within the call, and IndexedDB runs overlapping ones in the order in which they began: so
  // the order of effects is the order of calls, for all tabs together.

  async get(key: string): Promise<Bytes | undefined> {
    checkKey(key)
    return await this.#database.run(async (db) => {
      const tx = db.transaction(['entries', 'keys'])
      const [value] = await Promise.all([tx.objectStore('entries').get(key), this.#checkFence(tx)])
      return value && checkValue(value)
    })
  }

  async list(prefix: string): Promise<Entry[]> {
    checkPrefix(prefix)
    return await this.#database.run(async (db) => {
      const tx = db.transaction(['entries', 'keys'])
      const store = tx.objectStore('entries')
      const range = rangeOf(prefix)
      const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range), this.#checkFence(tx)])
      return keys.map((key, i) => ({ key, value: checkValue(values[i]) }))
    })
  }

  async keys(prefix: string): Promise<string[]> {
    checkPrefix(prefix)
    return await this.#database.run(async (db) => {
      const tx = db.transaction(['entries', 'keys'])
      const [keys] = await Promise.all([tx.objectStore('entries').getAllKeys(rangeOf(prefix)), this.#checkFence(tx)])
      return keys
    })
  }

  async apply(changes: readonly StorageChange[]): Promise<void> {
    checkChanges(changes)
    await this.#database.run(async (db) => {
      const tx = db.transaction(['entries', 'keys'], 'readwrite', { durability: 'strict' })
      const store = tx.objectStore('entries')
      await settled(tx, [this.#checkFence(tx), ...changes.map((change) => request(store, change))])
    })
  }

  async vault(): Promise<Bytes | undefined> {
    return await this.#database.run(async (db) => {
      const value = await db.get('keys', 'vault')
      return value === undefined ? undefined : checkValue(value)
    })
  }

  async fence(): Promise<void> {
    const next = this.#generation + 1
    await this.#database.run(async (db) => {
      const tx = db.transaction('keys', 'readwrite', { durability: 'strict' })
      await settled(tx, [this.#checkFence(tx), tx.store.put(next, 'generation')])
    })
    this.#generation = next
  }

  async replaceAll(entries: readonly Entry[], vault: Bytes | undefined): Promise<void> {
    await this.#database.run(async (db) => {
      const tx = db.transaction(['entries', 'keys'], 'readwrite', { durability: 'strict' })
      const [store, keys] = [tx.objectStore('entries'), tx.objectStore('keys')]
      await settled(tx, [
        this.#checkFence(tx),
        store.clear(),
        ...entries.map(({ key, value }) => store.put(value, key)),
        ...(vault ? [keys.put(vault.slice(), 'vault'), keys.delete('data')] : [keys.delete('vault')]),
      ])
    })
  }

  async close(): Promise<void> {
    this.#database.close(closedError())
  }

  /** Ends the transaction where another tab has taken the storage over since this one was opened. */
  async #checkFence(tx: FencedTransaction): Promise<void> {
    const generation = await tx.objectStore('keys').get('generation')
    if ((generation ?? 0) === this.#generation) return
    const why = new StorageError('closed', 'storage: its protection was changed in another tab: reload the page')
    this.#database.close(why)
    if (tx.mode !== 'readonly') tx.abort()
    throw why
  }
}

type FencedTransaction = Pick<IDBPTransaction<Schema, ('entries' | 'keys')[], IDBTransactionMode>, 'mode' | 'abort'> & {
  objectStore(name: 'keys'): { get(key: string): Promise<unknown> }
}

/** Waits for all of it. One failed request aborts the transaction and with it all others: only the first is the cause. */
async function settled(tx: { done: Promise<void> }, requests: Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled([...requests, tx.done])
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  if (reasons.length > 0) throw reasons.find((reason) => reason?.name !== 'AbortError') ?? reasons[0]
}

type EntryStore = IDBPObjectStore<Schema, ('entries' | 'keys')[], 'entries', 'readwrite'>

function request(store: EntryStore, change: StorageChange): Promise<unknown> {
  switch (change.type) {
    case 'put':
      // A view is stored with the whole buffer behind it, and that may hold other secrets: so, a copy.
      return store.put(change.value.slice(), change.key)
    case 'delete':
      return store.delete(change.key)
    case 'delete-prefix':
      return change.prefix === '' ? store.clear() : store.delete(rangeOf(change.prefix)!)
  }
}

function rangeOf(prefix: string): IDBKeyRange | undefined {
  const end = endOfPrefix(prefix)
  return end === undefined ? undefined : IDBKeyRange.bound(prefix, end, false, true)
}

function checkValue(value: unknown): Bytes {
  if (!(value instanceof Uint8Array)) throw new StorageError('damaged', 'storage: an entry is no bytes')
  return value as Bytes
}

function generationOf(database: Database): Promise<number> {
  return database.run(async (db) => Number((await db.get('keys', 'generation')) ?? 0))
}

function dataKey(database: Database): Promise<DataKey> {
  return database.run(async (db) => {
    const existing = await db.get('keys', 'data')
    if (existing) return existing as DataKey
    // No transaction survives the wait for WebCrypto, so the key is made first and the second look decides which stands.
    const made = await makeDataKey()
    const tx = db.transaction(['keys', 'entries'], 'readwrite', { durability: 'strict' })
    const keys = tx.objectStore('keys')
    const [standing, entries] = await Promise.all([keys.get('data'), tx.objectStore('entries').count()])
    if (!standing && entries === 0) await keys.put(made, 'data')
    await tx.done
    if (standing) return standing as DataKey
    if (entries > 0)
      throw new StorageError('damaged', 'storage: there are entries, but the key that opens them is gone')
    return made
  })
}

function renewDataKey(database: Database): Promise<DataKey> {
  return database.run(async (db) => {
    const made = await makeDataKey()
    const tx = db.transaction('keys', 'readwrite', { durability: 'strict' })
    await settled(tx, [tx.store.put(made, 'data')])
    return made
  })
}

function makeDataKey(): Promise<DataKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}
