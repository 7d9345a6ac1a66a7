/** What a screen draws: one immutable picture of the room as this device knows it. Holds no key and no sealed byte. */
import type { DeviceId, RefusalCode, RoomAddress, RoomKind, RoomLogLine } from '@qsec/protocol'
import type { RunPlace, TransportState } from './ports.ts'

/** How an epoch's keys may be called (protocol.md §6). */
export type EpochLabel = 'post-quantum' | 'quantum (simulated)' | 'quantum (hardware)'

/** Where this device stands on its way into the room. Messages can be written in `member` alone. */
export type Phase =
  | { at: 'connecting' }
  /** Asked to be let in; `anyoneHere` says whether a member is connected who could do it. */
  | { at: 'waiting'; anyoneHere: boolean }
  | { at: 'member' }
  /** Was a member, lost the thread (missed commit, old state) and asks a member to be added again. */
  | { at: 'rejoining'; anyoneHere: boolean }
  | { at: 'left' }
  | { at: 'removed' }
  /** The end: the relay or the room's own rules refuse this device. */
  | { at: 'refused'; code: RefusalCode | 'needs-link' | 'bad-welcome' | 'storage'; message: string }

export interface PersonView {
  device: DeviceId
  /** Empty while the person's signed name has not arrived. */
  name: string
  /** First characters of the fingerprint, to tell equal names apart. */
  shortId: string
  /** A hue from 0 to 359, from the fingerprint. */
  hue: number
  self: boolean
  /** Connected, as the relay says. */
  present: boolean
}

export type MessageState = 'sending' | 'sent' | 'delivered' | 'not-sent' | 'received'

export interface MessageView {
  kind: 'message'
  /** Stable and unique in this room. */
  key: string
  author: PersonView
  text: string
  /** By the author's clock, milliseconds since 1970. */
  atMs: number
  state: MessageState
  /** Own messages: how many devices said that they have it, of how many it was meant for. */
  deliveredTo: number
  meantFor: number
  /** With `not-sent`: why, as the relay's refusal code, or `lost`. */
  problem?: string
}

/** What happened in the room. Screens meet it with people in it; storage keeps fingerprints (`P`) in their place. */
export type SystemEvent<P = PersonView> =
  | { type: 'created'; by: P }
  /** This device came in here: what was said before cannot be read. */
  | { type: 'you-joined'; earlierUnreadable: boolean }
  | { type: 'joined'; people: P[]; by: P }
  | { type: 'left'; person: P }
  | { type: 'removed'; people: P[]; by: P }
  | { type: 'rejoined'; people: P[] }
  | { type: 'keys-refreshed'; label: EpochLabel; by: P }
  | { type: 'eavesdropper-switched'; on: boolean; by: P }
  | { type: 'eavesdropper-detected'; link: P[]; qber: number }
  /** Frames from `fromSeq` to `toSeq` are lost for this device. */
  | { type: 'gap'; fromSeq: number; toSeq: number }
  /** A frame could not be opened; `reason` is a code. */
  | { type: 'unreadable'; from?: P; reason: string }
  /** The relay shows different people different histories. */
  | { type: 'split-view'; with: P }
  | { type: 'relay-restarted' }

export interface SystemView {
  kind: 'system'
  key: string
  atMs: number
  event: SystemEvent
}
export type TimelineItem = MessageView | SystemView

export type LinkState = 'none' | 'waiting' | 'running' | 'completed' | 'aborted'

/** One QKD link between two members, simulated in this version. */
export interface LinkView {
  /** The two ends; `self` marks this device where it is one of them. */
  ends: [PersonView, PersonView]
  state: LinkState
  /** With `running`: the stage by its name in the papers, and 0 to 1. */
  stage?: string
  progress?: number
  /** Measured error ratio of the last run, 0 to 0.5, with its 95 % interval. */
  qber?: number
  qberInterval?: [number, number]
  /** Why the last run gave no key, as a code: `qber-above-threshold` means an eavesdropper. */
  reason?: string
  /** Bits by stage of the last run, in order: sent, detected, sifted, … */
  stages: { name: string; bits: number }[]
  /** Own links: where this device computed its end of the last run. */
  place?: RunPlace
  /** Bits of key that both ends still hold for one-time pads. */
  keyBits: number
}

export interface QuantumView {
  label: EpochLabel
  /** Links over which the present group secret went under a one-time pad, of all that a full star has. */
  linksCovered: number
  linksInAll: number
  links: LinkView[]
  /** Error ratio above which no key is made. */
  threshold: number
  eavesdropper: { on: boolean; by?: PersonView }
  /** A refresh is under way somewhere in the room, as far as this device knows. */
  running: boolean
  /** How the last run that this device knows of ended. */
  outcome?: 'completed' | 'eavesdropper' | 'failed'
}

export interface RoomSnapshot {
  address: RoomAddress
  kind: RoomKind
  phase: Phase
  connection: TransportState
  self: PersonView
  /** The members of the MLS tree, this device first. */
  people: PersonView[]
  /** Devices that ask to be let in. */
  waiting: number
  expected?: number
  epoch: number
  timeline: readonly TimelineItem[]
  quantum: QuantumView
  /** The newest lines of the relay's log of this room, in order. */
  roomLog: readonly RoomLogLine[]
  /** Path and fragment to give to others, such as `/room/<id>#v1.<secret>`; undefined while there is no live invite. */
  invitePath?: string
}

/** A room as an application holds it. Every method is safe to call in every phase. */
export interface RoomClient {
  readonly snapshot: RoomSnapshot
  /** Calls `listener` after each change; the returned function ends that. */
  subscribe(listener: () => void): () => void
  /**
   * Puts the text into the outbox. Resolves once it is safely stored, long before it is delivered. Rejects where the text
   * is longer than `textBytesAtMost` in UTF-8, or this device is not in the room yet.
   */
  send(text: string): Promise<void>
  /** For a message that reads `not-sent`. */
  retry(key: string): Promise<void>
  discard(key: string): Promise<void>
  /** Everyone sees who switched it; it applies to the next run. */
  switchEavesdropper(on: boolean): Promise<void>
  /** Starts BB84 with every member present, now. Does nothing while this device is not in the room. */
  runKeyExchange(): void
  /** Leaves the room for good and erases this device's keys and messages of it. */
  leave(): Promise<void>
  /** Stops without leaving: the device can come back. */
  close(): Promise<void>
}
