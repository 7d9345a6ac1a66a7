/**
 * Quantum keys for the room (protocol.md §6). The sponsor, who is the present member of rank 0, runs BB84 with every
 * other in their pair group, hands each the same fresh secret G under a one-time pad, and commits G as an external PSK.
 * Without a key the chat goes on under X25519 and ML-KEM; G only ever comes on top.
 */
import type { DeviceId, RelayEvents, WelcomeEvent } from '@qsec/protocol'
import type { LinkReport } from '../content.ts'
import type { Group, PskSource } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import type { FrameKind } from '../sync/outbox.ts'
import { LinkBooks, type LinkKnowledge } from './books.ts'
import type { QuantumHost } from './host.ts'
import { OwedShares } from './owed-shares.ts'
import { Pads } from './pads.ts'
import { decodePairContent } from './pair-content.ts'
import { type Pair, type PairEvent, Pairs } from './pairs.ts'
import { Runs } from './runs.ts'
import { GroupSecrets, uuidOfPsk } from './secrets.ts'
import { ShareInbox } from './share-inbox.ts'
import { ShareWish } from './share-wish.ts'
import { Sponsor } from './sponsor.ts'
import { Waits } from './waits.ts'

export class Quantum {
  readonly pairs: Pairs
  readonly #host: QuantumHost
  readonly #pads: Pads
  readonly #books: LinkBooks
  readonly #runs: Runs
  readonly #secrets: GroupSecrets
  readonly #inbox: ShareInbox
  readonly #owed: OwedShares
  readonly #wish: ShareWish
  readonly #sponsor: Sponsor
  readonly #waits: Waits

  constructor(host: QuantumHost) {
    this.#host = host
    const pads = new Pads(host.storage, host.key('pad'))
    const pairs = new Pairs(host, (pair, kind, content, seq) => this.#onContent(pair, kind, content, seq))
    const books = new LinkBooks(host.identity.device, () => host.run(() => host.store([])))
    const secrets = new GroupSecrets(host)
    const waits = new Waits(host.clock)
    const onEnd = () => {
      waits.look()
      host.run(() => this.#inbox.open())
    }
    const runs = new Runs({ host, pairs, pads, books, onEnd })
    this.pairs = pairs
    this.#pads = pads
    this.#books = books
    this.#runs = runs
    this.#secrets = secrets
    this.#inbox = new ShareInbox(host, pads, secrets, runs)
    this.#owed = new OwedShares(host, pairs)
    this.#wish = new ShareWish(host, pairs)
    this.#sponsor = new Sponsor({ host, pairs, pads, books, runs, secrets, owed: this.#owed, waits })
    this.#waits = waits
  }

  async load(): Promise<void> {
    await this.#pads.load()
    await this.pairs.load()
    await this.#secrets.load()
    await this.#inbox.load()
    await this.#owed.load()
  }

  close(): void {
    this.pairs.close()
    this.#waits.close()
    this.#host.engine.close()
  }

  // --- what the room shows and uses ------------------------------------------------------------------------------

  /** Group secrets that this device holds, by their PSK id. */
  get psks(): PskSource {
    return this.#secrets.psks
  }

  get running(): boolean {
    return this.#sponsor.refreshing || this.#runs.anyOpen
  }

  get links(): readonly LinkKnowledge[] {
    return this.#books.all
  }

  keyBits(peer: DeviceId): number {
    return this.#pads.bitsFor(peer)
  }

  // --- what happens in the room ----------------------------------------------------------------------------------

  /** Looks whether something is due that is this device's to do. */
  consider(): void {
    this.#waits.look()
    if (this.#host.group()) this.#inbox.consider()
    this.#sponsor.consider()
  }

  /** Somebody pressed the button. */
  want(): void {
    this.#sponsor.want()
  }

  /** The group's members changed: what was agreed for the old ones is void, and gone devices take their pads along. */
  async onMembers(): Promise<void> {
    const members = this.#host.members()
    this.#books.keepOnly(members)
    await this.pairs.endGone()
    this.#inbox.dropGone()
    await this.#owed.forget((device) => this.#host.isGone(device))
    await this.#pads.keepOnly(members)
    await this.#inbox.open()
  }

  /**
   * Devices that came back as new leaves: their storage may be an old copy, in which used places of pads are unused again.
   * Both ends drop what they have of each other; the next exchange makes new ones.
   */
  async onRejoined(devices: readonly DeviceId[]): Promise<void> {
    const own = devices.includes(this.#host.identity.device)
    await this.#owed.forget((device) => devices.includes(device))
    await this.#pads.keepOnly(own ? [] : this.#host.members().filter((device) => !devices.includes(device)))
  }

  /** An exchange for these members was made, by whomever. */
  onRefreshed(group: Group): void {
    this.#sponsor.onRefreshed(group)
  }

  onAck(device: DeviceId, uuid: string): void {
    this.#sponsor.onAck(device, uuid)
    this.#waits.look()
    this.#host.run(async () => {
      await this.pairs.confirm(device, (said) => said.type === 'share' && said.share.uuid === uuid)
      await this.#owed.settled(device, uuid)
    })
  }

  /** A commit of `committer` needs the secret of this PSK id, and no share of it has come. */
  wantShare(committer: DeviceId, psk: string): void {
    const uuid = uuidOfPsk(psk)
    if (uuid !== undefined) this.#wish.ask(committer, uuid)
  }

  /** Another member tells how its run with `peer` ended. */
  onReport(alice: DeviceId, peer: DeviceId, report: LinkReport): void {
    this.#sponsor.leaveToOthers()
    this.#books.report(alice, peer, report)
  }

  /** The commit with this secret is in force: it has served. */
  async forget(uuid: string): Promise<void> {
    await this.#secrets.forget(uuid)
    this.#waits.look()
  }

  // --- what the pair groups bring --------------------------------------------------------------------------------

  onFrame(name: 'encrypted_message' | 'bb84_message' | 'roomkey_share' | 'commit', frame: PairEvent): Promise<void> {
    return this.pairs.onFrame(name, frame)
  }

  onWelcome(welcome: WelcomeEvent): Promise<void> {
    return this.pairs.onWelcome(welcome)
  }

  async onVerdict(name: 'commit_stands' | 'commit_nack', verdict: RelayEvents['commit_stands']): Promise<void> {
    const pair = verdict.pair && this.pairs.byId(verdict.pair)
    if (pair && name === 'commit_stands') await pair.stream.stands(verdict.seq)
  }

  #onContent(pair: Pair, kind: FrameKind, bytes: Uint8Array, seq: number): StorageChange[] {
    const content = decodePairContent(bytes)
    if (kind === 'message') return this.#host.onSaid(pair.peer, content)
    if (content?.type === 'bb84' && kind === 'bb84') {
      this.#host.run(() => this.#runs.onMessage(pair, content.run, content.message))
    }
    if (kind !== 'roomkey') return []
    if (content?.type === 'share-wanted') this.#host.run(() => this.#owed.giveAgain(pair, content.uuid))
    return content?.type === 'share' ? this.#inbox.take(pair, content.share, seq) : []
  }
}
