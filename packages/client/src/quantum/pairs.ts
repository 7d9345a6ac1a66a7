/**
 * Pair groups: a two-person MLS group with each member that this device has something private for. Made lazily from
 * KeyPackages that every device keeps published, so that it starts while the other is away (protocol.md §5).
 */
import {
  type CommitEvent,
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
import {
  commit,
  createPairGroup,
  decodeGroup,
  encodeGroup,
  exportSecret,
  type Group,
  inspectKeyPackage,
  join,
} from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { parseStored } from '../room/device-store.ts'
import { type CommitChange, decodeStoredGroup, type PairApplication, pairOps } from '../room/room-ops.ts'
import type { PairStream } from '../room/room-stream.ts'
import type { FrameKind, OutboxRow } from '../sync/outbox.ts'
import type { StreamFrame } from '../sync/session.ts'
import { Stream, type StreamParts } from '../sync/stream.ts'
import type { QuantumHost } from './host.ts'
import { decodePairContent, type PairContent } from './pair-content.ts'
import { PairKeyPackages } from './pair-key-packages.ts'

/** The Welcome of a pair that the other opened comes at once, unless it went down with the relay. */
const welcomeWaitMs = 5_000
/** Pair groups kept with devices that are no members as far as this device knows: perhaps they will be. */
const strangersAtMost = 16
/** Pair groups kept with one peer: the newest, and the one that it takes the place of. */
const pairsPerPeer = 2

/** A pair group on its way: stored before the relay hears of it, so that a crash repeats the same bytes. */
const storedOpening = v.object({ pair: v.string(), group: v.string(), event: v.looseObject({}) })
const storedPair = v.object({ pair: v.string(), peer: v.string(), atMs: v.exactOptional(v.number()) })

export interface Pair {
  id: PairId
  peer: DeviceId
  stream: PairStream
}

/** Takes a content in; what it yields is stored together with the place in the stream. */
type PairHandler = (pair: Pair, kind: FrameKind, content: Uint8Array, seq: number) => StorageChange[]

export class Pairs {
  readonly #host: QuantumHost
  readonly #onContent: PairHandler
  readonly keyPackages: PairKeyPackages
  readonly #pairs = new Map<PairId, Pair>()
  readonly #opening = new Map<DeviceId, Promise<Pair | undefined>>()
  readonly #awaited = new Map<DeviceId, (pair: Pair | undefined) => void>()

  constructor(host: QuantumHost, onContent: PairHandler) {
    this.#host = host
    this.#onContent = onContent
    this.keyPackages = new PairKeyPackages(host)
  }

  async load(): Promise<void> {
    const { storage } = this.#host
    const entries = await storage.list(`${this.#host.key('pairs')}/`)
    const all = entries.flatMap(({ value }) => parseStored(storedPair, value) ?? [])
    for (const stored of all.sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0))) {
      const [id, peer] = [stored.pair as PairId, stored.peer as DeviceId]
      const stream = await Stream.load(this.#parts(id, peer), decodeStoredGroup)
      if (stream) this.#pairs.set(id, { id, peer, stream })
    }
  }

  byId(id: PairId): Pair | undefined {
    return this.#pairs.get(id)
  }

  with(peer: DeviceId): Pair | undefined {
    // The newest one counts, should a peer have begun anew.
    return [...this.#pairs.values()].reverse().find((pair) => pair.peer === peer)
  }

  cursors(): { pair: PairId; inc: Incarnation; seq: number }[] {
    return [...this.#pairs.values()].map(({ id, stream }) => ({ pair: id, ...stream.cursor }))
  }

  async resumed(answers: readonly ({ pair: PairId } & Resumed)[]): Promise<void> {
    for (const answer of answers) await this.#pairs.get(answer.pair)?.stream.resumed(answer)
    for (const { id, stream } of this.#pairs.values()) {
      if (!answers.some(({ pair }) => pair === id)) stream.disconnected()
    }
  }

  /** Where the relay says that a pair's stream stands. */
  async onHeartbeat(id: PairId, at: { inc: Incarnation; seq: number; epoch: number }): Promise<void> {
    await this.#pairs.get(id)?.stream.heard(at)
  }

  disconnected(): void {
    for (const { stream } of this.#pairs.values()) stream.disconnected()
  }

  close(): void {
    for (const { stream } of this.#pairs.values()) stream.close()
    for (const resolve of this.#awaited.values()) resolve(undefined)
  }

  /** Publishes KeyPackages where there are none, or few are left, or they grow old. */
  publish(): Promise<void> {
    return this.keyPackages.publish()
  }

  /** The pair group with `peer`, opened where there is none. Undefined: it cannot be had now. Not to be called in the queue. */
  open(peer: DeviceId): Promise<Pair | undefined> {
    const present = this.with(peer)
    if (present) return Promise.resolve(present)
    const under = this.#opening.get(peer)
    if (under) return under
    const opening = this.#openNew(peer).finally(() => this.#opening.delete(peer))
    this.#opening.set(peer, opening)
    return opening
  }

  async #openNew(peer: DeviceId, replaces?: PairId): Promise<Pair | undefined> {
    const prepared = await this.#prepared(peer, replaces)
    if (!prepared) return undefined
    const { event, group, id } = prepared
    const { transport, queue } = this.#host
    const answer = await transport.request('commit', event)
    if (answer?.ok) {
      return queue.run(async () => {
        await this.#host.store([{ type: 'delete', key: this.#host.key('opening', peer) }])
        const pair = await this.#begin(id, peer, group, answer.inc, answer.seq)
        this.#host.resume()
        return pair
      })
    }
    if (!answer) return undefined
    await queue.run(() => this.#host.store([{ type: 'delete', key: this.#host.key('opening', peer) }]))
    if (answer.code !== 'exists') return undefined
    // The other was faster, and its Welcome is on the way; or it is a pair that this device has lost, and begins anew.
    const pair = await this.#waitFor(peer)
    if (pair || !answer.pair || replaces !== undefined) return pair
    return this.#openNew(peer, answer.pair)
  }

  async #prepared(
    peer: DeviceId,
    replaces: PairId | undefined,
  ): Promise<{ id: PairId; group: Group; event: CommitEvent } | undefined> {
    const { identity, storage, transport, clock, random, bundles, queue } = this.#host
    const key = this.#host.key('opening', peer)
    const stored = parseStored(storedOpening, await storage.get(key))
    if (stored) {
      const group = decodeGroup(fromBase64Url(stored.group) ?? new Uint8Array())
      if (group) return { id: stored.pair as PairId, group, event: stored.event as unknown as CommitEvent }
    }
    const taken = await transport.request('take_key_package', { room: identity.room, device: peer })
    const keyPackage = taken?.ok ? fromBase64Url(taken.keyPackage) : undefined
    const shown = keyPackage && (await inspectKeyPackage(keyPackage, clock.nowMs()))
    if (!keyPackage || !shown) return undefined
    if (!bundles.source(shown.credential)) await this.#host.fetchBundles([shown.credential])
    if (bundles.source(shown.credential)?.device !== peer) return undefined
    const empty = await createPairGroup(identity, { peer, nowMs: clock.nowMs(), random })
    const made = await commit(empty, { add: [keyPackage] }, { bundles: bundles.source, nowMs: clock.nowMs() })
    if (!made.ok || !made.welcome) return undefined
    const id = toBase64Url(empty.groupId) as string as PairId
    const event: CommitEvent = {
      room: identity.room,
      pair: id,
      open: replaces ? { to: peer, replaces } : { to: peer },
      id: toBase64Url(random(16)) as string as MessageId,
      epoch: 0,
      ct: toBase64Url(made.frame),
      welcomes: [{ to: [peer], ct: toBase64Url(made.welcome) }],
      bundles: [],
      removed: [],
    }
    const value = utf8(JSON.stringify({ pair: id, group: toBase64Url(encodeGroup(made.next)), event }))
    await queue.run(() => this.#host.store([{ type: 'put', key, value }]))
    return { id, group: made.next, event }
  }

  #waitFor(peer: DeviceId): Promise<Pair | undefined> {
    return new Promise((resolve) => {
      const done = (pair: Pair | undefined) => {
        this.#awaited.delete(peer)
        resolve(pair)
      }
      this.#awaited.set(peer, done)
      this.#host.timers.set(`pair ${peer}`, welcomeWaitMs, () => done(undefined))
    })
  }

  async onWelcome(welcome: WelcomeEvent): Promise<void> {
    const { identity, bundles } = this.#host
    const sealed = fromBase64Url(welcome.ct)
    if (!sealed || !welcome.pair || this.#pairs.has(welcome.pair)) return
    if (await this.keyPackages.hasServed(welcome.pair)) return
    const members = this.#host.members()
    const strangers = [...this.#pairs.values()].filter(({ peer }) => !members.includes(peer))
    if (!members.includes(welcome.from) && strangers.length >= strangersAtMost) return
    for (const { key, value } of await this.keyPackages.all()) {
      const joined = await join(identity, value, sealed, {
        expect: { purpose: 'pair', address: identity.room },
        requireInvitePsk: false,
        bundles: bundles.source,
      })
      if (!joined.ok) continue
      const { purpose, groupId } = joined.group
      const fits =
        purpose.kind === 'pair' && purpose.devices[0] === welcome.from && toBase64Url(groupId) === String(welcome.pair)
      if (!fits) return
      await this.keyPackages.used(key, welcome.pair)
      const pair = await this.#begin(welcome.pair, welcome.from, joined.group, welcome.inc, welcome.seq)
      this.#awaited.get(welcome.from)?.(pair)
      this.#host.resume()
      this.#host.beside(this.publish())
      return
    }
  }

  async #begin(id: PairId, peer: DeviceId, group: Group, inc: Incarnation, seq: number): Promise<Pair> {
    const { stream, changes } = Stream.begin(this.#parts(id, peer), { group, inc, seq })
    const pair = { id, peer, stream }
    this.#pairs.set(id, pair)
    const value = utf8(JSON.stringify({ pair: id, peer, atMs: this.#host.clock.nowMs() }))
    const earlier = [...this.#pairs.values()].filter((one) => one.peer === peer).slice(0, -pairsPerPeer)
    const ended = earlier.flatMap((one) => this.#end(one))
    await this.#host.store([...changes, { type: 'put', key: this.#host.key('pairs', id), value }, ...ended])
    return pair
  }

  /** Ends the pair groups with devices that are no members any more. */
  async endGone(): Promise<void> {
    const gone = [...this.#pairs.values()].filter(({ peer }) => this.#host.isGone(peer))
    if (gone.length > 0) await this.#host.store(gone.flatMap((pair) => this.#end(pair)))
  }

  #end({ id, stream }: Pair): StorageChange[] {
    stream.close()
    this.#pairs.delete(id)
    return [
      { type: 'delete', key: this.#host.key('pairs', id) },
      { type: 'delete-prefix', prefix: `${this.#host.key('pair', id)}/` },
      { type: 'delete-prefix', prefix: `${this.#host.key('share', id)}/` },
    ]
  }

  async onFrame(
    name: 'encrypted_message' | 'bb84_message' | 'roomkey_share' | 'commit',
    frame: PairEvent,
  ): Promise<void> {
    const ct = fromBase64Url(frame.ct)
    const pair = frame.pair && this.#pairs.get(frame.pair)
    if (!ct || !pair) return
    const { inc, seq, epoch, id, at } = frame
    const device = 'from' in frame ? frame.from : frame.device
    const kind: StreamFrame['kind'] = (
      { encrypted_message: 'message', bb84_message: 'bb84', roomkey_share: 'roomkey', commit: 'commit' } as const
    )[name]
    await pair.stream.receive({ kind, inc, seq, epoch, id, device, ct, atMs: at })
  }

  /**
   * Puts a content into the pair's order, and stores `changes` with it. Runs in the queue.
   *
   * @param until - `confirmed`: it goes again after a restart of the relay, until `confirm` says that the peer has it
   */
  async say(
    pair: Pair,
    kind: FrameKind,
    content: Uint8Array<ArrayBuffer>,
    until: OutboxRow['until'] = 'ordered',
    changes: StorageChange[] = [],
  ): Promise<void> {
    const id = toBase64Url(this.#host.random(16)) as string as MessageId
    await pair.stream.enqueue(kind, id, content, until, changes)
  }

  /** What was said to `peer`, is not confirmed, and reads as `isMeant`; the newest. */
  said(peer: DeviceId, isMeant: (content: PairContent) => boolean): OutboxRow | undefined {
    return this.#saidIn(peer, isMeant).at(-1)?.row
  }

  /** `peer` has what reads as `isMeant`: it need not go again, nor what went before it in its pair group. */
  async confirm(peer: DeviceId, isMeant: (content: PairContent) => boolean): Promise<void> {
    for (const { stream, row } of this.#saidIn(peer, isMeant)) {
      if (row.ordered) await stream.confirmed(row.ordered.seq)
    }
  }

  #saidIn(peer: DeviceId, isMeant: (content: PairContent) => boolean): { stream: PairStream; row: OutboxRow }[] {
    return [...this.#pairs.values()].flatMap(({ peer: other, stream }) => {
      if (other !== peer) return []
      const rows = stream.rows.filter(({ content }) => {
        const said = decodePairContent(content)
        return said !== undefined && isMeant(said)
      })
      return rows.map((row) => ({ stream, row }))
    })
  }

  /** Whether everything is here that `peer` has said so far, and everything there that was said to it. */
  isQuiet(peer: DeviceId): boolean {
    const streams = [...this.#pairs.values()].filter((pair) => pair.peer === peer).map(({ stream }) => stream)
    return streams.every(
      ({ inStep, rows }) =>
        inStep && rows.every(({ ordered, refused }) => ordered !== undefined || refused !== undefined),
    )
  }

  /** A secret that only the two of this pair group can make, for one purpose and context. */
  secret(pair: Pair, label: string, context: Uint8Array, length: number): Promise<Uint8Array> {
    return exportSecret(pair.stream.group, label, context, length)
  }

  #parts(id: PairId, peer: DeviceId): StreamParts<Group, PairApplication, CommitChange> {
    const { identity, transport, storage, clock, queue, bundles } = this.#host
    const { room } = identity
    const drop = () => {
      // A pair group that this device cannot follow any more is over: the next use opens a new one.
      const pair = this.#pairs.get(id)
      if (!pair) return
      const changes = this.#end(pair)
      this.#host.run(() => this.#host.store(changes))
    }
    return {
      prefix: this.#host.key('pair', id),
      storage,
      clock,
      queue,
      ops: pairOps(bundles.source),
      wire: {
        send(kind, messageId, epoch, n, frame) {
          const ct = toBase64Url(frame)
          if (kind === 'message')
            return transport.request('encrypted_message', { room, pair: id, id: messageId, epoch, n, ct })
          const event = kind === 'bb84' ? 'bb84_relay' : 'roomkey_share'
          return transport.request(event, { room, pair: id, to: peer, id: messageId, epoch, n, ct })
        },
      },
      host: {
        onContent: (frame, { content }) => {
          const pair = this.#pairs.get(id)
          return pair && frame.kind !== 'commit' ? this.#onContent(pair, frame.kind, content, frame.seq) : []
        },
        onCommit: () => [],
        onOwn: () => [],
        onRefused: () => [],
        onStored: () => undefined,
        onInvalidCommit: () => undefined,
        onAdopted: (frame) => void transport.request('commit_ack', { room, pair: id, seq: frame.seq }),
        onMissing: () => undefined,
        onFallenOut: drop,
        onUnproven: drop,
        onFailed: (error) => this.#host.beside(Promise.reject(error)),
        onGap: () => this.#host.timers.setOnce('gap-pairs', 500, () => this.#host.resume()),
      },
    }
  }
}

export type PairEvent = RelayEvents['encrypted_message'] | RelayEvents['bb84_message'] | RelayEvents['commit']
