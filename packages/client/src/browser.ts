/** What a browser gives a device: storage, locks, time, chance, and the connection to the relay. */
import { type DeviceId, isSixteenBytes, type RoomAddress } from '@qsec/protocol'
import { platformRandom } from './platform-random.ts'
import { type Clock, type Locks, type QuantumEngine, type SecureRandom, type Storage, StorageError } from './ports.ts'
import { localEngine } from './quantum/engine/local.ts'
import { workerEngine } from './quantum/engine/worker.ts'
import { openIndexedDb } from './storage/indexeddb.ts'
import { createBrowserLocks } from './storage/locks-browser.ts'
import { sealStorage } from './storage/sealed.ts'
import { systemClock } from './transport/clock.ts'

export { createBrowserLocks } from './storage/locks-browser.ts'
export { connectSocketIo, type SocketIoOptions } from './transport/socketio.ts'

export const browserClock: Clock = systemClock

export const browserRandom: SecureRandom = platformRandom

export const browserLocks: Locks = createBrowserLocks({ clock: browserClock })

/** The sealed storage that all tabs of this origin share. */
export async function openBrowserStorage(name = 'qsec'): Promise<Storage> {
  if (!globalThis.isSecureContext) {
    throw new StorageError('failed', 'storage: browsers give no cryptography to plain http: use https or localhost')
  }
  const { storage, dataKey } = await openIndexedDb({ clock: browserClock, name })
  try {
    return sealStorage(storage, { name, key: await dataKey(), random: browserRandom })
  } catch (error) {
    await storage.close()
    throw error
  }
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
