/** node:sqlite in the shape that kysely's SQLite dialect asks of a driver. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type Dialect, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely'
import { asUnsound, checkSound } from './soundness.ts'

/** Compiled statements are kept: the relay runs the same few hundred for ever. Batches of odd sizes fall out again. */
const cachedStatements = 200
/** How long to wait for another program's lock. node:sqlite waits on the event loop, where everybody waits with it. */
const lockedMs = 250

class NodeSqlite implements SqliteDatabase {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, SqliteStatement>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  prepare(sql: string): SqliteStatement {
    const cached = this.#statements.get(sql)
    if (cached) return cached
    const statement = this.#database.prepare(sql)
    const made: SqliteStatement = {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
      run: (parameters) => {
        // Some faults, a full disk among them, have rolled back already; a second time would hide what went wrong.
        if (sql === 'rollback' && !this.#database.isTransaction) return { changes: 0, lastInsertRowid: 0 }
        return statement.run(...(parameters as SQLInputValue[]))
      },
      iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
    }
    if (this.#statements.size >= cachedStatements) {
      this.#statements.delete(this.#statements.keys().next().value as string)
    }
    this.#statements.set(sql, made)
    return made
  }

  close(): void {
    this.#statements.clear()
    this.#database.close()
  }
}

/** SQLite can create tables in a transaction, which kysely does not count on: so a migration that is killed has not begun. */
class WholeMigrations extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class RelayDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new WholeMigrations()
  }
}

export interface RelayDatabase {
  dialect: Dialect
  /** One row of parameters into a statement that is compiled once: for what is too frequent for a query builder. */
  insertRows(sql: string, rows: readonly (readonly SQLInputValue[])[]): void
  /**
   * Runs `write`, which may not wait, as a transaction that is on disk when the system gets to it: for what nobody is
   * told to be stored. No other transaction may be open.
   */
  unflushed(write: () => void): void
}

/**
 * Opens the relay's own database: WAL, every commit on disk before it counts, readable by its owner alone. What is deleted
 * is overwritten. `pagesAtMost` bounds the file (4 KiB each); 0: nothing but the disk does.
 *
 * @param migrations - the names of those that this version knows
 * @throws UnsoundDatabase where the file is damaged, or not this relay's; it is left as it is
 */
export function openForRelay(file: string, migrations: readonly string[], pagesAtMost = 0): RelayDatabase {
  let database: DatabaseSync | undefined
  try {
    if (file !== ':memory:') makePrivate(file)
    database = new DatabaseSync(file, { timeout: lockedMs })
    checkSound(database, { migrations, wasInUse: file !== ':memory:' && existsSync(`${file}.life`) })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  } catch (error) {
    database?.close()
    throw asUnsound(error)
  }
  return relayDatabase(database, pagesAtMost)
}

/** Makes the file where there is none. SQLite gives its WAL the mode of the database, so it has to be right before the first write. */
function makePrivate(file: string): void {
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true, mode: 0o700 })
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  chmodSync(file, 0o600)
}

function relayDatabase(database: DatabaseSync, pagesAtMost: number): RelayDatabase {
  database.exec('PRAGMA secure_delete = ON')
  if (pagesAtMost > 0) database.exec(`PRAGMA max_page_count = ${pagesAtMost}`)
  const compiled = new Map<string, StatementSync>()
  return {
    dialect: new RelayDialect({ database: new NodeSqlite(database) }),
    insertRows(sql, rows) {
      const statement = compiled.get(sql) ?? database.prepare(sql)
      compiled.set(sql, statement)
      for (const row of rows) statement.run(...row)
    },
    unflushed(write) {
      database.exec('PRAGMA synchronous = NORMAL; BEGIN')
      try {
        write()
        database.exec('COMMIT')
      } catch (error) {
        // Some faults, a full disk among them, have rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK')
        throw error
      } finally {
        database.exec('PRAGMA synchronous = FULL')
      }
    },
  }
}

/** Opens a database beside a running relay, for reading alone. */
export function openReadOnly(file: string): Dialect {
  return new SqliteDialect({ database: new NodeSqlite(new DatabaseSync(file, { readOnly: true, timeout: 5_000 })) })
}

/** Another process has the database. */
export class DatabaseInUse extends Error {
  override readonly name = 'DatabaseInUse'
  readonly code = 'in-use'
}

/**
 * Takes `file` for one relay. Two relays on one database would both hand out the same epoch. The kernel frees the lock
 * when the process dies, however it dies. The returned function frees it.
 *
 * @throws DatabaseInUse
 */
export function lockForOneRelay(file: string): () => void {
  if (file === ':memory:') return () => undefined
  const name = `${file}.lock`
  if (!existsSync(name)) closeSync(openSync(name, 'a', 0o600))
  const lock = new DatabaseSync(name)
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    throw new DatabaseInUse('another relay is using this database', { cause: error })
  }
  return () => lock.close()
}
