/**
 * One stream of sealed frames in the relay's order, with its outbox: the room's, or a pair group's.
 *
 * Every method runs in the device's one queue, so none of them meets another half done. What a frame or a send changes
 * (group, cursor, outbox, the host's own rows) is stored in one transaction before anything leaves or shows.
 */
import { type Cursor, equalBytes, type Incarnation, limits, type MessageId, type Resumed } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import { StreamCore, type StreamParts } from './core.ts'
import type { FrameKind, OutboxRow } from './outbox.ts'
import { Outgoing } from './outgoing.ts'
import { decodeOwnCommit, decodePending, decodePlace, decodeRow, encodePending } from './rows.ts'
import type { PendingCommit, StreamFrame } from './session.ts'
import { Transcript } from './transcript.ts'

export type { StreamParts } from './core.ts'

/** After this time on a live connection without a word from the relay, a commit stands. */
const verdictMs: number = limits.commitStandsMs + 1_000
/** Withdrawals noted before their commits have come. */
const withdrawnAtMost = 1_024

const nothing = new Uint8Array()

export interface StreamStart<G> {
  group: G
  inc: Incarnation
  seq: number
}

/** What a resume could not bring. */
export interface Losses {
  /** Frames that the relay has no longer. */
  lost?: { fromSeq: number; toSeq: number }
  /** The relay is behind what it said before. An honest one never is. */
  rewound?: true
}

/** The own commit on its way. `inc`: the relay's life for which it was made. */
interface Pending<G> {
  commit: PendingCommit<G>
  inc: Incarnation
  /** Where the relay ordered it, once this device was told. */
  accepted?: Cursor
}

export class Stream<G, A, C> {
  readonly #core: StreamCore<G, A, C>
  readonly #out: Outgoing<G, A, C>
  #pending: Pending<G> | undefined
  /** The next frame cannot be applied yet. */
  #waits = false
  /** Withdrawn commits that have not come yet, by sequence number. */
  readonly #withdrawn = new Set<number>()
  /** The sequence number of somebody's commit that began the present epoch, while this device remembers it. */
  #enteredAt: number | undefined
  #endVerdictTimer: (() => void) | undefined
  /** The relay has said once that it cannot resume from this sequence number. */
  #deniedAt: number | undefined
  /** Loaded from storage and not in step with the relay since: the state may be an old copy. */
  #unproven = false

  private constructor(core: StreamCore<G, A, C>, rows: OutboxRow[] = []) {
    this.#core = core
    this.#out = new Outgoing(core, rows)
  }

  /** A stream for a group that was made or joined just now, and what has to be stored for it. */
  static begin<G, A, C>(
    parts: StreamParts<G, A, C>,
    start: StreamStart<G>,
  ): { stream: Stream<G, A, C>; changes: StorageChange[] } {
    const { group, inc, seq } = start
    const transcript = Transcript.begin(parts.ops.hash, seq, parts.ops.transcriptStart(group))
    const core = new StreamCore(parts, group, { inc, seq }, transcript)
    const stream = new Stream(core)
    // A group that begins with a commit; the founder's may have seen restarts of the relay before.
    if (core.epoch > 0) stream.#out.beginEpoch()
    return { stream, changes: [core.placeChange(), core.groupChange()] }
  }

  /** The stream as storage has it; undefined where there is none, or where it is damaged. */
  static async load<G, A, C>(
    parts: StreamParts<G, A, C>,
    decodeGroup: (bytes: Uint8Array) => Promise<G | undefined>,
  ): Promise<Stream<G, A, C> | undefined> {
    const { prefix, storage, ops } = parts
    const place = decodePlace((await storage.get(`${prefix}/place`)) ?? nothing)
    const groupBytes = await storage.get(`${prefix}/group`)
    const group = groupBytes && (await decodeGroup(groupBytes))
    if (!place || !group) return undefined
    const { cursor } = place
    const core = new StreamCore(parts, group, cursor, new Transcript(ops.hash, cursor.seq, place.transcript))
    const entries = await storage.list(`${prefix}/out/`)
    const stream = new Stream(
      core,
      entries.flatMap(({ value }) => decodeRow(value) ?? []),
    )
    stream.#unproven = true
    const own = decodeOwnCommit((await storage.get(core.key('own-commit'))) ?? nothing)
    const old = own?.before && (await decodeGroup(own.before.group))
    if (own) {
      const transcript = own.before && new Transcript(ops.hash, own.at.seq, own.before.transcript)
      const { at, epoch } = own
      core.ownCommit = { at, epoch, ...(old && transcript ? { before: { group: old, transcript } } : {}) }
    }
    const stored = decodePending((await storage.get(core.key('pending'))) ?? nothing)
    const next = stored && (await decodeGroup(stored.next))
    if (stored && next) {
      const { inc, accepted, ...commit } = stored
      stream.#pending = {
        commit: { ...commit, next },
        inc: inc as Incarnation,
        ...(accepted ? { accepted } : {}),
      }
    }
    return stream
  }

  get group(): G {
    return this.#core.group
  }
  get epoch(): number {
    return this.#core.epoch
  }
  get cursor(): Cursor {
    return this.#core.cursor
  }
  get rows(): readonly OutboxRow[] {
    return this.#out.rows
  }
  get pending(): PendingCommit<G> | undefined {
    return this.#pending?.commit
  }
  /** A frame waits for something missing, a commit for its verdict, or this device for being added again. */
  get blocked(): boolean {
    return this.#waits || this.#core.refused !== undefined || this.#core.fallenOut
  }
  /**
   * This device may not commit: its own commit is adopted but does not stand yet (and nothing is sealed until then), or
   * was withdrawn, and a second one from the same state would use its keys twice.
   */
  get unsettled(): boolean {
    const { ownCommit, epoch } = this.#core
    return ownCommit !== undefined && (ownCommit.before !== undefined || ownCommit.epoch === epoch)
  }
  /**
   * What this device saw in the present epoch, up to its cursor; undefined where it missed some of it, or where the epoch
   * may turn out never to have been.
   */
  get transcript(): { seq: number; hash: Uint8Array } | undefined {
    const { cursor, transcript, unsettled } = this.#core
    return transcript.last.length > 0 && !unsettled ? { seq: cursor.seq, hash: transcript.last } : undefined
  }

  /** Whether `hash` is what this device saw at `seq`: undefined where it does not know. */
  agrees(seq: number, hash: Uint8Array): boolean | undefined {
    return this.#core.transcript.agrees(seq, hash)
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
    await this.#core.step(() => this.#out.enqueue({ id, kind, content, until }, changes))
  }

  /** Takes a row back that the relay refused. */
  async discard(id: MessageId, changes: StorageChange[] = []): Promise<void> {
    await this.#core.step(() => this.#out.discard(id, changes))
  }

  /** Tries a refused row again, behind those that wait already. */
  async retry(id: MessageId, changes: StorageChange[] = []): Promise<void> {
    await this.#core.step(() => this.#out.retry(id, changes))
  }

  /**
   * Another device has what was ordered after `afterSeq` (where it came in) and up to `seq`, in the present life of the
   * relay: those rows are done.
   */
  async confirmed(seq: number, afterSeq = 0): Promise<void> {
    await this.#core.step(() => this.#out.confirmed(seq, afterSeq))
  }

  // --- commits ---------------------------------------------------------------------------------------------------

  /** Stores a commit of this device before it is sent. There is one at a time, and of the present epoch. */
  async holdPending(commit: PendingCommit<G>): Promise<void> {
    await this.#core.step(async () => {
      if (this.#pending || this.unsettled || commit.epoch !== this.epoch) return
      this.#pending = { commit, inc: this.cursor.inc }
      await this.#core.store([this.#pendingChange()])
    })
  }

  /** The commit was refused, or lost the race: forget it. */
  async dropPending(id: string): Promise<void> {
    await this.#core.step(async () => {
      if (this.#pending?.commit.id !== id) return
      this.#pending = undefined
      this.#waits = false
      await this.#core.store([this.#pendingChange()])
      await this.#goOn()
    })
  }

  /**
   * The relay says that it has ordered the commit, at `at`. It is adopted at its echo as ever; should the relay lose it
   * before, this device alone can begin the epoch that the relay is in.
   */
  async accepted(id: string, at: Cursor): Promise<void> {
    await this.#core.step(async () => {
      if (this.#pending?.commit.id !== id) return
      this.#pending = { ...this.#pending, accepted: at }
      this.#waits = false
      await this.#core.store([this.#pendingChange()])
      await this.#goOn()
    })
  }

  /** The commit at `seq` stands: what was kept for a way back is erased, and sealing goes on. */
  async stands(seq: number): Promise<void> {
    await this.#core.step(async () => {
      const { ownCommit, unsettled } = this.#core
      if (this.#core.refused?.frame.seq === seq) this.#fallOut('commit-stands')
      else if (unsettled && ownCommit!.at.seq <= seq) await this.#settle()
      await this.#goOn()
    })
  }

  /** The relay reopened the epoch that the commit at `seq` had ended. True where that was this device's own. */
  async withdrawn(seq: number): Promise<boolean> {
    const own = await this.#core.step(async () => {
      const core = this.#core
      if (seq > this.cursor.seq && this.#withdrawn.size < withdrawnAtMost) this.#withdrawn.add(seq)
      const own = core.unsettled && core.ownCommit!.at.seq === seq
      if (own) await this.#goBack()
      else if (this.#core.refused?.frame.seq === seq) {
        this.#core.refused = undefined
        core.relayEpoch = this.epoch
        this.#out.beginUnsure()
      } else if (this.#enteredAt === seq) this.#fallOut('commit-withdrawn')
      this.#waits = false // perhaps for that very commit
      await this.#goOn()
      return own
    })
    return own ?? false
  }

  // --- in --------------------------------------------------------------------------------------------------------

  async receive(frame: StreamFrame): Promise<void> {
    await this.#core.step(async () => {
      this.#core.inbox.take(frame)
      await this.#goOn()
    })
  }

  /** Tries again what waited for something missing. */
  async retryBlocked(): Promise<void> {
    await this.#core.step(async () => {
      this.#waits = false
      await this.#goOn()
    })
  }

  /** Applies what is due, then seals and sends what can go. */
  async #goOn(): Promise<void> {
    const core = this.#core
    while (!this.#waits && !core.fallenOut && !core.closed) {
      const frame = core.inbox.next
      if (!frame) break
      await this.#apply(frame)
    }
    if (core.fallenOut) return
    await this.#judgeEpoch()
    if (core.inbox.hasGap && !this.#waits) core.parts.host.onGap()
    if (core.inStep) this.#unproven = false
    await this.#out.go()
  }

  /** Applies the next frame, or leaves it where it is and waits. */
  async #apply(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const { host, ops } = core.parts
    // The relay goes on in the epoch that the own commit had ended: its word that it was withdrawn was lost.
    if (core.unsettled && frame.epoch === core.ownCommit!.epoch) await this.#goBack()
    if (frame.epoch > this.epoch) return this.#missedCommit()
    if (frame.epoch < this.epoch) {
      host.onGap() // a resume tells where the relay really is
      return this.#refuse(frame, 'wrong-epoch')
    }
    this.#core.refused = undefined // the relay goes on in this epoch: the commit was withdrawn
    if (frame.kind === 'commit') {
      if (this.#wasWithdrawn(frame)) return this.#skip(frame)
      if (this.#isPending(frame)) return this.#adoptOwn(frame)
    } else if (this.#out.isOwn(frame)) return this.#returned(frame)

    const got = await ops.receive(core.group, frame)
    switch (got.kind) {
      case 'missing':
        this.#waits = true
        host.onMissing(got.what, frame)
        return
      case 'refused':
        if (got.reason === 'own-frame' && this.#unproven && frame.kind !== 'commit' && !this.#out.knows(frame.id)) {
          // This device sealed it and does not know it: its storage was put back to an older state.
          return this.#fallOut('old-state')
        }
        if (core.unsettled && core.ownCommit!.at.inc !== frame.inc) {
          // The relay restarted with another commit in this one's place, which was withdrawn before.
          return this.#fallOut('commit-withdrawn')
        }
        return this.#refuse(frame, got.reason)
      case 'application': {
        if (frame.kind === 'commit') return this.#refuse(frame, 'wrong-kind')
        core.group = got.group
        this.#advance(frame)
        const changes = await host.onContent(frame, got.application, got.group)
        await core.store([...changes, core.placeChange(), core.groupChange()])
        // Somebody else speaks in the epoch that this device's commit began: it stands.
        if (core.unsettled) await this.#settle()
        return
      }
      case 'commit': {
        if (frame.kind !== 'commit') return this.#refuse(frame, 'wrong-kind')
        // Whoever commits on top of this device's commit has adopted it.
        if (core.unsettled) await this.#settle()
        const before = core.group
        await this.#enter(got.group, frame, got.change, undefined)
        ops.erase(before, got.group)
        this.#enteredAt = frame.seq
        host.onAdopted(frame)
      }
    }
  }

  async #returned(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const row = this.#out.returned(frame)
    this.#advance(frame)
    const changes = core.parts.host.onOwn(frame)
    await core.store([...changes, ...row, ...this.#out.sweep(), core.placeChange()])
  }

  async #refuse(frame: StreamFrame, reason: string): Promise<void> {
    const core = this.#core
    this.#advance(frame)
    if (frame.kind === 'commit' && frame.epoch === this.epoch) {
      core.refused = { frame, reason }
      this.#awaitVerdict()
      core.parts.host.onInvalidCommit(frame, reason)
    }
    await core.store([...core.parts.host.onRefused(frame, reason), core.placeChange()])
  }

  /** Passes over a commit that the relay has withdrawn, as those do who refused it. */
  async #skip(frame: StreamFrame): Promise<void> {
    const core = this.#core
    this.#advance(frame)
    const changes = core.parts.host.onRefused(frame, 'withdrawn')
    if (this.#isPending(frame)) {
      this.#pending = undefined
      core.ownCommit = { at: placeOf(frame), epoch: frame.epoch }
      changes.push(this.#pendingChange(), core.ownCommitChange())
    }
    await core.store([...changes, core.placeChange()])
  }

  #advance(frame: StreamFrame): void {
    this.#core.inbox.applied()
    this.#core.transcript.add(frame.seq, frame.ct)
    this.#withdrawn.delete(frame.seq)
  }

  // --- epochs ----------------------------------------------------------------------------------------------------

  async #adoptOwn(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const { commit } = this.#pending!
    const { transcript, group, epoch } = core
    transcript.add(frame.seq, frame.ct)
    core.ownCommit = { at: placeOf(frame), epoch, before: { group, transcript } }
    this.#enteredAt = undefined
    await this.#enter(commit.next, frame, undefined, commit)
    // The relay says earlier that it stands, as a rule; this is for when its word is lost.
    this.#awaitVerdict()
  }

  /** Enters the epoch that the commit in `frame` begins. What is to be sealed anew follows once that can be. */
  async #enter(group: G, frame: StreamFrame, change: C | undefined, own: PendingCommit<G> | undefined): Promise<void> {
    const core = this.#core
    const { host, ops } = core.parts
    core.group = group
    if (frame.inc === this.cursor.inc && frame.seq > this.cursor.seq) core.inbox.applied()
    core.transcript = Transcript.begin(ops.hash, frame.seq, ops.transcriptStart(group))
    core.relayEpoch = Math.max(core.relayEpoch, this.epoch)
    if (!core.unsettled) core.ownCommit = undefined
    this.#pending = undefined
    this.#out.beginEpoch()
    const changes = await host.onCommit(frame, change, group, own)
    await core.store([...changes, ...this.#out.sweep(), ...this.#epochChanges()])
  }

  /** The own commit stands. */
  async #settle(): Promise<void> {
    const core = this.#core
    const { group } = core.ownCommit!.before!
    core.ownCommit = undefined
    this.#clearVerdict()
    await core.store([core.ownCommitChange()])
    core.parts.ops.erase(group, core.group)
  }

  /** The own commit was withdrawn: back into the epoch that it had ended, in which somebody else commits next. */
  async #goBack(): Promise<void> {
    const core = this.#core
    const { at, epoch, before } = core.ownCommit!
    const over = core.group
    core.group = before!.group
    core.transcript = before!.transcript
    core.ownCommit = { at, epoch }
    core.relayEpoch = this.epoch
    this.#pending = undefined
    this.#clearVerdict()
    this.#out.beginUnsure()
    await core.store(this.#epochChanges())
    core.parts.ops.erase(over, core.group)
  }

  /** The relay is in a later epoch, and the commit that began it will not come. */
  async #missedCommit(): Promise<void> {
    const { inc } = this.cursor
    if (!this.#pending || this.#pending.inc === inc) return this.#fallOut('missed-commit')
    // Perhaps it was this device's own and went down with the relay. If so this device goes first, and alone.
    const { commit, accepted } = this.#pending
    if (accepted && accepted.inc !== inc) await this.#adoptLost(commit, accepted)
    else this.#waits = true // until `accepted` or `dropPending` tells
  }

  /** The relay ordered the own commit and lost it in a restart. What it remembers, the epoch, stands. */
  async #adoptLost(commit: PendingCommit<G>, accepted: Cursor): Promise<void> {
    const core = this.#core
    const before = core.group
    const { id, epoch, frame: ct, next } = commit
    const atMs = core.parts.clock.nowMs()
    await this.#enter(next, { kind: 'commit', ...accepted, epoch, id, device: '', ct, atMs }, undefined, commit)
    core.parts.ops.erase(before, next)
    this.#out.beginUnsure()
  }

  /** Once everything is applied that was there at the resume, the epochs have to be equal. */
  async #judgeEpoch(): Promise<void> {
    const { resumedAt, cursor, epoch, refused } = this.#core
    if (resumedAt && cursor.seq === resumedAt.seq && resumedAt.epoch > epoch && !refused) await this.#missedCommit()
  }

  /** While connected, a commit that nobody withdraws in time stands. */
  #awaitVerdict(): void {
    this.#clearVerdict()
    this.#endVerdictTimer = this.#core.parts.clock.after(verdictMs, () => {
      this.#endVerdictTimer = undefined
      const seq = this.#core.refused?.frame.seq ?? this.#core.ownCommit?.at.seq
      if (seq !== undefined) void this.#core.later(() => this.stands(seq))
    })
  }

  #clearVerdict(): void {
    this.#endVerdictTimer?.()
    this.#endVerdictTimer = undefined
  }

  #fallOut(reason: string): void {
    if (this.#core.fallenOut) return
    this.#core.fallenOut = true
    this.#core.parts.host.onFallenOut(reason)
  }

  #isPending(frame: StreamFrame): boolean {
    return this.#pending !== undefined && equalBytes(this.#pending.commit.frame, frame.ct)
  }

  /** Whether the relay has said that this commit counts no more, or was in its epoch still at a later place. */
  #wasWithdrawn({ seq, epoch }: StreamFrame): boolean {
    const { resumedAt } = this.#core
    return this.#withdrawn.has(seq) || (resumedAt !== undefined && seq <= resumedAt.seq && epoch >= resumedAt.epoch)
  }

  // --- connection ------------------------------------------------------------------------------------------------

  disconnected(): void {
    this.#core.resumedAt = undefined
    this.#clearVerdict()
  }

  /** The relay answered a resume: what it still has comes as frames, what it has not is told. */
  async resumed(answer: Resumed): Promise<Losses> {
    return (await this.#core.step(() => this.#resumed(answer))) ?? {}
  }

  async #resumed(answer: Resumed): Promise<Losses> {
    const core = this.#core
    const before = this.cursor
    const losses: Losses = {}
    const deniedAt = this.#deniedAt
    this.#deniedAt = undefined
    core.fallenOut = false
    core.resumedAt = { seq: answer.seq, epoch: answer.epoch }
    core.relayEpoch = Math.max(answer.epoch, before.inc === answer.inc && before.seq > answer.seq ? this.epoch : 0)
    this.#out.beginConnection()
    this.#waits = false
    if (answer.inc !== before.inc) {
      if (answer.firstSeq <= before.seq) losses.rewound = true
      await this.#beginIncarnation(answer)
    } else if (!answer.recovered && answer.seq > before.seq) {
      // It may answer for a place at which this device stood when it asked, before it was added anew: it asks again.
      if (deniedAt === before.seq) losses.lost = await this.#skipTo(answer.seq)
      else {
        this.#deniedAt = before.seq
        core.parts.host.onGap()
      }
    } else if (!answer.recovered && answer.seq < before.seq) losses.rewound = true

    // An answer that is older than what has come since says nothing about the epoch.
    if (this.cursor.seq <= answer.seq) await this.#compareEpoch(answer.epoch)
    if (core.unsettled || core.refused) this.#awaitVerdict()
    await this.#goOn()
    return losses
  }

  async #compareEpoch(epoch: number): Promise<void> {
    const core = this.#core
    if (epoch < this.epoch) {
      if (core.unsettled) await this.#goBack()
      else this.#fallOut('commit-withdrawn')
    }
    if (!core.refused) return
    // The word of its refusal may have been lost with the connection.
    if (epoch > this.epoch) core.parts.host.onInvalidCommit(core.refused.frame, core.refused.reason)
    else core.refused = undefined
  }

  /** The relay has begun anew. What it has had since then can be asked for; what it had before is gone. */
  async #beginIncarnation(answer: Resumed): Promise<void> {
    const core = this.#core
    core.inbox.moveTo({ inc: answer.inc, seq: answer.firstSeq - 1 })
    core.inbox.heardOf(answer.seq)
    core.transcript = this.#brokenTranscript()
    this.#core.refused = undefined
    this.#enteredAt = undefined
    this.#withdrawn.clear()
    const rows = this.#out.newIncarnation(answer.inc)
    await core.store([...rows, core.placeChange()])
  }

  /** Goes on after frames that cannot be had any more. */
  async #skipTo(seq: number): Promise<{ fromSeq: number; toSeq: number }> {
    const core = this.#core
    const { cursor } = this
    core.inbox.moveTo({ ...cursor, seq })
    core.transcript = this.#brokenTranscript()
    await core.store([...this.#out.sweep(), core.placeChange()])
    return { fromSeq: cursor.seq + 1, toSeq: seq }
  }

  #brokenTranscript(): Transcript {
    return new Transcript(this.#core.parts.ops.hash, this.cursor.seq, nothing)
  }

  /** Continues in a group that this device was added to anew; what was not ordered yet is sealed there. */
  async replaceGroup(start: StreamStart<G>, changes: StorageChange[]): Promise<void> {
    await this.#core.step(async () => {
      const core = this.#core
      const { hash, transcriptStart } = core.parts.ops
      const { group, inc, seq } = start
      core.group = group
      core.inbox.moveTo({ inc, seq })
      core.transcript = Transcript.begin(hash, seq, transcriptStart(group))
      core.ownCommit = undefined
      core.fallenOut = false
      core.relayEpoch = Math.max(core.relayEpoch, this.epoch)
      this.#pending = undefined
      this.#core.refused = undefined
      this.#enteredAt = seq
      this.#waits = false
      this.#clearVerdict()
      this.#out.beginEpoch()
      const rows = this.#out.newLeaf()
      await core.store([...changes, ...rows, ...this.#out.sweep(), ...this.#epochChanges()])
      await this.#goOn()
    })
  }

  close(): void {
    this.#core.closed = true
    this.#core.resumedAt = undefined
    this.#clearVerdict()
    this.#out.close()
  }

  // --- storage ---------------------------------------------------------------------------------------------------

  #pendingChange(): StorageChange {
    const key = this.#core.key('pending')
    if (!this.#pending) return { type: 'delete', key }
    const { commit, inc, accepted } = this.#pending
    const next = this.#core.parts.ops.encode(commit.next)
    return { type: 'put', key, value: encodePending({ ...commit, next, inc, ...(accepted ? { accepted } : {}) }) }
  }

  /** Everything that a new epoch changes. */
  #epochChanges(): StorageChange[] {
    const core = this.#core
    return [core.placeChange(), core.groupChange(), core.ownCommitChange(), this.#pendingChange()]
  }
}

function placeOf({ inc, seq }: StreamFrame): Cursor {
  return { inc, seq }
}
