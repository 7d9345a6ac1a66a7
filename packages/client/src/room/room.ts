/**
 * One device in one room: the main path. Frames and wishes go through one queue; what they change is stored first and
 * shown afterwards; what the room needs next (commits, receipts, names, keys) follows from what is stored.
 */
import {
  type DeviceId,
  fromBase64Url,
  type MessageId,
  type PubkeyList,
  type RelayEventName,
  type RelayEvents,
  toBase64Url,
  type UserList,
  utf8,
} from '@qsec/protocol'
import { type RoomContent, textBytesAtMost } from '../content.ts'
import {
  decodeGroup,
  formatLinkFragment,
  type Group,
  type InviteId,
  newInvite,
  sha256,
  signCommitNack,
  signLeave,
} from '../crypto/index.ts'
import type { ClientEnv } from '../entry.ts'
import type { StorageChange, TransportState } from '../ports.ts'
import type { QuantumHost } from '../quantum/host.ts'
import { Quantum } from '../quantum/quantum.ts'
import type { OpenSettings, Phase, RoomClient, RoomSnapshot } from '../snapshot.ts'
import type { Missing, PendingCommit, StreamFrame, StreamHost } from '../sync/session.ts'
import { Stream, type StreamParts } from '../sync/stream.ts'
import {
  wantAdmin,
  wantAdmission,
  wantDeviceOut,
  wantEnd,
  wantInvite,
  wantNoInvite,
  wantOut,
  wantOwner,
  wantSettings,
} from './agreement.ts'
import { RoomCore } from './core.ts'
import { DeviceLinks } from './device-links.ts'
import type { ClaimedDevice } from './device-store.ts'
import { Ears } from './ears.ts'
import { Entrance } from './entrance.ts'
import { effectsOf } from './epochs.ts'
import { Membership } from './membership.ts'
import { considerPath } from './path.ts'
import { Picture } from './picture.ts'
import { RoomRefusal } from './refusal.ts'
import { type CommitChange, type RoomApplication, roomOps } from './room-ops.ts'
import { Successor } from './successor.ts'
import { dateOr, endOfLink } from './times.ts'
import { Trust } from './trust.ts'
import { Voice } from './voice.ts'
import { rankOf } from './wants.ts'
import type { Wish } from './wishes.ts'

const leaveWaitMs = 3_000
const leavePollMs = 50
const missingBundlesMs = 2_000
const missingPskMs = 10_000
const gapMs = 500
const logLinesKept = 500
const concludeMs = 1_000
/** Requests turned away that are remembered. */
const declinedKept = 64

export class Room implements RoomClient {
  readonly #core: RoomCore
  readonly #claimed: ClaimedDevice
  readonly #membership: Membership
  readonly #quantum: Quantum
  readonly #entrance: Entrance
  readonly #voice: Voice
  readonly #ears: Ears
  readonly #picture: Picture
  readonly #trust: Trust
  readonly #links: DeviceLinks
  readonly #successor: Successor
  readonly #listeners = new Set<() => void>()
  #snapshot: RoomSnapshot | undefined
  #notifying = false
  #closing: Promise<void> | undefined
  #concluding = false

  private constructor(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string) {
    this.#claimed = claimed
    const core = new RoomCore(env, claimed, relayUrl, () => this.#changed())
    this.#core = core
    this.#membership = new Membership({
      room: core.address,
      transport: core.transport,
      clock: env.clock,
      clocks: () => core.clocks,
      random: env.random,
      later: (job) => void core.later(job),
      timers: core.timers,
      bundles: core.bundles,
      stream: () => (core.phase.at === 'member' ? core.stream : undefined),
      present: () => core.present,
      leaving: () => new Set(core.self.leaving),
      leaveProofs: () => core.self.leaveProofs,
      linked: (shown) => this.#links.admits(shown),
    })
    this.#quantum = new Quantum(this.#quantumHost())
    this.#trust = new Trust({
      core,
      say: (content) => this.#voice.say(content),
      redraw: () => this.#picture.redraw(),
    })
    this.#links = new DeviceLinks({
      core,
      verified: () => this.#trust.verified(),
      consider: () => this.#considerAll(),
    })
    this.#successor = new Successor(core, () => this.#quantum.pairs)
    this.#picture = new Picture(core, this.#quantum, {
      membership: this.#membership,
      trust: this.#trust,
      links: this.#links,
      successor: this.#successor,
    })
    this.#voice = new Voice(
      core,
      (content) => this.#ears.onShared(core.device, content),
      (device) => this.#trust.profiles.hint(device),
    )
    this.#ears = new Ears({
      core,
      quantum: () => this.#quantum,
      trust: this.#trust,
      oweReceipt: () => this.#voice.oweReceipt(),
      redraw: () => this.#picture.redraw(),
    })
    this.#entrance = new Entrance({
      core,
      quantum: this.#quantum,
      begin: (start) => Stream.begin(this.#streamParts(), start),
      onEntered: async () => {
        await core.store(this.#trust.notice())
        await this.#voice.sayOwnName()
      },
      onResumed: () => {
        if (core.stream?.group.settings?.ended) return void core.later(() => this.#conclude())
        this.#membership.resend()
        this.#considerAll()
      },
    })
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
    this.#snapshot ??= this.#picture.draw()
    return this.#snapshot
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async send(text: string): Promise<void> {
    if (utf8(text).length > textBytesAtMost) {
      throw new RangeError(`The message is longer than ${textBytesAtMost} bytes: send it in parts.`)
    }
    if (this.#core.phase.at === 'ended') throw new RoomRefusal('room-ended')
    this.#checkMaySpeak()
    const { timeline, device, nowMs: atMs } = this.#core
    await this.#core.run(() =>
      this.#voice.say({ type: 'text', text, atMs }, 'confirmed', (id) => timeline.say({ id, device, text, atMs })),
    )
  }

  async retry(key: string): Promise<void> {
    this.#checkMaySpeak()
    await this.#core.run(() => this.#core.stream?.retry(idIn(key)))
  }

  /** Nothing is said to keys that stand under the name of somebody verified, until the person has decided about them. */
  #checkMaySpeak(): void {
    if (this.#trust.blockedBy().length === 0) return
    throw new Error(
      'Somebody here has the name of a person you verified, with other keys: verify or accept them first.',
    )
  }

  discard(key: string): Promise<void> {
    const { device } = this.#core
    return this.#core.run(async () => {
      const core = this.#core
      const row = core.stream?.rows.find((one) => one.id === idIn(key))
      if (row && !row.refused) return // it is on its way
      const changes = core.timeline.remove(device, idIn(key))
      if (row) await core.stream!.discard(row.id, changes)
      else await core.store(changes)
    })
  }

  safetyNumber: RoomClient['safetyNumber'] = (device) => this.#trust.safetyNumber(device)
  scan: RoomClient['scan'] = (device, shown) => this.#trust.scan(device, shown)
  confirm: RoomClient['confirm'] = (device, how, matched) => this.#trust.confirm(device, how, matched)
  acceptKeys: RoomClient['acceptKeys'] = (device) => this.#trust.accept(device)
  compare: RoomClient['compare'] = (device) => this.#core.run(() => this.#trust.comparing.ask(device))
  agreeToCompare: RoomClient['agreeToCompare'] = () => this.#core.run(() => this.#trust.comparing.agree())
  answerComparison: RoomClient['answerComparison'] = (matched) =>
    this.#core.run(() => this.#trust.comparing.answer(matched))
  endComparison: RoomClient['endComparison'] = () => this.#core.run(() => this.#trust.comparing.end())
  tellProfile: RoomClient['tellProfile'] = (on) => this.#trust.profiles.tell(on)

  switchEavesdropper(on: boolean): Promise<void> {
    return this.#core.run(() => this.#voice.say({ type: 'eavesdropper', on }))
  }

  runKeyExchange(): void {
    if (this.#core.phase.at !== 'member') return
    void this.#core.later(() => this.#voice.say({ type: 'key-exchange-wanted' }))
  }

  async makeInvite({ mode, lifetimeMs, uses }: Parameters<RoomClient['makeInvite']>[0]): Promise<string> {
    const { env, clocks, address } = this.#core
    const counted = uses === undefined ? {} : { usesLeft: uses }
    const invite = newInvite(env.random, { expiresMs: endOfLink(lifetimeMs, clocks), mode, ...counted })
    await this.#wish(wantInvite(invite))
    return `/room/${address}#${formatLinkFragment(invite.secret)}`
  }

  revokeInvite(id: InviteId): Promise<void> {
    return this.#wish(wantNoInvite(id))
  }

  letIn(device: DeviceId): Promise<void> {
    return this.#wish(wantAdmission(device, () => this.#membership.requestOf(device)))
  }

  async turnAway(device: DeviceId): Promise<void> {
    const core = this.#core
    if (core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    const answer = await core.transport.request('dismiss_request', { room: core.address, device })
    if (!answer?.ok) throw new RoomRefusal(answer?.code ?? 'no-answer')
    // Remembered as well: a relay that brings it up again is not listened to.
    await core.run(() => core.store([core.become({ declined: [...core.self.declined, device].slice(-declinedKept) })]))
  }

  putOut(device: DeviceId): Promise<void> {
    return this.#wish(wantOut(device))
  }

  async linkDevice(): Promise<void> {
    if (this.#core.phase.at !== 'member') throw new RoomRefusal('not-in-room')
    await this.#links.make()
  }

  endDeviceLink: RoomClient['endDeviceLink'] = () => this.#links.end()

  removeDevice(device: DeviceId): Promise<void> {
    return this.#wish(wantDeviceOut(device))
  }

  changeRoom(change: OpenSettings): Promise<void> {
    return this.#wish(wantSettings(change))
  }

  setAdmin(device: DeviceId, admin: boolean): Promise<void> {
    return this.#wish(wantAdmin(device, admin))
  }

  handOver(device: DeviceId): Promise<void> {
    return this.#wish(wantOwner(device))
  }

  endRoom(): Promise<void> {
    return this.#wish(wantEnd)
  }

  noteSuccessor: RoomClient['noteSuccessor'] = (path) => this.#successor.note(path)
  inviteToSuccessor: RoomClient['inviteToSuccessor'] = (device, path) => this.#successor.invite(device, path)

  #wish(wish: Wish): Promise<void> {
    if (this.#core.phase.at !== 'member') return Promise.reject(new RoomRefusal('not-in-room'))
    return this.#membership.wish(wish)
  }

  async leave(): Promise<void> {
    const { clock } = this.#core.env
    if (this.#core.phase.at === 'member') {
      await this.#core.run(async () => {
        const group = this.#core.stream?.group
        if (!group) return
        const proof = toBase64Url(await signLeave(this.#core.identity, group.groupId))
        await this.#voice.say({ type: 'leave', proof })
      })
      // Counted, since a clock can be put back meanwhile.
      for (let waitedMs = 0; waitedMs < leaveWaitMs; waitedMs += leavePollMs) {
        if (!this.#core.stream?.rows.some((row) => !row.ordered)) break
        await new Promise<void>((resolve) => clock.after(leavePollMs, resolve))
      }
    }
    await this.#core.transport.request('leave', { room: this.#core.address }, leaveWaitMs)
    await this.#core.run(() => this.#core.erase({ at: 'left' }))
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** What was asked for before is stored first. The lock is free once nothing more can be written. */
  async #close(): Promise<void> {
    const { queue, transport } = this.#core
    this.#core.closed = true
    this.#membership.close()
    transport.close()
    this.#quantum.close()
    await queue.idle()
    this.#core.stop()
    await queue.idle()
    this.#claimed.release()
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

  // --- start -----------------------------------------------------------------------------------------------------

  async #load(founding: Group | undefined): Promise<void> {
    await this.#core.load()
    await this.#trust.load()
    await this.#successor.load()
    await this.#entrance.load(founding)
    await this.#links.load()
    await this.#quantum.load()
    if (this.#core.meta.ended) return this.#core.stop()
    this.#core.stream = await Stream.load(this.#streamParts(), async (bytes) => decodeGroup(bytes))
    await this.#core.store(this.#trust.notice())
  }

  #listen(): void {
    const { transport } = this.#core
    if (this.#core.stopped) {
      this.#core.setPhase({ at: 'ended' })
      return
    }
    transport.onEvent((name, payload, done) => {
      void this.#core.later(() => this.#onEvent(name, payload)).then(done)
    })
    transport.onState((state) => this.#onState(state))
    this.#onState(transport.state)
  }

  #onState(state: TransportState): void {
    this.#changed()
    this.#entrance.disconnected()
    if (state === 'connected') this.#core.beside(this.#entrance.connect())
    else {
      this.#core.stream?.disconnected()
      this.#quantum.pairs.disconnected()
    }
  }

  #streamParts(): StreamParts<Group, RoomApplication, CommitChange> {
    const { storage, env, queue, bundles, transport, address } = this.#core
    return {
      prefix: this.#core.key('room'),
      storage,
      clock: env.clock,
      queue,
      ops: roomOps(bundles.source, this.#quantum.psks),
      wire: {
        send: (_kind, id, epoch, n, frame) =>
          transport.request('encrypted_message', { room: address, id, epoch, n, ct: toBase64Url(frame) }),
      },
      host: this.#streamHost(),
    }
  }

  #quantumHost(): QuantumHost {
    const core = this.#core
    const { storage, transport, queue, timers, bundles, identity } = core
    const { clock, random } = core.env
    return {
      identity,
      storage,
      clock,
      random,
      engine: core.env.openQuantum(),
      transport,
      queue,
      timers,
      bundles,
      key: (...path) => core.key(...path),
      group: () => (core.connected && core.phase.at === 'member' ? core.stream?.group : undefined),
      members: () => core.members(),
      presentMembers: () => core.members().filter((device) => device === core.device || core.present.has(device)),
      rank: () => (core.stream ? rankOf(core.stream.group, core.present) : 0),
      say: (content: RoomContent) => this.#voice.say(content),
      propose: (intent, note) => this.#membership.propose(intent, note),
      eavesdropper: () => core.self.eavesdropper.on,
      resume: () => this.#entrance.resume(),
      isGone: (device) => core.people.get(device)?.gone === true,
      committing: () => core.stream?.pending !== undefined,
      retryBlocked: () => void core.later(() => core.stream?.retryBlocked()),
      onSaid: (peer, content) => this.#successor.onSaid(peer, content),
      store: (changes) => core.store(changes),
      run: (job) => void core.later(job),
      beside: (work) => core.beside(work),
      fetchBundles: (credentials) => this.#entrance.fetchBundles(credentials),
    }
  }

  // --- what the relay says ---------------------------------------------------------------------------------------

  async #onEvent<K extends RelayEventName>(name: K, payload: RelayEvents[K]): Promise<void> {
    const core = this.#core
    if (payload.room !== core.address) return
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
        return core.stream?.stands(event.payload.seq)
      case 'commit_nack':
        if (event.payload.pair) return this.#quantum.onVerdict(event.name, event.payload)
        await core.stream?.withdrawn(event.payload.seq)
        if (core.phase.at === 'ended') await this.#conclude()
        return this.#considerAll()
      case 'welcome':
        return event.payload.pair ? this.#quantum.onWelcome(event.payload) : this.#entrance.onWelcome(event.payload)
      case 'user_list':
        return this.#onUserList(event.payload)
      case 'pubkey_list':
        return this.#onPubkeyList(event.payload)
      case 'room_logs': {
        const newest = core.log.at(-1)?.id ?? 0
        const lines = event.payload.logs.filter(({ id }) => id > newest)
        const shown = lines.map((line) => ({ ...line, created_at: dateOr(line.created_at, core.nowMs) }))
        core.log = [...core.log, ...shown].slice(-logLinesKept)
        return core.changed()
      }
      case 'link_taken':
        return this.#links.onTaken(event.payload.id)
      case 'join_failed':
        if (event.payload.code === 'replaced') this.#entrance.stopBesideCopy()
        return // of anything else the answer to `join` has told
    }
  }

  async #onFrame(
    name: 'encrypted_message' | 'commit',
    frame: RelayEvents['encrypted_message'] | RelayEvents['commit'],
  ): Promise<void> {
    const ct = fromBase64Url(frame.ct)
    if (!ct) return
    if ('bundles' in frame) await this.#entrance.takeBundles(frame.bundles)
    const { inc, seq, epoch, id, device } = frame
    const atMs = dateOr(frame.at, this.#core.nowMs)
    this.#core.noteRelayTime(atMs)
    const kind = name === 'commit' ? 'commit' : 'message'
    await this.#core.stream?.receive({ kind, inc, seq, epoch, id, device, ct, atMs })
  }

  #onUserList({ members, waiting, expected }: UserList): void {
    const core = this.#core
    core.present = new Set(members.filter(({ present }) => present).map(({ device }) => device))
    core.beside(core.noteHeard(core.present))
    core.waiting = waiting
    core.expected = expected
    this.#membership.stillWaiting(waiting, new Set(core.stream?.group.members.map(({ device }) => device)))
    const { phase } = core
    if (phase.at === 'waiting' || phase.at === 'rejoining') core.setPhase({ ...phase, anyoneHere: core.anyoneHere })
    core.changed()
    this.#considerAll()
  }

  async #onPubkeyList({ devices }: PubkeyList): Promise<void> {
    const core = this.#core
    await this.#entrance.takeBundles(devices.map(({ bundle }) => bundle))
    for (const { device, request } of devices) {
      const keyPackage = request === undefined ? undefined : fromBase64Url(request)
      if (keyPackage && device !== core.device) await this.#membership.request(device, keyPackage)
    }
    await core.stream?.retryBlocked()
    this.#considerAll()
  }

  /** What the room may need from this device now. */
  #considerAll(): void {
    if (this.#core.closed || this.#core.phase.at !== 'member') return
    this.#membership.consider()
    considerPath(this.#core, this.#membership)
    this.#quantum.consider()
  }

  // --- what the stream says --------------------------------------------------------------------------------------

  #streamHost(): StreamHost<Group, RoomApplication, CommitChange> {
    const core = this.#core
    return {
      onContent: (frame, application) => this.#ears.onContent(frame, application),
      onCommit: (frame, change, group, own) => this.#onCommit(frame, change, group, own),
      onOwn: (frame) => {
        const row = core.stream?.rows.find(({ id }) => id === frame.id)
        return row ? core.timeline.ordered(core.device, row.id, frame.seq) : []
      },
      // A frame that was opened before is a retry that arrived twice: nothing is missing and nothing to tell.
      onRefused: (frame, reason) =>
        reason === 'replayed'
          ? []
          : [...core.timeline.tell({ type: 'unreadable', reason }, frame.atMs), ...this.#ears.onShut(frame, reason)],
      onLost: (lost) => this.#entrance.lost(lost),
      onStored: () => {
        core.changed()
        this.#considerAll()
      },
      onAdopted: ({ seq }) => void core.transport.request('commit_ack', { room: core.address, seq }),
      onInvalidCommit: (frame, reason) => void core.later(() => this.#refuse(frame, reason)),
      onMissing: (what, { seq }) => this.#onMissing(what, seq),
      onFailed: (error) => core.fail(error),
      onFallenOut: () => this.#entrance.rejoin(),
      onUnproven: () => this.#considerAll(),
      onGap: () => core.timers.setOnce('gap', gapMs, () => this.#entrance.resume()),
    }
  }

  #onCommit(
    frame: StreamFrame,
    change: CommitChange | undefined,
    group: Group,
    own: PendingCommit<Group> | undefined,
  ): StorageChange[] {
    const core = this.#core
    this.#picture.redraw()
    if (change?.selfRemoved) {
      if (change.rejoined.includes(core.device)) this.#entrance.awaitWelcome()
      else void core.later(() => core.erase(removedBy(change, core.identity.person)))
      return []
    }
    const { note, changes } = effectsOf(core, this.#quantum, frame, group, change, own)
    const { added, removed, rejoined } = note
    for (const device of added) changes.push(...this.#links.onUsed(this.#membership.requestOf(device)?.shown.link?.id))
    this.#membership.settled([...added, ...rejoined, ...removed])
    if (rejoined.length > 0) void core.later(() => this.#quantum.onRejoined(rejoined))
    if (added.length + removed.length + rejoined.length > 0) void core.later(() => this.#quantum.onMembers())
    if (group.settings?.ended) void core.later(() => this.#conclude())
    if (own && added.length + rejoined.length > 0) void core.later(() => this.#voice.sayAllNames(group))
    return [...changes, ...this.#trust.notice(group)]
  }

  /** The room was ended for all: once that stands, this device leaves it and keeps nothing but what was said. */
  async #conclude(): Promise<void> {
    const core = this.#core
    if (!core.stream?.group.settings?.ended) return core.setPhase({ at: 'member' }) // withdrawn
    core.setPhase({ at: 'ended' })
    if (core.stream.unsettled) {
      core.timers.set('conclude', concludeMs, () => void core.later(() => this.#conclude()))
      return
    }
    if (this.#concluding) return
    this.#concluding = true
    this.#membership.close(core.stream.group)
    core.beside(this.#goAway())
  }

  /** The relay forgets the pair groups of who leaves: an invitation that waits there for somebody must stay. */
  async #goAway(): Promise<void> {
    const core = this.#core
    await this.#successor.hearOut()
    if (!this.#successor.isAwaited) await core.transport.request('leave', { room: core.address }, leaveWaitMs)
    await core.later(() => core.conclude())
  }

  async #refuse(frame: StreamFrame, reason: string): Promise<void> {
    await this.#core.store(this.#ears.onShut(frame, reason))
    const { address: room, identity, transport } = this.#core
    const hash = sha256(frame.ct)
    const refusal = { room, epoch: frame.epoch, seq: frame.seq, hash, reason }
    const signature = toBase64Url(await signCommitNack(identity, refusal))
    void transport.request('commit_nack', { ...refusal, hash: toBase64Url(hash), signature })
  }

  /** The frame at `seq` waits. A relay that does not hand out what is missing is asked seldom, not all the time. */
  #onMissing(what: Missing, seq: number): void {
    const core = this.#core
    const again = () => void core.later(() => core.stream?.retryBlocked())
    if (what.type === 'bundles') {
      core.timers.set('missing', missingBundlesMs, again)
      const have = () => what.credentials.every((credential) => core.bundles.source(credential))
      core.beside(this.#entrance.fetchBundles(what.credentials).then(() => have() && again()))
      return
    }
    void core.later(() => this.#quantum.onMembers()) // the share may have come before the members that it is for
    core.timers.setOnce(`missing-psk ${seq}`, missingPskMs, () => {
      if (core.stream?.blocked && core.stream.cursor.seq === seq - 1) this.#entrance.rejoin()
    })
  }
}

function removedBy({ sender }: CommitChange, own: string): Phase {
  return { at: 'removed', ...(sender.person === own ? { byOwn: true as const } : {}) }
}

function idIn(key: string): MessageId {
  return key.slice(key.indexOf('/') + 1) as MessageId
}
