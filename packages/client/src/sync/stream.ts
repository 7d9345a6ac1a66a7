/**
 * One stream of sealed frames in the relay's order, with its outbox: the room's, or a pair group's.
 *
 * Every method runs in the device's one queue, so none of them meets another half done. What a frame or a send changes
 * (group, cursor, outbox, the host's own rows) is stored in one transaction before anything leaves or shows.
 */
import { type Cursor, type Incarnation, type MessageId, type Resumed, utf8 } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import { StreamCore, type StreamParts } from './core.ts'
import { Epochs, type RelayPlace } from './epochs.ts'
import { GroupRows } from './group-rows.ts'
import { decodeLacks, type Lack } from './lacks.ts'
import type { FrameKind, OutboxRow } from './outbox.ts'
import { Outgoing } from './outgoing.ts'
import { type Hole, Repair } from './repair.ts'
import { decodePlace, decodeRow } from './rows.ts'
import type { GroupDecoder, PendingCommit, StreamFrame } from './session.ts'
import { Transcript } from './transcript.ts'

export type { StreamParts } from './core.ts'

const nothing = new Uint8Array()
/** Who is behind and hears nothing for so long asks. */
const behindMs = 2_000

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
  /** The relay says that it was set back, and knows less than this device: nothing was changed here. It has to be told. */
  setBack?: true
}

/** The relay's answer to a resume, where it was set back to an older copy of its memory with what it says of that (`JoinAnswer`). */
export type ResumeAnswer = Resumed & { restored?: number; astray?: true }

export class Stream<G, A, C> {
  readonly #core: StreamCore<G, A, C>
  readonly #out: Outgoing<G, A, C>
  readonly #epochs: Epochs<G, A, C>
  readonly #repair: Repair<G, A, C>
  /** The relay has said once that it cannot resume from this sequence number. */
  #deniedAt: number | undefined
  /** Loaded from storage and not in step with the relay since: the state may be an old copy. */
  #unproven = false
  #endBehind: (() => void) | undefined

  private constructor(core: StreamCore<G, A, C>, rows: OutboxRow[] = []) {
    this.#core = core
    this.#out = new Outgoing(core, rows)
    this.#epochs = new Epochs(core, this.#out)
    this.#repair = new Repair(core)
  }

  /** A stream for a group that was made or joined just now, and what has to be stored for it. */
  static begin<G, A, C>(
    parts: StreamParts<G, A, C>,
    start: StreamStart<G>,
  ): { stream: Stream<G, A, C>; changes: StorageChange[] } {
    const { group, inc, seq } = start
    const transcript = Transcript.begin(parts.ops.hash, seq, parts.ops.transcriptStart(group))
    const groups = new GroupRows<G>(parts.prefix, parts.ops)
    const core = new StreamCore(parts, groups, { group, cursor: { inc, seq }, transcript })
    const stream = new Stream(core)
    // A group that begins with a commit; the founder's may have seen restarts of the relay before.
    if (core.epoch > 0) stream.#out.beginEpoch()
    parts.copies?.mark(core.cursor)
    // What was said before it came in it does not have.
    const lacked = core.lack(1, seq)
    const changes = [
      ...groups.begin(),
      ...lacked,
      core.placeChange(),
      ...core.groupChanges(),
      ...(parts.copies?.take() ?? []),
    ]
    groups.handedOut()
    return { stream, changes }
  }

  /**
   * The stream as storage has it; undefined where there is none.
   *
   * @throws StorageError where a group of it is damaged or of another version
   */
  static async load<G, A, C>(
    parts: StreamParts<G, A, C>,
    decodeGroup: GroupDecoder<G>,
  ): Promise<Stream<G, A, C> | undefined> {
    const { prefix, storage, ops } = parts
    const place = decodePlace((await storage.get(`${prefix}/place`)) ?? nothing)
    const head = await storage.get(`${prefix}/group`)
    if (!place || !head) return undefined
    const groups = new GroupRows<G>(prefix, ops)
    const group = await groups.load(storage, head, decodeGroup)
    const { cursor } = place
    const transcript = Transcript.stored(ops.hash, cursor, place.transcript, ops.transcriptStart(group))
    const core = new StreamCore(parts, groups, { group, cursor, transcript })
    core.entered = place.entered
    core.lacks = decodeLacks((await storage.get(core.key('lacks'))) ?? nothing) ?? []
    const unproven = await storage.get(core.key('unproven'))
    if (unproven) core.unprovenEpoch = Number(new TextDecoder().decode(unproven))
    const entries = await storage.list(`${prefix}/out/`)
    const rows = entries.flatMap(({ value }) => decodeRow(value) ?? [])
    const stream = new Stream(core, rows)
    await stream.#epochs.load(decodeGroup)
    stream.#unproven = true
    core.fallenOut = ops.isOver?.(group) ?? false
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
    return this.#epochs.pending
  }
  /** A frame waits for something missing, a commit for its verdict, or this device for others' copies or for being added again. */
  get blocked(): boolean {
    const { waits, refused, fallenOut } = this.#core
    return waits || refused !== undefined || fallenOut || this.#repair.answer !== undefined
  }
  /** The next frame is here, and waits for something that it needs or for what comes behind it. */
  get waits(): boolean {
    return this.#core.waits
  }
  /**
   * This device may not commit: its own commit is adopted but does not stand yet (and nothing is sealed until then), or
   * was withdrawn, and a second one from the same state would use its keys twice.
   */
  get unsettled(): boolean {
    return this.#epochs.unsettled
  }
  /**
   * The relay is in a later epoch than this device, or may be. A commit made now could only be refused, and the one after
   * it would be sealed by the same key.
   */
  get mayBeOver(): boolean {
    return this.#epochs.mayBeOver
  }
  /** Nothing is sealed before another epoch begins: see `StreamHost.onUnproven`. */
  get unproven(): boolean {
    return this.#core.unproven
  }
  /** This device cannot follow the group any more: it has to be added again, or the group to be replaced. */
  get fallenOut(): boolean {
    return this.#core.fallenOut
  }
  /** Everything is applied that the relay is known to have, and what is said now is sealed at once. */
  get inStep(): boolean {
    return this.#core.inStep
  }
  /** The group in whose epoch the room surely was: without this device's own commit while that does not stand. */
  get standing(): { group: G; epoch: number } {
    const { group, epoch, ownCommit } = this.#core
    return ownCommit?.before ? { group: ownCommit.before.group, epoch: ownCommit.epoch } : { group, epoch }
  }
  /**
   * What this device saw in the present epoch, up to its cursor; undefined where it missed some of it, or where the epoch
   * may turn out never to have been.
   */
  get transcript(): { seq: number; hash: Uint8Array } | undefined {
    const { cursor, transcript, unsettled } = this.#core
    return transcript.last.length > 0 && !unsettled ? { seq: cursor.seq, hash: transcript.last } : undefined
  }

  /** Numbers up to the cursor that this device passed over, or of which the frames did not open: it has not got them. */
  get lacks(): readonly Lack[] {
    return this.#core.lacks
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

  /**
   * Lets go of rows that the relay has ordered or refused, whoever lacks them: they do not go again. What is on its way
   * stays.
   */
  async forget(ids: readonly string[], changes: StorageChange[] = []): Promise<void> {
    await this.#core.step(() => this.#out.forget(ids, changes))
  }

  /** Tries a refused row again, behind those that wait already. */
  async retry(id: MessageId, changes: StorageChange[] = []): Promise<void> {
    await this.#core.step(() => this.#out.retry(id, changes))
  }

  /**
   * Another device has what was ordered after `afterSeq` (where it came in) and up to `seq` but for what it `lacks`, in the
   * present life of the relay: those rows are done.
   */
  async confirmed(seq: number, afterSeq = 0, lacks: readonly Lack[] = []): Promise<void> {
    await this.#core.step(() => this.#out.confirmed(seq, afterSeq, lacks))
  }

  // --- commits ---------------------------------------------------------------------------------------------------

  /** Stores a commit of this device before it is sent. There is one at a time, and of the present epoch. */
  async holdPending(commit: PendingCommit<G>): Promise<void> {
    await this.#core.step(() => this.#epochs.hold(commit))
  }

  /** The commit was refused, or lost the race: forget it. */
  async dropPending(id: string, relay: RelayPlace = {}): Promise<void> {
    await this.#core.step(async () => {
      await this.#epochs.drop(id, relay)
      await this.#goOn()
    })
  }

  /**
   * The relay says that it has ordered the commit, at `at`. It is adopted at its echo as ever; should the relay lose it
   * before, this device alone can begin the epoch that the relay is in.
   */
  async accepted(id: string, at: Cursor): Promise<void> {
    await this.#core.step(async () => {
      await this.#epochs.accept(id, at)
      await this.#goOn()
    })
  }

  /** The commit at `seq` stands: what was kept for a way back is erased, and sealing goes on. */
  async stands(seq: number): Promise<void> {
    await this.#core.step(async () => {
      await this.#epochs.stands(seq)
      await this.#goOn()
    })
  }

  /** The relay reopened the epoch that the commit at `seq` had ended. True where that was this device's own. */
  async withdrawn(seq: number): Promise<boolean> {
    const own = await this.#core.step(async () => {
      const own = await this.#epochs.withdrawn(seq)
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
      this.#core.waits = false
      await this.#goOn()
    })
  }

  /** Applies what is due, then seals and sends what can go. */
  async #goOn(): Promise<void> {
    const core = this.#core
    while (!core.waits && !core.fallenOut && !core.closed) {
      if (this.#repair.answer) await this.#epochs.adoptAccepted()
      const frame = core.inbox.next
      if (!frame) break
      await this.#apply(frame)
    }
    if (core.fallenOut || core.closed) return
    await this.#judgeEpoch()
    if (core.inbox.hasGap && !core.waits && !this.#repair.answer) core.parts.host.onGap()
    if (core.inStep) this.#unproven = false
    await this.#out.go()
  }

  /** Once everything is applied that was there at the resume, the epochs have to be equal. */
  async #judgeEpoch(): Promise<void> {
    const { resumedAt, cursor, epoch, refused } = this.#core
    const behind = resumedAt && cursor.seq === resumedAt.seq && resumedAt.epoch > epoch
    if (behind && !refused) await this.#epochs.missedCommit()
  }

  /** Applies the next frame, or leaves it where it is and waits. */
  async #apply(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const epochs = this.#epochs
    const { host, ops } = core.parts
    const given = this.#repair.isGiven(frame)
    if (given && frame.epoch !== core.epoch) return this.#repair.doubt(frame)
    if (frame.epoch < core.epoch) await epochs.reopened(frame.epoch)
    if (core.fallenOut) return
    if (frame.epoch > core.epoch) return epochs.missedCommit()
    if (frame.epoch < core.epoch) {
      host.onGap() // a resume tells where the relay really is
      return this.#refuse(frame, 'wrong-epoch')
    }
    core.refused = undefined // the relay goes on in this epoch: the commit was withdrawn
    if (frame.kind === 'commit') {
      const fate = this.#repair.fateOf(frame)
      if (epochs.wasWithdrawn(frame)) return this.#passOver(frame)
      if (fate === 'withdrawn') return (await this.#isCommit(frame)) ? this.#passOver(frame) : this.#repair.doubt(frame)
      if (epochs.isPending(frame)) return this.#adoptOwn(frame)
      core.waits = fate === 'wait'
      if (core.waits) return
    } else if (this.#out.isOwn(frame)) return this.#returned(frame)

    const got = await ops.receive(core.group, frame)
    switch (got.kind) {
      case 'missing':
        core.waits = true
        host.onMissing(got.what, frame)
        return
      case 'refused':
        if (this.#isOldState(frame, got.reason)) return core.fallOut('old-state')
        if (given) return this.#repair.doubt(frame)
        if (epochs.isDoubtful(frame)) return core.fallOut('commit-withdrawn')
        return this.#refuse(frame, got.reason)
      case 'application': {
        if (frame.kind === 'commit') return given ? this.#repair.doubt(frame) : this.#refuse(frame, 'wrong-kind')
        core.group = got.group
        this.#advance(frame)
        const changes = await host.onContent(frame, got.application, got.group)
        await core.store([...changes, core.placeChange(), ...core.groupChanges()])
        await epochs.confirmed()
        return
      }
      case 'commit':
        if (frame.kind !== 'commit') return given ? this.#repair.doubt(frame) : this.#refuse(frame, 'wrong-kind')
        await epochs.adopt(frame, got.group, got.change)
        // Taken out, or added anew in the same commit: the host knows which, and what follows.
        if (ops.isOver?.(got.group)) core.fallenOut = true
    }
  }

  /** The own commit in its place. A relay that has restarted since knows its epoch from disk: it stands. */
  async #adoptOwn(frame: StreamFrame): Promise<void> {
    const answer = this.#repair.answer
    await this.#epochs.adoptOwn(frame)
    if (answer && answer.inc !== frame.inc && this.#core.unsettled) await this.#epochs.settle()
  }

  /**
   * This device sealed the frame and does not know it: its storage was put back to an older state, or a copy of it is in
   * use elsewhere, which the frame's own key shows at any time.
   */
  #isOldState(frame: StreamFrame, reason: string): boolean {
    if (reason === 'own-key-elsewhere') return true
    return reason === 'own-frame' && this.#unproven && frame.kind !== 'commit' && !this.#out.knows(frame.id)
  }

  async #returned(frame: StreamFrame): Promise<void> {
    const core = this.#core
    const row = this.#out.returned(frame)
    this.#advance(frame)
    const isPlace = this.#out.placeOf(frame.id)?.seq === frame.seq
    const { host } = core.parts
    const told = isPlace ? host.onOwn(frame) : host.onRefused(frame, 'replayed')
    // What is known at once costs no turn of the event loop: the order of things stays that of the simulation's seeds.
    const changes = Array.isArray(told) ? told : await told
    await core.store([...changes, ...row, ...this.#out.sweep(), core.placeChange()])
  }

  async #refuse(frame: StreamFrame, reason: string): Promise<void> {
    const core = this.#core
    this.#advance(frame)
    if (frame.kind === 'commit' && frame.epoch === core.epoch) this.#epochs.refuse(frame, reason)
    const lacked = core.lack(frame.seq, frame.seq)
    await core.store([...core.parts.host.onRefused(frame, reason), ...lacked, core.placeChange()])
  }

  /** Whether a frame that a member called a commit is one: else anything could be passed over under that name. */
  async #isCommit(frame: StreamFrame): Promise<boolean> {
    if (!this.#repair.isGiven(frame) || this.#epochs.isPending(frame)) return true
    const { group, parts } = this.#core
    const got = await parts.ops.receive(group, frame)
    if (got.kind === 'commit') parts.ops.erase(got.group, group)
    return got.kind === 'commit' || got.kind === 'missing'
  }

  /** A commit that the relay has withdrawn is passed over, as by those who refused it. */
  async #passOver(frame: StreamFrame): Promise<void> {
    const core = this.#core
    this.#advance(frame)
    const changes = core.parts.host.onRefused(frame, 'withdrawn')
    await core.store([...changes, ...this.#epochs.passOver(frame), core.placeChange()])
  }

  #advance(frame: StreamFrame): void {
    this.#core.inbox.applied()
    this.#core.transcript.add(frame.seq, frame.ct)
    this.#core.parts.copies?.add(frame)
  }

  // --- connection ------------------------------------------------------------------------------------------------

  disconnected(): void {
    this.#core.resumedAt = undefined
    this.#repair.stop()
    this.#clearBehind()
    this.#epochs.disconnected()
  }

  /** The relay answered a resume: what it still has comes as frames, what it has not is told. */
  async resumed(answer: ResumeAnswer): Promise<Losses> {
    return (await this.#core.step(() => this.#resumed(answer))) ?? {}
  }

  async #resumed({ restored, astray, ...answer }: ResumeAnswer): Promise<Losses> {
    const core = this.#core
    const before = this.cursor
    const losses: Losses = {}
    const isFromBefore = restored !== undefined && answer.inc !== before.inc && !astray
    if (isFromBefore && restored < this.standing.epoch && !core.fallenOut) {
      core.resumedAt = undefined
      this.#repair.stop()
      return { setBack: true }
    }
    if (astray) core.fallOut('astray')
    const deniedAt = this.#deniedAt
    this.#deniedAt = undefined
    this.#repair.stop()
    core.resumedAt = answer
    const sameLife = before.inc === answer.inc
    // An answer from before something that is known by now does not lead back.
    const told = sameLife && core.inbox.top > answer.seq ? core.relayEpoch : 0
    core.relayEpoch = Math.max(answer.epoch, sameLife && before.seq > answer.seq ? this.epoch : 0, told)
    this.#out.beginConnection()
    core.waits = false
    const lacking =
      answer.inc !== before.inc || (!answer.recovered && deniedAt === before.seq && answer.seq > before.seq)
    if (lacking && core.parts.host.onHole && !core.fallenOut) {
      await this.#beginRepair(answer)
      return losses
    }
    if (answer.inc !== before.inc) {
      if (answer.firstSeq <= before.seq) losses.rewound = true
      await this.#beginIncarnation(answer)
    } else if (!answer.recovered && deniedAt !== before.seq) {
      // It may answer for a place at which this device stood when it asked, before it was added anew: it asks again.
      this.#deniedAt = before.seq
      core.parts.host.onGap()
    } else if (!answer.recovered) {
      if (answer.seq < before.seq) losses.rewound = true
      else losses.lost = await this.#skipTo(answer.seq)
    }

    // An answer that is older than what has come since says nothing about the epoch.
    if (this.cursor.seq <= answer.seq) {
      // What is known to stand is never taken back.
      if (answer.epoch < core.epoch && !core.unsettled && !core.entered) losses.rewound = true
      await this.#epochs.compare(answer.epoch)
    }
    this.#epochs.awaitVerdict()
    await this.#goOn()
    if (core.unproven) core.parts.host.onUnproven?.()
    return losses
  }

  // --- repair ----------------------------------------------------------------------------------------------------

  /** What the other members are to be asked for; undefined while nothing is missing. */
  get hole(): Hole | undefined {
    return this.#repair.hole
  }

  /** The stream stays where it is until the others were asked. Nothing is sealed, and nothing newer is applied. */
  async #beginRepair(answer: Resumed): Promise<void> {
    const core = this.#core
    core.resumedAt = undefined
    if (answer.epoch < core.epoch) await this.#epochs.compare(answer.epoch)
    if (core.fallenOut) return
    this.#repair.begin(answer)
    core.parts.host.onHole!()
    await this.#goOn()
  }

  /**
   * Frames from `giver`'s copy, the first of them the first that is missing. `more`: that member has the next one too.
   *
   * @returns how many were applied, and whether one of them does not open: then that member is not to be asked again
   */
  async given(
    frames: readonly StreamFrame[],
    giver: string,
    more: boolean,
  ): Promise<{ applied: number; refused: boolean }> {
    const done = await this.#core.step(async () => {
      if (!this.#repair.hole) return undefined
      const { seq, inc } = this.cursor
      this.#core.waits = false
      this.#repair.take(
        frames.filter((frame) => frame.inc === inc),
        giver,
        more,
      )
      const { doubts } = this.#repair
      await this.#goOn()
      return {
        applied: this.cursor.seq - seq,
        refused: this.#repair.doubts > doubts,
      }
    })
    return done ?? { applied: 0, refused: false }
  }

  /** Nobody else has another frame in the place of one that did not open: it counts as unreadable. False: there is none. */
  async believeDoubted(): Promise<boolean> {
    const done = await this.#core.step(async () => {
      if (!this.#repair.isDoubted) return false
      this.#repair.believeDoubted()
      await this.#goOn()
      return true
    })
    return done ?? false
  }

  /**
   * Nobody has what is missing before `next`: goes on asking there. Gives what is lost, as far as its numbers are known;
   * undefined where nothing can go on at `next`.
   */
  async skipTo(next: Cursor): Promise<Losses | undefined> {
    return this.#core.step(async () => {
      if (!this.#repair.leadsTo(next)) return undefined
      const { inc } = this.cursor
      if (next.inc === inc) return { lost: await this.#skipTo(next.seq - 1) }
      const lacked = this.#core.lack(this.cursor.seq + 1, next.seq - 1)
      this.#core.moveTo({ inc: next.inc, seq: next.seq - 1 })
      this.#core.transcript = this.#core.transcriptHere(this.group, undefined)
      await this.#core.store([...lacked, this.#core.placeChange()])
      return {}
    })
  }

  /** Goes on without what nobody has. The caller resumes then, for only a fresh answer says where the relay stands. */
  async endRepair(): Promise<Losses> {
    const losses = await this.#core.step(async (): Promise<Losses> => {
      const answer = this.#repair.answer
      if (!answer) return {}
      const { inc, seq } = this.cursor
      this.#repair.stop()
      this.#core.inbox.forgetStrange()
      if (answer.inc !== inc) {
        await this.#beginIncarnation(answer)
        return answer.firstSeq <= seq ? { rewound: true } : {}
      }
      return answer.seq > seq ? { lost: await this.#skipTo(answer.seq) } : {}
    })
    return losses ?? {}
  }

  // --- where the relay says that it stands -----------------------------------------------------------------------

  /**
   * A heartbeat. Who is behind and hears nothing for a while asks for what it has lost on the way.
   *
   * @returns whether the relay is behind what it said before, which an honest one never is
   */
  async heard(at: { inc: Incarnation; seq: number; epoch: number }): Promise<boolean> {
    const core = this.#core
    const { cursor } = this
    if (core.fallenOut || core.refused || this.#repair.answer) return false
    // Connected, and not told where the stream stands: the answer to the last `join` was lost.
    if (!core.resumedAt) core.parts.host.onGap()
    if (!core.resumedAt) return false
    if (at.inc !== cursor.inc || at.seq < cursor.seq) {
      core.parts.host.onGap()
      return at.inc === cursor.inc
    }
    core.inbox.heardOf(at.seq)
    const lost = core.inbox.hasGap || (at.seq === cursor.seq && at.epoch !== core.epoch)
    if (lost && !core.waits) this.#askSoon(cursor.seq)
    return false
  }

  /** If the stream still stands at `seq` by then. */
  #askSoon(seq: number): void {
    const core = this.#core
    this.#clearBehind()
    this.#endBehind = core.parts.clock.after(behindMs, () => {
      this.#endBehind = undefined
      if (this.cursor.seq === seq && core.resumedAt && !core.closed) core.parts.host.onGap()
    })
  }

  #clearBehind(): void {
    this.#endBehind?.()
    this.#endBehind = undefined
  }

  // --- losses ----------------------------------------------------------------------------------------------------

  /** The relay has begun anew. What it has had since then can be asked for; what it had before is gone. */
  async #beginIncarnation(answer: Resumed): Promise<void> {
    const core = this.#core
    const lacked = core.lack(this.cursor.seq + 1, answer.firstSeq - 1)
    core.moveTo({ inc: answer.inc, seq: answer.firstSeq - 1 })
    core.inbox.heardOf(answer.seq)
    core.transcript = core.transcriptHere(core.group, answer)
    this.#epochs.newIncarnation()
    const rows = this.#out.newIncarnation(answer.inc)
    await core.store([...lacked, ...rows, ...this.#doubt(), core.placeChange()])
  }

  /** A state from storage that was not in step yet: the frames that could show that it is old went with the relay. */
  #doubt(): StorageChange[] {
    const core = this.#core
    if (!this.#unproven || !core.parts.host.onUnproven) return []
    core.unprovenEpoch = core.epoch
    return [{ type: 'put', key: core.key('unproven'), value: utf8(String(core.epoch)) }]
  }

  /** Goes on after frames that cannot be had any more. */
  async #skipTo(seq: number): Promise<{ fromSeq: number; toSeq: number }> {
    const core = this.#core
    const { cursor } = this
    core.moveTo({ ...cursor, seq })
    core.transcript = core.transcriptHere(core.group, undefined)
    const lacked = core.lack(cursor.seq + 1, seq)
    // What has no answer yet may have been ordered in the gap: behind later frames its bytes would be refused as replayed.
    const rows = this.#out.sealAnew()
    const lost = { fromSeq: cursor.seq + 1, toSeq: seq }
    const told = core.parts.host.onLost?.(lost) ?? []
    await core.store([...told, ...lacked, ...rows, ...this.#out.sweep(), core.placeChange()])
    return lost
  }

  /** Continues in a group that this device was added to anew; what was not ordered yet is sealed there. */
  async replaceGroup(start: StreamStart<G>, changes: StorageChange[]): Promise<void> {
    await this.#core.step(async () => {
      const core = this.#core
      const { hash, transcriptStart } = core.parts.ops
      const { group, inc, seq } = start
      core.group = group
      const lacked = core.lack(core.cursor.seq + 1, seq)
      core.moveTo({ inc, seq })
      core.transcript = Transcript.begin(hash, seq, transcriptStart(group))
      core.fallenOut = false
      core.waits = false
      this.#repair.stop()
      this.#epochs.replaced()
      const rows = this.#out.sealAnew()
      await core.store([...changes, ...rows, ...lacked, ...this.#out.sweep(), ...this.#epochs.changes()])
      await this.#goOn()
    })
  }

  close(): void {
    this.#core.closed = true
    this.#clearBehind()
    this.#core.resumedAt = undefined
    this.#epochs.close()
    this.#out.close()
  }
}
