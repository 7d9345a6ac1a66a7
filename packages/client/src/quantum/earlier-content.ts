/**
 * Earlier messages on their way to a newcomer, inside a frame of a pair group: an offer and its acceptance, the messages in
 * parts, how far they have come, and the end of it (protocol.md §8). What they say of authors is the sharer's word alone.
 */
import { type Reader, toBase64Url, type Writer } from '@qsec/protocol'

/** How many messages may be asked for or offered. */
export const earlierCounts = [20, 50, 200] as const
export type EarlierCount = (typeof earlierCounts)[number]
export const earlierMost = 200
/** Texts of one part, in bytes; a longer text makes a part of its own. */
export const partBytesAtMost: number = 48 * 1024
/** Texts of one gift, in bytes: of longer ones the newest that fit are given, and no more is taken in. */
export const giftBytesAtMost: number = 4 * 1024 * 1024
const textBytesAtMost = 64 * 1024
const nameBytesAtMost = 160
const lastDateMs = 8.64e15
const idBytes = 16

export interface QuotedMessage {
  /** The message's own id, 22 characters. */
  id: string
  /** Fingerprint of its author's person keys, 22 characters; empty where the sharer does not know it. */
  person: string
  /** The author's name as the sharer knew it. */
  name: string
  atMs: number
  text: string
}

/** `share`: 22 characters; of the ask that it answers, or of the offer. */
export type EarlierContent =
  | { type: 'earlier-offer'; share: string; count: EarlierCount }
  | { type: 'earlier-accept'; share: string }
  /** Messages `from` up to `from + messages.length - 1` of `total`, oldest first. */
  | { type: 'earlier-part'; share: string; from: number; total: number; messages: QuotedMessage[] }
  /** The first `upTo` messages are stored. */
  | { type: 'earlier-taken'; share: string; upTo: number }
  /** Turned down, taken back, or stopped, by either end. */
  | { type: 'earlier-stop'; share: string }

const kinds = { offer: 16, accept: 17, part: 18, taken: 19, stop: 20 } as const

export function isEarlierContent(content: { type: string } | undefined): content is EarlierContent {
  return content?.type.startsWith('earlier-') === true
}

export function writeEarlier(writer: Writer, content: EarlierContent, raw: (id: string) => Uint8Array): Writer {
  const share = raw(content.share)
  switch (content.type) {
    case 'earlier-offer':
      return writer.u8(kinds.offer).raw(share).u8(content.count)
    case 'earlier-accept':
      return writer.u8(kinds.accept).raw(share)
    case 'earlier-part': {
      const { from, total, messages } = content
      writer.u8(kinds.part).raw(share).u8(from).u8(total).u8(messages.length)
      for (const { id, person, name, atMs, text } of messages) {
        writer.raw(raw(id)).bytes(person === '' ? new Uint8Array() : raw(person), 1)
        writer.text(name, 1).u53(atMs).text(text, 4)
      }
      return writer
    }
    case 'earlier-taken':
      return writer.u8(kinds.taken).raw(share).u8(content.upTo)
    case 'earlier-stop':
      return writer.u8(kinds.stop).raw(share)
  }
}

/** @param kind - the first byte, read already */
export function readEarlier(kind: number, reader: Reader): EarlierContent | undefined {
  if (kind < kinds.offer || kind > kinds.stop) return undefined
  const share = readId(reader)
  switch (kind) {
    case kinds.offer: {
      const count = reader.u8() as EarlierCount
      return earlierCounts.includes(count) ? { type: 'earlier-offer', share, count } : undefined
    }
    case kinds.accept:
      return { type: 'earlier-accept', share }
    case kinds.part:
      return readPart(share, reader)
    case kinds.taken:
      return { type: 'earlier-taken', share, upTo: reader.u8() }
    default:
      return { type: 'earlier-stop', share }
  }
}

function readPart(share: string, reader: Reader): EarlierContent | undefined {
  const [from, total, count] = [reader.u8(), reader.u8(), reader.u8()]
  if (count === 0 || total > earlierMost || from + count > total) return undefined
  const messages: QuotedMessage[] = []
  for (let i = 0; i < count; i++) {
    const id = readId(reader)
    const person = reader.bytes(1)
    const name = reader.text(1)
    const atMs = reader.u53()
    const text = reader.text(4)
    const odd = person.length !== 0 && person.length !== idBytes
    if (odd || atMs > lastDateMs || utf8Length(name) > nameBytesAtMost || utf8Length(text) > textBytesAtMost) {
      return undefined
    }
    messages.push({ id, person: toBase64Url(person), name, atMs, text })
  }
  return { type: 'earlier-part', share, from, total, messages }
}

function readId(reader: Reader): string {
  return toBase64Url(reader.raw(idBytes))
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}
