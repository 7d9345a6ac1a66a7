/**
 * Shares that this device has made and that their receivers have not acknowledged. The relay can lose a share together with
 * its pair group; then only its sender can say it again, in the same bytes, whatever pair group the two have by then.
 * What is kept is what was sent: the secret under a pad, which is erased here.
 */
import { type DeviceId, limits } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import { copyLimits } from '../sync/copies.ts'
import type { QuantumHost } from './host.ts'
import { decodePairContent, encodePairContent, type Share } from './pair-content.ts'
import type { Pairs } from './pairs.ts'

/** Those of one receiver; the oldest go. */
const owedToOneAtMost = 64
/** A share that is asked for again and again goes into one pair group no more often. */
const againMs = 5_000

interface Owed {
  to: DeviceId
  share: Share
  madeMs: number
}

export class OwedShares {
  readonly #host: QuantumHost
  readonly #pairs: Pairs
  /** By storage key, in the order in which they were made. */
  readonly #owed = new Map<string, Owed>()
  readonly #givenMs = new Map<string, number>()

  constructor(host: QuantumHost, pairs: Pairs) {
    this.#host = host
    this.#pairs = pairs
  }

  async load(): Promise<void> {
    const entries = await this.#host.storage.list(`${this.#host.key('owed')}/`)
    const all = entries.flatMap(({ key, value }) => {
      const [to = '', madeMs = ''] = key.split('/').slice(-3)
      const content = decodePairContent(value)
      return content?.type === 'share' ? [{ key, to: to as DeviceId, madeMs: Number(madeMs), share: content.share }] : []
    })
    for (const { key, ...owed } of all.sort((a, b) => a.madeMs - b.madeMs)) this.#owed.set(key, owed)
  }

  /** What to store together with the sending. */
  add(to: DeviceId, share: Share): StorageChange[] {
    const madeMs = this.#host.clock.nowMs()
    const key = this.#host.key('owed', to, String(madeMs).padStart(16, '0'), share.uuid)
    this.#owed.set(key, { to, share, madeMs })
    const ofOne = this.#keys((one) => one.to === to)
    // Nobody has copies of frames from before that.
    const old = this.#keys((one) => one.madeMs < madeMs - copyLimits.ageMs)
    const dropped = [...new Set([...ofOne.slice(0, -owedToOneAtMost), ...old])]
    const value = encodePairContent({ type: 'share', share })
    return [{ type: 'put', key, value }, ...this.#drop(dropped)]
  }

  /** `device` has the secret: its share never has to go again. */
  async settled(device: DeviceId, uuid: string): Promise<void> {
    await this.#remove(this.#keys(({ to, share }) => to === device && share.uuid === uuid))
  }

  async dropGone(): Promise<void> {
    await this.#remove(this.#keys(({ to }) => this.#host.isGone(to)))
  }

  /** `peer` waits for its share of `uuid`: it gets it in the pair group that the two have now. Runs in the queue. */
  async giveAgain(peer: DeviceId, uuid: string): Promise<void> {
    const owed = [...this.#owed.values()].find(({ to, share }) => to === peer && share.uuid === uuid)
    const pair = this.#pairs.with(peer)
    if (!owed || !pair) return
    const nowMs = this.#host.clock.nowMs()
    const place = `${pair.id} ${uuid}`
    const sinceMs = nowMs - (this.#givenMs.get(place) ?? Number.NEGATIVE_INFINITY)
    if (sinceMs >= 0 && sinceMs < againMs) return
    const waiting = pair.stream.rows.some((row) => {
      const said = row.ordered ? undefined : decodePairContent(row.content)
      return said?.type === 'share' && said.share.uuid === uuid
    })
    if (waiting) return
    if (this.#givenMs.size >= limits.gapFrames) this.#givenMs.clear()
    this.#givenMs.set(place, nowMs)
    await this.#pairs.say(pair, 'roomkey', encodePairContent({ type: 'share', share: owed.share }))
  }

  #keys(which: (owed: Owed) => boolean): string[] {
    return [...this.#owed].filter(([, owed]) => which(owed)).map(([key]) => key)
  }

  async #remove(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#host.store(this.#drop(keys))
  }

  #drop(keys: readonly string[]): StorageChange[] {
    for (const key of keys) this.#owed.delete(key)
    return keys.map((key) => ({ type: 'delete', key }))
  }
}
