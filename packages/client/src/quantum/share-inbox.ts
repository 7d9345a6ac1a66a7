/**
 * The receiver's side of a group secret: shares are kept as they come, opened once the room's group is the one that they
 * are for, and acknowledged to the whole room.
 */
import { type DeviceId, readExactly, Writer } from '@qsec/protocol'
import type { Group } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { QuantumHost } from './host.ts'
import type { Pads } from './pads.ts'
import { decodePairContent, encodePairContent, type Share } from './pair-content.ts'
import type { Pair } from './pairs.ts'
import { logStep } from './relay-log.ts'
import type { Runs } from './runs.ts'
import type { GroupSecrets } from './secrets.ts'
import { openShare } from './shares.ts'

/** Shares kept that cannot be opened yet, of one sender. */
const sharesPerPeer = 32

interface KeptShare {
  peer: DeviceId
  share: Share
}

export class ShareInbox {
  readonly #host: QuantumHost
  readonly #pads: Pads
  readonly #secrets: GroupSecrets
  readonly #runs: Runs
  /** By their storage key. What stays unopened is perhaps for an epoch to come. */
  readonly #shares = new Map<string, KeptShare>()
  /** Shares wait for the room's group to be there. */
  #unopened = false

  constructor(host: QuantumHost, pads: Pads, secrets: GroupSecrets, runs: Runs) {
    this.#host = host
    this.#pads = pads
    this.#secrets = secrets
    this.#runs = runs
  }

  async load(): Promise<void> {
    for (const { key, value } of await this.#host.storage.list(`${this.#host.key('share')}/`)) {
      const stored = decodeStored(value)
      if (stored) this.#shares.set(key, stored)
    }
    this.#unopened = this.#shares.size > 0
  }

  /** Keeps a share, with the place in the stream; what to store for it. */
  take({ id, peer }: Pair, share: Share, seq: number): StorageChange[] {
    const key = this.#host.key('share', id, String(seq).padStart(16, '0'))
    this.#shares.set(key, { peer, share })
    const ofPeer = [...this.#shares].filter(([, one]) => one.peer === peer).map(([oldKey]) => oldKey)
    const dropped = ofPeer.slice(0, -sharesPerPeer)
    for (const old of dropped) this.#shares.delete(old)
    this.#host.run(() => this.open())
    return [
      { type: 'put', key, value: encodeStored(peer, share) },
      ...dropped.map((old): StorageChange => ({ type: 'delete', key: old })),
    ]
  }

  dropGone(): void {
    for (const [key, { peer }] of this.#shares) if (this.#host.isGone(peer)) this.#shares.delete(key)
  }

  /** The room's group is there: what waited for it is looked at. */
  consider(): void {
    if (!this.#unopened) return
    this.#unopened = false
    this.#host.run(() => this.open())
  }

  /** Opens what can be opened in the room's present group; the rest waits for another one. Runs in the queue. */
  async open(): Promise<void> {
    const group = this.#host.group()
    this.#unopened = !group && this.#shares.size > 0
    if (!group) return
    for (const [key, kept] of this.#shares) await this.#open(group, key, kept)
  }

  async #open(group: Group, key: string, { peer, share }: KeptShare): Promise<void> {
    const receiver = this.#host.identity.device
    const leaves = group.members.map(({ device }) => device)
    if (!leaves.includes(peer)) return
    // The peer has the key of a run one message earlier, and runs are computed beside the queue: the pad is on its way.
    if (share.pad && this.#runs.isOpen(share.pad.run)) return
    const done: StorageChange = { type: 'delete', key }
    // It came again, for whoever made it did not know that it was here.
    if (this.#secrets.has(peer, share.uuid) || this.#secrets.hasServed(share.uuid)) {
      this.#shares.delete(key)
      return this.#host.store([done])
    }
    const opened = openShare(this.#pads, share, { groupId: group.groupId, leaves, sender: peer, receiver })
    if (!opened.ok && opened.reason === 'other-leaves') return
    this.#shares.delete(key)
    if (!opened.ok) return this.#host.store([done, ...opened.changes])
    await this.#host.store([...this.#secrets.keep(peer, share.uuid, opened.secret), done, ...opened.changes])
    logStep(this.#host, 'ROOMKEY_DECRYPTED', { peer })
    // The acknowledgement names the secret and the kind of pad: nothing that could be checked against a guess.
    this.#host.run(() => this.#host.say({ type: 'key-ack', uuid: share.uuid, pad: opened.pad }))
    this.#host.retryBlocked()
  }
}

function encodeStored(peer: DeviceId, share: Share): Uint8Array<ArrayBuffer> {
  return new Writer()
    .text(peer, 1)
    .bytes(encodePairContent({ type: 'share', share }), 4)
    .done()
}

function decodeStored(bytes: Uint8Array): KeptShare | undefined {
  return readExactly(bytes, (reader) => {
    const peer = reader.text(1) as DeviceId
    const content = decodePairContent(reader.bytes(4))
    return content?.type === 'share' ? { peer, share: content.share } : undefined
  })
}
