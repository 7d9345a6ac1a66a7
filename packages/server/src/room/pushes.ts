/** Whom a room calls by push while they are away: their addresses at a push service, and when each was called last. */
import type { Answer, DeviceId, PushOffer, SetPush } from '@qsec/protocol'
import { type Change, deletePush, putPush } from '../store/changes.ts'
import type { Channel } from './channel.ts'
import type { Seat } from './connection.ts'
import { refuse, refuseNonMember, unavailable } from './refuse.ts'
import type { Room } from './room.ts'

interface Subscription {
  endpoint: string
  /** When the device said so last. */
  atMs: number
  /** Since the device was here last, and ever. */
  calledMs: number | undefined
  calledEverMs: number | undefined
  /** Something was said while its connection still stood. */
  missedMs: number | undefined
  /** The call under way: none other begins beside it. */
  calling: symbol | undefined
}

export class Pushes {
  readonly #room: Room
  readonly #of = new Map<DeviceId, Subscription>()

  constructor(room: Room) {
    this.#room = room
  }

  get size(): number {
    return this.#of.size
  }

  /** From the database. */
  restore(device: DeviceId, endpoint: string, atMs: number): void {
    this.#of.set(device, fresh(endpoint, atMs))
  }

  /** What a member is told who joins; undefined where this relay calls nobody. */
  offerTo(device: DeviceId): PushOffer | undefined {
    const { push } = this.#room.core
    return push && { key: push.publicKey, on: this.#of.has(device) }
  }

  /** Takes the address of `seat`, or forgets it: that also where the operator has switched pushes off. */
  async set({ device, role }: Seat, { endpoint }: SetPush): Promise<Answer<object>> {
    const room = this.#room
    const { push, store, now } = room.core
    if (role !== 'member') return refuseNonMember()
    if (endpoint !== undefined && !push)
      return refuse('unavailable', 'Whoever runs this relay has not switched pushes on.')
    const atMs = now()
    try {
      await store.durable(
        endpoint === undefined ? deletePush(room.address, device) : putPush(room.address, device, endpoint, atMs),
      )
    } catch {
      return unavailable()
    }
    if (endpoint === undefined) {
      this.forget([device])
      return { ok: true }
    }
    const before = this.#of.get(device)
    this.#of.set(device, { ...fresh(endpoint, atMs), calledEverMs: before?.calledEverMs })
    if (!before) room.userListChanged()
    return { ok: true }
  }

  /** What deletes their rows, to be written with what takes them out; `forget` follows once that is on disk. */
  deletionsOf(devices: readonly DeviceId[]): Change[] {
    return devices.filter((device) => this.#of.has(device)).map((device) => deletePush(this.#room.address, device))
  }

  forget(devices: readonly DeviceId[]): void {
    const had = this.#of.size
    for (const device of devices) this.#of.delete(device)
    if (this.#of.size !== had) this.#room.userListChanged()
  }

  /** `speaker` has said something in `channel`: whoever is away and gets it is called. */
  wake(channel: Channel, speaker: DeviceId): void {
    const { members, seats, core } = this.#room
    for (const [device, subscription] of this.#of) {
      if (device === speaker || !members.has(device) || channel.devices?.includes(device) === false) continue
      if (seats.has(device)) subscription.missedMs = core.now()
      else this.#call(device, subscription)
    }
  }

  /** The device is here: what it was called for, it sees. */
  came(device: DeviceId): void {
    const subscription = this.#of.get(device)
    if (subscription) Object.assign(subscription, { calledMs: undefined, missedMs: undefined, calling: undefined })
  }

  /** Its connection fell silent: what was sent on it in that time has not arrived. */
  fellSilent(device: DeviceId): void {
    const subscription = this.#of.get(device)
    const { now, limits } = this.#room.core
    const silentMs = limits.pingIntervalMs + limits.pingTimeoutMs
    if (subscription?.missedMs !== undefined && now() - subscription.missedMs <= silentMs)
      this.#call(device, subscription)
  }

  /** Forgets what no browser has confirmed for very long: each does so whenever its room is opened. */
  sweep(): void {
    const { now, limits } = this.#room.core
    const oldMs = now() - limits.pushAgeMs
    for (const [device, { atMs, endpoint }] of this.#of) if (atMs < oldMs) this.#over(device, endpoint)
  }

  #call(device: DeviceId, subscription: Subscription): void {
    const { push, limits, now } = this.#room.core
    const nowMs = now()
    const since = (ms: number | undefined) => (ms === undefined ? Number.POSITIVE_INFINITY : Math.abs(nowMs - ms))
    if (!push || subscription.calling) return
    if (since(subscription.calledMs) < limits.pushEveryMs || since(subscription.calledEverMs) < limits.pushPauseMs)
      return
    const calling = Symbol('call')
    Object.assign(subscription, { calledMs: nowMs, calledEverMs: nowMs, calling })
    const isWanted = () =>
      subscription.calling === calling && this.#of.get(device) === subscription && !this.#room.ended
    void push.call(subscription.endpoint, isWanted).then((called) => {
      if (subscription.calling === calling) subscription.calling = undefined
      if (called === 'gone') this.#over(device, subscription.endpoint)
    })
  }

  #over(device: DeviceId, endpoint: string): void {
    const { store, report } = this.#room.core
    const { address } = this.#room
    if (this.#of.get(device)?.endpoint !== endpoint) return // another one has come in its place
    this.forget([device])
    store
      .durable(deletePush(address, device, endpoint))
      .catch(() => report({ level: 'warn', event: 'push-not-deleted', room: address }))
  }
}

function fresh(endpoint: string, atMs: number): Subscription {
  return { endpoint, atMs, calledMs: undefined, calledEverMs: undefined, missedMs: undefined, calling: undefined }
}
