/** From a file of this machine to sealed pieces on the shelf: read, rid of metadata, sealed and hashed bit by bit. */
import { type DeviceId, type FileId, toBase64Url } from '@qsec/protocol'
import type { SecureRandom, Storage } from '../ports.ts'
import type { FileClaim } from './content.ts'
import { barePicture } from './images/index.ts'
import { headBytes, typeToSend, unknownType } from './kinds.ts'
import { cleanFileName } from './names.ts'
import { importFileKey, pieceBytes, piecesOf, sealPiece } from './pieces.ts'
import type { Shelf } from './shelf.ts'
import { growTree, leafOf } from './tree.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A file to be sent, read as it is needed. */
export interface FileSource {
  name: string
  /** As the system calls it; empty where it does not know. */
  type: string
  size: number
  /** The bytes from `from` to before `to`. */
  read(from: number, to: number): Promise<Uint8Array>
  /** A recording made here, and how long. */
  voice?: { seconds: number }
}

export interface MakingHost {
  shelf: Shelf
  storage: Storage
  random: SecureRandom
  device: DeviceId
  nowMs(): number
  onProgress(id: FileId, claim: Pick<FileClaim, 'name' | 'size'>, doneBytes: number): void
}

/** Larger pictures are not looked into: they would be held in memory as a whole. */
const pictureBytesAtMost = 67_108_864
/** So many pieces are stored in one transaction. */
const piecesAtOnce = 8

/** @throws where it cannot be read or stored, or `signal` says to stop; the shelf is then as before but for its head */
export async function makeFile(
  host: MakingHost,
  source: FileSource,
  signal: AbortSignal | undefined,
): Promise<{ claim: FileClaim; leaves: Bytes[] }> {
  const { shelf, storage, random } = host
  const { bytes, ...facts } = await lookInto(source)
  const id = toBase64Url(random(16)) as string as FileId
  const rawKey = random(32)
  const key = await importFileKey(rawKey)
  const about = { ...facts, id, key: toBase64Url(rawKey) }
  const read = bytes
    ? async (from: number, to: number) => bytes.subarray(from, to)
    : (from: number, to: number) => source.read(from, to)
  host.onProgress(id, facts, 0)
  await storage.apply([
    shelf.put({ claim: { ...about, root: about.key }, from: host.device, state: 'making', atMs: host.nowMs() }),
  ])
  const leaves: Bytes[] = []
  const count = piecesOf(facts.size)
  for (let at = 0; at < count; ) {
    const changes = []
    for (const end = Math.min(count, at + piecesAtOnce); at < end; at++) {
      signal?.throwIfAborted()
      const [from, to] = [Math.min(facts.size, at * pieceBytes), Math.min(facts.size, (at + 1) * pieceBytes)]
      const plain = from < to ? await read(from, to) : new Uint8Array()
      if (plain.length !== to - from) throw new RangeError('The file changed while it was read. Choose it again.')
      const sealed = await sealPiece(key, { file: id, size: facts.size, at }, plain)
      leaves.push(await leafOf(sealed))
      changes.push(shelf.pieceChange(id, at, sealed))
    }
    await storage.apply(changes)
    host.onProgress(id, facts, Math.min(facts.size, at * pieceBytes))
  }
  const { root } = await growTree(leaves)
  return { claim: { ...about, root: toBase64Url(root) }, leaves }
}

type Facts = Omit<FileClaim, 'id' | 'key' | 'root'>

/** What the file is, and its bytes where they had to change. */
async function lookInto(source: FileSource): Promise<Facts & { bytes?: Uint8Array }> {
  const { name, type, size, voice } = source
  const said = voice ? { voice: true as const, seconds: voice.seconds } : {}
  const clean = cleanFileName(name)
  const head = await source.read(0, Math.min(size, headBytes))
  const sent = typeToSend(clean, type, head)
  const plain = { name: clean, type: sent, size, ...said }
  if (!sent.startsWith('image/') || size > pictureBytesAtMost) return plain
  const bare = barePicture(sent, await source.read(0, size))
  // It begins like a picture and is none: nobody is to show it.
  if (!bare) return { ...plain, type: unknownType }
  const { bytes, width, height } = bare
  const pixels = width > 0 && height > 0 && width <= 65_535 && height <= 65_535 ? { width, height } : {}
  return { ...plain, size: bytes.length, ...pixels, bytes }
}
