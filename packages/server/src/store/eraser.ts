/**
 * Takes deleted rows out of the write-ahead log. `secure_delete` overwrites them in the database, but pages from before the
 * deletion stand in the log until a checkpoint truncates it. What a file system, a flash disk or a backup has of them is
 * beyond our reach.
 */
import { type Kysely, sql } from 'kysely'
import type { Schema } from './schema.ts'

/** A program that reads the log of a room holds a checkpoint up. */
const retryMs = 5_000

export class Eraser {
  readonly #db: Kysely<Schema>
  readonly #delayMs: number
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(db: Kysely<Schema>, delayMs: number) {
    this.#db = db
    this.#delayMs = delayMs
  }

  /** Asks for a checkpoint; what is asked for meanwhile is done with it. */
  soon(): void {
    this.#schedule(this.#delayMs)
  }

  /** Closing the database checkpoints it as well. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  #schedule(delayMs: number): void {
    if (this.#closed || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      void this.#erase().then((done) => done || this.#schedule(retryMs))
    }, delayMs)
    this.#timer.unref()
  }

  async #erase(): Promise<boolean> {
    try {
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(this.#db)
      return rows[0]?.busy === 0
    } catch {
      return false // the disk refuses: tried again
    }
  }
}
