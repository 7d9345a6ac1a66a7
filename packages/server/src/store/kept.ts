/**
 * Sealed frames on disk, of rooms that asked for it: kept until every device of the stream has them. The relay cannot open
 * `ct`; it is written as bytes and handed back as it came.
 */
import type { Base64Url, DeviceId, Incarnation, MessageId, PairId, RoomAddress, WelcomeEvent } from '@qsec/protocol'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { MessageEvent, StoredCommit, StoredFrame } from '../stream/frame.ts'
import type { Change } from './changes.ts'
import type { Schema } from './schema.ts'

/** Which stream: the room's own, or a pair's. */
export interface StreamName {
  room: RoomAddress
  pair: PairId | undefined
}

/** What the disk knows of the frames of one stream, without their ciphertexts. */
export interface KeptRows {
  stream: Schema['kept_streams']
  frames: Omit<Schema['kept_frames'], 'ct'>[]
  devices: Schema['kept_devices'][]
  welcomes: Schema['kept_welcomes'][]
}

const rowsPerInsert = 256

/** For how many days the relay keeps the frames of `room`; undefined: not at all. */
export function setKeepDays(room: RoomAddress, days: number | undefined): Change {
  return (db) =>
    db
      .updateTable('rooms')
      .set({ keep_days: days ?? null })
      .where('address', '=', room)
      .execute()
}

/** Begins to keep a stream: it goes on under `inc` after a restart. */
export function putKeptStream(
  { room, pair }: StreamName,
  place: { inc: Incarnation; firstSeq: number; lastSeq: number; freeEpoch: number },
): Change {
  const { inc, firstSeq: first_seq, lastSeq: last_seq, freeEpoch: free_epoch } = place
  const row = { inc, first_seq, last_seq, free_epoch }
  return (db) =>
    db
      .insertInto('kept_streams')
      .values({ room, pair: pair ?? '', ...row })
      .onConflict((conflict) => conflict.columns(['room', 'pair']).doUpdateSet(row))
      .execute()
}

/** Writes frames down, with the counters that their senders are at: `next` has each sender's next one in its epoch. */
export function putFrames(
  { room, pair }: StreamName,
  frames: readonly StoredFrame[],
  next: ReadonlyMap<DeviceId, { epoch: number; n: number }> = new Map(),
): Change {
  return async (db) => {
    const rows = frames.map((frame) => frameRow(room, pair ?? '', frame))
    for (let at = 0; at < rows.length; at += rowsPerInsert) {
      await db
        .insertInto('kept_frames')
        .values(rows.slice(at, at + rowsPerInsert))
        .execute()
    }
    for (const [device, counter] of next) {
      await db
        .insertInto('kept_devices')
        .values({ room, pair: pair ?? '', device, seq: 0, ...counter })
        .onConflict((conflict) => conflict.columns(['room', 'pair', 'device']).doUpdateSet(counter))
        .execute()
    }
  }
}

export function setVerdict(
  { room, pair }: StreamName,
  seq: number,
  verdict: NonNullable<StoredCommit['verdict']>,
): Change {
  return (db) =>
    db
      .updateTable('kept_frames')
      .set({ verdict })
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('seq', '=', seq)
      .execute()
}

/** Deletes every frame up to `seq`, and writes down that the stream has come so far. */
export function deleteFrames({ room, pair }: StreamName, seq: number): Change {
  return async (db) => {
    await db
      .deleteFrom('kept_frames')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('seq', '<=', seq)
      .execute()
    await db
      .updateTable('kept_streams')
      .set({ last_seq: sql<number>`max(last_seq, ${seq})` })
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .execute()
  }
}

/** Notes how far a device is. */
export function putPlace({ room, pair }: StreamName, device: DeviceId, seq: number): Change {
  return (db) =>
    db
      .insertInto('kept_devices')
      .values({ room, pair: pair ?? '', device, seq, epoch: 0, n: 0 })
      .onConflict((conflict) => conflict.columns(['room', 'pair', 'device']).doUpdateSet({ seq }))
      .execute()
}

export function deletePlace({ room, pair }: StreamName, device: DeviceId): Change {
  return (db) =>
    db
      .deleteFrom('kept_devices')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('device', '=', device)
      .execute()
}

/** `answers` is the request that the Welcome answers; it counts while the commit does not stand. */
export function putWelcome(welcome: WelcomeEvent, to: DeviceId, answers: string, atMs: number): Change {
  const { room, pair, from, inc, seq, epoch, ct } = welcome
  const row = { sender: from, inc, seq, epoch, ct: Buffer.from(ct, 'base64url'), answers, at_ms: atMs }
  return (db) =>
    db
      .insertInto('kept_welcomes')
      .values({ room, pair: pair ?? '', device: to, ...row })
      .onConflict((conflict) => conflict.columns(['room', 'pair', 'device']).doUpdateSet(row))
      .execute()
}

export function deleteWelcome({ room, pair }: StreamName, device: DeviceId, seq: number): Change {
  return (db) =>
    db
      .deleteFrom('kept_welcomes')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('device', '=', device)
      .where('seq', '=', seq)
      .execute()
}

/** Deletes the Welcomes of a commit that was withdrawn. */
export function deleteWelcomesOf({ room, pair }: StreamName, seq: number): Change {
  return (db) =>
    db
      .deleteFrom('kept_welcomes')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('seq', '=', seq)
      .execute()
}

export function deleteWelcomesBefore(room: RoomAddress, atMs: number): Change {
  return (db) => db.deleteFrom('kept_welcomes').where('room', '=', room).where('at_ms', '<', atMs).execute()
}

const keptTables = ['kept_frames', 'kept_devices', 'kept_welcomes', 'kept_streams'] as const

/** Deletes all that was kept of a stream. */
export function forgetKeptStream({ room, pair }: StreamName): Change {
  return async (db) => {
    for (const table of keptTables) {
      await db
        .deleteFrom(table)
        .where('room', '=', room)
        .where('pair', '=', pair ?? '')
        .execute()
    }
  }
}

/** Deletes all that was kept of a room and its pairs. */
export function forgetKept(room: RoomAddress): Change {
  return async (db) => {
    for (const table of keptTables) await db.deleteFrom(table).where('room', '=', room).execute()
  }
}

/** Every kept stream as a start needs it: all but the ciphertexts of frames. */
export async function readKept(db: Kysely<Schema>): Promise<KeptRows[]> {
  const streams = await db.selectFrom('kept_streams').selectAll().execute()
  const read: KeptRows[] = []
  for (const stream of streams) {
    const { room, pair } = stream
    const frames = await db
      .selectFrom('kept_frames')
      .select(['room', 'pair', 'seq', 'epoch', 'device', 'id', 'event', 'n', 'extra', 'verdict', 'at_ms', 'bytes'])
      .where('room', '=', room)
      .where('pair', '=', pair)
      .orderBy('seq')
      .execute()
    const devices = await db
      .selectFrom('kept_devices')
      .selectAll()
      .where('room', '=', room)
      .where('pair', '=', pair)
      .execute()
    const welcomes = await db
      .selectFrom('kept_welcomes')
      .selectAll()
      .where('room', '=', room)
      .where('pair', '=', pair)
      .execute()
    read.push({ stream, frames, devices, welcomes })
  }
  return read
}

/** Every kept frame above `seq`, oldest first. */
export async function readFrames(db: Kysely<Schema>, name: StreamName, seq: number): Promise<StoredFrame[]> {
  const rows = await db
    .selectFrom('kept_frames')
    .selectAll()
    .where('room', '=', name.room)
    .where('pair', '=', name.pair ?? '')
    .where('seq', '>', seq)
    .orderBy('seq')
    .execute()
  return rows.map((row) => toFrame(row, encode(row.ct)))
}

/** A row as the relay keeps it; without its ciphertext where only its place is asked for. */
export function toFrame(row: Omit<Schema['kept_frames'], 'ct'>, ct: Base64Url = '' as Base64Url): StoredFrame {
  const { seq, epoch, at_ms: atMs } = row
  const common = { seq, epoch, atMs, device: row.device as DeviceId, id: row.id as MessageId, ct }
  if (row.event !== 'commit') return { ...common, type: 'message', event: row.event as MessageEvent, n: row.n }
  const extra = JSON.parse(row.extra) as Pick<StoredCommit, 'bundles' | 'joined' | 'removed'>
  return { ...common, type: 'commit', ...extra, ...(row.verdict === '' ? {} : { verdict: row.verdict }) }
}

export function toWelcome(row: Schema['kept_welcomes']): WelcomeEvent {
  const { sender, inc, seq, epoch, ct } = row
  const place = { from: sender as DeviceId, inc: inc as Incarnation, seq, epoch, ct: encode(ct) }
  return { room: row.room as RoomAddress, ...(row.pair ? { pair: row.pair as PairId } : {}), ...place }
}

function frameRow(room: RoomAddress, pair: string, frame: StoredFrame): Schema['kept_frames'] {
  const { seq, epoch, device, id, atMs: at_ms } = frame
  const ct = Buffer.from(frame.ct, 'base64url')
  const common = { room, pair, seq, epoch, device, id, ct, at_ms, bytes: frame.ct.length }
  if (frame.type === 'message') return { ...common, event: frame.event, n: frame.n, extra: '', verdict: '' }
  const { bundles, joined, removed } = frame
  const extra = JSON.stringify({ bundles, joined, removed })
  return { ...common, event: 'commit', n: 0, extra, verdict: frame.verdict ?? '', bytes: common.bytes + extra.length }
}

function encode(bytes: Uint8Array): Base64Url {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url') as Base64Url
}
