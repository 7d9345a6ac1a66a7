/**
 * The KeyPackages by which others open a pair group with this device while it is away: some for one use each, and one of
 * last resort. The relay hands them out; their secrets are kept here.
 */
import { type PairId, toBase64Url, utf8 } from '@qsec/protocol'
import { makeKeyPackage } from '../crypto/index.ts'
import type { Storage, StorageChange } from '../ports.ts'
import type { QuantumHost } from './host.ts'

const oneTimeKeyPackages = 4
/** KeyPackages live 30 days. */
const renewKeyPackagesMs = 20 * 86_400_000
/** Welcomes taken with one of last resort; more come only with the next one. */
const servesAtMost = 256

export class PairKeyPackages {
  readonly #host: QuantumHost
  #publishing = false

  constructor(host: QuantumHost) {
    this.#host = host
  }

  /** The secrets of those that a Welcome may be for, by their storage keys. */
  all(): ReturnType<Storage['list']> {
    return this.#host.storage.list(`${this.#host.key('keypackage')}/`)
  }

  /** Publishes KeyPackages where there are none, or few are left, or they grow old. The relay keeps them. */
  async publish(): Promise<void> {
    if (this.#publishing) return
    this.#publishing = true
    try {
      await this.#publish()
    } finally {
      this.#publishing = false
    }
  }

  async #publish(): Promise<void> {
    const { identity, clock, storage, transport } = this.#host
    const nowMs = clock.nowMs()
    const kept = await this.all()
    const publishedMs = Number(new TextDecoder().decode(await storage.get(this.#host.key('published'))))
    // Nor those of a clock that was far ahead: nobody would take them for years.
    if (kept.length > 2 && Math.abs(nowMs - publishedMs) < renewKeyPackagesMs) return
    const changes: StorageChange[] = []
    const keyPackages = []
    // What the relay handed out just before they were replaced stays good here for one more round.
    for (const { key } of kept.slice(0, -(oneTimeKeyPackages + 1))) changes.push(...this.#deleted(key))
    for (let i = 0; i <= oneTimeKeyPackages; i++) {
      const made = await makeKeyPackage(identity, { nowMs, lastResort: i === oneTimeKeyPackages })
      const order = `${String(nowMs).padStart(14, '0')}-${i}`
      changes.push({ type: 'put', key: this.#host.key('keypackage', order), value: made.secret.slice() })
      keyPackages.push(toBase64Url(made.keyPackage))
    }
    await this.#host.store(changes)
    const lastResort = keyPackages.pop()!
    const answer = await transport.request('announce_pubkey', { room: identity.room, keyPackages, lastResort })
    if (answer?.ok) {
      const served = publishedMs === 0 ? kept.filter(({ key }) => isLastResort(key)) : []
      await this.#host.store([
        ...served.flatMap(({ key }) => this.#deleted(key)),
        { type: 'put', key: this.#host.key('published'), value: utf8(String(nowMs)) },
      ])
      return
    }
    // Without an answer somebody may have one of these by now: they stay, and others are published next time.
    if (!answer) return
    await this.#host.store(
      changes.flatMap((change) => (change.type === 'put' ? [{ type: 'delete', key: change.key }] : [])),
    )
  }

  /**
   * Whether the Welcome into `pair` may not be taken: it was before, which only one of last resort does not show by being
   * gone. Whoever begins once more where it began seals once more under the same keys.
   */
  async hasServed(pair: PairId): Promise<boolean> {
    const served = await this.#host.storage.list(`${this.#host.key('keypackage-served')}/`)
    return served.length >= servesAtMost || served.some(({ key }) => key.endsWith(`/${pair}`))
  }

  /** A one-time one has served. The last-resort one has too, but goes only once another is published in its place. */
  async used(key: string, pair: PairId): Promise<void> {
    if (!isLastResort(key)) return this.#host.store([{ type: 'delete', key }])
    await this.#host.store([
      { type: 'put', key: `${this.#servedPrefix(key)}${pair}`, value: utf8('1') },
      { type: 'put', key: this.#host.key('published'), value: utf8('0') },
    ])
  }

  #deleted(key: string): StorageChange[] {
    const change: StorageChange = { type: 'delete', key }
    return isLastResort(key) ? [change, { type: 'delete-prefix', prefix: this.#servedPrefix(key) }] : [change]
  }

  #servedPrefix(key: string): string {
    return `${this.#host.key('keypackage-served', key.slice(key.lastIndexOf('/') + 1))}/`
  }
}

function isLastResort(key: string): boolean {
  return key.endsWith(`-${oneTimeKeyPackages}`)
}
