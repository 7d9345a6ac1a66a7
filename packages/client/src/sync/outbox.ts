/**
 * What this device wants in a stream's order. A row keeps the content and, once sealed, the frame: the same bytes are
 * sent again within the epoch and the life of the relay; after either the content is sealed anew under the same id.
 */
import type { Cursor, MessageId, Refusal, RefusalCode } from '@qsec/protocol'

export type FrameKind = 'message' | 'bb84' | 'roomkey'

export interface OutboxRow {
  /** Rows go in this order, which is also the order in which they are sealed. */
  order: number
  id: MessageId
  kind: FrameKind
  content: Uint8Array<ArrayBuffer>
  /** `ordered`: done once the relay has ordered it. `confirmed`: kept until another device has it as well. */
  until: 'ordered' | 'confirmed'
  sealed?: { epoch: number; frame: Uint8Array<ArrayBuffer> }
  ordered?: Cursor
  /** The relay refuses this row as such; only the person can try again. */
  refused?: RefusalCode
}

/** Rows still to be sent, in order. A refused row never blocks the next. */
export function toSend(rows: readonly OutboxRow[]): OutboxRow[] {
  return rows.filter((row) => !row.ordered && !row.refused)
}

/** Whether the row has to be sealed before it can go: it never was, or its epoch is over and it was never ordered. */
export function needsSeal(row: OutboxRow, epoch: number): boolean {
  return !row.ordered && !row.refused && row.sealed?.epoch !== epoch
}

/** Whether nothing is left to do for the row where the stream stands at `cursor`. `alone`: nobody is there to confirm it. */
export function isDone(row: OutboxRow, cursor: Cursor, alone: boolean): boolean {
  return (row.until === 'ordered' || alone) && isPast(row, cursor)
}

/** Whether the row was ordered at `cursor` or before. */
export function isPast(row: OutboxRow, cursor: Cursor): boolean {
  return row.ordered !== undefined && row.ordered.inc === cursor.inc && row.ordered.seq <= cursor.seq
}

/** What a refusal means for a row and for those behind it. */
export type AfterRefusal =
  /** The epoch is over: seal anew once this device is in the next. */
  | { type: 'reseal' }
  /** An earlier frame is missing at the relay: go on from counter `n`. */
  | { type: 'resend'; n: number | undefined }
  /** Try again in a while, everything from here on. */
  | { type: 'later' }
  /** Log in and join first. */
  | { type: 'rejoin-relay' }
  /** This row will never be taken; the next may use its counter. */
  | { type: 'refused' }

export function afterRefusal(code: RefusalCode, n: number | undefined): AfterRefusal {
  switch (code) {
    case 'stale-epoch':
      return { type: 'reseal' }
    case 'out-of-order':
      return { type: 'resend', n }
    case 'rate-limited':
    case 'unavailable':
    case 'internal':
      return { type: 'later' }
    case 'not-logged-in':
    case 'login-failed':
    case 'no-access':
    case 'version':
      return { type: 'rejoin-relay' }
    case 'bad-request':
    case 'too-large':
    case 'exists':
    case 'room-full':
      return { type: 'refused' }
  }
}

/**
 * Whether a commit that was refused so is to be forgotten: another one has ended its epoch, or the relay will never take it.
 * Otherwise the same bytes go again, for another commit from the same state would be sealed by the same key.
 */
export function losesCommit({ code, epoch }: Refusal, commit: { epoch: number }): boolean {
  if (['unavailable', 'internal', 'rate-limited', 'not-logged-in'].includes(code)) return false
  return code !== 'stale-epoch' || (epoch ?? 0) > commit.epoch
}

/**
 * The row as the relay ordered it. A refusal of an earlier try counts no more. Where the relay has ordered the same bytes
 * twice, the first place counts: at the second they are a replay to everybody.
 */
export function orderedAt(row: OutboxRow, ordered: Cursor): OutboxRow {
  if (row.ordered?.inc === ordered.inc && row.ordered.seq <= ordered.seq) return row
  const { refused: _refused, ...rest } = row
  return { ...rest, ordered }
}

/**
 * Rows after the relay has lost what it held (a new incarnation): what no other device has confirmed goes again, first
 * and with the same id, so that whoever has it already does not take it twice. It is sealed anew: a relay can repeat
 * bytes by itself, so only a frame that opens shows that its sender says it again, and gives it its new place.
 */
export function forNewIncarnation(row: OutboxRow, inc: string): OutboxRow {
  if (row.ordered?.inc === inc) return row
  if (!row.ordered && !row.sealed) return row
  const { ordered: _lost, sealed: _old, ...rest } = row
  return rest
}

/** A row of which no frame may be sent again: it is sealed anew. Ordered rows stay as they are. */
export function unsealed(row: OutboxRow): OutboxRow {
  if (row.ordered || !row.sealed) return row
  const { sealed: _old, ...rest } = row
  return rest
}

/** A refused row that is tried again takes the place `order`, behind what was sealed meanwhile. */
export function again(row: OutboxRow, order: number): OutboxRow {
  const { refused: _refused, sealed: _sealed, ...rest } = row
  return { ...rest, order }
}
