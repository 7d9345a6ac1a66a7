/**
 * Group commit. With `synchronous=FULL` each transaction costs a flush of the disk, so changes are gathered for a few
 * milliseconds, written in one transaction, and only then acknowledged. Log lines may wait longer and ride along; alone
 * they are worth no flush, for nobody is told that they are on disk.
 */
import type { Kysely } from 'kysely'
import type { Change } from './changes.ts'
import type { Schema } from './schema.ts'

/** Log lines that could not be written are tried again after this. */
const retryMs = 1_000

export interface WriterOptions {
  gatherMs: number
  logGatherMs: number
  /** Runs `write` as a transaction of its own that is flushed when the system gets to it. */
  unflushed: (write: () => void) => void
  /** The first write that fails after one that did not, and the first that succeeds again. */
  onRefused: (error: unknown) => void
  onRecovered: () => void
  /** After each transaction: how long it took, and whether it is on disk. */
  onWrite: (seconds: number, done: boolean) => void
}

/** Rows of the room log that ride along with a transaction. */
export interface LogBatch {
  /** Writes them into the transaction that is open. */
  write: () => void
  written: () => void
  failed: () => void
}

interface Waiting {
  changes: readonly Change[]
  resolve: () => void
  reject: (error: unknown) => void
}

export class Writer {
  readonly #db: Kysely<Schema>
  readonly #options: WriterOptions
  /** Takes the rows of the log that wait; they are written with the next transaction. */
  readonly #takeLog: () => LogBatch | undefined
  #waiting: Waiting[] = []
  #timer: { due: number; handle: NodeJS.Timeout } | undefined
  #flushing: Promise<void> | undefined
  #closed = false
  #refused = false

  constructor(db: Kysely<Schema>, options: WriterOptions, takeLog: () => LogBatch | undefined) {
    this.#db = db
    this.#options = options
    this.#takeLog = takeLog
  }

  /** Resolves once all of `changes` are on disk; rejects when none of them is. */
  durable(...changes: Change[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject })
      this.#schedule(this.#options.gatherMs)
    })
  }

  /** Says that log lines wait. */
  logWaits(): void {
    if (!this.#closed) this.#schedule(this.#options.logGatherMs)
  }

  /** Writes everything that waits now. */
  async flush(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer.handle)
    this.#timer = undefined
    while (this.#flushing) await this.#flushing
    this.#flushing = this.#write().finally(() => {
      this.#flushing = undefined
      if (this.#waiting.length > 0) this.#schedule(this.#options.gatherMs)
    })
    await this.#flushing
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
    if (this.#timer) clearTimeout(this.#timer.handle)
  }

  #schedule(delayMs: number): void {
    if (this.#closed) return
    const due = performance.now() + delayMs
    if (this.#timer && this.#timer.due <= due) return
    if (this.#timer) clearTimeout(this.#timer.handle)
    this.#timer = { due, handle: setTimeout(() => void this.flush(), delayMs) }
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting
    const log = this.#takeLog()
    this.#waiting = []
    if (waiting.length === 0 && !log) return
    const startedMs = performance.now()
    const timed = (done: boolean) => this.#options.onWrite((performance.now() - startedMs) / 1_000, done)
    try {
      if (waiting.length === 0) this.#options.unflushed(() => log?.write())
      else {
        await this.#db.transaction().execute(async (transaction) => {
          for (const { changes } of waiting) for (const change of changes) await change(transaction)
          log?.write()
        })
      }
    } catch (error) {
      timed(false)
      if (!this.#refused) this.#options.onRefused(error)
      this.#refused = true
      for (const { reject } of waiting) reject(error)
      if (log) {
        log.failed()
        this.#schedule(retryMs)
      }
      return
    }
    timed(true)
    if (this.#refused) this.#options.onRecovered()
    this.#refused = false
    for (const { resolve } of waiting) resolve()
    log?.written()
  }
}
