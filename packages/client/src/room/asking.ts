/** How a device asks to be let into its room, or back into it: with a KeyPackage that waits at the relay. */
import { type Base64Url, roomKind, toBase64Url, utf8 } from '@qsec/protocol'
import * as v from 'valibot'
import { makeKeyPackage } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { Phase } from '../snapshot.ts'
import type { RoomCore } from './core.ts'
import { parseStored } from './device-store.ts'
import { inviteLifetimeMs } from './invites.ts'
import { deviceCode } from './people.ts'

const askAgainMs = 2_000
/** So long a newcomer that is back waits for what may be on its way to it. */
const askAnewMs = 10_000
/** A place for another knock may be free by then, and whoever can add a member again may have missed that it asks. */
const repeatMs = 60_000
/** A KeyPackage can be committed for 30 days: so long this device knows those that it has asked with. */
const ownKeptMs = 31 * 86_400_000
/** A device that waits for hours makes many. */
const ownKeptAtMost = 4_096

/** The KeyPackage with which this device asks to be added. */
export interface StoredRequest {
  keyPackage: string
  /** Of the KeyPackage: it opens the Welcome. */
  secret: string
  /** It was a member before. */
  again: boolean
  atMs: number
  /** Of the KeyPackage before this one: the Welcome for it may still be on its way. */
  earlier?: string
  /** The earlier one let this device in; a Welcome for this one, which shows the link, may still come. */
  unused?: boolean
}

const storedRequest: v.GenericSchema<unknown, StoredRequest> = v.object({
  keyPackage: v.string(),
  secret: v.string(),
  again: v.boolean(),
  atMs: v.number(),
  earlier: v.exactOptional(v.string()),
  unused: v.exactOptional(v.boolean()),
})

export class Asking {
  readonly #core: RoomCore
  /** Publishes what others prepare something for this device with. */
  readonly #publish: () => Promise<void>
  #request: StoredRequest | undefined
  /** References of all KeyPackages that this device has asked with. */
  readonly #own = new Set<string>()

  constructor(core: RoomCore, publish: () => Promise<void>) {
    this.#core = core
    this.#publish = publish
  }

  async load(): Promise<void> {
    const core = this.#core
    this.#request = parseStored(storedRequest, await core.storage.get(core.key('request')))
    await this.#loadOwn()
  }

  /** What this device has asked with, and may get a Welcome for. */
  get request(): StoredRequest | undefined {
    return this.#request
  }

  /** Whether this device has asked with that KeyPackage itself. Whoever holds a copy of it cannot make one that it has. */
  isOwn(ref: string): boolean {
    return this.#own.has(ref)
  }

  async #loadOwn(): Promise<void> {
    const core = this.#core
    const prefix = core.key('asked-with')
    const kept = (await core.storage.list(`${prefix}/`)).map(({ key, value }) => ({
      ref: key.slice(prefix.length + 1),
      atMs: Number(new TextDecoder().decode(value)),
    }))
    const newest = kept.sort((a, b) => b.atMs - a.atMs).slice(0, ownKeptAtMost)
    const live = newest.filter(({ atMs }) => core.nowMs - atMs < ownKeptMs)
    for (const { ref } of live) this.#own.add(ref)
    const over = kept.filter(({ ref }) => !this.#own.has(ref))
    await core.store(over.map(({ ref }) => ({ type: 'delete', key: `${prefix}/${ref}` })))
  }

  waiting(): Phase {
    const core = this.#core
    if (core.meta.knocks) return { at: 'knocking', code: deviceCode(core.device) }
    return { at: 'waiting', anyoneHere: core.anyoneHere, ...(core.meta.link ? { linked: true as const } : {}) }
  }

  /** Asks to be let in, or back in (`again`). */
  async ask(again: boolean): Promise<void> {
    const core = this.#core
    core.setPhase(again && core.stream ? { at: 'rejoining', anyoneHere: core.anyoneHere } : this.waiting())
    if (this.#request?.again === again) this.#askAnewLater(again)
    this.#announce(again, await this.#requestFor(again))
  }

  #announce(again: boolean, { keyPackage }: StoredRequest): void {
    const core = this.#core
    const { transport, address } = core
    void transport.request('announce_pubkey', { room: address, request: keyPackage as Base64Url }).then((answer) => {
      // Published now, so that others can prepare something for this device even if it goes away at once.
      // At the door the relay takes nothing but the request.
      if (answer?.ok && !core.meta.knocks) core.beside(this.#publish())
      if (answer?.ok) this.#askAgainLater(again)
      else if (core.connected && !core.closed) {
        core.timers.set('ask', askAgainMs, () => void core.later(() => this.ask(again)))
      }
    })
  }

  /**
   * This device has asked on an earlier connection. Its Welcome may have gone down with the relay when the room had taken
   * it in already: members then have a leaf with the keys of that request, and can add it again by fresh ones alone.
   */
  #askAnewLater(again: boolean): void {
    const core = this.#core
    if (!again && (core.stream || core.meta.link || core.meta.knocks)) return
    core.timers.set('ask-anew', askAnewMs, () => {
      void core.later(async () => {
        if (core.connected && this.#asks) this.#announce(again, await this.#makeRequest(again))
      })
    })
  }

  /** Whoever knocks is not told whether it was heard. A newcomer by a link may have been turned away, and asks once. */
  #askAgainLater(again: boolean): void {
    const core = this.#core
    if (!again && !core.meta.knocks) return
    core.timers.set('ask', repeatMs, () => {
      void core.later(async () => {
        if (core.connected && this.#asks) this.#announce(again, await this.#requestFor(again))
      })
    })
  }

  get #asks(): boolean {
    const { at } = this.#core.phase
    return at === 'waiting' || at === 'knocking' || at === 'rejoining'
  }

  /** A KeyPackage is repeated while it is good: a Welcome for it may be on its way, however long its commit takes. */
  async #requestFor(again: boolean): Promise<StoredRequest> {
    const { nowMs } = this.#core
    // One that a clock ahead or behind has dated would be taken by nobody.
    const aged = Math.abs(nowMs - (this.#request?.atMs ?? 0))
    if (this.#request?.again === again && aged < inviteLifetimeMs) return this.#request
    return this.#makeRequest(again)
  }

  async #makeRequest(again: boolean): Promise<StoredRequest> {
    const core = this.#core
    const { nowMs } = core
    const { secret, link } = core.meta
    // Who was never inside shows the link also where the room has taken it in: its key alone vouches for the group.
    const invited = !core.stream && !link && secret && roomKind(core.address) === 'closed'
    const made = await makeKeyPackage(core.identity, {
      nowMs,
      ...(invited ? { invite: { rid: core.address, secret, expiresMs: nowMs + inviteLifetimeMs } } : {}),
      ...(link && !again ? { link } : {}),
    })
    this.#request = {
      keyPackage: toBase64Url(made.keyPackage),
      secret: toBase64Url(made.secret),
      again,
      atMs: nowMs,
      ...(this.#request ? { earlier: this.#request.secret } : {}),
    }
    this.#own.add(made.ref)
    await core.store([
      { type: 'put', key: core.key('request'), value: utf8(JSON.stringify(this.#request)) },
      { type: 'put', key: core.key('asked-with', made.ref), value: utf8(String(nowMs)) },
    ])
    return this.#request
  }

  /** It led to nothing: the next one is new. */
  forget(): void {
    this.#request = undefined
  }

  /** This device is in: what it asked with has served. What to store. `byEarlier`: members may yet answer the newest. */
  answered(byEarlier: boolean): StorageChange[] {
    const core = this.#core
    const { earlier: _served, ...newest } = this.#request ?? {}
    this.#request = byEarlier && this.#request ? { ...(newest as StoredRequest), again: true, unused: true } : undefined
    const key = core.key('request')
    return [this.#request ? { type: 'put', key, value: utf8(JSON.stringify(this.#request)) } : { type: 'delete', key }]
  }
}
