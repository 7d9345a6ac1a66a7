/**
 * Conversations: what is said to one person of the room travels in a group of the two with all their devices, in a stream
 * of its own (protocol.md §5). It is begun when there is something to say, also while the other is away; follows the
 * devices that the two have in the room; and ends, keys and all, when either leaves.
 */
import {
  type DeviceId,
  fromBase64Url,
  type Incarnation,
  type MessageId,
  type PairId,
  type RelayEvents,
  type Resumed,
  toBase64Url,
  utf8,
  type WelcomeEvent,
} from '@qsec/protocol'
import * as v from 'valibot'
import { eraseGroup, type Group, type GroupMember, join } from '../crypto/index.ts'
import type { MessageRef } from '../messages/content.ts'
import type { StorageChange } from '../ports.ts'
import { parseStored } from '../room/device-store.ts'
import { type CommitChange, decodeStoredGroup, type PairApplication } from '../room/room-ops.ts'
import type { OutboxRow } from '../sync/outbox.ts'
import { Stream, type StreamParts } from '../sync/stream.ts'
import { type ConversationContent, decodeSaid, encodeSaid } from './content.ts'
import { type Conversation, conversationParts, hasTaken } from './conversation.ts'
import type { ConversationHost } from './host.ts'
import { hasPath, Mending } from './mending.ts'
import { openConversation, openingKey } from './opening.ts'
import { Seen } from './seen.ts'
import { Waiting } from './waiting.ts'

const receiptMs = 500
/** Welcomes kept by persons whom the room does not have: perhaps it will. */
const earlyAtMost = 16
const reopenMs = 10_000
/** For the Welcome of whoever was faster. */
const welcomeMs = 5_000
/** What a device lacks that is away for long is not kept for it beyond so much. */
const unconfirmedAtMost = 256

const storedLack = v.tuple([v.number(), v.number()])
const storedHave = v.array(
  v.tuple([
    v.string(),
    v.object({ inc: v.string(), seq: v.number(), lacks: v.exactOptional(v.array(storedLack), []) }),
  ]),
)
const storedConversation = v.object({
  pair: v.string(),
  with: v.string(),
  atMs: v.number(),
  pathMs: v.exactOptional(v.number(), 0),
  receiptOwed: v.exactOptional(v.boolean(), false),
})

type Receipt = Extract<ConversationContent, { type: 'receipt' }>

/** How far something that this device said to a person has come. */
export type SaidState = 'sending' | 'sent' | 'delivered' | 'not-delivered'

export class Conversations {
  readonly #host: ConversationHost
  readonly #all = new Map<PairId, Conversation>()
  readonly #mending: Mending
  readonly #seen: Seen
  readonly #waiting: Waiting
  readonly #opening = new Set<string>()
  readonly #awaited = new Map<string, () => void>()
  /** Welcomes by persons whom the room does not have so far, by conversation. */
  readonly #early = new Map<PairId, { welcome: WelcomeEvent; with: string }>()

  constructor(host: ConversationHost) {
    this.#host = host
    this.#mending = new Mending(host)
    this.#seen = new Seen(host.key('conversation-seen'))
    this.#waiting = new Waiting(host.key('conversation-waiting'))
  }

  async load(): Promise<void> {
    const { storage } = this.#host
    await this.#seen.load(storage)
    await this.#waiting.load(storage)
    const entries = await storage.list(`${this.#host.key('conversations')}/`)
    const all = entries.flatMap(({ value }) => parseStored(storedConversation, value) ?? [])
    for (const read of all.sort((a, b) => a.atMs - b.atMs)) {
      const id = read.pair as PairId
      const stream = await Stream.load(this.#parts(id), decodeStoredGroup)
      if (!stream) continue
      const have = decodeHave(await storage.get(this.#haveKey(id)))
      const { atMs, pathMs, receiptOwed } = read
      this.#all.set(id, { id, with: read.with, stream, atMs, have, pathMs, receiptOwed, isUsed: false, lost: false })
    }
    // A change of places that was broken off.
    for (const conversation of this.#all.values()) {
      const next = this.with(conversation.with)!
      if (next !== conversation) await this.#carryOver(conversation, next)
    }
  }

  close(): void {
    for (const { stream } of this.#all.values()) stream.close()
    for (const resolve of this.#awaited.values()) resolve()
  }

  byId(id: PairId | undefined): Conversation | undefined {
    return id && this.#all.get(id)
  }

  /** The newest one counts. */
  with(person: string): Conversation | undefined {
    return [...this.#all.values()].reverse().find((one) => one.with === person)
  }

  cursors(): ({ pair: PairId } & Conversation['stream']['cursor'])[] {
    return [...this.#all.values()].map(({ id, stream }) => ({ pair: id, ...stream.cursor }))
  }

  // --- saying ----------------------------------------------------------------------------------------------------

  /**
   * Stores `content` for `person`, on all devices of it and this person's others, together with `changes`. It goes when
   * it can, under one id in every try. Runs in the queue.
   */
  async say(person: string, id: MessageId, content: ConversationContent, changes: StorageChange[] = []): Promise<void> {
    const bytes = encodeSaid(id, content)
    const conversation = this.with(person)
    if (!conversation || this.#waiting.has(person)) {
      await this.#host.store([...changes, this.#waiting.add(person, id, bytes)])
    } else {
      conversation.isUsed = true
      await conversation.stream.enqueue('message', id, bytes, 'confirmed', changes)
      await this.#bound(conversation)
    }
    this.consider()
  }

  /**
   * Lets go of what the relay refused, so that it can be said again as it reads now: until then it counts as undelivered,
   * also after a reload. Runs in the queue.
   */
  async takeBack(person: string, id: MessageId): Promise<void> {
    const stream = this.with(person)?.stream
    if (!stream?.rows.some((one) => one.id === id && one.refused)) return
    await stream.discard(id, await this.#host.onUndelivered([id], []))
  }

  /** Says once more, under the same id, what was not delivered and was taken back. Runs in the queue. */
  async sayAgain(person: string, id: MessageId, content: ConversationContent, changes: StorageChange[]): Promise<void> {
    const row = this.with(person)?.stream.rows.find((one) => one.id === id)
    if (row || this.#waiting.of(person).some((one) => one.id === id)) await this.#host.store(changes)
    else await this.say(person, id, content, changes)
  }

  /**
   * Lets go of a message, and of what changes it, whoever lacks them. True: something of it is on its way, and cannot be
   * taken out yet. Runs in the queue.
   */
  async forget(ref: MessageRef): Promise<boolean> {
    const isAbout = ({ id, content }: { id: MessageId; content: Uint8Array }): boolean =>
      (ref.device === this.#host.identity.device && id === ref.id) || isSame(changedBy(content), ref)
    const waiting = this.#waiting.forget(isAbout)
    if (waiting.length > 0) await this.#host.store(waiting)
    let owes = false
    for (const { stream } of [...this.#all.values()]) {
      const ids = stream.rows.filter((row) => row.until === 'confirmed' && isAbout(row)).map(({ id }) => id)
      if (ids.length > 0) await stream.forget(ids)
      owes ||= stream.rows.some(({ id }) => ids.includes(id))
    }
    return owes
  }

  /** Tries again what the relay refused of this device's words. Runs in the queue. */
  async retry(person: string, id: MessageId): Promise<void> {
    const stream = this.with(person)?.stream
    if (stream?.rows.some((one) => one.id === id && one.refused)) await stream.retry(id)
  }

  /** Forgets what the relay refused of this device's words. Runs in the queue. */
  async discard(person: string, id: MessageId, changes: StorageChange[]): Promise<void> {
    const stream = this.with(person)?.stream
    if (stream?.rows.some((one) => one.id === id && one.refused)) await stream.discard(id, changes)
    else await this.#host.store(changes)
  }

  /** How far what this device said under `id` has come; undefined: there is no trace of it here any more. */
  stateOf(person: string, id: MessageId): SaidState | undefined {
    if (this.#waiting.of(person).some((one) => one.id === id)) return 'sending'
    const conversation = this.with(person)
    const row = conversation?.stream.rows.find((one) => one.id === id)
    if (!row) return undefined
    if (row.refused) return 'not-delivered'
    if (!row.ordered) return 'sending'
    const at = row.ordered
    const theirs = conversation!.stream.group.members.filter((member) => member.person === person)
    return theirs.some(({ device }) => hasTaken(conversation!, device, at)) ? 'delivered' : 'sent'
  }

  // --- what the room does ----------------------------------------------------------------------------------------

  /** Looks what the room's members mean for each conversation. */
  consider(): void {
    const { identity } = this.#host
    const members = this.#host.members()
    if (!members) return
    const persons = new Set(members.map(({ person }) => person))
    for (const conversation of [...this.#all.values()]) {
      if (this.#isOver(conversation, persons)) {
        void this.#host.run(() => this.#end(conversation))
        continue
      }
      this.#mending.look(conversation)
      this.#considerReceipt(conversation)
      this.#goOn(conversation)
    }
    for (const person of this.#waiting.persons) {
      if (!persons.has(person) && this.#host.isInStep())
        void this.#host.run(async () => this.#host.store(await this.#dropWaiting(person)))
      else if (person !== identity.person) this.#openSoon(person)
    }
    for (const [pair, early] of this.#early) {
      if (!persons.has(early.with)) continue
      this.#early.delete(pair)
      void this.#host.run(() => this.onWelcome(early.welcome).then(() => undefined))
    }
  }

  /** A person has left, by all that this device knows. */
  #isOver({ with: person, stream }: Conversation, persons: ReadonlySet<string>): boolean {
    if (persons.has(person)) return false
    const theirs = stream.group.members.filter((member) => member.person === person)
    return this.#host.isInStep() || theirs.every(({ device }) => this.#host.isGone(device))
  }

  /** Something may have held words back that does no longer; or this conversation needs another in its place. */
  #goOn(conversation: Conversation): void {
    const { stream, lost, with: person } = conversation
    if (lost) this.#openSoon(person)
    const waits = stream.rows.some(({ ordered, refused }) => !ordered && !refused)
    if (waits && stream.inStep) void this.#host.run(() => stream.retryBlocked())
  }

  async #end(conversation: Conversation): Promise<void> {
    if (this.#all.get(conversation.id) !== conversation) return
    const changes = [
      ...(await this.#lose(this.#unheard(conversation))),
      ...this.#forget(conversation),
      ...(await this.#dropWaiting(conversation.with)),
      { type: 'delete', key: openingKey(this.#host, conversation.with) } as const,
    ]
    await this.#host.store(changes)
    eraseGroup(conversation.stream.group)
  }

  async #dropWaiting(person: string): Promise<StorageChange[]> {
    return [...(await this.#lose(this.#waiting.of(person))), ...this.#waiting.drop(person)]
  }

  /** What was said in it, and no device of the other is known to have. */
  #unheard({ stream, with: person }: Conversation): OutboxRow[] {
    const said = stream.rows.filter(({ until }) => until === 'confirmed')
    return said.filter(({ id }) => this.stateOf(person, id) !== 'delivered')
  }

  #lose(rows: readonly { id: MessageId; content: Uint8Array }[]): Promise<StorageChange[]> {
    const changed = rows.flatMap(({ content }) => changedBy(content) ?? [])
    return this.#host.onUndelivered(
      rows.map(({ id }) => id),
      changed,
    )
  }

  #forget({ id, stream }: Conversation): StorageChange[] {
    stream.close()
    this.#all.delete(id)
    for (const name of ['mend', 'mend-out', 'path', 'commit', 'receipt', 'missing'])
      this.#host.timers.clear(`${name} ${id}`)
    return [
      { type: 'delete', key: this.#host.key('conversations', id) },
      { type: 'delete-prefix', prefix: `${this.#host.key('conversation', id)}/` },
    ]
  }

  // --- the connection --------------------------------------------------------------------------------------------

  disconnected(): void {
    for (const { stream } of this.#all.values()) stream.disconnected()
  }

  /** @param strays - conversations of this device that the relay has and that no Welcome will bring */
  async resumed(
    answers: readonly ({ pair: PairId } & Resumed)[],
    strays: readonly { pair: PairId; with: string }[] = [],
  ): Promise<void> {
    for (const conversation of [...this.#all.values()]) {
      const answer = answers.find(({ pair }) => pair === conversation.id)
      if (!answer) conversation.stream.disconnected()
      else {
        await conversation.stream.resumed(answer)
        this.#mending.resend(conversation)
      }
      // A stream says once that it fell out; a later answer of the relay does not bring it back.
      conversation.lost = answer === undefined || conversation.stream.fallenOut
    }
    for (const { pair, with: person } of strays) {
      if (!this.#all.has(pair)) this.#openSoon(person, pair)
    }
    this.consider()
  }

  // --- beginning -------------------------------------------------------------------------------------------------

  #openSoon(person: string, replaces?: PairId): void {
    const { timers, beside } = this.#host
    if (this.#opening.has(person) || !this.#host.connected()) return
    // A Welcome, or the answer to a later resume, may be on its way.
    const delayMs = replaces || this.with(person) ? receiptMs : 0
    timers.setOnce(`open ${person}`, delayMs, () => beside(this.#open(person, replaces)))
  }

  async #open(person: string, replaces: PairId | undefined): Promise<void> {
    const isMember = this.#host.members()?.some((member) => member.person === person)
    const current = this.with(person)
    if (this.#opening.has(person) || !isMember || (current && !current.lost)) return
    this.#opening.add(person)
    let done = false
    try {
      const opened = await openConversation(this.#host, person, replaces)
      if (opened.type === 'opened') {
        await this.#host.run(() => this.#begin(opened.id, person, opened.group, opened.at))
        done = true
      } else if (opened.type === 'exists') {
        done = await this.#overtaken(person, opened.id)
      }
    } finally {
      this.#opening.delete(person)
    }
    const { timers, beside } = this.#host
    if (!done) timers.set(`open ${person}`, reopenMs, () => beside(this.#open(person, undefined)))
  }

  /** The other was faster, and its Welcome is on the way; or it is one that this device has lost, and begins anew. */
  async #overtaken(person: string, id: PairId): Promise<boolean> {
    const isHere = () => this.byId(id)?.lost === false
    if (isHere()) return true
    if (!this.#all.has(id)) await this.#welcomed(person)
    if (isHere()) return true
    const opened = await openConversation(this.#host, person, id)
    if (opened.type !== 'opened') return false
    await this.#host.run(() => this.#begin(opened.id, person, opened.group, opened.at))
    return true
  }

  #welcomed(person: string): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#awaited.delete(person)
        resolve()
      }
      this.#awaited.set(person, done)
      this.#host.timers.set(`welcome ${person}`, welcomeMs, done)
    })
  }

  /** True where the Welcome was for a conversation, whatever became of it. */
  async onWelcome(welcome: WelcomeEvent, again = false): Promise<boolean> {
    const { identity, bundles, keyPackages } = this.#host
    const { pair } = welcome
    const sealed = fromBase64Url(welcome.ct)
    if (!sealed || !pair) return false
    if (this.#all.has(pair) || (await keyPackages.hasServed(pair))) return true
    for (const { key, value } of await keyPackages.all()) {
      const joined = await join(identity, value, sealed, {
        expect: { purpose: 'conversation', address: identity.room },
        requireInvitePsk: false,
        bundles: bundles.source,
      })
      if (joined.ok) {
        await this.#enter(key, pair, joined.group, welcome)
        return true
      }
      if (joined.reason === 'wrong-purpose') return false
      if (joined.missing && !again) {
        const fetched = this.#host.fetchBundles(joined.missing)
        this.#host.beside(fetched.then(() => this.#host.run(() => this.onWelcome(welcome, true).then(() => undefined))))
        return true
      }
    }
    return false
  }

  async #enter(key: string, pair: PairId, group: Group, welcome: WelcomeEvent): Promise<void> {
    const { identity, keyPackages } = this.#host
    const { purpose, groupId } = group
    if (purpose.kind !== 'conversation' || toBase64Url(groupId) !== String(pair)) return
    const person = purpose.persons.find((one) => one !== identity.person)!
    // Anybody can make up persons and devices: it counts once the room has this one.
    if (!this.#host.isInRoom(person)) {
      if (this.#early.size < earlyAtMost) this.#early.set(pair, { welcome, with: person })
      return
    }
    await keyPackages.used(key, pair)
    await this.#begin(pair, person, group, welcome)
    this.#awaited.get(person)?.()
    this.#host.beside(keyPackages.publish())
  }

  async #begin(
    id: PairId,
    person: string,
    group: Group,
    { inc, seq }: { inc: WelcomeEvent['inc']; seq: number },
  ): Promise<void> {
    const before = [...this.#all.values()].filter((one) => one.with === person)
    const { stream, changes } = Stream.begin(this.#parts(id), { group, inc, seq })
    const atMs = this.#host.clock.nowMs()
    const own = { pathMs: 0, receiptOwed: false, isUsed: true, lost: false }
    const conversation: Conversation = { id, with: person, stream, atMs, have: new Map(), ...own }
    this.#all.set(id, conversation)
    await this.#host.store([
      ...changes,
      this.#noted(conversation),
      { type: 'delete', key: openingKey(this.#host, person) },
    ])
    for (const one of before) await this.#carryOver(one, conversation)
    for (const { id: said, content, change } of this.#waiting.take(person)) {
      await stream.enqueue('message', said, content, 'confirmed', [change])
    }
    this.#host.resume()
  }

  /** What nobody confirmed goes again in the conversation that takes the place of `old`, under the same ids. */
  async #carryOver(old: Conversation, next: Conversation): Promise<void> {
    const isWanted = ({ until, refused }: OutboxRow) => until === 'confirmed' && !refused
    for (const { id, content } of old.stream.rows.filter(isWanted)) {
      if (next.stream.rows.some((row) => row.id === id)) continue
      await next.stream.enqueue('message', id, content, 'confirmed')
    }
    const refused = old.stream.rows.filter((row) => row.until === 'confirmed' && row.refused)
    await this.#host.store([...(await this.#lose(refused)), ...this.#forget(old)])
    eraseGroup(old.stream.group)
  }

  // --- what comes ------------------------------------------------------------------------------------------------

  async onFrame(
    name: 'encrypted_message' | 'commit',
    frame: RelayEvents['encrypted_message'] | RelayEvents['commit'],
  ): Promise<void> {
    const ct = fromBase64Url(frame.ct)
    const conversation = this.byId(frame.pair)
    if (!ct || !conversation) return
    const { inc, seq, epoch, id, device, at } = frame
    const kind = name === 'commit' ? 'commit' : 'message'
    await conversation.stream.receive({ kind, inc, seq, epoch, id, device, ct, atMs: at })
  }

  async onVerdict(name: 'commit_stands' | 'commit_nack', verdict: RelayEvents['commit_stands']): Promise<void> {
    const stream = this.byId(verdict.pair)?.stream
    if (name === 'commit_stands') await stream?.stands(verdict.seq)
    else await stream?.withdrawn(verdict.seq)
  }

  /** Where the relay says that the stream stands. One that goes back shows to the others at the next receipt. */
  async onHeartbeat(id: PairId | undefined, at: { inc: Incarnation; seq: number; epoch: number }): Promise<void> {
    const rewound = await this.byId(id)?.stream.heard(at)
    if (rewound) await this.#host.store(this.#host.onUnreadable(undefined, 'rewound'))
  }

  async #onContent(id: PairId, sender: GroupMember, bytes: Uint8Array, takenMs: number): Promise<StorageChange[]> {
    const conversation = this.#all.get(id)
    if (!conversation) return []
    // It can still seal until it is taken out, which waits for whoever is connected; it has no say any more. A device that
    // this one has not seen coming may be from an epoch to come: its person's keys vouch for it.
    if (this.#host.isGone(sender.device) || !this.#host.isInRoom(sender.person)) {
      return this.#host.onUnreadable(sender.device, 'sender-not-in-room')
    }
    const said = decodeSaid(bytes)
    if (said?.content?.type === 'receipt') return this.#onReceipt(conversation, sender, said.content)
    conversation.isUsed = true
    const owed = this.#oweReceipt(conversation)
    if (!said?.content) return [...owed, ...this.#host.onUnreadable(sender.device, 'unknown-content')]
    if (this.#seen.has(sender.device, said.id)) return owed
    const seen = this.#seen.add(sender.device, said.id)
    return [
      ...owed,
      ...seen,
      ...(await this.#host.onHeard({
        id: said.id,
        from: sender,
        with: conversation.with,
        content: said.content,
        takenMs,
      })),
    ]
  }

  async #onReceipt(
    conversation: Conversation,
    { device: by, person }: GroupMember,
    receipt: Receipt,
  ): Promise<StorageChange[]> {
    const { inc, seq, lacks = [], transcript } = receipt
    const { stream, splitIn } = conversation
    if (transcript && stream.cursor.inc === inc && stream.agrees(seq, transcript) === false) {
      if (splitIn === stream.epoch) return []
      conversation.splitIn = stream.epoch
      return this.#host.onSplitView(by)
    }
    conversation.have.set(by, { inc, seq, lacks })
    for (const device of conversation.have.keys()) {
      if (!stream.group.members.some((member) => member.device === device)) conversation.have.delete(device)
    }
    void this.#host.run(() => this.#confirm(conversation))
    const value = utf8(JSON.stringify([...conversation.have]))
    const has = ({ ordered }: OutboxRow) => ordered?.inc === inc && ordered.seq <= seq
    const delivered = person === conversation.with ? stream.rows.filter(has).map(({ id }) => id) : []
    return [{ type: 'put', key: this.#haveKey(conversation.id), value }, ...(await this.#host.onDelivered(delivered))]
  }

  /** @returns what to store with what came: whoever closes the page before the receipt is said owes it at the next start */
  #oweReceipt(conversation: Conversation): StorageChange[] {
    const wasOwed = conversation.receiptOwed
    conversation.receiptOwed = true
    this.#considerReceipt(conversation)
    return wasOwed ? [] : [this.#noted(conversation)]
  }

  #considerReceipt(conversation: Conversation): void {
    if (!conversation.receiptOwed) return
    const { id, stream } = conversation
    this.#host.timers.setOnce(`receipt ${id}`, receiptMs, () => {
      void this.#host.run(async () => {
        if (this.#all.get(id) !== conversation || !conversation.receiptOwed) return
        const { cursor, lacks, transcript: seen } = stream
        const receipt: Receipt = {
          type: 'receipt',
          ...cursor,
          ...(lacks.length > 0 ? { lacks } : {}),
          ...(seen ? { transcript: new Uint8Array(seen.hash) } : {}),
        }
        const said = toBase64Url(this.#host.random(16)) as string as MessageId
        conversation.receiptOwed = false
        await stream.enqueue('message', said, encodeSaid(said, receipt), 'ordered', [this.#noted(conversation)])
      })
    })
  }

  /** What every other device has is done. */
  async #confirm({ stream, have }: Conversation): Promise<void> {
    const { group, cursor } = stream
    const others = group.members.filter(({ leaf }) => leaf !== group.ownLeaf)
    const told = others.map(({ device }) => {
      const one = have.get(device)
      return one?.inc === cursor.inc ? one : { seq: 0, lacks: [] }
    })
    await stream.confirmed(
      Math.min(...told.map(({ seq }) => seq)),
      0,
      told.flatMap(({ lacks }) => lacks),
    )
  }

  async #bound(conversation: Conversation): Promise<void> {
    const { stream } = conversation
    if (stream.rows.length > unconfirmedAtMost) await stream.confirmed(farthestOf(conversation, stream.cursor.inc))
  }

  #noted({ id, with: person, atMs, pathMs, receiptOwed }: Conversation): StorageChange {
    const value = utf8(JSON.stringify({ pair: id, with: person, atMs, pathMs, receiptOwed }))
    return { type: 'put', key: this.#host.key('conversations', id), value }
  }

  #onOwnCommit(id: PairId, note: string): StorageChange[] {
    const conversation = this.#all.get(id)
    if (!conversation || !hasPath(note)) return []
    conversation.pathMs = this.#host.clock.nowMs()
    conversation.isUsed = false
    this.#host.timers.clear(`path ${id}`)
    return [this.#noted(conversation)]
  }

  #haveKey(id: PairId): string {
    return this.#host.key('conversation', id, 'have')
  }

  #parts(id: PairId): StreamParts<Group, PairApplication, CommitChange> {
    const current = () => this.#all.get(id)
    return conversationParts(this.#host, id, current, {
      onContent: (sender, content, takenMs) => this.#onContent(id, sender, content, takenMs),
      onOwn: (id) => this.#host.onSent(id),
      onOwnCommit: (note) => this.#onOwnCommit(id, note),
      onTakenOut: () => {
        const over = current()
        if (over) void this.#host.run(() => this.#takenOut(over))
      },
      onLost: () => {
        const over = current()
        if (!over) return
        over.lost = true
        this.#openSoon(over.with)
      },
      onStored: () => {
        const conversation = current()
        if (conversation) this.#mending.look(conversation)
      },
    })
  }

  /** What this device still had to say waits for the next one. */
  async #takenOut(conversation: Conversation): Promise<void> {
    const { id, with: person, stream } = conversation
    if (this.#all.get(id) !== conversation) return
    const rows = stream.rows.filter(({ until, refused }) => until === 'confirmed' && !refused)
    const kept = rows.map((row) => this.#waiting.add(person, row.id, row.content))
    await this.#host.store([...kept, ...this.#forget(conversation)])
    eraseGroup(stream.group)
    this.consider()
  }
}

/** Up to where a device of the other person has everything, in this life of the relay. */
function farthestOf({ stream, have, with: person }: Conversation, inc: string): number {
  const theirs = stream.group.members.filter((member) => member.person === person)
  return Math.max(0, ...theirs.flatMap(({ device }) => (have.get(device)?.inc === inc ? have.get(device)!.seq : [])))
}

/** The message that a content of this device changes, if it does. */
function changedBy(content: Uint8Array): MessageRef | undefined {
  const said = decodeSaid(content)?.content
  return said && 'of' in said ? said.of : undefined
}

function isSame(one: MessageRef | undefined, other: MessageRef): boolean {
  return one?.device === other.device && one.id === other.id
}

function decodeHave(bytes: Uint8Array<ArrayBuffer> | undefined): Conversation['have'] {
  const stored = parseStored(storedHave, bytes) ?? []
  return new Map(stored.map(([device, at]) => [device as DeviceId, { ...at, inc: at.inc as Incarnation }]))
}
