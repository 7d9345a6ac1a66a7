/** What keeps a stream whole: where it stands, frames that members hand each other, and a relay that closes. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import * as f from './fields.ts'
import type { DeviceId, Incarnation, MessageId, PairId, RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/** One frame of a room's stream as the relay had ordered it, from a member's copy. */
export interface GapFrame {
  seq: number
  event: 'encrypted_message' | 'commit'
  epoch: number
  id: MessageId
  device: DeviceId
  /** By the relay's clock, when it was ordered. */
  at: number
  ct: Base64Url
}

interface Place {
  inc: Incarnation
  seq: number
}

/** Asks the members for frames that the relay has no longer. They come as the relay event `gap_give`. */
export interface GapWant {
  room: RoomAddress
  inc: Incarnation
  from: number
  /** Inclusive; at most `limits.gapFrames` numbers in all. */
  to: number
  /** Members that are not to be asked, since what they gave was wrong. */
  not?: DeviceId[]
}

/** Answers what the relay has asked this member for: consecutive frames from the first one that was wanted, or none. */
export interface GapGive {
  room: RoomAddress
  /** The question, as the relay named it. */
  want: MessageId
  frames: GapFrame[]
  /** The place of the next frame that this member holds, in the order in which it was applied here. */
  next?: Place
}

/** The relay asks this member for frames from its copy, for another one. */
export interface GapAsked {
  room: RoomAddress
  want: MessageId
  inc: Incarnation
  from: number
  to: number
}

/** What a member gave of the frames wanted. Without frames and `device`: nobody who is connected has the first one. */
export interface GapGiven {
  room: RoomAddress
  inc: Incarnation
  /** The first one that was wanted. */
  from: number
  device?: DeviceId
  frames: GapFrame[]
  /** The nearest place behind which a member goes on; a hint. */
  next?: Place
}

/** Where a stream stands. Who is behind has lost something on the way. */
export interface Heartbeat {
  room: RoomAddress
  pair?: PairId
  inc: Incarnation
  seq: number
  epoch: number
}

/** This relay closes. Come back after `in` milliseconds, which differ from device to device. */
export interface Drain {
  in: number
}

const placeFields = { inc: f.incarnation, seq: f.count }
const frameFields = {
  seq: f.count,
  event: v.picklist(['encrypted_message', 'commit']),
  epoch: f.count,
  id: f.messageId,
  device: f.deviceId,
  at: f.count,
  ct: f.base64(limits.commitBytes),
}

/** Bytes that base64url of its one spelling holds. */
const bytesOf = (ct: Base64Url): number => Math.floor((ct.length * 3) / 4)

/** Consecutive, each within the limit of its event, and together small enough; a single one may be a large commit. */
function areFrames(frames: readonly GapFrame[]): boolean {
  const fits = ({ event, ct }: GapFrame) => event === 'commit' || bytesOf(ct) <= limits.messageBytes
  const bytes = frames.reduce((sum, { ct }) => sum + bytesOf(ct), 0)
  return (
    frames.every((frame, i) => fits(frame) && frame.seq === frames[0]!.seq + i) &&
    (frames.length <= 1 || bytes <= limits.gapBytes)
  )
}
const framesFault = 'not consecutive, or too much at once'
const sentFrame: v.GenericSchema<unknown, GapFrame> = v.strictObject(frameFields)
const heardFrame: v.GenericSchema<unknown, GapFrame> = v.object(frameFields)
const sentFrames: v.GenericSchema<unknown, GapFrame[]> = v.pipe(
  f.list(sentFrame, limits.gapFrames),
  v.check((it) => areFrames(it), framesFault),
)
const heardFrames: v.GenericSchema<unknown, GapFrame[]> = v.pipe(
  f.list(heardFrame, limits.gapFrames),
  v.check((it) => areFrames(it), framesFault),
)

const isRange = ({ from, to }: { from: number; to: number }) => to >= from && to - from < limits.gapFrames
const rangeFault = `to: 1 to ${limits.gapFrames} numbers at a time`

export const gapWant: v.GenericSchema<unknown, GapWant> = v.pipe(
  v.strictObject({
    room: f.room,
    inc: f.incarnation,
    from: f.count,
    to: f.count,
    not: v.exactOptional(f.list(f.deviceId, limits.gapLiars)),
  }),
  v.check((it) => isRange(it), rangeFault),
)
export const gapGive: v.GenericSchema<unknown, GapGive> = v.strictObject({
  room: f.room,
  want: f.messageId,
  frames: sentFrames,
  next: v.exactOptional(v.strictObject(placeFields)),
})

export const gapAsked: v.GenericSchema<unknown, GapAsked> = v.pipe(
  v.object({ room: f.room, want: f.messageId, inc: f.incarnation, from: f.count, to: f.count }),
  v.check((it) => isRange(it), rangeFault),
)
export const gapGiven: v.GenericSchema<unknown, GapGiven> = v.object({
  room: f.room,
  inc: f.incarnation,
  from: f.count,
  device: v.exactOptional(f.deviceId),
  frames: heardFrames,
  next: v.exactOptional(v.object(placeFields)),
})
export const heartbeat: v.GenericSchema<unknown, Heartbeat> = v.object({
  room: f.room,
  pair: v.exactOptional(f.pairId),
  inc: f.incarnation,
  seq: f.count,
  epoch: f.count,
})
export const drain: v.GenericSchema<unknown, Drain> = v.object({
  in: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(limits.drainMs)),
})
