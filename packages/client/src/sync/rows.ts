/** Outbox rows, the place in the stream and this device's own commit as bytes, for storage. One value has one spelling. */
import {
  CodecError,
  type Cursor,
  type Incarnation,
  type MessageId,
  type Reader,
  type RefusalCode,
  readExactly,
  refusalCodes,
  Writer,
} from '@qsec/protocol'
import type { FrameKind, OutboxRow } from './outbox.ts'

type Bytes = Uint8Array<ArrayBuffer>

const version = 2
// Their places are what is stored: a new one goes to the end, and none is taken out.
const kinds: readonly FrameKind[] = ['message', 'bb84', 'roomkey']
const untils: readonly OutboxRow['until'][] = ['ordered', 'confirmed']

export function rowKey(prefix: string, order: number): string {
  return `${prefix}/out/${String(order).padStart(16, '0')}`
}

export function encodeRow(row: OutboxRow): Bytes {
  const writer = new Writer()
    .u8(version)
    .u53(row.order)
    .text(row.id, 1)
    .u8(kinds.indexOf(row.kind))
    .u8(untils.indexOf(row.until))
    .bytes(row.content, 4)
    .text(row.refused ?? '', 1)
  writer.u8(row.sealed ? 1 : 0)
  if (row.sealed) writer.u53(row.sealed.epoch).bytes(row.sealed.frame, 4)
  return writeCursor(writer, row.ordered).done()
}

export function decodeRow(bytes: Uint8Array): OutboxRow | undefined {
  return readVersioned(bytes, (reader) => {
    const order = reader.u53()
    const id = reader.text(1) as MessageId
    const kind = oneOf(kinds, reader.u8())
    const until = oneOf(untils, reader.u8())
    const content = reader.bytes(4)
    const refused = readRefusal(reader)
    const sealed = readFlag(reader) ? { epoch: reader.u53(), frame: reader.bytes(4) } : undefined
    const ordered = readCursor(reader)
    return {
      order,
      id,
      kind,
      until,
      content,
      ...(refused ? { refused } : {}),
      ...(sealed ? { sealed } : {}),
      ...(ordered ? { ordered } : {}),
    }
  })
}

export interface StoredPending {
  epoch: number
  id: string
  frame: Bytes
  next: Bytes
  note: string
  /** The relay's life in which it was made. */
  inc: string
  /** Where the relay has ordered it, as far as this device was told. */
  accepted?: Cursor
}

export function encodePending(pending: StoredPending): Bytes {
  const writer = new Writer()
    .u8(version)
    .u53(pending.epoch)
    .text(pending.id, 1)
    .bytes(pending.frame, 4)
    .bytes(pending.next, 4)
    .text(pending.note, 4)
    .text(pending.inc, 1)
  return writeCursor(writer, pending.accepted).done()
}

export function decodePending(bytes: Uint8Array): StoredPending | undefined {
  return readVersioned(bytes, (reader) => {
    const epoch = reader.u53()
    const id = reader.text(1)
    const frame = reader.bytes(4)
    const next = reader.bytes(4)
    const note = reader.text(4)
    const inc = reader.text(1)
    const accepted = readCursor(reader)
    return { epoch, id, frame, next, note, inc, ...(accepted ? { accepted } : {}) }
  })
}

export interface StoredPlace {
  cursor: Cursor
  /** Transcript hash of the epoch so far; empty where this device has a gap in it. */
  transcript: Bytes
  /** Where somebody's commit began the epoch, until it is known to stand. */
  entered?: Cursor
}

export function encodePlace({ cursor, transcript, entered }: StoredPlace): Bytes {
  const writer = new Writer().u8(version).text(cursor.inc, 1).u53(cursor.seq).bytes(transcript, 1)
  return writeCursor(writer, entered).done()
}

export function decodePlace(bytes: Uint8Array): StoredPlace | undefined {
  return readVersioned(bytes, (reader) => {
    const cursor = { inc: reader.text(1) as Incarnation, seq: reader.u53() }
    const transcript = reader.bytes(1)
    const entered = readCursor(reader)
    return { cursor, transcript, ...(entered ? { entered } : {}) }
  })
}

/** The own commit at `at`, which ended `epoch`, as long as it matters that it was this device's. */
export interface StoredOwnCommit {
  at: Cursor
  epoch: number
  /** The group of `epoch` and its transcript, for the way back; absent once that way was gone. */
  before?: { group: Bytes; transcript: Bytes }
}

export function encodeOwnCommit({ at, epoch, before }: StoredOwnCommit): Bytes {
  const writer = new Writer()
    .u8(version)
    .text(at.inc, 1)
    .u53(at.seq)
    .u53(epoch)
    .u8(before ? 1 : 0)
  if (before) writer.bytes(before.group, 4).bytes(before.transcript, 1)
  return writer.done()
}

export function decodeOwnCommit(bytes: Uint8Array): StoredOwnCommit | undefined {
  return readVersioned(bytes, (reader) => {
    const at = { inc: reader.text(1) as Incarnation, seq: reader.u53() }
    const epoch = reader.u53()
    const before = readFlag(reader) ? { group: reader.bytes(4), transcript: reader.bytes(1) } : undefined
    return { at, epoch, ...(before ? { before } : {}) }
  })
}

function readVersioned<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | undefined {
  return readExactly(bytes, (reader) => {
    if (reader.u8() !== version) throw new CodecError('rows: another version')
    return read(reader)
  })
}

function writeCursor(writer: Writer, cursor: Cursor | undefined): Writer {
  writer.u8(cursor ? 1 : 0)
  return cursor ? writer.text(cursor.inc, 1).u53(cursor.seq) : writer
}

function readCursor(reader: Reader): Cursor | undefined {
  return readFlag(reader) ? { inc: reader.text(1) as Incarnation, seq: reader.u53() } : undefined
}

function readFlag(reader: Reader): boolean {
  return oneOf([false, true], reader.u8())
}

function readRefusal(reader: Reader): RefusalCode | undefined {
  const text = reader.text(1)
  return text === '' ? undefined : oneOf(refusalCodes, refusalCodes.indexOf(text as RefusalCode))
}

function oneOf<T>(values: readonly T[], at: number): T {
  if (!(at >= 0 && at < values.length)) throw new CodecError('rows: no such value')
  return values[at]!
}
