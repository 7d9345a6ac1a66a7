/** What a device signs with its leaf key when it refuses a commit. */
import { utf8 } from './bytes.ts'
import { Writer } from './codec.ts'
import type { PairId, RoomAddress } from './ids.ts'

export interface CommitRefusal {
  room: RoomAddress
  pair?: PairId
  epoch: number
  seq: number
  /** SHA-256 of the commit's bytes, 32 bytes. */
  hash: Uint8Array
  reason: string
}

export function commitNackSignedBytes(refusal: CommitRefusal): Uint8Array<ArrayBuffer> {
  return new Writer()
    .raw(utf8('qsec-commit-nack-v1\0'))
    .text(refusal.room, 1)
    .text(refusal.pair ?? '', 1)
    .u53(refusal.epoch)
    .u53(refusal.seq)
    .bytes(refusal.hash, 1)
    .text(refusal.reason, 1)
    .done()
}
