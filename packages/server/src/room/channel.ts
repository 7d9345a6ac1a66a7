/** A stream with what surrounds it at the relay: who listens, what was promised on disk, and Welcomes that wait. */
import { randomBytes } from 'node:crypto'
import {
  type Base64Url,
  type DeviceId,
  type Incarnation,
  type PairId,
  type RoomAddress,
  toBase64Url,
  type WelcomeEvent,
} from '@qsec/protocol'
import { type Change, putStream } from '../store/changes.ts'
import type { Kept } from '../stream/kept.ts'
import { type CommitMark, type Continued, Stream } from '../stream/stream.ts'
import type { Connection } from './connection.ts'
import type { Core } from './core.ts'
import type { Identity } from './identity.ts'

/** A new mark is written for every so many sequence numbers; a restart skips to its end. */
const markEvery = 1_024

/** What goes with a pending commit of the room's stream or of a pair's: undone when it is withdrawn. */
export interface PendingExtras {
  welcomes: Map<DeviceId, Base64Url>
  /** The KeyPackages that the Welcomes answer: a device may have asked with another one since. */
  answers: Map<DeviceId, string>
  /** Of the devices that it adds, as its maker gives them. */
  bundles: readonly Base64Url[]
  removed: Identity[]
  /** Connections of the removed devices. */
  unseated: Connection[]
  joinKeysBefore: readonly string[] | undefined
  /** The capacity before, where the commit changes it. */
  expectedBefore: { persons: number | undefined } | undefined
  /** Whose the room was before, where the commit hands it over. */
  leaderBefore: DeviceId | undefined
  /** Who was in the conversation before the commit. */
  devicesBefore: readonly DeviceId[] | undefined
  /** SHA-256 of the commit's bytes, as base64url. */
  hash: Base64Url
  timer: NodeJS.Timeout
}

export class Channel {
  readonly room: RoomAddress
  readonly pair: PairId | undefined
  /** Those whose stream it is, where it is not the room's: the two ends of a pair, or the devices in a conversation. */
  devices: readonly DeviceId[] | undefined
  /** Of a conversation: the two persons, as their bundles name them, the smaller one first. */
  readonly persons: readonly [string, string] | undefined
  readonly stream: Stream
  /** Welcomes that stand and that their device has not acknowledged. */
  readonly held: Map<DeviceId, WelcomeEvent> = new Map()
  /** Since when those are on disk, where the room keeps its sealed frames. */
  readonly heldSinceMs: Map<DeviceId, number> = new Map()
  extras: PendingExtras | undefined
  /** What the disk holds of the stream, where the room keeps its sealed frames. */
  kept: Kept | undefined
  #mark: number

  constructor(
    core: Core,
    place: {
      room: RoomAddress
      pair?: PairId | undefined
      devices?: readonly DeviceId[] | undefined
      persons?: readonly [string, string] | undefined
      epoch: number
      /** From the database, where the stream had a life before this one. */
      seqMark?: number
      begunBy?: CommitMark | undefined
      /** Where its frames are on disk: where it goes on. */
      continued?: Continued | undefined
    },
  ) {
    this.room = place.room
    this.pair = place.pair
    this.devices = place.devices
    this.persons = place.persons
    this.#mark = place.seqMark ?? 0
    this.stream = new Stream(
      {
        inc: toBase64Url(randomBytes(16)) as string as Incarnation,
        epoch: place.epoch,
        lastSeq: place.seqMark === undefined ? 0 : place.seqMark + markEvery,
        restarted: place.seqMark !== undefined,
        begunBy: place.begunBy,
        continued: place.continued,
      },
      core.limits,
      core.budget,
    )
  }

  /** Whether the next sequence number may only be handed out once a new mark is on disk. */
  get needsMark(): boolean {
    return this.needsMarkFor(1)
  }

  /** Whether that holds for one of the next `frames`. */
  needsMarkFor(frames: number): boolean {
    return this.stream.position.seq + frames > this.#mark + markEvery
  }

  /**
   * Writes where the stream stands, with `epoch` as its epoch from now on, which the commit of `begunBy` began: a relay
   * that dies before anybody has that commit still knows it when its committer asks. Call `marked` once it is on disk.
   */
  placeOnDisk(
    epoch: number,
    begunBy: CommitMark | undefined,
    devices: readonly DeviceId[] | undefined = this.devices,
  ): { change: Change; marked: () => void } {
    const seqMark = this.stream.position.seq
    const { room, pair } = this
    const isConversation = this.persons !== undefined
    return {
      change: putStream({ room, pair, devices, isConversation, epoch, seqMark, begunBy }),
      marked: () => {
        this.#mark = seqMark
      },
    }
  }

  /** The other end of a pair's stream. */
  peerOf(device: DeviceId): DeviceId | undefined {
    return this.persons ? undefined : this.devices?.find((end) => end !== device)
  }

  end(): void {
    if (this.extras) clearTimeout(this.extras.timer)
    this.extras = undefined
    this.held.clear()
    this.heldSinceMs.clear()
    this.kept?.end()
    this.stream.end()
  }
}
