/** What a stream needs of the group that seals its frames. The real one is MLS; simulations use one without keys. */
import type { Incarnation } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { OutboxRow } from './outbox.ts'

export type Received<G, A, C> =
  | { kind: 'application'; group: G; application: A }
  | { kind: 'commit'; group: G; change: C }
  /** Something that this device can still get is not here yet: the frame waits. */
  | { kind: 'missing'; what: Missing }
  /** The frame is not valid here; the old group stays. `replayed`: it was opened before; `own-frame`: sealed here. */
  | { kind: 'refused'; reason: string }

export type Missing =
  | { type: 'bundles'; credentials: Uint8Array[] }
  /** `from`: who made the commit, by its signature. */
  | { type: 'psk'; id: string; from: string }

/** A group in storage: a head that is written with each change, and parts beside it, which the head names. */
export interface EncodedGroup {
  head: Uint8Array<ArrayBuffer>
  parts: GroupPart[]
}

export interface GroupPart {
  /** Below the name of the parts. */
  key: string
  value: Uint8Array<ArrayBuffer>
}

/** Reads a group back. Undefined where head and parts are damaged, of another version, or do not belong together. */
export type GroupDecoder<G> = (
  head: Uint8Array<ArrayBuffer>,
  partsOf: (name: string) => Promise<GroupPart[]>,
) => Promise<G | undefined>

export interface SessionOps<G, A, C> {
  epoch(group: G): number
  /** Whether this device is the group's only one, so that nobody will ever confirm what it says now. */
  alone?(group: G): boolean
  /** Whether a commit took this device out: nothing more can be done with the group. */
  isOver?(group: G): boolean
  seal(group: G, content: Uint8Array): Promise<{ frame: Uint8Array<ArrayBuffer>; group: G }>
  receive(group: G, frame: StreamFrame): Promise<Received<G, A, C>>
  /**
   * As storage is to have it. `stored` is what stands there under the same `partsName`: then only those parts are given
   * that differ from it. None ever goes while the name stays.
   */
  encode(group: G, stored?: G): EncodedGroup
  /** Names the parts: the same within an epoch, and for nothing else. Safe in a storage's key. */
  partsName(group: G): string
  /** Erases the secrets of a group that is over, less what `survivor` still uses. */
  erase(group: G, survivor: G): void
  /** Starts the transcript of the group's present epoch: equal for all who are in it. */
  transcriptStart(group: G): Uint8Array
  /** SHA-256. */
  hash(bytes: Uint8Array): Uint8Array<ArrayBuffer>
}

/** A frame as it came down, checked and decoded. */
export interface StreamFrame {
  kind: 'message' | 'bb84' | 'roomkey' | 'commit'
  inc: Incarnation
  seq: number
  /** The epoch in which it was ordered; for a commit, the one that it ends. */
  epoch: number
  id: string
  /** Who sent it, as the relay says: never trusted. */
  device: string
  ct: Uint8Array<ArrayBuffer>
  /** By the relay's clock. */
  atMs: number
}

export interface PendingCommit<G> {
  epoch: number
  id: string
  frame: Uint8Array<ArrayBuffer>
  /** The group once the commit has come back, in sequence. */
  next: G
  /** What the host wants to know of it later, as JSON. */
  note: string
}

/** What a stream asks of the device around it. The `on…` calls come before the change is stored and join its transaction. */
export interface StreamHost<G, A, C> {
  onContent(frame: StreamFrame, application: A, group: G): StorageChange[] | Promise<StorageChange[]>
  onCommit(
    frame: StreamFrame,
    change: C | undefined,
    group: G,
    own: PendingCommit<G> | undefined,
  ): StorageChange[] | Promise<StorageChange[]>
  /** A frame of this device came back: it has its place. */
  onOwn(frame: StreamFrame): StorageChange[] | Promise<StorageChange[]>
  onRefused(frame: StreamFrame, reason: string): StorageChange[]
  /** Frames that cannot be had any more are passed over: a crash right after must not hide it. */
  onLost?(lost: { fromSeq: number; toSeq: number }): StorageChange[]
  /** After a transaction: the picture may have changed, and there may be something to do next. */
  onStored(): void
  /** A commit that is not valid here: tell the relay. */
  onInvalidCommit(frame: StreamFrame, reason: string): void
  /** This device has adopted somebody's commit: tell the relay, so that it stands. */
  onAdopted(frame: StreamFrame): void
  /** A frame waits for `what`. Call `Stream.retryBlocked` when it may be there. */
  onMissing(what: Missing, frame: StreamFrame): void
  /** This device can no longer follow the group and has to be added again: `Stream.replaceGroup`. */
  onFallenOut(reason: string): void
  /**
   * Nothing is sealed until another epoch begins, by whosesoever commit: the relay has lost what could have shown that the
   * stored state is the newest one. A host without this takes the state as it is.
   */
  onUnproven?(): void
  /** The row is not to be sealed now; others go before it. Asked again whenever there is something to seal. */
  holds?(row: OutboxRow): boolean
  /** This device does not know where the stream stands, though it is connected: resume. */
  onGap(): void
  /**
   * The relay has lost frames, or begun anew: `Stream.hole` says what to ask the others for. What they have comes in by
   * `Stream.given`; `Stream.endRepair` goes on without the rest. A host without this goes on at once.
   */
  onHole?(): void
  /** Whether somebody is in `group` who has to be taken out before anything more is sealed or sent in it. */
  hasStranger?(group: G): boolean
  /** Work beside the calls of the host has failed, as a rule at the storage. The stream does nothing any more. */
  onFailed?(error: unknown): void
}
