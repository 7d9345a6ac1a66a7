/**
 * What stands in a frame of a conversation. Version and id come first, for whatever follows: a content that this version
 * does not know is told as such and read as nothing else.
 */
import {
  type DeviceId,
  fromBase64Url,
  type Incarnation,
  type MessageId,
  type Reader,
  readExactly,
  toBase64Url,
  utf8,
  Writer,
} from '@qsec/protocol'
import { lifetimeAtMostS } from '../crypto/index.ts'
import type { FileClaim } from '../files/content.ts'
import { type Amending, type MessageRef, type Said as RoomSaid, readSaid } from '../messages/content.ts'
import { type Lack, lacksAtMost } from '../sync/lacks.ts'

/** Words for the other person alone, and files with them. */
export interface Note {
  type: 'note'
  /** Empty only where files go with it. */
  text: string
  /** By the clock of who said it. */
  atMs: number
  /** The message of the room or of this conversation that it answers. */
  replyTo?: MessageRef
  /** Seconds that it lives once it was seen. */
  lifetimeS?: number
  files?: readonly FileClaim[]
}

export type ConversationContent =
  /**
   * This device has everything of the conversation up to `seq`, but for what it `lacks`. `transcript`: the hash of what it
   * saw in the epoch, where it missed nothing of it; who saw something else there shows it.
   */
  | { type: 'receipt'; inc: Incarnation; seq: number; lacks?: readonly Lack[]; transcript?: Uint8Array<ArrayBuffer> }
  | Note
  /** What is done to a message of this conversation, as in the room. */
  | Amending

export interface Said {
  /** The same on every device, and in each try. */
  id: MessageId
  /** Undefined: of another version, or of a kind that this one does not know. */
  content: ConversationContent | undefined
}

/** UTF-8 bytes of one note. */
export const noteBytesAtMost = 65_536

const version = 1
const idBytes = 16
const hashBytes = 32
/** `asInRoom`: JSON of a content of the room, for what has so many parts and needs every limit that it has there. */
const kinds = { receipt: 1, note: 2, noteWithMore: 3, asInRoom: 4 } as const
/** What a note of kind 3 has, as bits of one byte, not none of them. */
const replyBit = 1
const lifetimeBit = 2
const knownBits = replyBit | lifetimeBit

export function encodeSaid(id: MessageId, content: ConversationContent): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).raw(fromBase64Url(id)!)
  switch (content.type) {
    case 'receipt':
      writer.u8(kinds.receipt).raw(fromBase64Url(content.inc)!).u53(content.seq)
      writer.bytes(content.transcript ?? new Uint8Array(), 1)
      for (const [from, to] of content.lacks ?? []) writer.u53(from).u53(to)
      return writer.done()
    case 'note':
      return writeNote(writer, content).done()
    case 'edit':
    case 'delete':
    case 'reaction':
      return writeAsInRoom(writer, content).done()
  }
}

function writeAsInRoom(writer: Writer, content: RoomSaid): Writer {
  return writer.u8(kinds.asInRoom).text(JSON.stringify(content), 4)
}

function writeNote(writer: Writer, { text, atMs, replyTo, lifetimeS, files }: Note): Writer {
  if (files) {
    const more = { ...(replyTo ? { replyTo } : {}), ...(lifetimeS === undefined ? {} : { lifetimeS }) }
    return writeAsInRoom(writer, { type: 'text', text, atMs, ...more, files: [...files] })
  }
  const bits = (replyTo ? replyBit : 0) | (lifetimeS === undefined ? 0 : lifetimeBit)
  // Each note has one spelling, and those that have nothing more are read by every version.
  if (bits === 0) return writer.u8(kinds.note).u53(atMs).text(text, 4)
  writer.u8(kinds.noteWithMore).u53(atMs).u8(bits)
  if (replyTo) writer.raw(fromBase64Url(replyTo.device)!).raw(fromBase64Url(replyTo.id)!)
  if (lifetimeS !== undefined) writer.u32(lifetimeS)
  return writer.text(text, 4)
}

/** Undefined where not even the id can be read. */
export function decodeSaid(bytes: Uint8Array): Said | undefined {
  const id = bytes.length > idBytes ? (toBase64Url(bytes.slice(1, 1 + idBytes)) as string as MessageId) : undefined
  if (id === undefined) return undefined
  return { id, content: bytes[0] === version ? decodeContent(bytes.slice(1 + idBytes)) : undefined }
}

function decodeContent(bytes: Uint8Array): ConversationContent | undefined {
  return readExactly(bytes, (reader): ConversationContent | undefined => {
    switch (reader.u8()) {
      case kinds.receipt: {
        const inc = toBase64Url(reader.raw(idBytes)) as string as Incarnation
        const [seq, transcript] = [reader.u53(), reader.bytes(1)]
        const lacks: Lack[] = []
        while (!reader.atEnd && lacks.length < lacksAtMost) lacks.push([reader.u53(), reader.u53()])
        if (transcript.length !== 0 && transcript.length !== hashBytes) return undefined
        return {
          type: 'receipt',
          inc,
          seq,
          ...(lacks.length > 0 ? { lacks } : {}),
          ...(transcript.length > 0 ? { transcript } : {}),
        }
      }
      case kinds.note:
        return fitting({ type: 'note', atMs: reader.u53(), text: reader.text(4) })
      case kinds.noteWithMore: {
        const [atMs, bits] = [reader.u53(), reader.u8()]
        if (bits === 0 || (bits & ~knownBits) !== 0) return undefined
        const replyTo = (bits & replyBit) === 0 ? {} : { replyTo: readRef(reader) }
        const lifetime = (bits & lifetimeBit) === 0 ? {} : { lifetimeS: reader.u32() }
        return fitting({ type: 'note', atMs, ...replyTo, ...lifetime, text: reader.text(4) })
      }
      case kinds.asInRoom:
        return readAsInRoom(reader.text(4))
      default:
        return undefined
    }
  })
}

/** Of what is said in the room, what has a place here. A text without files has a spelling of its own. */
function readAsInRoom(json: string): ConversationContent | undefined {
  const said = readSaid(json)
  switch (said?.type) {
    case 'text': {
      const { text, atMs, replyTo, files, lifetimeS } = said
      const more = { ...(replyTo ? { replyTo } : {}), ...(lifetimeS === undefined ? {} : { lifetimeS }) }
      return files && { type: 'note', text, atMs, ...more, files }
    }
    case 'edit': {
      // Whoever else is named would not hear of it, and who reads it is meant in any case.
      const { mentions: _, ...edit } = said
      return edit
    }
    case 'delete':
    case 'reaction':
      return said
    default:
      return undefined
  }
}

function fitting(note: Note): Note | undefined {
  const { text, lifetimeS = 1 } = note
  const fits = utf8(text).length <= noteBytesAtMost && lifetimeS >= 1 && lifetimeS <= lifetimeAtMostS
  return fits ? note : undefined
}

function readRef(reader: Reader): MessageRef {
  const [device, id] = [toBase64Url(reader.raw(idBytes)), toBase64Url(reader.raw(idBytes))] as string[]
  return { device: device as DeviceId, id: id as MessageId }
}
