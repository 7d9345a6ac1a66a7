/**
 * Any storage with its values sealed: AES-256-GCM under the device's data key (protocol.md §7). The additional data are
 * the storage's name and the entry's key, so a value opens at its own place alone. Keys stay in clear: they hold
 * nothing but fingerprints. What it cannot show is one entry put back to an older value of the same key: for
 * that, a device compares its counters with the relay and its peers before it seals anything.
 */
import { type SecureRandom, type Storage, type StorageChange, StorageError } from '../ports.ts'
import { closedError } from './keys.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A WebCrypto AES-GCM key, spelled so that it compiles with the DOM's types and with Node's. */
export type DataKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

export interface Seal {
  /** Names the storage in the additional data; no value of one storage opens in another. */
  name: string
  key: DataKey
  random: SecureRandom
}

export interface Entry {
  key: string
  value: Bytes
}

export interface SealedStorage extends Storage {
  /**
   * Seals every entry under `key` and hands them to `commit`, which stores all or none of them. From then on `key` is
   * the key; where `commit` fails, the old one stays. Calls made meanwhile wait.
   */
  reseal(key: DataKey, commit: (entries: Entry[]) => Promise<void>): Promise<void>
}

export function sealStorage(inner: Storage, seal: Seal): SealedStorage {
  return new Sealed(inner, { ...seal })
}

/** The data key from its 32 raw bytes, from then on not extractable. The caller erases the bytes. */
export async function importDataKey(raw: Bytes): Promise<DataKey> {
  if (raw.length !== 32) throw new StorageError('damaged', `storage: a data key of ${raw.length} bytes instead of 32`)
  return await crypto.subtle.importKey('raw', raw, { name: 'AES-GCM' }, false, ['encrypt', 'decrypt'])
}

const formatVersion = 1
const nonceBytes = 12
const tagBytes = 16
const utf8 = new TextEncoder()

class Sealed implements SealedStorage {
  readonly #inner: Storage
  readonly #seal: Seal
  // Sealing takes turns of the event loop; the queue keeps the order of effects the order of calls.
  #last: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(inner: Storage, seal: Seal) {
    this.#inner = inner
    this.#seal = seal
  }

  get(key: string): Promise<Bytes | undefined> {
    return this.#enqueue(async () => {
      const sealed = await this.#inner.get(key)
      return sealed && (await this.#open(key, sealed))
    })
  }

  list(prefix: string): Promise<{ key: string; value: Bytes }[]> {
    return this.#enqueue(async () => {
      const entries = await this.#inner.list(prefix)
      return await Promise.all(entries.map(async ({ key, value }) => ({ key, value: await this.#open(key, value) })))
    })
  }

  keys(prefix: string): Promise<string[]> {
    return this.#enqueue(() => this.#inner.keys(prefix))
  }

  apply(changes: readonly StorageChange[]): Promise<void> {
    // Taken now: the caller may erase or reuse its bytes before our turn in the queue comes.
    const own = changes.map((change) => (change.type === 'put' ? { ...change, value: change.value.slice() } : change))
    return this.#enqueue(async () => {
      try {
        await this.#inner.apply(await Promise.all(own.map((change) => this.#sealChange(change))))
      } finally {
        for (const change of own) if (change.type === 'put') change.value.fill(0)
      }
    })
  }

  reseal(key: DataKey, commit: (entries: Entry[]) => Promise<void>): Promise<void> {
    return this.#enqueue(async () => {
      const entries: Entry[] = []
      for (const { key: place, value } of await this.#inner.list('')) {
        const opened = await this.#open(place, value)
        entries.push({ key: place, value: await this.#sealValue(key, place, opened) })
        opened.fill(0)
      }
      await commit(entries)
      this.#seal.key = key
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#enqueue(() => this.#inner.close())
    return this.#closing
  }

  #enqueue<T>(run: () => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(closedError())
    const turn = this.#last.then(run)
    this.#last = turn.catch(() => undefined) // whoever called has the error; the next in the queue does not share it
    return turn
  }

  async #sealChange(change: StorageChange): Promise<StorageChange> {
    if (change.type !== 'put') return change
    return { ...change, value: await this.#sealValue(this.#seal.key, change.key, change.value) }
  }

  async #sealValue(dataKey: DataKey, key: string, plain: Bytes): Promise<Bytes> {
    // 96 random bits: good for 2^32 writes under one key, that is a write each second for 130 years.
    const nonce = this.#seal.random(nonceBytes)
    const sealed = await crypto.subtle.encrypt(this.#cipher(nonce, key), dataKey, plain)
    const value = new Uint8Array(1 + nonceBytes + sealed.byteLength)
    value[0] = formatVersion
    value.set(nonce, 1)
    value.set(new Uint8Array(sealed), 1 + nonceBytes)
    return value
  }

  async #open(key: string, value: Bytes): Promise<Bytes> {
    if (value[0] !== formatVersion || value.length < 1 + nonceBytes + tagBytes) throw damaged(key)
    const cipher = this.#cipher(value.subarray(1, 1 + nonceBytes), key)
    try {
      return new Uint8Array(await crypto.subtle.decrypt(cipher, this.#seal.key, value.subarray(1 + nonceBytes)))
    } catch (cause) {
      throw damaged(key, cause)
    }
  }

  #cipher(iv: Bytes, key: string): { name: string; iv: Bytes; additionalData: Bytes } {
    // Neither part can hold a zero byte, so the pair has one spelling.
    const additionalData = utf8.encode(`qsec-storage-v${formatVersion}\0${this.#seal.name}\0${key}`)
    return { name: 'AES-GCM', iv, additionalData }
  }
}

function damaged(key: string, cause?: unknown): StorageError {
  return new StorageError(
    'damaged',
    `storage: the value of ${key} was changed, moved, or sealed under another key`,
    cause === undefined ? undefined : { cause },
  )
}
