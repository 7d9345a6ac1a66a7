/** What others say in the room, and what it changes here. */
import { type DeviceId, fromBase64Url, type MessageId } from '@qsec/protocol'
import type { LinkReport, NameClaim, ReadEnvelope, RoomContent } from '../content.ts'
import { type GroupMember, mayLead, verifyLeave } from '../crypto/index.ts'
import type { Earlier } from '../earlier/earlier.ts'
import { mayAmend } from '../messages/amend.ts'
import type { Amending, MessageRef, Said } from '../messages/content.ts'
import type { StorageChange } from '../ports.ts'
import type { Provenance } from '../provenance/provenance.ts'
import type { PadKind } from '../quantum/label.ts'
import type { Quantum } from '../quantum/quantum.ts'
import type { StreamFrame } from '../sync/session.ts'
import type { Attachments } from './attachments.ts'
import type { RoomCore } from './core.ts'
import { holds } from './people.ts'
import type { Reading } from './reading.ts'
import { contradicts } from './receipts.ts'
import type { RoomApplication } from './room-ops.ts'
import { withAck } from './self.ts'
import { writtenAt } from './times.ts'
import type { Trust } from './trust.ts'
import { shorter, type Vanishing } from './vanishing.ts'
import { nextChain } from './voice.ts'

/** So many frames of a member that do not open, and none that does, mean that it has other keys for the epoch. */
const shutFramesToAlarm = 2

export interface EarsParts {
  core: RoomCore
  quantum(): Quantum
  trust: Trust
  earlier: Earlier
  oweReceipt(): StorageChange[]
  reading: Reading
  attachments: Attachments
  vanishing: Vanishing
  provenance: Provenance
  /** Names changed: what was drawn with the old ones is void. */
  redraw(): void
}

export class Ears {
  readonly #parts: EarsParts
  /** For whom, and in which epoch, the alarm of a split view was raised last. */
  readonly #alarmed = new Map<DeviceId, number>()
  /** The epoch of the last content of each device that was opened. */
  readonly #opened = new Map<DeviceId, number>()
  /** How many frames of a device did not open in an epoch in which none has. */
  readonly #shut = new Map<DeviceId, { epoch: number; frames: number }>()

  constructor(parts: EarsParts) {
    this.#parts = parts
  }

  async onContent(frame: StreamFrame, { sender, content, envelope }: RoomApplication): Promise<StorageChange[]> {
    const { timeline } = this.#parts.core
    const { device } = sender
    this.#opened.set(device, frame.epoch)
    if (!envelope) return timeline.tell({ type: 'unreadable', from: device, reason: 'unknown-content' }, frame.atMs)
    return [
      ...this.#onPlace(device, envelope, content, frame),
      ...this.#onReceipt(device, envelope, frame),
      ...(await this.#onSaid(sender, envelope, frame)),
    ]
  }

  /**
   * A frame of this epoch that our keys do not open. One may be damaged; if a member's every frame is, that member has
   * other keys for the epoch: the relay ordered one commit for it and another for us.
   */
  onShut(frame: StreamFrame, reason: string): StorageChange[] {
    const { core } = this.#parts
    const device = frame.device as DeviceId
    const { epoch } = frame
    const isMember = core.stream?.group.members.some((member) => member.device === device)
    if (reason !== 'undecryptable' || !isMember || device === core.device || this.#opened.get(device) === epoch)
      return []
    const before = this.#shut.get(device)
    const frames = before?.epoch === epoch ? before.frames + 1 : 1
    this.#shut.set(device, { epoch, frames })
    return frames >= shutFramesToAlarm ? this.#alarm(device) : []
  }

  /** Once for each device and epoch. */
  #alarm(device: DeviceId): StorageChange[] {
    const { core } = this.#parts
    const { epoch } = core.stream!
    if (this.#alarmed.get(device) === epoch) return []
    this.#alarmed.set(device, epoch)
    return core.timeline.tell({ type: 'split-view', with: device }, core.nowMs)
  }

  /** The sender's own counter and chain show whether something of it is missing before this. */
  #onPlace(device: DeviceId, envelope: ReadEnvelope, content: Uint8Array, frame: StreamFrame): StorageChange[] {
    const { core } = this.#parts
    const before = core.people.get(device)?.said
    const { counter, chain } = envelope
    // Said again, for who did not have it: what comes next is still what came next before.
    if (before !== undefined && counter < before.counter) return []
    const changes = core.know(device, {
      said: { counter: counter + 1, chain: nextChain(chain, content) },
      heardMs: core.nowMs,
    })
    const missing = before !== undefined && counter > before.counter
    const forked = before !== undefined && counter === before.counter && chain !== before.chain
    if (missing || forked) {
      changes.push(...core.timeline.tell({ type: 'unreadable', from: device, reason: 'missing-before' }, frame.atMs))
    }
    return changes
  }

  #onReceipt(device: DeviceId, { receipt }: ReadEnvelope, frame: StreamFrame): StorageChange[] {
    const { core } = this.#parts
    const { stream } = core
    if (!receipt || !stream) return []
    // It was shown something else under those numbers: nothing of this device's is known to be there.
    if (contradicts(stream, receipt, frame.seq)) return this.#alarm(device)
    const seq = Math.min(receipt.seq, stream.cursor.seq)
    if (seq <= (core.people.get(device)?.receiptSeq ?? 0)) return []
    const { lacks = [] } = receipt
    const changes = core.know(device, { receiptSeq: seq, lacks })
    // It never had what was ordered before it came in.
    const { sinceSeq } = core.people.get(device)!
    void core.later(() => stream.confirmed(seq, sinceSeq, lacks))
    return changes
  }

  async #onSaid(sender: GroupMember, { content, id }: ReadEnvelope, frame: StreamFrame): Promise<StorageChange[]> {
    const { core, oweReceipt } = this.#parts
    const from = sender.device
    if (!content) {
      // Of a newer version, which may want to know that it has come.
      return [
        ...oweReceipt(),
        ...core.timeline.tell({ type: 'unreadable', from, reason: 'unknown-content' }, frame.atMs),
      ]
    }
    switch (content.type) {
      case 'text':
        return [...oweReceipt(), ...(await this.#onText(sender, id, content, frame))]
      case 'edit':
      case 'delete':
      case 'reaction':
        return [...oweReceipt(), ...(await this.#onAmending(sender, id, content, frame))]
      case 'typing':
      case 'read':
        return this.#parts.reading.onAware(from, content, frame.atMs)
      case 'names':
        await this.#parts.trust.loadLooks(content.names.map(({ name }) => name))
        return this.#learnNames(content.names)
      case 'compare':
      case 'profile':
      case 'profiles-wanted':
        return this.#parts.trust.onContent(from, content)
      case 'earlier-ask':
      case 'earlier-ask-over':
        return this.#parts.earlier.onSaid(from, content, frame.atMs)
      case 'leave':
        if (core.self.leaving.includes(from)) return []
        if (!(await this.#saysGoodbye(from, content.proof))) {
          return core.timeline.tell({ type: 'unreadable', from, reason: 'bad-leave-proof' }, frame.atMs)
        }
        return [
          core.become({
            leaving: [...core.self.leaving, from],
            leaveProofs: { ...core.self.leaveProofs, [from]: content.proof },
          }),
          ...core.timeline.tell(
            core.hasOtherDevice(from)
              ? { type: 'device-removed', person: from, by: from }
              : { type: 'left', person: from },
            frame.atMs,
          ),
        ]
      case 'log-deleted':
        if (!this.#leads(sender))
          return core.timeline.tell({ type: 'unreadable', from, reason: 'not-owner' }, frame.atMs)
        return this.onShared(from, content)
      default:
        return this.onShared(from, content)
    }
  }

  async #onText(
    { device, person }: GroupMember,
    id: MessageId,
    { text, atMs, replyTo, mentions, files, lifetimeS }: Extract<Said, { type: 'text' }>,
    frame: StreamFrame,
  ): Promise<StorageChange[]> {
    const { core } = this.#parts
    const { timeline } = core
    this.#parts.reading.quiet(device)
    // Said again after the relay had lost it: some have it from before, others have it from here, and its author too.
    if (timeline.has(device, id)) return timeline.ordered(device, id, frame.seq)
    if (this.#parts.vanishing.isGone({ device, id })) return []
    const given = this.#livesFor({ device, id }, person, lifetimeS, core.ageOf(frame.atMs, atMs))
    if (given && !given.lifetime) return given.changes
    if (replyTo) await timeline.recall(replyTo)
    const kept = timeline.say({
      ...{ id, device, person, text, seq: frame.seq },
      ...(replyTo ? { replyTo } : {}),
      ...(mentions ? { mentions } : {}),
      ...(files ? { files } : {}),
      ...(given?.lifetime ? { lifetime: given.lifetime } : {}),
      ...this.#written(device, atMs, frame),
    })
    // Unless its author has taken the message back already.
    const stands = timeline.peek({ device, id })?.files ?? []
    return [...kept, ...(given?.changes ?? []), ...this.#parts.attachments.onSaid(device, stands)]
  }

  /** What the message or the room says, whichever is shorter. */
  #livesFor(
    ref: MessageRef,
    person: string,
    lifetimeS: number | undefined,
    ageMs: number,
  ): ReturnType<Vanishing['hear']> | undefined {
    const { core, vanishing } = this.#parts
    const seconds = shorter(lifetimeS, core.stream?.group.settings?.lifetimeS)
    if (seconds === undefined) return undefined
    return vanishing.hear(ref, { seconds, ageMs, own: person === core.identity.person })
  }

  /** Whose change it is shows the frame alone: what it may change is judged by that person's keys. */
  async #onAmending(
    { device, person }: GroupMember,
    id: MessageId,
    content: Amending,
    frame: StreamFrame,
  ): Promise<StorageChange[]> {
    const { timeline } = this.#parts.core
    const { of } = content
    // Of what has disappeared nothing is kept, whatever comes late.
    if (this.#parts.vanishing.isGone(of)) return []
    const written = content.type === 'edit' ? { atMs: this.#written(device, content.atMs, frame).atMs } : {}
    const amendment = { from: device, person, id, content: { ...content, ...written } }
    const item = await timeline.find(of)
    if (item && !mayAmend(item, amendment)) {
      return timeline.tell({ type: 'unreadable', from: device, reason: 'not-own-message' }, frame.atMs)
    }
    const gone = content.type === 'delete' ? this.#parts.attachments.gone(item?.files) : []
    return [...(await timeline.amend(amendment)), ...gone]
  }

  #written(device: DeviceId, saidMs: number, frame: StreamFrame): ReturnType<typeof writtenAt> {
    const { core } = this.#parts
    const madeMs = core.bundles.of(device)?.bundle.record.createdMs ?? 0
    return writtenAt(saidMs, frame.atMs, core.nowMs, madeMs)
  }

  /** Contents that mean the same for everyone, whoever said them, this device included. */
  onShared(device: DeviceId, content: RoomContent): StorageChange[] {
    const { core, quantum } = this.#parts
    switch (content.type) {
      case 'eavesdropper': {
        const { on } = content
        const { eavesdropper: known } = core.self
        // Said again for who came in since.
        if (known.on === on && known.by === device) return []
        const event = { type: 'eavesdropper-switched' as const, on, by: device }
        return [core.become({ eavesdropper: { on, by: device } }), ...core.timeline.tell(event, core.nowMs)]
      }
      case 'key-exchange-wanted':
        void core.later(() => quantum().want())
        return []
      case 'key-ack':
        return this.#onAck(device, content.uuid, content.pad)
      case 'link-report':
        return this.#onReport(device, content.peer as DeviceId, content.report)
      case 'earlier-given':
        return this.#parts.earlier.onGiven(device, content)
      case 'log-deleted':
        return core.timeline.tell({ type: 'log-deleted', by: device, lines: content.lines }, core.nowMs)
      case 'earlier-ask':
      case 'earlier-ask-over':
      case 'text':
      case 'edit':
      case 'delete':
      case 'reaction':
      case 'typing':
      case 'read':
      case 'names':
      case 'leave':
      case 'receipt':
      case 'compare':
      case 'profile':
      case 'profiles-wanted':
        return []
    }
  }

  #leads({ person }: GroupMember): boolean {
    const group = this.#parts.core.stream?.group
    return group?.settings !== undefined && mayLead(group.settings, group.members, person)
  }

  async #saysGoodbye(device: DeviceId, proof: string): Promise<boolean> {
    const group = this.#parts.core.stream?.group
    const leaf = group?.members.find((member) => member.device === device)?.leaf
    const signature = fromBase64Url(proof)
    return (
      group !== undefined && leaf !== undefined && signature !== undefined && verifyLeave(group, { leaf, signature })
    )
  }

  #onAck(device: DeviceId, uuid: string, pad: PadKind): StorageChange[] {
    const { core, quantum } = this.#parts
    quantum().onAck(device, uuid)
    // This version has no hardware source: what a member claims beyond that is worth a simulated pad.
    const noted = core.become(withAck(core.self, uuid, device, pad === 'hardware' ? 'simulated' : pad))
    return [noted, ...this.#parts.provenance.settle()]
  }

  #onReport(alice: DeviceId, peer: DeviceId, report: LinkReport): StorageChange[] {
    const { core, quantum } = this.#parts
    const members = core.stream?.group.members ?? []
    if (alice === peer || !members.some(({ device }) => device === peer)) return [] // no link of this room
    if (alice !== core.device) quantum().onReport(alice, peer, report)
    const caught = report.reason === 'qber-above-threshold'
    core.outcome = caught ? 'eavesdropper' : report.completed ? core.outcome : 'failed'
    if (!caught) return []
    // Somebody listens on the links: no epoch is called quantum until they have been found sound again.
    const event = { type: 'eavesdropper-detected' as const, link: [alice, peer], qber: report.qber ?? 0 }
    return [core.forgetSecret(), ...this.#parts.provenance.settle(true), ...core.timeline.tell(event, core.nowMs)]
  }

  #learnNames(names: readonly NameClaim[]): StorageChange[] {
    const { core, redraw, trust } = this.#parts
    const changes: StorageChange[] = []
    for (const claim of names) {
      const device = claim.device as DeviceId
      const bundle = core.bundles.of(device)
      if (device === core.device || !bundle || core.people.get(device)?.claim) continue
      const { name, salt } = claim
      if (holds(claim, bundle)) changes.push(...core.know(device, { claim: { device, name, salt } }))
    }
    if (changes.length > 0) {
      changes.push(...trust.notice())
      redraw()
    }
    trust.profiles.onHints(
      names.flatMap(({ device, profile }) => (profile === undefined ? [] : { device: device as DeviceId, profile })),
    )
    return changes
  }
}
