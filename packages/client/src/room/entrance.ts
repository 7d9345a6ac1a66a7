/** How a device gets into its room, and back into it: logging in, founding, waiting for a Welcome, resuming, rejoining. */
import {
  type Answer,
  type Base64Url,
  type CreateRoom,
  fromBase64Url,
  type JoinAnswer,
  roomKind,
  toBase64Url,
  utf8,
  type WelcomeEvent,
} from '@qsec/protocol'
import * as v from 'valibot'
import {
  createRoomGroup,
  decodeGroup,
  deriveInvite,
  encodeGroup,
  type Group,
  join,
  makeKeyPackage,
} from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Quantum } from '../quantum/quantum.ts'
import type { Phase } from '../snapshot.ts'
import { loginAndJoin } from './connection.ts'
import type { RoomCore } from './core.ts'
import { metaChange, parseStored } from './device-store.ts'
import { inviteLifetimeMs } from './membership.ts'
import { deviceCode } from './people.ts'
import type { RoomStream } from './room-stream.ts'

const reconnectPauseMs = 2_000
const welcomeWaitMs = 10_000
const knockAgainMs = 60_000
const rejoinPauseMs = 10_000
/** A request may arrive twice; much later than its own last one, a return of this device is somebody else's. */
const ownReturnMs = 600_000
/** An open room in which nobody has been connected for a while may be begun anew: its address belongs to whoever comes. */
const beginAnewMs = 6_000

/** The KeyPackage with which this device asks to be added; `again`: it was a member before. */
const storedRequest = v.object({ keyPackage: v.string(), secret: v.string(), again: v.boolean(), atMs: v.number() })
type StoredRequest = v.InferOutput<typeof storedRequest>

type Member = Extract<JoinAnswer, { state: 'member' }>

/** The answers after which the same join may succeed later. */
const passing: readonly string[] = ['rate-limited', 'unavailable', 'internal', 'not-logged-in', 'exists']

export interface EntranceParts {
  core: RoomCore
  quantum: Quantum
  /** Begins the room's stream with a group; what to store for it comes back with it. */
  begin(start: { group: Group; inc: Member['inc']; seq: number }): { stream: RoomStream; changes: StorageChange[] }
  /** This device is in, as a newcomer or anew. */
  onEntered(): Promise<void>
  /** The stream is in step with the relay. */
  onResumed(): void
}

export class Entrance {
  readonly #parts: EntranceParts
  #founding: Group | undefined
  #request: StoredRequest | undefined
  #attempt = 0
  #resuming = false
  #resumeAgain = false
  #rejoinAskedMs = Number.NEGATIVE_INFINITY
  /** When this device last asked to be let in, or came in. */
  #askedMs = Number.NEGATIVE_INFINITY

  constructor(parts: EntranceParts) {
    this.#parts = parts
  }

  /** @param founding - the group in epoch 0 that this device made for a room to be created */
  async load(founding: Group | undefined): Promise<void> {
    const { core } = this.#parts
    this.#request = parseStored(storedRequest, await core.storage.get(core.key('request')))
    const asked = await core.storage.get(core.key('asked'))
    if (asked) this.#askedMs = Number(new TextDecoder().decode(asked))
    const stored = await core.storage.get(core.key('founding'))
    this.#founding = founding ?? (stored && decodeGroup(stored))
  }

  // --- connecting ------------------------------------------------------------------------------------------------

  /** A connection is there: logs in and joins. A later call makes an earlier one void. */
  async connect(): Promise<void> {
    const { core, quantum } = this.#parts
    const attempt = ++this.#attempt
    const { stream } = core
    const creation = stream ? undefined : await this.#creation()
    const answer = await loginAndJoin(
      core.transport,
      core.env.clock,
      core.identity,
      core.address,
      stream ? undefined : core.meta.secret,
      {
        ...(core.meta.knocks && !stream ? { knock: true as const } : {}),
        ...(stream ? { ...stream.cursor, pairs: quantum.pairs.cursors() } : {}),
        ...(creation ? { create: creation } : {}),
      },
    )
    // A refusal stands, also where the relay has cut the connection right behind it.
    const refused = answer?.ok === false && !passing.includes(answer.code)
    if (core.closed || core.stopped || (attempt !== this.#attempt && !refused)) return
    // The relay takes no login of a clock that differs from its own.
    if (answer?.ok) core.noteRelayTime(core.nowMs)
    await core.later(() => this.#joined(answer))
  }

  disconnected(): void {
    this.#attempt++
  }

  #connectLater(): void {
    const { core } = this.#parts
    core.timers.set('connect', reconnectPauseMs, () => {
      if (core.connected) core.beside(this.connect())
    })
  }

  /** What founds the room: always tried in an open one, where the first to come makes it. */
  async #creation(anew = false): Promise<CreateRoom | undefined> {
    const { core } = this.#parts
    // Who comes as another device of somebody finds a room, or it is none.
    if (core.meta.link) return undefined
    if (!this.#founding && roomKind(core.address) === 'open' && (anew || !core.stream)) {
      const nonce = core.env.random(16)
      this.#founding = await createRoomGroup(core.identity, {
        nonce,
        nowMs: core.nowMs,
        invites: [],
        ...(core.meta.expected === undefined ? {} : { capacity: core.meta.expected }),
      })
      await core.store([{ type: 'put', key: core.key('founding'), value: encodeGroup(this.#founding) }])
    }
    if (!this.#founding) return undefined
    const joinKeys = this.#founding.invites.map(({ secret }) =>
      toBase64Url(deriveInvite(core.address, secret).joinPublicKey),
    )
    return core.meta.expected === undefined ? { joinKeys } : { expected: core.meta.expected, joinKeys }
  }

  async #joined(answer: Answer<JoinAnswer> | undefined): Promise<void> {
    const { core } = this.#parts
    if (!answer) return this.#connectLater()
    if (!answer.ok) {
      if (passing.includes(answer.code)) return this.#connectLater()
      // The open room that this device knew has ended meanwhile.
      if (answer.code === 'no-access' && core.stream && roomKind(core.address) === 'open') {
        core.beside(this.#beginAnew())
        return
      }
      core.setPhase({ at: 'refused', code: answer.code, message: answer.message })
      core.stop()
      return
    }
    if (answer.state === 'waiting') return this.#wait()
    const first = answer.created || !core.stream
    if (first && this.#founding && answer.epoch === this.#founding.epoch) await this.#found(this.#founding, answer)
    if (core.stream) return this.#resumed(answer)
    // A member of whom the Welcome is still on its way, or was lost with the relay's memory.
    core.setPhase(this.#waiting())
    core.timers.set('welcome', welcomeWaitMs, () => void core.later(() => this.#ask(true)))
  }

  async #found(group: Group, answer: Member): Promise<void> {
    const { core, begin } = this.#parts
    const start = { group, inc: answer.inc, seq: answer.seq }
    this.#founding = undefined
    const changes: StorageChange[] = [
      { type: 'delete', key: core.key('founding') },
      core.become({ leaving: [], leaveProofs: {} }),
      core.forgetSecret(),
      ...core.timeline.tell({ type: 'created', by: core.device }, core.nowMs),
    ]
    if (core.stream) await core.stream.replaceGroup(start, changes)
    else {
      const { stream, changes: begun } = begin(start)
      core.stream = stream
      await core.store([...begun, ...changes])
    }
    core.setPhase({ at: 'member' })
  }

  /** Nobody is there who could let this device into an open room, and nobody has been for a while: it begins anew. */
  async #beginAnew(): Promise<void> {
    const { core } = this.#parts
    const create = await this.#creation(true)
    if (!create || !core.connected) return
    const answer = await core.transport.request('join', { room: core.address, create })
    await core.later(() => this.#joined(answer))
  }

  /**
   * Asks for the frames after the cursors, on the connection that is logged in already. Beside the queue: a relay that
   * does not answer holds nothing up. A call while one is under way makes it ask once more.
   */
  resume(): void {
    if (this.#resuming) this.#resumeAgain = true
    else this.#parts.core.beside(this.#resume())
  }

  async #resume(): Promise<void> {
    const { core, quantum } = this.#parts
    this.#resuming = true
    try {
      do {
        this.#resumeAgain = false
        const attempt = this.#attempt
        if (!core.stream || core.stopped) return
        const place = { ...core.stream.cursor, pairs: quantum.pairs.cursors() }
        const answer = await core.transport.request('join', { room: core.address, ...place })
        if (attempt !== this.#attempt) return // the connection was another one: it resumes by itself
        if (answer?.ok && answer.state === 'member') await core.later(() => this.#resumed(answer))
      } while (this.#resumeAgain)
    } finally {
      this.#resuming = false
    }
  }

  async #resumed(answer: Member): Promise<void> {
    const { core, quantum, onResumed } = this.#parts
    const stream = core.stream!
    const restarted = stream.cursor.inc !== answer.inc
    if (core.phase.at === 'connecting') core.setPhase({ at: 'member' })
    const { rewound } = await stream.resumed(answer)
    await quantum.pairs.resumed(answer.pairs)
    if (restarted) await core.store(core.timeline.tell({ type: 'relay-restarted' }, core.nowMs))
    if (rewound) await core.store(core.timeline.tell({ type: 'unreadable', reason: 'rewound' }, core.nowMs))
    if (core.phase.at === 'rejoining') return this.#ask(true)
    core.beside(quantum.pairs.publish())
    onResumed()
  }

  /** Frames of the room's stream cannot be had any more: stored with the place that passes them over. */
  lost(range: { fromSeq: number; toSeq: number }): StorageChange[] {
    const { core } = this.#parts
    return [...this.#forgetPlaces(), ...core.timeline.tell({ type: 'gap', ...range }, core.nowMs)]
  }

  /** After a gap nobody knows any more which content of a device is its next. */
  #forgetPlaces(): StorageChange[] {
    const { core } = this.#parts
    return [...core.people].flatMap(([device, known]) => {
      if (!known.said) return []
      delete known.said
      return core.know(device, {})
    })
  }

  // --- coming in -------------------------------------------------------------------------------------------------

  async #wait(): Promise<void> {
    const { core } = this.#parts
    if (this.#founding) {
      this.#founding = undefined // somebody else founded this open room
      await core.store([{ type: 'delete', key: core.key('founding') }])
    }
    await this.#ask(core.stream !== undefined)
    if (roomKind(core.address) !== 'open' || core.meta.link) return
    core.timers.set('begin-anew', beginAnewMs, () => {
      const waits = core.phase.at === 'waiting' || core.phase.at === 'rejoining'
      if (waits && core.connected && !core.anyoneHere) core.beside(this.#beginAnew())
    })
  }

  #waiting(): Phase {
    const { core } = this.#parts
    if (core.meta.knocks) return { at: 'knocking', code: deviceCode(core.device) }
    return { at: 'waiting', anyoneHere: core.anyoneHere, ...(core.meta.link ? { linked: true as const } : {}) }
  }

  /** This device can no longer follow the group: a member has to add it again. */
  rejoin(): void {
    const { core } = this.#parts
    if (core.phase.at === 'rejoining' && Math.abs(core.nowMs - this.#rejoinAskedMs) < rejoinPauseMs) return
    this.#rejoinAskedMs = core.nowMs
    void core.later(() => this.#ask(true))
  }

  /** The commit that took this device out adds it anew as well (its request arrived twice): a Welcome is on its way. */
  awaitWelcome(): void {
    const { core } = this.#parts
    if (core.nowMs - this.#askedMs > ownReturnMs) {
      this.stopBesideCopy()
      return
    }
    core.setPhase({ at: 'rejoining', anyoneHere: core.anyoneHere })
    core.timers.set('welcome', welcomeWaitMs, () => void core.later(() => this.#ask(true)))
  }

  /**
   * A copy of this device is in use elsewhere. Each of the two could put the other out for ever, so this one stops until
   * a person says that it is to go on.
   */
  stopBesideCopy(): void {
    const { core } = this.#parts
    void core.later(() => {
      const message = 'The same device has come into the room from another place: its storage was copied.'
      core.setPhase({ at: 'refused', code: 'replaced', message })
      core.stop()
    })
  }

  /** Asks to be let in, or back in (`again`), with a KeyPackage that waits at the relay. */
  async #ask(again: boolean): Promise<void> {
    const { core, quantum } = this.#parts
    core.setPhase(again && core.stream ? { at: 'rejoining', anyoneHere: core.anyoneHere } : this.#waiting())
    this.#askedMs = core.nowMs
    const { keyPackage } = await this.#requestFor(again)
    const { transport, address } = core
    void transport.request('announce_pubkey', { room: address, request: keyPackage as Base64Url }).then((answer) => {
      // Published now, so that others can prepare something for this device even if it goes away at once.
      // At the door the relay takes nothing but the request.
      if (answer?.ok && !core.meta.knocks) core.beside(quantum.pairs.publish())
      else if (answer?.ok) this.#knockAgainLater()
      else if (core.connected && !core.closed) {
        core.timers.set('ask', reconnectPauseMs, () => void core.later(() => this.#ask(again)))
      }
    })
  }

  /** A place for another knock may be free by then; whoever knocks is told nothing of that. */
  #knockAgainLater(): void {
    const { core } = this.#parts
    core.timers.set('ask', knockAgainMs, () => {
      if (core.phase.at === 'knocking' && core.connected) void core.later(() => this.#ask(false))
    })
  }

  /** A KeyPackage is repeated while it is good: a Welcome for it may be on its way, however long its commit takes. */
  async #requestFor(again: boolean): Promise<StoredRequest> {
    const { core } = this.#parts
    const { nowMs } = core
    // One that a clock ahead or behind has dated would be taken by nobody.
    const aged = Math.abs(nowMs - (this.#request?.atMs ?? 0))
    if (this.#request?.again === again && aged < inviteLifetimeMs) return this.#request
    const { secret, link } = core.meta
    const invited = !again && !link && secret && roomKind(core.address) === 'closed'
    const made = await makeKeyPackage(core.identity, {
      nowMs,
      ...(invited ? { invite: { rid: core.address, secret, expiresMs: nowMs + inviteLifetimeMs } } : {}),
      ...(link && !again ? { link } : {}),
    })
    this.#request = { keyPackage: toBase64Url(made.keyPackage), secret: toBase64Url(made.secret), again, atMs: nowMs }
    await core.store([{ type: 'put', key: core.key('request'), value: utf8(JSON.stringify(this.#request)) }])
    return this.#request
  }

  /** A Welcome to the room. It counts only for a request of this device, and a second one only for a rejoin. */
  async onWelcome(welcome: WelcomeEvent): Promise<void> {
    const { core } = this.#parts
    const sealed = fromBase64Url(welcome.ct)
    const request = this.#request
    const secret = request && fromBase64Url(request.secret)
    if (!sealed || !request || !secret || (core.stream && !request.again)) return
    const joined = await this.#open(sealed, secret, request.again)
    if (joined.ok) return this.#enter(joined.group, welcome)
    if (joined.reason === 'not-for-this-key-package') return
    this.#request = undefined // it led to nothing: the next one is new
    if (core.stream) return this.#ask(true)
    const message = `The room's welcome does not hold (${joined.reason}).`
    core.setPhase({ at: 'refused', code: 'bad-welcome', message })
    core.stop()
  }

  async #open(sealed: Uint8Array, secret: Uint8Array, again: boolean): Promise<Awaited<ReturnType<typeof join>>> {
    const { core } = this.#parts
    const { link } = core.meta
    const byLink = roomKind(core.address) === 'closed' && !again && !core.meta.knocks && !link
    const attempt = () =>
      join(core.identity, secret, sealed, {
        expect: { purpose: 'room', address: core.address },
        requireInvitePsk: byLink,
        ...(byLink && core.meta.secret ? { invite: { secret: core.meta.secret } } : {}),
        // No link PSK vouches for the group then: the device that made the link does, or another one of the person.
        ...(link && !again ? { signers: link.devices } : {}),
        bundles: core.bundles.source,
      })
    let joined = await attempt()
    if (!joined.ok && joined.missing) {
      await this.fetchBundles(joined.missing)
      joined = await attempt()
    }
    // No link PSK vouches for a rejoin: whoever was seen leaving could otherwise offer a group of their own.
    if (joined.ok && again && joined.group.members.some(({ device }) => core.people.get(device)?.gone)) {
      return { ok: false, reason: 'gone-member' }
    }
    return joined
  }

  async #enter(group: Group, welcome: WelcomeEvent): Promise<void> {
    const { core, begin, onEntered } = this.#parts
    const start = { group, inc: welcome.inc, seq: welcome.seq }
    this.#request = undefined
    delete core.meta.link
    const changes: StorageChange[] = [
      { type: 'delete', key: core.key('request') },
      metaChange(core.device, core.meta),
      this.#noteAsked(),
      core.become({ leaving: [], leaveProofs: {} }),
      core.forgetSecret(),
      ...this.#forgetPlaces(),
    ]
    for (const { device } of group.members) if (!core.people.has(device)) changes.push(...core.know(device, {}))
    if (core.stream) {
      changes.push(...core.timeline.tell({ type: 'rejoined', people: [core.device] }, core.nowMs))
      await this.#parts.quantum.onRejoined([core.device])
      await core.stream.replaceGroup(start, changes)
    } else {
      const { stream, changes: begun } = begin(start)
      core.stream = stream
      changes.push(...core.timeline.tell({ type: 'you-joined', earlierUnreadable: true }, core.nowMs))
      await core.store([...begun, ...changes])
    }
    core.setPhase({ at: 'member' })
    core.timers.clear('welcome')
    this.resume()
    await onEntered()
  }

  #noteAsked(): StorageChange {
    const { core } = this.#parts
    this.#askedMs = core.nowMs
    return { type: 'put', key: core.key('asked'), value: utf8(String(core.nowMs)) }
  }

  async fetchBundles(credentials: readonly Uint8Array[]): Promise<void> {
    const { core } = this.#parts
    const hashes = credentials.map((credential) => toBase64Url(credential))
    const answer = await core.transport.request('fetch_bundles', { room: core.address, hashes })
    if (answer?.ok) await this.takeBundles(answer.bundles)
  }

  async takeBundles(bundles: readonly Base64Url[]): Promise<void> {
    const { core } = this.#parts
    for (const text of bundles) {
      const bytes = fromBase64Url(text)
      if (bytes) await core.store(await core.bundles.add(bytes))
    }
    const pruned = core.bundles.prune(core.stream?.group, core.device)
    if (pruned.length > 0) await core.store(pruned)
  }
}
