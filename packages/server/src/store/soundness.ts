/** Whether a database file can be trusted with rooms. A file that cannot be is refused before anything is written to it. */
import type { DatabaseSync } from 'node:sqlite'

/** The file is damaged, lost what was in it, or belongs to something else. `message` says what to do. */
export class UnsoundDatabase extends Error {
  override readonly name = 'UnsoundDatabase'
  readonly code = 'unsound-database'
}

/** What SQLite says of a file whose bytes cannot be (SQLITE_CORRUPT, SQLITE_NOTADB), extended codes included. */
const damageCodes = [11, 26]
/** Of a file that may not be written (SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN), and what the system says of one. */
const forbiddenCodes = [3, 8, 14]
const forbiddenNames = ['EACCES', 'EPERM', 'EROFS']

export interface Expected {
  /** Names of the migrations that this version knows. */
  migrations: readonly string[]
  /** The database was in use before: an empty one has lost its rooms. */
  wasInUse: boolean
}

/**
 * Finds damage of the structure. A changed byte inside a value is not seen by it: SQLite keeps no checksums.
 *
 * @throws UnsoundDatabase
 */
export function checkSound(database: DatabaseSync, { migrations, wasInUse }: Expected): void {
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table'").all()
    if (tables.length === 0) {
      if (wasInUse)
        throw new UnsoundDatabase(
          'it is empty, but had rooms. Put a backup in its place; to begin anew delete its .life file',
        )
      return
    }
    if (!tables.some(({ name }) => name === 'kysely_migration')) {
      throw new UnsoundDatabase('another program has made it. Name another file')
    }
    const damage = database.prepare('PRAGMA quick_check(1)').get()?.quick_check
    if (damage !== 'ok') throw damaged(damage)
    const applied = database.prepare('select name from kysely_migration').all()
    const unknown = applied.find(({ name }) => !migrations.includes(String(name)))
    if (unknown)
      throw new UnsoundDatabase(
        `a newer QSEC has written it (${unknown.name}). Start that one, or put a backup in its place`,
      )
  } catch (error) {
    throw asUnsound(error)
  }
}

/** Damage and a missing right to write in the words for the operator; any other error as it is. */
export function asUnsound(error: unknown): unknown {
  const { errcode: code, code: name } = error as { errcode?: unknown; code?: unknown }
  const forbidden =
    typeof code === 'number' ? forbiddenCodes.includes(code & 0xff) : forbiddenNames.includes(String(name))
  if (forbidden) {
    return new UnsoundDatabase(
      'this user may not write it. Give the file and its folder to the user that runs the relay',
      {
        cause: error,
      },
    )
  }
  return typeof code === 'number' && damageCodes.includes(code & 0xff)
    ? damaged((error as Error).message, error)
    : error
}

function damaged(what: unknown, cause?: unknown): UnsoundDatabase {
  const short = String(what).replace(/\s+/g, ' ').slice(0, 60)
  return new UnsoundDatabase(
    `it is damaged (${short}). Put a backup in its place; to begin anew move it and its .life file away`,
    { cause },
  )
}
