/** The relay's memory on disk: opens the database, reads every room at the start, and writes changes in groups. */
import type { Base64Url, DeviceId, RoomAddress, RoomLogLine, RoomRowsAnswer, RoomTable, RowKey } from '@qsec/protocol'
import { Kysely, type Selectable } from 'kysely'
import { describeFault, type Reporter } from '../report.ts'
import type { StoredFrame } from '../stream/frame.ts'
import type { Change } from './changes.ts'
import { Eraser } from './eraser.ts'
import { type Asked, countHoldings, readHoldings } from './holdings.ts'
import { type KeptRows, readFrames, readKept, type StreamName } from './kept.ts'
import { Life } from './life.ts'
import type { LogFields } from './log-line.ts'
import { deleteLines, type LogAges, readLinesOf, readOldLines } from './old-lines.ts'
import { lastLogId, type RelayedFrame, RoomLog, readLastLog, readLog } from './room-log.ts'
import { migrate, migrationNames, type Schema } from './schema.ts'
import { lockForOneRelay, openForRelay, type RelayDatabase } from './sqlite.ts'
import { Writer, type WriterOptions } from './writer.ts'

export interface StoreOptions {
  file: string
  now: () => number
  gatherMs: number
  logGatherMs: number
  /** What was deleted stays in the write-ahead log for about so long. */
  eraseMs: number
  /** Pages of 4 KiB that the file may have; 0: as many as the disk takes. */
  pagesAtMost: number
  onLogLines: (room: RoomAddress, lines: RoomLogLine[]) => void
  /** How long each transaction took, in seconds, and whether the disk has it. */
  onWrite: (seconds: number, done: boolean) => void
  report: Reporter
}

/** What a probe of the disk writes: more than what fits into pages that are there already. */
const probe = 'x'.repeat(8_192)
/** Of those that are deleted at once: others wait for it. */
const linesPerSlice = 250
/** Whoever asks sooner after a yes gets the same one: each probe costs a flush of the disk. */
const probeEveryMs = 1_000
/** A disk that now takes a write and now does not is told of so often at most. */
const tellEveryMs = 10_000

export interface StoredRooms {
  rooms: Selectable<Schema['rooms']>[]
  members: Schema['members'][]
  requests: Schema['join_requests'][]
  streams: Schema['streams'][]
  pushes: Schema['push_subscriptions'][]
  kept: KeptRows[]
}

export class Store {
  readonly #db: Kysely<Schema>
  readonly #writer: Writer
  readonly #log: RoomLog
  readonly #unlock: () => void
  readonly #eraser: Eraser
  readonly #life: Life
  readonly #now: () => number
  #writableUntilMs = 0
  #probing: Promise<boolean> | undefined

  private constructor(
    db: Kysely<Schema>,
    { insertRows, unflushed }: RelayDatabase,
    unlock: () => void,
    life: Life,
    lastId: number,
    options: StoreOptions,
  ) {
    this.#db = db
    this.#life = life
    this.#now = options.now
    this.#unlock = unlock
    this.#log = new RoomLog(lastId, {
      now: options.now,
      onWritten: options.onLogLines,
      onWaiting: () => this.#writer.logWaits(),
      insertRows,
    })
    this.#writer = new Writer(db, { ...options, unflushed, ...diskWords(options.report) }, () => this.#log.take())
    this.#eraser = new Eraser(db, options.eraseMs)
  }

  static async open(options: StoreOptions): Promise<Store> {
    const database = openForRelay(options.file, migrationNames, options.pagesAtMost)
    const db = new Kysely<Schema>({ dialect: database.dialect })
    let unlock: (() => void) | undefined
    try {
      unlock = lockForOneRelay(options.file)
      await migrate(db)
      return new Store(db, database, unlock, await Life.read(db, options.file), await lastLogId(db), options)
    } catch (error) {
      await db.destroy()
      unlock?.()
      throw error
    }
  }

  async readRooms(): Promise<StoredRooms> {
    return {
      rooms: await this.#db.selectFrom('rooms').selectAll().execute(),
      members: await this.#db.selectFrom('members').selectAll().execute(),
      requests: await this.#db.selectFrom('join_requests').selectAll().execute(),
      streams: await this.#db.selectFrom('streams').selectAll().execute(),
      pushes: await this.#db.selectFrom('push_subscriptions').selectAll().execute(),
      kept: await readKept(this.#db),
    }
  }

  /** Resolves once all changes are on disk, together; rejects when none is. */
  durable(...changes: Change[]): Promise<void> {
    return this.#writer.durable(...changes)
  }

  /** Whether no older copy of the database has taken its place. */
  get isUnbroken(): boolean {
    return this.#life.isUnbroken
  }

  /** Whether an older copy has taken its place. */
  get isSetBack(): boolean {
    return this.#life.isSetBack
  }

  /** Makes copies of the database that exist now known as older ones. */
  renewLife(): Promise<void> {
    return this.#life.renew((change) => this.durable(change))
  }

  /** Every kept frame of a stream above `seq`, oldest first. */
  framesAfter(name: StreamName, seq: number): Promise<StoredFrame[]> {
    return readFrames(this.#db, name, seq)
  }

  /** Something sealed was deleted: soon it is in no file of the database any more. */
  eraseSoon(): void {
    this.#eraser.soon()
  }

  log(room: RoomAddress, tag: string, fields: LogFields): void {
    this.#log.append(room, tag, fields)
  }

  /** Logs a frame to everybody in the room, alone or with others of its device. */
  logRelayed(room: RoomAddress, frame: RelayedFrame): void {
    this.#log.relayed(room, frame)
  }

  async logSince(room: RoomAddress, page: { sinceId: number; limit: number }): Promise<RoomLogLine[]> {
    await this.#writer.flush() // so that the answer holds what happened up to now
    return readLog(this.#db, room, page)
  }

  /** The newest lines on disk. Lines that still wait follow through `onLogLines`. */
  lastLog(room: RoomAddress, limit: number): Promise<RoomLogLine[]> {
    return readLastLog(this.#db, room, limit)
  }

  /** Deletes what is old among `rows` lines above the id `after`; `next` is where to go on, if there is more. */
  async deleteOldLines(
    after: number,
    rows: number,
    ages: LogAges,
  ): Promise<{ next: number | undefined; deleted: number }> {
    const { next, old } = await readOldLines(this.#db, { after, rows, ages, nowMs: this.#now() })
    if (old.length > 0) await this.durable(deleteLines(old))
    return { next, deleted: old.length }
  }

  /** How many rows of each table are about a room, as they are on disk now. */
  async countHoldings(asked: Asked): Promise<RoomTable[]> {
    await this.#writer.flush()
    return countHoldings(this.#db, asked)
  }

  /** A page of one table; undefined where there is none of that name, or no such key. */
  async readHoldings(
    asked: Asked,
    page: { table: string; after?: RowKey | undefined },
  ): Promise<RoomRowsAnswer | undefined> {
    await this.#writer.flush()
    return readHoldings(this.#db, asked, page)
  }

  /** Deletes all lines that `room` has now, those too that wait, in small slices. What comes meanwhile stays. */
  async deleteLog(room: RoomAddress): Promise<number> {
    const upTo = this.#log.lastId
    let deleted = this.#log.forget(room)
    await this.#writer.flush()
    for (;;) {
      const ids = await readLinesOf(this.#db, room, upTo, linesPerSlice)
      if (ids.length === 0) return deleted
      await this.durable(deleteLines(ids))
      deleted += ids.length
    }
  }

  /** Takes one KeyPackage out: a one-time one, which is gone before it is handed out, else the last resort. */
  async takeKeyPackage(
    room: RoomAddress,
    device: DeviceId,
  ): Promise<{ keyPackage: Base64Url; lastResort: boolean } | undefined> {
    let taken: { keyPackage: Base64Url; lastResort: boolean } | undefined
    await this.#writer.durable(async (db) => {
      const row = await db
        .selectFrom('key_packages')
        .selectAll()
        .where('room', '=', room)
        .where('device', '=', device)
        .orderBy('last_resort')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      if (!row) return
      if (row.last_resort === 0) await db.deleteFrom('key_packages').where('id', '=', row.id).execute()
      taken = { keyPackage: row.key_package as Base64Url, lastResort: row.last_resort === 1 }
    })
    return taken
  }

  /** Whether the database takes writes: it has taken one within the last second. */
  async writable(): Promise<boolean> {
    if (performance.now() < this.#writableUntilMs) return true
    this.#probing ??= this.#probeDisk().finally(() => {
      this.#probing = undefined
    })
    const writable = await this.#probing
    if (writable) this.#writableUntilMs = performance.now() + probeEveryMs
    return writable
  }

  /** A change that comes to nothing would be taken by a full disk too, so something is written and deleted. */
  #probeDisk(): Promise<boolean> {
    const written = this.#writer.durable(async (db) => {
      await db.insertInto('lives').values({ current: probe, previous: '' }).execute()
      await db.deleteFrom('lives').where('current', '=', probe).execute()
    })
    return written.then(
      () => true,
      () => false, // asked by /readyz, whose answer is just this
    )
  }

  async close(): Promise<void> {
    this.#eraser.close()
    await this.#writer.close()
    await this.#db.destroy()
    this.#unlock()
  }
}

/** Tells the operator when the disk begins to refuse, and when it takes writes again. */
function diskWords(report: Reporter): Pick<WriterOptions, 'onRefused' | 'onRecovered'> {
  let toldMs = Number.NEGATIVE_INFINITY
  let open = false
  return {
    onRefused(error) {
      if (performance.now() < toldMs + tellEveryMs) return
      toldMs = performance.now()
      open = true
      report({ level: 'warn', event: 'disk-refuses', ...describeFault(error) })
    },
    onRecovered() {
      if (open) report({ level: 'warn', event: 'disk-writes-again' })
      open = false
    },
  }
}
