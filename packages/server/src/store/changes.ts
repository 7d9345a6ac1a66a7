/** Every change that the relay makes to its database, as a value: the writer puts many into one transaction. */
import type { Base64Url, DeviceId, Incarnation, PairId, RoomAddress } from '@qsec/protocol'
import { type Kysely, sql } from 'kysely'
import type { CommitMark } from '../stream/stream.ts'
import { forgetKept, forgetKeptStream } from './kept.ts'
import type { Schema } from './schema.ts'

export type Change = (db: Kysely<Schema>) => Promise<unknown>

export interface StreamRow {
  room: RoomAddress
  pair: PairId | undefined
  devices: readonly DeviceId[] | undefined
  /** The devices are those of two persons, and may become others. */
  isConversation: boolean
  epoch: number
  seqMark: number
  /** The commit that began the epoch. */
  begunBy: CommitMark | undefined
}

export function insertRoom(
  address: RoomAddress,
  room: { expected: number | undefined; joinKeys: readonly string[]; leader: DeviceId; nowMs: number },
): Change {
  return (db) =>
    db
      .insertInto('rooms')
      .values({
        address,
        expected: room.expected ?? null,
        ready: 0,
        join_keys: JSON.stringify(room.joinKeys),
        leader: room.leader,
        created_at: room.nowMs,
        keep_days: null,
      })
      .execute()
}

export function setJoinKeys(address: RoomAddress, joinKeys: readonly string[]): Change {
  return (db) =>
    db
      .updateTable('rooms')
      .set({ join_keys: JSON.stringify(joinKeys) })
      .where('address', '=', address)
      .execute()
}

export function setExpected(address: RoomAddress, expected: number | undefined): Change {
  return (db) =>
    db
      .updateTable('rooms')
      .set({ expected: expected ?? null })
      .where('address', '=', address)
      .execute()
}

/** Every room may be further on than this database, which has taken the place of a newer one. */
export function markRestored(): Change {
  const epoch = sql<number>`(select epoch from streams where streams.room = rooms.address and streams.pair = '')`
  return (db) =>
    db
      .updateTable('rooms')
      .set({ restored: sql`1 + coalesce(${epoch}, 0)` })
      .execute()
}

/** Members have said that the room had come to `epoch` before that. */
export function markReopened(address: RoomAddress, epoch: number, astray: Iterable<Incarnation>): Change {
  const place = { restored: epoch + 1, astray: JSON.stringify([...astray]) }
  return (db) => db.updateTable('rooms').set(place).where('address', '=', address).execute()
}

/** It is known where the room is. */
export function markKnown(address: RoomAddress): Change {
  return (db) => db.updateTable('rooms').set({ restored: 0 }).where('address', '=', address).execute()
}

export function setLeader(address: RoomAddress, leader: DeviceId): Change {
  return (db) => db.updateTable('rooms').set({ leader }).where('address', '=', address).execute()
}

export function setReady(address: RoomAddress): Change {
  return (db) => db.updateTable('rooms').set({ ready: 1 }).where('address', '=', address).execute()
}

export function putMember(room: RoomAddress, device: DeviceId, bundle: Base64Url, state: 'member' | 'gone'): Change {
  return (db) =>
    db
      .insertInto('members')
      .values({ room, device, bundle, state })
      .onConflict((conflict) => conflict.columns(['room', 'device']).doUpdateSet({ bundle, state }))
      .execute()
}

export function putRequest(
  room: RoomAddress,
  device: DeviceId,
  request: { bundle: Base64Url; keyPackage: Base64Url; nowMs: number; kind: 'request' | 'knock' },
): Change {
  const { bundle, keyPackage, nowMs, kind } = request
  const row = { bundle, key_package: keyPackage, requested_at: nowMs, kind }
  return (db) =>
    db
      .insertInto('join_requests')
      .values({ room, device, ...row })
      .onConflict((conflict) => conflict.columns(['room', 'device']).doUpdateSet(row))
      .execute()
}

/** Keeps of a knock that it was turned away, so that it stays so. */
export function markDismissed(room: RoomAddress, device: DeviceId, nowMs: number): Change {
  const row = { key_package: '', requested_at: nowMs, kind: 'dismissed' } as const
  return (db) =>
    db.updateTable('join_requests').set(row).where('room', '=', room).where('device', '=', device).execute()
}

export function deleteRequest(room: RoomAddress, device: DeviceId): Change {
  return (db) => db.deleteFrom('join_requests').where('room', '=', room).where('device', '=', device).execute()
}

/** Replaces what the device has published: its one-time KeyPackages, its last resort, or both. */
export function replaceKeyPackages(
  room: RoomAddress,
  device: DeviceId,
  published: { keyPackages?: readonly Base64Url[] | undefined; lastResort?: Base64Url | undefined },
): Change {
  return async (db) => {
    const replace = async (lastResort: 0 | 1, keyPackages: readonly Base64Url[]) => {
      await db
        .deleteFrom('key_packages')
        .where('room', '=', room)
        .where('device', '=', device)
        .where('last_resort', '=', lastResort)
        .execute()
      for (const key_package of keyPackages) {
        await db.insertInto('key_packages').values({ room, device, key_package, last_resort: lastResort }).execute()
      }
    }
    if (published.keyPackages) await replace(0, published.keyPackages)
    if (published.lastResort) await replace(1, [published.lastResort])
  }
}

export function deleteKeyPackages(room: RoomAddress, device: DeviceId): Change {
  return (db) => db.deleteFrom('key_packages').where('room', '=', room).where('device', '=', device).execute()
}

/** The newest address of the device; it has one. */
export function putPush(room: RoomAddress, device: DeviceId, endpoint: string, nowMs: number): Change {
  const row = { endpoint, at_ms: nowMs }
  return (db) =>
    db
      .insertInto('push_subscriptions')
      .values({ room, device, ...row })
      .onConflict((conflict) => conflict.columns(['room', 'device']).doUpdateSet(row))
      .execute()
}

/** @param endpoint - only where it is still this one */
export function deletePush(room: RoomAddress, device: DeviceId, endpoint?: string): Change {
  return (db) => {
    const row = db.deleteFrom('push_subscriptions').where('room', '=', room).where('device', '=', device)
    return (endpoint === undefined ? row : row.where('endpoint', '=', endpoint)).execute()
  }
}

/** Nobody is called any more. */
export function deleteAllPushes(): Change {
  return (db) => db.deleteFrom('push_subscriptions').execute()
}

export function putStream(row: StreamRow): Change {
  const { epoch, seqMark, begunBy } = row
  const commit = {
    commit_device: begunBy?.device ?? '',
    commit_id: begunBy?.id ?? '',
    commit_inc: begunBy?.inc ?? '',
    commit_seq: begunBy?.seq ?? 0,
  }
  const devices = row.isConversation ? JSON.stringify(row.devices) : ''
  const place = { epoch, seq_mark: seqMark, devices, ...commit }
  const [device_a = '', device_b = ''] = row.isConversation ? [] : (row.devices ?? [])
  return (db) =>
    db
      .insertInto('streams')
      .values({ room: row.room, pair: row.pair ?? '', device_a, device_b, ...place })
      .onConflict((conflict) => conflict.columns(['room', 'pair']).doUpdateSet(place))
      .execute()
}

export function deletePair(room: RoomAddress, pair: PairId): Change {
  return async (db) => {
    await db.deleteFrom('streams').where('room', '=', room).where('pair', '=', pair).execute()
    await forgetKeptStream({ room, pair })(db)
  }
}

/** Deletes all of a room but its log. */
export function deleteRoom(room: RoomAddress): Change {
  return async (db) => {
    for (const table of ['members', 'join_requests', 'key_packages', 'streams', 'push_subscriptions'] as const) {
      await db.deleteFrom(table).where('room', '=', room).execute()
    }
    await forgetKept(room)(db)
    await db.deleteFrom('rooms').where('address', '=', room).execute()
  }
}
