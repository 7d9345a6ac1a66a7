/**
 * Where a device stands in a stream, and what to do with a frame that arrives. Frames are applied strictly in the
 * relay's order: one that comes early waits here as ciphertext while the gap is asked for.
 */
import type { Cursor } from '@qsec/protocol'

/** What the cursor needs to know of a frame. */
export interface Sequenced {
  inc: string
  seq: number
}

export interface InboxState<F extends Sequenced> {
  cursor: Cursor
  /** Early frames by sequence number, of the cursor's incarnation. */
  early: ReadonlyMap<number, F>
  /** Frames of an incarnation that this device has not been told of yet: the answer to `join` is on its way. */
  strange: readonly F[]
}

/** Early frames kept at most; more are dropped, since a resume brings them again. */
export const earlyFramesAtMost = 4_096

export type Arrival<F extends Sequenced> =
  /** Apply these, in order, moving the cursor with each. */
  | { type: 'apply'; frames: F[] }
  /** Known already. */
  | { type: 'duplicate' }
  /** Something before it is missing: ask for a resume. */
  | { type: 'early' }

export function emptyInbox<F extends Sequenced>(cursor: Cursor): InboxState<F> {
  return { cursor, early: new Map(), strange: [] }
}

/** Takes one frame. The cursor does not move here: `applied` moves it, once the frame's effects are stored. */
export function arrive<F extends Sequenced>(
  inbox: InboxState<F>,
  frame: F,
): { inbox: InboxState<F>; arrival: Arrival<F> } {
  const { cursor, early, strange } = inbox
  if (frame.inc !== cursor.inc) {
    const kept = strange.length < earlyFramesAtMost ? [...strange, frame] : strange
    return { inbox: { ...inbox, strange: kept }, arrival: { type: 'early' } }
  }
  if (frame.seq <= cursor.seq) return { inbox, arrival: { type: 'duplicate' } }
  if (frame.seq > cursor.seq + 1) {
    if (early.size >= earlyFramesAtMost) return { inbox, arrival: { type: 'early' } }
    return { inbox: { ...inbox, early: new Map(early).set(frame.seq, frame) }, arrival: { type: 'early' } }
  }
  const rest = new Map(early)
  const frames = [frame]
  for (let seq = frame.seq + 1; ; seq++) {
    const next = rest.get(seq)
    if (!next) break
    rest.delete(seq)
    frames.push(next)
  }
  return { inbox: { ...inbox, early: rest }, arrival: { type: 'apply', frames } }
}

/** The inbox after the frame `seq` has been applied and stored. */
export function applied<F extends Sequenced>(inbox: InboxState<F>, seq: number): InboxState<F> {
  return { ...inbox, cursor: { ...inbox.cursor, seq } }
}

/**
 * The inbox at a new place: after a resume that could not be complete, or in a new group. Frames that waited for the
 * new incarnation come out and must be given to `arrive` again.
 */
export function movedTo<F extends Sequenced>(
  inbox: InboxState<F>,
  cursor: Cursor,
): { inbox: InboxState<F>; again: F[] } {
  const again = inbox.strange.filter((frame) => frame.inc === cursor.inc)
  const early = inbox.cursor.inc === cursor.inc ? [...inbox.early.values()] : []
  return { inbox: emptyInbox(cursor), again: [...early, ...again].sort((a, b) => a.seq - b.seq) }
}
