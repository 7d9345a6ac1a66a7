/** What Node gives a device: storage, locks, time, chance, and the connection to the relay. */
import { createPublicKey, randomFillSync, verify } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { offerMlDsa65Verify } from './crypto/ml-dsa65.ts'
import { type Clock, type Locks, type QuantumEngine, type SecureRandom, type Storage, StorageError } from './ports.ts'
import { localEngine } from './quantum/engine/local.ts'
import { forgetDataKey, readDataKey } from './storage/data-key.node.ts'
import { createMemoryLocks } from './storage/locks-memory.ts'
import { type DataKey, importDataKey, sealStorage } from './storage/sealed.ts'
import { openSqliteStorage } from './storage/sqlite.node.ts'
import { type DeviceKey, Vault } from './storage/vault.ts'
import { systemClock } from './transport/clock.ts'
import type { Secret } from './vault/key-box.ts'
import { stretchInNode } from './vault/stretch.node.ts'

export {
  type CombinerContext,
  CombinerMistake,
  type CombinerSecrets,
  combineKeys,
  combinerLimits,
  withoutQkd,
} from './quantum/combiner.ts'
export { type MemoryStorage, openMemoryStorage } from './storage/memory.ts'
export { connectSocketIo, type SocketIoOptions } from './transport/socketio.ts'
export { stretchInNode } from './vault/stretch.node.ts'

// OpenSSL has the algorithm since 3.5, which Node 24 brings; elsewhere the JavaScript code stays.
offerMlDsa65Verify(async (publicKey, message, signature) => {
  const key = { kty: 'AKP', alg: 'ML-DSA-65', pub: Buffer.from(publicKey).toString('base64url') }
  return verify(null, message, createPublicKey({ key, format: 'jwk' }), signature)
})

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
  /** Opens a storage that is locked by a passphrase. */
  secret?: Secret
}

/**
 * The sealed storage in `folder` (made where it is missing, for its owner alone): `storage.db` and, unless a data key
 * is given or a passphrase protects it, `storage.key`. It belongs to one process; a second one is refused. ':memory:'
 * leaves nothing behind. Throws `locked` where a passphrase is missing or wrong.
 */
export async function openNodeStorage(folder: string, options: NodeStorageOptions = {}): Promise<Storage> {
  const { dataKey, secret } = options
  if (folder === ':memory:' || dataKey) return openUnderKey(folder, dataKey ?? nodeRandom(32))
  const vault = await openNodeVault(folder)
  if (vault.state !== 'locked') return vault.storage
  if (secret && (await vault.unlock(secret))) return vault.storage
  await vault.close()
  throw new StorageError(
    'locked',
    secret
      ? `storage: that does not open ${folder}: a wrong passphrase or code, or the file was changed`
      : `storage: ${folder} is locked by a passphrase`,
  )
}

/** The same storage, open or locked, for whoever sets, changes or removes its passphrase. */
export async function openNodeVault(folder: string): Promise<Vault> {
  makeFolder(folder)
  checkNotLost(join(folder, 'storage.db'), join(folder, 'storage.key'))
  const storage = openSqliteStorage(join(folder, 'storage.db'))
  const deviceKey: DeviceKey = {
    get: () => importAndErase(keyFrom(folder, storage.isEmpty)),
    async renew() {
      forgetDataKey(join(folder, 'storage.key'))
      return await importAndErase(keyFrom(folder, true))
    },
    forget: async () => forgetDataKey(join(folder, 'storage.key')),
  }
  const parts = { name: 'qsec', storage, deviceKey, locks: memoryLocks(), random: nodeRandom, stretch: stretchInNode }
  try {
    return await Vault.open(parts)
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function openUnderKey(folder: string, dataKey: Uint8Array<ArrayBuffer>): Promise<Storage> {
  if (folder !== ':memory:') makeFolder(folder)
  const storage = openSqliteStorage(folder === ':memory:' ? folder : join(folder, 'storage.db'))
  try {
    if (await storage.vault()) throw new StorageError('locked', `storage: ${folder} is locked by a passphrase`)
    return sealStorage(storage, { name: 'qsec', key: await importAndErase(dataKey.slice()), random: nodeRandom })
  } catch (error) {
    await storage.close()
    throw error
  }
}

async function importAndErase(raw: Uint8Array<ArrayBuffer>): Promise<DataKey> {
  const key = await importDataKey(raw)
  raw.fill(0)
  return key
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
