/** A file that is on the shelf, opened: its bytes, and as what they may be shown. */
import { fromBase64Url } from '@qsec/protocol'
import type { FileClaim } from './content.ts'
import { isBarePicture } from './images/index.ts'
import { headBytes, shownType, unknownType } from './kinds.ts'
import { type FileKey, importFileKey, openPiece, piecesOf } from './pieces.ts'
import type { Shelf } from './shelf.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface OpenFile {
  name: string
  size: number
  /** Type under which it is shown or played in the page; undefined: it is only to be saved. */
  shown: string | undefined
  /** `shown`, or that of unknown bytes: what a copy that is saved or handed on is called. */
  type: string
  /** Its bytes in order, opened as they are read. Throws where one is not here or does not open. */
  read(): AsyncGenerator<Bytes, void, undefined>
}

/** Larger pictures are not shown: they would have to be looked through as a whole first. */
const pictureBytesAtMost = 67_108_864

export async function openFile(shelf: Shelf, claim: FileClaim): Promise<OpenFile> {
  const key = await importFileKey(fromBase64Url(claim.key)!)
  const read = () => readPieces(shelf, claim, key)
  const shown = await typeShown(claim, read)
  return { name: claim.name, size: claim.size, shown, type: shown ?? unknownType, read }
}

async function* readPieces(
  shelf: Shelf,
  { id, size }: FileClaim,
  key: FileKey,
): AsyncGenerator<Bytes, void, undefined> {
  for (let at = 0; at < piecesOf(size); at++) {
    const sealed = await shelf.piece(id, at)
    const plain = sealed && (await openPiece(key, { file: id, size, at }, sealed))
    if (!plain)
      throw new RangeError(`A part of this file is ${sealed ? 'damaged' : 'not here any more'}. Fetch it again.`)
    if (plain.length > 0) yield plain
  }
}

async function typeShown(claim: FileClaim, read: () => AsyncIterable<Bytes>): Promise<string | undefined> {
  let head: Bytes = new Uint8Array()
  for await (const piece of read()) {
    head = piece.slice(0, headBytes)
    break
  }
  const type = shownType(claim, head)
  if (!type?.startsWith('image/')) return type
  if (claim.size > pictureBytesAtMost) return undefined
  const whole = new Uint8Array(claim.size)
  let at = 0
  for await (const piece of read()) {
    whole.set(piece, at)
    at += piece.length
  }
  return isBarePicture(type, whole) ? type : undefined
}
