/**
 * How a stream gets from one epoch to the next: by commits of others, by its own, which can be withdrawn until they
 * stand, and not by those that are invalid here.
 */
import { type Cursor, equalBytes, type Incarnation, limits, type Refusal } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { StreamCore } from './core.ts'
import type { Outgoing } from './outgoing.ts'
import { decodeOwnCommit, decodePending } from './rows.ts'
import type { GroupDecoder, PendingCommit, StreamFrame } from './session.ts'
import { Transcript } from './transcript.ts'

/** After this time on a live connection without a word from the relay, a commit stands. */
const verdictMs: number = limits.commitStandsMs + 1_000
/** Withdrawals noted before their commits have come. */
const withdrawnAtMost = 1_024

const nothing = new Uint8Array()

/** Where the relay's refusal says that the stream stands. */
export type RelayPlace = Pick<Refusal, 'inc' | 'epoch' | 'seq'>

export class Epochs<G, A, C> {
  readonly #core: StreamCore<G, A, C>
  readonly #out: Outgoing<G, A, C>
  /** Withdrawn commits that have not come yet, by sequence number. */
  readonly #withdrawn = new Set<number>()
  #endTimer: (() => void) | undefined

  constructor(core: StreamCore<G, A, C>, out: Outgoing<G, A, C>) {
    this.#core = core
    this.#out = out
  }

  async load(decodeGroup: GroupDecoder<G>): Promise<void> {
    const core = this.#core
    const { storage, ops } = core.parts
    const own = decodeOwnCommit((await storage.get(core.key('own-commit'))) ?? nothing)
    if (own) {
      const { at, epoch, before } = own
      core.ownCommit = { at, epoch }
      if (before) {
        const group = await core.groups.load(storage, before.group, decodeGroup)
        core.ownCommit.before = { group, transcript: new Transcript(ops.hash, at.seq, before.transcript) }
      }
    }
    const stored = decodePending((await storage.get(core.key('pending'))) ?? nothing)
    if (!stored) return
    const { inc, accepted, ...commit } = stored
    const next = await core.groups.load(storage, stored.next, decodeGroup)
    core.pending = { commit: { ...commit, next }, inc: inc as Incarnation, ...(accepted ? { accepted } : {}) }
  }

  // --- the own commit --------------------------------------------------------------------------------------------

  get pending(): PendingCommit<G> | undefined {
    return this.#core.pending?.commit
  }

  /** The own commit of this epoch may still be withdrawn, or was: in neither case may this device make another one. */
  get unsettled(): boolean {
    const { ownCommit, epoch } = this.#core
    return ownCommit !== undefined && (ownCommit.before !== undefined || ownCommit.epoch === epoch)
  }

  /**
   * The relay is in a later epoch, as far as this device was told, and the commit that began it is on its way; or it has
   * not said on this connection in which it is. What it said before may have gone with a crash.
   */
  get mayBeOver(): boolean {
    const { resumedAt, relayEpoch, epoch } = this.#core
    return resumedAt === undefined || relayEpoch > epoch
  }

  async hold(commit: PendingCommit<G>): Promise<void> {
    if (this.#core.pending || this.unsettled || this.mayBeOver || commit.epoch !== this.#core.epoch) return
    this.#core.pending = { commit, inc: this.#core.cursor.inc }
    await this.#core.store(this.#core.pendingChanges())
  }

  async drop(id: string, { inc, epoch, seq }: RelayPlace): Promise<void> {
    const core = this.#core
    if (core.pending?.commit.id !== id) return
    core.pending = undefined
    core.waits = false
    if (epoch !== undefined) core.relayEpoch = epoch // also where this device has not come back to that life yet
    if (inc === core.cursor.inc && seq !== undefined) core.inbox.heardOf(seq)
    await core.store(core.pendingChanges())
  }

  async accept(id: string, at: Cursor): Promise<void> {
    if (this.#core.pending?.commit.id !== id) return
    const acceptedIn = this.#core.resumedAt?.inc
    this.#core.pending = { ...this.#core.pending, accepted: at, ...(acceptedIn ? { acceptedIn } : {}) }
    this.#core.waits = false
    await this.#core.store(this.#core.pendingChanges())
  }

  isPending(frame: StreamFrame): boolean {
    return this.#core.pending !== undefined && equalBytes(this.#core.pending.commit.frame, frame.ct)
  }

  /** The own commit has come back in its place. */
  async adoptOwn(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const { commit } = this.#core.pending!
    const { transcript, group, epoch } = core
    transcript.add(frame.seq, frame.ct)
    core.ownCommit = { at: placeOf(frame), epoch, before: { group, transcript } }
    await this.#enter(commit.next, frame, undefined, commit)
    // The relay says earlier that it stands, as a rule; this is for when its word is lost.
    this.awaitVerdict()
  }

  /** The own commit stands. */
  async settle(): Promise<void> {
    const core = this.#core
    const { group } = core.ownCommit!.before!
    core.ownCommit = undefined
    this.#clearTimer()
    await core.store(core.ownCommitChanges())
    core.parts.ops.erase(group, core.group)
  }

  /** The own commit was withdrawn: back into the epoch that it had ended, in which somebody else commits next. */
  async goBack(): Promise<void> {
    const core = this.#core
    const { at, epoch, before } = core.ownCommit!
    const over = core.group
    core.group = before!.group
    // In a later life of the relay the others have begun the epoch's transcript anew.
    core.transcript = at.inc === core.cursor.inc ? before!.transcript : core.transcriptHere(core.group, core.resumedAt)
    core.ownCommit = { at, epoch }
    this.#core.pending = undefined
    this.#clearTimer()
    this.#out.beginUnsure()
    await core.store(this.changes())
    core.parts.ops.erase(over, core.group)
  }

  // --- commits of others -----------------------------------------------------------------------------------------

  async adopt(frame: StreamFrame, group: G, change: C): Promise<void> {
    const { ops, host } = this.#core.parts
    // Whoever commits on top of this device's commit has adopted it.
    if (this.#core.unsettled) await this.settle()
    const before = this.#core.group
    await this.#enter(group, frame, change, undefined)
    ops.erase(before, group)
    host.onAdopted(frame)
  }

  /** A commit is not valid here. Unless it is withdrawn, this device has to be added again. */
  refuse(frame: StreamFrame, reason: string): void {
    this.#core.refused = { frame, reason }
    this.awaitVerdict()
    this.#core.parts.host.onInvalidCommit(frame, reason)
  }

  /** Whether the relay has said that this commit counts no more, or was in its epoch still at a later place. */
  wasWithdrawn({ seq, epoch }: StreamFrame): boolean {
    const { resumedAt } = this.#core
    return this.#withdrawn.has(seq) || (resumedAt !== undefined && seq <= resumedAt.seq && epoch >= resumedAt.epoch)
  }

  /** A withdrawn commit is passed over: what to store, should it be this device's own. */
  passOver(frame: StreamFrame): StorageChange[] {
    this.#withdrawn.delete(frame.seq)
    const { resumedAt, inbox } = this.#core
    if (resumedAt?.seq === frame.seq || inbox.top === frame.seq) this.#relayIsIn(frame.epoch)
    if (!this.isPending(frame)) return []
    this.#core.pending = undefined
    this.#core.ownCommit = { at: placeOf(frame), epoch: frame.epoch }
    return [...this.#core.pendingChanges(), ...this.#core.ownCommitChanges()]
  }

  /** The relay restarted before it was known that the commit stands which began the epoch; another may have its place. */
  isDoubtful({ inc }: StreamFrame): boolean {
    const { unsettled, ownCommit, entered } = this.#core
    const began = unsettled ? ownCommit!.at : entered
    return began !== undefined && began.inc !== inc
  }

  // --- verdicts --------------------------------------------------------------------------------------------------

  /** The commit at `seq` stands. */
  async stands(seq: number): Promise<void> {
    const { ownCommit, unsettled, refused } = this.#core
    if (this.#core.entered?.seq === seq) this.#core.entered = undefined
    if (refused?.frame.seq === seq) this.#core.fallOut('commit-stands')
    else if (unsettled && ownCommit!.at.seq === seq) await this.settle()
  }

  /** The commit at `seq` was withdrawn. True where it was this device's own. */
  async withdrawn(seq: number): Promise<boolean> {
    const core = this.#core
    if (seq > core.cursor.seq && this.#withdrawn.size < withdrawnAtMost) this.#withdrawn.add(seq)
    const own = core.unsettled && core.ownCommit!.at.seq === seq
    const refused = core.refused?.frame.seq === seq
    if (refused) core.refused = undefined
    if (own) await this.goBack()
    if (own || refused) {
      this.#relayIsIn(core.epoch)
      this.#clearTimer()
    } else if (core.entered?.seq === seq) core.fallOut('commit-withdrawn')
    core.waits = false // perhaps for that very commit
    return own
  }

  /** Somebody else speaks in the present epoch: the commit that began it stands. */
  async confirmed(): Promise<void> {
    this.#core.entered = undefined
    if (this.#core.unsettled) await this.settle()
  }

  /** The relay goes on in `epoch`, below this device's: a commit was withdrawn, if that is true. */
  async reopened(epoch: number): Promise<void> {
    const core = this.#core
    if (core.unsettled && core.ownCommit!.epoch === epoch) await this.goBack()
    else if (core.entered) core.fallOut('commit-withdrawn')
  }

  /** While connected, a commit that nobody withdraws in time stands. */
  awaitVerdict(): void {
    this.#clearTimer()
    const core = this.#core
    if (!core.unsettled && !core.refused) return
    this.#endTimer = core.parts.clock.after(verdictMs, () => {
      this.#endTimer = undefined
      core.later(async () => {
        const seq = core.refused?.frame.seq ?? core.ownCommit?.at.seq
        if (seq !== undefined) await this.stands(seq)
        await this.#out.go()
      })
    })
  }

  /** A withdrawal brought the relay back into `epoch`. Nothing was ordered between the commit and that. */
  #relayIsIn(epoch: number): void {
    const core = this.#core
    core.relayEpoch = epoch
    if (core.resumedAt && core.resumedAt.epoch > epoch) core.resumedAt = { ...core.resumedAt, epoch }
  }

  // --- what a resume tells ---------------------------------------------------------------------------------------

  disconnected(): void {
    this.#clearTimer()
  }

  /** The relay is in `epoch` at the place where this device stands, or further on. */
  async compare(epoch: number): Promise<void> {
    const core = this.#core
    if (epoch < core.epoch) {
      await this.reopened(epoch)
      if (epoch < core.epoch) core.fallOut('commit-withdrawn')
    }
    if (!core.refused) return
    // The word of its refusal may have been lost with the connection.
    if (epoch > core.epoch) core.parts.host.onInvalidCommit(core.refused.frame, core.refused.reason)
    else core.refused = undefined
  }

  /** The relay has begun anew: what it said of commits before counts no more. */
  newIncarnation(): void {
    this.#core.refused = undefined
    this.#withdrawn.clear()
  }

  /** The relay is in a later epoch, and the commit that began it will not come. */
  async missedCommit(): Promise<void> {
    const { inc, seq } = this.#core.cursor
    if (!this.#core.pending || this.#core.pending.inc === inc) return this.#core.fallOut('missed-commit')
    // Perhaps it was this device's own and went down with the relay. If so this device goes first, and alone.
    const { commit, accepted, acceptedIn } = this.#core.pending
    // It was ordered among what had to be passed over: whether it was withdrawn there is not known.
    if (accepted?.inc === inc && accepted.seq <= seq) return this.#core.fallOut('missed-commit')
    // Accepted in another life it may have been withdrawn there, and the epoch be somebody else's: the relay knows.
    if (accepted && accepted.inc !== inc && acceptedIn === inc) await this.#adoptLost(commit, accepted)
    else this.#core.waits = true // until `accept` or `drop` tells
  }

  /** The own commit is next in a life of the relay that is over: nobody else need give it. */
  async adoptAccepted(): Promise<void> {
    const core = this.#core
    const accepted = core.pending?.accepted
    if (!accepted || accepted.inc !== core.cursor.inc || accepted.seq !== core.cursor.seq + 1) return
    await this.#adoptLost(core.pending!.commit, accepted)
  }

  /** The relay ordered the own commit and lost it in a restart. What it remembers, the epoch, stands. */
  async #adoptLost(commit: PendingCommit<G>, accepted: Cursor): Promise<void> {
    const core = this.#core
    const before = core.group
    const { id, epoch, frame: ct, next } = commit
    const atMs = core.parts.clock.nowMs()
    const frame: StreamFrame = { kind: 'commit', ...accepted, epoch, id, device: '', ct, atMs }
    if (accepted.inc === core.cursor.inc) {
      core.inbox.forget(accepted.seq) // what anybody else gave in its place
      core.inbox.take(frame)
    }
    await this.#enter(next, frame, undefined, commit)
    core.parts.ops.erase(before, next)
    this.#out.beginUnsure()
  }

  // --- state -----------------------------------------------------------------------------------------------------

  /** In another group: nothing of before counts. */
  replaced(): void {
    const core = this.#core
    core.ownCommit = undefined
    core.refused = undefined
    core.relayEpoch = Math.max(core.relayEpoch, core.epoch)
    this.#core.pending = undefined
    core.entered = undefined // Welcomes leave when their commit stands
    this.#clearTimer()
    this.#out.beginEpoch()
  }

  /** Everything that a new epoch changes. */
  changes(): StorageChange[] {
    const core = this.#core
    return [core.placeChange(), ...core.groupChanges(), ...core.ownCommitChanges(), ...core.pendingChanges()]
  }

  close(): void {
    this.#clearTimer()
  }

  /** Enters the epoch that the commit in `frame` begins. What is to be sealed anew follows once that can be. */
  async #enter(group: G, frame: StreamFrame, change: C | undefined, own: PendingCommit<G> | undefined): Promise<void> {
    const core = this.#core
    const { host, ops } = core.parts
    core.group = group
    if (core.inbox.next === frame) core.inbox.applied()
    core.parts.copies?.add(frame)
    core.transcript =
      frame.inc === core.cursor.inc
        ? Transcript.begin(ops.hash, frame.seq, ops.transcriptStart(group))
        : core.transcriptHere(group, core.resumedAt)
    core.relayEpoch = Math.max(core.relayEpoch, core.epoch)
    core.entered = own ? undefined : placeOf(frame)
    if (!core.unsettled) core.ownCommit = undefined
    this.#core.pending = undefined
    this.#out.beginEpoch()
    const changes = await host.onCommit(frame, change, group, own)
    await core.store([...changes, ...this.#out.sweep(), ...this.changes()])
  }

  #clearTimer(): void {
    this.#endTimer?.()
    this.#endTimer = undefined
  }
}

function placeOf({ inc, seq }: StreamFrame): Cursor {
  return { inc, seq }
}
