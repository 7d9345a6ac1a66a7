/** What Node gives a device: storage, locks, time, chance, and the connection to the relay. */
import { randomFillSync } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, type Locks, type QuantumEngine, type SecureRandom, type Storage, StorageError } from './ports.ts'
import { localEngine } from './quantum/engine/local.ts'
import { readDataKey } from './storage/data-key.node.ts'
import { createMemoryLocks } from './storage/locks-memory.ts'
import { importDataKey, sealStorage } from './storage/sealed.ts'
import { openSqliteStorage } from './storage/sqlite.node.ts'
import { systemClock } from './transport/clock.ts'

export { type MemoryStorage, openMemoryStorage } from './storage/memory.ts'
export { connectSocketIo, type SocketIoOptions } from './transport/socketio.ts'

export const nodeClock: Clock = systemClock

export const nodeRandom: SecureRandom = (byteLength) => randomFillSync(new Uint8Array(byteLength))

/** Locks for the devices of this process. Other processes are kept out by the storage itself. */
export function memoryLocks(): Locks {
  return createMemoryLocks(nodeClock)
}

/**
 * BB84 in this process. There is no screen to hold up, a run takes 40 to 90 ms of work in pieces below 20 ms, and a program with thirty
 * bots would need thirty more threads for the same work.
 */
export function openNodeQuantum(): QuantumEngine {
  return localEngine({
    thread: 'process',
    random: nodeRandom,
    load: () => import('./quantum/engine/bb84.ts'),
  })
}

export interface NodeStorageOptions {
  /** 32 bytes to seal under instead of the key file, for who keeps them better. They are copied, not erased. */
  dataKey?: Uint8Array<ArrayBuffer>
}

/**
 * The sealed storage in `folder` (made where it is missing, for its owner alone): `storage.db` and, unless a data key
 * is given, `storage.key`. It belongs to one process; a second one is refused. ':memory:' leaves nothing behind.
 */
export async function openNodeStorage(folder: string, options: NodeStorageOptions = {}): Promise<Storage> {
  const inMemory = folder === ':memory:'
  const path = inMemory ? ':memory:' : join(folder, 'storage.db')
  if (!inMemory) {
    makeFolder(folder)
    checkNotLost(path, join(folder, 'storage.key'))
  }
  const storage = openSqliteStorage(path)
  try {
    const raw = options.dataKey?.slice() ?? (inMemory ? nodeRandom(32) : keyFrom(folder, storage.isEmpty))
    const key = await importDataKey(raw)
    raw.fill(0)
    return sealStorage(storage, { name: 'qsec', key, random: nodeRandom })
  } catch (error) {
    await storage.close()
    throw error
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new StorageError('failed', `storage: the folder ${folder} cannot be made`, { cause })
  }
}

/** The key file is made after the database, so a key alone says that the database was there and is lost. */
function checkNotLost(path: string, keyPath: string): void {
  if (!existsSync(keyPath) || (existsSync(path) && statSync(path).size > 0)) return
  throw new StorageError('damaged', `storage: ${path} is gone or empty; to begin anew without it, delete ${keyPath}`)
}

function keyFrom(folder: string, storageIsEmpty: boolean): Uint8Array<ArrayBuffer> {
  const path = join(folder, 'storage.key')
  try {
    return readDataKey(path, nodeRandom, storageIsEmpty)
  } catch (cause) {
    if (cause instanceof StorageError) throw cause
    throw new StorageError('failed', `storage: the key file ${path} cannot be read or made`, { cause })
  }
}
