/**
 * Words for what the client's core or the server says: in English their own messages, elsewhere by the code. What has no
 * code, or one that is not known here, stays English and is named as that.
 */
import { type Translatable, translatable } from './translatable.ts'

/** What the room refuses (`RoomRefusal`). */
function refusedEnglish(_code: string, message: string): string {
  return message
}

export const refusedWords: Translatable<typeof refusedEnglish> = translatable('refusedWords', refusedEnglish)

/** What is wrong with the storage (`StorageError`). */
function storageFaultEnglish(_code: string, message: string): string {
  return message
}

export const storageFaultWords: Translatable<typeof storageFaultEnglish> = translatable(
  'storageFaultWords',
  storageFaultEnglish,
)

/** Anything else: its English message. */
function otherFaultEnglish(message: string): string {
  return message
}

export const otherFaultWords: Translatable<typeof otherFaultEnglish> = translatable(
  'otherFaultWords',
  otherFaultEnglish,
)

/** The name of a picture that two people compare (`trust/symbols.ts`). */
function pictureNameEnglish(_sign: string, name: string): string {
  return name
}

export const pictureName: Translatable<typeof pictureNameEnglish> = translatable('pictureName', pictureNameEnglish)
