/**
 * One device in one room: the main path. Frames and wishes go through one queue; what they change is stored first and
 * shown afterwards; what the room needs next (commits, receipts, names) follows from what is stored.
 */
import {
  type Answer,
  type DeviceId,
  fromBase64Url,
  type JoinAnswer,
  type MessageId,
  type PubkeyList,
  type RelayEventName,
  type RelayEvents,
  roomKind,
  toBase64Url,
  type UserList,
  utf8,
  type WelcomeEvent,
  Writer,
} from '@qsec/protocol'
import * as v from 'valibot'
import { type Envelope, encodeEnvelope, type LinkReport, type NameClaim, type RoomContent } from '../content.ts'
import {
  createRoomGroup,
  decodeGroup,
  deriveInvite,
  encodeGroup,
  formatLinkFragment,
  type Group,
  join,
  makeKeyPackage,
  sha256,
  signCommitNack,
  signNameClaim,
} from '../crypto/index.ts'
import type { ClientEnv } from '../entry.ts'
import { type StorageChange, StorageError, type Transport, type TransportState } from '../ports.ts'
import { labelOf, type PadKind } from '../quantum/label.ts'
import { Quantum } from '../quantum/quantum.ts'
import type { Phase, RoomClient, RoomSnapshot, TimelineItem } from '../snapshot.ts'
import { Serial } from '../sync/serial.ts'
import type { Missing, PendingCommit, StreamFrame, StreamHost } from '../sync/session.ts'
import { Stream, type StreamParts } from '../sync/stream.ts'
import { Bundles } from './bundles.ts'
import { loginAndJoin } from './connection.ts'
import { type ClaimedDevice, type DeviceMeta, deviceKey, eraseDevice, parseStored } from './device-store.ts'
import { type CommitNote, inviteLifetimeMs, liveInvite, Membership, noteOf } from './membership.ts'
import { holds, type Known } from './people.ts'
import { contradicts, receiptOf, receiptPauseMs } from './receipts.ts'
import { type CommitChange, type RoomApplication, roomOps } from './room-ops.ts'
import type { RoomStream } from './room-stream.ts'
import { newSelf, parseSelf, type SelfState, selfChange, withAck } from './self.ts'
import { Timeline } from './timeline.ts'
import { Timers } from './timers.ts'
import { itemView, peopleOf, quantumView, type ViewInput, viewOf } from './view.ts'
import { rankOf } from './wants.ts'

const reconnectPauseMs = 2_000
const welcomeWaitMs = 10_000
const rejoinPauseMs = 10_000
const leaveWaitMs = 3_000
const logLinesKept = 500
/** A device renews its own path within five minutes of joining, and daily. */
const firstPathMs = { from: 15_000, to: 240_000 }
const dailyMs = 86_400_000

const storedKnown: v.GenericSchema<unknown, Known> = v.object({
  claim: v.exactOptional(v.object({ device: v.string(), name: v.string(), atMs: v.number(), signature: v.string() })),
  sinceSeq: v.number(),
  receiptSeq: v.number(),
})
const storedRequest = v.object({ keyPackage: v.string(), secret: v.string(), again: v.boolean(), atMs: v.number() })
type StoredRequest = v.InferOutput<typeof storedRequest>

/** What a device brings along that founds a room: its group in epoch 0. */
export interface Founding {
  group: Group
}

export class Room implements RoomClient, StreamHost<Group, RoomApplication, CommitChange> {
  readonly #env: ClientEnv
  readonly #claimed: ClaimedDevice
  #meta: DeviceMeta
  readonly #transport: Transport
  readonly #queue = new Serial()
  readonly #timers: Timers
  readonly #bundles: Bundles
  readonly #timeline: Timeline
  readonly #membership: Membership
  readonly #quantum: Quantum
  readonly #people = new Map<DeviceId, Known>()
  #self: SelfState = newSelf()
  #stream: RoomStream | undefined
  #founding: Group | undefined
  #request: StoredRequest | undefined
  #present = new Set<DeviceId>()
  #waiting: DeviceId[] = []
  #expected: number | undefined
  #log: RoomSnapshot['roomLog'] = []
  #phase: Phase = { at: 'connecting' }
  #attempt = 0
  #rejoinAskedMs = Number.NEGATIVE_INFINITY
  #receiptDue = false
  #outcome: RoomSnapshot['quantum']['outcome']
  #alarmed = new Set<string>()
  #listeners = new Set<() => void>()
  #snapshot: RoomSnapshot | undefined
  #views = new Map<number, TimelineItem>()
  #notifying = false
  #closed = false

  private constructor(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string) {
    this.#env = env
    this.#claimed = claimed
    this.#meta = claimed.meta
    this.#expected = claimed.meta.expected
    this.#timers = new Timers(env.clock)
    const { device, room } = claimed.identity
    this.#bundles = new Bundles(room, deviceKey(device, 'bundle'))
    this.#timeline = new Timeline(deviceKey(device, 'timeline'))
    this.#transport = env.connect(relayUrl)
    this.#membership = new Membership({
      room,
      transport: this.#transport,
      clock: env.clock,
      random: env.random,
      queue: this.#queue,
      timers: this.#timers,
      bundles: this.#bundles,
      stream: () => (this.#phase.at === 'member' ? this.#stream : undefined),
      present: () => this.#present,
      leaving: () => new Set(this.#self.leaving),
      expected: () => this.#expected,
    })
    this.#quantum = new Quantum(this.#quantumHost())
  }

  #quantumHost(): ConstructorParameters<typeof Quantum>[0] {
    const { storage, clock, random } = this.#env
    const alive = (device: DeviceId) => !this.#self.leaving.includes(device)
    const members = () => this.#stream?.group.members.map(({ device }) => device).filter(alive) ?? []
    const connected = () => this.#transport.state === 'connected' && this.#phase.at === 'member'
    return {
      identity: this.#claimed.identity,
      storage,
      clock,
      random,
      transport: this.#transport,
      queue: this.#queue,
      timers: this.#timers,
      bundles: this.#bundles,
      key: (...path) => this.#key(...path),
      group: () => (connected() ? this.#stream?.group : undefined),
      members,
      presentMembers: () => members().filter((device) => device === this.#device || this.#present.has(device)),
      rank: () => (this.#stream ? rankOf(this.#stream.group, this.#present) : 0),
      say: (content) => this.#say(content, 'ordered'),
      propose: (intent, note) => this.#membership.propose(intent, note),
      eavesdropper: () => this.#self.eavesdropper.on,
      resume: () => this.#resume(),
      retryBlocked: () => this.#later(() => this.#stream?.retryBlocked()),
      store: (changes) => this.#store(changes),
      run: (job) => this.#later(job),
      fetchBundles: (credentials) => this.#fetchBundles(credentials),
    }
  }

  /** Opens the room with a claimed device. `founding` is the group that this device made for a room to be created. */
  static async open(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string, founding?: Group): Promise<Room> {
    const room = new Room(env, claimed, relayUrl)
    await room.#load(founding)
    room.#listen()
    return room
  }

  // --- what applications see -------------------------------------------------------------------------------------

  get snapshot(): RoomSnapshot {
    this.#snapshot ??= this.#draw()
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  send(text: string): Promise<void> {
    return this.#run(async () => {
      const { device } = this.#claimed.identity
      const atMs = this.#env.clock.nowMs()
      await this.#say({ type: 'text', text, atMs }, 'confirmed', (id) => this.#timeline.say({ id, device, text, atMs }))
    })
  }

  retry(key: string): Promise<void> {
    return this.#run(() => this.#stream?.retry(idIn(key)))
  }

  discard(key: string): Promise<void> {
    const { device } = this.#claimed.identity
    return this.#run(() => this.#stream?.discard(idIn(key), this.#timeline.remove(device, idIn(key))))
  }

  switchEavesdropper(on: boolean): Promise<void> {
    return this.#run(() => this.#say({ type: 'eavesdropper', on }, 'ordered'))
  }

  runKeyExchange(): void {
    void this.#run(() => this.#say({ type: 'key-exchange-wanted' }, 'ordered'))
  }

  async leave(): Promise<void> {
    if (this.#stream && this.#phase.at === 'member') {
      await this.#run(() => this.#say({ type: 'leave' }, 'ordered'))
      const untilMs = this.#env.clock.nowMs() + leaveWaitMs
      while (this.#stream.rows.some((row) => !row.ordered) && this.#env.clock.nowMs() < untilMs) {
        await new Promise<void>((resolve) => this.#env.clock.after(50, resolve))
      }
    }
    await this.#transport.request('leave', { room: this.#address }, leaveWaitMs)
    await this.#run(() => this.#end({ at: 'left' }))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#timers.close()
    this.#transport.close()
    this.#stream?.close()
    this.#quantum.close()
    await this.#queue.idle()
    this.#claimed.release()
  }

  // --- start -----------------------------------------------------------------------------------------------------

  get #address(): RoomSnapshot['address'] {
    return this.#claimed.identity.room
  }

  get #device(): DeviceId {
    return this.#claimed.identity.device
  }

  #key(...path: string[]): string {
    return deviceKey(this.#device, ...path)
  }

  async #load(founding: Group | undefined): Promise<void> {
    const { storage } = this.#env
    await this.#bundles.load(storage)
    await this.#env.storage.apply(await this.#bundles.add(this.#claimed.identity.bundleBytes))
    await this.#timeline.load(storage)
    this.#self = parseSelf(await storage.get(this.#key('self'))) ?? newSelf()
    this.#request = parseStored(storedRequest, await storage.get(this.#key('request')))
    for (const { key, value } of await storage.list(`${this.#key('people')}/`)) {
      const known = parseStored(storedKnown, value)
      if (known) this.#people.set(key.slice(key.lastIndexOf('/') + 1) as DeviceId, known)
    }
    await this.#quantum.load()
    this.#stream = await Stream.load(this.#streamParts(), (bytes) => this.#decode(bytes))
    const stored = await storage.get(this.#key('founding'))
    this.#founding = founding ?? (stored && (await this.#decode(stored)))
  }

  async #decode(bytes: Uint8Array): Promise<Group | undefined> {
    return decodeGroup(bytes)
  }

  #streamParts(): StreamParts<Group, RoomApplication, CommitChange> {
    return {
      prefix: this.#key('room'),
      storage: this.#env.storage,
      clock: this.#env.clock,
      queue: this.#queue,
      ops: roomOps(this.#bundles.source, this.#quantum.psks),
      wire: {
        send: (_kind, id, epoch, n, frame) =>
          this.#transport.request('encrypted_message', { room: this.#address, id, epoch, n, ct: toBase64Url(frame) }),
      },
      host: this,
    }
  }

  #listen(): void {
    this.#transport.onEvent((name, payload, done) => {
      void this.#run(() => this.#onEvent(name, payload)).then(done)
    })
    this.#transport.onState((state) => this.#onState(state))
    this.#onState(this.#transport.state)
  }

  #onState(state: TransportState): void {
    this.#changed()
    this.#attempt++
    if (state === 'connected') void this.#connect()
    else {
      this.#stream?.disconnected()
      this.#quantum.pairs.disconnected()
    }
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt
    const cursor = this.#stream?.cursor ?? {}
    const create = this.#stream ? undefined : await this.#creation()
    const secret = this.#stream ? undefined : this.#meta.secret
    const { identity } = this.#claimed
    const answer = await loginAndJoin(this.#transport, this.#env.clock, identity, this.#address, secret, {
      ...cursor,
      ...(this.#stream ? { pairs: this.#quantum.pairs.cursors() } : {}),
      ...(create ? { create } : {}),
    })
    if (attempt !== this.#attempt || this.#closed) return
    await this.#run(() => this.#joined(answer))
  }

  /** What founds the room: always tried in an open one, where the first to come makes it. */
  async #creation(): Promise<{ expected?: number; joinKeys: ReturnType<typeof toBase64Url>[] } | undefined> {
    const { clock, random, storage } = this.#env
    if (!this.#founding && roomKind(this.#address) === 'open') {
      this.#founding = await createRoomGroup(this.#claimed.identity, {
        nonce: random(16),
        nowMs: clock.nowMs(),
        invites: [],
      })
      await storage.apply([{ type: 'put', key: this.#key('founding'), value: encodeGroup(this.#founding) }])
    }
    if (!this.#founding) return undefined
    const joinKeys = this.#founding.invites.map(({ secret }) =>
      toBase64Url(deriveInvite(this.#address, secret).joinPublicKey),
    )
    return this.#meta.expected === undefined ? { joinKeys } : { expected: this.#meta.expected, joinKeys }
  }

  async #joined(answer: Answer<JoinAnswer> | undefined): Promise<void> {
    if (!answer) {
      this.#timers.set('connect', reconnectPauseMs, () => {
        if (this.#transport.state === 'connected') void this.#connect()
      })
      return
    }
    if (!answer.ok) return this.#refusedJoin(answer)
    if (answer.state === 'waiting') return this.#wait()
    if (!this.#stream && this.#founding && answer.epoch === this.#founding.epoch) await this.#found(answer)
    else if (!this.#stream) {
      // A member of whom the Welcome is still on its way, or was lost with the relay's memory.
      this.#setPhase({ at: 'waiting', anyoneHere: this.#anyoneHere() })
      this.#timers.set('welcome', welcomeWaitMs, () => void this.#run(() => this.#ask(true)))
      return
    }
    await this.#resumed(answer)
  }

  async #resumed(answer: Extract<JoinAnswer, { state: 'member' }>): Promise<void> {
    const stream = this.#stream
    if (!stream) return
    const restarted = stream.cursor.inc !== answer.inc
    if (this.#phase.at === 'connecting') this.#setPhase({ at: 'member' })
    const { lost } = await stream.resumed(answer)
    await this.#quantum.pairs.resumed(answer.pairs)
    const nowMs = this.#env.clock.nowMs()
    if (lost) await this.#store(this.#timeline.tell({ type: 'gap', ...lost }, nowMs))
    else if (restarted) await this.#store(this.#timeline.tell({ type: 'relay-restarted' }, nowMs))
    if (this.#phase.at === 'rejoining') return this.#ask(true)
    this.#membership.resend()
    void this.#quantum.pairs.publish()
    this.#considerAll()
  }

  async #refusedJoin(refusal: Extract<Answer<JoinAnswer>, { ok: false }>): Promise<void> {
    if (['rate-limited', 'unavailable', 'internal', 'not-logged-in', 'exists'].includes(refusal.code)) {
      this.#timers.set('connect', reconnectPauseMs, () => void this.#connect())
      return
    }
    this.#setPhase({ at: 'refused', code: refusal.code, message: refusal.message })
    this.#transport.close()
  }

  async #found(answer: Extract<JoinAnswer, { state: 'member' }>): Promise<void> {
    const { stream, changes } = Stream.begin(this.#streamParts(), {
      group: this.#founding!,
      inc: answer.inc,
      seq: answer.seq,
    })
    this.#stream = stream
    this.#founding = undefined
    const nowMs = this.#env.clock.nowMs()
    await this.#store([
      ...changes,
      { type: 'delete', key: this.#key('founding') },
      ...this.#timeline.tell({ type: 'created', by: this.#device }, nowMs),
    ])
    this.#setPhase({ at: 'member' })
  }

  // --- coming in -------------------------------------------------------------------------------------------------

  async #wait(): Promise<void> {
    if (this.#founding) {
      this.#founding = undefined // somebody else founded this open room
      await this.#store([{ type: 'delete', key: this.#key('founding') }])
    }
    await this.#ask(this.#stream !== undefined)
  }

  /** Asks to be let in, or back in (`again`), with a KeyPackage that waits at the relay. */
  async #ask(again: boolean): Promise<void> {
    const { clock } = this.#env
    const nowMs = clock.nowMs()
    this.#setPhase({ at: again && this.#stream ? 'rejoining' : 'waiting', anyoneHere: this.#anyoneHere() })
    if (!this.#request || this.#request.again !== again || again || nowMs - this.#request.atMs > inviteLifetimeMs) {
      const { secret } = this.#meta
      const expiresMs = nowMs + inviteLifetimeMs
      const invited = !again && secret && roomKind(this.#address) === 'closed'
      const made = await makeKeyPackage(this.#claimed.identity, {
        nowMs,
        ...(invited ? { invite: { rid: this.#address, secret, expiresMs } } : {}),
      })
      this.#request = { keyPackage: toBase64Url(made.keyPackage), secret: toBase64Url(made.secret), again, atMs: nowMs }
      await this.#store([{ type: 'put', key: this.#key('request'), value: utf8(JSON.stringify(this.#request)) }])
    }
    const request = this.#request.keyPackage as ReturnType<typeof toBase64Url>
    void this.#transport.request('announce_pubkey', { room: this.#address, request }).then((answer) => {
      // Published now, so that others can prepare something for this device even if it goes away at once.
      if (answer?.ok) void this.#quantum.pairs.publish()
      const retry = !answer?.ok && this.#transport.state === 'connected' && !this.#closed
      if (retry) this.#timers.set('ask', reconnectPauseMs, () => void this.#run(() => this.#ask(again)))
    })
  }

  async #onWelcome(welcome: WelcomeEvent): Promise<void> {
    const sealed = fromBase64Url(welcome.ct)
    const request = this.#request
    const secret = request && fromBase64Url(request.secret)
    if (!sealed || !request || !secret || (this.#stream && !request.again)) return
    const closed = roomKind(this.#address) === 'closed'
    const invited = closed && !request.again && this.#meta.secret
    const welcomed = async () =>
      join(this.#claimed.identity, secret, sealed, {
        expect: { purpose: 'room', address: this.#address },
        requireInvitePsk: closed && !request.again,
        ...(invited ? { invite: { secret: invited } } : {}),
        bundles: this.#bundles.source,
      })
    let joined = await welcomed()
    if (!joined.ok && joined.missing) {
      await this.#fetchBundles(joined.missing)
      joined = await welcomed()
    }
    if (!joined.ok) {
      if (joined.reason === 'not-for-this-key-package') return
      if (this.#stream) return this.#ask(true)
      this.#setPhase({
        at: 'refused',
        code: 'bad-welcome',
        message: `The room's welcome does not hold (${joined.reason}).`,
      })
      this.#transport.close()
      return
    }
    await this.#enter(joined.group, welcome)
  }

  async #enter(group: Group, welcome: WelcomeEvent): Promise<void> {
    const nowMs = this.#env.clock.nowMs()
    const start = { group, inc: welcome.inc, seq: welcome.seq }
    this.#request = undefined
    this.#self = { ...this.#self, leaving: [] }
    delete this.#self.secret
    const changes: StorageChange[] = [{ type: 'delete', key: this.#key('request') }, this.#selfChange()]
    for (const { device } of group.members) {
      if (!this.#people.has(device)) changes.push(...this.#know(device, { sinceSeq: 0, receiptSeq: 0 }))
    }
    if (this.#stream) {
      changes.push(...this.#timeline.tell({ type: 'rejoined', people: [this.#device] }, nowMs))
      await this.#stream.replaceGroup(start, changes)
    } else {
      const { stream, changes: begun } = Stream.begin(this.#streamParts(), start)
      this.#stream = stream
      changes.push(...this.#timeline.tell({ type: 'you-joined', earlierUnreadable: true }, nowMs))
      await this.#store([...begun, ...changes])
    }
    this.#setPhase({ at: 'member' })
    this.#timers.clear('welcome')
    await this.#resume()
    await this.#sayNames([await this.#ownClaim()])
  }

  /** Asks for the frames after the cursor, on the connection that is logged in already. */
  async #resume(): Promise<void> {
    const stream = this.#stream
    if (!stream) return
    const pairs = this.#quantum.pairs.cursors()
    const answer = await this.#transport.request('join', { room: this.#address, ...stream.cursor, pairs })
    if (answer?.ok && answer.state === 'member') await this.#resumed(answer)
  }

  async #fetchBundles(credentials: readonly Uint8Array[]): Promise<void> {
    const hashes = credentials.map((credential) => toBase64Url(credential))
    const answer = await this.#transport.request('fetch_bundles', { room: this.#address, hashes })
    if (!answer?.ok) return
    for (const text of answer.bundles) {
      const bytes = fromBase64Url(text)
      if (bytes) await this.#store(await this.#bundles.add(bytes))
    }
  }

  // --- what the relay says ---------------------------------------------------------------------------------------

  async #onEvent<K extends RelayEventName>(name: K, payload: RelayEvents[K]): Promise<void> {
    if (payload.room !== this.#address) return
    const event = { name, payload } as { [N in RelayEventName]: { name: N; payload: RelayEvents[N] } }[RelayEventName]
    switch (event.name) {
      case 'encrypted_message':
      case 'commit':
        if (event.payload.pair) return this.#quantum.onFrame(event.name, event.payload)
        return this.#onFrame(event.name, event.payload)
      case 'bb84_message':
      case 'roomkey_share':
        return this.#quantum.onFrame(event.name, event.payload)
      case 'commit_stands':
        if (event.payload.pair) return this.#quantum.onVerdict(event.name, event.payload)
        return this.#stream?.stands(event.payload.seq)
      case 'commit_nack':
        if (event.payload.pair) return this.#quantum.onVerdict(event.name, event.payload)
        await this.#stream?.withdrawn(event.payload.seq)
        return this.#considerAll()
      case 'welcome':
        return event.payload.pair ? this.#quantum.onWelcome(event.payload) : this.#onWelcome(event.payload)
      case 'user_list':
        return this.#onUserList(event.payload)
      case 'pubkey_list':
        return this.#onPubkeyList(event.payload)
      case 'room_logs':
        this.#log = [...this.#log, ...event.payload.logs.filter(({ id }) => id > (this.#log.at(-1)?.id ?? 0))].slice(
          -logLinesKept,
        )
        return this.#changed()
      case 'join_failed':
        return
    }
  }

  async #onFrame(
    kind: 'encrypted_message' | 'commit',
    frame: RelayEvents['encrypted_message'] | RelayEvents['commit'],
  ): Promise<void> {
    const ct = fromBase64Url(frame.ct)
    if (!ct) return
    if ('bundles' in frame) {
      for (const text of frame.bundles) {
        const bytes = fromBase64Url(text)
        if (bytes) await this.#store(await this.#bundles.add(bytes))
      }
    }
    const { inc, seq, epoch, id, device, at } = frame
    await this.#stream?.receive({
      kind: kind === 'commit' ? 'commit' : 'message',
      inc,
      seq,
      epoch,
      id,
      device,
      ct,
      atMs: at,
    })
  }

  #onUserList(list: UserList): void {
    this.#present = new Set(list.members.filter(({ present }) => present).map(({ device }) => device))
    this.#waiting = list.waiting
    this.#expected = list.expected
    const members = new Set(this.#stream?.group.members.map(({ device }) => device))
    this.#membership.stillWaiting(list.waiting, members)
    if (this.#phase.at === 'waiting' || this.#phase.at === 'rejoining') {
      this.#setPhase({ at: this.#phase.at, anyoneHere: this.#anyoneHere() })
    }
    this.#considerAll()
  }

  async #onPubkeyList(list: PubkeyList): Promise<void> {
    for (const { device, bundle, request } of list.devices) {
      const bytes = fromBase64Url(bundle)
      if (bytes) await this.#store(await this.#bundles.add(bytes))
      const keyPackage = request === undefined ? undefined : fromBase64Url(request)
      if (keyPackage && device !== this.#device) await this.#membership.request(device, keyPackage)
    }
    await this.#stream?.retryBlocked()
    this.#considerAll()
  }

  #anyoneHere(): boolean {
    return [...this.#present].some((device) => device !== this.#device)
  }

  // --- what the stream says --------------------------------------------------------------------------------------

  async onContent(frame: StreamFrame, { sender, envelope }: RoomApplication): Promise<StorageChange[]> {
    const { device } = sender
    const changes: StorageChange[] = []
    if (!envelope)
      return this.#timeline.tell({ type: 'unreadable', from: device, reason: 'unknown-content' }, frame.atMs)
    changes.push(...this.#onReceipt(device, envelope))
    changes.push(...(await this.#onSaid(device, envelope.content, envelope.id, frame)))
    return changes
  }

  #onReceipt(device: DeviceId, envelope: Envelope): StorageChange[] {
    const { receipt } = envelope
    const stream = this.#stream
    if (!receipt || !stream) return []
    const changes: StorageChange[] = []
    const known = this.#people.get(device) ?? { sinceSeq: 0, receiptSeq: 0 }
    const seq = Math.min(receipt.seq, stream.cursor.seq)
    if (seq > known.receiptSeq) {
      changes.push(...this.#know(device, { ...known, receiptSeq: seq }))
      this.#later(() => stream.confirmed(seq))
    }
    if (contradicts(stream, receipt) && !this.#alarmed.has(`${device} ${stream.epoch}`)) {
      this.#alarmed.add(`${device} ${stream.epoch}`)
      changes.push(...this.#timeline.tell({ type: 'split-view', with: device }, this.#env.clock.nowMs()))
    }
    return changes
  }

  async #onSaid(device: DeviceId, content: RoomContent, id: MessageId, frame: StreamFrame): Promise<StorageChange[]> {
    switch (content.type) {
      case 'text':
        this.#oweReceipt()
        if (this.#timeline.has(device, id)) return []
        return this.#timeline.say({ id, device, text: content.text, atMs: content.atMs, seq: frame.seq })
      case 'names':
        return this.#learnNames(content.names)
      case 'leave':
        if (this.#self.leaving.includes(device)) return []
        this.#self = { ...this.#self, leaving: [...this.#self.leaving, device] }
        return [this.#selfChange(), ...this.#timeline.tell({ type: 'left', person: device }, frame.atMs)]
      case 'eavesdropper':
        return this.#eavesdropperSwitched(device, content.on, frame.atMs)
      case 'receipt':
        return []
      case 'key-exchange-wanted':
        this.#later(() => this.#quantum.want())
        return []
      case 'key-ack':
        return this.#acknowledged(device, content.uuid, content.pad)
      case 'link-report':
        return this.#linkReported(device, content.peer as DeviceId, content.report)
    }
  }

  #acknowledged(device: DeviceId, uuid: string, pad: PadKind): StorageChange[] {
    this.#self = withAck(this.#self, uuid, device, pad)
    this.#quantum.onAck(device, uuid)
    return [this.#selfChange()]
  }

  #linkReported(alice: DeviceId, peer: DeviceId, report: LinkReport): StorageChange[] {
    if (alice !== this.#device) this.#quantum.onReport(alice, peer, report)
    const caught = report.reason === 'qber-above-threshold'
    this.#outcome = caught ? 'eavesdropper' : report.completed ? this.#outcome : 'failed'
    if (!caught) return []
    // Somebody listens on the links: no epoch is called quantum until they have been found sound again.
    delete this.#self.secret
    const event = { type: 'eavesdropper-detected' as const, link: [alice, peer], qber: report.qber ?? 0 }
    return [this.#selfChange(), ...this.#timeline.tell(event, this.#env.clock.nowMs())]
  }

  #eavesdropperSwitched(by: DeviceId, on: boolean, atMs: number): StorageChange[] {
    this.#self = { ...this.#self, eavesdropper: { on, by } }
    return [this.#selfChange(), ...this.#timeline.tell({ type: 'eavesdropper-switched', on, by }, atMs)]
  }

  async #learnNames(names: readonly NameClaim[]): Promise<StorageChange[]> {
    const changes: StorageChange[] = []
    for (const claim of names) {
      const device = claim.device as DeviceId
      const bundle = this.#bundles.of(device)
      const known = this.#people.get(device) ?? { sinceSeq: 0, receiptSeq: 0 }
      if (device === this.#device || !bundle || (known.claim && known.claim.atMs >= claim.atMs)) continue
      if (await holds(claim, bundle)) changes.push(...this.#know(device, { ...known, claim }))
    }
    if (changes.length > 0) this.#views.clear()
    return changes
  }

  onOwn(frame: StreamFrame): StorageChange[] {
    const row = this.#stream?.rows.find(({ id }) => id === frame.id)
    if (row?.kind !== 'message') return []
    return this.#timeline.ordered(this.#device, row.id, frame.seq)
  }

  async onCommit(
    frame: StreamFrame,
    change: CommitChange | undefined,
    group: Group,
    own: PendingCommit<Group> | undefined,
  ): Promise<StorageChange[]> {
    const note: CommitNote = own
      ? noteOf(own)
      : {
          added: change?.added.map(({ device }) => device) ?? [],
          removed: change?.removed.map(({ device }) => device) ?? [],
          rejoined: change?.rejoined ?? [],
          ...(change?.pskIds.some((id) => id.startsWith('qkdg:')) ? { psk: uuidIn(change.pskIds) } : {}),
          path: false,
        }
    const by = own ? this.#device : change!.sender.device
    const nowMs = this.#env.clock.nowMs()
    this.#views.clear()
    this.#membership.settled([...note.added, ...note.rejoined, ...note.removed])
    if (change?.selfRemoved) {
      this.#later(() => this.#end({ at: 'removed' }))
      return []
    }
    const changes: StorageChange[] = []
    for (const device of [...note.added, ...note.rejoined]) {
      const claim = this.#people.get(device)?.claim
      changes.push(...this.#know(device, { ...(claim ? { claim } : {}), sinceSeq: frame.seq, receiptSeq: 0 }))
    }
    if (note.added.length > 0) changes.push(...this.#timeline.tell({ type: 'joined', people: note.added, by }, nowMs))
    if (note.rejoined.length > 0)
      changes.push(...this.#timeline.tell({ type: 'rejoined', people: note.rejoined }, nowMs))
    const removed = note.removed.filter((device) => !this.#self.leaving.includes(device))
    if (removed.length > 0) changes.push(...this.#timeline.tell({ type: 'removed', people: removed, by }, nowMs))
    this.#self = { ...this.#self, leaving: this.#self.leaving.filter((device) => !note.removed.includes(device)) }
    if (note.added.length + note.removed.length + note.rejoined.length > 0) {
      // Whoever came or went settles it anew: the label falls back until the next complete star.
      delete this.#self.secret
      this.#later(() => this.#quantum.onMembers())
    }
    if (note.psk !== undefined) changes.push(...this.#refreshed(note.psk, by, group, nowMs))
    if (own && note.path) this.#self = { ...this.#self, pathMs: nowMs }
    changes.push(this.#selfChange())
    if (own && note.added.length + note.rejoined.length > 0) this.#later(() => this.#sayAllNames(group))
    return changes
  }

  /** The group secret `uuid` is part of the epoch's keys from here on. */
  #refreshed(uuid: string, by: DeviceId, group: Group, nowMs: number): StorageChange[] {
    this.#self = { ...this.#self, secret: { uuid, committedBy: by } }
    const { label } = this.#label(group)
    if (label !== 'post-quantum' || this.#outcome !== 'eavesdropper') this.#outcome = 'completed'
    this.#quantum.onRefreshed(group)
    this.#later(() => this.#quantum.forget(uuid))
    return this.#timeline.tell({ type: 'keys-refreshed', label, by }, nowMs)
  }

  #label(group: Group): ReturnType<typeof labelOf> {
    const leaves = group.members.map(({ device }) => device)
    const { secret, acks } = this.#self
    if (!secret) return { label: 'post-quantum', covered: 0, inAll: Math.max(0, leaves.length - 1) }
    const pads = acks.find(({ uuid }) => uuid === secret.uuid)?.pads ?? {}
    return labelOf({ leaves, committedBy: secret.committedBy, acks: pads })
  }

  onRefused(frame: StreamFrame, reason: string): StorageChange[] {
    // A frame that was opened before is a retry that arrived twice: nothing is missing and nothing to tell.
    if (reason === 'replayed') return []
    return this.#timeline.tell({ type: 'unreadable', reason }, frame.atMs)
  }

  onStored(): void {
    this.#changed()
    this.#considerAll()
  }

  onAdopted(frame: StreamFrame): void {
    void this.#transport.request('commit_ack', { room: this.#address, seq: frame.seq })
  }

  onInvalidCommit(frame: StreamFrame, reason: string): void {
    const hash = sha256(frame.ct)
    const refusal = { room: this.#address, epoch: frame.epoch, seq: frame.seq, hash, reason }
    void signCommitNack(this.#claimed.identity, refusal).then((signature) =>
      this.#transport.request('commit_nack', {
        ...refusal,
        hash: toBase64Url(hash),
        signature: toBase64Url(signature),
      }),
    )
  }

  onMissing(what: Missing): void {
    if (what.type === 'bundles') {
      void this.#fetchBundles(what.credentials).then(() => this.#run(() => this.#stream?.retryBlocked()))
      this.#timers.set('missing', reconnectPauseMs, () => void this.#run(() => this.#stream?.retryBlocked()))
    } else {
      this.#later(() => this.#quantum.onMembers()) // its share may have come before the members that it is for
      this.#timers.setOnce('missing-psk', welcomeWaitMs, () => this.onFallenOut())
    }
  }

  onFallenOut(): void {
    const nowMs = this.#env.clock.nowMs()
    if (this.#phase.at === 'rejoining' && nowMs - this.#rejoinAskedMs < rejoinPauseMs) return
    this.#rejoinAskedMs = nowMs
    this.#later(() => this.#ask(true))
  }

  onGap(): void {
    this.#timers.setOnce('gap', 500, () => void this.#run(() => this.#resume()))
  }

  // --- saying things ---------------------------------------------------------------------------------------------

  async #say(
    content: RoomContent,
    until: 'ordered' | 'confirmed',
    also: (id: MessageId) => StorageChange[] = () => [],
  ): Promise<void> {
    const stream = this.#stream
    if (!stream) throw new Error('room: this device is not in the room yet')
    const id = toBase64Url(this.#env.random(16)) as string as MessageId
    const { counter, chain } = this.#self
    const bytes = encodeEnvelope({ id, counter, chain, receipt: receiptOf(stream), content })
    this.#receiptDue = false
    this.#timers.clear('receipt')
    const next = sha256(new Writer().text(chain, 1).raw(sha256(bytes)).done())
    this.#self = { ...this.#self, counter: counter + 1, chain: toBase64Url(next) }
    await stream.enqueue('message', id, bytes, until, [this.#selfChange(), ...also(id)])
    if (content.type === 'eavesdropper') {
      await this.#store(this.#eavesdropperSwitched(this.#device, content.on, this.#env.clock.nowMs()))
    }
    // Others learn these from the stream, and this device does not hear itself.
    if (content.type === 'key-exchange-wanted') this.#quantum.want()
    if (content.type === 'key-ack') await this.#store(this.#acknowledged(this.#device, content.uuid, content.pad))
    if (content.type === 'link-report') {
      await this.#store(this.#linkReported(this.#device, content.peer as DeviceId, content.report))
    }
  }

  #oweReceipt(): void {
    this.#receiptDue = true
    const members = this.#stream?.group.members.length ?? 1
    this.#timers.setOnce('receipt', receiptPauseMs(members), () => {
      void this.#run(async () => {
        if (this.#receiptDue && this.#phase.at === 'member') await this.#say({ type: 'receipt' }, 'ordered')
      })
    })
  }

  async #ownClaim(): Promise<NameClaim> {
    const atMs = this.#meta.createdMs
    const { name } = this.#meta
    const signature = toBase64Url(await signNameClaim(this.#claimed.identity, name, atMs))
    return { device: this.#device, name, atMs, signature }
  }

  async #sayNames(names: NameClaim[]): Promise<void> {
    if (names.length > 0) await this.#say({ type: 'names', names }, 'ordered')
  }

  /** Hands newcomers the names of all: signed by each, so that it does not matter who hands them on. */
  async #sayAllNames(group: Group): Promise<void> {
    const others = group.members.flatMap(({ device }) => this.#people.get(device)?.claim ?? [])
    await this.#sayNames([await this.#ownClaim(), ...others])
  }

  // --- upkeep ----------------------------------------------------------------------------------------------------

  #considerAll(): void {
    if (this.#closed || this.#phase.at !== 'member') return
    this.#membership.consider()
    this.#considerPath()
    this.#quantum.consider()
  }

  /** Renews this device's own path when it is due: nothing else heals a stolen leaf. */
  #considerPath(): void {
    const stream = this.#stream
    if (!stream || stream.group.members.length < 2) return
    const { clock, random } = this.#env
    const nowMs = clock.nowMs()
    if (this.#self.pathMs === 0) {
      const spread = new DataView(random(4).buffer).getUint32(0) / 2 ** 32
      const waitMs = firstPathMs.from + spread * (firstPathMs.to - firstPathMs.from)
      this.#timers.setOnce('path', waitMs, () => void this.#run(() => this.#renewPath()))
    } else
      this.#timers.setOnce('path', this.#self.pathMs + dailyMs - nowMs, () => void this.#run(() => this.#renewPath()))
  }

  async #renewPath(): Promise<void> {
    if (!(await this.#membership.propose({}, { path: true }))) {
      this.#timers.set('path', firstPathMs.from, () => void this.#run(() => this.#renewPath()))
    }
  }

  async #end(phase: Phase): Promise<void> {
    this.#stream?.close()
    this.#timers.close()
    this.#transport.close()
    await this.#env.storage.apply(eraseDevice(this.#address, this.#device))
    this.#setPhase(phase)
  }

  #know(device: DeviceId, known: Known): StorageChange[] {
    this.#people.set(device, known)
    return [{ type: 'put', key: this.#key('people', device), value: utf8(JSON.stringify(known)) }]
  }

  #selfChange(): StorageChange {
    return selfChange(this.#key('self'), this.#self)
  }

  async #store(changes: StorageChange[]): Promise<void> {
    if (changes.length > 0) await this.#env.storage.apply(changes)
    this.#changed()
  }

  /** Runs a job after the present one. */
  #later(job: () => Promise<void> | void): void {
    void this.#run(job)
  }

  /** Every job of this room goes through here: one at a time, and a failing one is seen. */
  #run<T>(job: () => Promise<T> | T): Promise<T | undefined> {
    return this.#queue.run(job).catch((error: unknown) => {
      if (this.#closed) return undefined
      this.#fail(error)
      throw error
    })
  }

  #fail(error: unknown): void {
    const storage = error instanceof StorageError
    const message = storage
      ? 'This device can no longer save what it must (is the disk full?). Nothing was sent that was not saved.'
      : 'Something went wrong in this room on this device. Reload to go on; nothing acknowledged is lost.'
    this.#setPhase({ at: 'refused', code: storage ? 'storage' : 'internal', message })
    this.#stream?.close()
    this.#transport.close()
  }

  // --- the picture -----------------------------------------------------------------------------------------------

  #setPhase(phase: Phase): void {
    this.#phase = phase
    this.#changed()
  }

  /** Listeners hear of many changes at once: after the present turn of the event loop. */
  #changed(): void {
    this.#snapshot = undefined
    if (this.#notifying) return
    this.#notifying = true
    queueMicrotask(() => {
      this.#notifying = false
      for (const listener of this.#listeners) listener()
    })
  }

  #draw(): RoomSnapshot {
    const group = this.#stream?.group
    const connected = this.#transport.state === 'connected'
    const input: ViewInput = {
      self: this.#device,
      selfName: this.#meta.name,
      group,
      people: this.#people,
      present: this.#present,
      connected,
      rows: new Map(this.#stream?.rows.map((row) => [row.id, row])),
    }
    const invite = group && liveInvite(group, this.#env.clock.nowMs())
    const path = `/room/${this.#address}`
    const invitePath =
      roomKind(this.#address) === 'open' ? path : invite && `${path}#${formatLinkFragment(invite.secret)}`
    const { eavesdropper } = this.#self
    return {
      address: this.#address,
      kind: roomKind(this.#address),
      phase: this.#phase,
      connection: this.#transport.state,
      self: viewOf(input, this.#device),
      people: peopleOf(input, new Set(this.#self.leaving)),
      waiting: this.#waiting.length,
      ...(this.#expected === undefined ? {} : { expected: this.#expected }),
      epoch: group?.epoch ?? 0,
      timeline: this.#timeline.items.map((item) => this.#itemView(input, item)),
      quantum: quantumView(
        input,
        group ? this.#label(group) : { label: 'post-quantum', covered: 0, inAll: 0 },
        this.#quantum,
        eavesdropper,
        this.#outcome,
      ),
      roomLog: this.#log,
      ...(invitePath === undefined ? {} : { invitePath }),
    }
  }

  /** Views of finished items are kept; own messages under way are drawn anew. */
  #itemView(input: ViewInput, item: Parameters<typeof itemView>[1]): TimelineItem {
    const kept = this.#views.get(item.order)
    if (kept) return kept
    const view = itemView(input, item)
    if (view.kind === 'system' || view.state === 'received' || view.state === 'delivered')
      this.#views.set(item.order, view)
    return view
  }
}

function uuidIn(pskIds: readonly string[]): string {
  return pskIds.find((id) => id.startsWith('qkdg:'))!.split(':')[2]!
}

function idIn(key: string): MessageId {
  return key.slice(key.indexOf('/') + 1) as MessageId
}
