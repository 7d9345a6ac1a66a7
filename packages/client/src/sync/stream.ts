/**
 * One stream of sealed frames in the relay's order, with its outbox: the room's, or a pair group's.
 *
 * Every method runs in the device's one queue, so none of them meets another half done. What a frame or a send changes
 * (group, cursor, outbox, the host's own rows) is stored in one transaction before anything leaves or shows.
 */
import {
  type Answer,
  equalBytes,
  type Incarnation,
  limits,
  type MessageId,
  type Ordered,
  type Resumed,
  Writer,
} from '@qsec/protocol'
import type { Clock, Storage, StorageChange } from '../ports.ts'
import { applied, arrive, emptyInbox, type InboxState, movedTo } from './cursor.ts'
import { afterRefusal, type FrameKind, forEpoch, forNewIncarnation, type OutboxRow, toSend } from './outbox.ts'
import { decodePending, decodePlace, decodeRow, encodePending, encodePlace, encodeRow, rowKey } from './rows.ts'
import type { Serial } from './serial.ts'
import type { PendingCommit, SessionOps, StreamFrame, StreamHost } from './session.ts'

/** Frames on their way to the relay at the same time. */
const inFlightAtMost = 32
/** Pause after the relay said that it cannot take a frame just now. */
const laterMs = 1_000
/** Transcript hashes kept, to compare with what others say of the same place. */
const transcriptsAtMost = 1_024

export interface StreamWire {
  send(
    kind: FrameKind,
    id: MessageId,
    epoch: number,
    n: number,
    frame: Uint8Array,
  ): Promise<Answer<Ordered> | undefined>
}

export interface StreamParts<G, A, C> {
  /** Storage keys of this stream begin with it. */
  prefix: string
  storage: Storage
  clock: Clock
  queue: Serial
  ops: SessionOps<G, A, C>
  wire: StreamWire
  host: StreamHost<G, A, C>
}

export interface StreamStart<G> {
  group: G
  inc: Incarnation
  seq: number
}

export class Stream<G, A, C> {
  readonly #parts: StreamParts<G, A, C>
  #group: G
  #inbox: InboxState<StreamFrame>
  #rows: OutboxRow[] = []
  #nextOrder = 0
  /** Counter of the next frame, once nothing is in flight. */
  #n = 0
  #nextSendN = 0
  #resyncN: number | undefined
  readonly #inFlight = new Set<MessageId>()
  #pauseUntilMs = 0
  #live = false
  #pending: PendingCommit<G> | undefined
  /** The group before this device's own commit, kept until that commit stands. */
  #base: { seq: number; group: G } | undefined
  #blocked: StreamFrame[] = []
  #refusedCommit: { seq: number } | undefined
  #transcript: Uint8Array<ArrayBuffer>
  #transcripts = new Map<number, Uint8Array>()
  #closed = false

  private constructor(parts: StreamParts<G, A, C>, start: StreamStart<G>) {
    this.#parts = parts
    this.#group = start.group
    this.#inbox = emptyInbox({ inc: start.inc, seq: start.seq })
    this.#transcript = parts.ops.hash(parts.ops.transcriptStart(start.group))
  }

  /** A stream for a group that was made or joined just now, and what has to be stored for it. */
  static begin<G, A, C>(
    parts: StreamParts<G, A, C>,
    start: StreamStart<G>,
  ): { stream: Stream<G, A, C>; changes: StorageChange[] } {
    const stream = new Stream(parts, start)
    return { stream, changes: stream.#stateChanges() }
  }

  /** The stream as storage has it; undefined where there is none, or where it is damaged. */
  static async load<G, A, C>(
    parts: StreamParts<G, A, C>,
    decodeGroup: (bytes: Uint8Array) => Promise<G | undefined>,
  ): Promise<Stream<G, A, C> | undefined> {
    const { prefix, storage } = parts
    const place = decodePlace((await storage.get(`${prefix}/place`)) ?? new Uint8Array())
    const groupBytes = await storage.get(`${prefix}/group`)
    const group = groupBytes && (await decodeGroup(groupBytes))
    if (!place || !group) return undefined
    const stream = new Stream(parts, { group, inc: place.inc as Incarnation, seq: place.seq })
    stream.#n = place.n
    stream.#nextSendN = place.n
    stream.#nextOrder = place.nextOrder
    stream.#transcript = place.transcript
    for (const { value } of await storage.list(`${prefix}/out/`)) {
      const row = decodeRow(value)
      if (row) stream.#rows.push(row)
    }
    const stored = decodePending((await storage.get(`${prefix}/pending`)) ?? new Uint8Array())
    const next = stored && (await decodeGroup(stored.next))
    if (stored && next) stream.#pending = { ...stored, next }
    return stream
  }

  get group(): G {
    return this.#group
  }
  get epoch(): number {
    return this.#parts.ops.epoch(this.#group)
  }
  get cursor(): { inc: Incarnation; seq: number } {
    return this.#inbox.cursor
  }
  get rows(): readonly OutboxRow[] {
    return this.#rows
  }
  get pending(): PendingCommit<G> | undefined {
    return this.#pending
  }
  /** A frame waits for something missing, or for the verdict on a commit. */
  get blocked(): boolean {
    return this.#blocked.length > 0
  }
  /** This device's own commit is adopted but does not stand yet: nothing is sealed until then. */
  get unsettled(): boolean {
    return this.#base !== undefined
  }
  /** What this device saw in the present epoch, up to its cursor; undefined where it missed some of it. */
  get transcript(): { seq: number; hash: Uint8Array } | undefined {
    return this.#transcript.length > 0 ? { seq: this.#inbox.cursor.seq, hash: this.#transcript } : undefined
  }

  /** Whether `hash` is what this device saw at `seq`: undefined where it does not know. */
  agrees(seq: number, hash: Uint8Array): boolean | undefined {
    const own = this.#transcripts.get(seq)
    return own && equalBytes(own, hash)
  }

  // --- out -------------------------------------------------------------------------------------------------------

  /** Stores a content for sending, together with `changes`, and seals it at once where that can be. */
  async enqueue(
    kind: FrameKind,
    id: MessageId,
    content: Uint8Array<ArrayBuffer>,
    until: OutboxRow['until'],
    changes: StorageChange[] = [],
  ): Promise<void> {
    const row: OutboxRow = { order: this.#nextOrder++, id, kind, content, until }
    this.#rows.push(row)
    await this.#sealWaiting([...changes, this.#rowChange(row), ...this.#placeChange()])
    this.pump()
  }

  /** Takes a row back that the relay refused; undefined where there is none. */
  async discard(id: MessageId, changes: StorageChange[] = []): Promise<void> {
    const row = this.#rows.find((one) => one.id === id)
    if (!row || row.ordered || !row.refused) return
    this.#rows = this.#rows.filter((one) => one !== row)
    await this.#store([...changes, { type: 'delete', key: rowKey(this.#parts.prefix, row.order) }])
  }

  /** Tries a refused row again, in its old place. */
  async retry(id: MessageId, changes: StorageChange[] = []): Promise<void> {
    const at = this.#rows.findIndex((one) => one.id === id && one.refused)
    if (at < 0) return
    const { refused: _refused, sealed: _sealed, ...rest } = this.#rows[at]!
    this.#rows[at] = rest
    await this.#store([...changes, this.#rowChange(rest)])
    await this.#sealWaiting()
    this.pump()
  }

  /** Another device has everything up to `seq`: those rows are done. */
  async confirmed(seq: number): Promise<void> {
    const done = this.#rows.filter(
      (row) => row.ordered && row.ordered.seq <= seq && row.ordered.seq <= this.#inbox.cursor.seq,
    )
    if (done.length === 0) return
    this.#rows = this.#rows.filter((row) => !done.includes(row))
    await this.#store(done.map((row) => ({ type: 'delete', key: rowKey(this.#parts.prefix, row.order) })))
  }

  /** Seals what can be sealed. The advanced ratchet and the frames that used it are stored together, before any leaves. */
  async #sealWaiting(changes: StorageChange[] = []): Promise<void> {
    const all = [...changes]
    if (!this.#base && !this.#closed) {
      for (const [at, row] of this.#rows.entries()) {
        if (row.ordered || row.refused || row.sealed) continue
        const { frame, group } = await this.#parts.ops.seal(this.#group, row.content)
        const sealed: OutboxRow = { ...row, sealed: { epoch: this.epoch, frame } }
        this.#rows[at] = sealed
        this.#group = group
        all.push(this.#rowChange(sealed))
      }
      if (all.length > changes.length) all.push(this.#groupChange())
    }
    if (all.length > 0) await this.#store(all)
  }

  /** Sends what can be sent now. Answers come back into the queue. */
  pump(): void {
    if (!this.#live || this.#closed || this.#base) return
    const { clock, queue, wire } = this.#parts
    const now = clock.nowMs()
    if (now < this.#pauseUntilMs) return
    if (this.#inFlight.size === 0) {
      this.#nextSendN = this.#resyncN ?? this.#n
      this.#resyncN = undefined
    } else if (this.#resyncN !== undefined) return
    for (const row of toSend(this.#rows)) {
      if (this.#inFlight.size >= inFlightAtMost) return
      if (this.#inFlight.has(row.id)) continue
      // Order: a row that cannot go yet holds back those behind it.
      if (row.sealed?.epoch !== this.epoch) return
      const n = this.#nextSendN++
      this.#inFlight.add(row.id)
      void wire
        .send(row.kind, row.id, row.sealed.epoch, n, row.sealed.frame)
        .then((answer) => queue.run(() => this.#answered(row.id, row.sealed!.epoch, n, answer)))
    }
  }

  async #answered(id: MessageId, epoch: number, n: number, answer: Answer<Ordered> | undefined): Promise<void> {
    this.#inFlight.delete(id)
    const at = this.#rows.findIndex((row) => row.id === id)
    const row = this.#rows[at]
    if (!answer) {
      this.#resyncN ??= this.#n
    } else if (answer.ok) {
      if (epoch === this.epoch && n >= this.#n) this.#n = n + 1
      if (row && !row.ordered) await this.#ordered(at, { inc: answer.inc, seq: answer.seq })
    } else if (row) {
      const next = afterRefusal(answer.code, answer.n)
      if (next.type === 'resend') this.#resyncN = next.n ?? this.#n
      else if (next.type === 'rejoin-relay') this.#live = false
      else if (next.type === 'later') {
        this.#resyncN ??= this.#n
        this.#pauseUntilMs = this.#parts.clock.nowMs() + laterMs
        this.#parts.clock.after(laterMs, () => this.pump())
      } else if (next.type === 'refused') {
        this.#resyncN = Math.min(this.#resyncN ?? n, n)
        this.#rows[at] = { ...row, refused: answer.code }
        await this.#store([this.#rowChange(this.#rows[at])])
      }
      // 'reseal': the commit that ended the epoch is on its way, and adopting it seals the row anew.
    }
    this.pump()
  }

  /** The relay gave row `at` its place. A row that is done with that goes once its own echo has been applied. */
  async #ordered(at: number, ordered: { inc: string; seq: number }): Promise<void> {
    const row: OutboxRow = { ...this.#rows[at]!, ordered }
    this.#rows[at] = row
    await this.#store(this.#finish(row) ?? [this.#rowChange(row)])
  }

  #finish(row: OutboxRow): StorageChange[] | undefined {
    const { inc, seq } = this.#inbox.cursor
    if (row.until !== 'ordered' || row.ordered?.inc !== inc || row.ordered.seq > seq) return undefined
    this.#rows = this.#rows.filter((one) => one.order !== row.order)
    return [{ type: 'delete', key: rowKey(this.#parts.prefix, row.order) }]
  }

  // --- commits ---------------------------------------------------------------------------------------------------

  /** Stores a commit of this device before it is sent. There is one at a time. */
  async holdPending(pending: PendingCommit<G>): Promise<void> {
    this.#pending = pending
    const next = this.#parts.ops.encode(pending.next)
    await this.#store([
      { type: 'put', key: `${this.#parts.prefix}/pending`, value: encodePending({ ...pending, next }) },
    ])
  }

  /** The commit was refused, or lost the race: forget it. */
  async dropPending(id: string): Promise<void> {
    if (this.#pending?.id !== id) return
    this.#pending = undefined
    await this.#store([{ type: 'delete', key: `${this.#parts.prefix}/pending` }])
  }

  /** The commit at `seq` stands: what was kept for a way back is erased, and sealing goes on. */
  async stands(seq: number): Promise<void> {
    if (this.#refusedCommit && this.#refusedCommit.seq <= seq) {
      this.#parts.host.onFallenOut('commit-stands')
      return
    }
    if (!this.#base || this.#base.seq > seq) return
    this.#parts.ops.erase(this.#base.group, this.#group)
    this.#base = undefined
    await this.#sealWaiting()
    this.pump()
    this.#parts.host.onStored()
  }

  /** The relay reopened the epoch that the commit at `seq` had ended. Only its committer goes back. */
  async withdrawn(seq: number): Promise<boolean> {
    if (this.#refusedCommit?.seq === seq) {
      this.#refusedCommit = undefined
      await this.retryBlocked()
      return false
    }
    if (this.#base?.seq !== seq) return false
    this.#group = this.#base.group
    this.#base = undefined
    this.#transcript = new Uint8Array()
    await this.#store(this.#stateChanges())
    this.pump()
    return true
  }

  // --- in --------------------------------------------------------------------------------------------------------

  async receive(frame: StreamFrame): Promise<void> {
    if (this.#closed) return
    const { inbox, arrival } = arrive(this.#inbox, frame)
    this.#inbox = inbox
    if (arrival.type === 'early' && frame.inc === inbox.cursor.inc && this.#blocked.length === 0)
      this.#parts.host.onGap()
    if (arrival.type === 'apply') await this.#applyAll(arrival.frames)
  }

  /** Tries again what waited for something missing. */
  async retryBlocked(): Promise<void> {
    const frames = this.#blocked
    this.#blocked = []
    await this.#applyAll(frames)
  }

  async #applyAll(frames: StreamFrame[]): Promise<void> {
    for (const [at, frame] of frames.entries()) {
      if (this.#closed) return
      if (this.#blocked.length > 0 || (this.#refusedCommit && frame.epoch > this.epoch)) {
        this.#blocked.push(...frames.slice(at))
        return
      }
      if (!(await this.#apply(frame))) {
        this.#blocked.push(...frames.slice(at))
        return
      }
    }
  }

  /** Applies one frame; false where it has to wait. */
  async #apply(frame: StreamFrame): Promise<boolean> {
    const { host, ops } = this.#parts
    if (frame.epoch > this.epoch) {
      host.onFallenOut('missed-commit')
      return false
    }
    const mine = this.#rows.findIndex((row) => row.id === frame.id)
    if (
      frame.kind !== 'commit' &&
      mine >= 0 &&
      equalBytes(this.#rows[mine]!.sealed?.frame ?? new Uint8Array(), frame.ct)
    ) {
      const row: OutboxRow = { ...this.#rows[mine]!, ordered: { inc: frame.inc, seq: frame.seq } }
      this.#rows[mine] = row
      this.#advance(frame)
      await this.#store([
        ...host.onOwn(frame),
        ...(this.#finish(row) ?? [this.#rowChange(row)]),
        ...this.#placeChange(),
      ])
      return true
    }
    if (frame.kind === 'commit' && this.#pending && equalBytes(this.#pending.frame, frame.ct))
      return this.#adoptOwn(frame)

    const got =
      frame.epoch < this.epoch
        ? ({ kind: 'refused', reason: 'wrong-epoch' } as const)
        : await ops.receive(this.#group, frame)
    switch (got.kind) {
      case 'missing':
        host.onMissing(got.what, frame)
        return false
      case 'application': {
        if (frame.kind === 'commit') return this.#refuse(frame, 'wrong-kind')
        this.#group = got.group
        // Somebody else speaks in the epoch that this device's commit began: it stands.
        if (this.#base) ops.erase(this.#base.group, got.group)
        this.#base = undefined
        this.#advance(frame)
        const changes = await host.onContent(frame, got.application, got.group)
        await this.#store([...changes, ...this.#placeChange(), this.#groupChange()])
        await this.#sealWaiting()
        this.pump()
        return true
      }
      case 'commit': {
        if (frame.kind !== 'commit') return this.#refuse(frame, 'wrong-kind')
        await this.#enter(got.group, frame, got.change, undefined)
        host.onAdopted(frame)
        return true
      }
      case 'refused':
        return this.#refuse(frame, got.reason)
    }
  }

  async #refuse(frame: StreamFrame, reason: string): Promise<boolean> {
    this.#advance(frame)
    if (frame.kind === 'commit' && frame.epoch === this.epoch) {
      this.#refusedCommit = { seq: frame.seq }
      this.#parts.host.onInvalidCommit(frame, reason)
    }
    await this.#store([...this.#parts.host.onRefused(frame, reason), ...this.#placeChange()])
    return true
  }

  async #adoptOwn(frame: StreamFrame): Promise<boolean> {
    const pending = this.#pending!
    const before = this.#group
    this.#base = { seq: frame.seq, group: before }
    await this.#enter(pending.next, frame, undefined, pending)
    // The relay says so earlier as a rule; this is for when its word is lost.
    this.#parts.clock.after(
      limits.commitStandsMs + 1_000,
      () => void this.#parts.queue.run(() => this.stands(frame.seq)),
    )
    return true
  }

  /** Enters the epoch that the commit in `frame` begins. */
  async #enter(group: G, frame: StreamFrame, change: C | undefined, own: PendingCommit<G> | undefined): Promise<void> {
    const before = this.#group
    this.#group = group
    this.#inbox = applied(this.#inbox, frame.seq)
    this.#transcripts.clear()
    this.#transcript = this.#parts.ops.hash(this.#parts.ops.transcriptStart(group))
    this.#n = 0
    this.#nextSendN = 0
    this.#resyncN = 0
    const lost = this.#pending !== undefined
    this.#pending = undefined
    const changes = await this.#parts.host.onCommit(frame, change, group, own)
    const resealed: StorageChange[] = []
    for (const [at, row] of this.#rows.entries()) {
      const fresh = forEpoch(row, this.epoch)
      if (fresh === row) continue
      this.#rows[at] = fresh
      resealed.push(this.#rowChange(fresh))
    }
    if (lost) resealed.push({ type: 'delete', key: `${this.#parts.prefix}/pending` })
    await this.#store([...changes, ...resealed, ...this.#stateChanges()])
    if (own) return
    this.#parts.ops.erase(before, group)
    await this.#sealWaiting()
    this.pump()
  }

  #advance(frame: StreamFrame): void {
    this.#inbox = applied(this.#inbox, frame.seq)
    if (this.#transcript.length === 0) return
    const { hash } = this.#parts.ops
    this.#transcript = hash(new Writer().raw(this.#transcript).u53(frame.seq).raw(hash(frame.ct)).done())
    this.#transcripts.set(frame.seq, this.#transcript)
    if (this.#transcripts.size > transcriptsAtMost) this.#transcripts.delete(this.#transcripts.keys().next().value!)
  }

  // --- connection ------------------------------------------------------------------------------------------------

  disconnected(): void {
    this.#live = false
  }

  /**
   * The relay answered a resume. `lost`: frames up to the answer's `seq` cannot be had from it any more.
   * Where a commit is among them, this device has fallen out.
   */
  async resumed(answer: Resumed): Promise<{ again?: true; lost?: { fromSeq: number; toSeq: number } }> {
    const before = this.#inbox.cursor
    if (answer.inc !== before.inc) {
      this.#rows = this.#rows.map((row) => forNewIncarnation(row, answer.inc))
      // Counters of a new incarnation begin with whatever this device sends first.
      this.#resyncN = undefined
      await this.#moveTo(
        { inc: answer.inc, seq: answer.recovered ? before.seq : answer.firstSeq - 1 },
        answer.recovered,
      )
      // What the new incarnation has ordered so far, it still has: ask for it from its beginning.
      if (!answer.recovered && answer.seq >= answer.firstSeq) return { again: true }
    }
    let lost: { fromSeq: number; toSeq: number } | undefined
    if (!answer.recovered && answer.seq > this.#inbox.cursor.seq) {
      lost = { fromSeq: this.#inbox.cursor.seq + 1, toSeq: answer.seq }
      await this.#moveTo({ inc: answer.inc, seq: answer.seq }, false)
    }
    this.#live = true
    if (answer.epoch !== this.epoch && (!answer.recovered || answer.seq <= this.#inbox.cursor.seq)) {
      this.#parts.host.onFallenOut('missed-commit')
      return lost ? { lost } : {}
    }
    await this.#sealWaiting()
    this.pump()
    return lost ? { lost } : {}
  }

  async #moveTo(cursor: { inc: Incarnation; seq: number }, complete: boolean): Promise<void> {
    const { inbox, again } = movedTo(this.#inbox, cursor)
    this.#inbox = inbox
    this.#blocked = []
    if (!complete) this.#transcript = new Uint8Array()
    await this.#store([...this.#placeChange(), ...this.#rows.map((row) => this.#rowChange(row))])
    for (const frame of again) await this.receive(frame)
  }

  /** Continues in a group that this device was added to anew; what was not ordered yet is sealed there. */
  async replaceGroup(start: StreamStart<G>, changes: StorageChange[]): Promise<void> {
    this.#group = start.group
    const { inbox, again } = movedTo(this.#inbox, { inc: start.inc, seq: start.seq })
    this.#inbox = inbox
    this.#blocked = []
    this.#base = undefined
    this.#pending = undefined
    this.#refusedCommit = undefined
    this.#n = 0
    this.#nextSendN = 0
    this.#resyncN = undefined
    this.#transcripts.clear()
    this.#transcript = this.#parts.ops.hash(this.#parts.ops.transcriptStart(start.group))
    this.#rows = this.#rows.map((row) => forEpoch(row, this.epoch))
    // A frame sealed in the old leaf's ratchet must not be sent again from the new one, even in an equal epoch.
    this.#rows = this.#rows.map((row) => {
      if (row.ordered || !row.sealed) return row
      const { sealed: _old, ...rest } = row
      return rest
    })
    await this.#store([
      ...changes,
      { type: 'delete', key: `${this.#parts.prefix}/pending` },
      ...this.#rows.map((row) => this.#rowChange(row)),
      ...this.#stateChanges(),
    ])
    for (const frame of again) await this.receive(frame)
    await this.#sealWaiting()
    this.pump()
  }

  close(): void {
    this.#closed = true
    this.#live = false
  }

  // --- storage ---------------------------------------------------------------------------------------------------

  async #store(changes: StorageChange[]): Promise<void> {
    if (changes.length > 0) await this.#parts.storage.apply(changes)
    this.#parts.host.onStored()
  }

  #rowChange(row: OutboxRow): StorageChange {
    return { type: 'put', key: rowKey(this.#parts.prefix, row.order), value: encodeRow(row) }
  }

  #groupChange(): StorageChange {
    return { type: 'put', key: `${this.#parts.prefix}/group`, value: this.#parts.ops.encode(this.#group) }
  }

  #placeChange(): StorageChange[] {
    const { inc, seq } = this.#inbox.cursor
    const place = { inc, seq, n: this.#n, nextOrder: this.#nextOrder, transcript: this.#transcript }
    return [{ type: 'put', key: `${this.#parts.prefix}/place`, value: encodePlace(place) }]
  }

  #stateChanges(): StorageChange[] {
    return [...this.#placeChange(), this.#groupChange()]
  }
}
