/** Files as screens draw them: what a message says of each, and how far each has come on this device. */
import type { FileClaim } from './content.ts'
import { claimedKind, type FileKind } from './kinds.ts'

export interface FileView {
  /** Unique in this room. */
  id: string
  /** Safe to show, and to write to a disk. */
  name: string
  /** Bytes. */
  size: number
  /** What its name and sender say. Its bytes may say otherwise once it is here: see `OpenFile.shown`. */
  kind: FileKind
  width?: number
  height?: number
  /** A recording, and its seconds. */
  voice?: { seconds: number }
}

export type FileStateView =
  /** Not on this device: `fetchFile`. */
  | { at: 'absent' }
  /** `waiting`: nobody who has it is here, or there is no connection. */
  | { at: 'coming'; doneBytes: number; waiting?: 'holder' | 'connection' }
  /** Own files: `givenBytes` have left this device so far, while that is less than all; 0: nobody has asked yet. */
  | { at: 'here'; givenBytes?: number }
  /** `wrong`: what came was not what its sender told of. */
  | { at: 'failed'; reason: 'wrong' | 'too-large' | 'no-space' }

/** A file that is being made ready to be sent. */
export interface MakingView {
  id: string
  name: string
  size: number
  doneBytes: number
}

export function fileView({ id, name, size, type, width, height, voice, seconds = 0 }: FileClaim): FileView {
  const kind = claimedKind({ name, type })
  return {
    id,
    name,
    size,
    kind,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(voice && kind === 'audio' ? { voice: { seconds } } : {}),
  }
}

/**
 * What a message says where its files cannot go along: its words, and the names of its files in brackets.
 *
 * @param bytesAtMost - names that would make it longer are left out
 */
export function wordsWithNames(
  { text, files = [] }: { text: string; files?: readonly Pick<FileClaim, 'name'>[] },
  bytesAtMost: number,
): string {
  return files.reduce((words, { name }) => {
    const longer = words === '' ? `[${name}]` : `${words}\n[${name}]`
    return new TextEncoder().encode(longer).length <= bytesAtMost ? longer : words
  }, text)
}
