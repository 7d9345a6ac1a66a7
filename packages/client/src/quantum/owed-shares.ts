/**
 * Shares that this device has made and that their receivers have not acknowledged. The relay can lose a share together with
 * its pair group; then only its sender can say it again, in the same bytes, whatever pair group the two have by then.
 * What is kept is what was sent: the secret under a pad, which is erased here.
 */
import type { DeviceId } from '@qsec/protocol'
import type { StorageChange } from '../ports.ts'
import { copyLimits } from '../sync/copies.ts'
import type { QuantumHost } from './host.ts'
import { decodePairContent, encodePairContent, type Share } from './pair-content.ts'
import type { Pair, Pairs } from './pairs.ts'

/** Those of one receiver; the oldest go. */
const owedToOneAtMost = 64
/** A share goes again no more often, however often its receiver asks. */
const againMs = 4_000

interface Owed {
  to: DeviceId
  share: Share
  madeMs: number
  givenMs?: number
}

export class OwedShares {
  readonly #host: QuantumHost
  readonly #pairs: Pick<Pairs, 'say'>
  /** By storage key, in the order in which they were made. */
  readonly #owed = new Map<string, Owed>()

  constructor(host: QuantumHost, pairs: Pick<Pairs, 'say'>) {
    this.#host = host
    this.#pairs = pairs
  }

  async load(): Promise<void> {
    const entries = await this.#host.storage.list(`${this.#host.key('owed')}/`)
    const all = entries.flatMap(({ key, value }) => {
      const [to = '', madeMs = ''] = key.split('/').slice(-3)
      const content = decodePairContent(value)
      return content?.type === 'share'
        ? [{ key, to: to as DeviceId, madeMs: Number(madeMs), share: content.share }]
        : []
    })
    for (const { key, ...owed } of all.sort((a, b) => a.madeMs - b.madeMs)) this.#owed.set(key, owed)
  }

  /** What to store together with the sending. */
  add(to: DeviceId, share: Share): StorageChange[] {
    const madeMs = this.#host.clock.nowMs()
    const key = this.#host.key('owed', to, String(madeMs).padStart(16, '0'), share.uuid)
    this.#owed.set(key, { to, share, madeMs })
    const toOne = this.#keys((one) => one.to === to).slice(0, -owedToOneAtMost)
    // Nobody has copies of commits from before that.
    const old = this.#keys((one) => one.madeMs < madeMs - copyLimits.ageMs)
    const value = encodePairContent({ type: 'share', share })
    return [{ type: 'put', key, value }, ...this.#drop([...new Set([...toOne, ...old])])]
  }

  /** The receiver has the secret: its share never has to go again. */
  async settled(receiver: DeviceId, uuid: string): Promise<void> {
    await this.#remove(({ to, share }) => to === receiver && share.uuid === uuid)
  }

  /** The secret will never be committed. */
  async withdraw(uuid: string): Promise<void> {
    await this.#remove(({ share }) => share.uuid === uuid)
  }

  /** These devices are no members any more, or come back as new leaves, which are behind every commit so far. */
  async forget(isOver: (receiver: DeviceId) => boolean): Promise<void> {
    await this.#remove(({ to }) => isOver(to))
  }

  /** The other end of `pair` waits for its share of `uuid`. Nobody gets what was made for somebody else. Runs in the queue. */
  async giveAgain(pair: Pair, uuid: string): Promise<void> {
    const owed = [...this.#owed.values()].find(({ to, share }) => to === pair.peer && share.uuid === uuid)
    if (!owed) return
    const nowMs = this.#host.clock.nowMs()
    const sinceMs = nowMs - (owed.givenMs ?? Number.NEGATIVE_INFINITY)
    // A clock that was put back must not make a pause of years.
    if (sinceMs >= 0 && sinceMs < againMs) return
    owed.givenMs = nowMs
    const onItsWay = pair.stream.rows.some(({ ordered, content }) => {
      const said = ordered ? undefined : decodePairContent(content)
      return said?.type === 'share' && said.share.uuid === uuid
    })
    if (!onItsWay) await this.#pairs.say(pair, 'roomkey', encodePairContent({ type: 'share', share: owed.share }))
  }

  #keys(which: (owed: Owed) => boolean): string[] {
    return [...this.#owed].filter(([, owed]) => which(owed)).map(([key]) => key)
  }

  async #remove(which: (owed: Owed) => boolean): Promise<void> {
    const keys = this.#keys(which)
    if (keys.length > 0) await this.#host.store(this.#drop(keys))
  }

  #drop(keys: readonly string[]): StorageChange[] {
    for (const key of keys) {
      this.#owed.get(key)?.share.sealed.fill(0)
      this.#owed.delete(key)
    }
    return keys.map((key) => ({ type: 'delete', key }))
  }
}
