/**
 * A stream's outbox: it seals what waits, sends it in order, and keeps it until the relay, or another device, has it.
 *
 * Rows are sealed and sent in their order. Receivers take the frames of one device in the order in which it sealed
 * them, so a row that was sealed earlier and sent later would be lost.
 */
import {
  type Answer,
  type Cursor,
  equalBytes,
  limits,
  type MessageId,
  type Ordered,
  type Refusal,
} from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import type { StreamCore } from './core.ts'
import { isLacked, type Lack } from './lacks.ts'
import {
  afterRefusal,
  again,
  type FrameKind,
  forNewIncarnation,
  isDone,
  isPast,
  needsSeal,
  type OutboxRow,
  orderedAt,
  toSend,
  unsealed,
} from './outbox.ts'
import { encodeRow, rowKey } from './rows.ts'
import type { StreamFrame } from './session.ts'
import { SendWindow, type Sent } from './window.ts'

/** Pause after a frame that the relay could not take just now, or did not answer. */
const pauseMs = 1_000

export interface StreamWire {
  /** Undefined: there was no connection, or no answer in time. */
  send(
    kind: FrameKind,
    id: MessageId,
    epoch: number,
    n: number,
    frame: Uint8Array,
    until: OutboxRow['until'],
  ): Promise<Answer<Ordered> | undefined>
}

export class Outgoing<G, A, C> {
  readonly #core: StreamCore<G, A, C>
  readonly #window = new SendWindow()
  #rows: OutboxRow[]
  #endPause: (() => void) | undefined

  constructor(core: StreamCore<G, A, C>, rows: OutboxRow[] = []) {
    this.#core = core
    this.#rows = rows
  }

  get rows(): readonly OutboxRow[] {
    return this.#rows
  }

  // --- rows ------------------------------------------------------------------------------------------------------

  async enqueue(row: Omit<OutboxRow, 'order'>, changes: readonly StorageChange[]): Promise<void> {
    const placed = { ...row, order: this.#nextOrder() }
    this.#rows.push(placed)
    await this.go([...changes, this.#put(placed)])
  }

  /** Takes a refused row back. */
  async discard(id: MessageId, changes: readonly StorageChange[]): Promise<void> {
    const row = this.#rows.find((one) => one.id === id && one.refused)
    if (row) await this.#core.store([...changes, ...this.#remove([row])])
  }

  /** Lets go of rows that are ordered or refused; what is sealed and on its way has its place among this device's frames. */
  async forget(ids: readonly string[], changes: readonly StorageChange[]): Promise<void> {
    const rows = this.#rows.filter((row) => ids.includes(row.id) && (row.ordered || row.refused))
    await this.#core.store([...changes, ...this.#remove(rows)])
  }

  /** Tries a refused row again, behind those that wait: what was sealed before it must go before it. */
  async retry(id: MessageId, changes: readonly StorageChange[]): Promise<void> {
    const row = this.#rows.find((one) => one.id === id && one.refused)
    if (!row) return
    const moved = again(row, this.#nextOrder())
    const removed = this.#remove([row])
    this.#rows.push(moved)
    await this.go([...changes, ...removed, this.#put(moved)])
  }

  /** Another device has what was ordered after `afterSeq` and up to `seq`, less what it `lacks`. */
  async confirmed(seq: number, afterSeq: number, lacks: readonly Lack[]): Promise<void> {
    const { cursor } = this.#core
    const upTo = { ...cursor, seq: Math.min(seq, cursor.seq) }
    const has = (at: number) => at > afterSeq && !isLacked(lacks, at)
    const done = this.#rows.filter((row) => isPast(row, upTo) && has(row.ordered!.seq))
    if (done.length > 0) await this.#core.store(this.#remove(done))
  }

  /** Whether the frame is the one that this device sealed for a row of its own. */
  isOwn(frame: StreamFrame): boolean {
    const row = this.#rows.find(({ id }) => id === frame.id)
    return row?.sealed !== undefined && equalBytes(row.sealed.frame, frame.ct)
  }

  knows(id: string): boolean {
    return this.#rows.some((row) => row.id === id)
  }

  /** An own frame has come back: its row has its place. */
  returned(frame: StreamFrame): StorageChange[] {
    const { inc, seq } = frame
    return this.#replace((row) => (row.id === frame.id ? orderedAt(row, { inc, seq }) : row))
  }

  /** Where the row stands in the relay's order, as far as this device was told. */
  placeOf(id: string): Cursor | undefined {
    return this.#rows.find((row) => row.id === id)?.ordered
  }

  /** Rows with which nothing is left to do where the stream stands now. */
  sweep(): StorageChange[] {
    const { cursor, group, parts } = this.#core
    const alone = parts.ops.alone?.(group) ?? false
    return this.#remove(this.#rows.filter((row) => isDone(row, cursor, alone)))
  }

  // --- sealing and sending ---------------------------------------------------------------------------------------

  /** Stores `changes`, and seals and sends what can go now. */
  async go(changes: readonly StorageChange[] = []): Promise<void> {
    const sealed = await this.#seal()
    if (changes.length + sealed.length > 0) await this.#core.store([...changes, ...sealed])
    this.#send()
  }

  beginConnection(): void {
    this.#window.beginConnection()
    this.#clearPause()
  }

  /** The relay's counters are unknown: it has restarted, or opened an epoch again. */
  beginUnsure(): void {
    this.#window.beginUnsure()
    this.#clearPause()
  }

  beginEpoch(): void {
    this.#window.beginEpoch()
    this.#clearPause()
  }

  /** The relay has lost what it held. */
  newIncarnation(inc: string): StorageChange[] {
    this.beginUnsure()
    return this.#replace((row) => forNewIncarnation(row, inc))
  }

  /**
   * No frame sealed so far is sent again. In a new leaf they belong to the old one's ratchet, even in an equal epoch.
   */
  sealAnew(): StorageChange[] {
    return this.#replace(unsealed)
  }

  close(): void {
    this.#clearPause()
  }

  /** The advanced ratchet and the frames that used it are stored together, before any leaves. */
  async #seal(): Promise<StorageChange[]> {
    const core = this.#core
    if (!core.inStep || this.#hasStranger) return []
    const { epoch } = core
    let { group } = core
    const moved = this.#holdBack()
    const sealed = new Map<number, OutboxRow>()
    for (const row of toSend(this.#rows)) {
      if (this.#isHeld(row)) continue
      // Behind a row that is sealed anew everything is: receivers open a sender's frames in the order of their sealing.
      if (sealed.size === 0 && !needsSeal(row, epoch)) continue
      const got = await core.parts.ops.seal(group, row.content)
      group = got.group
      // The relay would not even answer: it closes the connection of whoever sends so much, again and again.
      const tooLarge = got.frame.length > limits.messageBytes
      sealed.set(
        row.order,
        tooLarge ? { ...unsealed(row), refused: 'too-large' } : { ...row, sealed: { epoch, frame: got.frame } },
      )
    }
    if (sealed.size === 0) return moved
    core.group = group
    return [...moved, ...this.#replace((row) => sealed.get(row.order) ?? row), ...core.groupChanges()]
  }

  /** The host does not want it sealed now. What is sealed for this epoch was sealed when it did. */
  #isHeld(row: OutboxRow): boolean {
    return needsSeal(row, this.#core.epoch) && (this.#core.parts.host.holds?.(row) ?? false)
  }

  /** Rows that are held go to the end: what is sealed meanwhile must be sent before them. */
  #holdBack(): StorageChange[] {
    const held = toSend(this.#rows).filter((row) => this.#isHeld(row))
    if (held.length === 0 || this.#rows.slice(-held.length).every((row) => held.includes(row))) return []
    const changes = this.#remove(held)
    for (const row of held) {
      const placed = again(row, this.#nextOrder())
      this.#rows.push(placed)
      changes.push(this.#put(placed))
    }
    return changes
  }

  get #hasStranger(): boolean {
    const { group, parts } = this.#core
    return parts.host.hasStranger?.(group) ?? false
  }

  #send(): void {
    const core = this.#core
    if (!core.inStep || this.#hasStranger || this.#endPause) return
    const { epoch } = core
    for (const row of toSend(this.#rows)) {
      if (this.#window.isOut(row.id)) continue
      if (this.#isHeld(row)) continue
      // Order: a row that cannot go yet holds back those behind it.
      if (row.sealed?.epoch !== epoch) return
      const sent = this.#window.take(row.id, core.inbox.top)
      if (!sent) return
      const back = (answer: Answer<Ordered> | undefined) =>
        core.later(() => this.#answered(row.id, epoch, sent, answer))
      core.parts.wire
        .send(row.kind, row.id, epoch, sent.n, row.sealed.frame, row.until)
        .then(back, () => back(undefined))
    }
  }

  async #answered(id: MessageId, epoch: number, sent: Sent, answer: Answer<Ordered> | undefined): Promise<void> {
    const current = this.#window.back(id, sent)
    const row = this.#rows.find((one) => one.id === id)
    if (answer?.ok && answer.inc === this.#core.cursor.inc) {
      if (current) this.#window.ordered(sent, answer.seq)
      if (row && !row.ordered) await this.#ordered(row, answer)
    } else if (current) {
      // No word, or one of another life of the relay, says nothing about the frame.
      this.#window.doubt()
      if (!answer || answer.ok) this.#rest()
      else await this.#refused(row, epoch, sent, answer)
    }
    await this.go()
  }

  async #ordered(row: OutboxRow, { inc, seq }: Ordered): Promise<void> {
    const changes = this.#replace((one) => (one.order === row.order ? orderedAt(one, { inc, seq }) : one))
    await this.#core.store([...changes, ...this.sweep()])
  }

  async #refused(row: OutboxRow | undefined, epoch: number, sent: Sent, answer: Refusal): Promise<void> {
    const core = this.#core
    const next = afterRefusal(answer.code, answer.n)
    switch (next.type) {
      case 'reseal':
        if (epoch !== core.epoch) return
        core.relayEpoch = answer.epoch ?? epoch + 1
        if (answer.inc === core.cursor.inc && answer.seq !== undefined) core.inbox.heardOf(answer.seq)
        this.#rest() // the commit that ended the epoch is on its way, as a rule
        return
      case 'resend':
        if (next.n !== undefined) this.#window.expects(next.n)
        if (next.n === undefined || next.n === sent.n) this.#rest() // a relay that contradicts itself
        return
      case 'later':
        this.#rest()
        return
      case 'rejoin-relay':
        core.resumedAt = undefined
        core.parts.host.onGap()
        return
      case 'refused':
        if (!row || row.ordered) return // its echo was faster
        await core.store(this.#replace((one) => (one.order === row.order ? { ...one, refused: answer.code } : one)))
    }
  }

  /** Sends nothing for a while. If the stream is then not where the relay is, this device asks. */
  #rest(delayMs = pauseMs): void {
    if (this.#endPause) return
    const { clock, host } = this.#core.parts
    this.#endPause = clock.after(delayMs, () => {
      this.#endPause = undefined
      this.#core.later(async () => {
        await this.go()
        const { resumedAt, relayEpoch, epoch, fallenOut } = this.#core
        if (!resumedAt || relayEpoch === epoch || fallenOut) return
        host.onGap()
        this.#rest(Math.min(2 * delayMs, limits.commitStandsMs))
      })
    })
  }

  #clearPause(): void {
    this.#endPause?.()
    this.#endPause = undefined
  }

  // --- storage ---------------------------------------------------------------------------------------------------

  #nextOrder(): number {
    return (this.#rows.at(-1)?.order ?? -1) + 1
  }

  #put(row: OutboxRow): StorageChange {
    return { type: 'put', key: rowKey(this.#core.parts.prefix, row.order), value: encodeRow(row) }
  }

  #replace(change: (row: OutboxRow) => OutboxRow): StorageChange[] {
    const changes: StorageChange[] = []
    this.#rows = this.#rows.map((row) => {
      const changed = change(row)
      if (changed !== row) changes.push(this.#put(changed))
      return changed
    })
    return changes
  }

  #remove(rows: readonly OutboxRow[]): StorageChange[] {
    if (rows.length === 0) return []
    this.#rows = this.#rows.filter((row) => !rows.includes(row))
    return rows.map((row) => ({ type: 'delete', key: rowKey(this.#core.parts.prefix, row.order) }))
  }
}
