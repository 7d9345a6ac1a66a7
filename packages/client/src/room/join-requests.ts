/** The requests to be let in that the relay shows: one for each device, the newest, until it is settled or given up. */
import { type DeviceId, limits } from '@qsec/protocol'
import { type Group, inspectKeyPackage } from '../crypto/index.ts'
import type { Bundles } from './bundles.ts'
import type { TwoClocks } from './times.ts'
import { type JoinRequest, needsYes, personHere } from './wants.ts'

/** Requests kept: one for every seat of the largest room. */
const requestsAtMost: number = limits.capacity

export interface JoinRequestsParts {
  bundles: Bundles
  clocks(): TwoClocks
  leaving(): ReadonlySet<DeviceId>
  /** Whether a request came by the device link that this device has made. */
  linked(shown: JoinRequest['shown']): boolean
}

/** A request that waits for a yes; `own`: it has this person's keys. */
export type Knock = JoinRequest & { own: boolean }

export class JoinRequests {
  readonly #parts: JoinRequestsParts
  readonly #requests = new Map<DeviceId, JoinRequest>()

  constructor(parts: JoinRequestsParts) {
    this.#parts = parts
  }

  /** Takes a request in, or a newer one of the same device. */
  async take(device: DeviceId, keyPackage: Uint8Array<ArrayBuffer>): Promise<void> {
    const shown = await inspectKeyPackage(keyPackage)
    if (!shown) return
    this.#requests.delete(device)
    this.#requests.set(device, { device, keyPackage, shown })
    // A relay can make up as many as it likes; the newest ones count.
    for (const oldest of [...this.#requests.keys()].slice(0, -requestsAtMost)) this.#requests.delete(oldest)
  }

  of(device: DeviceId): JoinRequest | undefined {
    return this.#requests.get(device)
  }

  all(): Iterable<JoinRequest> {
    return this.#requests.values()
  }

  /** Requests that wait for a person's yes: knocks, and those by links that ask for it. */
  knocks(group: Group): Knock[] {
    const { bundles } = this.#parts
    const person = personHere(group)
    return [...this.#requests.values()]
      .filter((request) => this.#asksForYes(group, request))
      .map((request) => ({ ...request, own: bundles.of(request.device)?.person === person }))
  }

  #asksForYes(group: Group, request: JoinRequest): boolean {
    const { bundles, clocks, leaving, linked } = this.#parts
    if (linked(request.shown)) return false // let in by itself
    if (group.members.some(({ device }) => device === request.device) || leaving().has(request.device)) return false
    return needsYes(group, bundles.source, request, clocks())
  }

  settled(devices: readonly DeviceId[]): void {
    for (const device of devices) this.#requests.delete(device)
  }

  /** The relay lists these as waiting: other requests of non-members are over. */
  stillWaiting(devices: readonly DeviceId[], members: ReadonlySet<DeviceId>): void {
    for (const device of this.#requests.keys()) {
      if (!devices.includes(device) && !members.has(device)) this.#requests.delete(device)
    }
  }
}
