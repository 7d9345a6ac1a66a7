/**
 * A file as sealed pieces: AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), with the nonce
 * of age: eleven bytes of the piece's index and one that marks the last. A key seals one file and nothing else.
 */
import { concatBytes, limits, Reader, readExactly, utf8, Writer } from '@qsec/protocol'
import { hashBytes } from './tree.ts'

type Bytes = Uint8Array<ArrayBuffer>
export type FileKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Bytes of the file in each piece but the last one. */
export const pieceBytes = 65_536
const tagBytes = 16
const smallestPadded = 1_024
const label = 'qsec-file-v1'

/**
 * Bytes under the seal: the file and zeros behind it, so that its length shows with few bits only. Padmé of the PURB paper
 * (Nikitin et al., PETS 2019), which adds at most 12 %, and less to larger files.
 */
export function paddedSize(size: number): number {
  if (size <= smallestPadded) return smallestPadded
  const exponent = Math.floor(Math.log2(size))
  const free = exponent - (Math.floor(Math.log2(exponent)) + 1)
  const step = 2 ** free
  return Math.ceil(size / step) * step
}

/** How many pieces a file of `size` bytes has; one at least. */
export function piecesOf(size: number): number {
  return Math.ceil(paddedSize(size) / pieceBytes)
}

/** Bytes of the sealed piece at `at`. */
export function sealedBytesAt(size: number, at: number): number {
  const last = piecesOf(size) - 1
  return (at < last ? pieceBytes : paddedSize(size) - last * pieceBytes) + tagBytes
}

/** Of all sealed pieces together: what a file takes in storage. */
export function sealedBytes(size: number): number {
  return paddedSize(size) + piecesOf(size) * tagBytes
}

export async function importFileKey(key: Bytes): Promise<FileKey> {
  if (key.length !== 32) throw new RangeError(`file: a key of ${key.length} bytes`)
  return await crypto.subtle.importKey('raw', key, { name: 'AES-GCM' }, false, ['encrypt', 'decrypt'])
}

export interface PiecePlace {
  /** The file's id. */
  file: string
  size: number
  at: number
}

/** @param plain - the file's bytes of that piece, without padding */
export async function sealPiece(key: FileKey, place: PiecePlace, plain: Uint8Array): Promise<Bytes> {
  const padded = new Uint8Array(sealedBytesAt(place.size, place.at) - tagBytes)
  padded.set(plain)
  return new Uint8Array(await crypto.subtle.encrypt(cipher(place), key, padded))
}

/** The file's bytes of that piece, without padding; undefined where the piece was not sealed at that place under that key. */
export async function openPiece(key: FileKey, place: PiecePlace, sealed: Bytes): Promise<Bytes | undefined> {
  if (sealed.length !== sealedBytesAt(place.size, place.at)) return undefined
  try {
    const padded = new Uint8Array(await crypto.subtle.decrypt(cipher(place), key, sealed))
    return padded.subarray(0, Math.max(0, Math.min(padded.length, place.size - place.at * pieceBytes)))
  } catch {
    return undefined // the tag does not fit: WebCrypto has no other way to say so
  }
}

function cipher({ file, size, at }: PiecePlace): { name: string; iv: Bytes; additionalData: Bytes } {
  const iv = new Uint8Array(12)
  new DataView(iv.buffer).setUint32(7, at)
  iv[11] = at === piecesOf(size) - 1 ? 1 : 0
  return { name: 'AES-GCM', iv, additionalData: utf8(`${label}\0${file}`) }
}

/** One piece as it crosses the wire: its path in the hash tree, then what is sealed. */
export interface WirePiece {
  path: Bytes[]
  sealed: Bytes
}

export function encodePiece({ path, sealed }: WirePiece): Bytes {
  return new Writer()
    .bytes(concatBytes(...path), 2)
    .raw(sealed)
    .done()
}

export function decodePiece(bytes: Uint8Array): WirePiece | undefined {
  if (bytes.length > limits.filePieceBytes) return undefined
  return readExactly(bytes, (reader: Reader) => {
    const hashes = new Reader(reader.bytes(2))
    const path: Bytes[] = []
    while (!hashes.atEnd) path.push(hashes.raw(hashBytes))
    return { path, sealed: reader.rest() }
  })
}
