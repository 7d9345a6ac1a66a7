/**
 * Tells a database that has been in use all along from one that was put back from a backup. Kept streams go on under their
 * old numbers only in the first: in an older copy numbers are free that were given out already.
 *
 * A token stands in the database and in a file beside it, which no backup of the database holds, and both get a new one now
 * and then. A copy that is older than the last one does not fit the file any more.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Kysely } from 'kysely'
import type { Change } from './changes.ts'
import type { Schema } from './schema.ts'

export class Life {
  readonly #file: string | undefined
  /** Whether the database is the one that the file beside it belongs to. */
  readonly isUnbroken: boolean
  /** Whether it surely is an older copy. A database of a version that knew no lives may be either. */
  readonly isSetBack: boolean
  #current: string

  private constructor(file: string | undefined, row: Schema['lives'] | undefined) {
    const token = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined
    this.#file = file
    this.#current = row?.current ?? ''
    // The one before is as good: the relay may have died between writing the one place and the other.
    this.isUnbroken = token !== undefined && row !== undefined && [row.current, row.previous].includes(token)
    this.isSetBack = file !== undefined && row !== undefined && !this.isUnbroken
  }

  static async read(db: Kysely<Schema>, databasePath: string): Promise<Life> {
    const row = await db.selectFrom('lives').selectAll().executeTakeFirst()
    return new Life(databasePath === ':memory:' ? undefined : `${databasePath}.life`, row)
  }

  /** From here on older copies are known as such. `write` puts a change on disk. */
  async renew(write: (change: Change) => Promise<void>): Promise<void> {
    const file = this.#file
    if (file === undefined) return
    const [previous, current] = [this.#current, randomBytes(16).toString('base64url')]
    await write(async (db) => {
      await db.deleteFrom('lives').execute()
      await db.insertInto('lives').values({ current, previous }).execute()
    })
    this.#current = current
    writeFileSync(`${file}.new`, current, { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
}
