/** What a browser gives a device: storage, locks, time, chance, and the connection to the relay. */
import { type DeviceId, isSixteenBytes, type RoomAddress } from '@qsec/protocol'
import { platformRandom } from './platform-random.ts'
import { type Clock, type Locks, type QuantumEngine, type SecureRandom, type Storage, StorageError } from './ports.ts'
import { localEngine } from './quantum/engine/local.ts'
import { workerEngine } from './quantum/engine/worker.ts'
import { openIndexedDb } from './storage/indexeddb.ts'
import { createBrowserLocks } from './storage/locks-browser.ts'
import { Vault } from './storage/vault.ts'
import { systemClock } from './transport/clock.ts'
import type { Stretch, StretchCost } from './vault/stretch.ts'
import { stretchInWorker } from './vault/stretch-worker.ts'

export { createBrowserLocks } from './storage/locks-browser.ts'
export { connectSocketIo, type SocketIoOptions } from './transport/socketio.ts'
export { stretchInWorker }

export const browserClock: Clock = systemClock

export const browserRandom: SecureRandom = platformRandom

/** A page whose lock was taken away begins anew at once: it must not write or send another thing for that device. */
export const browserLocks: Locks = createBrowserLocks({ clock: browserClock, onStolen: () => location.reload() })

export interface BrowserVaultOptions {
  /** Name of the database. */
  name?: string
  stretch: Stretch
  cost?: StretchCost
}

/** The storage that all tabs of this origin share, open or locked by a passphrase. */
export async function openBrowserVault(options: BrowserVaultOptions): Promise<Vault> {
  const { name = 'qsec', ...stretching } = options
  if (!globalThis.isSecureContext) {
    throw new StorageError('failed', 'storage: browsers give no cryptography to plain http: use https or localhost')
  }
  const { storage, dataKey, renewDataKey, forgetDataKey } = await openIndexedDb({ clock: browserClock, name })
  try {
    const deviceKey = { get: dataKey, renew: renewDataKey, forget: forgetDataKey }
    return await Vault.open({ name, storage, deviceKey, locks: browserLocks, random: browserRandom, ...stretching })
  } catch (error) {
    await storage.close()
    throw error
  }
}

/** The same, where no passphrase is: with one, it throws `locked`. */
export async function openBrowserStorage(name = 'qsec'): Promise<Storage> {
  const stretch = () => Promise.reject(new Error('storage: no passphrase is asked for here'))
  const vault = await openBrowserVault({ name, stretch })
  if (vault.state !== 'locked') return vault.storage
  await vault.close()
  throw new StorageError('locked', 'storage: it is locked by a passphrase')
}

export interface BrowserQuantumOptions {
  /** Starts the script `@qsec/client/quantum-worker` as a dedicated module worker. */
  startWorker(): Worker
  /** Hears why a worker was given up. */
  onFault?(error: unknown): void
}

/**
 * BB84 in a worker of its own. A browser without workers computes on the page's thread, one message at a time, so that
 * the page can draw in between; the code for that is loaded only there.
 */
export function openBrowserQuantum({ startWorker, onFault }: BrowserQuantumOptions): QuantumEngine {
  if (typeof Worker === 'function') {
    return workerEngine({ start: startWorker, clock: browserClock, ...(onFault ? { onFault } : {}) })
  }
  return localEngine({
    thread: 'page',
    random: browserRandom,
    load: () => import('./quantum/engine/bb84.ts'),
    pause: () => new Promise((resolve) => setTimeout(resolve)),
  })
}

/**
 * Asks the browser not to delete this origin's storage when space runs short. Some browsers ask the person, so call it
 * after a click.
 *
 * @returns whether the storage is now safe from that
 */
export async function keepBrowserStorage(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false
}

/**
 * Which device this tab is in a room (protocol.md §2): kept through a reload, gone with the tab. A duplicated tab
 * starts with a copy, so the id counts only together with the device's lock.
 */
export const tabDevice: {
  get(room: RoomAddress): DeviceId | undefined
  set(room: RoomAddress, device: DeviceId): void
  clear(room: RoomAddress): void
} = {
  get(room) {
    const id = sessionStorage.getItem(tabDeviceKey(room))
    return id !== null && isSixteenBytes(id) ? (id as DeviceId) : undefined
  },
  set(room, device) {
    sessionStorage.setItem(tabDeviceKey(room), device)
  },
  clear(room) {
    sessionStorage.removeItem(tabDeviceKey(room))
  },
}

function tabDeviceKey(room: RoomAddress): string {
  return `qsec:device:${room}`
}

const eraseWaitMs = 5_000

/**
 * Everything that this origin keeps in this browser: databases, both storages of the page, caches, service workers.
 * Close the storage before. Other tabs close theirs when they are told; one that hangs makes this reject after a while.
 * What the disk keeps of deleted files is the system's matter.
 */
export async function eraseOrigin(): Promise<void> {
  localStorage.clear()
  sessionStorage.clear()
  for (const { name } of await indexedDB.databases()) if (name !== undefined) await deleteDatabase(name)
  if ('caches' in globalThis) await Promise.all((await caches.keys()).map((name) => caches.delete(name)))
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? []
  await Promise.all(workers.map((worker) => worker.unregister()))
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const held = () => reject(new StorageError('failed', 'storage: another tab holds it: close all other QSEC tabs'))
    const cancel = browserClock.after(eraseWaitMs, held)
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = () => {
      cancel()
      resolve()
    }
    request.onerror = () => {
      cancel()
      reject(new StorageError('failed', 'storage: the browser does not delete it', { cause: request.error }))
    }
  })
}
