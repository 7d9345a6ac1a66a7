/** What the quantum side needs of the room around it. */
import type { DeviceId } from '@qsec/protocol'
import type { RoomContent } from '../content.ts'
import type { CommitIntent, DeviceIdentity, Group } from '../crypto/index.ts'
import type { Clock, QuantumEngine, SecureRandom, Storage, StorageChange, Transport } from '../ports.ts'
import type { Bundles } from '../room/bundles.ts'
import type { CommitNote } from '../room/commit-note.ts'
import type { Timers } from '../room/timers.ts'
import type { Serial } from '../sync/serial.ts'
import type { PairContent } from './pair-content.ts'

export interface QuantumHost {
  readonly identity: DeviceIdentity
  readonly storage: Storage
  readonly transport: Transport
  readonly clock: Clock
  readonly random: SecureRandom
  /** Computes the runs. */
  readonly engine: QuantumEngine
  readonly queue: Serial
  readonly timers: Timers
  readonly bundles: Bundles
  /** Storage key of something of this device. */
  key(...path: string[]): string
  /** The room's group while this device is a member and connected; undefined otherwise. */
  group(): Group | undefined
  /** Members that are connected, this device included, without those who leave. */
  presentMembers(): DeviceId[]
  /** All members without those who leave, this device included. */
  members(): DeviceId[]
  /** Seen leaving or being removed. Who is neither gone nor a member may be one in an epoch to come. */
  isGone(device: DeviceId): boolean
  /** 0: this device acts first. */
  rank(): number
  /** The room requires a quantum key, has none, and everybody whom it takes is there. */
  lacksKey(): boolean
  say(content: RoomContent): Promise<void>
  propose(intent: CommitIntent, note: Partial<CommitNote>): Promise<boolean>
  /** Whether the room wants an eavesdropper on simulated links. */
  eavesdropper(): boolean
  /** Asks the relay for what the streams miss, the pairs' included. */
  resume(): void
  /** A commit of this device is on its way in the room. */
  committing(): boolean
  /** Something that a frame of the room waited for is here. */
  retryBlocked(): void
  /** What a peer said in a frame for people; undefined: something that this version does not know. What to store for it. */
  onSaid(peer: DeviceId, content: PairContent | undefined): StorageChange[]
  /** Stores changes and shows them. */
  store(changes: StorageChange[]): Promise<void>
  /** Runs a job in the device's queue. */
  run(job: () => Promise<void> | void): void
  /** Lets work beside the queue go on by itself: its failure ends the room, visibly. */
  beside(work: Promise<unknown>): void
  fetchBundles(credentials: readonly Uint8Array[]): Promise<void>
}
