/** What the parts of a room share: its knowledge, its storage, its one queue. The parts change it; none keeps a copy. */
import { type DeviceId, type PushOffer, type RoomAddress, type RoomLogLine, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { type DeviceIdentity, eraseGroup, type Group } from '../crypto/index.ts'
import type { ClientEnv } from '../entry.ts'
import { type Storage, type StorageChange, StorageError, type Transport } from '../ports.ts'
import type { Phase, QuantumView } from '../snapshot.ts'
import { Copies } from '../sync/copies.ts'
import { Serial } from '../sync/serial.ts'
import { roomTrustPrefix } from '../trust/book.ts'
import { Bundles } from './bundles.ts'
import { type ClaimedDevice, type DeviceMeta, deviceKey, eraseDevice, metaChange, parseStored } from './device-store.ts'
import type { Known } from './people.ts'
import type { RoomStream } from './room-stream.ts'
import { newSelf, parseSelf, type SelfState, selfChange } from './self.ts'
import { Timeline } from './timeline.ts'
import { Timers } from './timers.ts'
import type { TwoClocks } from './times.ts'

const storedKnown: v.GenericSchema<unknown, Known> = v.object({
  claim: v.exactOptional(v.object({ device: v.string(), name: v.string(), salt: v.string() })),
  sinceSeq: v.number(),
  receiptSeq: v.number(),
  lacks: v.exactOptional(v.array(v.tuple([v.number(), v.number()]))),
  said: v.exactOptional(v.object({ counter: v.number(), chain: v.string() })),
  gone: v.exactOptional(v.boolean()),
  heardMs: v.exactOptional(v.number()),
})

/** How often the relay's time is moved on while it says nothing. */
const relayStepMs = 600_000

/** How often it is written down that somebody is there. */
const heardStepMs = 3_600_000

export class RoomCore {
  readonly env: ClientEnv
  readonly storage: Storage
  readonly identity: DeviceIdentity
  readonly meta: DeviceMeta
  readonly transport: Transport
  readonly queue: Serial = new Serial()
  readonly timers: Timers
  readonly bundles: Bundles
  readonly timeline: Timeline
  readonly people: Map<DeviceId, Known> = new Map()
  self: SelfState = newSelf()
  stream: RoomStream | undefined
  /** What this device keeps of the room's frames for members who missed them. */
  copies: Copies | undefined
  phase: Phase = { at: 'connecting' }
  present: ReadonlySet<DeviceId> = new Set()
  waiting: readonly DeviceId[] = []
  expected: number | undefined
  /** How the relay calls devices that are away, as it said at the last join; undefined: it does not. */
  push: PushOffer | undefined
  /** Somebody in the room wants to be called, as the relay says. */
  wakes = false
  log: readonly RoomLogLine[] = []
  outcome: QuantumView['outcome']
  closed = false

  readonly #onChange: () => void
  #stopped = false
  #relayMs: number | undefined
  #cameMs: number | undefined
  #erased = false

  constructor(env: ClientEnv, claimed: ClaimedDevice, relayUrl: string, onChange: () => void) {
    this.env = env
    this.storage = untilErased(env.storage, () => this.#erased)
    this.identity = claimed.identity
    this.meta = claimed.meta
    this.expected = claimed.meta.expected
    this.timers = new Timers(env.clock)
    this.bundles = new Bundles(this.address, this.key('bundle'))
    this.timeline = new Timeline(this.key('timeline'))
    this.transport = env.connect(relayUrl)
    this.#onChange = onChange
  }

  get address(): RoomAddress {
    return this.identity.room
  }
  get device(): DeviceId {
    return this.identity.device
  }
  get nowMs(): number {
    return this.env.clock.nowMs()
  }
  get clocks(): TwoClocks {
    return { nowMs: this.nowMs, relayMs: this.#relayMs ?? this.nowMs }
  }
  /**
   * How old a message was when this device last came to the relay, which takes no login from a clock that is wrong; nothing,
   * or less, for what was said since. Neither the relay nor its author's clock alone makes a message old.
   *
   * @param takenMs - when the relay says that it took it
   * @param saidMs - by its author's clock
   */
  ageOf(takenMs: number, saidMs: number): number {
    return (this.#cameMs ?? 0) - Math.max(takenMs, saidMs)
  }
  get connected(): boolean {
    return this.transport.state === 'connected'
  }
  /** Nothing is stored any more: left, removed, failed, or closed with all done that was asked for before. */
  get stopped(): boolean {
    return this.#stopped
  }
  /** What a person says is stored to go out: this device is in the room, or was when it was here last. */
  get maySpeak(): boolean {
    const { phase } = this
    return phase.at === 'member' || (phase.at === 'connecting' && phase.inside === true)
  }
  /** Somebody is connected who could let this device in. */
  get anyoneHere(): boolean {
    const { link } = this.meta
    if (link && !this.stream) return link.devices.some((device) => this.present.has(device as DeviceId))
    return [...this.present].some((device) => device !== this.device)
  }

  /** The members of `group` (by default the present one) that have not said that they leave. */
  members(group: Group | undefined = this.stream?.group): DeviceId[] {
    const devices = group?.members.map(({ device }) => device) ?? []
    return devices.filter((device) => !this.self.leaving.includes(device))
  }

  /** The person's devices in the room, by their leaves. */
  ownDevices(): DeviceId[] {
    const members = this.stream?.group.members ?? []
    return members.filter(({ person }) => person === this.identity.person).map(({ device }) => device)
  }

  /** Whether the person behind `device` has another one among the members, leaving ones left out. */
  hasOtherDevice(device: DeviceId, group: Group | undefined = this.stream?.group): boolean {
    const person = this.bundles.of(device)?.person
    const leaves = group?.members.filter((member) => member.person === person) ?? []
    return leaves.some((member) => member.device !== device && !this.self.leaving.includes(member.device))
  }

  /** Storage key of something of this device. */
  key(...path: string[]): string {
    return deviceKey(this.device, ...path)
  }

  randomId<T extends string>(): T {
    return toBase64Url(this.env.random(16)) as string as T
  }

  async load(): Promise<void> {
    await this.bundles.load(this.storage)
    await this.storage.apply(await this.bundles.add(this.identity.bundleBytes))
    await this.timeline.load(this.storage)
    this.copies = await Copies.load({ prefix: this.key('copies'), storage: this.storage, clock: this.env.clock })
    this.self = parseSelf(await this.storage.get(this.key('self'))) ?? newSelf()
    for (const { key, value } of await this.storage.list(`${this.key('people')}/`)) {
      const known = parseStored(storedKnown, value)
      if (known) this.people.set(key.slice(key.lastIndexOf('/') + 1) as DeviceId, known)
    }
  }

  /** Changes what is known of a person; what to store for it. */
  know(device: DeviceId, change: Partial<Known>): StorageChange[] {
    const known: Known = { sinceSeq: 0, receiptSeq: 0, ...this.people.get(device), ...change }
    this.people.set(device, known)
    return [{ type: 'put', key: this.key('people', device), value: utf8(JSON.stringify(known)) }]
  }

  /** After a gap nobody knows any more which content of a device is its next. What to store. */
  forgetPlaces(): StorageChange[] {
    return [...this.people].flatMap(([device, known]) => {
      if (!known.said) return []
      delete known.said
      return this.know(device, {})
    })
  }

  /** Changes what this device keeps of itself; what to store for it. */
  become(change: Partial<SelfState>): StorageChange {
    this.self = { ...this.self, ...change }
    return selfChange(this.key('self'), this.self)
  }

  /** The group secret of the epoch no longer counts: the label falls back to post-quantum. */
  forgetSecret(): StorageChange {
    const { secret: _over, ...rest } = this.self
    this.self = rest
    return selfChange(this.key('self'), this.self)
  }

  /**
   * The relay's time now: of a frame just ordered, or this device's own where a login has just shown that the two agree.
   * What passes from here on is counted by timers, which no clock that is put ahead or back hurries.
   */
  noteRelayTime(atMs: number): void {
    this.#relayMs = atMs
    this.timers.set('relay-time', relayStepMs, () => this.noteRelayTime(atMs + relayStepMs))
  }

  /** The relay has just let this device in: their clocks agree. */
  noteCame(): void {
    this.#cameMs = this.nowMs
    this.noteRelayTime(this.nowMs)
  }

  /** These are here now. Written down at most every hour. */
  noteHeard(devices: Iterable<DeviceId>): Promise<void> {
    const heard = [...devices]
    // Looked at in the very job that stores it: what other jobs learn of them meanwhile would be written over.
    return this.later(() => {
      const { nowMs } = this
      const isNews = (device: DeviceId) => {
        const known = this.people.get(device)
        return known !== undefined && nowMs - (known.heardMs ?? 0) > heardStepMs
      }
      const changes = heard.filter(isNews).flatMap((device) => this.know(device, { heardMs: nowMs }))
      return changes.length > 0 ? this.store(changes) : undefined
    })
  }

  async store(changes: StorageChange[]): Promise<void> {
    if (changes.length > 0) await this.storage.apply(changes)
    this.changed()
  }

  /** Runs a job in the queue; whoever asked for it hears of its failure. */
  run<T>(job: () => Promise<T> | T): Promise<T> {
    return this.queue.run(job)
  }

  /** Runs a job in the queue that nobody waits for: its failure ends the room on this device, visibly. */
  later(job: () => Promise<void> | void): Promise<void> {
    return this.queue.run(() => (this.#stopped ? undefined : job())).catch((error: unknown) => this.fail(error))
  }

  /** Lets work beside the queue go on by itself: its failure ends the room as one in the queue does. */
  beside(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.fail(error))
  }

  setPhase(phase: Phase): void {
    this.phase = phase
    this.changed()
  }

  changed(): void {
    this.#onChange()
  }

  /** Something that must not happen happened: nothing more is sent, and the person is told. */
  fail(error: unknown): void {
    if (this.closed || this.#stopped) return
    const storage = error instanceof StorageError
    const message = storage
      ? 'This device can no longer save what it must (is the disk full?). Nothing was sent that was not saved.'
      : 'Something went wrong in this room on this device. Reload to go on; nothing acknowledged is lost.'
    this.env.onFault?.(error)
    this.setPhase({ at: 'refused', code: storage ? 'storage' : 'internal', message })
    this.stop()
  }

  /** Ends all activity; what is stored stays. */
  stop(): void {
    this.#stopped = true
    this.timers.close()
    this.transport.close()
    this.stream?.close()
  }

  /** Ends all activity and erases every key of the room. What was said, and by whom, stays to be read. */
  async conclude(phase: Extract<Phase, { at: 'ended' | 'removed' }> = { at: 'ended' }): Promise<void> {
    const rows = await this.env.storage.keys(`${deviceKey(this.device)}/`)
    this.stop()
    this.meta.ended = true
    if (phase.at === 'removed') this.meta.removed = true
    const readable = [
      'identity',
      'meta',
      'self',
      'people/',
      'timeline/',
      'note/',
      'vanish/',
      'vanish-clock',
      'bundle/',
      'successor',
      'quoted/',
      'file/',
    ].map((part) => this.key(part))
    const keys = rows.filter((key) => !readable.some((kept) => key.startsWith(kept)))
    await this.env.storage.apply([
      metaChange(this.device, this.meta),
      ...keys.map((key): StorageChange => ({ type: 'delete', key })),
    ])
    if (this.stream) eraseGroup(this.stream.group)
    this.stream = undefined
    this.setPhase(phase)
  }

  /** Whom this person met in the room is forgotten with its last device there; told profiles are remembered. */
  async #forgetPeople(): Promise<StorageChange[]> {
    const devices = await this.env.storage.list(`room/${this.address}/`)
    const last = devices.every(({ key }) => key.endsWith(`/${this.device}`))
    return last ? [{ type: 'delete-prefix', prefix: roomTrustPrefix(this.address) }] : []
  }

  /** Ends the device's life in this room and erases everything that it has stored. */
  async erase(phase: Phase): Promise<void> {
    this.stop()
    // From here on: a write beside the queue that comes while this one is under way would stay behind.
    this.#erased = true
    try {
      await this.env.storage.apply([...eraseDevice(this.address, this.device), ...(await this.#forgetPeople())])
    } catch (error) {
      this.#erased = false
      throw error
    }
    this.setPhase(phase)
  }
}

/** A late write of a job that was under way must not bring back what was erased. */
function untilErased(storage: Storage, erased: () => boolean): Storage {
  return {
    get: (key) => storage.get(key),
    list: (prefix) => storage.list(prefix),
    keys: (prefix) => storage.keys(prefix),
    apply: async (changes) => {
      if (!erased()) await storage.apply(changes)
    },
    close: () => storage.close(),
  }
}
