/**
 * One exchange, as its sponsor makes it (protocol.md §6): a link with each member present, a fresh group secret handed
 * to all under one-time pads, their acknowledgements, a commit with the secret as PSK, and a healing commit.
 */
import { type DeviceId, toBase64Url } from '@qsec/protocol'
import type { Group } from '../crypto/index.ts'
import type { LinkBooks } from './books.ts'
import type { QuantumHost } from './host.ts'
import type { OwedShares } from './owed-shares.ts'
import type { Pads } from './pads.ts'
import { encodePairContent } from './pair-content.ts'
import type { Pairs } from './pairs.ts'
import { logStep } from './relay-log.ts'
import type { Runs } from './runs.ts'
import type { GroupSecrets } from './secrets.ts'
import { makeShare } from './shares.ts'
import type { Waits } from './waits.ts'

const runsAtMostMs = 60_000
const acksAtMostMs = 15_000
/** A commit that cannot be proposed now, since another one is under way, is tried again so soon. */
const proposeAgainMs = 100

export interface ExchangeParts {
  host: QuantumHost
  pairs: Pairs
  pads: Pads
  books: LinkBooks
  runs: Runs
  secrets: GroupSecrets
  owed: OwedShares
  waits: Waits
}

interface GroupSecret {
  uuid: string
  secret: Uint8Array<ArrayBuffer>
}

/** `settled`: a repetition would change nothing. `broken-off`: the members changed before the secret was in force. */
export type Outcome = 'settled' | 'broken-off' | 'failed'

export class Exchange {
  readonly #parts: ExchangeParts
  /** Who has acknowledged the secret that was handed out last. */
  #ackedBy: { uuid: string; devices: Set<DeviceId> } | undefined

  constructor(parts: ExchangeParts) {
    this.#parts = parts
  }

  /** Runs beside the queue. */
  async make(start: Group): Promise<Outcome> {
    const { host } = this.#parts
    const present = new Set(host.presentMembers())
    const others = host.members().filter((device) => device !== host.identity.device)
    await this.#link(others.filter((peer) => present.has(peer)))
    if (this.#isOver(start)) return this.#whyOver(start)
    // No link gave a key: nothing would be gained over the keys that the room has.
    const sound = new Set(others.filter((peer) => this.#isSound(peer)))
    if (sound.size === 0) return others.some((peer) => this.#parts.books.wasJudged(peer)) ? 'settled' : 'failed'

    const drawn = { uuid: randomUuid(host.random(16)), secret: host.random(32) }
    logStep(host, 'ROOMKEY_GENERATED', { epoch: start.epoch })
    const acked = this.#awaitAcks(drawn)
    const everyoneHas = () => others.every((peer) => acked.has(peer) || !present.has(peer))
    const handedOut = await this.#handOut(start, drawn, others, sound)
    if (handedOut) await this.#parts.waits.until(() => everyoneHas() || this.#isOver(start), acksAtMostMs)
    if (!handedOut || this.#isOver(start) || !(await this.#commit(start, drawn))) {
      host.run(() => this.#parts.owed.withdraw(drawn.uuid))
      return this.#whyOver(start)
    }
    await this.#heal()
    return 'settled'
  }

  #awaitAcks({ uuid }: GroupSecret): ReadonlySet<DeviceId> {
    const devices = new Set<DeviceId>()
    this.#ackedBy = { uuid, devices }
    return devices
  }

  onAck(device: DeviceId, uuid: string): void {
    if (this.#ackedBy?.uuid === uuid) this.#ackedBy.devices.add(device)
  }

  /** Gets pads for these peers, all at once, and waits for the runs that takes. */
  async #link(peers: readonly DeviceId[]): Promise<void> {
    await Promise.all(peers.map((peer) => this.#linkWith(peer)))
    await this.#parts.waits.until(() => !this.#parts.runs.anyOpenAsAlice, runsAtMostMs)
  }

  /** Nothing to do where there are pads on a link that is sound. */
  async #linkWith(peer: DeviceId): Promise<void> {
    const { host, pairs, books, runs } = this.#parts
    if (this.#isSound(peer) && !host.eavesdropper()) return
    books.show(peer, { state: 'waiting' })
    const pair = await pairs.open(peer)
    if (pair) await host.queue.run(() => runs.begin(pair))
    else books.show(peer, { state: 'none' })
  }

  #isSound(peer: DeviceId): boolean {
    const { pads, books } = this.#parts
    return pads.has(peer) && !books.lastFailed(peer)
  }

  /** Pads of links that are not sound just now stay unused: their shares go under the pair group alone. */
  async #handOut(
    start: Group,
    { uuid, secret }: GroupSecret,
    receivers: readonly DeviceId[],
    sound: ReadonlySet<DeviceId>,
  ): Promise<boolean> {
    const { host, pairs, pads, owed } = this.#parts
    const { groupId } = start
    const sender = host.identity.device
    const leaves = start.members.map((member) => member.device)
    const opened = await Promise.all(
      receivers.map(async (receiver) => ({ receiver, pair: await pairs.open(receiver) })),
    )
    for (const { receiver, pair } of opened) {
      // Whoever has no share is locked out by the commit: then there is none.
      if (!pair || this.#isOver(start)) return false
      await host.queue.run(async () => {
        const padsOrNone = sound.has(receiver) ? pads : undefined
        const { share } = await makeShare(padsOrNone, uuid, secret, { groupId, leaves, sender, receiver })
        const content = encodePairContent({ type: 'share', share })
        await pairs.say(pair, 'roomkey', content, 'confirmed', owed.add(receiver, share))
        logStep(host, 'ROOMKEY_ENCRYPTED', { peer: receiver })
      })
    }
    return true
  }

  /** Commits the secret as a PSK. Whether it came into force. */
  async #commit(start: Group, { uuid, secret }: GroupSecret): Promise<boolean> {
    const { host, secrets } = this.#parts
    const own = host.identity.device
    const id = `qkdg:${toBase64Url(start.groupId)}:${uuid}`
    let proposed = false
    await host.queue.run(async () => {
      await host.store(secrets.keep(own, uuid, secret))
      proposed = await host.propose({ psks: [{ id, secret }] }, { psk: uuid })
    })
    if (!proposed) return false
    await this.#parts.waits.until(
      () => !secrets.has(own, uuid) || !host.committing() || this.#isOver(start),
      runsAtMostMs,
    )
    // Another commit was first, perhaps that of a second sponsor: this secret will never serve.
    let lost = false
    await host.queue.run(async () => {
      lost = secrets.has(own, uuid) && !host.committing()
      if (lost) await secrets.forget(uuid)
    })
    return !lost
  }

  /** A commit that only brings a PSK heals nothing: an own path follows (protocol.md §6). */
  async #heal(): Promise<void> {
    const { host } = this.#parts
    let over = false
    const stopDeadline = host.clock.after(runsAtMostMs, () => {
      over = true
    })
    let healed = false
    while (!healed && host.group() && !over) {
      await host.queue.run(async () => {
        healed = await host.propose({}, { path: true })
      })
      if (!healed) await new Promise<void>((resolve) => host.clock.after(proposeAgainMs, resolve))
    }
    stopDeadline()
  }

  /** The members are no longer those of `start`, or this device is away. */
  #isOver(start: Group): boolean {
    const { host, waits } = this.#parts
    const now = host.group()
    return waits.closed || !now || leafText(now) !== leafText(start)
  }

  #whyOver(start: Group): Outcome {
    const now = this.#parts.host.group()
    return now && leafText(now) !== leafText(start) ? 'broken-off' : 'failed'
  }
}

/** Tells two groups apart by who is in them, and where. */
export function leafText(group: Group): string {
  return group.members.map(({ leaf, device }) => `${leaf}:${device}`).join(' ')
}

/** RFC 9562 version 4 from 16 random bytes. */
function randomUuid(bytes: Uint8Array): string {
  const copy = bytes.slice()
  copy[6] = (copy[6]! & 0x0f) | 0x40
  copy[8] = (copy[8]! & 0x3f) | 0x80
  const hex = Array.from(copy, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
