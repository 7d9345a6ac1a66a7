/** What both directions of a stream share: the group in force, the place in the order, and the one way to storage. */
import type { Cursor, Incarnation, Resumed } from '@qsec/protocol'
import type { Clock, Storage, StorageChange } from '../ports.ts'
import type { Copies } from './copies.ts'
import { Inbox } from './cursor.ts'
import type { GroupRows } from './group-rows.ts'
import { encodeLacks, type Lack, withLack } from './lacks.ts'
import type { StreamWire } from './outgoing.ts'
import { encodeOwnCommit, encodePending, encodePlace } from './rows.ts'
import type { Serial } from './serial.ts'
import type { PendingCommit, SessionOps, StreamFrame, StreamHost } from './session.ts'
import { startOfLife, Transcript } from './transcript.ts'

export interface StreamParts<G, A, C> {
  /** Storage keys of this stream begin with it. */
  prefix: string
  storage: Storage
  clock: Clock
  queue: Serial
  ops: SessionOps<G, A, C>
  wire: StreamWire
  host: StreamHost<G, A, C>
  /** Where frames are kept for members who missed them. */
  copies?: Copies
}

/** This device's own commit, which ended `epoch`. Without `before` it was withdrawn. */
export interface OwnCommit<G> {
  at: Cursor
  epoch: number
  /** The group that the commit ended, kept until it stands. */
  before?: { group: G; transcript: Transcript }
}

/** The own commit on its way. */
export interface Pending<G> {
  commit: PendingCommit<G>
  /** The relay's life for which it was made. */
  inc: Incarnation
  /** Where the relay ordered it, once this device was told. */
  accepted?: Cursor
  /** The life of the relay that said so; not stored, for it may have been withdrawn while this device was not there. */
  acceptedIn?: Incarnation
}

export class StreamCore<G, A, C> {
  readonly parts: StreamParts<G, A, C>
  readonly groups: GroupRows<G>
  readonly inbox: Inbox<StreamFrame>
  group: G
  transcript: Transcript
  ownCommit: OwnCommit<G> | undefined
  pending: Pending<G> | undefined
  /** Where somebody's commit began the present epoch, until it is known to stand. */
  entered: Cursor | undefined
  /** A commit that is not valid here and was not withdrawn so far. */
  refused: { frame: StreamFrame; reason: string } | undefined
  /** Where the relay stood when this device resumed; undefined while there is no connection. */
  resumedAt: Resumed | undefined
  /** The relay's epoch, as far as this device was told. */
  relayEpoch = 0
  /** What lies before the cursor and was not applied. */
  lacks: readonly Lack[] = []
  /** The next frame cannot be applied yet: something is missing, or undecided. */
  waits = false
  /**
   * The epoch of a state from storage that the relay could not vouch for, since it has begun anew meanwhile: the state may
   * be an old copy, whose keys served already. Nothing is sealed in that epoch.
   */
  unprovenEpoch: number | undefined
  /** This device cannot follow the group any more. */
  fallenOut = false
  closed = false
  #failure: { error: unknown } | undefined

  constructor(
    parts: StreamParts<G, A, C>,
    groups: GroupRows<G>,
    start: { group: G; cursor: Cursor; transcript: Transcript },
  ) {
    const { group, cursor, transcript } = start
    this.parts = parts
    this.groups = groups
    this.group = group
    this.inbox = new Inbox(cursor)
    this.transcript = transcript
  }

  /** Goes on at another place than behind the last frame. */
  moveTo(cursor: Cursor): void {
    this.inbox.moveTo(cursor)
    this.parts.copies?.mark(cursor)
  }

  /** Numbers up to the cursor that this device does not have; what to store. */
  lack(from: number, to: number): StorageChange[] {
    const before = this.lacks
    this.lacks = withLack(before, from, to)
    return this.lacks === before ? [] : [{ type: 'put', key: this.key('lacks'), value: encodeLacks(this.lacks) }]
  }

  /**
   * The transcript of `group`'s epoch from the cursor on: it begins anew with each life of the relay, for all who are in
   * the epoch in which the relay is. Elsewhere than at that beginning this device knows none.
   *
   * @param relay - the relay's answer to a resume
   */
  transcriptHere(group: G, relay: Resumed | undefined): Transcript {
    const { hash, transcriptStart, epoch } = this.parts.ops
    const { inc, seq } = this.cursor
    const begins = relay?.inc === inc && relay.firstSeq - 1 === seq && relay.epoch === epoch(group)
    // Whether an epoch counts that a commit of the last life began without a word that it stands is not known here.
    if (!begins || this.entered || this.unsettled) return new Transcript(hash, seq, new Uint8Array())
    return this.transcript.inLife(seq, startOfLife(hash, transcriptStart(group), this.cursor))
  }

  get epoch(): number {
    return this.parts.ops.epoch(this.group)
  }

  get cursor(): Cursor {
    return this.inbox.cursor
  }

  /** The own commit is adopted and may still be withdrawn. */
  get unsettled(): boolean {
    return this.ownCommit?.before !== undefined
  }

  get unproven(): boolean {
    return this.unprovenEpoch === this.epoch
  }

  /** Connected, with everything applied that was there, in the relay's epoch: only then is anything sealed or sent. */
  get inStep(): boolean {
    return (
      this.resumedAt !== undefined &&
      this.resumedAt.seq <= this.cursor.seq &&
      this.relayEpoch === this.epoch &&
      !this.unsettled &&
      !this.unproven &&
      !this.refused &&
      !this.fallenOut &&
      !this.closed
    )
  }

  fallOut(reason: string): void {
    if (this.fallenOut) return
    this.fallenOut = true
    this.parts.host.onFallenOut(reason)
  }

  /**
   * Runs one job of the stream. After one that failed, memory may be ahead of storage: then nothing runs any more, so
   * that nothing leaves which is not stored.
   */
  async step<T>(job: () => Promise<T>): Promise<T | undefined> {
    if (this.closed) return undefined
    if (this.#failure) throw this.#failure.error
    try {
      return await job()
    } catch (error) {
      this.#failure = { error }
      throw error
    }
  }

  /** Queues a job that nobody waits for. */
  later(job: () => Promise<void>): void {
    const { host, queue } = this.parts
    queue
      .run(() => this.step(job))
      .catch((error: unknown) => {
        if (!this.closed) host.onFailed?.(error)
      })
  }

  async store(changes: StorageChange[]): Promise<void> {
    const { ownCommit, pending, group, parts } = this
    const inUse = [
      group,
      ...(ownCommit?.before ? [ownCommit.before.group] : []),
      ...(pending ? [pending.commit.next] : []),
    ]
    const all = [...changes, ...this.groups.sweep(inUse), ...(parts.copies?.take() ?? [])]
    if (all.length > 0) await parts.storage.apply(all)
    this.groups.written()
    parts.host.onStored()
  }

  key(name: 'group' | 'place' | 'pending' | 'own-commit' | 'unproven' | 'lacks'): string {
    return `${this.parts.prefix}/${name}`
  }

  groupChanges(): StorageChange[] {
    const { head, changes } = this.groups.encode(this.group)
    return [...changes, { type: 'put', key: this.key('group'), value: head }]
  }

  placeChange(): StorageChange {
    const { cursor, transcript, entered } = this
    const place = { cursor, transcript: transcript.last, ...(entered ? { entered } : {}) }
    return { type: 'put', key: this.key('place'), value: encodePlace(place) }
  }

  ownCommitChanges(): StorageChange[] {
    const key = this.key('own-commit')
    if (!this.ownCommit) return [{ type: 'delete', key }]
    const { before, ...commit } = this.ownCommit
    if (!before) return [{ type: 'put', key, value: encodeOwnCommit(commit) }]
    const { head, changes } = this.groups.encode(before.group)
    const value = encodeOwnCommit({ ...commit, before: { group: head, transcript: before.transcript.last } })
    return [...changes, { type: 'put', key, value }]
  }

  pendingChanges(): StorageChange[] {
    const key = this.key('pending')
    if (!this.pending) return [{ type: 'delete', key }]
    const { commit, inc, accepted } = this.pending
    const { head, changes } = this.groups.encode(commit.next)
    const value = encodePending({ ...commit, next: head, inc, ...(accepted ? { accepted } : {}) })
    return [...changes, { type: 'put', key, value }]
  }
}
