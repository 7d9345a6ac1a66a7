/** What this device says in the room: envelopes with counter, chain and receipt, names, and receipts that go alone. */
import { type DeviceId, type MessageId, toBase64Url, Writer } from '@qsec/protocol'
import { encodeEnvelope, type NameClaim, namesAtMost, type RoomContent } from '../content.ts'
import { type Group, sha256 } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { RoomCore } from './core.ts'
import { receiptOf, receiptPauseMs } from './receipts.ts'

/** The hash chain of a device's contents after one more: what others expect to stand in its next envelope. */
export function nextChain(chain: string, content: Uint8Array): string {
  return toBase64Url(sha256(new Writer().text(chain, 1).raw(sha256(content)).done()))
}

export class Voice {
  readonly #core: RoomCore
  readonly #onSaid: (content: RoomContent) => StorageChange[]
  readonly #profileHint: (device: DeviceId) => string | undefined

  /**
   * @param onSaid - what a content means for this device itself, which does not hear its own frames
   * @param profileHint - the profile that a device's person told the room
   */
  constructor(
    core: RoomCore,
    onSaid: (content: RoomContent) => StorageChange[],
    profileHint: (device: DeviceId) => string | undefined,
  ) {
    this.#profileHint = profileHint
    this.#core = core
    this.#onSaid = onSaid
  }

  /** Puts a content into the outbox, together with what it changes here. Runs in the queue. */
  async say(
    content: RoomContent,
    until: 'ordered' | 'confirmed' = 'ordered',
    also: (id: MessageId) => StorageChange[] = () => [],
    id: MessageId = this.#core.randomId<MessageId>(),
  ): Promise<void> {
    const { stream, self } = this.#core
    if (!stream) throw new Error('room: this device is not in the room yet')
    if (this.#core.stopped) throw new Error('room: this device is in the room no more')
    const { counter, chain } = self
    const bytes = encodeEnvelope({ id, counter, chain, receipt: receiptOf(stream), content })
    this.#core.timers.clear('receipt')
    const spoken = this.#core.become({ counter: counter + 1, chain: nextChain(chain, bytes), receiptOwed: false })
    await stream.enqueue('message', id, bytes, until, [spoken, ...also(id), ...this.#onSaid(content)])
  }

  /**
   * Something came that its sender wants to know about: a receipt rides on the next content, or goes alone.
   *
   * @returns what to store with it: whoever closes the page before owes the receipt at the next start
   */
  oweReceipt(): StorageChange[] {
    const change = this.#core.self.receiptOwed ? [] : [this.#core.become({ receiptOwed: true })]
    this.considerReceipt()
    return change
  }

  considerReceipt(): void {
    if (!this.#core.self.receiptOwed) return
    const members = this.#core.stream?.group.members.length ?? 1
    this.#core.timers.setOnce('receipt', receiptPauseMs(members), () => {
      void this.#core.later(async () => {
        if (this.#core.self.receiptOwed && this.#core.phase.at === 'member') await this.say({ type: 'receipt' })
      })
    })
  }

  async sayOwnName(): Promise<void> {
    await this.say({ type: 'names', names: [this.#ownClaim()] })
  }

  /** Hands newcomers the names of all: signed by each, so that it does not matter who hands them on. */
  async sayAllNames(group: Group): Promise<void> {
    const others = group.members.flatMap(({ device }) => {
      const claim = this.#core.people.get(device)?.claim
      return claim ? this.#hinted(claim) : []
    })
    const names = [this.#ownClaim(), ...others]
    for (let at = 0; at < names.length; at += namesAtMost) {
      await this.say({ type: 'names', names: names.slice(at, at + namesAtMost) })
    }
  }

  #ownClaim(): NameClaim {
    const { identity, meta, device } = this.#core
    return this.#hinted({ device, name: meta.name, salt: toBase64Url(identity.nameSalt) })
  }

  #hinted({ device, name, salt }: NameClaim): NameClaim {
    const profile = this.#profileHint(device as DeviceId)
    return { device, name, salt, ...(profile === undefined ? {} : { profile }) }
  }
}
