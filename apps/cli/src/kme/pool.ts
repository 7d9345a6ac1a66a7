/** The pool that a pair of simulated KMEs shares: bits that run out, refill with time, and wait for slaves once cut to keys. */
import type { KeyId } from '@qsec/qkd'

export interface PoolOptions {
  /** Pool bits. Chance of the platform, or a seeded stream in tests. */
  random: (byteLength: number) => Uint8Array
  nowMs: () => number
  /** Bits of a key where a request names none. */
  keySizeBits: number
  /** How many such keys fit. The pool begins full. */
  maxKeyCount: number
  refillKeysPerSecond: number
}

export interface PooledKey {
  keyId: KeyId
  bytes: Uint8Array
}

interface WaitingKey extends PooledKey {
  master: string
  /** Every slave that the master named. */
  named: ReadonlySet<string>
  /** Those that have not fetched it. */
  waitingFor: Set<string>
}

export type Fetched = { ok: true; keys: PooledKey[] } | { ok: false; reason: 'not-found' | 'not-named' }

// Keys whose slaves never come must not fill the memory: the oldest go first.
const maxWaitingKeys = 10_000

export class Pool {
  readonly #options: PoolOptions
  readonly #waiting = new Map<string, WaitingKey>()
  #storedBits: number
  #refilledAtMs: number

  constructor(options: PoolOptions) {
    this.#options = options
    this.#storedBits = options.maxKeyCount * options.keySizeBits
    this.#refilledAtMs = options.nowMs()
  }

  get storedKeyCount(): number {
    this.#refill()
    return Math.floor(this.#storedBits / this.#options.keySizeBits)
  }

  /** Cuts keys out of the pool for a master; all, or undefined if the pool holds too little. */
  take(number: number, sizeBits: number, master: string, slaves: readonly string[]): PooledKey[] | undefined {
    this.#refill()
    if (number * sizeBits > this.#storedBits) return undefined
    this.#storedBits -= number * sizeBits
    return Array.from({ length: number }, () => {
      const key = { keyId: this.newKeyId(), bytes: this.#options.random(sizeBits / 8) }
      const named = new Set(slaves)
      this.#waiting.set(key.keyId, { ...key, bytes: key.bytes.slice(), master, named, waitingFor: new Set(slaves) })
      this.#forgetOldest()
      return key
    })
  }

  /** For a slave: all of these keys, which it cannot have again, or none. */
  fetch(keyIds: readonly KeyId[], master: string, slave: string): Fetched {
    const found = keyIds.map((keyId) => this.#waiting.get(keyId.toLowerCase()))
    if (found.some((key) => key && !key.named.has(slave))) return { ok: false, reason: 'not-named' }
    const keys = found.filter((key) => key?.master === master && key.waitingFor.has(slave)) as WaitingKey[]
    if (keys.length < keyIds.length) return { ok: false, reason: 'not-found' }
    return { ok: true, keys: keys.map((key) => this.#handOut(key, slave)) }
  }

  newKeyId(): KeyId {
    const bytes = this.#options.random(16)
    bytes[6] = (bytes[6]! & 0x0f) | 0x40 // version 4
    bytes[8] = (bytes[8]! & 0x3f) | 0x80
    return Buffer.from(bytes)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') as KeyId
  }

  #handOut(key: WaitingKey, slave: string): PooledKey {
    const bytes = key.bytes.slice()
    key.waitingFor.delete(slave)
    if (key.waitingFor.size === 0) this.#forget(key)
    return { keyId: key.keyId, bytes }
  }

  #forgetOldest(): void {
    const oldest = this.#waiting.values().next().value
    if (this.#waiting.size > maxWaitingKeys && oldest) this.#forget(oldest)
  }

  #forget(key: WaitingKey): void {
    key.bytes.fill(0)
    this.#waiting.delete(key.keyId)
  }

  #refill(): void {
    const { nowMs, refillKeysPerSecond, keySizeBits, maxKeyCount } = this.#options
    const now = nowMs()
    const newBits = ((now - this.#refilledAtMs) / 1000) * refillKeysPerSecond * keySizeBits
    this.#storedBits = Math.min(maxKeyCount * keySizeBits, this.#storedBits + Math.max(0, newBits))
    this.#refilledAtMs = now
  }
}
