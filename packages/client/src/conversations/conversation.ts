/** One conversation on this device: its group, its stream, and how far the others are in it. */
import { type Cursor, type DeviceId, type Incarnation, type MessageId, type PairId, toBase64Url } from '@qsec/protocol'
import { type Group, type GroupMember, sha256, signCommitNack } from '../crypto/index.ts'
import type { StorageChange } from '../ports.ts'
import { type CommitChange, type PairApplication, pairOps } from '../room/room-ops.ts'
import type { PairStream } from '../room/room-stream.ts'
import { isLacked, type Lack } from '../sync/lacks.ts'
import type { StreamFrame } from '../sync/session.ts'
import type { StreamParts } from '../sync/stream.ts'
import type { ConversationHost } from './host.ts'

const missingMs = 2_000
const gapMs = 500

export interface Conversation {
  id: PairId
  /** Fingerprint of the other person. */
  with: string
  stream: PairStream
  /** When it began here. */
  atMs: number
  /** Up to where each other device has said that it has it, in the relay's present life. */
  have: Map<DeviceId, { inc: Incarnation; seq: number; lacks: readonly Lack[] }>
  /** In this epoch somebody was found to have seen something else; it is told once. */
  splitIn?: number
  /** When this device's own path last began to count; 0: never. */
  pathMs: number
  /** Something came of which this device has not said yet that it has it. */
  receiptOwed: boolean
  /** Something was said in it since, as far as this device knows from this start on. */
  isUsed: boolean
  /** This device cannot follow it any more, or the relay has it no longer: another one has to take its place. */
  lost: boolean
}

/** Whether `device` has said that it has what stands at `at`. */
export function hasTaken({ have }: Conversation, device: DeviceId, at: Cursor): boolean {
  const one = have.get(device)
  return one?.inc === at.inc && one.seq >= at.seq && !isLacked(one.lacks, at.seq)
}

/** What happens in a conversation beside its stream. */
export interface ConversationWatcher {
  /** @param takenMs - when the relay took it, by its clock */
  onContent(sender: GroupMember, content: Uint8Array, takenMs: number): Promise<StorageChange[]>
  /** The relay has taken what this device said. */
  onOwn(id: MessageId): Promise<StorageChange[]>
  /** A commit of this device counts. */
  onOwnCommit(note: string): StorageChange[]
  /** A commit took this device out. */
  onTakenOut(): void
  onLost(): void
  onStored(): void
}

/**
 * Whether nothing may be sealed in `group` now: a device is in it that is not in the room, as far as this one knows. It is
 * taken out first, so that it reads nothing from then on.
 */
export function hasStranger(host: ConversationHost, group: Group): boolean {
  const members = host.members()
  return !members || !group.members.every(({ device }) => members.some((member) => member.device === device))
}

export function conversationParts(
  host: ConversationHost,
  id: PairId,
  current: () => Conversation | undefined,
  watcher: ConversationWatcher,
): StreamParts<Group, PairApplication, CommitChange> {
  const { identity, transport, storage, clock, queue, bundles, timers } = host
  const { room } = identity
  const again = () => void host.run(() => current()?.stream.retryBlocked())
  return {
    prefix: host.key('conversation', id),
    storage,
    clock,
    queue,
    ops: pairOps(bundles.source),
    wire: {
      send: (_kind, messageId, epoch, n, frame, until) =>
        transport.request('encrypted_message', {
          ...{ room, pair: id, id: messageId, epoch, n, ct: toBase64Url(frame) },
          ...(until === 'confirmed' && host.wakesSomebody() ? { wakes: true } : {}),
        }),
    },
    host: {
      onContent: ({ atMs }, { sender, content }) => watcher.onContent(sender, content, atMs),
      onCommit: (_frame, change, _group, own) => {
        if (change?.selfRemoved) watcher.onTakenOut()
        return own ? watcher.onOwnCommit(own.note) : []
      },
      onOwn: ({ id }) => watcher.onOwn(id as MessageId),
      // One that was opened before is a retry that arrived twice.
      onRefused: (_frame, reason) =>
        reason === 'replayed' || reason === 'withdrawn' ? [] : host.onUnreadable(undefined, reason),
      onStored: () => watcher.onStored(),
      onInvalidCommit: (frame, reason) => void host.run(() => refuse(host, id, frame, reason)),
      onAdopted: ({ seq }) => void transport.request('commit_ack', { room, pair: id, seq }),
      onMissing(what) {
        if (what.type !== 'bundles') return
        timers.set(`missing ${id}`, missingMs, again)
        host.beside(host.fetchBundles(what.credentials).then(again))
      },
      onFallenOut: () => watcher.onLost(),
      onUnproven: () => watcher.onLost(),
      onFailed: (error) => host.beside(Promise.reject(error)),
      onGap: () => timers.setOnce('gap-conversations', gapMs, () => host.resume()),
      hasStranger: (group) => hasStranger(host, group),
      // Receipts are no words of anybody.
      holds: ({ until }) => until === 'confirmed' && host.wantsQuantumKeys(),
    },
  }
}

/** Tells the relay, signed, that a commit is not valid here. */
async function refuse(host: ConversationHost, pair: PairId, frame: StreamFrame, reason: string): Promise<void> {
  const { identity, transport } = host
  const hash = sha256(frame.ct)
  const refusal = { room: identity.room, pair, epoch: frame.epoch, seq: frame.seq, hash, reason }
  const signature = toBase64Url(await signCommitNack(identity, refusal))
  void transport.request('commit_nack', { ...refusal, hash: toBase64Url(hash), signature })
}
