/** A frame as a stream keeps it. The relay cannot read `ct`; everything else is what its rules need. */
import type { Base64Url, DeviceId, MessageId } from '@qsec/protocol'

interface Ordered {
  seq: number
  /** The epoch that the stream had when it took the frame. */
  epoch: number
  device: DeviceId
  id: MessageId
  ct: Base64Url
  /** Milliseconds since 1970. */
  atMs: number
}

/** The event under which a frame comes down. */
export type MessageEvent = 'encrypted_message' | 'bb84_message' | 'roomkey_share'

export interface StoredMessage extends Ordered {
  type: 'message'
  event: MessageEvent
  n: number
}
export interface StoredCommit extends Ordered {
  type: 'commit'
  bundles: Base64Url[]
  joined: DeviceId[]
  removed: DeviceId[]
  /** What became of it, for devices that were away then; undefined while it is pending. */
  verdict?: 'stands' | 'withdrawn'
}
export type StoredFrame = StoredMessage | StoredCommit

/** What stands around the text of a frame, roughly. */
export const frameOverhead = 200

/** What the frame costs in memory, roughly: its text and the objects around it. */
export function frameBytes(frame: StoredFrame): number {
  const bundles = frame.type === 'commit' ? frame.bundles.reduce((sum, bundle) => sum + bundle.length, 0) : 0
  return frame.ct.length + bundles + frameOverhead
}
