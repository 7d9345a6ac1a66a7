/**
 * The tables: rooms, who is in them, what waits, where streams stand, who is to be called, and the room log. Never a name, and a ciphertext only
 * in the `kept_…` ones, which hold nothing but for rooms that asked for it.
 */
import type { Generated, Kysely } from 'kysely'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

export interface Schema {
  rooms: {
    address: string
    expected: number | null
    /** 1 once ROOM_READY was logged. */
    ready: number
    /** JSON array of the public join keys. */
    join_keys: string
    /** A device of the person who owns the room, as far as the relay was told. */
    leader: string
    created_at: number
    /** Days for which sealed frames are kept; null: they are not. */
    keep_days: number | null
    /** While the room may be further on than this database, which was set back: one more than its epoch in it. Else 0. */
    restored: Generated<number>
    /** JSON array of incarnations since then that were given up for an earlier truth. */
    astray: Generated<string>
  }
  members: {
    room: string
    device: string
    bundle: string
    /** `gone` keeps the bundle: its leaf can outlive the device in the MLS tree, and joiners have to check it. */
    state: 'member' | 'gone'
  }
  join_requests: {
    room: string
    device: string
    bundle: string
    /** Empty where it was dismissed. */
    key_package: string
    requested_at: number
    /** `request`: by a link, or to come back. `knock`: by a stranger. `dismissed`: a knock that was turned away. */
    kind: 'request' | 'knock' | 'dismissed'
  }
  key_packages: { id: Generated<number>; room: string; device: string; key_package: string; last_resort: number }
  streams: {
    room: string
    /** Empty for the room's own stream. */
    pair: string
    /** The two ends of a pair of devices; empty for others. */
    device_a: string
    device_b: string
    /** JSON array of the devices in a conversation of two persons; empty for others. */
    devices: string
    epoch: number
    /** No sequence number above `seq_mark` + `markEvery` was ever handed out. */
    seq_mark: number
    /** The commit that began the epoch, and its place; empty where none did. */
    commit_device: string
    commit_id: string
    commit_inc: string
    commit_seq: number
  }
  /** Streams whose frames are on disk. */
  kept_streams: {
    room: string
    /** Empty for the room's own stream. */
    pair: string
    inc: string
    first_seq: number
    /** No frame after this one was ever deleted: the stream has come to it, or to the last one in `kept_frames`. */
    last_seq: number
    /** The epoch in which a device whose counter is not known sets its own; -1: none. */
    free_epoch: number
  }
  kept_frames: {
    room: string
    pair: string
    seq: number
    epoch: number
    device: string
    id: string
    /** The event under which it comes down. */
    event: string
    n: number
    ct: Uint8Array
    /** JSON of bundles, joined and removed for a commit; empty for a message. */
    extra: string
    verdict: 'stands' | 'withdrawn' | ''
    at_ms: number
    /** What it counts for in the limits. */
    bytes: number
  }
  kept_devices: {
    room: string
    pair: string
    device: string
    /** The device has every frame up to this one. */
    seq: number
    /** Its next frame's counter, and the epoch of that counter. */
    epoch: number
    n: number
  }
  /** Welcomes by commit: one serves many devices. */
  kept_welcomes: { room: string; pair: string; seq: number; part: number; ct: Uint8Array; at_ms: number }
  /** Whose Welcome is not delivered. */
  kept_invited: {
    room: string
    pair: string
    device: string
    sender: string
    inc: string
    seq: number
    epoch: number
    part: number
    /** The request that it answers. */
    answers: string
  }
  /** Where a member's push service takes messages for it, while it is away. */
  push_subscriptions: { room: string; device: string; endpoint: string; at_ms: number }
  /** One row: what the file beside the database holds (`life.ts`). */
  lives: { current: string; previous: string }
  room_logs: { id: number; room_id: string; event: string; data: string; created_at: number }
}

const migrations: Record<string, Migration> = {
  '001-rooms': {
    async up(db: Kysely<unknown>) {
      for (const table of [
        sql`create table rooms (
          address text primary key, expected integer, ready integer not null, join_keys text not null,
          leader text not null, created_at integer not null) strict`,
        sql`create table members (
          room text not null, device text not null, bundle text not null, state text not null,
          primary key (room, device)) strict, without rowid`,
        sql`create table join_requests (
          room text not null, device text not null, bundle text not null, key_package text not null,
          requested_at integer not null, primary key (room, device)) strict, without rowid`,
        sql`create table key_packages (
          id integer primary key, room text not null, device text not null, key_package text not null,
          last_resort integer not null) strict`,
        sql`create index key_packages_of_device on key_packages (room, device)`,
        sql`create table streams (
          room text not null, pair text not null, device_a text not null, device_b text not null,
          epoch integer not null, seq_mark integer not null, primary key (room, pair)) strict, without rowid`,
        sql`create table room_logs (
          id integer primary key autoincrement, room_id text not null, event text not null, data text not null,
          created_at integer not null) strict`,
        sql`create index room_logs_of_room on room_logs (room_id, id)`,
      ]) {
        await table.execute(db)
      }
    },
  },
  '002-who-began-the-epoch': {
    async up(db: Kysely<unknown>) {
      for (const column of [
        sql`commit_device text not null default ''`,
        sql`commit_id text not null default ''`,
        sql`commit_inc text not null default ''`,
        sql`commit_seq integer not null default 0`,
      ]) {
        await sql`alter table streams add column ${column}`.execute(db)
      }
    },
  },
  '003-knocks': {
    async up(db: Kysely<unknown>) {
      await sql`alter table join_requests add column kind text not null default 'request'`.execute(db)
    },
  },
  '004-kept-frames': {
    async up(db: Kysely<unknown>) {
      for (const change of [
        sql`alter table rooms add column keep_days integer`,
        sql`create table kept_streams (
          room text not null, pair text not null, inc text not null, first_seq integer not null,
          last_seq integer not null, free_epoch integer not null, primary key (room, pair)) strict, without rowid`,
        // With a rowid: rows are large, and a key of their own keeps them out of the index.
        sql`create table kept_frames (
          room text not null, pair text not null, seq integer not null, epoch integer not null, device text not null,
          id text not null, event text not null, n integer not null, ct blob not null, extra text not null,
          verdict text not null, at_ms integer not null, bytes integer not null, primary key (room, pair, seq)) strict`,
        sql`create table kept_devices (
          room text not null, pair text not null, device text not null, seq integer not null, epoch integer not null,
          n integer not null, primary key (room, pair, device)) strict, without rowid`,
        sql`create table kept_welcomes (
          room text not null, pair text not null, seq integer not null, part integer not null, ct blob not null,
          at_ms integer not null, primary key (room, pair, seq, part)) strict`,
        sql`create table kept_invited (
          room text not null, pair text not null, device text not null, sender text not null, inc text not null,
          seq integer not null, epoch integer not null, part integer not null, answers text not null,
          primary key (room, pair, device)) strict, without rowid`,
        sql`create table lives (current text not null, previous text not null) strict`,
      ]) {
        await change.execute(db)
      }
    },
  },
  '005-conversations': {
    async up(db: Kysely<unknown>) {
      await sql`alter table streams add column devices text not null default ''`.execute(db)
    },
  },
  '006-restored-rooms': {
    async up(db: Kysely<unknown>) {
      await sql`alter table rooms add column restored integer not null default 0`.execute(db)
      await sql`alter table rooms add column astray text not null default '[]'`.execute(db)
    },
  },
  '007-push-subscriptions': {
    async up(db: Kysely<unknown>) {
      await sql`create table push_subscriptions (
        room text not null, device text not null, endpoint text not null, at_ms integer not null,
        primary key (room, device)) strict, without rowid`.execute(db)
    },
  },
}

export const migrationNames: readonly string[] = Object.keys(migrations)

/**
 * Brings the database to the newest schema; refuses one that a newer relay has written.
 *
 * @param upTo - for tests: the name of the last migration to make
 */
export async function migrate(db: Kysely<Schema>, upTo?: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo))
  if (error) throw new Error('the database cannot be brought to this version', { cause: error })
}
