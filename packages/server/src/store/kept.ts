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
  invited: (Schema['kept_invited'] & Pick<Schema['kept_welcomes'], 'ct' | 'at_ms'>)[]
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

/** A Welcome for several devices, and the requests that it answers: those count while its commit does not stand. */
export interface KeptWelcome {
  ct: Base64Url
  to: readonly { device: DeviceId; answers: string }[]
}

/** Writes the Welcomes of one commit down, each once. */
export function putWelcomes(
  { room, pair = '' as PairId }: StreamName,
  commit: { sender: DeviceId; inc: Incarnation; seq: number; epoch: number; atMs: number },
  welcomes: readonly KeptWelcome[],
): Change {
  const { sender, inc, seq, epoch, atMs: at_ms } = commit
  return async (db) => {
    for (const [part, { ct, to }] of welcomes.entries()) {
      const bytes = Buffer.from(ct, 'base64url')
      await db.insertInto('kept_welcomes').values({ room, pair, seq, part, ct: bytes, at_ms }).execute()
      for (const { device, answers } of to) {
        const row = { sender, inc, seq, epoch, part, answers }
        await db
          .insertInto('kept_invited')
          .values({ room, pair, device, ...row })
          .onConflict((conflict) => conflict.columns(['room', 'pair', 'device']).doUpdateSet(row))
          .execute()
      }
    }
    await deleteUnreferenced(db, room)
  }
}

/** The device has its Welcome, or nobody hands it out any more. */
export function deleteWelcome({ room, pair }: StreamName, device: DeviceId, seq: number): Change {
  return async (db) => {
    await db
      .deleteFrom('kept_invited')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('device', '=', device)
      .where('seq', '=', seq)
      .execute()
    await deleteUnreferenced(db, room)
  }
}

/** Deletes the Welcomes of a commit, but for those of `still`. */
export function deleteWelcomesOf({ room, pair }: StreamName, seq: number, still: readonly DeviceId[] = []): Change {
  return async (db) => {
    const invited = db
      .deleteFrom('kept_invited')
      .where('room', '=', room)
      .where('pair', '=', pair ?? '')
      .where('seq', '=', seq)
    await (still.length === 0 ? invited : invited.where('device', 'not in', still)).execute()
    await deleteUnreferenced(db, room)
  }
}

export function deleteWelcomesBefore(room: RoomAddress, atMs: number): Change {
  return async (db) => {
    await db.deleteFrom('kept_welcomes').where('room', '=', room).where('at_ms', '<', atMs).execute()
    await sql`delete from kept_invited where room = ${room} and not exists (
      select 1 from kept_welcomes as w where w.room = kept_invited.room and w.pair = kept_invited.pair
      and w.seq = kept_invited.seq and w.part = kept_invited.part)`.execute(db)
  }
}

async function deleteUnreferenced(db: Kysely<Schema>, room: RoomAddress): Promise<void> {
  await sql`delete from kept_welcomes where room = ${room} and not exists (
    select 1 from kept_invited as i where i.room = kept_welcomes.room and i.pair = kept_welcomes.pair
    and i.seq = kept_welcomes.seq and i.part = kept_welcomes.part)`.execute(db)
}

const keptTables = ['kept_frames', 'kept_devices', 'kept_invited', 'kept_welcomes', 'kept_streams'] as const

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
    const invited = await db
      .selectFrom('kept_invited as i')
      .innerJoin('kept_welcomes as w', (join) =>
        join
          .onRef('w.room', '=', 'i.room')
          .onRef('w.pair', '=', 'i.pair')
          .onRef('w.seq', '=', 'i.seq')
          .onRef('w.part', '=', 'i.part'),
      )
      .selectAll('i')
      .select(['w.ct', 'w.at_ms'])
      .where('i.room', '=', room)
      .where('i.pair', '=', pair)
      .execute()
    read.push({ stream, frames, devices, invited })
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

export function toWelcome(row: KeptRows['invited'][number]): WelcomeEvent {
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
