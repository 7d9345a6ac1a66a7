/** Group secrets that this device holds, by their uuid: its own, and those that shares brought. */
import type { PskSource } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { QuantumHost } from './host.ts'
import { logStep } from './relay-log.ts'

/** Secrets kept that no commit has brought in so far. */
const secretsAtMost = 256

export class GroupSecrets {
  readonly #host: QuantumHost
  readonly #secrets = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(host: QuantumHost) {
    this.#host = host
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#host.storage.list(`${this.#host.key('secret')}/`)) {
      this.#secrets.set(key.slice(key.lastIndexOf('/') + 1), value)
    }
  }

  /** Group secrets by their PSK id. */
  readonly psks: PskSource = (id) => {
    const uuid = /^qkdg:[^:]+:([0-9a-f-]{36})$/.exec(id)?.[1]
    return uuid === undefined ? undefined : this.#secrets.get(uuid)
  }

  has(uuid: string): boolean {
    return this.#secrets.has(uuid)
  }

  /** Takes a secret in; what to store for it. The oldest goes where there are too many. */
  keep(uuid: string, secret: Uint8Array<ArrayBuffer>): StorageChange[] {
    this.#secrets.set(uuid, secret)
    const changes: StorageChange[] = [{ type: 'put', key: this.#host.key('secret', uuid), value: secret }]
    for (const [old, unused] of [...this.#secrets].slice(0, -secretsAtMost)) {
      unused.fill(0)
      this.#secrets.delete(old)
      changes.push({ type: 'delete', key: this.#host.key('secret', old) })
    }
    return changes
  }

  /** It has served, or never will. */
  async forget(uuid: string): Promise<void> {
    const secret = this.#secrets.get(uuid)
    if (!secret) return
    secret.fill(0)
    this.#secrets.delete(uuid)
    await this.#host.store([{ type: 'delete', key: this.#host.key('secret', uuid) }])
    logStep(this.#host, 'KEY_DESTROYED')
  }
}
