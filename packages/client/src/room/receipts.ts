/** Receipts: they ride on whatever this device says, else go alone, seldom enough for the size of the room. */
import { fromBase64Url, toBase64Url } from '@qsec/protocol'
import type { Receipt } from '../content.ts'
import type { RoomStream } from './room-stream.ts'

/** Pause before a receipt goes alone (protocol.md §4). */
export function receiptPauseMs(members: number): number {
  if (members <= 8) return 300
  if (members <= 32) return 2_000
  return members * 100
}

/** What this device has seen of the stream, as it tells the others. */
export function receiptOf(stream: RoomStream): Receipt {
  const { transcript: seen, cursor, lacks } = stream
  return {
    seq: cursor.seq,
    ...(lacks.length > 0 ? { lacks: [...lacks] } : {}),
    ...(seen ? { transcript: toBase64Url(seen.hash) } : {}),
  }
}

/**
 * Whether another's receipt shows a different history: the relay told different things to different people. Numbers only
 * rise, so nobody has seen what stands at `seq`, where the receipt came, or behind it: who says so was shown more.
 */
export function contradicts(stream: RoomStream, receipt: Receipt, seq: number): boolean {
  if (receipt.seq >= seq) return true
  const hash = receipt.transcript === undefined ? undefined : fromBase64Url(receipt.transcript)
  return hash !== undefined && stream.agrees(receipt.seq, hash) === false
}
