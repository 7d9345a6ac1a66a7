/** The verified bundles of a room's devices, by the hash that a leaf carries. Content-addressed, so anyone may bring one. */
import { type DeviceId, encodeBundle, limits, type RoomAddress, toBase64Url } from '@qsec/protocol'
import {
  type BundleSource,
  type Group,
  readVerifiedBundle,
  sha256,
  type VerifiedBundle,
  verifyBundle,
} from '../crypto/index.ts'
import type { Storage, StorageChange } from '../ports.ts'

/** Bundles kept of devices that are no members: joiners, and whatever a relay makes up. */
const strangersAtMost: number = 2 * limits.capacity

export class Bundles {
  readonly #room: RoomAddress
  readonly #prefix: string
  readonly #byCredential = new Map<string, VerifiedBundle>()
  readonly #byDevice = new Map<DeviceId, VerifiedBundle>()

  constructor(room: RoomAddress, prefix: string) {
    this.#room = room
    this.#prefix = prefix
  }

  readonly source: BundleSource = (credential) => this.#byCredential.get(toBase64Url(credential))

  bytesOf(device: DeviceId): Uint8Array<ArrayBuffer> | undefined {
    const known = this.#byDevice.get(device)
    return known && encodeBundle(known.bundle)
  }

  of(device: DeviceId): VerifiedBundle | undefined {
    return this.#byDevice.get(device)
  }

  async load(storage: Storage): Promise<void> {
    for (const { value } of await storage.list(`${this.#prefix}/`)) {
      const verified = readVerifiedBundle(value)
      if (verified) this.#keep(verified)
    }
  }

  /** Takes a bundle in where all its signatures hold and it is of this room; what to store for it, if it is new. */
  async add(bytes: Uint8Array<ArrayBuffer>): Promise<StorageChange[]> {
    const hash = toBase64Url(sha256(bytes))
    if (this.#byCredential.has(hash)) return [] // checking its signatures again would cost more than all the rest
    const verified = await verifyBundle(bytes, { room: this.#room })
    if (!verified) return []
    this.#keep(verified)
    return [{ type: 'put', key: `${this.#prefix}/${hash}`, value: bytes }]
  }

  #keep(verified: VerifiedBundle): void {
    this.#byCredential.set(toBase64Url(verified.credential), verified)
    this.#byDevice.set(verified.device, verified)
  }

  /** Forgets the oldest bundles of strangers where there are too many; what to store for it. */
  prune(group: Group | undefined, self: DeviceId): StorageChange[] {
    if (this.#byCredential.size <= strangersAtMost) return []
    const members = new Set<string>(group?.members.map(({ credential }) => toBase64Url(credential)))
    const strangers = [...this.#byCredential].filter(([hash, { device }]) => !members.has(hash) && device !== self)
    return strangers.slice(0, -strangersAtMost).map(([hash, { device }]) => {
      this.#byCredential.delete(hash)
      this.#byDevice.delete(device)
      return { type: 'delete', key: `${this.#prefix}/${hash}` }
    })
  }
}
