/**
 * What this device wants in a stream's order. A row keeps the content and, once sealed, the frame: the same bytes are
 * sent again within the epoch, the content is sealed anew once the epoch has moved and the frame was never ordered.
 */
import type { MessageId, RefusalCode } from '@qsec/protocol'

export type FrameKind = 'message' | 'bb84' | 'roomkey'

export interface OutboxRow {
  /** Rises by one with each row; a retry keeps its place. */
  order: number
  id: MessageId
  kind: FrameKind
  content: Uint8Array<ArrayBuffer>
  /** `order`: done once the relay has ordered it. `confirm`: kept until another device has it as well. */
  until: 'ordered' | 'confirmed'
  sealed?: { epoch: number; frame: Uint8Array<ArrayBuffer> }
  ordered?: { inc: string; seq: number }
  /** The relay refuses this row as such; only the person can try again. */
  refused?: RefusalCode
}

/** Rows still to be sent, in order. A refused row never blocks the next. */
export function toSend(rows: readonly OutboxRow[]): OutboxRow[] {
  return rows.filter((row) => !row.ordered && !row.refused)
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

/** A row whose content may have to be sealed in the epoch that has begun. Ordered rows stay as they are. */
export function forEpoch(row: OutboxRow, epoch: number): OutboxRow {
  if (row.ordered || !row.sealed || row.sealed.epoch === epoch) return row
  const { sealed: _stale, ...rest } = row
  return rest
}

/**
 * Rows after the relay has lost what it held (a new incarnation): what no other device has confirmed goes again, first
 * and with the same id, so that whoever has it already drops it.
 */
export function forNewIncarnation(row: OutboxRow, inc: string): OutboxRow {
  if (!row.ordered || row.ordered.inc === inc) return row
  const { ordered: _lost, ...rest } = row
  return rest
}
