/**
 * What stands in a frame of a conversation. Version and id come first, for whatever follows: a content that this version
 * does not know is told as such and read as nothing else.
 */
import { fromBase64Url, type Incarnation, type MessageId, readExactly, toBase64Url, utf8, Writer } from '@qsec/protocol'
import { type Lack, lacksAtMost } from '../sync/lacks.ts'

export type ConversationContent =
  /**
   * This device has everything of the conversation up to `seq`, but for what it `lacks`. `transcript`: the hash of what it
   * saw in the epoch, where it missed nothing of it; who saw something else there shows it.
   */
  | { type: 'receipt'; inc: Incarnation; seq: number; lacks?: readonly Lack[]; transcript?: Uint8Array<ArrayBuffer> }
  /** Words for the other person alone. `atMs`: by the clock of who said it. */
  | { type: 'note'; text: string; atMs: number }

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
const kinds = { receipt: 1, note: 2 } as const

export function encodeSaid(id: MessageId, content: ConversationContent): Uint8Array<ArrayBuffer> {
  const writer = new Writer().u8(version).raw(fromBase64Url(id)!).u8(kinds[content.type])
  switch (content.type) {
    case 'receipt':
      writer.raw(fromBase64Url(content.inc)!).u53(content.seq)
      writer.bytes(content.transcript ?? new Uint8Array(), 1)
      for (const [from, to] of content.lacks ?? []) writer.u53(from).u53(to)
      return writer.done()
    case 'note':
      return writer.u53(content.atMs).text(content.text, 4).done()
  }
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
      case kinds.note: {
        const [atMs, text] = [reader.u53(), reader.text(4)]
        return utf8(text).length <= noteBytesAtMost ? { type: 'note', text, atMs } : undefined
      }
      default:
        return undefined
    }
  })
}
