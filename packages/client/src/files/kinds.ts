/**
 * What a file is treated as. Shown inside the page is what its name, its sender and its own first bytes agree on, and what
 * browsers draw or play without running any of it; everything else is bytes to be saved.
 */
import { extensionOf } from './names.ts'

export type FileKind = 'image' | 'video' | 'audio' | 'other'

export const unknownType = 'application/octet-stream'

interface Type {
  kind: Exclude<FileKind, 'other'>
  extensions: readonly string[]
  /** Whether a file of that type begins so. */
  begins(head: Uint8Array): boolean
}

const at = (offset: number, text: string) => (head: Uint8Array) =>
  [...text].every((character, i) => head[offset + i] === character.charCodeAt(0))
const bytes =
  (...values: number[]) =>
  (head: Uint8Array) =>
    values.every((value, i) => head[i] === value)
const both = (a: Type['begins'], b: Type['begins']) => (head: Uint8Array) => a(head) && b(head)
const either = (a: Type['begins'], b: Type['begins']) => (head: Uint8Array) => a(head) || b(head)
const mp4 = at(4, 'ftyp')
const matroska = bytes(0x1a, 0x45, 0xdf, 0xa3)
const ogg = at(0, 'OggS')
/** A frame of MPEG audio, or of AAC in ADTS. */
const mpegFrame = (head: Uint8Array) => head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0

const types: Readonly<Record<string, Type>> = {
  'image/png': {
    kind: 'image',
    extensions: ['png'],
    begins: bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  'image/jpeg': { kind: 'image', extensions: ['jpg', 'jpeg', 'jfif'], begins: bytes(0xff, 0xd8, 0xff) },
  'image/gif': { kind: 'image', extensions: ['gif'], begins: either(at(0, 'GIF87a'), at(0, 'GIF89a')) },
  'image/webp': { kind: 'image', extensions: ['webp'], begins: both(at(0, 'RIFF'), at(8, 'WEBP')) },
  'video/mp4': { kind: 'video', extensions: ['mp4', 'm4v'], begins: mp4 },
  'video/webm': { kind: 'video', extensions: ['webm'], begins: matroska },
  'audio/mpeg': { kind: 'audio', extensions: ['mp3'], begins: either(at(0, 'ID3'), mpegFrame) },
  'audio/mp4': { kind: 'audio', extensions: ['m4a', 'mp4'], begins: mp4 },
  'audio/aac': { kind: 'audio', extensions: ['aac'], begins: mpegFrame },
  'audio/ogg': { kind: 'audio', extensions: ['ogg', 'oga', 'opus'], begins: ogg },
  'audio/wav': { kind: 'audio', extensions: ['wav'], begins: both(at(0, 'RIFF'), at(8, 'WAVE')) },
  'audio/webm': { kind: 'audio', extensions: ['webm', 'weba'], begins: matroska },
  'audio/flac': { kind: 'audio', extensions: ['flac'], begins: at(0, 'fLaC') },
}

/** Other names for the same types. */
const synonyms: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-aac': 'audio/aac',
}

/** So many bytes of a file are looked at. */
export const headBytes = 16

/** What a file says to be, by its name and its sender: nothing of it has come yet. */
export function claimedKind({ name, type }: { name: string; type: string }): FileKind {
  return typeNamed(type, name)?.[1].kind ?? 'other'
}

/** The type under which its bytes may be shown or played; undefined where they are only to be saved. */
export function shownType({ name, type }: { name: string; type: string }, head: Uint8Array): string | undefined {
  const found = typeNamed(type, name)
  return found?.[1].begins(head) ? found[0] : undefined
}

/** The type that a file is sent under: what its bytes and its name agree on. */
export function typeToSend(name: string, type: string, head: Uint8Array): string {
  const plain = type.toLowerCase().split(';')[0]!.trim()
  const said = shownType({ name, type: plain }, head)
  if (said) return said
  const found = Object.entries(types).find(([, one]) => one.extensions.includes(extensionOf(name)) && one.begins(head))
  return found?.[0] ?? unknownType
}

function typeNamed(type: string, name: string): [string, Type] | undefined {
  const plain = Object.hasOwn(synonyms, type) ? synonyms[type]! : type
  if (!Object.hasOwn(types, plain)) return undefined
  const found = types[plain]!
  return found.extensions.includes(extensionOf(name)) ? [plain, found] : undefined
}
