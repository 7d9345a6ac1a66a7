/**
 * The link by which this device brings another one of its person into the room: made, taken, and used by one device. What
 * is stored of it tells a request that came by it, and nothing more: the link itself is not kept.
 */
import { fromBase64Url, type LinkId, limits, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import {
  type DeviceLinkProver,
  deriveDeviceLink,
  deviceLinkKeyBytes,
  formatDeviceLinkFragment,
  type InspectedKeyPackage,
  personKeysOf,
  sealForDevice,
  verifyDeviceLinkProof,
} from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { DeviceLinkView } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { encodeLinkContent, type LinkedVerification } from './link-content.ts'
import { RoomRefusal } from './refusal.ts'

interface Live extends DeviceLinkProver {
  untilMs: number
}

const stored = v.object({ id: v.string(), proofKey: v.string(), untilMs: v.number() })

export interface DeviceLinksParts {
  core: RoomCore
  /** Whom this person has verified here. */
  verified(): LinkedVerification[]
  /** Requests that were waiting may be right now. */
  consider(): void
}

export class DeviceLinks {
  readonly #parts: DeviceLinksParts
  /** One at a time; the one made last counts. */
  #live: Live | undefined
  #view: DeviceLinkView | undefined

  constructor(parts: DeviceLinksParts) {
    this.#parts = parts
  }

  async load(): Promise<void> {
    const { core } = this.#parts
    const found = parseStored(stored, await core.storage.get(this.#key))
    const proofKey = found && fromBase64Url(found.proofKey)
    if (proofKey) this.#live = { id: found.id as LinkId, proofKey, untilMs: found.untilMs }
  }

  get view(): DeviceLinkView | undefined {
    const view = this.#view
    const over = view && (view.state === 'open' || view.state === 'taken') && this.#parts.core.nowMs >= view.expiresMs
    return over ? { state: 'over', expiresMs: view.expiresMs } : view
  }

  /** Whether a request came by the link that is live now. */
  admits(shown: InspectedKeyPackage): boolean {
    const live = this.#live
    const { nowMs } = this.#parts.core
    // A clock that was put back makes no link live longer.
    if (!live || !shown.link || nowMs >= live.untilMs || live.untilMs - nowMs > limits.deviceLinkLifetimeMs)
      return false
    return verifyDeviceLinkProof(live, shown, shown.link)
  }

  /** Makes a link in the place of the one before. Rejects with a `RoomRefusal`. */
  async make(): Promise<void> {
    const { core, verified, consider } = this.#parts
    await this.#withdraw()
    const { address, identity, env } = core
    const key = env.random(deviceLinkKeyBytes)
    const { id, proofKey } = deriveDeviceLink(key)
    const expiresMs = core.nowMs + limits.deviceLinkLifetimeMs
    const own = core.ownDevices().filter((device) => device !== core.device)
    const content = encodeLinkContent({
      room: address,
      expiresMs,
      seed: personKeysOf(identity).seed,
      name: core.meta.name,
      devices: [core.device, ...own],
      verified: verified(),
    })
    const sealed = toBase64Url(await sealForDevice(address, key, content, env.random))
    content.fill(0)
    const live = { id, proofKey, untilMs: expiresMs }
    // Stored before the relay has it: whoever takes the link finds this device ready, also after a crash.
    await core.run(() => core.store(this.#keep(live)))
    const answer = await core.transport.request('offer_link', { room: address, id, sealed })
    if (!answer?.ok) {
      await core.run(() => core.store(this.#keep(undefined)))
      throw new RoomRefusal(answer ? `link-${answer.code}` : 'no-answer')
    }
    this.#view = { state: 'open', path: `/room/${address}#${formatDeviceLinkFragment(key)}`, expiresMs }
    core.timers.set('device-link', limits.deviceLinkLifetimeMs, () => {
      core.changed()
      consider()
    })
    core.changed()
  }

  /** Nobody comes in by it from now on. Also puts away how the last one ended. */
  async end(): Promise<void> {
    await this.#withdraw()
    this.#view = undefined
    this.#parts.core.changed()
  }

  /** The relay has handed it out. */
  onTaken(id: string): void {
    if (this.#live?.id !== id || this.#view?.state !== 'open') return
    this.#view = { state: 'taken', expiresMs: this.#view.expiresMs }
    this.#parts.core.changed()
  }

  /** A device came in that showed this link: it has served. */
  onUsed(link: string | undefined): StorageChange[] {
    if (link === undefined || this.#live?.id !== link) return []
    if (this.#view) this.#view = { state: 'in', expiresMs: this.#view.expiresMs }
    return this.#keep(undefined)
  }

  get #key(): string {
    return this.#parts.core.key('device-link')
  }

  #keep(live: Live | undefined): StorageChange[] {
    this.#live = live
    if (!live) return [{ type: 'delete', key: this.#key }]
    const value = utf8(JSON.stringify({ ...live, proofKey: toBase64Url(live.proofKey) }))
    return [{ type: 'put', key: this.#key, value }]
  }

  async #withdraw(): Promise<void> {
    const { core } = this.#parts
    const live = this.#live
    if (!live) return
    // Here it ends at once; a relay that hands it out all the same has nobody who lets the taker in.
    await core.run(() => core.store(this.#keep(undefined)))
    core.timers.clear('device-link')
    void core.transport.request('offer_link', { room: core.address, id: live.id })
  }
}
