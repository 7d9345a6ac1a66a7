/**
 * Quantum keys for the room (protocol.md §6). The sponsor, who is the present member of rank 0, runs BB84 with every
 * other in their pair group, hands each the same fresh secret G under a one-time pad, and commits G as an external PSK.
 * Without a key the chat goes on under X25519 and ML-KEM; G only ever comes on top.
 */
import { type DeviceId, type RelayEvents, readExactly, toBase64Url, type WelcomeEvent, Writer } from '@qsec/protocol'
import type { SessionProgress, SessionResult } from '@qsec/qkd'
import type { LinkReport } from '../content.ts'
import type { Group, PskSource } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { LinkState } from '../snapshot.ts'
import type { FrameKind } from '../sync/outbox.ts'
import type { QuantumHost } from './host.ts'
import { Pads } from './pads.ts'
import { decodePairContent, encodePairContent, type Share } from './pair-content.ts'
import { type Pair, type PairEvent, Pairs } from './pairs.ts'
import { Run, type RunEnd, type RunWatcher } from './run.ts'
import { makeShare, openShare } from './shares.ts'

/** Members of a room up to which everyone is linked with the sponsor. */
export const starMembersAtMost = 17
/** The room has to be at rest for so long before the first exchange, and after one that a membership change broke off. */
const quietMs = { first: 2_000, again: 30_000 }
/** Pauses before an exchange that could not be made is tried again. */
const retryMs = { least: 2_000, most: 300_000 }
const runsAtMostMs = 60_000
const acksAtMostMs = 15_000
const stepMs = 100
/** Whoever presses the button again and again gets an exchange after each such pause. */
const restMs = 5_000
/** Shares kept that cannot be opened yet, of one sender; and secrets that no commit has brought in so far. */
const sharesPerPeer = 32
const secretsAtMost = 256
/** Ids of runs that this device took part in. The pair group's ratchet refuses replays as well. */
const runsRemembered = 1_024

/** What is known of one link, by the end that is not the sponsor. */
export interface LinkKnowledge {
  ends: [DeviceId, DeviceId]
  state: LinkState
  stage?: string
  progress?: number
  report?: LinkReport
}

const stageOrder = ['proposal', 'photons', 'sifting', 'estimation', 'reconciliation', 'amplification']

export class Quantum {
  readonly #host: QuantumHost
  readonly #pads: Pads
  readonly pairs: Pairs
  readonly #runs = new Map<string, Run>()
  readonly #links = new Map<string, LinkKnowledge>()
  readonly #secrets = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #ackedBy = new Map<string, Set<DeviceId>>()
  /** Shares that came and were not opened so far, by their storage key: perhaps their leaf set is that of an epoch to come. */
  readonly #shares = new Map<string, { peer: DeviceId; share: Share }>()
  /** Shares wait for the room's group to be there. */
  #unopened = false
  #refreshing = false
  #wanted = false
  /** Wanted once more while an exchange of this device ran: it makes the next one too, whatever its rank is by then. */
  #again = false
  /** Members and switch for which an exchange was tried: it is not repeated by itself for the same ones. */
  #tried = ''
  #broken = false
  #failures = 0
  #endedMs = Number.NEGATIVE_INFINITY
  #closed = false

  constructor(host: QuantumHost) {
    this.#host = host
    this.#pads = new Pads(host.storage, host.key('pad'))
    this.pairs = new Pairs(host, (pair, kind, content, seq) => this.#onContent(pair, kind, content, seq))
  }

  async load(): Promise<void> {
    await this.#pads.load()
    await this.pairs.load()
    for (const { key, value } of await this.#host.storage.list(`${this.#host.key('secret')}/`)) {
      this.#secrets.set(key.slice(key.lastIndexOf('/') + 1), value)
    }
    for (const { key, value } of await this.#host.storage.list(`${this.#host.key('share')}/`)) {
      const stored = decodeStoredShare(value)
      if (stored) this.#shares.set(key, stored)
    }
    this.#unopened = this.#shares.size > 0
  }

  close(): void {
    this.#closed = true
    this.pairs.close()
  }

  // --- what the room asks ----------------------------------------------------------------------------------------

  /** Group secrets that this device holds, by their PSK id. */
  readonly psks: PskSource = (id) => {
    const uuid = /^qkdg:[^:]+:([0-9a-f-]{36})$/.exec(id)?.[1]
    return uuid === undefined ? undefined : this.#secrets.get(uuid)
  }

  get running(): boolean {
    return this.#refreshing || [...this.#runs.values()].some((run) => !run.ended)
  }

  get links(): readonly LinkKnowledge[] {
    return [...this.#links.values()]
  }

  keyBits(peer: DeviceId): number {
    return this.#pads.bitsFor(peer)
  }

  /** Looks whether an exchange is due and this device's to make. */
  consider(): void {
    const group = this.#host.group()
    const { timers, clock } = this.#host
    if (group && this.#unopened) {
      this.#unopened = false
      this.#host.run(() => this.#openShares())
    }
    const due = group && !this.#refreshing && this.#isDue(group)
    if (!due) return
    const asked = this.#wanted || this.#again
    const restedMs = Math.min(this.#endedMs + restMs - clock.nowMs(), restMs)
    const waitMs = asked ? restedMs : this.#broken ? quietMs.again : quietMs.first
    const situation = this.#situation(group)
    const begin = () => {
      const now = this.#host.group()
      if (now && this.#situation(now) === situation && this.#isDue(now)) this.#host.beside(this.#refresh())
    }
    if (asked) timers.set(`quantum ${situation}`, waitMs, begin)
    else timers.setOnce(`quantum ${situation}`, waitMs, begin)
  }

  #isDue(group: Group): boolean {
    const others = this.#host.presentMembers().length - 1
    if (others < 1 || this.#host.members().length > starMembersAtMost) return false
    if (this.#again) return true
    return this.#host.rank() === 0 && (this.#wanted || this.#tried !== this.#situation(group))
  }

  /** Who is in the group, and whether an eavesdropper is: one exchange is tried for each. */
  #situation(group: Group, eavesdropper: boolean = this.#host.eavesdropper()): string {
    return `${leafText(group)} ${eavesdropper}`
  }

  /** Somebody pressed the button. */
  want(): void {
    if (this.#refreshing) this.#again = true
    else this.#wanted = true
    this.consider()
  }

  /** The group's members changed: what was agreed for the old ones is void, and gone devices take their pads along. */
  async onMembers(): Promise<void> {
    if (this.#refreshing) this.#broken = true
    const members = this.#host.members()
    for (const [peer, { ends }] of this.#links) {
      if (!ends.every((end) => members.includes(end))) this.#links.delete(peer)
    }
    await this.pairs.endGone()
    for (const [key, { peer }] of this.#shares) if (this.#host.isGone(peer)) this.#shares.delete(key)
    await this.#pads.keepOnly(members)
    await this.#openShares()
  }

  /** An exchange for these members was made already, by whomever. */
  onRefreshed(group: Group): void {
    // With an eavesdropper there would have been no key: what changed since then is still to be tried.
    this.#tried = this.#situation(group, false)
    this.#wanted = false
  }

  onAck(device: DeviceId, uuid: string): void {
    this.#ackedBy.get(uuid)?.add(device)
    this.#host.run(() => this.pairs.confirmShare(device, uuid))
  }

  onReport(alice: DeviceId, peer: DeviceId, report: LinkReport): void {
    if (alice !== this.#host.identity.device) this.#wanted = false
    const ends: [DeviceId, DeviceId] = [alice, peer]
    this.#links.set(linkKey(ends), { ends, state: report.completed ? 'completed' : 'aborted', report })
  }

  /** The commit with this secret is in force: it has served. */
  async forget(uuid: string): Promise<void> {
    const secret = this.#secrets.get(uuid)
    if (!secret) return
    secret.fill(0)
    this.#secrets.delete(uuid)
    await this.#host.store([{ type: 'delete', key: this.#host.key('secret', uuid) }])
    this.#meta('KEY_DESTROYED')
  }

  onFrame(name: 'encrypted_message' | 'bb84_message' | 'roomkey_share' | 'commit', frame: PairEvent): Promise<void> {
    return this.pairs.onFrame(name, frame)
  }

  onWelcome(welcome: WelcomeEvent): Promise<void> {
    return this.pairs.onWelcome(welcome)
  }

  async onVerdict(name: 'commit_stands' | 'commit_nack', verdict: RelayEvents['commit_stands']): Promise<void> {
    const pair = verdict.pair && this.pairs.byId(verdict.pair)
    if (pair && name === 'commit_stands') await pair.stream.stands(verdict.seq)
  }

  // --- the sponsor's side ----------------------------------------------------------------------------------------

  /** One exchange: links, shares, acknowledgements, PSK commit, healing commit. Runs beside the queue. */
  async #refresh(): Promise<void> {
    const start = this.#host.group()
    if (!start || this.#refreshing) return
    this.#refreshing = true
    this.#wanted = false
    this.#again = false
    this.#broken = false
    this.#tried = this.#situation(start)
    let settled = false
    try {
      settled = await this.#exchange(start)
    } finally {
      this.#refreshing = false
      this.#endedMs = this.#host.clock.nowMs()
      // A change of the members meanwhile makes it due again, after a longer rest.
      this.#host.run(() => (settled ? this.#settle() : this.#tryLater()))
      this.#changed()
    }
  }

  #settle(): void {
    this.#failures = 0
    this.consider()
  }

  /** Something was not there yet, or somebody did not answer: again, seldom and seldomer. */
  #tryLater(): void {
    const waitMs = Math.min(retryMs.least * 2 ** this.#failures++, retryMs.most)
    this.#host.timers.set('quantum again', waitMs, () => {
      this.#tried = ''
      this.#host.run(() => this.consider())
    })
    this.consider()
  }

  /** Whether the exchange came to an end that a repetition would not change. */
  async #exchange(start: Group): Promise<boolean> {
    const self = this.#host.identity.device
    const present = new Set(this.#host.presentMembers())
    const others = this.#host.members().filter((device) => device !== self)
    await Promise.all(others.filter((peer) => present.has(peer)).map((peer) => this.#link(peer)))
    await this.#until(() => ![...this.#runs.values()].some((run) => run.role === 'alice' && !run.ended), runsAtMostMs)
    if (this.#isOver(start)) return true
    // No link gave a key: nothing would be gained over the keys that the room has.
    const sound = new Set(others.filter((peer) => this.#pads.has(peer) && !this.#lastFailed(peer)))
    if (sound.size === 0) return others.some((peer) => this.#wasJudged(peer))

    const uuid = randomUuid(this.#host.random(16))
    const secret = this.#host.random(32)
    const acked = new Set<DeviceId>()
    this.#ackedBy.set(uuid, acked)
    this.#meta('ROOMKEY_GENERATED', { epoch: start.epoch })
    if (!(await this.#handOut(start, uuid, secret, others, sound))) return false
    await this.#until(
      () => others.every((peer) => acked.has(peer) || !present.has(peer)) || this.#isOver(start),
      acksAtMostMs,
    )
    this.#ackedBy.delete(uuid)
    if (this.#isOver(start)) return true
    const id = `qkdg:${toBase64Url(start.groupId)}:${uuid}`
    const keep: StorageChange = { type: 'put', key: this.#host.key('secret', uuid), value: secret }
    let committed = false
    await this.#inQueue(async () => {
      this.#secrets.set(uuid, secret)
      await this.#host.store([keep])
      committed = await this.#host.propose({ psks: [{ id, secret }] }, { psk: uuid })
    })
    if (!committed) return false
    await this.#until(() => !this.#secrets.has(uuid) || !this.#host.committing() || this.#isOver(start), runsAtMostMs)
    // Another commit was first, perhaps that of a second sponsor: this secret will never serve.
    let lost = false
    await this.#inQueue(async () => {
      lost = this.#secrets.has(uuid) && !this.#host.committing()
      if (lost) await this.forget(uuid)
    })
    if (lost) return false
    // A commit that only brings a PSK heals nothing: an own path follows (protocol.md §6).
    let healed = false
    for (let leftMs = runsAtMostMs; leftMs > 0 && !healed && this.#host.group(); leftMs -= stepMs) {
      await this.#inQueue(async () => {
        healed = await this.#host.propose({}, { path: true })
      })
      if (!healed) await this.#pause()
    }
    return true
  }

  /** Gets pads for `peer`: nothing to do where there are some. */
  async #link(peer: DeviceId): Promise<void> {
    if (this.#pads.has(peer) && !this.#host.eavesdropper() && !this.#lastFailed(peer)) return
    this.#show(peer, { state: 'waiting' })
    const pair = await this.pairs.open(peer)
    if (!pair) {
      this.#show(peer, { state: 'none' })
      return
    }
    await this.#inQueue(async () => {
      this.#meta('BB84_INIT', { peer })
      const run = await Run.begin(this.#host, this.pairs, pair, this.#watcher)
      this.#remember(toBase64Url(run.id))
      this.#runs.set(toBase64Url(run.id), run)
    })
  }

  /** The last run on the link ended with a verdict on the link itself: more of the same would say the same. */
  #wasJudged(peer: DeviceId): boolean {
    const { report } = this.#links.get(linkKey([this.#host.identity.device, peer])) ?? {}
    return report?.reason === 'qber-above-threshold' || report?.reason === 'no-secret-key-left'
  }

  #lastFailed(peer: DeviceId): boolean {
    return this.#links.get(linkKey([this.#host.identity.device, peer]))?.state === 'aborted'
  }

  /** Pads of links that are not sound just now stay unused: their shares go under the pair group alone. */
  async #handOut(
    start: Group,
    uuid: string,
    secret: Uint8Array,
    others: readonly DeviceId[],
    sound: ReadonlySet<DeviceId>,
  ): Promise<boolean> {
    const { device } = this.#host.identity
    const leaves = start.members.map((member) => member.device)
    for (const receiver of others) {
      const pair = await this.pairs.open(receiver)
      // Whoever has no share is locked out by the commit: then there is none.
      if (!pair || this.#isOver(start)) return false
      await this.#inQueue(async () => {
        const { share } = await makeShare(sound.has(receiver) ? this.#pads : undefined, uuid, secret, {
          groupId: start.groupId,
          leaves,
          sender: device,
          receiver,
        })
        await this.pairs.say(pair, 'roomkey', encodePairContent({ type: 'share', share }))
        this.#meta('ROOMKEY_ENCRYPTED', { peer: receiver })
      })
    }
    return true
  }

  /** The members are no longer those of `start`, or this device is away. */
  #isOver(start: Group): boolean {
    const now = this.#host.group()
    return this.#closed || !now || leafText(now) !== leafText(start)
  }

  // --- both sides ------------------------------------------------------------------------------------------------

  /** A content that a pair group brings. A share is kept with the place in the stream, since it never comes again. */
  #onContent(pair: Pair, kind: FrameKind, bytes: Uint8Array, seq: number): StorageChange[] {
    const content = decodePairContent(bytes)
    if (content?.type === 'bb84' && kind === 'bb84') {
      this.#host.run(() => this.#onRunMessage(pair, content.run, content.message))
    }
    if (content?.type !== 'share' || kind !== 'roomkey') return []
    const { peer } = pair
    const { share } = content
    const key = this.#host.key('share', pair.id, String(seq).padStart(16, '0'))
    this.#shares.set(key, { peer, share })
    const ofPeer = [...this.#shares].filter(([, one]) => one.peer === peer).map(([oldKey]) => oldKey)
    const dropped = ofPeer.slice(0, -sharesPerPeer)
    for (const old of dropped) this.#shares.delete(old)
    this.#host.run(() => this.#openShares())
    return [
      { type: 'put', key, value: encodeStoredShare(peer, bytes) },
      ...dropped.map((old): StorageChange => ({ type: 'delete', key: old })),
    ]
  }

  async #onRunMessage(pair: Pair, runId: Uint8Array<ArrayBuffer>, message: Uint8Array): Promise<void> {
    const { peer } = pair
    if (!this.#host.members().includes(peer)) return
    const id = toBase64Url(runId)
    let run = this.#runs.get(id)
    if (!run) {
      // A run is answered only from its first message; a frame of one that is over begins nothing.
      if (this.#over.has(id)) return
      this.#remember(id)
      // Who begins another run has given up the one before.
      for (const one of this.#runs.values()) {
        if (one.peer === peer && one.role === 'bob' && !one.ended) await one.cancel()
      }
      run = await Run.answer(this.#host, this.pairs, pair, runId, this.#watcher)
      this.#runs.set(id, run)
      this.#show(peer, { state: 'running', stage: 'proposal', progress: 0 }, true)
    }
    if (run.peer === peer) await run.handle(message)
  }

  /** Ids of runs that this device took part in: each serves once. */
  readonly #over = new Set<string>()

  #remember(id: string): void {
    this.#over.add(id)
    for (const old of [...this.#over].slice(0, -runsRemembered)) this.#over.delete(old)
  }

  /** Opens what can be opened in the room's present group; the rest waits for another one. */
  async #openShares(): Promise<void> {
    const group = this.#host.group()
    this.#unopened = !group && this.#shares.size > 0
    if (!group) return
    for (const [key, { peer, share }] of this.#shares) await this.#openShare(group, key, peer, share)
  }

  async #openShare(group: Group, key: string, peer: DeviceId, share: Share): Promise<void> {
    const receiver = this.#host.identity.device
    const leaves = group.members.map(({ device }) => device)
    if (!leaves.includes(peer)) return
    const done: StorageChange = { type: 'delete', key }
    // Whoever hears of an id in an acknowledgement could give it another secret.
    if (this.#secrets.has(share.uuid)) {
      this.#shares.delete(key)
      return this.#host.store([done])
    }
    const opened = openShare(this.#pads, share, { groupId: group.groupId, leaves, sender: peer, receiver })
    if (!opened.ok && opened.reason === 'other-leaves') return
    this.#shares.delete(key)
    if (!opened.ok) return this.#host.store([done, ...opened.changes])
    this.#secrets.set(share.uuid, opened.secret)
    const unused = [...this.#secrets].slice(0, -secretsAtMost)
    for (const [uuid, secret] of unused) {
      secret.fill(0)
      this.#secrets.delete(uuid)
    }
    await this.#host.store([
      { type: 'put', key: this.#host.key('secret', share.uuid), value: opened.secret },
      done,
      ...opened.changes,
      ...unused.map(([uuid]): StorageChange => ({ type: 'delete', key: this.#host.key('secret', uuid) })),
    ])
    this.#meta('ROOMKEY_DECRYPTED', { peer })
    // The acknowledgement names the secret and the kind of pad: nothing that could be checked against a guess.
    this.#host.run(() => this.#host.say({ type: 'key-ack', uuid: share.uuid, pad: opened.pad }))
    this.#host.retryBlocked()
  }

  readonly #watcher: RunWatcher = {
    progress: (run, progress) => {
      const at = stageOrder.indexOf(progress.phase)
      this.#show(
        run.peer,
        { state: 'running', stage: progress.phase, progress: at / stageOrder.length },
        run.role === 'bob',
      )
      if (progress.phase === 'estimation' && run.role === 'alice') this.#siftingDone(run.peer, progress)
    },
    done: async (run, end) => {
      const id = toBase64Url(run.id)
      // It stays for a while: a peer that refused the very last message says so, and the key is void then.
      this.#host.timers.set(`ended ${id}`, runsAtMostMs, () => this.#runs.delete(id))
      if (end.result.aborted && end.result.withdrawn) await this.#pads.drop(end.peer, end.run)
      if (!end.result.aborted) {
        await this.#pads.add(end.peer, end.run, end.role, end.result.label, end.result.key)
        end.result.key.fill(0)
      }
      await this.#report(end)
    },
  }

  async #report({ run, peer, role, result }: RunEnd): Promise<void> {
    const report = reportOf(run, result, this.#pads.bitsFor(peer))
    const { device } = this.#host.identity
    const alice = role === 'alice'
    this.onReport(alice ? device : peer, alice ? peer : device, report)
    this.#changed()
    if (!alice) return
    this.#host.run(() => this.#host.say({ type: 'link-report', peer, report }))
    const matched = (result.sampled ?? 0) - (result.mismatches ?? 0)
    void this.#host.transport.request('bb84_session', {
      room: this.#host.identity.room,
      peer,
      original: result.detected ?? 0,
      matched,
      mismatched: result.mismatches ?? 0,
      qber: result.qber ?? 0,
      threshold: report.threshold,
      accepted: !result.aborted,
    })
  }

  #siftingDone(peer: DeviceId, progress: SessionProgress): void {
    this.#meta('BB84_SIFTING_COMPLETE', {
      peer,
      pulses: progress.pulses ?? 0,
      detected: progress.detected ?? 0,
      sifted: progress.sifted ?? 0,
    })
  }

  #show(peer: DeviceId, shown: Omit<LinkKnowledge, 'ends' | 'report'>, peerIsAlice = false): void {
    const { device } = this.#host.identity
    const ends: [DeviceId, DeviceId] = peerIsAlice ? [peer, device] : [device, peer]
    const report = this.#links.get(linkKey(ends))?.report
    this.#links.set(linkKey(ends), { ends, ...shown, ...(report ? { report } : {}) })
    this.#changed()
  }

  /** Something that is shown and not stored is different now. */
  #changed(): void {
    this.#host.run(() => this.#host.store([]))
  }

  #meta(
    tag:
      | 'BB84_INIT'
      | 'BB84_SIFTING_COMPLETE'
      | 'ROOMKEY_GENERATED'
      | 'ROOMKEY_ENCRYPTED'
      | 'ROOMKEY_DECRYPTED'
      | 'KEY_DESTROYED',
    values: object = {},
  ): void {
    void this.#host.transport.request('bb84_meta', { room: this.#host.identity.room, tag, ...values })
  }

  #inQueue(job: () => Promise<void>): Promise<void> {
    return this.#host.queue.run(job)
  }

  async #until(holds: () => boolean, timeoutMs: number): Promise<void> {
    // Counted in pauses: a clock can be put back, or ahead, meanwhile.
    for (let leftMs = timeoutMs; leftMs > 0 && !this.#closed && !holds(); leftMs -= stepMs) await this.#pause()
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#host.clock.after(stepMs, resolve))
  }
}

function encodeStoredShare(peer: DeviceId, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Writer().text(peer, 1).bytes(content, 4).done()
}

function decodeStoredShare(bytes: Uint8Array): { peer: DeviceId; share: Share } | undefined {
  return readExactly(bytes, (reader) => {
    const peer = reader.text(1) as DeviceId
    const content = decodePairContent(reader.bytes(4))
    return content?.type === 'share' ? { peer, share: content.share } : undefined
  })
}

function linkKey(ends: readonly DeviceId[]): string {
  return [...ends].sort().join(' ')
}

function leafText(group: Group): string {
  return group.members.map(({ leaf, device }) => `${leaf}:${device}`).join(' ')
}

/** RFC 9562 version 4 from 16 random bytes. */
function randomUuid(bytes: Uint8Array): string {
  const copy = bytes.slice()
  copy[6] = (copy[6]! & 0x0f) | 0x40
  copy[8] = (copy[8]! & 0x3f) | 0x80
  const hex = Array.from(copy, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function reportOf(run: Uint8Array, result: SessionResult, keyBits: number): LinkReport {
  return {
    run: toBase64Url(run),
    completed: !result.aborted,
    ...(result.aborted ? { reason: result.reason } : {}),
    ...(result.qber === undefined ? {} : { qber: result.qber }),
    ...(result.qberInterval === undefined ? {} : { qberInterval: result.qberInterval }),
    threshold: result.threshold ?? 0.11,
    stages: (result.stages ?? []).map(({ name, bitsOut }) => ({ name, bits: Math.max(0, bitsOut) })),
    keyBits,
  }
}
