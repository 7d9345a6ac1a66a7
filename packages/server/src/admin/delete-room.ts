/** An operator deletes a room: all that the relay knows of it goes, and the devices that are there are told. */
import type { RoomAddress } from '@qsec/protocol'
import type { Room } from '../room/room.ts'
import type { Rooms } from '../room/rooms.ts'
import { deleteRoom } from '../store/changes.ts'
import { DatabaseInUse } from '../store/sqlite.ts'
import { Store } from '../store/store.ts'

export interface DeletedRoom {
  /** Whether there was such a room; of one that had ended only lines of its log are left. */
  existed: boolean
  logLines: number
  /** Devices that were connected, and were told. */
  told: number
}

/** Rejects where the disk refuses: then nothing has changed, or only lines of the log are left. */
export async function deleteRoomFor(rooms: Rooms, store: Store, address: RoomAddress): Promise<DeletedRoom> {
  const room = rooms.get(address)
  const told = room ? await room.mailbox.run(() => end(room, store)) : undefined
  const logLines = await store.deleteLog(address)
  store.eraseSoon()
  return { existed: told !== undefined, logLines, told: told ?? 0 }
}

/** The devices' own copies of what was said are theirs. They are refused from now on, as at any room that does not exist. */
async function end(room: Room, store: Store): Promise<number> {
  await store.durable(deleteRoom(room.address))
  const seats = [...room.seats.values()]
  const message = 'Whoever runs this server has deleted the room here.'
  for (const { connection } of seats) {
    connection.emit('join_failed', { room: room.address, code: 'no-access', message })
  }
  room.end()
  for (const { connection } of seats) connection.close()
  return seats.length
}

/**
 * The same, or with `logOnly` its log alone, in the database of a relay that does not run.
 *
 * @returns undefined where a relay has it
 */
export async function deleteStoppedRoom(
  databasePath: string,
  address: RoomAddress,
  logOnly: boolean,
): Promise<DeletedRoom | undefined> {
  let store: Store
  try {
    store = await Store.open({
      file: databasePath,
      now: Date.now,
      gatherMs: 0,
      logGatherMs: 0,
      eraseMs: 0,
      pagesAtMost: 0,
      onLogLines: () => undefined,
      onWrite: () => undefined,
      report: () => undefined, // what fails is thrown here
    })
  } catch (error) {
    if (error instanceof DatabaseInUse) return undefined
    throw error
  }
  try {
    const existed = (await store.readRooms()).rooms.some((room) => room.address === address)
    if (existed && !logOnly) await store.durable(deleteRoom(address))
    return { existed, logLines: await store.deleteLog(address), told: 0 }
  } finally {
    await store.close()
  }
}
