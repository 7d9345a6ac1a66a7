/** What conversations need of the room around them. */
import type { DeviceId, MessageId, PairId } from '@qsec/protocol'
import type { DeviceIdentity, GroupMember } from '../crypto/index.ts'
import type { MessageRef } from '../messages/content.ts'
import type { Clock, SecureRandom, Storage, StorageChange, Transport } from '../ports.ts'
import type { Bundles } from '../room/bundles.ts'
import type { Timers } from '../room/timers.ts'
import type { Serial } from '../sync/serial.ts'
import type { ConversationContent } from './content.ts'

export interface Heard {
  id: MessageId
  from: GroupMember
  /** Fingerprint of the other person of the conversation, who may also be the one who said it. */
  with: string
  content: Exclude<ConversationContent, { type: 'receipt' }>
  /** When the relay took it, by its clock. */
  takenMs: number
}

export interface ConversationHost {
  readonly identity: DeviceIdentity
  readonly storage: Storage
  readonly transport: Transport
  readonly clock: Clock
  readonly random: SecureRandom
  readonly queue: Serial
  readonly timers: Timers
  readonly bundles: Bundles
  /** Whose secrets Welcomes are opened with. */
  readonly keyPackages: {
    all(): ReturnType<Storage['list']>
    hasServed(pair: PairId): Promise<boolean>
    used(key: string, pair: PairId): Promise<void>
    publish(): Promise<void>
  }
  /** Storage key of something of this device. */
  key(...path: string[]): string
  /** Who is in the room, this device included, without those who leave; undefined while this device is no member. */
  members(): readonly GroupMember[] | undefined
  /** By the group as this device knows it, also before the relay has let it in: frames can come sooner than its answer. */
  isInRoom(person: string): boolean
  /** `members` is what the relay has too: nobody came or went that this device has not heard of. */
  isInStep(): boolean
  /** Seen leaving or being removed. Who is neither gone nor a member may be one in an epoch to come. */
  isGone(device: DeviceId): boolean
  present(): ReadonlySet<DeviceId>
  /** The room's rule is that nothing is said without quantum keys. A conversation has none. */
  wantsQuantumKeys(): boolean
  connected(): boolean
  /** Somebody wants to be called while away: the relay is told of a frame whether a person says something in it. */
  wakesSomebody(): boolean
  /** Somebody of the two has said something, once for all its tries; what to store for it. */
  onHeard(heard: Heard): Promise<StorageChange[]>
  /** The relay has taken something that this device said; what to store for it. */
  onSent(id: MessageId): Promise<StorageChange[]>
  /** A device of the other person has these; what to store for it. */
  onDelivered(ids: readonly MessageId[]): Promise<StorageChange[]>
  /**
   * These of this device's own will not reach anybody any more, or were refused; what to store for it.
   *
   * @param changed - messages of which a change is among them
   */
  onUndelivered(ids: readonly MessageId[], changed: readonly MessageRef[]): Promise<StorageChange[]>
  /** A frame that says nothing here: why, as a code; what to store for it. */
  onUnreadable(from: DeviceId | undefined, reason: string): StorageChange[]
  /** What another device saw differs from what this one did; what to store for it. */
  onSplitView(by: DeviceId): StorageChange[]
  /** Asks the relay for what the streams miss, those of conversations included. */
  resume(): void
  /** Stores changes and shows them. */
  store(changes: StorageChange[]): Promise<void>
  /** Runs a job in the device's queue, unless it has stopped meanwhile. */
  run(job: () => Promise<void> | void): Promise<void>
  /** Lets work beside the queue go on by itself: its failure ends the room, visibly. */
  beside(work: Promise<unknown>): void
  fetchBundles(credentials: readonly Uint8Array[]): Promise<void>
}
