/** Copies of the database: made beside a running relay, and put back while none runs. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { migrationNames } from './schema.ts'
import { asUnsound, checkSound, UnsoundDatabase } from './soundness.ts'
import { DatabaseInUse, lockForOneRelay } from './sqlite.ts'

export interface BackupFigures {
  bytes: number
  rooms: number
  logLines: number
  /** Sealed frames of rooms that keep them. */
  keptFrames: number
}

/** What cannot be done, in one line for the operator. */
export type BackupResult<T> = ({ ok: true } & T) | { ok: false; reason: string }

/** All pages in one step: in steps, SQLite would begin anew with each write of the relay. */
const allPages = 0x7f_ff_ff_ff
const lockedMs = 5_000

/**
 * Writes a copy of the database as it is at this moment, one file that only its owner can read. A relay that runs goes on
 * writing meanwhile. The copy is checked before it gets its name.
 *
 * @param file - must not exist
 */
export async function backUp(databasePath: string, file: string): Promise<BackupResult<BackupFigures>> {
  if (!existsSync(databasePath)) return refused(`There is no database ${databasePath}`)
  const part = `${file}.part`
  try {
    if (existsSync(file)) return refused(`${file} exists. Name a new file; a backup replaces none`)
    const figures = await copy(databasePath, part)
    renameSync(part, file)
    syncFolderOf(file)
    return { ok: true, ...figures }
  } catch (error) {
    return refused(`The database ${databasePath} was not copied to ${file}: ${wordsOf(error)}`)
  } finally {
    for (const left of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`]) rmSync(left, { force: true })
  }
}

/**
 * Puts a backup in the place of the database. What was there is kept beside it under the name that is returned. The relay
 * will know that its past is another one: kept streams begin anew, and devices that have seen more tell it where their rooms
 * are (`room/reopen.ts`).
 *
 * Whenever it is interrupted, either database is whole, and a relay does not start with none in the belief that it is new.
 */
export async function restore(
  databasePath: string,
  from: string,
  nowMs: number,
): Promise<BackupResult<BackupFigures & { replaced: string | undefined }>> {
  if (!existsSync(from)) return refused(`There is no backup ${from}`)
  if (existsSync(databasePath) && sameFile(databasePath, from)) return refused(`${from} is the database itself`)
  mkdirSync(path.dirname(path.resolve(databasePath)), { recursive: true, mode: 0o700 })
  let unlock: () => void
  try {
    unlock = lockForOneRelay(databasePath)
  } catch (error) {
    if (error instanceof DatabaseInUse) return refused('The relay is running. Stop it, then restore')
    return refused(`The database ${databasePath} cannot be locked: ${wordsOf(error)}`)
  }
  const part = `${databasePath}.restoring`
  try {
    const figures = await copy(from, part)
    writeFileSync(`${databasePath}.life`, 'restored', { mode: 0o600 })
    const replaced = moveAway(databasePath, nowMs)
    renameSync(part, databasePath)
    syncFolderOf(databasePath)
    return { ok: true, ...figures, replaced }
  } catch (error) {
    return refused(`${from} was not restored: ${wordsOf(error)}`)
  } finally {
    for (const left of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`]) rmSync(left, { force: true })
    unlock()
  }
}

/** A whole copy at `to`, on the disk, of a database that this version can read. */
async function copy(from: string, to: string): Promise<BackupFigures> {
  rmSync(to, { force: true })
  closeSync(openSync(to, 'wx', 0o600))
  const source = new DatabaseSync(from, { readOnly: true, timeout: lockedMs })
  try {
    if (statSync(from).size === 0) throw new UnsoundDatabase('it is empty')
    await backup(source, to, { rate: allPages })
  } finally {
    source.close()
  }
  const made = new DatabaseSync(to)
  try {
    checkSound(made, { migrations: migrationNames, wasInUse: true })
    // One file, with no log beside it: it can be moved, and read where nothing can be written.
    made.exec('pragma journal_mode = delete')
    return figuresOf(made, to)
  } finally {
    made.close()
    sync(to)
  }
}

function figuresOf(database: DatabaseSync, file: string): BackupFigures {
  const tables = new Set(
    database
      .prepare("select name from sqlite_master where type = 'table'")
      .all()
      .map((row) => row.name),
  )
  const count = (table: string) =>
    tables.has(table) ? Number(database.prepare(`select count(*) as n from ${table}`).get()?.n) : 0
  return {
    bytes: statSync(file).size,
    rooms: count('rooms'),
    logLines: count('room_logs'),
    keptFrames: count('kept_frames'),
  }
}

/** With its write-ahead log: what only stands there belongs to it. */
function moveAway(databasePath: string, nowMs: number): string | undefined {
  if (!existsSync(databasePath)) return undefined
  const stamp = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '')
  const away = `${databasePath}.before-${stamp}`
  if (existsSync(away)) throw new Error(`${away} exists`)
  if (existsSync(`${databasePath}-wal`)) renameSync(`${databasePath}-wal`, `${away}-wal`)
  renameSync(databasePath, away)
  rmSync(`${databasePath}-shm`, { force: true })
  return away
}

function sameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)]
  return a.ino === b.ino && a.dev === b.dev
}

function sync(file: string): void {
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

function syncFolderOf(file: string): void {
  if (process.platform === 'win32') return // has no handle for a folder
  const handle = openSync(path.dirname(path.resolve(file)), 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function refused(reason: string): { ok: false; reason: string } {
  return { ok: false, reason: `${reason}.` }
}

function wordsOf(error: unknown): string {
  const { message } = asUnsound(error) as Error
  return message.replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200)
}
