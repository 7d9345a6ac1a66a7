/** Outbox rows and commits under way as bytes, for storage. */
import { type MessageId, type Reader, readExactly, Writer } from '@qsec/protocol'
import type { FrameKind, OutboxRow } from './outbox.ts'

const kinds: readonly FrameKind[] = ['message', 'bb84', 'roomkey']

export function rowKey(prefix: string, order: number): string {
  return `${prefix}/out/${String(order).padStart(14, '0')}`
}

export function encodeRow(row: OutboxRow): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
    .u8(1)
    .u53(row.order)
    .text(row.id, 1)
    .u8(kinds.indexOf(row.kind))
    .u8(row.until === 'confirmed' ? 1 : 0)
    .bytes(row.content, 4)
    .text(row.refused ?? '', 1)
  writer.u8(row.sealed ? 1 : 0)
  if (row.sealed) writer.u53(row.sealed.epoch).bytes(row.sealed.frame, 4)
  writer.u8(row.ordered ? 1 : 0)
  if (row.ordered) writer.text(row.ordered.inc, 1).u53(row.ordered.seq)
  return writer.done()
}

export function decodeRow(bytes: Uint8Array): OutboxRow | undefined {
  return readExactly(bytes, (reader: Reader): OutboxRow | undefined => {
    if (reader.u8() !== 1) return undefined
    const order = reader.u53()
    const id = reader.text(1) as MessageId
    const kind = kinds[reader.u8()]
    const until = reader.u8() === 1 ? 'confirmed' : 'ordered'
    const content = reader.bytes(4)
    const refused = reader.text(1) as OutboxRow['refused'] | ''
    const sealed = reader.u8() === 1 ? { epoch: reader.u53(), frame: reader.bytes(4) } : undefined
    const ordered = reader.u8() === 1 ? { inc: reader.text(1), seq: reader.u53() } : undefined
    if (!kind) return undefined
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
  frame: Uint8Array<ArrayBuffer>
  next: Uint8Array<ArrayBuffer>
  note: string
}

export function encodePending(pending: StoredPending): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(1)
    .u53(pending.epoch)
    .text(pending.id, 1)
    .bytes(pending.frame, 4)
    .bytes(pending.next, 4)
    .text(pending.note, 4)
    .done()
}

export function decodePending(bytes: Uint8Array): StoredPending | undefined {
  return readExactly(bytes, (reader: Reader): StoredPending | undefined => {
    if (reader.u8() !== 1) return undefined
    return {
      epoch: reader.u53(),
      id: reader.text(1),
      frame: reader.bytes(4),
      next: reader.bytes(4),
      note: reader.text(4),
    }
  })
}

export interface StoredPlace {
  inc: string
  seq: number
  /** Counter that the next frame of this device takes in the group's epoch, as far as the relay has confirmed. */
  n: number
  /** Order of the next outbox row. */
  nextOrder: number
  /** Transcript hash of the epoch so far; empty where this device has a gap in it. */
  transcript: Uint8Array<ArrayBuffer>
}

export function encodePlace(place: StoredPlace): Uint8Array<ArrayBuffer> {
  return new Writer()
    .u8(1)
    .text(place.inc, 1)
    .u53(place.seq)
    .u53(place.n)
    .u53(place.nextOrder)
    .bytes(place.transcript, 1)
    .done()
}

export function decodePlace(bytes: Uint8Array): StoredPlace | undefined {
  return readExactly(bytes, (reader: Reader): StoredPlace | undefined => {
    if (reader.u8() !== 1) return undefined
    return {
      inc: reader.text(1),
      seq: reader.u53(),
      n: reader.u53(),
      nextOrder: reader.u53(),
      transcript: reader.bytes(1),
    }
  })
}
