/**
 * Sealed storage and what opens it: the device's own key, or in its place a key box behind a passphrase and a recovery
 * code. Each change of protection draws a new data key and seals every entry anew, so that neither an old passphrase nor
 * a remnant of the old key on the disk opens what is written from then on.
 */
import { type Locks, type SecureRandom, type Storage, StorageError } from '../ports.ts'
import { openKeyBox, type Secret, sealKeyBox } from '../vault/key-box.ts'
import type { RecoverySecret } from '../vault/recovery-code.ts'
import { isLongEnough, type Stretch, type StretchCost } from '../vault/stretch.ts'
import type { RekeyableStorage } from './rekeyable.ts'
import { type DataKey, importDataKey, type SealedStorage, sealStorage } from './sealed.ts'

/** The key that the device keeps for itself while there is no passphrase. */
export interface DeviceKey {
  /** Made where there is none yet. */
  get(): Promise<DataKey>
  /** A new one in its place. */
  renew(): Promise<DataKey>
  forget(): Promise<void>
}

export interface VaultParts {
  /** Names the storage: nothing of one opens in another. */
  name: string
  storage: RekeyableStorage
  deviceKey: DeviceKey
  locks: Locks
  random: SecureRandom
  stretch: Stretch
  cost?: StretchCost
}

/** `open`: the device's own key; `locked` and `unlocked`: behind a passphrase. */
export type VaultState = 'open' | 'locked' | 'unlocked'

const purpose = (name: string) => `storage ${name}`
const lockWaitMs = 10_000

export class Vault {
  readonly #parts: VaultParts
  #box: Uint8Array<ArrayBuffer> | undefined
  #sealed: SealedStorage | undefined

  private constructor(parts: VaultParts, box: Uint8Array<ArrayBuffer> | undefined) {
    this.#parts = parts
    this.#box = box
  }

  static async open(parts: VaultParts): Promise<Vault> {
    const { name, random, storage, deviceKey } = parts
    return await alone(parts, async () => {
      const vault = new Vault(parts, await storage.vault())
      // With a box, a key that is left from a crash while the protection was changed opens nothing: it goes.
      if (vault.#box) await deviceKey.forget()
      else vault.#sealed = sealStorage(storage, { name, key: await deviceKey.get(), random })
      return vault
    })
  }

  get state(): VaultState {
    if (!this.#box) return 'open'
    return this.#sealed ? 'unlocked' : 'locked'
  }

  /** Throws while it is locked. */
  get storage(): Storage {
    if (!this.#sealed) throw new StorageError('locked', 'storage: it is locked by a passphrase')
    return this.#sealed
  }

  /** False for a wrong secret, and just so for a box that was changed. */
  async unlock(secret: Secret): Promise<boolean> {
    if (this.#sealed) return true
    const { name, storage, random, stretch } = this.#parts
    const raw = await openKeyBox(purpose(name), this.#box!, secret, stretch)
    if (!raw) return false
    const key = await importDataKey(raw)
    raw.fill(0)
    this.#sealed ??= sealStorage(storage, { name, key, random })
    return true
  }

  /** Puts a passphrase and a recovery code in the place of what opened the storage until now. */
  async protect(passphrase: string, recovery: RecoverySecret): Promise<void> {
    if (!isLongEnough(passphrase)) throw new RangeError('The passphrase is too short.')
    const { name, random, stretch, cost } = this.#parts
    const raw = random(32)
    const tools = { random, stretch, ...(cost ? { cost } : {}) }
    const box = await sealKeyBox(purpose(name), raw, { passphrase, recovery }, tools)
    const key = await importDataKey(raw)
    raw.fill(0)
    await this.#reseal(async () => key, box)
  }

  /** Back to the device's own key. */
  async unprotect(): Promise<void> {
    await this.#reseal(() => this.#parts.deviceKey.renew(), undefined)
  }

  async close(): Promise<void> {
    await (this.#sealed ?? this.#parts.storage).close()
  }

  async #reseal(key: () => Promise<DataKey>, box: Uint8Array<ArrayBuffer> | undefined): Promise<void> {
    const { storage, deviceKey } = this.#parts
    const sealed = this.#sealed
    if (!sealed) throw new StorageError('locked', 'storage: it is locked by a passphrase')
    await alone(this.#parts, async () => {
      // Other tabs hold the old key: what they wrote under it would be lost, so they are shut out first.
      await storage.fence()
      await sealed.reseal(await key(), (entries) => storage.replaceAll(entries, box))
      this.#box = box
      if (box) await deviceKey.forget() // only now: until the box stood in the storage, this key opened it
    })
  }
}

/** No other tab opens the storage meanwhile, or changes its protection. */
async function alone<T>({ name, locks }: VaultParts, run: () => Promise<T>): Promise<T> {
  const release = await locks.acquire(`storage/${name}`, lockWaitMs)
  if (!release) throw new StorageError('failed', 'storage: another tab is busy with it: try again in a moment')
  try {
    return await run()
  } finally {
    release()
  }
}
