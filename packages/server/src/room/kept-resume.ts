/** Frames for a device that comes back, which the ring no longer has and the disk does. */
import type { Cursor, DeviceId, Join } from '@qsec/protocol'
import type { StoredFrame } from '../stream/frame.ts'
import type { Channel } from './channel.ts'
import type { Room } from './room.ts'

export type FromDisk = Map<Channel, StoredFrame[]>

/**
 * Reads what a resume of `device` needs from the disk. The ring can lose more of its frames while one stream is read, so it
 * is asked until nothing is missing.
 */
export async function readMissing(
  room: Room,
  device: DeviceId,
  join: Pick<Join, 'inc' | 'seq' | 'pairs'>,
): Promise<FromDisk> {
  const read: FromDisk = new Map()
  if (!room.keeping) return read
  const cursors = cursorsOf(room, device, join)
  for (;;) {
    const next = cursors.find(([channel, cursor]) => !read.has(channel) && isOnDiskAlone(channel, cursor))
    if (!next) return read
    const [channel, { seq }] = next
    const last = channel.stream.position.seq
    const frames = await room.core.store.framesAfter(channel, seq)
    // Some can have been dropped meanwhile: a part is worth nothing.
    if (frames.length !== last - seq) cursors.splice(cursors.indexOf(next), 1)
    else read.set(channel, frames)
  }
}

function cursorsOf(room: Room, device: DeviceId, { inc, seq, pairs }: Pick<Join, 'inc' | 'seq' | 'pairs'>) {
  const cursors: [Channel, Cursor][] = []
  if (inc !== undefined && seq !== undefined) cursors.push([room.main, { inc, seq }])
  for (const { pair, inc, seq } of pairs ?? []) {
    const channel = room.pairs.get(pair)
    if (channel?.devices?.includes(device)) cursors.push([channel, { inc, seq }])
  }
  return cursors
}

function isOnDiskAlone({ stream, kept }: Channel, cursor: Cursor): boolean {
  if (cursor.inc !== stream.inc || cursor.seq >= stream.position.seq || !kept?.reaches(cursor.seq)) return false
  return stream.after(cursor) === undefined
}
