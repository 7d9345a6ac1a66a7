/** A commit of the room needs a secret of which this device has no share: it asks the committer, who made the share, for it. */
import type { DeviceId } from '@qsec/protocol'
import type { QuantumHost } from './host.ts'
import { encodePairContent } from './pair-content.ts'
import type { Pairs } from './pairs.ts'

export class ShareWish {
  readonly #host: QuantumHost
  readonly #pairs: Pairs
  #asking = false

  constructor(host: QuantumHost, pairs: Pairs) {
    this.#host = host
    this.#pairs = pairs
  }

  /**
   * Asks once, beside the queue, if the committer is here; the caller repeats it. The pair group may have gone with the
   * relay: then the two begin a new one.
   */
  ask(committer: DeviceId, uuid: string): void {
    if (this.#asking || !this.#host.presentMembers().includes(committer)) return
    this.#asking = true
    this.#host.beside(
      this.#ask(committer, uuid).finally(() => {
        this.#asking = false
      }),
    )
  }

  async #ask(committer: DeviceId, uuid: string): Promise<void> {
    const pair = await this.#pairs.open(committer)
    if (!pair) return
    await this.#host.queue.run(async () => {
      // What was asked for before it was ordered is on its way.
      const waits = pair.stream.rows.some(({ ordered, refused }) => !ordered && !refused)
      if (!waits) await this.#pairs.say(pair, 'roomkey', encodePairContent({ type: 'share-wanted', uuid }))
    })
  }
}
