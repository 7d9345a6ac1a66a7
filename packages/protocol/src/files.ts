/** Sealed files on their way from one member's device to another's, piece by piece. The relay passes on and keeps none. */
import * as v from 'valibot'
import type { Base64Url } from './bytes.ts'
import * as f from './fields.ts'
import type { DeviceId, FileId, MessageId, RoomAddress } from './ids.ts'
import { limits } from './limits.ts'

/** Asks for one piece of a file from whoever is here and has it. The answer brings it, as soon as somebody gave it. */
export interface FileWant {
  room: RoomAddress
  file: FileId
  /** Which piece, from 0. */
  at: number
  /** Who is asked first: the device that sent the file. */
  first?: DeviceId
  /** Devices that are not to be asked, since what they gave was wrong. */
  not?: DeviceId[]
  /** Nobody else is asked, nor learns that there is such a file: it was sent to one person alone. */
  only?: DeviceId[]
}
/** Without a piece: nobody who is here and was asked has it. */
export interface FileWantAnswer {
  piece?: Base64Url
  /** Who gave it. */
  by?: DeviceId
}

/** The relay asks this device for one piece of a file. */
export interface FileAsked {
  room: RoomAddress
  want: MessageId
  file: FileId
  at: number
}

/** Answers that. Without a piece: this device does not have it. */
export interface FileGive {
  room: RoomAddress
  want: MessageId
  piece?: Base64Url
}

const piece = f.base64(limits.filePieceBytes)
const at: v.GenericSchema<unknown, number> = v.pipe(f.count, v.maxValue(limits.filePieces - 1))

export const fileWant: v.GenericSchema<unknown, FileWant> = v.strictObject({
  room: f.room,
  file: f.fileId,
  at,
  first: v.exactOptional(f.deviceId),
  not: v.exactOptional(f.list(f.deviceId, limits.fileLiars)),
  only: v.exactOptional(v.pipe(f.list(f.deviceId, limits.devicesPerConversation), v.minLength(1))),
})
export const fileWantAnswer: v.GenericSchema<unknown, FileWantAnswer> = v.object({
  piece: v.exactOptional(piece),
  by: v.exactOptional(f.deviceId),
})
export const fileAsked: v.GenericSchema<unknown, FileAsked> = v.object({
  room: f.room,
  want: f.messageId,
  file: f.fileId,
  at,
})
export const fileGive: v.GenericSchema<unknown, FileGive> = v.strictObject({
  room: f.room,
  want: f.messageId,
  piece: v.exactOptional(piece),
})

/** What the answer to a `file_want` says, as a client meets it. */
export function parseFileWantAnswer(input: unknown): f.Parsed<FileWantAnswer> {
  return f.parseWith(fileWantAnswer, input)
}
