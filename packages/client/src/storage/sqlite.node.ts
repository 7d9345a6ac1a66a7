/** Storage in Node: one SQLite file that belongs to one process at a time. */
import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type StorageChange, StorageError } from '../ports.ts'
import { checkChanges, checkKey, checkPrefix, closedError, endOfPrefix } from './keys.ts'
import type { RekeyableStorage } from './rekeyable.ts'
import type { Entry } from './sealed.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface SqliteOptions {
  /** The most that the file may grow to, in pages of 4 KiB; past it `apply` rejects with 'full'. */
  maxPages?: number
}

export interface SqliteStorage extends RekeyableStorage {
  readonly isEmpty: boolean
}

const applicationId = 0x51534543 // 'QSEC'
const schemaVersion = 2
const lastKey = '\x7f' // sorts after every key

/** @param path - of the file, made with mode 0600 where it is missing; or ':memory:' */
export function openSqliteStorage(path: string, options: SqliteOptions = {}): SqliteStorage {
  let db: DatabaseSync | undefined
  try {
    if (path !== ':memory:') makePrivate(path)
    db = new DatabaseSync(path)
    prepare(db, options)
    return new Sqlite(db)
  } catch (cause) {
    db?.close()
    throw inOurWords(cause, `storage: ${path}`)
  }
}

/**
 * SQLite gives the mode of the file to its `-wal` too, so this comes before SQLite sees it. A file that is there is
 * never opened here: closing it again would free the locks by which this process may hold it already (POSIX).
 */
function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600)
  else closeSync(openSync(path, 'a', 0o600))
}

function prepare(db: DatabaseSync, options: SqliteOptions): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT') // from here on a second process finds it busy
  const version = pragma(db, 'user_version')
  if (version === 0 && pragma(db, 'schema_version') > 0) {
    throw new StorageError('damaged', 'storage: the file is a database of something else')
  }
  if (version > 0 && pragma(db, 'application_id') !== applicationId) {
    throw new StorageError('damaged', 'storage: the file is a database of something else')
  }
  if (version > schemaVersion) throw new StorageError('failed', 'storage: a newer QSEC wrote it: use that version')
  const check = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
  if (check !== 'ok') throw new StorageError('damaged', 'storage: the file is damaged')
  // An `apply` that resolved survives a power cut: FULL waits for the disk at each commit. fullfsync is for macOS,
  // whose plain fsync does not. secure_delete overwrites old states of the ratchet instead of leaving them in free pages.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = ON')
  if (pragma(db, 'synchronous') !== 2) throw new StorageError('failed', 'storage: SQLite refuses synchronous = FULL')
  if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${Math.floor(options.maxPages)}`)
  if (version === 0) {
    db.exec(`
      BEGIN;
      CREATE TABLE entries (key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT;
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = 1;
      COMMIT;
    `)
  }
  if (version < 2) {
    // At most one row: the key box that stands in the place of the key file.
    db.exec('BEGIN; CREATE TABLE vault (box BLOB NOT NULL) STRICT; PRAGMA user_version = 2; COMMIT')
  }
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
}

class Sqlite implements SqliteStorage {
  readonly #db: DatabaseSync
  readonly #get: StatementSync
  readonly #list: StatementSync
  readonly #keys: StatementSync
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #deleteRange: StatementSync

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#get = db.prepare('SELECT value FROM entries WHERE key = ?')
    this.#list = db.prepare('SELECT key, value FROM entries WHERE key >= ? AND key < ? ORDER BY key')
    this.#keys = db.prepare('SELECT key FROM entries WHERE key >= ? AND key < ? ORDER BY key')
    this.#put = db.prepare('INSERT INTO entries VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
    this.#delete = db.prepare('DELETE FROM entries WHERE key = ?')
    this.#deleteRange = db.prepare('DELETE FROM entries WHERE key >= ? AND key < ?')
  }

  // node:sqlite works within the call, so the order of effects is the order of calls.

  get isEmpty(): boolean {
    return this.#db.prepare('SELECT 1 FROM entries LIMIT 1').get() === undefined
  }

  async get(key: string): Promise<Bytes | undefined> {
    this.#check()
    checkKey(key)
    return this.#run(() => this.#get.get(key)?.value as Bytes | undefined)
  }

  async list(prefix: string): Promise<{ key: string; value: Bytes }[]> {
    this.#check()
    checkPrefix(prefix)
    const rows = this.#run(() => this.#list.all(prefix, endOfPrefix(prefix) ?? lastKey))
    return rows.map(({ key, value }) => ({ key: key as string, value: value as Bytes }))
  }

  async keys(prefix: string): Promise<string[]> {
    this.#check()
    checkPrefix(prefix)
    return this.#run(() => this.#keys.all(prefix, endOfPrefix(prefix) ?? lastKey)).map(({ key }) => key as string)
  }

  async apply(changes: readonly StorageChange[]): Promise<void> {
    this.#check()
    checkChanges(changes)
    this.#atOnce(() => {
      for (const change of changes) this.#change(change)
    })
  }

  async vault(): Promise<Bytes | undefined> {
    this.#check()
    return this.#run(() => this.#db.prepare('SELECT box FROM vault').get()?.box as Bytes | undefined)
  }

  /** Nobody else has the file open anyway. */
  async fence(): Promise<void> {
    this.#check()
  }

  async replaceAll(entries: readonly Entry[], vault: Bytes | undefined): Promise<void> {
    this.#check()
    this.#atOnce(() => {
      this.#db.exec('DELETE FROM entries; DELETE FROM vault')
      for (const { key, value } of entries) this.#put.run(key, value)
      if (vault) this.#db.prepare('INSERT INTO vault VALUES (?)').run(vault)
    })
    // What the old key opens must not stay behind in the log.
    this.#run(() => this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)'))
  }

  async close(): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }

  #change(change: StorageChange): void {
    switch (change.type) {
      case 'put':
        this.#put.run(change.key, change.value)
        return
      case 'delete':
        this.#delete.run(change.key)
        return
      case 'delete-prefix':
        this.#deleteRange.run(change.prefix, endOfPrefix(change.prefix) ?? lastKey)
    }
  }

  #atOnce(change: () => void): void {
    this.#run(() => {
      this.#db.exec('BEGIN IMMEDIATE')
      try {
        change()
        this.#db.exec('COMMIT')
      } catch (error) {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK') // SQLite has done it itself after some errors
        throw error
      }
    })
  }

  #check(): void {
    if (!this.#db.isOpen) throw closedError()
  }

  #run<T>(operation: () => T): T {
    try {
      return operation()
    } catch (cause) {
      throw inOurWords(cause, 'storage')
    }
  }
}

/** @see https://sqlite.org/rescode.html for the numbers */
function inOurWords(cause: unknown, what: string): StorageError {
  if (cause instanceof StorageError) return cause
  const { errcode, code } = cause as { errcode?: number; code?: string }
  switch (code === 'ENOSPC' ? 13 : (errcode ?? 0) & 0xff) {
    case 5:
    case 6:
      return new StorageError('failed', `${what} is in use by another process: close that one first`, { cause })
    case 13:
      return new StorageError('full', `${what}: no space is left on the disk`, { cause })
    case 11:
    case 26:
      return new StorageError('damaged', `${what} is damaged`, { cause })
    default:
      return new StorageError('failed', `${what}: ${cause instanceof Error ? cause.message : 'unknown'}`, { cause })
  }
}
