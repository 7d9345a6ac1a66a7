/** Storage in the browser: one IndexedDB database for all tabs of an origin, and beside the entries the data key. */
import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import { type Clock, type Storage, type StorageChange, StorageError } from '../ports.ts'
import { checkChanges, checkKey, checkPrefix, closedError, endOfPrefix } from './keys.ts'
import type { DataKey } from './sealed.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface IndexedDbOptions {
  clock: Clock
  /** Name of the database. */
  name?: string
}

export interface IndexedDb {
  storage: Storage
  /**
   * The AES-256-GCM key of this browser profile, which no script can export; made at the first call, one for all tabs.
   * It guards against what reads the database through the browser, not against whoever copies the disk.
   */
  dataKey(): Promise<DataKey>
}

interface Schema extends DBSchema {
  entries: { key: string; value: Bytes }
  keys: { key: string; value: DataKey }
}

const schemaVersion = 1
const blockedForMs = 5_000

export async function openIndexedDb(options: IndexedDbOptions): Promise<IndexedDb> {
  const database = await openDatabase(options.name ?? 'qsec', options.clock)
  const storage = new IndexedDbStorage(database)
  return { storage, dataKey: () => dataKey(database) }
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

class IndexedDbStorage implements Storage {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  // A transaction begins within the call, and IndexedDB runs overlapping ones in the order in which they began: so
  // the order of effects is the order of calls, for all tabs together.

  async get(key: string): Promise<Bytes | undefined> {
    checkKey(key)
    return await this.#database.run(async (db) => {
      const value = await db.get('entries', key)
      return value && checkValue(value)
    })
  }

  async list(prefix: string): Promise<{ key: string; value: Bytes }[]> {
    checkPrefix(prefix)
    return await this.#database.run(async (db) => {
      const { store } = db.transaction('entries')
      const range = rangeOf(prefix)
      const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)])
      return keys.map((key, i) => ({ key, value: checkValue(values[i]) }))
    })
  }

  async apply(changes: readonly StorageChange[]): Promise<void> {
    checkChanges(changes)
    await this.#database.run(async (db) => {
      const tx = db.transaction('entries', 'readwrite', { durability: 'strict' })
      const requests = changes.map((change) => request(tx.store, change))
      const outcomes = await Promise.allSettled([...requests, tx.done])
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      // One failed request aborts the transaction and with it all other requests: only the first is the cause.
      if (reasons.length > 0) throw reasons.find((reason) => reason?.name !== 'AbortError') ?? reasons[0]
    })
  }

  async close(): Promise<void> {
    this.#database.close(closedError())
  }
}

type EntryStore = IDBPObjectStore<Schema, ['entries'], 'entries', 'readwrite'>

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

function dataKey(database: Database): Promise<DataKey> {
  return database.run(async (db) => {
    const existing = await db.get('keys', 'data')
    if (existing) return existing
    // No transaction survives the wait for WebCrypto, so the key is made first and the second look decides which stands.
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    const tx = db.transaction(['keys', 'entries'], 'readwrite', { durability: 'strict' })
    const keys = tx.objectStore('keys')
    const [standing, entries] = await Promise.all([keys.get('data'), tx.objectStore('entries').count()])
    if (!standing && entries === 0) await keys.put(made, 'data')
    await tx.done
    if (standing) return standing
    if (entries > 0)
      throw new StorageError('damaged', 'storage: there are entries, but the key that opens them is gone')
    return made
  })
}
