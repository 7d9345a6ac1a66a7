/** Group secrets that this device holds, by who drew them and their uuid: its own, and those that shares brought. */
import { type DeviceId, fromUtf8, utf8 } from '@qsec/protocol'
import type { PskSource } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { QuantumHost } from './host.ts'
import { logStep } from './relay-log.ts'

/** Secrets kept that no commit has brought in so far. */
const secretsAtMost = 256
/** Secrets known to be over: a share of one that comes once more brings nothing back. */
const servedAtMost = 64

/** The uuid in the id of a PSK that is a group secret. */
export function uuidOfPsk(id: string): string | undefined {
  return /^qkdg:[^:]+:([0-9a-f-]{36})$/.exec(id)?.[1]
}

export class GroupSecrets {
  readonly #host: QuantumHost
  readonly #secrets = new Map<string, Uint8Array<ArrayBuffer>>()
  #served: string[] = []

  constructor(host: QuantumHost) {
    this.#host = host
  }

  async load(): Promise<void> {
    const prefix = `${this.#host.key('secret')}/`
    for (const { key, value } of await this.#host.storage.list(prefix))
      this.#secrets.set(key.slice(prefix.length), value)
    const served = await this.#host.storage.get(this.#host.key('served'))
    this.#served = served ? (fromUtf8(served) ?? '').split('\n') : []
  }

  /** Group secrets by their PSK id. What a member shares is good for its own commits only. */
  readonly psks: PskSource = (id, from) => {
    const uuid = uuidOfPsk(id)
    return uuid === undefined ? undefined : this.#secrets.get(nameOf(from, uuid))
  }

  has(from: DeviceId, uuid: string): boolean {
    return this.#secrets.has(nameOf(from, uuid))
  }

  hasServed(uuid: string): boolean {
    return this.#served.includes(uuid)
  }

  /** Takes a secret in that `from` drew; what to store for it. The oldest goes where there are too many. */
  keep(from: DeviceId, uuid: string, secret: Uint8Array<ArrayBuffer>): StorageChange[] {
    const name = nameOf(from, uuid)
    this.#secrets.set(name, secret)
    const old = [...this.#secrets.keys()].slice(0, -secretsAtMost)
    return [{ type: 'put', key: this.#host.key('secret', name), value: secret }, ...old.map((one) => this.#erase(one))]
  }

  /** It has served, or never will. */
  async forget(uuid: string): Promise<void> {
    const names = [...this.#secrets.keys()].filter((name) => name.endsWith(uuid))
    if (names.length === 0) return
    this.#served = [...this.#served, uuid].slice(-servedAtMost)
    const value = utf8(this.#served.join('\n'))
    await this.#host.store([
      { type: 'put', key: this.#host.key('served'), value },
      ...names.map((name) => this.#erase(name)),
    ])
    logStep(this.#host, 'KEY_DESTROYED')
  }

  #erase(name: string): StorageChange {
    this.#secrets.get(name)?.fill(0)
    this.#secrets.delete(name)
    return { type: 'delete', key: this.#host.key('secret', name) }
  }
}

function nameOf(from: DeviceId, uuid: string): string {
  return `${from}/${uuid}`
}
